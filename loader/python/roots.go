package python

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// rootKind says how sure it is that a folder is on Python's path, and where.
type rootKind uint8

const (
	rootGiven     rootKind = iota // by the user: before the standard library, as PYTHONPATH is
	rootInstalled                 // a manifest says that packages are installed from here
	rootProject                   // the folder of a manifest, from which nothing else is installed
	rootHolder                    // holds a top-level package
)

// root is a folder of which the contents are top-level modules.
type root struct {
	dir  string
	kind rootKind
	why  string
}

// layout is what the tree and the manifests say of where modules lie. Nothing of
// it changes once its resolver is made.
type layout struct {
	tree     *loader.Tree
	projects map[string]*project // by folder
	roots    map[string]*root    // by folder
	given    []string            // folders of the roots that the user gave, in the user's order
	mapped   map[string]string   // dotted name of a package to a folder of another name
	names    map[string]string   // the inverse

	// providers are, by top-level name, the roots that hold a module or package
	// of that name for the whole workspace, in the order of the search.
	providers map[string][]string
	shared    []*root         // those roots, in that order
	venvs     []string        // folders of virtual environments, sorted
	extends   map[string]bool // files of packages that look for portions elsewhere

	// extensions are the names of the compiled files, by extensionKey.
	extensions map[string]string

	// stubPackages are the folders "name-stubs", which have the stubs of a
	// package of that name, whether it is in the workspace or not.
	stubPackages map[string][]string

	// records are, by folder, the names of the distributions that are installed
	// into it.
	records map[string][]string
}

// newLayout reads the manifests and finds the roots.
func newLayout(ws *loader.Workspace, m *manifests) *layout {
	l := &layout{
		tree: ws.Tree, projects: map[string]*project{}, roots: map[string]*root{}, mapped: map[string]string{}, names: map[string]string{},
		providers: map[string][]string{}, extends: map[string]bool{}, stubPackages: map[string][]string{},
		extensions: map[string]string{}, records: map[string][]string{},
	}
	for _, f := range ws.Tree.Folders() {
		extensionsOf(f, l.extensions)
		if _, ok := slices.BinarySearch(f.Files, "pyvenv.cfg"); ok {
			l.venvs = append(l.venvs, f.Path)
		}
		if _, name := loader.Split(f.Path); strings.HasSuffix(name, stubsSuffix) {
			of := strings.TrimSuffix(name, stubsSuffix)
			l.stubPackages[of] = append(l.stubPackages[of], f.Path)
		}
		for _, d := range f.Dirs {
			if strings.HasSuffix(d, distInfo) {
				name, _, _ := strings.Cut(d, "-")
				l.records[f.Path] = append(l.records[f.Path], name)
			}
		}
	}
	for _, dir := range ws.Options.PythonRoots {
		clean, ok := within(".", dir)
		if !ok || !ws.Tree.Dir(clean) {
			m.diagnostics = append(m.diagnostics, module.Diagnostic{
				Severity: module.Error, Code: "root", Span: module.Span{File: dir},
				Message: "the Python root " + dir + " is no folder of the workspace",
			})
			continue
		}
		if l.add(root{clean, rootGiven, "given as a root"}) {
			l.given = append(l.given, clean)
		}
	}
	var projects []*project // sorted by folder
	for _, f := range ws.Tree.Folders() {
		if l.inVenv(f.Path) != "" {
			continue
		}
		if p := m.project(f, l.isPackage(f.Path)); p != nil {
			projects = append(projects, p)
			l.projects[p.dir] = p
		}
	}
	l.declare(projects)
	l.mapWorkspace(ws)
	l.findHolders(ws.Files)
	l.findProviders()
	return l
}

// add adds a root unless its folder is one already, and reports whether it did.
func (l *layout) add(r root) bool {
	if l.roots[r.dir] != nil {
		return false
	}
	l.roots[r.dir] = &r
	return true
}

// declare adds the roots of the projects.
func (l *layout) declare(projects []*project) {
	for _, p := range projects {
		for _, r := range p.roots {
			if r.dir != p.dir && l.tree.Dir(r.dir) {
				l.add(root{r.dir, rootInstalled, "declared by " + r.setting})
			}
		}
		for _, name := range slices.Sorted(maps.Keys(p.mapped)) {
			dir := p.mapped[name]
			if _, ok := l.mapped[name]; !ok && l.tree.Dir(dir) {
				l.mapped[name], l.names[dir] = dir, name
			}
		}
		src := loader.Join(p.dir, "src")
		if len(p.roots) == 0 && l.holdsModules(src) && !l.isPackage(src) {
			l.add(root{src, rootInstalled, "the src folder of the project in " + p.dir})
		}
		l.add(root{p.dir, rootProject, "the folder of a project"})
	}
}

// mapWorkspace makes the workspace's folder known by its own name where it is
// itself a package.
func (l *layout) mapWorkspace(ws *loader.Workspace) {
	if !l.isPackage(".") {
		return
	}
	name := path.Base(strings.ReplaceAll(ws.Root, `\`, "/"))
	if _, ok := l.mapped[name]; !ok && name != "" && name != "/" && name != "." {
		l.mapped[name], l.names["."] = ".", name
	}
}

// findHolders adds the folders above the topmost regular package of each file.
func (l *layout) findHolders(files []loader.File) {
	seen := map[string]bool{}
	for _, f := range files {
		dir, _ := loader.Split(f.Path)
		if seen[dir] || l.inVenv(dir) != "" {
			continue
		}
		seen[dir] = true
		top := l.above(dir)
		if top == dir || top == "" || l.installedAbove(top) != "" {
			continue
		}
		l.add(root{top, rootHolder, "holds top-level packages"})
	}
}

func prefixOf(dir string) string {
	if dir == "." {
		return ""
	}
	return dir + "/"
}

// isPackage reports whether a folder is a regular package.
func (l *layout) isPackage(dir string) bool {
	return l.tree.File(loader.Join(dir, "__init__.py")) || l.tree.File(loader.Join(dir, "__init__.pyi"))
}

// above returns the folder above the topmost regular package that dir is part
// of: dir itself where it is in none, "" where the workspace is a package. A
// folder inside a package that is no regular package itself is a namespace of
// it, if its name can be part of an import; a declared root ends the search.
func (l *layout) above(dir string) string {
	top := dir
	for d := dir; ; d, _ = loader.Split(d) {
		if l.outermost(d) {
			return top
		}
		if l.isPackage(d) {
			if d == "." {
				return ""
			}
			top, _ = loader.Split(d)
		} else if r := l.roots[d]; d == "." || r != nil && r.kind <= rootProject || !identifier(d) {
			return top
		}
	}
}

// outermost reports whether a folder is a root that was given or declared, and
// lies in no other: then it is the top even if a stray __init__.py makes it look
// like a package.
func (l *layout) outermost(dir string) bool {
	if r := l.roots[dir]; r == nil || r.kind > rootInstalled {
		return false
	}
	if dir == "." {
		return true
	}
	above, _ := loader.Split(dir)
	return l.installedAbove(above) == ""
}

// nearest returns the nearest folder at or above dir that is no regular package,
// "" where there is none.
func (l *layout) nearest(dir string) string {
	for l.isPackage(dir) {
		if dir == "." {
			return ""
		}
		dir, _ = loader.Split(dir)
	}
	return dir
}

// installedAbove returns the nearest folder at or above dir from which packages
// are installed, or "".
func (l *layout) installedAbove(dir string) string {
	for {
		if r := l.roots[dir]; r != nil && r.kind <= rootInstalled {
			return dir
		}
		if dir == "." {
			return ""
		}
		dir, _ = loader.Split(dir)
	}
}

// holdsModules reports whether a folder has Python files, or folders that have.
func (l *layout) holdsModules(dir string) bool {
	f := l.tree.Folder(dir)
	if f == nil {
		return false
	}
	for _, name := range f.Files {
		if isPython(name) {
			return true
		}
	}
	for _, name := range f.Dirs {
		if l.holdsModules(loader.Join(dir, name)) {
			return true
		}
	}
	return false
}

func isPython(name string) bool {
	return strings.HasSuffix(name, ".py") || strings.HasSuffix(name, ".pyi")
}

// findProviders indexes the top-level names of the roots that serve the whole
// workspace.
func (l *layout) findProviders() {
	for _, r := range l.roots {
		if r.kind == rootGiven || !forTests(r.dir) {
			l.shared = append(l.shared, r)
		}
	}
	slices.SortFunc(l.shared, func(a, b *root) int { return cmp.Or(cmp.Compare(a.kind, b.kind), strings.Compare(a.dir, b.dir)) })
	for _, r := range l.shared {
		f := l.tree.Folder(r.dir)
		if f == nil {
			continue
		}
		provide := func(name string) {
			if have := l.providers[name]; len(have) == 0 || have[len(have)-1] != r.dir {
				l.providers[name] = append(have, r.dir)
			}
		}
		for _, name := range f.Files {
			// The scripts of a project are no modules for all.
			if module, ok := importable(name); ok && r.kind <= rootInstalled {
				provide(module)
			} else if ok && r.kind == rootProject && !isScript(module) {
				provide(module)
			}
		}
		for _, name := range f.Dirs {
			dir := loader.Join(r.dir, name)
			if l.isPackage(dir) || r.kind <= rootInstalled {
				provide(name)
			}
		}
	}
}

const stubsSuffix = "-stubs"

// isScript reports whether a file of a project's folder is none of its modules.
func isScript(name string) bool {
	return name == "setup" || name == "conftest" || name == "noxfile" || name == "manage"
}

// forTests reports whether packages below a folder serve only the files there:
// tests and examples often have packages called like what they are about.
func forTests(dir string) bool {
	for name := range strings.SplitSeq(dir, "/") {
		switch name {
		case "test", "tests", "testing", "testdata", "fixtures", "examples", "example", "docs", "doc", "benchmarks", "samples":
			return true
		}
	}
	return false
}

// inVenv returns the virtual environment that a folder is in, or "".
func (l *layout) inVenv(dir string) string {
	if len(l.venvs) == 0 {
		return ""
	}
	for i := 1; i <= len(dir); i++ {
		if i < len(dir) && dir[i] != '/' {
			continue
		}
		if _, ok := slices.BinarySearch(l.venvs, dir[:i]); ok && dir[:i] != "." {
			return dir[:i]
		}
	}
	return ""
}

// home returns the root under which the modules of a folder have their name:
// the nearest declared one, else the folder above their topmost package.
func (l *layout) home(dir string) string {
	top := l.above(dir)
	if top == "" {
		return ""
	}
	home := top
	for r := top; ; r, _ = loader.Split(r) {
		if have := l.roots[r]; have != nil && have.kind <= rootProject {
			home = r
			break
		}
		if r == "." {
			break
		}
	}
	if home != top && !identifiers(strings.TrimPrefix(top, prefixOf(home))) {
		return top
	}
	return home
}

// identifiers reports whether each part of a path may be a part of a dotted name.
func identifiers(rel string) bool {
	for part := range strings.SplitSeq(rel, "/") {
		if !identifier(part) {
			return false
		}
	}
	return true
}

// identifier reports whether the name of a folder may be a part of a dotted name.
func identifier(dir string) bool {
	_, name := loader.Split(dir)
	if name == "" || '0' <= name[0] && name[0] <= '9' {
		return false
	}
	return strings.IndexFunc(name, func(r rune) bool { return r < 0x80 && !wordByte[r] }) < 0
}

// folderName returns the dotted name of a folder as a package, "" for one that
// holds top-level modules.
func (l *layout) folderName(dir string) string {
	var parts []string
	for home := l.home(dir); dir != home; {
		if name, ok := l.names[dir]; ok {
			parts = append(parts, name)
			break
		}
		if dir == "." {
			break
		}
		var name string
		dir, name = loader.Split(dir)
		parts = append(parts, strings.TrimSuffix(name, stubsSuffix))
	}
	slices.Reverse(parts)
	return strings.Join(parts, ".")
}

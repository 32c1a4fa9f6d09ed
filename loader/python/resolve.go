package python

import (
	"slices"
	"strings"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// Resolve follows Python's own order: given roots, the folder of a script, the
// standard library, then the other roots.
func (r *resolver) Resolve(from *module.Module, imp *module.Import, res *loader.Resolution) {
	q := query{
		resolver: r, from: from, imp: imp, res: res,
		finder: finder{layout: r.layout, r: res, stubs: imp.Kind == module.Type},
	}
	if strings.HasPrefix(imp.Specifier, ".") {
		q.relative()
	} else {
		q.absolute()
	}
}

// query is the resolution of one import.
type query struct {
	*resolver
	from   *module.Module
	imp    *module.Import
	res    *loader.Resolution
	finder finder
	inits  []string // the parent packages' files that were passed
}

func (q *query) absolute() {
	top, rest, _ := strings.Cut(q.imp.Specifier, ".")
	dir, _ := loader.Split(string(q.from.ID))
	path := q.paths[dir]
	if len(q.layout.given) > 0 {
		if p, ok := q.finder.in(q.layout.given, top, ""); ok && (p.file != "" || !standardModules[top]) {
			if q.follow(p, top, rest, "given root") {
				return
			}
		}
	}
	if standardModules[top] && top != "test" || unshadowed[top] {
		if p, ok := q.shadow(path, top); ok {
			q.follow(p, top, rest, "the script's folder comes before the standard library")
			return
		}
		q.standard(top)
		return
	}
	if p, ok := q.finder.in(q.candidates(path, top), top, top); ok {
		if q.follow(p, top, rest, "source root") {
			return
		}
	}
	if standardModules[top] {
		q.standard(top)
		return
	}
	q.external(top)
}

func (q *query) external(top string) {
	q.res.External(&module.Module{
		ID: module.ID("pypi:" + top), Name: top, Language: module.Python, Kind: module.KindExternal, Package: top,
	}, q.imp.Kind, "not in the workspace and not in the standard library")
}

func (q *query) standard(top string) {
	q.res.External(&module.Module{
		ID: module.ID("python:" + top), Name: top, Language: module.Python, Kind: module.KindStandard, Package: "python",
	}, q.imp.Kind, "standard library")
}

// shadow looks for a module that stands in for one of the standard library. A
// module that is no package never stands in for what it imports itself.
func (q *query) shadow(path *searchPath, top string) (place, bool) {
	dir := path.script
	if stubPath(string(q.from.ID)) {
		dir = path.stubs
	} else if unshadowed[top] {
		return place{}, false
	}
	if dir == "" {
		return place{}, false
	}
	p, ok := q.finder.one(dir, top)
	return p, ok && p.file != "" && (p.file != string(q.from.ID) || len(p.folders) > 0)
}

// candidates lists the folders in which a top-level name may lie.
func (q *query) candidates(path *searchPath, top string) []string {
	q.res.Consult(keyName, top)
	list := path.folders[:len(path.folders):len(path.folders)]
	if stubPath(string(q.from.ID)) && !slices.Contains(list, path.stubs) {
		list = slices.Concat([]string{path.stubs}, list)
	}
	for _, dir := range q.layout.providers[top] {
		if !slices.Contains(path.folders, dir) {
			list = append(list, dir)
		}
	}
	return list
}

// relative resolves a name with leading dots, from the importer's folder.
func (q *query) relative() {
	spec := q.imp.Specifier
	rest := strings.TrimLeft(spec, ".")
	level := len(spec) - len(rest)
	dir, _ := loader.Split(string(q.from.ID))
	base := dir
	for ; level > 1 && base != "." && !q.isTop(base); level-- {
		base, _ = loader.Split(base)
	}
	if level > 1 || q.isTop(base) {
		q.res.Fail("the import leads beyond the top-level package")
		return
	}
	p, ok := q.finder.regular(base)
	if !ok {
		p.folders = q.portions(base)
	}
	q.parents(base)
	if !q.follow(p, "", rest, "relative import") {
		q.res.Fail("no such module in the package " + base)
	}
}

// portions returns the folders of the namespace package that a folder is one of:
// in the order of the given roots, else with the folder itself first.
func (q *query) portions(base string) []string {
	home := q.layout.home(base)
	for above := base; above != home && above != "."; {
		above, _ = loader.Split(above)
		if above == home {
			break
		}
		if p, ok := q.finder.regular(above); ok && !q.layout.extends[p.file] {
			return []string{base} // nothing outside adds to a regular package
		}
	}
	rel := strings.TrimPrefix(base, prefixOf(home))
	top, _, _ := strings.Cut(rel, "/")
	q.res.Consult(keyName, top)
	var list []string
	add := func(root string) {
		other := loader.Join(root, rel)
		if root == home {
			list = append(list, other)
			return
		}
		q.res.Asked(other, "/", "__init__.py")
		q.res.Asked(other, "/", "__init__.pyi")
		if !slices.Contains(list, other) && !q.layout.isPackage(other) && q.res.Dir(other) {
			list = append(list, other)
		}
	}
	if !slices.Contains(q.layout.given, home) {
		add(home)
	}
	for _, root := range q.layout.given {
		add(root)
	}
	for _, root := range q.layout.providers[top] {
		if root != home {
			add(root)
		}
	}
	return list
}

// isTop reports whether a folder holds top-level modules, and so is no package
// that a relative import can start from.
func (q *query) isTop(dir string) bool {
	if q.layout.isPackage(dir) || q.layout.names[dir] != "" {
		return false
	}
	root := q.layout.roots[dir]
	return dir == "." || root != nil && root.kind <= rootProject
}

// parents notes the packages above a folder.
func (q *query) parents(dir string) {
	for home := q.layout.home(dir); dir != home && dir != "."; {
		dir, _ = loader.Split(dir)
		if dir == home || !q.layout.isPackage(dir) {
			continue
		}
		if p, ok := q.finder.regular(dir); ok {
			q.inits = append(q.inits, p.file)
		}
	}
}

// follow goes from a top-level place down a dotted name and concludes. It
// reports false where nothing of the workspace answers and something outside
// may: for namespaces, whose other portions may be anywhere.
func (q *query) follow(p place, dotted, rest, rule string) bool {
	closed := "" // the last regular package passed: nothing outside adds to it
	for rest != "" {
		var name string
		name, rest, _ = strings.Cut(rest, ".")
		if p.file != "" {
			q.inits = append(q.inits, p.file)
			closed = p.file
		}
		if dotted != "" {
			dotted += "."
			dotted += name
		}
		next, ok := place{}, false
		if len(p.folders) > 0 {
			next, ok = q.finder.in(p.folders, name, dotted)
		}
		if !ok {
			if p.file != "" && q.explains(p, name) && !q.asksItself(p) {
				q.inits = q.inits[:len(q.inits)-1]
				q.conclude(p, rule)
				q.implied()
				return true
			}
			if closed != "" {
				q.res.Fail("no module " + name + " below " + closed)
			}
			return closed != ""
		}
		p = next
	}
	if q.names(p, dotted, rule) {
		return true
	}
	if closed != "" {
		q.res.Fail("no such module below " + closed)
	}
	return closed != ""
}

// explains reports whether a package or module may have an attribute that
// stands for a module although no file does.
func (q *query) explains(p place, name string) bool {
	file := q.layout.tree.Real(p.file)
	q.res.Consult(keyFacts, file)
	f := q.factsOf(file)
	if f == nil {
		return true // compiled: unknown
	}
	if f.Open || len(p.folders) == 0 {
		return f.Open
	}
	for i := range f.Imports {
		if &f.Imports[i] == q.imp {
			continue // no import explains itself
		}
		for _, n := range f.Imports[i].Names {
			if n.Alias == name || n.Alias == "" && (n.Name == name || n.Name == "*") {
				return true
			}
		}
	}
	return false
}

// asksItself reports whether a place is the importer: what it binds by other imports
// is no module that it could import from itself.
func (q *query) asksItself(p place) bool {
	f := q.factsOf(q.layout.tree.Real(p.file)) // whose key explains consults
	return p.file == string(q.from.ID) && f != nil && !f.Open
}

// names concludes an import of a place and of names in it.
func (q *query) names(p place, dotted, rule string) bool {
	whole := len(q.imp.Names) == 0 // the place itself is meant
	missing := ""
	inside := false // a submodule is
	for _, n := range q.imp.Names {
		if n.Name == "*" {
			whole = true
			continue
		}
		sub, ok := place{}, false
		if len(p.folders) > 0 {
			name := dotted
			if name != "" {
				name += "." + n.Name
			}
			sub, ok = q.finder.in(p.folders, n.Name, name)
		}
		switch {
		case ok && sub.file != "":
			q.conclude(sub, rule)
			inside = true
		case ok && p.file == "":
			inside = true // a namespace in a namespace
		default:
			missing = n.Name
		}
	}
	if whole || missing != "" {
		switch {
		case p.file == "":
			if whole && q.layout.installed(p.folders) {
				q.res.Rule = "namespace package"
				return true
			}
			if !inside {
				return false
			}
			if top, _, _ := strings.Cut(q.imp.Specifier, "."); top != "" && len(q.inits) == 0 {
				q.external(top) // another portion of the namespace has it
			} else {
				q.res.Fail("no module " + missing + " in the namespace package")
			}
		case missing != "" && !whole && len(p.folders) > 0 && p.file == string(q.from.ID) && !q.explains(p, missing):
			// A package imports from itself what no file is: more often a module
			// that is still to be built than an attribute of its own.
			q.res.Fail("no module " + missing + " in the package whose __init__ imports it")
			if !inside {
				return true
			}
		default:
			q.conclude(p, rule)
		}
	}
	if p.file != "" {
		q.inits = append(q.inits, p.file)
	}
	q.implied()
	return true
}

// conclude adds a dependency on a place, and for type checkers one on the stub
// beside it.
func (q *query) conclude(p place, rule string) {
	file := q.layout.tree.Real(p.file)
	if q.targets(file) {
		return
	}
	q.res.To(module.ID(file), q.imp.Kind, rule)
	if q.finder.stubs {
		return
	}
	dir, name := loader.Split(file)
	stem, _, _ := strings.Cut(name, ".")
	q.res.Asked(dir, "/", stem, ".pyi")
	if q.resolver.stubs == 0 {
		return
	}
	if stub := loader.Join(dir, stem+".pyi"); q.isStub(stub) && stub != string(q.from.ID) && !q.targets(stub) {
		q.res.To(module.ID(stub), module.Type, "stub")
	}
}

func (q *query) targets(file string) bool {
	return slices.ContainsFunc(q.res.Targets, func(t loader.Target) bool { return t.ID == module.ID(file) })
}

// implied concludes the dependencies on the packages passed.
func (q *query) implied() {
	for _, file := range q.inits {
		file = q.layout.tree.Real(file)
		if file != string(q.from.ID) && !q.targets(file) {
			q.res.To(module.ID(file), module.Implicit, "parent package")
		}
	}
}

// installed reports whether one of the folders lies in a root that the user or
// a manifest names, so that a namespace package there is meant as one.
func (l *layout) installed(folders []string) bool {
	return slices.ContainsFunc(folders, func(dir string) bool {
		above, _ := loader.Split(dir)
		return l.installedAbove(above) != ""
	})
}

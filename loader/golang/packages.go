package golang

import (
	"context"
	"path"
	"slices"
	"strings"

	gomodule "golang.org/x/mod/module"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// testSuffix is what the ID of a package's tests has after the package's.
const testSuffix = ":test"

// pkg is a folder with Go files.
type pkg struct {
	dir        string
	mod        *goModule
	importPath string
	files      []loader.File // chosen
	tests      []loader.File
	skipped    []loader.Skipped
	excluded   string             // why some file that is no test is not chosen
	mixed      *module.Diagnostic // that its files are of several packages, or nil
}

// source reports whether the package exists for importers.
func (p *pkg) source() bool { return len(p.files) > 0 }

// id returns the ID of the package's module.
func (p *pkg) id() module.ID { return module.ID(p.dir) }

// testID returns the ID of the module of its tests.
func (p *pkg) testID() module.ID { return module.ID(p.dir + testSuffix) }

// resolver is the front-end's view of one load; see [loader.Resolver]. After
// index or Reindex it is only read.
type resolver struct {
	ws        *loader.Workspace
	manifests *manifests
	platforms platforms
	packages  map[string]*pkg // by folder
	edited    map[string]*pkg // those that are not as in packages, nil where there is none
	modules   []*module.Module
	skipped   []loader.Skipped
	required  map[string]bool // the required modules of all build lists
	// conclusions are those of the import paths of each module, where they were
	// concluded beforehand.
	conclusions map[*goModule]map[string]*conclusion

	diagnostics []module.Diagnostic

	// A resolver that Reindex made knows how it differs from the one before.
	version, before *version
	differences     []loader.Key
}

// version tells a resolver from others, without keeping it.
type version struct{ _ byte }

// packageIn returns the package of a folder, or nil.
func (r *resolver) packageIn(dir string) *pkg {
	if len(r.edited) > 0 {
		if p, ok := r.edited[dir]; ok {
			return p
		}
	}
	return r.packages[dir]
}

// owner returns the package that a module is, or whose tests it is.
func (r *resolver) owner(id module.ID) *pkg {
	return r.packageIn(strings.TrimSuffix(string(id), testSuffix))
}

// index groups the files of a workspace into modules and concludes what each
// import path means. O(files + distinct import paths).
func index(ctx context.Context, host platform, ws *loader.Workspace) (loader.Resolver, error) {
	manifests, err := readManifests(ctx, ws)
	if err != nil {
		return nil, err
	}
	manifests.buildLists()
	r := &resolver{
		ws: ws, manifests: manifests,
		packages:    map[string]*pkg{},
		required:    map[string]bool{},
		conclusions: map[*goModule]map[string]*conclusion{},
		version:     new(version),
	}
	platforms, err := parsePlatforms(ws.Options.GoPlatform, host)
	if err != nil {
		r.diagnostics = append(r.diagnostics, module.Diagnostic{
			Severity: module.Error, Code: "platform", Message: err.Error() + "; the host's is taken",
		})
		platforms.list = []platform{host}
	}
	r.platforms = platforms
	r.group()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r.makeModules()
	r.required = manifests.required()
	if err := r.concludeAll(ctx); err != nil {
		return nil, err
	}
	return r, nil
}

// group puts each file into the package of its folder.
func (r *resolver) group() {
	g := r.grouping()
	var p *pkg
	for i := range r.ws.Files {
		file := &r.ws.Files[i]
		dir, _ := loader.Split(file.Path)
		if p == nil || p.dir != dir {
			if p = r.packages[dir]; p == nil {
				p = r.newPackage(dir)
				r.packages[dir] = p
			}
			g.begin(p)
		}
		g.add(p, file)
	}
}

// grouping puts files into packages.
type grouping struct {
	*resolver
	selection *selection
	reason    string // why no file of the folder is chosen
}

func (r *resolver) grouping() *grouping {
	return &grouping{resolver: r, selection: newSelection(r.platforms)}
}

// begin goes to the files of another folder.
func (g *grouping) begin(p *pkg) { g.reason = g.passes(p) }

// add puts a file into its package, or among those that are skipped.
func (g *grouping) add(p *pkg, file *loader.File) {
	if g.reason != "" {
		p.skipped = append(p.skipped, loader.Skipped{Path: file.Path, Reason: g.reason})
		return
	}
	_, name := loader.Split(file.Path)
	test := strings.HasSuffix(name, "_test.go")
	excluded := g.selection.excluded(name, file.Facts, test, g.minor(p.mod))
	switch {
	case excluded != "":
		p.skipped = append(p.skipped, loader.Skipped{Path: file.Path, Reason: excluded})
		if !test && p.excluded == "" {
			p.excluded = name + ": " + excluded
		}
	case test:
		p.tests = append(p.tests, *file)
	default:
		p.files = append(p.files, *file)
	}
}

// minor returns the Go release whose tags are set in a module.
func (r *resolver) minor(mod *goModule) int {
	if mod.list == nil {
		return goMinor
	}
	return mod.list.minor
}

func (r *resolver) newPackage(dir string) *pkg {
	mod := r.governing(dir)
	return &pkg{dir: dir, mod: mod, importPath: r.manifests.importPath(mod, dir)}
}

// passes returns why the go command's patterns pass over a folder of Go files.
func (g *grouping) passes(p *pkg) string {
	r := g.resolver
	if elem := passedOver(p.dir); elem != "" {
		return "the go command passes over folders named " + elem
	}
	if strings.HasSuffix(p.dir, testSuffix) {
		return "a folder's name that ends in " + testSuffix + " cannot be told from the tests of a package"
	}
	rel := r.manifests.below(p.mod.dir, p.dir)
	if p.mod.ignores(rel) {
		return "an ignore directive of " + p.mod.file() + " names the folder"
	}
	if p.mod.path == "std" {
		switch {
		case rel == "builtin":
			return "package builtin documents the language and cannot be imported"
		case rel == "runtime/cgo" && !g.selection.cgo():
			return "the go command leaves runtime/cgo out where cgo is off"
		}
	}
	if vendored(rel) && p.mod.path != "std" && p.mod.path != "cmd" {
		return "vendored packages are external: the manifest's requirements stand for them"
	}
	return ""
}

// vendored reports whether a folder lies below one named vendor.
func vendored(rel string) bool {
	return strings.HasPrefix(rel, "vendor/") || strings.Contains(rel, "/vendor/")
}

// importPath returns the import path of a folder. The standard library's begin
// at its root. Without a go.mod it is what follows the last folder named src, as
// below a GOPATH, or else the folder's path.
func (m *manifests) importPath(mod *goModule, dir string) string {
	rel := m.below(mod.dir, dir)
	switch {
	case mod.path == "std" && rel != ".":
		return rel
	case mod.path != "":
		return path.Join(mod.path, rel)
	}
	if base, ok := m.sourceRoot(dir); ok {
		return m.below(base, dir)
	}
	return dir
}

// sourceRoot returns the nearest folder named src above a folder without a
// go.mod.
func (m *manifests) sourceRoot(dir string) (string, bool) {
	for d := dir; d != "."; {
		parent, name := loader.Split(d)
		if name == "src" && d != dir {
			return d, true
		}
		d = parent
	}
	// Above the root only what looks like GOPATH/src/host.name/path counts.
	for i := len(m.above) - 2; i >= 0; i-- {
		if m.above[i] == "src" && strings.Contains(m.above[i+1], ".") {
			return strings.TrimSuffix(strings.Repeat("../", len(m.above)-1-i), "/"), true
		}
	}
	return "", false
}

// makeModules lists a module for each package and one for its tests.
func (r *resolver) makeModules() {
	for _, p := range r.packages {
		r.modules = append(r.modules, p.modules(nil, nil)...)
		r.skipped = append(r.skipped, p.skipped...)
		r.checkNames(p)
		if p.mixed != nil {
			r.diagnostics = append(r.diagnostics, *p.mixed)
		}
	}
	slices.SortFunc(r.modules, func(a, b *module.Module) int { return a.ID.Compare(b.ID) })
	slices.SortFunc(r.skipped, func(a, b loader.Skipped) int { return strings.Compare(a.Path, b.Path) })
}

// modules returns the module of a package and that of its tests, each if there is
// one: that of old where it is made of the same, which module tells by ID.
func (p *pkg) modules(old *pkg, known func(module.ID) *module.Module) []*module.Module {
	var list []*module.Module
	add := func(id module.ID, name string, kind module.Kind, files, before []loader.File) {
		if len(files) == 0 {
			return
		}
		if old != nil && old.mod == p.mod && old.importPath == p.importPath && slices.Equal(files, before) {
			if m := known(id); m != nil {
				list = append(list, m)
				return
			}
		}
		list = append(list, p.module(id, name, kind, files))
	}
	var files, tests []loader.File
	if old != nil {
		files, tests = old.files, old.tests
	}
	add(p.id(), p.importPath, module.KindSource, p.files, files)
	add(p.testID(), p.importPath+".test", module.KindTest, p.tests, tests)
	return list
}

func (p *pkg) module(id module.ID, name string, kind module.Kind, files []loader.File) *module.Module {
	m := &module.Module{ID: id, Name: name, Language: module.Go, Kind: kind, Package: p.mod.path}
	if rel, ok := strings.CutPrefix(name, p.mod.vendorPrefix()); ok {
		m.Package = longestPrefix(rel, func(prefix string) bool {
			return slices.ContainsFunc(p.mod.requires, func(v gomodule.Version) bool { return v.Path == prefix })
		})
	}
	imports := 0
	for i := range files {
		imports += len(files[i].Facts.Imports)
	}
	m.Files = make([]string, len(files))
	m.Imports = make([]module.Import, 0, imports)
	for i := range files {
		m.Files[i] = files[i].Path
		m.Imports = append(m.Imports, files[i].Facts.Imports...)
	}
	return m
}

// vendorPrefix is what the import paths of a module's vendored packages begin
// with. Only the modules of the Go distribution have such packages.
func (m *goModule) vendorPrefix() string {
	if m.path == "cmd" {
		return "cmd/vendor/"
	}
	return "vendor/"
}

// checkNames reports a folder whose files are of more than one package. The
// platforms of "all" may well have different ones.
func (r *resolver) checkNames(p *pkg) {
	p.mixed = nil
	if len(r.platforms.list) > 1 || p.mod.path == "" {
		return
	}
	var first *loader.File
	for i := range p.files {
		file := &p.files[i]
		switch {
		case file.Facts.Package == "":
		case first == nil:
			first = file
		case file.Facts.Package != first.Facts.Package:
			p.mixed = &module.Diagnostic{
				Severity: module.Error, Code: codeMixed, Span: module.Span{File: file.Path},
				Message: "the folder holds package " + first.Facts.Package + " (" + path.Base(first.Path) + ") and package " +
					file.Facts.Package + " (" + path.Base(file.Path) + "); move one to a folder of its own, or exclude it: //go:build ignore",
			}
			return
		}
	}
}

// codeMixed is the code of the diagnostic of checkNames.
const codeMixed = "packages"

// Modules lists the packages and their tests.
func (r *resolver) Modules() []*module.Module { return r.modules }

// Skipped lists the files that no chosen platform builds, and vendored ones.
func (r *resolver) Skipped() []loader.Skipped { return r.skipped }

// Diagnostics are those of the manifests and of folders with several packages.
func (r *resolver) Diagnostics() []module.Diagnostic {
	return append(slices.Clip(r.diagnostics), r.manifests.diagnostics...)
}

// Inputs lists the manifests of the tree, and those above that were looked for.
func (r *resolver) Inputs() []string {
	inputs := slices.Clone(r.manifests.inputs)
	slices.Sort(inputs)
	return slices.Compact(inputs)
}

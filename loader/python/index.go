package python

import (
	"context"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// Index reads the manifests, finds the roots and names the modules.
func (frontend) Index(ctx context.Context, ws *loader.Workspace) (loader.Resolver, error) {
	return newResolver(ctx, ws, nil)
}

// newResolver indexes a workspace. It shares with old, which may be nil, the
// modules that are the same.
func newResolver(ctx context.Context, ws *loader.Workspace, old *resolver) (loader.Resolver, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m := &manifests{fs: ws.FS}
	r := &resolver{layout: newLayout(ws, m), files: ws.Files, version: new(version)}
	r.index(ws.Files, old)
	slices.Sort(m.inputs)
	r.inputs, r.diagnostics = m.inputs, m.diagnostics
	return r, nil
}

// resolver is one load's view of the Python modules.
type resolver struct {
	layout      *layout
	files       []loader.File
	stubs       int                    // how many of them are stubs of a module
	paths       map[string]*searchPath // by folder of an importer
	lodgings    map[string]*lodging    // by folder
	modules     []*module.Module
	skipped     []loader.Skipped
	diagnostics []module.Diagnostic
	inputs      []string

	// A resolver that Reindex made knows how it differs from the one before.
	version, before *version
	differences     []loader.Key
}

// version tells a resolver from others, without keeping it.
type version struct{ _ byte }

// factsOf returns what a file holds, nil for one that is no module's.
func (r *resolver) factsOf(file string) *module.Facts {
	i, ok := loader.FindFile(r.files, file)
	if !ok {
		return nil
	}
	return r.files[i].Facts
}

// isStub reports whether a file is the stub of a module.
func (r *resolver) isStub(file string) bool {
	if r.stubs == 0 {
		return false
	}
	dir, _ := loader.Split(file)
	return r.factsOf(file) != nil && r.layout.inVenv(dir) == ""
}

// searchPath is where the files of one folder look for absolute names.
type searchPath struct {
	script  string   // the folder itself where its files may be scripts, else ""
	stubs   string   // where a stub looks before the standard library
	folders []string // the folders above that are no packages, nearest first
}

func (r *resolver) index(files []loader.File, old *resolver) {
	r.paths, r.lodgings = map[string]*searchPath{}, map[string]*lodging{}
	var before []*module.Module
	var known []loader.File
	if old != nil {
		before, known = old.modules, old.files
	}
	dir, in, same := "", (*lodging)(nil), false
	for _, f := range files {
		folder, name := loader.Split(f.Path)
		if in == nil || folder != dir {
			dir = folder
			if in = r.lodgings[dir]; in == nil {
				in = r.layout.lodge(dir)
				r.lodgings[dir] = in
				if in.venv == "" {
					r.paths[dir] = r.searchPath(dir)
				}
			}
			same = old != nil && old.lodgings[dir] != nil && *old.lodgings[dir] == *in
		}
		if in.venv != "" {
			r.skipped = append(r.skipped, loader.Skipped{Path: f.Path, Reason: "in the virtual environment " + in.venv})
			continue
		}
		if stubPath(f.Path) {
			r.stubs++
		}
		if extendsPath(name, f.Facts) {
			r.layout.extends[f.Path] = true
		}
		for len(before) > 0 && string(before[0].ID) < f.Path {
			before = before[1:]
		}
		for len(known) > 0 && known[0].Path < f.Path {
			known = known[1:]
		}
		if same && len(before) > 0 && string(before[0].ID) == f.Path && len(known) > 0 && known[0] == f {
			r.modules = append(r.modules, before[0])
			continue
		}
		r.modules = append(r.modules, in.module(name, f))
	}
	if old != nil && slices.Equal(old.skipped, r.skipped) {
		r.skipped = old.skipped
	}
}

// lodging is what the modules of one folder share.
type lodging struct {
	venv   string // the virtual environment that they are in, or ""
	dotted string // what their names begin with, with a dot, or ""
	itself string // the name of the package that the folder is
	// distribution is the name of what they are released with, or "".
	distribution string
}

func (l *layout) lodge(dir string) *lodging {
	in := &lodging{venv: l.inVenv(dir)}
	if in.venv != "" {
		return in
	}
	if in.itself = l.folderName(dir); in.itself != "" {
		in.dotted = in.itself + "."
	}
	in.distribution = l.distribution(dir, in.itself)
	return in
}

// module makes the module of a file.
func (in *lodging) module(name string, f loader.File) *module.Module {
	return &module.Module{
		ID: module.ID(f.Path), Name: in.name(name), Language: module.Python,
		Kind: kindOf(name), Package: in.distribution, Files: []string{f.Path}, Imports: f.Facts.Imports,
	}
}

// name returns the dotted name of a file of the folder.
func (in *lodging) name(file string) string {
	stem := file[:strings.LastIndexByte(file, '.')]
	if stem == "__init__" && in.itself != "" {
		return in.itself
	}
	return in.dotted + stem
}

// kindOf follows the patterns by which pytest and Django find tests.
func kindOf(name string) module.Kind {
	if strings.HasPrefix(name, "test_") || strings.HasSuffix(name, "_test.py") || name == "conftest.py" || name == "tests.py" {
		return module.KindTest
	}
	return module.KindSource
}

// extendsPath reports whether a package looks for portions of itself in other
// folders, as it was done before namespace packages.
func extendsPath(name string, facts *module.Facts) bool {
	return name == "__init__.py" && slices.ContainsFunc(facts.Imports, func(im module.Import) bool {
		return im.Specifier == "pkg_resources" || im.Specifier == "pkgutil" && facts.Open
	})
}

// searchPath finds the folders above one that may be on Python's path.
func (r *resolver) searchPath(dir string) *searchPath {
	l := r.layout
	p := &searchPath{}
	top := l.above(dir)
	if top == "" {
		return p
	}
	installed := l.installedAbove(top)
	p.stubs = l.nearest(dir)
	if installed == "" && top == dir {
		p.script = dir
	}
	for d := top; ; d, _ = loader.Split(d) {
		// Between a root and a package in it lie namespaces, not roots.
		if installed == "" || d == installed || !strings.HasPrefix(d, prefixOf(installed)) {
			if !l.isPackage(d) {
				p.folders = append(p.folders, d)
			}
		}
		if d == "." {
			return p
		}
	}
}

func (r *resolver) Modules() []*module.Module        { return r.modules }
func (r *resolver) Skipped() []loader.Skipped        { return r.skipped }
func (r *resolver) Diagnostics() []module.Diagnostic { return r.diagnostics }
func (r *resolver) Inputs() []string                 { return r.inputs }

// Implicit gives no dependency. All that a module imports depends on its folder.
func (r *resolver) Implicit(from *module.Module, res *loader.Resolution) {
	dir, _ := loader.Split(string(from.ID))
	res.Consult(keyFolder, dir)
}

// Probing says that a conclusion depends on the listing of the tree only as far
// as the resolution was asked for it, or told of a key.
func (*resolver) Probing() {}

package python

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// Index reads the manifests, finds the roots and names the modules.
func (frontend) Index(ctx context.Context, ws *loader.Workspace) (loader.Resolver, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m := &manifests{fs: ws.FS}
	r := &resolver{layout: newLayout(ws, m), facts: make(map[string]*module.Facts, len(ws.Files))}
	r.index(ws.Files)
	slices.Sort(m.inputs)
	r.inputs, r.diagnostics = m.inputs, m.diagnostics
	return r, nil
}

// resolver is one load's view of the Python modules.
type resolver struct {
	layout      *layout
	facts       map[string]*module.Facts // by path
	stubs       map[string]bool          // the stubs among them
	paths       map[string]*searchPath   // by folder of an importer
	modules     []*module.Module
	skipped     []loader.Skipped
	diagnostics []module.Diagnostic
	inputs      []string

	// consulted are the files whose facts decided on an import of another file,
	// by path: the one thing that Resolve adds to.
	consulted sync.Map
}

// searchPath is where the files of one folder look for absolute names.
type searchPath struct {
	script  string   // the folder itself where its files may be scripts, else ""
	stubs   string   // where a stub looks before the standard library
	folders []string // the folders above that are no packages, nearest first
}

func (r *resolver) index(files []loader.File) {
	r.paths, r.stubs = map[string]*searchPath{}, map[string]bool{}
	for _, f := range files {
		r.facts[f.Path] = f.Facts
		dir, name := loader.Split(f.Path)
		if v := r.layout.inVenv(dir); v != "" {
			r.skipped = append(r.skipped, loader.Skipped{Path: f.Path, Reason: "in the virtual environment " + v})
			continue
		}
		if stubPath(f.Path) {
			r.stubs[f.Path] = true
		}
		if extendsPath(name, f.Facts) {
			r.layout.extends[f.Path] = true
		}
		if r.paths[dir] == nil {
			r.paths[dir] = r.searchPath(dir)
		}
		m := &module.Module{
			ID: module.ID(f.Path), Name: r.layout.moduleName(f.Path), Language: module.Python,
			Kind: kindOf(name), Files: []string{f.Path}, Imports: f.Facts.Imports,
		}
		if p := r.layout.projectOf(dir); p != nil {
			m.Package = p.name
		} else {
			m.Package, _, _ = strings.Cut(m.Name, ".")
		}
		r.modules = append(r.modules, m)
	}
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

// Implicit: a module has no dependency that no import gives.
func (r *resolver) Implicit(*module.Module, *loader.Resolution) {}

// ConcludesAs compares what the facts of some files meant to the imports of
// others. The answers that prev gave stay in use, so what it consulted counts on.
func (r *resolver) ConcludesAs(prev loader.Resolver) bool {
	p, ok := prev.(*resolver)
	if !ok || !maps.Equal(r.layout.extends, p.layout.extends) {
		return false
	}
	same := true
	p.consulted.Range(func(path, _ any) bool {
		a, b := p.facts[path.(string)], r.facts[path.(string)]
		same = a == b || a != nil && b != nil && a.Open == b.Open && slices.EqualFunc(a.Imports, b.Imports,
			func(a, b module.Import) bool { return slices.Equal(a.Names, b.Names) })
		r.consulted.Store(path, nil)
		return same
	})
	return same
}

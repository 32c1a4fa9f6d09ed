package python

import (
	"context"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// The kinds of what conclusions take into account.
const (
	keyFolder = 'd' // of a folder: where its files look for names, and which packages it lies in
	keyName   = 't' // of a top-level name: which roots have it
	keyFacts  = 'f' // of a file: what it may have beside its submodules
	// of a module in a folder, as extensionKey has it: its compiled files
	keyExtension = 'x'
)

// Reindex implements [loader.Reindexer] for files that came, went or changed in
// folders with others, where no package, root or name changes its place.
func (fe frontend) Reindex(ctx context.Context, ws *loader.Workspace, prev loader.Resolver, edit loader.Edit) (loader.Resolver, error) {
	old, ok := prev.(*resolver)
	if ok && edit.Manifests {
		return newResolver(ctx, ws, old)
	}
	if !ok || len(edit.Changed)+len(edit.Added)+len(edit.Removed) > 1+len(ws.Files)/8 {
		return nil, nil
	}
	r := new(resolver)
	*r = *old
	r.files, r.version, r.before, r.differences = ws.Files, new(version), old.version, nil
	if len(edit.Listing) > 0 {
		l := *old.layout
		l.tree = ws.Tree
		r.layout = &l
		for _, p := range edit.Listing {
			if !r.layout.unmoved(p, old) {
				return nil, nil
			}
		}
	}
	turned := slices.Concat(edit.Changed, edit.Added, edit.Removed)
	slices.Sort(turned)
	list := make([]*module.Module, 0, len(old.modules)+len(edit.Added))
	rest := old.modules
	for _, file := range turned {
		m, ok := r.again(file, old)
		if !ok {
			return nil, nil
		}
		i, had := slices.BinarySearchFunc(rest, module.ID(file), func(m *module.Module, id module.ID) int { return m.ID.Compare(id) })
		list = append(list, rest[:i]...)
		if rest = rest[i:]; had {
			rest = rest[1:]
		}
		if m != nil {
			list = append(list, m)
		}
	}
	if len(turned) > 0 {
		r.modules = append(list, rest...)
	}
	return r, nil
}

// unmoved reports whether a path that came or went leaves every package, root and
// name where it was.
func (l *layout) unmoved(p string, old *resolver) bool {
	dir, name := loader.Split(p)
	switch {
	case name == "__init__.py" || name == "__init__.pyi" || name == "setup.py" || name == "pyvenv.cfg" || name == standardLandmark:
		return false
	case l.tree.Dir(p) != old.layout.tree.Dir(p): // a folder came or went
		return false
	case isExtension(name):
		return false
	case l.roots[dir] != nil && importableName(name):
		return false // it may give its name to all
	case !isPython(name) && !strings.HasSuffix(name, ".pyw"):
		return true
	case old.paths[dir] == nil && l.inVenv(dir) == "":
		return false // the first module of its folder
	}
	// A folder "src" that has modules is a root where nothing else is declared.
	for d := dir; ; d, _ = loader.Split(d) {
		if path.Base(d) == "src" && l.holdsModules(d) != old.layout.holdsModules(d) {
			return false
		}
		if d == "." {
			break
		}
	}
	return l.hasSource(dir)
}

func isExtension(file string) bool {
	_, ok := extensionModule(file)
	return ok
}

func importableName(file string) bool {
	_, ok := importable(file)
	return ok
}

// hasSource reports whether a folder has a file that is read.
func (l *layout) hasSource(dir string) bool {
	f := l.tree.Folder(dir)
	return f != nil && slices.ContainsFunc(f.Files, func(name string) bool {
		return isPython(name) || strings.HasSuffix(name, ".pyw")
	})
}

// again returns the module that one file is now, nil for none. It reports false
// where more may be another.
func (r *resolver) again(file string, old *resolver) (m *module.Module, ok bool) {
	dir, name := loader.Split(file)
	is, was := r.factsOf(file), old.factsOf(file)
	if is != nil && extendsPath(name, is) != (was != nil && extendsPath(name, was)) || is == nil && extendsPath(name, was) {
		return nil, false
	}
	if !sameNames(was, is) {
		r.differences = append(r.differences, loader.Key{Kind: keyFacts, Name: file})
	}
	in := r.layout.lodge(dir)
	if in.venv != "" {
		return nil, is != nil && was != nil // the list of the skipped is the same
	}
	if stubPath(file) {
		if is != nil {
			r.stubs++
		}
		if was != nil {
			r.stubs--
		}
	}
	if is == nil {
		return nil, true
	}
	return in.module(name, loader.File{Path: file, Facts: is}), true
}

// sameNames reports whether what a file, or none, has beside its submodules is the
// same.
func sameNames(a, b *module.Facts) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a == b || a.Open == b.Open && slices.EqualFunc(a.Imports, b.Imports,
		func(a, b module.Import) bool { return slices.Equal(a.Names, b.Names) })
}

// Differences implements [loader.ComparableResolver].
func (r *resolver) Differences(prev loader.Resolver) ([]loader.Key, bool) {
	old, ok := prev.(*resolver)
	if !ok {
		return nil, false
	}
	if r.before != nil && r.before == old.version {
		return r.differences, true
	}
	a, b := r.layout, old.layout
	if !slices.Equal(a.given, b.given) || !maps.Equal(a.mapped, b.mapped) || !maps.Equal(a.names, b.names) || !slices.Equal(a.venvs, b.venvs) ||
		!maps.Equal(a.extends, b.extends) || !maps.EqualFunc(a.stubPackages, b.stubPackages, slices.Equal) || !a.declaresAs(b) || !b.declaresAs(a) {
		return nil, false
	}
	var keys []loader.Key
	for name, roots := range a.providers {
		if !slices.Equal(roots, b.providers[name]) {
			keys = append(keys, loader.Key{Kind: keyName, Name: name})
		}
	}
	for name := range b.providers {
		if len(a.providers[name]) == 0 {
			keys = append(keys, loader.Key{Kind: keyName, Name: name})
		}
	}
	for key, files := range a.extensions {
		if b.extensions[key] != files {
			keys = append(keys, loader.Key{Kind: keyExtension, Name: key})
		}
	}
	for key := range b.extensions {
		if a.extensions[key] == "" {
			keys = append(keys, loader.Key{Kind: keyExtension, Name: key})
		}
	}
	moved := map[string]bool{}
	for dir, p := range r.paths {
		if !p.equal(old.paths[dir]) || a.moved(b, dir, moved) {
			keys = append(keys, loader.Key{Kind: keyFolder, Name: dir})
		}
	}
	files, rest := r.files, old.files
	for len(files) > 0 || len(rest) > 0 {
		switch {
		case len(rest) == 0 || len(files) > 0 && files[0].Path < rest[0].Path:
			keys = append(keys, loader.Key{Kind: keyFacts, Name: files[0].Path})
			files = files[1:]
		case len(files) == 0 || rest[0].Path < files[0].Path:
			keys = append(keys, loader.Key{Kind: keyFacts, Name: rest[0].Path})
			rest = rest[1:]
		default:
			if !sameNames(files[0].Facts, rest[0].Facts) {
				keys = append(keys, loader.Key{Kind: keyFacts, Name: files[0].Path})
			}
			files, rest = files[1:], rest[1:]
		}
	}
	return keys, true
}

// declaresAs reports whether the roots that the user or a manifest declares are
// roots of old too.
func (l *layout) declaresAs(old *layout) bool {
	for dir, r := range l.roots {
		if was := old.roots[dir]; r.kind <= rootProject && (was == nil || was.kind != r.kind) {
			return false
		}
	}
	return true
}

func (p *searchPath) equal(q *searchPath) bool {
	return q != nil && p.script == q.script && p.stubs == q.stubs && slices.Equal(p.folders, q.folders)
}

// moved reports whether a folder, or one above it, became a package or ceased to be
// one. It remembers the answers.
func (l *layout) moved(old *layout, dir string, known map[string]bool) bool {
	answer, ok := known[dir]
	if !ok {
		if answer = l.isPackage(dir) != old.isPackage(dir); !answer && dir != "." {
			parent, _ := loader.Split(dir)
			answer = l.moved(old, parent, known)
		}
		known[dir] = answer
	}
	return answer
}

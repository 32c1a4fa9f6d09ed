package golang

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// maxEdited is how many packages may be kept beside those of an index before all are
// put together again.
const maxEdited = 512

// settle puts the packages together where many are kept apart.
func (r *resolver) settle() {
	if len(r.edited) <= maxEdited {
		return
	}
	all := make(map[string]*pkg, len(r.packages)+len(r.edited))
	r.eachPackage(func(p *pkg) { all[p.dir] = p })
	r.packages, r.edited = all, nil
}

// Reindex implements [loader.Reindexer]: only the folders of the files that are
// not as they were are grouped again.
func (f *frontend) Reindex(_ context.Context, ws *loader.Workspace, prev loader.Resolver, edit loader.Edit) (loader.Resolver, error) {
	old, ok := prev.(*resolver)
	if ok && edit.Manifests {
		return old.reread(ws, edit)
	}
	if !ok {
		return nil, nil
	}
	dirs := map[string]struct{}{}
	for _, files := range [][]string{edit.Changed, edit.Added, edit.Removed} {
		for _, file := range files {
			dir, _ := loader.Split(file)
			dirs[dir] = struct{}{}
		}
	}
	if len(dirs) > maxEdited {
		return nil, nil
	}
	r := new(resolver)
	*r = *old
	r.ws, r.version, r.before, r.differences = ws, new(version), old.version, nil
	if len(edit.Listing) > 0 {
		r.conclusions = nil // of folders that are there now, or no longer
	}
	r.edited = maps.Clone(old.edited)
	if r.edited == nil {
		r.edited = map[string]*pkg{}
	}
	g := r.grouping()
	for _, dir := range slices.Sorted(maps.Keys(dirs)) {
		g.again(dir, old)
	}
	if len(r.differences) > 0 {
		r.conclusions = nil
	}
	r.settle()
	return r, nil
}

// again groups the files of one folder, and puts its modules in the place of those
// of old.
func (g *grouping) again(dir string, old *resolver) {
	r := g.resolver
	was := old.packageIn(dir)
	var p *pkg
	if folder := r.ws.Tree.Folder(dir); folder != nil && folder.Path == dir {
		for _, name := range folder.Files {
			if !strings.HasSuffix(name, ".go") {
				continue
			}
			i, ok := loader.FindFile(r.ws.Files, loader.Join(dir, name))
			if !ok {
				continue
			}
			if p == nil {
				p = r.newPackage(dir)
				g.begin(p)
			}
			g.add(p, &r.ws.Files[i])
		}
	}
	r.edited[dir] = p
	var modules []*module.Module
	if p != nil {
		r.checkNames(p)
		modules = p.modules(was, old.module)
	}
	r.modules = r.replaceModules(dir, modules)
	r.replaceSkipped(was, p)
	r.replaceMixed(was, p)
	if !p.meansAs(was) {
		r.differences = append(r.differences, loader.Key{Kind: keyPackage, Name: dir})
	}
}

// meansAs compares what two versions of a package, or none, are to importers.
func (p *pkg) meansAs(q *pkg) bool {
	if p == nil || q == nil {
		return p == q
	}
	return p.source() == q.source() && (p.source() || p.excluded == q.excluded) && p.importPath == q.importPath && p.mod.dir == q.mod.dir
}

// module returns a module by its ID, or nil.
func (r *resolver) module(id module.ID) *module.Module {
	i, ok := findModule(r.modules, id)
	if !ok {
		return nil
	}
	return r.modules[i]
}

func findModule(list []*module.Module, id module.ID) (int, bool) {
	return slices.BinarySearchFunc(list, id, func(m *module.Module, id module.ID) int { return m.ID.Compare(id) })
}

// replaceModules returns the list with other modules for a folder.
func (r *resolver) replaceModules(dir string, modules []*module.Module) []*module.Module {
	list := make([]*module.Module, 0, len(r.modules)+2)
	rest := r.modules
	for _, id := range []module.ID{module.ID(dir), module.ID(dir + testSuffix)} {
		i, had := findModule(rest, id)
		list = append(list, rest[:i]...)
		if rest = rest[i:]; had {
			rest = rest[1:]
		}
		if len(modules) > 0 && modules[0].ID == id {
			list = append(list, modules[0])
			modules = modules[1:]
		}
	}
	return append(list, rest...)
}

// replaceSkipped puts the skipped files of a package in the place of those of
// another version of it.
func (r *resolver) replaceSkipped(was, is *pkg) {
	var before, after []loader.Skipped
	if was != nil {
		before = was.skipped
	}
	if is != nil {
		after = is.skipped
	}
	if slices.Equal(before, after) {
		return
	}
	byPath := func(a, b loader.Skipped) int { return strings.Compare(a.Path, b.Path) }
	list := make([]loader.Skipped, 0, len(r.skipped)+len(after))
	for _, s := range r.skipped {
		if _, gone := slices.BinarySearchFunc(before, s, byPath); !gone {
			list = append(list, s)
		}
	}
	r.skipped = append(list, after...)
	slices.SortFunc(r.skipped, byPath)
}

// replaceMixed does the same with the diagnostic of a package.
func (r *resolver) replaceMixed(was, is *pkg) {
	var before, after *module.Diagnostic
	if was != nil {
		before = was.mixed
	}
	if is != nil {
		after = is.mixed
	}
	if before == nil && after == nil {
		return
	}
	r.diagnostics = slices.Clone(r.diagnostics)
	if before != nil {
		r.diagnostics = slices.DeleteFunc(r.diagnostics, func(d module.Diagnostic) bool {
			return d.Code == codeMixed && d.Span.File == before.Span.File
		})
	}
	if after != nil {
		r.diagnostics = append(r.diagnostics, *after)
	}
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
	var keys []loader.Key
	differ := func(kind byte, name string) { keys = append(keys, loader.Key{Kind: kind, Name: name}) }
	r.eachPackage(func(p *pkg) {
		if !p.meansAs(old.packageIn(p.dir)) {
			differ(keyPackage, p.dir)
		}
	})
	old.eachPackage(func(p *pkg) {
		if r.packageIn(p.dir) == nil {
			differ(keyPackage, p.dir)
		}
	})
	r.declaredOtherwise(old, differ)
	return keys, true
}

// declaredOtherwise visits the keys of what the manifests say otherwise than those
// of old.
func (r *resolver) declaredOtherwise(old *resolver, differ func(kind byte, name string)) {
	if r.manifests == old.manifests {
		return
	}
	r.manifests.differences(old.manifests, differ)
	for path := range r.required {
		if !old.required[path] {
			differ(keyRequired, path)
		}
	}
	for path := range old.required {
		if !r.required[path] {
			differ(keyRequired, path)
		}
	}
}

func (r *resolver) eachPackage(visit func(*pkg)) {
	for dir, p := range r.packages {
		if q, ok := r.edited[dir]; ok {
			p = q
		}
		if p != nil {
			visit(p)
		}
	}
	for dir, p := range r.edited {
		if _, ok := r.packages[dir]; !ok && p != nil {
			visit(p)
		}
	}
}

// differences visits the keys of what the manifests say otherwise than those of
// before: of folders that belong to another module, and of modules whose imports
// may mean something else.
func (m *manifests) differences(old *manifests, visit func(kind byte, name string)) {
	if len(m.modFolders) != len(old.modFolders) || !slices.Equal(m.modFolders, old.modFolders) || !maps.Equal(m.governed, old.governed) {
		for dir, at := range m.governed {
			if was, ok := old.governed[dir]; !ok || was != at {
				visit(keyPackage, dir)
			}
		}
		for dir := range old.governed {
			if _, ok := m.governed[dir]; !ok {
				visit(keyPackage, dir)
			}
		}
	}
	lists := map[[2]*buildList]bool{}
	equal := func(a, b *buildList) bool {
		pair := [2]*buildList{a, b}
		same, known := lists[pair]
		if !known {
			same = a.meansAs(b)
			lists[pair] = same
		}
		return same
	}
	every := func(m *manifests) map[string]*goModule {
		all := maps.Clone(m.modules)
		if m.loose != nil {
			all["."] = m.loose
		}
		return all
	}
	before := every(old)
	after := every(m)
	for dir, mod := range after {
		if was := before[dir]; was == nil || !mod.looksAs(was) || !equal(mod.list, was.list) ||
			(mod.std == nil) != (was.std == nil) || mod.std != nil && !mod.std.looksAs(was.std) {
			visit(keyModule, dir)
		}
	}
	for dir := range before {
		if after[dir] == nil {
			visit(keyModule, dir)
		}
	}
}

// looksAs compares what two versions of a module are to those that import from
// them.
func (m *goModule) looksAs(old *goModule) bool {
	return m.dir == old.dir && m.path == old.path && slices.Equal(m.ignore, old.ignore) && (m.list == nil) == (old.list == nil) &&
		(m.list == nil || m.list.where == old.list.where)
}

// meansAs compares what two build lists make of import paths.
func (l *buildList) meansAs(old *buildList) bool {
	if l == nil || old == nil {
		return l == old
	}
	return l.where == old.where && l.minor == old.minor && maps.Equal(l.required, old.required) && maps.Equal(l.unused, old.unused) &&
		maps.EqualFunc(l.local, old.local, (*goModule).looksAs)
}

package ecmascript

import (
	"context"
	"maps"
	"slices"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// maxEdited is how many sources may be kept beside those of an index before all are
// put together again.
const maxEdited = 512

// settle puts the sources together where many are kept apart.
func (ix *index) settle() {
	if len(ix.edited) <= maxEdited {
		return
	}
	all := make(map[module.ID]*source, len(ix.sources)+len(ix.edited))
	maps.Copy(all, ix.sources)
	for id, s := range ix.edited {
		if s == nil {
			delete(all, id)
		} else {
			all[id] = s
		}
	}
	ix.sources, ix.edited = all, nil
}

// worn reports whether many folders came since Index. A folder that goes keeps its
// number, so that where others come and go for ever there would be no end of them.
func (ix *index) worn() bool { return len(ix.all) > 2*ix.laid+64 }

// Reindex implements [loader.Reindexer]: all that hangs on manifests is shared with
// prev, and what hangs on the files is made anew for those that are not as they
// were. Where the listing is another, the folders and the manifests that lead to
// them are copied.
func (fe frontend) Reindex(ctx context.Context, ws *loader.Workspace, prev loader.Resolver, edit loader.Edit) (loader.Resolver, error) {
	old, ok := prev.(*index)
	if ok && edit.Manifests {
		return reread(ctx, ws, old, edit)
	}
	if !ok || len(old.modules) != len(old.files) || len(edit.Added)+len(edit.Removed) > maxEdited {
		return nil, nil
	}
	ix := new(index)
	*ix = *old
	ix.files, ix.version, ix.before, ix.read, ix.governed = ws.Files, new(version), old.version, false, nil
	for _, path := range edit.Changed {
		if !slices.Equal(old.ambientOf(path), ix.ambientOf(path)) {
			return nil, nil // imports of other files may mean something else
		}
	}
	for _, path := range slices.Concat(edit.Added, edit.Removed) {
		if len(old.ambientOf(path))+len(ix.ambientOf(path)) > 0 {
			return nil, nil
		}
	}
	if len(edit.Listing) > 0 && (old.worn() || !ix.relist(ws, edit.Listing)) {
		return nil, nil
	}
	ix.replaceModules(edit)
	if ix.modules == nil {
		return nil, nil
	}
	ix.settle()
	return ix, nil
}

// ambientOf lists the modules that a file declares for others.
func (ix *index) ambientOf(path string) []string {
	i, ok := loader.FindFile(ix.files, path)
	if !ok || ix.files[i].Facts == nil {
		return nil
	}
	return ix.files[i].Facts.Ambient
}

// relist makes the folders those of a tree that differs in some paths. It reports
// false where these mean more than what is in the folders.
func (ix *index) relist(ws *loader.Workspace, listing []string) bool {
	var dirs []string
	for _, p := range listing {
		dir, name := loader.Split(p)
		if name == ".git" {
			return false // the repository begins elsewhere
		}
		dirs = append(dirs, dir)
		if ws.Tree.Dir(p) {
			dirs = append(dirs, p)
		}
	}
	slices.Sort(dirs)
	ix.copyFolders()
	ix.order = nil
	ix.paths = newPaths(ws)
	for _, dir := range slices.Compact(dirs) {
		listed := ws.Tree.Folder(dir)
		if listed == nil || listed.Path != dir {
			continue // gone, as the folder above tells
		}
		d := ix.folderAt(dir)
		if d == nil {
			return false // it is not below a folder that the tree has
		}
		ix.fill(d, listed)
	}
	for _, p := range listing {
		if ws.Tree.Dir(p) {
			continue
		}
		if d := ix.folderAt(p); d != nil { // there, and no longer to be read
			d.files, d.paths, d.dirs, d.kids = nil, nil, nil, nil
		}
	}
	return true
}

// fill gives a folder what is in it now.
func (ix *index) fill(d *folder, listed *loader.Folder) {
	kids := make([]*folder, len(listed.Dirs))
	for k, name := range listed.Dirs {
		kid := d.kid(name)
		if kid == nil {
			kid = &folder{path: loader.Join(d.path, name), parent: d, scope: d.scope}
			ix.add(kid)
		}
		kids[k] = kid
	}
	d.files, d.dirs, d.kids = listed.Files, listed.Dirs, kids
	d.paths = make([]string, len(d.files))
	for i, name := range d.files {
		if languageOf(name) == "" {
			continue
		}
		if n, ok := loader.FindFile(ix.files, loader.Join(d.path, name)); ok {
			d.paths[i] = ix.files[n].Path
		}
	}
}

// folderAt returns the folder of a clean path, or nil.
func (ix *index) folderAt(path string) *folder {
	if path == "." {
		return ix.root
	}
	p := ix.root.walk(path)
	if p.dir == nil {
		return nil
	}
	return p.dir.kid(p.name)
}

// copyFolders copies all folders and the manifests in them, which lead to each
// other. The sources know their folders by number alone.
func (ix *index) copyFolders() {
	old := ix.all
	folders := make([]folder, len(old))
	ix.all = make([]*folder, len(old), len(old)+8)
	for i := range old {
		ix.all[i] = &folders[i]
	}
	manifests := make([]manifest, len(ix.manifests))
	was := ix.manifests
	ix.manifests = make([]*manifest, len(was))
	copies := make(map[*manifest]*manifest, len(was)+1)
	for i, m := range was {
		manifests[i] = *m
		ix.manifests[i] = &manifests[i]
		copies[m] = &manifests[i]
	}
	same := func(m *manifest) *manifest {
		if c := copies[m]; c != nil {
			return c
		}
		return m // above the workspace, or none
	}
	for i, d := range old {
		c := &folders[i]
		*c = *d
		if d.parent != nil {
			c.parent = ix.all[d.parent.num]
		}
		c.own, c.scope = same(d.own), same(d.scope)
		if len(d.kids) > 0 {
			c.kids = make([]*folder, len(d.kids))
			for k, kid := range d.kids {
				c.kids[k] = ix.all[kid.num]
			}
		}
	}
	ix.root = ix.all[ix.root.num]
	outer := make(map[string]*folder, len(ix.outer))
	for path, d := range ix.outer {
		outer[path] = ix.all[d.num]
	}
	ix.outer = outer
	spaces := map[*workspace]*workspace{}
	list := make([]*workspace, len(ix.workspaces))
	for i, w := range ix.workspaces {
		c := &workspace{dir: w.dir, members: make(map[string]*manifest, len(w.members))}
		for name, m := range w.members {
			c.members[name] = same(m)
		}
		list[i], spaces[w] = c, c
	}
	ix.workspaces = list
	for i := range manifests {
		m := &manifests[i]
		m.dir, m.parent, m.space = ix.all[m.dir.num], same(m.parent), spaces[m.space]
	}
	byName := make(map[string][]*manifest, len(ix.byName))
	for name, list := range ix.byName {
		c := make([]*manifest, len(list))
		for i, m := range list {
			c[i] = same(m)
		}
		byName[name] = c
	}
	ix.byName = byName
}

// replaceModules makes the modules of the files that are not as they were. It
// leaves none where it cannot.
func (ix *index) replaceModules(edit loader.Edit) {
	find := func(list []*module.Module, path string) (int, bool) {
		return slices.BinarySearchFunc(list, module.ID(path), func(m *module.Module, id module.ID) int { return m.ID.Compare(id) })
	}
	if len(edit.Added)+len(edit.Removed) > 0 {
		if ix.edited = maps.Clone(ix.edited); ix.edited == nil {
			ix.edited = map[module.ID]*source{}
		}
	}
	turned := slices.Concat(edit.Changed, edit.Added, edit.Removed)
	slices.Sort(turned)
	list := make([]*module.Module, 0, len(ix.files))
	rest := ix.modules
	for _, path := range turned {
		at, had := find(rest, path)
		list = append(list, rest[:at]...)
		rest = rest[at:]
		var old *module.Module
		if had {
			old, rest = rest[0], rest[1:]
		}
		i, ok := loader.FindFile(ix.files, path)
		switch {
		case !ok:
			ix.edited[module.ID(path)] = nil
		case had:
			m := *old
			m.Imports = ix.files[i].Facts.Imports
			list = append(list, &m)
		default:
			dir, name := loader.Split(path)
			d := ix.folderAt(dir)
			if d == nil {
				ix.modules = nil
				return
			}
			m, s := new(module.Module), new(source)
			initModule(m, d, ix.files[i], name)
			ix.initSource(s, d, path, name)
			ix.edited[m.ID] = s
			list = append(list, m)
		}
	}
	ix.modules = append(list, rest...)
}

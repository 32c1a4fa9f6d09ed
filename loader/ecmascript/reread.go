package ecmascript

import (
	"context"
	"maps"
	"slices"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// reread is Reindex where the files are as they were and a manifest may say
// something else: all manifests are read, and what they govern is made anew where
// what governs it is not the same.
func reread(ctx context.Context, ws *loader.Workspace, old *index, edit loader.Edit) (loader.Resolver, error) {
	if len(edit.Changed)+len(edit.Added)+len(edit.Removed)+len(edit.Listing) > 0 ||
		len(old.modules) != len(old.files) || old.worn() {
		return nil, nil
	}
	ix, err := newIndex(ctx, ws, old)
	if err != nil {
		return nil, err
	}
	if !ix.takeSources(old) {
		return nil, nil
	}
	ix.folders, ix.sorted, ix.laid = nil, nil, old.laid
	ix.before, ix.read = old.version, true
	return ix, nil
}

// takeFolders copies the folders of old, without what manifests say of them.
func (ix *index) takeFolders(old *index, tree *loader.Tree) {
	folders := make([]folder, len(old.all))
	ix.all = make([]*folder, len(old.all), len(old.all)+8)
	for i := range folders {
		ix.all[i] = &folders[i]
	}
	kids := make([]*folder, 0, len(folders))
	for i, d := range old.all {
		c := &folders[i]
		*c = folder{num: d.num, path: d.path, files: d.files, paths: d.paths, dirs: d.dirs}
		if d.parent != nil {
			c.parent = ix.all[d.parent.num]
		}
		first := len(kids)
		for _, kid := range d.kids {
			kids = append(kids, ix.all[kid.num])
		}
		c.kids = kids[first:len(kids):len(kids)]
	}
	ix.root = ix.all[old.root.num]
	for path, d := range old.outer {
		ix.outer[path] = ix.all[d.num]
	}
	if ix.order = old.order; ix.order == nil {
		for _, f := range tree.Folders() {
			if d := ix.folderAt(f.Path); d != nil {
				ix.order = append(ix.order, d.num)
			}
		}
		if len(ix.order) == 0 {
			ix.order = append(ix.order, ix.root.num)
		}
	}
	for _, n := range ix.order {
		ix.sorted = append(ix.sorted, ix.all[n])
	}
}

// takeSources takes the sources and modules of old where the same governs them. It
// reports false where that is so for few.
func (ix *index) takeSources(old *index) bool {
	ix.files, ix.ambient, ix.sources = old.files, old.ambient, old.sources
	ix.edited = maps.Clone(old.edited)
	if ix.edited == nil {
		ix.edited = map[module.ID]*source{}
	}
	t := taking{index: ix, old: old, comparison: newComparison(), known: make([]verdict, len(ix.all)), beside: map[*manifest]bool{}}
	t.above = t.sameConfig(old.aboveTS, ix.aboveTS)
	modules := make([]*module.Module, len(old.modules))
	copy(modules, old.modules)
	others := 0
	dir, d, v := "", (*folder)(nil), verdict{}
	for i, f := range ix.files {
		folder, name := loader.Split(f.Path)
		if d == nil || folder != dir {
			dir = folder
			d = ix.all[old.sourceOf(module.ID(f.Path)).dir]
			v = t.judge(d)
		}
		if v.governed {
			continue
		}
		if others++; others > len(ix.files)/4+16 {
			return false
		}
		s := new(source)
		ix.initSource(s, d, f.Path, name)
		was := old.sourceOf(module.ID(f.Path))
		if s.format == was.format && t.sameOptions(s.opts, was.opts) && v.scoped {
			s.opts = was.opts
		} else {
			ix.governed = append(ix.governed, f.Path)
		}
		ix.edited[module.ID(f.Path)] = s
		if !v.named {
			modules[i] = new(module.Module)
			initModule(modules[i], d, f, name)
		}
	}
	ix.modules = modules
	ix.settle()
	return true
}

// taking is the comparison of what governs the folders of two indexes.
type taking struct {
	*index
	*comparison
	old    *index
	above  bool               // what governs from above the workspace is the same
	known  []verdict          // by number of a folder
	beside map[*manifest]bool // whether the configs of a package are the same
}

// verdict says what of a folder is as it was.
type verdict struct {
	known    bool
	configs  bool // the configs here and above
	scoped   bool // the package.json, and the module system that it gives to files
	named    bool // the package that the files belong to
	governed bool // all of these, and the configs beside
}

func (t *taking) judge(d *folder) verdict {
	if v := t.known[d.num]; v.known {
		return v
	}
	v := verdict{known: true, configs: t.above}
	if d.parent != nil {
		v.configs = t.judge(d.parent).configs
	}
	was := t.old.all[d.num]
	v.configs = v.configs && t.sameConfig(was.project, d.project)
	v.scoped = sameManifestPlace(was.scope, d.scope) && (d.scope == nil || d.scope.esm == was.scope.esm)
	a, b := namedScope(was.scope), namedScope(d.scope)
	v.named = sameManifestPlace(a, b) && (a == nil || a.name == b.name)
	v.governed = v.configs && v.scoped && v.named && t.sameBeside(was.scope, d.scope)
	t.known[d.num] = v
	return v
}

// sameBeside compares the configs of the package that a folder is of, such as
// tsconfig.test.json, by which files may be governed that no config above them lists.
func (t *taking) sameBeside(was, is *manifest) bool {
	if was == nil || is == nil {
		return was == is
	}
	same, known := t.beside[is]
	if !known {
		same = slices.EqualFunc(was.outputs, is.outputs, t.sameConfig)
		t.beside[is] = same
	}
	return same
}

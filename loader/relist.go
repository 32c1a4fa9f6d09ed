package loader

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/internal/fsys"
)

// relist brings a tree up to date after some paths changed: it lists their
// folders again, and what is below those that are new or named, and shares the
// others with the tree. The tree itself is returned where nothing appeared or
// vanished. It reports false where the paths alone do not tell what changed, and
// the workspace must be walked. listed is the number of folders that were
// listed. The doubts are:
//
//   - an ignore file or a repository may govern other folders now, or is new;
//   - there are symbolic links, by which a folder has several names;
//   - a path lies above the workspace, or where a resolver asked the file system
//     about what no listing tells.
func (t *Tree) relist(ctx context.Context, files fsys.FS, paths []string) (tree *Tree, listed int, ok bool) {
	named := newPathSet(paths)
	if t.rules == nil || len(t.linked)+len(t.aliases) > 0 || slices.ContainsFunc(paths, t.doubtful) || t.outside.askedWithin(named) {
		return nil, 0, false
	}
	log := &walkLog{}
	asker := newAsker(files, WalkOptions{})
	w := &walk{ctx: ctx, fs: files, asker: asker, rules: *t.rules, workers: 1}
	l := relisting{
		visitor: visitor{walk: w, reader: reader{fs: asker, log: log}, log: log},
		tree:    t, named: named, fresh: map[string]*Folder{}, gone: pathSet{},
	}
	for _, p := range paths {
		if dir := t.nearest(p); l.fresh[dir] == nil && !l.list(t.dirs[dir]) {
			return nil, 0, false
		}
	}
	if len(log.links)+len(log.read)+len(log.diagnostics) > 0 || asker.asked() || ctx.Err() != nil {
		return nil, 0, false
	}
	listed = len(l.fresh)
	return l.result(), listed, true
}

// nearest returns the folder of the tree that a path lies in, or would.
func (t *Tree) nearest(path string) string {
	dir, _ := Split(path)
	for t.dirs[dir] == nil && dir != "." {
		dir, _ = Split(dir)
	}
	return dir
}

// relisting is one relist.
type relisting struct {
	visitor visitor
	tree    *Tree
	named   pathSet
	fresh   map[string]*Folder // the folders that were listed
	gone    pathSet            // folders that are no longer there, or were listed with all below them
}

// list lists a folder of the tree again, and what is below it that is new or
// named. It reports false where there is a doubt.
func (l *relisting) list(old *Folder) bool {
	if old == nil {
		return false
	}
	v := &l.visitor
	entries, _, _, err := v.read(old.Path)
	if err != nil {
		return false
	}
	folder := &Folder{Path: old.Path, rules: old.rules}
	v.below = v.below[:0]
	v.sort(folder, entries, nil, task{path: old.Path})
	l.fresh[old.Path] = folder
	for _, name := range old.Dirs {
		if _, ok := slices.BinarySearch(folder.Dirs, name); !ok {
			l.gone.add(Join(old.Path, name))
		}
	}
	var tasks []task
	for _, t := range v.below {
		if l.tree.dirs[t.path] == nil || l.named.has(t.path) {
			tasks = append(tasks, t)
			l.gone.add(t.path)
		}
	}
	if len(tasks) == 0 {
		return true
	}
	below := walkLog{}
	if err := v.run(tasks, &below); err != nil {
		return false
	}
	for _, f := range below.folders {
		l.fresh[f.Path] = f
	}
	below.folders = nil
	v.log.add(&below)
	return true
}

// result puts the tree together.
func (l *relisting) result() *Tree {
	same := true
	list := make([]*Folder, 0, len(l.tree.list)+len(l.fresh))
	for _, old := range l.tree.list {
		switch f := l.fresh[old.Path]; {
		case f == nil && len(l.gone) > 0 && l.gone.within(old.Path):
			same = false
		case f == nil || f.equal(old):
			list = append(list, old)
			delete(l.fresh, old.Path)
		default:
			list = append(list, f)
			delete(l.fresh, old.Path)
			same = false
		}
	}
	if same && len(l.fresh) == 0 {
		return l.tree
	}
	for _, f := range l.fresh {
		list = append(list, f) // sorted below
	}
	t := NewTree(list)
	t.outside.fs = l.tree.outside.fs
	t.rules, t.ignoreFiles, t.dangling = l.tree.rules, l.tree.ignoreFiles, l.tree.dangling
	t.asks = l.tree.asks
	t.doubt = true // the folders that are new have no stamps
	return t
}

// equal reports whether two listings of a folder tell the same.
func (f *Folder) equal(g *Folder) bool {
	return f.partial == g.partial && slices.Equal(f.Files, g.Files) && slices.Equal(f.Dirs, g.Dirs) && slices.Equal(f.skipped, g.skipped)
}

// doubtful reports whether a change of a path may change more than its folder.
func (t *Tree) doubtful(p string) bool {
	switch path.Base(p) {
	case ".", gitIgnoreName, plainIgnoreName, gitDirName:
		return true
	}
	if strings.HasPrefix(p, "../") || p == ".." || path.IsAbs(p) || strings.Contains("/"+p+"/", "/"+gitDirName+"/") {
		return true
	}
	_, ok := slices.BinarySearch(t.ignoreFiles, p)
	return ok
}

package loader

import (
	"slices"
	"strings"

	"github.com/eddy-build/eddy/cache"
	"github.com/eddy-build/eddy/internal/fsys"
)

// Tree is the frozen list of the files and folders of a workspace. All paths
// are slash-separated and relative to the root, "." for the root itself; what
// is ignored is not in it. A symbolic link to a file is a file; one to a folder
// is a folder where the walk followed it, and otherwise another name for a
// folder of the tree, which File, Dir, Folder and Real understand and no list
// holds.
type Tree struct {
	dirs    map[string]*Folder
	list    []*Folder         // sorted by path
	aliases map[string]string // path of a symbolic link to the path in the tree that it leads to

	rules       *ruleset // of the walk; nil for a tree that no walk made
	ignoreFiles []string // the ignore files that were read, sorted
	linked      []string // the files and folders of the tree that are symbolic links, sorted
	dangling    []string // the links that lead nowhere
	outside     outside  // what is not in the tree

	asks  []cache.Ask // what the walk asked beside the entries of folders, sorted
	doubt bool        // those are not all, or an answer cannot be compared
}

// Folder is one folder of a tree.
type Folder struct {
	Path  string
	Files []string // names, sorted
	Dirs  []string // names, sorted

	skipped []skipped  // sorted by name
	partial bool       // its listing broke off
	rules   *rules     // that govern what is in it
	stamp   fsys.Stamp // of the folder, from before it was listed; zero where an equal one would not mean equal entries
	// stamps are those of Files, as the walk found them and for the load that the
	// walk was for; zero for a file whose stamp was not asked for. Nil for a walk
	// that asked for none.
	stamps []fsys.Stamp
}

// NewTree makes a tree of folders, which it owns from then on.
func NewTree(folders []*Folder) *Tree {
	t := &Tree{dirs: make(map[string]*Folder, len(folders)), list: folders}
	slices.SortFunc(t.list, func(a, b *Folder) int { return strings.Compare(a.Path, b.Path) })
	for _, f := range folders {
		t.dirs[f.Path] = f
	}
	return t
}

// TreeOf makes a tree of file paths: for tests.
func TreeOf(paths ...string) *Tree {
	dirs := map[string]*Folder{".": {Path: "."}}
	var list []*Folder
	list = append(list, dirs["."])
	var folder func(path string) *Folder
	folder = func(path string) *Folder {
		if f := dirs[path]; f != nil {
			return f
		}
		f := &Folder{Path: path}
		dirs[path] = f
		list = append(list, f)
		dir, name := Split(path)
		parent := folder(dir)
		parent.Dirs = append(parent.Dirs, name)
		return f
	}
	for _, p := range paths {
		dir, name := Split(p)
		f := folder(dir)
		f.Files = append(f.Files, name)
	}
	for _, f := range list {
		slices.Sort(f.Files)
		slices.Sort(f.Dirs)
	}
	return NewTree(list)
}

// Split splits a slash path into its folder, "." for the root, and its name.
func Split(path string) (dir, name string) {
	i := strings.LastIndexByte(path, '/')
	if i < 0 {
		return ".", path
	}
	return path[:i], path[i+1:]
}

// Join joins a folder of a tree and a name.
func Join(dir, name string) string {
	if dir == "." {
		return name
	}
	return dir + "/" + name
}

// File reports whether path is a file of the tree. O(log n) in the files of its
// folder; no allocation where no symbolic link is on the way.
func (t *Tree) File(path string) bool {
	dir, name := Split(path)
	f := t.Folder(dir)
	if f == nil {
		return false
	}
	_, ok := slices.BinarySearch(f.Files, name)
	return ok
}

// stamp returns the stamp of a file as the walk found it, zero where it did not.
func (t *Tree) stamp(path string) fsys.Stamp {
	dir, name := Split(path)
	f := t.dirs[dir]
	if f == nil || f.stamps == nil {
		return fsys.Stamp{}
	}
	i, ok := slices.BinarySearch(f.Files, name)
	if !ok {
		return fsys.Stamp{}
	}
	return f.stamps[i]
}

// Dir reports whether path is a folder of the tree.
func (t *Tree) Dir(path string) bool { return t.Folder(path) != nil }

// Folder returns a folder, or nil. By the path of a symbolic link it returns
// the folder that the link leads to, with its own path.
func (t *Tree) Folder(path string) *Folder {
	if f := t.dirs[path]; f != nil || len(t.aliases) == 0 {
		return f
	}
	return t.dirs[t.Real(path)]
}

// Real returns the path in the tree that path leads to through symbolic links;
// path itself where none is on the way, or where they leave the tree.
func (t *Tree) Real(path string) string {
	if len(t.aliases) == 0 {
		return path
	}
	// What a link leads to has no link in it, so each turn moves on.
	for i := 0; i <= len(path); i++ {
		if i < len(path) && path[i] != '/' {
			continue
		}
		if to, ok := t.aliases[path[:i]]; ok {
			if to == "." {
				path = strings.TrimPrefix(path[i:], "/")
				i = -1
				if path == "" {
					return "."
				}
				continue
			}
			path = to + path[i:]
			i = len(to)
		}
	}
	return path
}

// throughFolders is Real without the last step where that is a link to a file,
// which has a place of its own in the tree.
func (t *Tree) throughFolders(path string) string {
	real := t.Real(path)
	if real == path || t.dirs[real] != nil {
		return real
	}
	dir, name := Split(path)
	return Join(t.Real(dir), name)
}

// Folders lists all folders, sorted by path. The caller must not write to it.
func (t *Tree) Folders() []*Folder { return t.list }

// IgnoreFiles lists the ignore files that the walk read, sorted; those above
// the root begin with "../" or are absolute. A change to one of them makes the
// tree out of date.
func (t *Tree) IgnoreFiles() []string { return t.ignoreFiles }

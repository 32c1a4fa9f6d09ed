package loader

import (
	"slices"
	"strings"
)

// Tree is the frozen list of the files and folders of a workspace. All paths
// are slash-separated and relative to the root, "." for the root itself; a file
// that is ignored is not in it.
type Tree struct {
	dirs map[string]*Folder
	list []*Folder // sorted by path
}

// Folder is one folder of a tree.
type Folder struct {
	Path  string
	Files []string // names, sorted
	Dirs  []string // names, sorted
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
// folder; no allocation.
func (t *Tree) File(path string) bool {
	dir, name := Split(path)
	f := t.dirs[dir]
	if f == nil {
		return false
	}
	_, ok := slices.BinarySearch(f.Files, name)
	return ok
}

// Dir reports whether path is a folder of the tree.
func (t *Tree) Dir(path string) bool { return t.dirs[path] != nil }

// Folder returns a folder, or nil.
func (t *Tree) Folder(path string) *Folder { return t.dirs[path] }

// Folders lists all folders, sorted by path. The caller must not write to it.
func (t *Tree) Folders() []*Folder { return t.list }

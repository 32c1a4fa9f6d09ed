package ecmascript

import (
	"strings"

	"github.com/eddy-build/eddy/loader"
)

// folder is one folder of the workspace, laid out for lookups that build no
// path: a specifier is walked segment by segment, and a candidate is compared
// in parts.
type folder struct {
	num    int32 // in index.all
	path   string
	parent *folder
	files  []string // names, sorted
	paths  []string // of the files that are modules, parallel to files; "" for others
	dirs   []string // names, sorted
	kids   []*folder

	own     *manifest // of the package.json in this very folder
	scope   *manifest // of the nearest package.json here or above
	project *tsconfig // the tsconfig.json or else jsconfig.json in this very folder
}

// file is a file of a folder; the zero file is none.
type file struct {
	dir *folder
	i   int
}

func (f file) ok() bool { return f.dir != nil }

func (f file) name() string { return f.dir.files[f.i] }

func (f file) path() string {
	if p := f.dir.paths[f.i]; p != "" {
		return p
	}
	return loader.Join(f.dir.path, f.dir.files[f.i])
}

// newFolders copies the shape of a tree: it fills in root, folders, all and sorted.
// O(folders + files).
func (ix *index) newFolders(tree *loader.Tree) {
	list := tree.Folders()
	ix.folders = make(map[string]*folder, len(list)+1)
	folders := make([]folder, len(list))
	for i, f := range list {
		folders[i] = folder{path: f.Path, files: f.Files, dirs: f.Dirs, paths: make([]string, len(f.Files))}
		ix.add(&folders[i])
		ix.folders[f.Path] = &folders[i]
	}
	ix.sorted = ix.all[:len(list):len(list)]
	if ix.root = ix.folders["."]; ix.root == nil {
		ix.root = &folder{path: "."}
		ix.add(ix.root)
		ix.folders["."] = ix.root
		ix.sorted = append(ix.sorted, ix.root)
	}
	for _, d := range ix.sorted {
		ix.order = append(ix.order, d.num)
	}
	for i := range folders {
		f := &folders[i]
		f.kids = make([]*folder, len(f.dirs))
		for k, name := range f.dirs {
			kid := ix.folders[loader.Join(f.path, name)]
			if kid == nil { // seen by the walk, but not entered
				kid = &folder{path: loader.Join(f.path, name)}
				ix.add(kid)
			}
			kid.parent = f
			f.kids[k] = kid
		}
	}
}

// add gives a folder its number.
func (ix *index) add(d *folder) {
	d.num = int32(len(ix.all))
	ix.all = append(ix.all, d)
}

// find looks a file up by the parts of its name. O(log n), no allocation.
func (d *folder) find(stem, suffix, ext string) file {
	lo, hi := 0, len(d.files)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		switch c := compareParts(d.files[mid], stem, suffix, ext); {
		case c == 0:
			return file{d, mid}
		case c < 0:
			lo = mid + 1
		default:
			hi = mid
		}
	}
	return file{}
}

// kid returns a folder of d by its name, or nil.
func (d *folder) kid(name string) *folder {
	lo, hi := 0, len(d.dirs)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		switch c := strings.Compare(d.dirs[mid], name); {
		case c == 0:
			return d.kids[mid]
		case c < 0:
			lo = mid + 1
		default:
			hi = mid
		}
	}
	return nil
}

// compareParts compares name with a+b+c bytewise.
func compareParts(name, a, b, c string) int {
	for _, part := range [...]string{a, b, c} {
		if len(name) < len(part) {
			if d := strings.Compare(name, part[:len(name)]); d != 0 {
				return d
			}
			return -1
		}
		if d := strings.Compare(name[:len(part)], part); d != 0 {
			return d
		}
		name = name[len(part):]
	}
	if name != "" {
		return 1
	}
	return 0
}

// place is where a path leads: a name in a folder that exists. An empty name
// stands for the folder itself. Where a folder on the way does not exist, dir
// is nil and missing is the first path that does not; it is empty where the
// path leaves the workspace.
type place struct {
	dir     *folder
	name    string
	missing string
}

// walk follows a slash path from a folder, which may hold "." and ".." anywhere
// and end with a slash. No allocation unless something is missing.
func (d *folder) walk(rel string) place {
	for {
		seg, rest, more := strings.Cut(rel, "/")
		switch seg {
		case "", ".":
			if !more {
				return place{dir: d}
			}
		case "..":
			if d.parent == nil {
				return place{}
			}
			d = d.parent
			if !more {
				return place{dir: d}
			}
		default:
			if !more {
				return place{dir: d, name: seg}
			}
			next := d.kid(seg)
			if next == nil {
				if goesUp(rest) {
					return d.walkText(rel)
				}
				return place{missing: loader.Join(d.path, seg)}
			}
			d = next
		}
		rel = rest
	}
}

// goesUp reports whether a path holds a segment "..".
func goesUp(rel string) bool {
	return rel == ".." || strings.HasPrefix(rel, "../") || strings.HasSuffix(rel, "/..") || strings.Contains(rel, "/../")
}

// walkText is walk for a path that passes through a folder which does not
// exist and leaves it again: only the text decides then.
func (d *folder) walkText(rel string) place {
	clean := cleanPath(loader.Join(d.path, rel))
	if clean == ".." || strings.HasPrefix(clean, "../") {
		return place{}
	}
	if strings.HasSuffix(rel, "/") {
		clean += "/"
	}
	root := d
	for root.parent != nil {
		root = root.parent
	}
	return root.walk(clean)
}

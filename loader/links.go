package loader

import (
	"cmp"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/internal/fsys"
)

// links decides what becomes of the symbolic links that a walk met. It runs
// between the rounds of the walk, alone, and takes the links in the order of
// their targets: so the outcome does not depend on which worker met which.
type links struct {
	walk    *walk
	log     *walkLog
	folders map[string]*Folder
	known   int      // so many of log.folders are in the map
	files   []target // the links to files
	// dangling are those that lead nowhere.
	dangling []string
	aliases  map[string]string // path of a link to the path of its target in the tree
}

// target is a link, or a folder below one, and where it leads.
type target struct {
	link
	real string
}

func newLinks(w *walk, log *walkLog) *links {
	w.followed = make(map[string]string)
	l := &links{walk: w, log: log, folders: make(map[string]*Folder), aliases: make(map[string]string)}
	l.adopt()
	return l
}

// adopt takes in the folders of the last round.
func (l *links) adopt() {
	for ; l.known < len(l.log.folders); l.known++ {
		f := l.log.folders[l.known]
		l.folders[f.Path] = f
	}
	for _, t := range l.log.again {
		l.aliases[t.path] = t.real
	}
	l.log.again = nil
}

// resolve settles the links of the last round and returns the folders to walk
// in the next one. A folder comes before those inside it, so that each is
// walked once, under the name of the link to the outermost.
func (l *links) resolve() []task {
	dirs := l.classify()
	var tasks []task
	coming := make(map[string]bool) // real paths of the folders of the next round
	for _, t := range dirs {
		if reason := l.ignored(t.link); reason != "" {
			l.skip(t.path, skippedLink, reason)
			continue
		}
		at, under := l.place(t.real)
		switch {
		case l.folders[at] != nil:
			l.aliases[t.path] = at
			continue
		case coming[under]:
			l.log.links = append(l.log.links, t.link)
			continue
		}
		if reason := l.refuse(t.real); reason != "" {
			l.skip(t.path, skippedLink, reason)
			continue
		}
		l.walk.followed[t.real] = t.path
		coming[t.real] = true
		parent, name := l.parent(t.path)
		parent.Dirs = insert(parent.Dirs, name)
		tasks = append(tasks, task{path: t.path, rules: t.rules, real: t.real})
	}
	return tasks
}

// classify looks where the links of the last round lead, and returns those that
// lead to folders, sorted by target.
func (l *links) classify() []target {
	var dirs []target
	for _, k := range l.log.links {
		info, err := l.walk.asker.Stat(k.path)
		if err != nil {
			l.skip(k.path, skippedSpecial, "a symbolic link that leads nowhere: "+cause(err).Error())
			l.dangling = append(l.dangling, k.path)
			continue
		}
		if !info.Mode.IsDir() && !info.Mode.IsRegular() {
			l.skip(k.path, skippedSpecial, "a symbolic link to what is neither a file nor a folder")
			continue
		}
		real, err := l.walk.asker.RealPath(k.path)
		if err != nil {
			l.log.unreadable(k.path, err)
			l.skip(k.path, skippedLink, "a symbolic link whose target cannot be told: "+cause(err).Error())
			continue
		}
		t := target{k, real}
		if info.Mode.IsDir() {
			dirs = append(dirs, t)
			continue
		}
		l.files = append(l.files, t)
		parent, name := l.parent(t.path)
		at, _ := slices.BinarySearch(parent.Files, name)
		parent.Files = slices.Insert(parent.Files, at, name)
		if parent.stamps != nil {
			var stamp fsys.Stamp
			if l.walk.stamped(t.path) {
				stamp = info.Stamp
			}
			parent.stamps = slices.Insert(parent.stamps, at, stamp)
		}
	}
	l.log.links = l.log.links[:0]
	slices.SortFunc(dirs, func(a, b target) int {
		return cmp.Or(strings.Compare(a.real, b.real), strings.Compare(a.path, b.path))
	})
	return dirs
}

// finish tells which links to files are other names of files of the tree. It
// waits for the last round, because a target may lie in a folder that a link
// leads to.
func (l *links) finish() {
	for _, t := range l.files {
		at, _ := l.place(t.real)
		dir, name := Split(at)
		if f := l.folders[dir]; f != nil && at != t.path {
			if _, ok := slices.BinarySearch(f.Files, name); ok {
				l.aliases[t.path] = at
			}
		}
	}
}

// linked lists the files and folders of the tree that are symbolic links.
func (l *links) linked() []string {
	var paths []string
	for _, t := range l.files {
		paths = append(paths, t.path)
	}
	for _, path := range l.walk.followed {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	return paths
}

// place tells where in the tree a real path would be, and the real path of the
// followed folder that it lies in, if any.
func (l *links) place(real string) (at, under string) {
	for dir := real; ; {
		if path, ok := l.walk.followed[dir]; ok {
			return path + real[len(dir):], dir
		}
		i := strings.LastIndexByte(dir, '/')
		if i <= 0 {
			return real, ""
		}
		dir = dir[:i]
	}
}

// ignored matches a link to a folder as a folder: git takes it for a file, and
// does not apply to it a pattern that ends in a slash.
func (l *links) ignored(k link) string {
	w := l.walk
	path := []byte(w.rules.top + k.path)
	nameAt := strings.LastIndexByte(string(path), '/') + 1
	if p := w.rules.match(k.rules, path, nameAt, true); p != nil && !p.negated {
		return p.reason
	}
	return ""
}

// refuse says why a folder must not be followed; empty where it may.
func (l *links) refuse(real string) string {
	for name := range strings.SplitSeq(real, "/") {
		if name == gitDirName || name == nodeModulesName {
			return "a symbolic link into " + name
		}
	}
	if root := l.walk.fs.Root(); real == "/" || strings.HasPrefix(root, real+"/") {
		return "a symbolic link to a folder that holds the workspace"
	}
	return ""
}

func (l *links) parent(path string) (*Folder, string) {
	dir, name := Split(path)
	return l.folders[dir], name
}

func (l *links) skip(path string, kind skippedKind, reason string) {
	parent, name := l.parent(path)
	i, _ := parent.findSkipped(name)
	parent.skipped = slices.Insert(parent.skipped, i, skipped{name, kind, reason})
}

// insert puts a name into a sorted list.
func insert(list []string, name string) []string {
	i, _ := slices.BinarySearch(list, name)
	return slices.Insert(list, i, name)
}

// cause is an error without the path, which the reader has already.
func cause(err error) error {
	if e := (*fs.PathError)(nil); errors.As(err, &e) {
		return e.Err
	}
	return err
}

package loader

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/eddy-build/eddy/internal/fsys"
)

// skipped is an entry of a folder that the walk left out.
type skipped struct {
	name   string
	kind   skippedKind
	reason string
}

// skippedKind is what the listing of the folder told.
type skippedKind uint8

const (
	skippedFile    skippedKind = iota
	skippedDir                 // exists, and may hold anything
	skippedLink                // leads to a file or a folder
	skippedSpecial             // never a file or folder: a pipe, a device, a dangling link
)

func kindOf(mode fs.FileMode) skippedKind {
	switch {
	case mode.IsRegular():
		return skippedFile
	case mode.IsDir():
		return skippedDir
	case mode&fs.ModeSymlink != 0:
		return skippedLink
	}
	return skippedSpecial
}

// findSkipped returns the place of a name in the skipped entries.
func (f *Folder) findSkipped(name string) (int, bool) {
	return slices.BinarySearchFunc(f.skipped, name, func(s skipped, name string) int {
		return strings.Compare(s.name, name)
	})
}

// Ignored says why a path that exists is not in the tree: the ignore file, line
// and pattern, or what the entry is. For a path below a folder that was left
// out it names the folder too. It reports false for all other paths.
func (t *Tree) Ignored(path string) (reason string, ok bool) {
	f, name, rest := t.split(path)
	if f == nil {
		return "", false
	}
	i, ok := f.findSkipped(name)
	if !ok {
		return "", false
	}
	s := f.skipped[i]
	if !rest {
		return s.reason, true
	}
	if s.kind == skippedFile || s.kind == skippedSpecial {
		return "", false // nothing is below it
	}
	return "in " + Join(f.Path, s.name) + ": " + s.reason, true
}

// split finds the nearest folder of the tree above a path, the name that
// follows it, and whether more follows that.
func (t *Tree) split(path string) (f *Folder, name string, rest bool) {
	for path != "." {
		dir, name := Split(path)
		if f := t.Folder(dir); f != nil {
			return f, name, rest
		}
		path, rest = dir, true
	}
	return nil, "", false
}

// outside answers for paths that the walk did not see. The answers are kept: a
// tree does not change its mind.
type outside struct {
	fs      fsys.FS  // nil for a tree that no walk made
	answers sync.Map // path to presence
}

// presence is what is at a path.
type presence uint8

const (
	absent presence = iota
	isFile
	isDir
)

// presence tells what is at a path on disk, also where the tree does not hold
// it: an import of a file that git ignores is an import of a real file. It asks
// the file system only below folders that were left out, save ".git" and
// "node_modules", below those that could not be read, and outside the
// workspace; all else the walk has seen. Safe for concurrent use.
func (t *Tree) presence(path string) presence {
	if strings.HasPrefix(path, "../") || path == ".." || strings.HasPrefix(path, "/") || filepath.IsAbs(path) {
		return t.outside.stat(path)
	}
	if t.Folder(path) != nil {
		return isDir
	}
	f, name, rest := t.split(path)
	if f == nil {
		return absent
	}
	if !rest {
		if _, ok := slices.BinarySearch(f.Files, name); ok {
			return isFile
		}
	}
	i, ok := f.findSkipped(name)
	switch {
	case !ok && !f.partial:
		return absent
	case !ok:
		return t.outside.stat(path)
	}
	switch s := f.skipped[i]; {
	case s.kind == skippedFile && !rest:
		return isFile
	case s.kind == skippedDir && !rest:
		return isDir
	case s.kind == skippedFile, s.kind == skippedSpecial, name == gitDirName, name == nodeModulesName:
		return absent
	}
	return t.outside.stat(path)
}

func (o *outside) stat(path string) presence {
	if o.fs == nil {
		return absent
	}
	if p, ok := o.answers.Load(path); ok {
		return p.(presence)
	}
	p := absent
	if info, err := o.fs.Stat(path); err == nil {
		switch {
		case info.Mode.IsRegular():
			p = isFile
		case info.Mode.IsDir():
			p = isDir
		}
	}
	o.answers.Store(strings.Clone(path), p)
	return p
}

// askedWithin reports whether the file system was asked about one of some paths, or
// about what lies below one. O(paths that were asked about).
func (o *outside) askedWithin(paths pathSet) bool {
	asked := false
	o.answers.Range(func(path, _ any) bool {
		asked = paths.within(path.(string))
		return !asked
	})
	return asked
}

// asked lists the paths that the file system was asked about, sorted: no listing
// tells that they changed.
func (o *outside) asked() []string {
	var paths []string
	o.answers.Range(func(path, _ any) bool {
		paths = append(paths, path.(string))
		return true
	})
	slices.Sort(paths)
	return paths
}

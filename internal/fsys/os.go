package fsys

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// disk is the file system of the operating system, seen from one folder.
type disk struct {
	root   string // absolute and real, of the operating system
	prefix string // root with a separator at its end
	slash  string // root with slashes
	// device tells the file system that the root is on; false where it is not known
	// to give a folder another stamp with each change of its entries.
	device func() (uint64, bool)
}

// OS returns the file system of the operating system below a folder. Where the
// folder is not there, every call says so.
func OS(root string) FS {
	if abs, err := filepath.Abs(root); err == nil {
		root = abs
	}
	// Names begin with "../", which the system resolves from the real path.
	if real, err := filepath.EvalSymlinks(root); err == nil {
		root = real
	}
	prefix := root
	if !strings.HasSuffix(prefix, string(filepath.Separator)) {
		prefix += string(filepath.Separator)
	}
	return &disk{root: root, prefix: prefix, slash: filepath.ToSlash(root), device: sync.OnceValues(func() (uint64, bool) { return deviceOf(root) })}
}

// Root implements [FS].
func (d *disk) Root() string { return d.slash }

// path is what the operating system calls name.
func (d *disk) path(name string) string {
	switch {
	case name == ".":
		return d.root
	case filepath.IsAbs(filepath.FromSlash(name)):
		return filepath.FromSlash(name)
	}
	return d.prefix + filepath.FromSlash(name)
}

// RealPath implements [FS].
func (d *disk) RealPath(name string) (string, error) {
	real, err := filepath.EvalSymlinks(d.path(name))
	if err != nil {
		return "", pathError("realpath", name, err)
	}
	return relative(d.slash, filepath.ToSlash(real)), nil
}

// ReadFile implements [FS].
func (d *disk) ReadFile(name string, buf []byte) ([]byte, Stamp, error) {
	data, _, stamp, err := d.read(name, maxFile, buf)
	return data, stamp, err
}

// ReadPrefix implements [FS].
func (d *disk) ReadPrefix(name string, n int, buf []byte) ([]byte, bool, Stamp, error) {
	return d.read(name, n, buf)
}

// fill reads at most limit bytes of a file and reports whether they are all.
// size is what the system says of it; read returns 0 at its end.
func fill(read func([]byte) (int, error), size int64, limit int, buf []byte) ([]byte, bool, error) {
	buf = buf[:0]
	if limit == maxFile && size >= maxFile {
		return buf, false, ErrTooLarge
	}
	// One byte more than the file has: a read that comes back short by it has
	// met the end, and the read that would return nothing is saved.
	want := int(min(size, int64(limit))) + 1
	for {
		buf = slices.Grow(buf, want-len(buf))
		n, err := read(buf[len(buf):want])
		if err != nil {
			return buf, false, err
		}
		buf = buf[:len(buf)+n]
		switch {
		case len(buf) > limit:
			if limit == maxFile {
				return buf[:0], false, ErrTooLarge
			}
			return buf[:limit], false, nil
		case n == 0 || int64(len(buf)) == size:
			return buf, true, nil
		case len(buf) == want: // the file grew, or has no size, as in /proc
			want = int(min(2*int64(want)+512, int64(limit)+1))
		}
	}
}

// relative returns an absolute slash path as a name: relative to root where it
// lies below it.
func relative(root, path string) string {
	if path == root {
		return "."
	}
	if root != "/" {
		root += "/"
	}
	if rest, ok := strings.CutPrefix(path, root); ok {
		return rest
	}
	return path
}

// pathError wraps what a call returned, with the name as the caller gave it.
func pathError(op, name string, err error) error {
	if e, ok := err.(*fs.PathError); ok {
		err = e.Err
	}
	return &fs.PathError{Op: op, Path: name, Err: err}
}

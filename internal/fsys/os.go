package fsys

import (
	"io/fs"
	"path/filepath"
	"strings"
)

// disk is the file system of the operating system, seen from one folder.
type disk struct {
	root   string // absolute and real, of the operating system
	prefix string // root with a separator at its end
	slash  string // root with slashes
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
	return &disk{root: root, prefix: prefix, slash: filepath.ToSlash(root)}
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

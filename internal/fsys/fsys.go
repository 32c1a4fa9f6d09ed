// Package fsys is the seam between Eddy and the file system: the few calls that
// the walk, the loader and the watcher need, so that tests can run them on a
// tree in memory with a clock of its own.
//
// Names are slash-separated and relative to the root of the file system; "."
// is the root itself. A name may begin with "../": manifests above the
// workspace are read that way. Errors are *fs.PathError values.
package fsys

import (
	"io/fs"
)

// FS reads one tree of files. It is safe for concurrent use.
type FS interface {
	// ReadDir lists a folder, sorted by name. On an error it returns what it
	// could read.
	ReadDir(name string) ([]DirEntry, error)
	// Stat follows symbolic links, Lstat does not.
	Stat(name string) (Info, error)
	Lstat(name string) (Info, error)
	// RealPath resolves every symbolic link in name. The answer is relative to
	// the root where it lies below it and absolute where it does not.
	RealPath(name string) (string, error)
	// ReadFile appends the file's bytes to buf[:0] and returns the result; the
	// stamp is of the bytes read. Passing the last result back avoids an
	// allocation a file.
	ReadFile(name string, buf []byte) ([]byte, Stamp, error)
	// ReadPrefix is ReadFile for at most the first n bytes. It reports whether
	// they are the whole file.
	ReadPrefix(name string, n int, buf []byte) (data []byte, whole bool, stamp Stamp, err error)
}

// DirEntry is one name in a folder.
type DirEntry struct {
	Name string
	Type fs.FileMode // type bits alone; of the link itself for a symbolic link
}

// Info is what stat tells of a file.
type Info struct {
	Mode  fs.FileMode
	Stamp Stamp
}

// Stamp tells two versions of a file apart without reading it. The zero stamp
// equals no file's.
type Stamp struct {
	Size  int64
	MTime int64 // nanoseconds since 1970
	CTime int64 // nanoseconds since 1970; 0 where the system has none
	Inode uint64
	Mode  uint32
}

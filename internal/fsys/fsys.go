// Package fsys is the seam between Eddy and the file system: the few calls that
// the walk, the loader and the watcher need, so that tests can run them on a
// tree in memory with a clock of its own.
//
// Names are slash-separated, clean ([path.Clean]) and relative to the root of
// the file system; "." is the root itself. A name may begin with "../", or be
// absolute: manifests above the workspace and the user's own settings are read
// that way. Errors are *fs.PathError values with the name as it was given.
package fsys

import (
	"errors"
	"io/fs"
)

// The errors of reading a file, beside those of the system.
var (
	ErrNotRegular = errors.New("not a regular file")
	ErrTooLarge   = errors.New("file of 2 GiB or more")
)

// maxFile is the size from which a file is too large. Offsets in Eddy are
// 32-bit, and one byte more must fit an int.
const maxFile = 1<<31 - 2

// FS reads one tree of files. It is safe for concurrent use.
type FS interface {
	// Root is the absolute, real path of the root, slash-separated.
	Root() string
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
	// stamp was taken before the bytes were read, so a file that is written
	// meanwhile does not keep it. Passing the last result back avoids an
	// allocation a file. A folder, a pipe or a device is ErrNotRegular, and is
	// never waited for.
	ReadFile(name string, buf []byte) ([]byte, Stamp, error)
	// ReadPrefix is ReadFile for at most the first n bytes. It reports whether
	// they are the whole file.
	ReadPrefix(name string, n int, buf []byte) (data []byte, whole bool, stamp Stamp, err error)
}

// StampReader is an optional power of an [FS]: to tell stamps with a listing at
// less than a Stat each.
type StampReader interface {
	// ReadDirStamps is ReadDir with the stamp of the folder, from before it was
	// listed, and those of the regular files that are wanted, by the number of the
	// entry. The stamp of another entry, and of a file that cannot be looked at, is
	// zero; so is that of a folder which the power of [FolderComparer] does not
	// reach. want may be nil, and so is then the list.
	ReadDirStamps(name string, want func(name string) bool) ([]DirEntry, []Stamp, Stamp, error)
}

// ReadDirStamps is [StampReader.ReadDirStamps] for any file system.
func ReadDirStamps(fs FS, name string, want func(name string) bool) ([]DirEntry, []Stamp, Stamp, error) {
	if r, ok := fs.(StampReader); ok {
		return r.ReadDirStamps(name, want)
	}
	entries, err := fs.ReadDir(name)
	if want == nil {
		return entries, nil, Stamp{}, err
	}
	stamps := make([]Stamp, len(entries))
	for i, e := range entries {
		if e.Type.IsRegular() && want(e.Name) {
			path := e.Name
			if name != "." {
				path = name + "/" + e.Name
			}
			if info, err := fs.Stat(path); err == nil {
				stamps[i] = info.Stamp
			}
		}
	}
	return entries, stamps, Stamp{}, err
}

// FolderComparer is an optional power of an [FS] in which a folder's stamp
// changes whenever an entry appears in it, vanishes or becomes another one: to
// tell by stamps that a listing would be what it was.
type FolderComparer interface {
	// SameFolder reports whether a folder has a stamp that ReadDirStamps gave, and
	// each of n files in it the one that file tells. A false answer may have any
	// reason.
	SameFolder(name string, stamp Stamp, n int, file func(i int) (name string, stamp Stamp)) bool
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

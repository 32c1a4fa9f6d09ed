package cache

import "github.com/eddy-build/eddy/module"

// State is what one load found, as plain data: enough to answer the next load
// without reading a file that did not change.
type State struct {
	Root string // absolute path of the workspace

	// Listing is the digest of the names of all files and folders of the
	// workspace: while it is equal, no probe of a resolver has another answer.
	Listing module.Digest
	// Written is when the state's stamps were taken, in nanoseconds since 1970.
	// A file whose stamp is not older could have changed again since without a
	// new stamp, so it is not trusted.
	Written int64

	Inputs      []Input  // manifests and ignore files, by front-end, then path
	Asked       []Asked  // what was asked of the file system beside the listing
	Sources     []Source // sorted by path
	Modules     []*module.Module
	Skipped     []Skipped
	Diagnostics []module.Diagnostic
}

// Input is a file beside the sources that the result depends on.
type Input struct {
	Path     string
	Frontend uint8 // number of the front-end that reads it
	Stamp    Stamp // zero where there was no such file
}

// Asked is a path outside the listing that a resolver asked for.
type Asked struct {
	Path   string
	Answer uint8 // nothing there, a file, a folder: in the loader's numbers
}

// Source is one parsed file.
type Source struct {
	Path     string
	Frontend uint8 // number of the front-end that claims it
	Detail   uint8 // level of detail of the facts
	Stamp    Stamp
	Content  module.Digest // of the bytes that the facts came from; zero where it was not computed
	Facts    *module.Facts
}

// Skipped is a claimed file that belongs to no module.
type Skipped struct {
	Path   string
	Reason string
}

// Stamp tells two versions of a file apart without reading it. It has the
// fields of the file system's stamp, so that one converts to the other.
type Stamp struct {
	Size  int64
	MTime int64
	CTime int64
	Inode uint64
	Mode  uint32
}

// Trusted reports whether an equal stamp means equal content: the file was last
// touched clearly before the state was written. Coarse clocks of file systems
// (up to two seconds on FAT) make "clearly" a margin.
func (s Stamp) Trusted(written int64) bool {
	const margin = 10e6 // ext4, xfs, btrfs and apfs tick at the kernel's timer, 1–10 ms
	newest := max(s.MTime, s.CTime)
	if s.MTime%1e9 == 0 && s.CTime%1e9 == 0 {
		return newest+2e9 < written // a file system that counts whole seconds
	}
	return newest+margin < written
}

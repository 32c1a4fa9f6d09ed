package cache

import "github.com/eddy-build/eddy/module"

// State is what one load found, as plain data: enough to answer the next load
// without reading a file that did not change.
type State struct {
	Root string // absolute path of the workspace

	// Listing is the digest of the names of all files and folders of the
	// workspace: while it is equal, no probe of a resolver has another answer.
	// Files is that of the names and stamps of the sources: while it is equal,
	// too, none of them has changed.
	Listing, Files module.Digest

	Inputs  []Input  // manifests, by front-end, then path
	Asked   []Asked  // what was asked of the file system beside the listing
	Sources []Source // sorted by path

	// Folders are all folders of the workspace, by path, and Asks what the walk
	// asked of the file system beside their entries. While the stamps of the
	// folders and the answers are equal, Listing is. Folders is nil where that
	// cannot be said.
	Folders []Folder
	Asks    []Ask

	// Facts returns what the sources hold, in their order. Few runs need them, so
	// those of a state out of a store are read by the first call; nil means that
	// they are damaged. Safe for concurrent use.
	Facts       func() []*module.Facts
	Modules     []*module.Module
	Skipped     []Skipped
	Walked      []module.Diagnostic // those of the listing; Diagnostics has them too
	Diagnostics []module.Diagnostic
}

// Input is a file beside the sources that the result depends on.
type Input struct {
	Path     string
	Frontend uint8 // number of the front-end that reads it
	Stamp    Stamp // zero where there was no such file; of a negative size where it is not to be trusted
}

// Asked is a path outside the listing that a resolver asked for.
type Asked struct {
	Path   string
	Answer uint8 // nothing there, a file, a folder: in the loader's numbers
}

// Folder is a folder of the workspace.
type Folder struct {
	Path  string
	Stamp Stamp
}

// Ask is a question to the file system, in the loader's words.
type Ask struct {
	Op     uint8
	Path   string
	Answer string
}

// Source is one parsed file.
type Source struct {
	Path     string
	Frontend uint8               // number of the front-end that claims it
	Stamp    Stamp               // zero where an equal one would not mean equal bytes
	Content  module.Digest       // of the bytes that the facts came from; zero where it was not computed
	Problem  []module.Diagnostic // why it could not be read; at most one
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

// Trusted reports whether an equal stamp means equal content, for a file that
// was read after an instant, in nanoseconds since 1970: it was last touched
// clearly before that. A file that is younger could change again and keep its
// stamp, because the clocks of file systems are coarse.
func (s Stamp) Trusted(read int64) bool {
	newest := max(s.MTime, s.CTime)
	if s.MTime%1e9 == 0 && s.CTime%1e9 == 0 {
		return newest+wholeSeconds < read
	}
	return newest+kernelTick < read
}

// How coarse the clocks of file systems are, in nanoseconds.
const (
	kernelTick   = 10e6 // ext4, xfs, btrfs and apfs count by the kernel's timer, 1–10 ms
	wholeSeconds = 2e9  // FAT counts by two seconds, HFS+ and NFSv2 by one
)

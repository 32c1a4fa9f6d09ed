package loader

import (
	"errors"
	"io/fs"
	"strings"
	"sync"

	"github.com/eddy-build/eddy/cache"
	"github.com/eddy-build/eddy/internal/fsys"
)

// input is a manifest that a resolver read or looked for.
type input struct {
	path  string
	stamp fsys.Stamp // zero where there was none, doubtful where an equal one would not mean equal bytes
}

// doubtful is the stamp of a manifest that may have changed since it was read:
// no file has it.
var doubtful = fsys.Stamp{Size: -1}

// inputReader is the file system for one index of a front-end. It remembers the
// stamps of what was read: a later look at a path may be one at another file, and
// does not tell that the file could not be read.
type inputReader struct {
	fsys.FS

	mu   sync.Mutex
	read map[string]fsys.Stamp // by name
	done bool                  // the inputs are stamped, and nothing is noted any more
}

// ReadFile implements [fsys.FS].
func (r *inputReader) ReadFile(name string, buf []byte) ([]byte, fsys.Stamp, error) {
	data, stamp, err := r.FS.ReadFile(name, buf)
	switch {
	case err == nil:
		r.note(name, stamp)
	case errors.Is(err, fsys.ErrNotRegular), errors.Is(err, fsys.ErrTooLarge), errors.Is(err, fs.ErrNotExist):
		// The stamp tells as much.
	default:
		// A lack of rights or of descriptors is another in the next run, and the
		// stamp is not.
		r.note(name, doubtful)
	}
	return data, stamp, err
}

func (r *inputReader) note(name string, stamp fsys.Stamp) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.done {
		return
	}
	if r.read == nil {
		r.read = make(map[string]fsys.Stamp)
	}
	if before, again := r.read[name]; again && before != stamp {
		stamp = doubtful
	}
	r.read[name] = stamp
}

// stamps is called when the manifests have been read, some time after began: one
// that changed since then, or just before, is doubtful, and so is one that is
// there and could not be read.
func (r *inputReader) stamps(paths []string, began int64) []input {
	r.mu.Lock()
	read := r.read
	r.read, r.done = nil, true // a resolver may keep the file system
	r.mu.Unlock()
	list := make([]input, len(paths))
	for i, p := range paths {
		stamp, ok := read[p]
		if !ok || stamp == doubtful || isHead(p) {
			// A path on which nothing can be is like one at which nothing is.
			if now := stampOf(r.FS, p); !ok || isHead(p) || now == (fsys.Stamp{}) {
				stamp = now
			}
		}
		if stamp != (fsys.Stamp{}) && stamp != doubtful && !cache.Stamp(stamp).Trusted(began) {
			stamp = doubtful
		}
		list[i] = input{p, stamp}
	}
	return list
}

// stampOf returns the stamp of a file, zero where there is none.
func stampOf(fs fsys.FS, path string) fsys.Stamp {
	info, err := fs.Stat(path)
	if err != nil {
		return fsys.Stamp{}
	}
	if isHead(path) {
		return fsys.Stamp{Mode: 1} // older than anything, and no other
	}
	return info.Stamp
}

// isHead reports whether a path is that of the file that makes a folder a
// repository of git. As an input it is there or it is not: what it holds is
// another with each switch of branches.
func isHead(path string) bool { return strings.HasSuffix(path, "/"+gitHead) || path == gitHead }

const gitHead = gitDirName + "/HEAD"

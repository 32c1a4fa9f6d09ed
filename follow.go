package eddy

import (
	"context"
	"errors"
	"time"

	"github.com/eddy-build/eddy/cache"
	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
	"github.com/eddy-build/eddy/watch"
)

// ErrNotLoaded is returned by what needs a snapshot where there is none yet.
var ErrNotLoaded = errors.New("eddy: the workspace is not loaded yet")

// Watch keeps the engine's snapshot up to date with the files until the watcher
// is closed or ctx is done. The engine must have been loaded. An engine has at
// most one watcher at a time.
func (e *Engine) Watch(ctx context.Context, opts watch.Options) (*watch.Watcher, error) {
	switch s := e.Snapshot(); {
	case s == nil:
		return nil, ErrNotLoaded
	case s.stored != nil: // which folders there are is not known yet
		if _, _, err := e.Rescan(ctx); err != nil {
			return nil, err
		}
	}
	return watch.New(ctx, e.config.Root, &follower{engine: e}, opts)
}

// follower is an engine as its watcher sees it. The watcher calls one method at
// a time.
type follower struct {
	engine *Engine
	// seen are the stamps of the files that no watched folder tells of, as they
	// were when the result was made.
	seen   map[string]fsys.Stamp
	result *loader.Result
}

// Folders is called by the watcher.
func (f *follower) Folders() []string {
	folders := f.engine.Snapshot().loaded().Tree.Folders()
	paths := make([]string, len(folders))
	for i, folder := range folders {
		paths[i] = folder.Path
	}
	return paths
}

// Missed is called by the watcher.
func (f *follower) Missed() bool {
	if f.result != f.engine.Snapshot().loaded() {
		return true // not the follower's own: nothing is known of its files
	}
	for path, stamp := range f.seen {
		if f.stamp(path) != stamp {
			return true
		}
	}
	return !f.result.Holds(f.engine.config)
}

func (f *follower) stamp(path string) fsys.Stamp {
	info, err := f.engine.config.FS.Stat(path)
	if err != nil {
		return fsys.Stamp{}
	}
	if info.Mode.IsDir() {
		// What is in it is told of elsewhere; here it counts which folder it is.
		return fsys.Stamp{Inode: info.Stamp.Inode, Mode: info.Stamp.Mode}
	}
	return info.Stamp
}

// doubtful is the stamp of a file that may have changed since it was read: no
// file has it.
var doubtful = fsys.Stamp{Size: -1}

// Update is called by the watcher.
func (f *follower) Update(ctx context.Context, batch watch.Batch) (*module.Delta, error) {
	began := time.Now().UnixNano()
	changes := loader.Changes{Paths: f.engine.relative(batch.Paths), Rescan: batch.Rescan}
	s, delta, err := f.engine.advance(ctx, changes)
	if err != nil {
		return nil, err
	}
	f.result = s.loaded()
	paths := f.result.Unwatched()
	f.seen = make(map[string]fsys.Stamp, len(paths))
	for _, path := range paths {
		stamp := f.stamp(path)
		if stamp != (fsys.Stamp{}) && !cache.Stamp(stamp).Trusted(began) {
			stamp = doubtful
		}
		f.seen[path] = stamp
	}
	return delta, nil
}

package eddy

import (
	"context"

	"github.com/eddy-build/eddy/cache"
	"github.com/eddy-build/eddy/module"
)

// Key describes all that the engine's snapshots depend on beside the files and
// the settings of git: the build of Eddy, the system, and the options.
func (e *Engine) Key() module.Digest { return e.storeKey() }

// Build tells this build of Eddy from others.
func Build() string { return toolIdentity() }

// Export gives the engine's snapshot as bytes that an engine of the same Key, in
// another process, can adopt. It returns nil before the first load.
func (e *Engine) Export() []byte {
	s := e.Snapshot()
	if s == nil {
		return nil
	}
	return cache.Encode(s.loaded().State(), e.storeKey())
}

// Adopt makes what Export gave the engine's snapshot, without a look at any
// file: that it holds for the files as they are is the caller's knowledge. What
// the snapshot tells of files that are no modules, as Explain does, is less.
func (e *Engine) Adopt(data []byte) (*Snapshot, error) {
	leave, err := e.enter(context.Background(), "adopt", "a snapshot")
	if err != nil {
		return nil, err
	}
	defer leave()
	stored, err := cache.Decode(data, e.storeKey())
	if err != nil {
		return nil, err
	}
	if stored.Root != e.config.Root {
		return nil, &module.CacheError{Reason: "belongs to another workspace, " + stored.Root}
	}
	s := e.restored(stored)
	s.known, s.generation = e.known, e.known.restart()
	s.start = Start{Warm: true, Reason: "answered by the server of this workspace"}
	e.snapshot.Store(s)
	return s, nil
}

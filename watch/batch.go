package watch

import (
	"slices"
	"time"
)

// maxBatch is how many paths a batch holds. Beyond it a list is no cheaper than
// a look at every file, so the batch becomes a rescan; this bounds the memory of
// a watcher whatever happens in the tree.
const maxBatch = 20_000

// While git holds its lock it is writing the working tree: the batch waits for the
// end, unless nothing changes for so many debounce periods. A git that died leaves
// the lock behind for good.
const lockedQuiet = 20

// maxLocked is how many debounce periods a batch waits at most for that end.
const maxLocked = 400

// maxDelay is how many debounce periods a batch waits at most while changes go
// on arriving, so that a file that is written without end does not hold back
// the rest.
const maxDelay = 10

// Batch is a set of changes that belong together: a save, a branch switch.
type Batch struct {
	Paths  []string // slash paths from the root, sorted; files and folders
	Rescan bool     // events were lost or are unknown: every file must be compared by its stamp
	Reason string   // why a rescan
}

// The reasons of rescans before which nothing was lost.
const (
	beganReason   = "the watch began"
	askedReason   = "asked for"
	pollReason    = "polling"
	pollingReason = "the watch went over to polling"
	missedReason  = "a file changed of which no watched folder tells"
)

// routine reports whether a reason, or none, is no news to a user.
func routine(reason string) bool {
	switch reason {
	case "", beganReason, askedReason, pollReason, pollingReason, missedReason:
		return true
	}
	return false
}

// batcher joins changes that arrive close together. It is a state machine on the
// times it is given; it knows no clock:
//
//	        add                    add
//	idle ────────► collecting ────────────┐
//	 ▲                 │  ▲ (last = now)  │
//	 │ take            │  └───────────────┘
//	 └──── due ◄───────┘ quiet for one debounce period,
//	                     or maxDelay periods after the first;
//	                     lockedQuiet and maxLocked while locked
type batcher struct {
	debounce    time.Duration
	first, last time.Time // of the batch being collected; zero while idle
	after       time.Time // not due before, unless a path changes
	locked      bool      // more is known to come
	paths       map[string]struct{}
	rescan      string // why, or empty
}

func newBatcher(debounce time.Duration) *batcher {
	return &batcher{debounce: debounce, paths: map[string]struct{}{}}
}

func (b *batcher) idle() bool { return b.first.IsZero() }

// add notes that a path changed.
func (b *batcher) add(path string, now time.Time) {
	b.after = time.Time{}
	b.mark(now)
	if b.rescan != "" {
		return
	}
	if b.paths[path] = struct{}{}; len(b.paths) > maxBatch {
		b.lose("more than 20,000 changed paths at once", now)
	}
}

// lose notes that changes are known to have been missed.
func (b *batcher) lose(reason string, now time.Time) {
	b.mark(now)
	if b.rescan == "" {
		b.rescan = reason
	}
	clear(b.paths)
}

func (b *batcher) mark(now time.Time) {
	if b.idle() {
		b.first = now
	}
	b.last = now
}

// lock notes whether more is known to come. When that ends a batch being collected
// is due a debounce period later.
func (b *batcher) lock(locked bool, now time.Time) {
	if b.locked && !locked && !b.idle() {
		b.last = now
	}
	b.locked = locked
}

// delay puts off a batch in which no path is known to have changed.
func (b *batcher) delay(until time.Time) { b.after = until }

// due returns when the batch is complete if nothing more arrives. It must not be
// called while idle.
func (b *batcher) due() time.Time {
	quiet, latest := b.last.Add(b.debounce), b.first.Add(maxDelay*b.debounce)
	if b.locked {
		quiet, latest = b.last.Add(lockedQuiet*b.debounce), b.first.Add(maxLocked*b.debounce)
	}
	if quiet.After(latest) {
		quiet = latest
	}
	if b.after.After(quiet) {
		return b.after
	}
	return quiet
}

// take returns the batch and makes b idle.
func (b *batcher) take() Batch {
	batch := Batch{Rescan: b.rescan != "", Reason: b.rescan, Paths: make([]string, 0, len(b.paths))}
	for path := range b.paths {
		batch.Paths = append(batch.Paths, path)
	}
	slices.Sort(batch.Paths)
	clear(b.paths)
	b.first, b.last, b.after, b.rescan = time.Time{}, time.Time{}, time.Time{}, ""
	return batch
}

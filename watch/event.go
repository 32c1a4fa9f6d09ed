package watch

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/eddy-build/eddy/module"
)

// Kind says what happened to a module.
type Kind uint8

// The kinds of an event. A good edit is modified and then reloaded; a broken one
// is modified and then failed.
const (
	Created     Kind = iota // a new module
	Modified                // its facts or what its imports lead to changed
	Removed                 // no module any more
	Reloaded                // its new version is in the snapshot
	Invalidated             // something upstream changed in a way that it can observe
	Failed                  // it no longer parses; keep using the last good version
)

// String returns "created", "modified", "removed", "reloaded", "invalidated" or
// "failed".
func (k Kind) String() string {
	return [...]string{"created", "modified", "removed", "reloaded", "invalidated", "failed"}[k]
}

// Event is one thing that happened to one module.
type Event struct {
	Kind        Kind
	ID          module.ID
	Reason      string              // modified: what changed of it
	By          module.ID           // invalidated: the changed module
	Via         module.ID           // invalidated: the dependency that leads there
	Diagnostics []module.Diagnostic // failed
}

func (e Event) compare(f Event) int {
	return cmp.Or(strings.Compare(string(e.ID), string(f.ID)), cmp.Compare(e.Kind, f.Kind))
}

// eventsOf lists what a delta means, sorted by ID and kind.
func eventsOf(d *module.Delta) []Event {
	var list []Event
	failed := make(map[module.ID]bool, len(d.Failed))
	for _, f := range d.Failed {
		failed[f.ID] = true
		list = append(list, Event{Kind: Failed, ID: f.ID, Diagnostics: f.Diagnostics})
	}
	for _, id := range d.Added {
		list = append(list, Event{Kind: Created, ID: id})
	}
	for _, id := range d.Removed {
		list = append(list, Event{Kind: Removed, ID: id})
	}
	for _, m := range d.Modified {
		list = append(list, Event{Kind: Modified, ID: m.ID, Reason: m.Reason.String()})
		if !failed[m.ID] {
			list = append(list, Event{Kind: Reloaded, ID: m.ID})
		}
	}
	for _, inv := range d.Invalidated {
		list = append(list, Event{Kind: Invalidated, ID: inv.ID, By: inv.By, Via: inv.Via})
	}
	slices.SortFunc(list, Event.compare)
	return list
}

// Notification is what a subscriber receives: one batch, or several merged into
// one where it was slow.
type Notification struct {
	Batches int      // how many were merged; 1 for a subscriber that keeps up, 0 for notices alone
	Events  []Event  // sorted by ID and kind; the newest of each
	Paths   []string // the changed paths, sorted; at most those of one full batch
	Rescan  string   // why everything was compared, or empty
	Notices []string // what the user should know: a fallback to polling, a failed update
	Work    module.Work
}

// Routine reports whether everything was compared for want of file events, at the
// beginning or on request, if at all: no event was lost.
func (n *Notification) Routine() bool { return routine(n.Rescan) }

// merge adds a later notification to n. What a module went through is told by
// the latest of its comings and goings.
func (n *Notification) merge(later Notification) {
	n.Batches += later.Batches
	n.Events = append(n.Events, later.Events...)
	n.Events = latest(n.Events)
	n.Paths = append(n.Paths, later.Paths...)
	slices.Sort(n.Paths)
	n.Paths = slices.Compact(n.Paths)
	if len(n.Paths) > maxBatch {
		n.Paths = n.Paths[:maxBatch]
	}
	if n.Rescan == "" || routine(n.Rescan) && !routine(later.Rescan) {
		n.Rescan = later.Rescan
	}
	for _, notice := range later.Notices {
		if !slices.Contains(n.Notices, notice) {
			n.Notices = append(n.Notices, notice)
		}
	}
	n.Work = addWork(n.Work, later.Work)
}

// latest drops, of events in the order in which they happened, those that a
// later one on the same module contradicts or repeats, and sorts the rest.
func latest(events []Event) []Event {
	type key struct {
		id   module.ID
		kind Kind
	}
	last := make(map[key]int, len(events))
	for i, e := range events {
		switch e.Kind {
		case Removed: // whatever it went through before
			for kind := Created; kind <= Failed; kind++ {
				delete(last, key{e.ID, kind})
			}
		case Created:
			delete(last, key{e.ID, Removed})
		case Reloaded:
			delete(last, key{e.ID, Failed})
		case Failed:
			delete(last, key{e.ID, Reloaded})
		}
		last[key{e.ID, e.Kind}] = i
	}
	kept := make([]Event, 0, len(last))
	for _, i := range last {
		kept = append(kept, events[i])
	}
	slices.SortFunc(kept, Event.compare)
	return kept
}

func addWork(a, b module.Work) module.Work {
	return module.Work{
		Listed: a.Listed + b.Listed, SameStamp: a.SameStamp + b.SameStamp, SameContent: a.SameContent + b.SameContent,
		Parsed: a.Parsed + b.Parsed, SameFacts: a.SameFacts + b.SameFacts, Indexed: a.Indexed + b.Indexed,
		Resolved: a.Resolved + b.Resolved, Linked: a.Linked + b.Linked, Checked: a.Checked + b.Checked,
		SameInterface: a.SameInterface + b.SameInterface,
	}
}

// ErrClosed is returned by the methods of a watcher or a subscription after
// Close.
var ErrClosed = errors.New("watch: closed")

// Subscription receives the notifications of a watcher. Its queue holds one
// notification, into which later ones are merged until it is taken: a slow
// subscriber loses nothing, and its memory is bounded by the number of modules.
type Subscription struct {
	mu      sync.Mutex
	pending *Notification
	closed  bool
	ready   chan struct{} // holds one value while there is something to take
	watched map[module.ID]struct{}
	drop    func(*Subscription)
}

// Watch narrows the subscription to some modules, and adds to them when called
// again. Before the first call it is told of every module.
func (s *Subscription) Watch(ids ...module.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.watched == nil {
		s.watched = map[module.ID]struct{}{}
	}
	for _, id := range ids {
		s.watched[id] = struct{}{}
	}
}

// Unwatch takes modules out of those that Watch named.
func (s *Subscription) Unwatch(ids ...module.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		delete(s.watched, id)
	}
}

// put hands a notification over; it never waits.
func (s *Subscription) put(n Notification) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	if s.watched != nil {
		n.Events = slices.DeleteFunc(slices.Clone(n.Events), func(e Event) bool {
			_, ok := s.watched[e.ID]
			return !ok
		})
		if len(n.Events) == 0 && len(n.Notices) == 0 {
			return
		}
	}
	if s.pending == nil {
		n.Events, n.Paths, n.Notices = slices.Clone(n.Events), slices.Clone(n.Paths), slices.Clone(n.Notices)
		s.pending = &n
	} else {
		s.pending.merge(n)
	}
	select {
	case s.ready <- struct{}{}:
	default:
	}
}

// Next waits for the next notification.
func (s *Subscription) Next(ctx context.Context) (Notification, error) {
	for {
		if n, ok, err := s.Take(); ok || err != nil {
			return n, err
		}
		select {
		case <-ctx.Done():
			return Notification{}, ctx.Err()
		case <-s.ready:
		}
	}
}

// Ready is for a caller that waits for other things too: it receives when Take
// should be called, and is closed with the subscription.
func (s *Subscription) Ready() <-chan struct{} { return s.ready }

// Take returns the next notification, if there is one now. After the last of a
// subscription that has ended the error is ErrClosed.
func (s *Subscription) Take() (n Notification, ok bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pending != nil {
		n, s.pending = *s.pending, nil
		return n, true, nil
	}
	if s.closed {
		return n, false, ErrClosed
	}
	return n, false, nil
}

// Close ends the subscription; what is pending can still be taken.
func (s *Subscription) Close() {
	s.end()
	s.drop(s)
}

func (s *Subscription) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.closed = true
		close(s.ready)
	}
}

package module

import "slices"

// Delta is what one update changed from one snapshot to the next. Each list is
// sorted by ID; a module is in at most one of Added, Removed, Modified and Relinked.
type Delta struct {
	Added    []ID
	Removed  []ID
	Modified []Modification
	// Relinked are the modules that are as they were but for their interface, into
	// which that of a changed module goes.
	Relinked []ID
	// Invalidated are the modules downstream of a change that importers can
	// observe: what was made from them is out of date.
	Invalidated []Invalidation
	// Failed are the modules of which a file no longer parses.
	Failed []Failure
	Work   Work
}

// Empty reports whether nothing changed.
func (d *Delta) Empty() bool {
	return len(d.Added) == 0 && len(d.Removed) == 0 && len(d.Modified) == 0 && len(d.Failed) == 0
}

// Changed lists the modules that were added, removed or modified, sorted.
func (d *Delta) Changed() []ID {
	list := make([]ID, 0, len(d.Added)+len(d.Removed)+len(d.Modified))
	list = append(append(list, d.Added...), d.Removed...)
	for _, m := range d.Modified {
		list = append(list, m.ID)
	}
	slices.Sort(list)
	return list
}

// Modification is a module whose facts or conclusions changed.
type Modification struct {
	ID     ID
	Reason ChangeReason
}

// ChangeReason says what of a module changed, from the least to the most.
type ChangeReason uint8

// The reasons of a modification.
const (
	ChangedContent      ChangeReason = iota // its text, and nothing that importers can observe
	ChangedDependencies                     // what its imports lead to
	ChangedInterface                        // what importers can observe
)

// String returns "content", "dependencies" or "interface".
func (r ChangeReason) String() string {
	return [...]string{"content", "dependencies", "interface"}[r]
}

// Invalidation is a module downstream of a change.
type Invalidation struct {
	ID  ID
	By  ID // the changed module nearest upstream; the first by ID among equals
	Via ID // the dependency that leads there; By itself for a direct dependency
}

// Failure is a module that no longer parses.
type Failure struct {
	ID          ID
	Diagnostics []Diagnostic
}

// Work counts what an update did, and where it stopped early.
type Work struct {
	Listed        int // folders listed
	SameStamp     int // changed paths whose stamp is that of the last load
	SameContent   int // files read again whose bytes are the same
	Parsed        int // files parsed
	SameFacts     int // files parsed in which nothing that counts is another
	Indexed       int // front-ends that indexed their files again
	Resolved      int // modules whose imports were resolved again
	Linked        int // modules whose interface was worked out again, or is another
	Checked       int // modules whose imported names were looked for again
	SameInterface int // modified modules that importers cannot tell from before
}

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/eddy-build/eddy"
	"github.com/eddy-build/eddy/module"
	"github.com/eddy-build/eddy/render"
	"github.com/eddy-build/eddy/watch"
)

// maxWatchLines is how many lines of one kind a batch has as text, unless all
// are asked for: a switch of branches must not hide what it comes to.
const maxWatchLines = 20

// watchPrinter prints what happens, one event a line.
type watchPrinter struct {
	w     io.Writer
	json  bool
	all   bool // print every line
	color palette
	err   error // the first; nothing is printed after it
}

// watchLine is one event as JSON.
type watchLine struct {
	Event       string      `json:"event"`
	ID          module.ID   `json:"id,omitempty"`
	Reason      string      `json:"reason,omitempty"`
	By          module.ID   `json:"by,omitempty"`
	Via         module.ID   `json:"via,omitempty"`
	Diagnostics []string    `json:"diagnostics,omitempty"`
	Members     []module.ID `json:"members,omitempty"`
	Joined      []module.ID `json:"joined,omitempty"`
	Left        []module.ID `json:"left,omitempty"`
	Circle      []module.ID `json:"circle,omitempty"`
	Message     string      `json:"message,omitempty"`
	Work        *watchWork  `json:"work,omitempty"`
}

// watchWork is what a batch took, as JSON.
type watchWork struct {
	Batches       int `json:"batches"`
	Paths         int `json:"paths"`
	SameContent   int `json:"same_content"`
	Parsed        int `json:"parsed"`
	Resolved      int `json:"resolved"`
	SameInterface int `json:"same_interface"`
	Invalidated   int `json:"invalidated"`
}

// The events that are not those of a module.
const (
	eventNotice    = "notice"
	eventRescan    = "rescan"
	eventUnchanged = "unchanged"
	eventProblem   = "problem"
	eventBatch     = "batch"
)

// batch prints a notification: what changed and what that invalidates, the
// files that were written and are what they were, the problems that are new, and
// what became of the cycles.
func (o *watchPrinter) batch(n watch.Notification, before, now *eddy.Snapshot, cycles []cycleChange) {
	var lines []watchLine
	for _, notice := range n.Notices {
		lines = append(lines, watchLine{Event: eventNotice, Message: notice})
	}
	if !n.Routine() {
		lines = append(lines, watchLine{Event: eventRescan, Reason: n.Rescan})
	}
	var changed, invalidated []watchLine
	for _, e := range n.Events {
		l := watchLine{Event: e.Kind.String(), ID: e.ID, Reason: e.Reason, By: e.By, Via: e.Via}
		for _, d := range e.Diagnostics {
			l.Diagnostics = append(l.Diagnostics, d.String())
		}
		if e.Kind == watch.Invalidated {
			invalidated = append(invalidated, l)
		} else {
			changed = append(changed, l)
		}
	}
	lines = slices.Concat(lines, changed, invalidated)
	for _, id := range unchanged(n, now) {
		lines = append(lines, watchLine{Event: eventUnchanged, ID: id, Reason: "same content"})
	}
	for _, d := range newProblems(n, before, now) {
		lines = append(lines, watchLine{Event: eventProblem, Diagnostics: []string{d.String()}})
	}
	for _, c := range cycles {
		lines = append(lines, watchLine{Event: c.event, Members: c.members, Joined: c.joined, Left: c.left, Circle: c.circle})
	}
	if len(lines) == 0 {
		return
	}
	if o.json {
		o.lines(append(lines, watchLine{Event: eventBatch, Work: &watchWork{
			Batches: n.Batches, Paths: len(n.Paths), SameContent: n.Work.SameContent, Parsed: n.Work.Parsed,
			Resolved: n.Work.Resolved, SameInterface: n.Work.SameInterface, Invalidated: len(invalidated),
		}}))
		return
	}
	o.text(lines)
}

// newProblems lists the diagnostics that are new, wherever they stand in their
// file, without those that events have.
func newProblems(n watch.Notification, before, now *eddy.Snapshot) []module.Diagnostic {
	if before == now {
		return nil
	}
	type key struct{ file, code, message string }
	of := func(d module.Diagnostic) key {
		message, _, _ := strings.Cut(d.Message, ";") // what it suggests may be another
		return key{d.Span.File, d.Code, message}
	}
	known := map[key]int{}
	for _, d := range before.Diagnostics() {
		known[of(d)]++
	}
	for _, e := range n.Events {
		for _, d := range e.Diagnostics {
			known[of(d)]++
		}
	}
	return slices.DeleteFunc(slices.Clone(now.Diagnostics()), func(d module.Diagnostic) bool {
		known[of(d)]--
		return known[of(d)] >= 0
	})
}

// unchanged lists the modules of which a file was written or touched, and that
// are what they were.
func unchanged(n watch.Notification, now *eddy.Snapshot) []module.ID {
	if n.Work.SameContent+n.Work.SameFacts+n.Work.SameStamp == 0 || len(n.Paths) == 0 {
		return nil
	}
	var list []module.ID
	for _, m := range now.Modules() {
		if !slices.ContainsFunc(m.Files, func(file string) bool { _, ok := slices.BinarySearch(n.Paths, file); return ok }) {
			continue
		}
		at, known := slices.BinarySearchFunc(n.Events, m.ID, func(e watch.Event, id module.ID) int { return e.ID.Compare(id) })
		if !known || n.Events[at].Kind == watch.Invalidated {
			list = append(list, m.ID)
		}
	}
	return list
}

// lines prints events as JSON.
func (o *watchPrinter) lines(lines []watchLine) {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	for i := range lines {
		if o.err = encoder.Encode(&lines[i]); o.err != nil {
			return
		}
	}
	_, o.err = io.WriteString(o.w, b.String())
}

// text prints events for a person.
func (o *watchPrinter) text(lines []watchLine) {
	var b strings.Builder
	printed := map[string]int{}
	failed := map[module.ID]bool{}
	for i := range lines {
		if lines[i].Event == watch.Failed.String() {
			failed[lines[i].ID] = true
		}
	}
	for i := range lines {
		l := &lines[i]
		if l.Event == watch.Reloaded.String() || l.Event == watch.Modified.String() && failed[l.ID] {
			continue // another line says as much
		}
		if printed[l.Event]++; o.all || printed[l.Event] <= maxWatchLines {
			b.WriteString(o.describe(l) + "\n")
		}
		last := i == len(lines)-1 || !slices.ContainsFunc(lines[i+1:], func(m watchLine) bool { return m.Event == l.Event })
		if left := printed[l.Event] - maxWatchLines; last && left > 0 && !o.all {
			fmt.Fprintf(&b, "%s … and %s more; --verbose lists all\n", o.event(l.Event), grouped(left))
		}
	}
	_, o.err = io.WriteString(o.w, b.String())
}

// describe is an event as a line of text.
func (o *watchPrinter) describe(l *watchLine) string {
	text := o.event(l.Event)
	add := func(before string, id module.ID) { text += before + render.Printable(string(id)) }
	switch l.Event {
	case eventNotice:
		return text + " " + render.Printable(l.Message)
	case eventProblem:
		return text + " " + render.Printable(l.Diagnostics[0])
	case eventRescan:
		return text + " (" + render.Printable(l.Reason) + ")"
	}
	if len(l.Members) > 0 {
		text += " " + count(len(l.Members), "module", "modules")
		if n := len(l.Joined); n > 0 {
			text += ", " + grouped(n) + " joined"
		}
		if n := len(l.Left); n > 0 {
			text += ", " + grouped(n) + " left"
		}
		before := ": "
		for i := range len(l.Circle) + 1 {
			add(before, l.Circle[i%len(l.Circle)]) // none is empty
			before = " → "
		}
		return text
	}
	if len(l.Diagnostics) > 0 && strings.HasPrefix(l.Diagnostics[0], string(l.ID)+":") {
		return text + " " + render.Printable(l.Diagnostics[0])
	}
	add(" ", l.ID)
	switch {
	case l.Event == watch.Modified.String() && l.Reason != module.ChangedInterface.String():
		text += " (" + l.Reason + ", same interface)"
	case l.Reason != "":
		text += " (" + l.Reason + ")"
	case l.By != "":
		add(" by ", l.By)
		if l.Via != l.By {
			add(" via ", l.Via)
		}
	case len(l.Diagnostics) > 0:
		text += ": " + render.Printable(l.Diagnostics[0])
	}
	return text
}

// event is the first word of a line, in the colour of its import.
func (o *watchPrinter) event(name string) string {
	switch name {
	case watch.Created.String(), "cycle-gone":
		return o.color.green(name)
	case watch.Removed.String(), watch.Failed.String(), "cycle-new":
		return o.color.red(name)
	case watch.Modified.String():
		return o.color.bold(name)
	case eventNotice, eventRescan, eventProblem, "cycle-changed":
		return o.color.yellow(name)
	}
	return o.color.dim(name)
}

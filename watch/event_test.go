package watch

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/synctest"

	"pgregory.net/rapid"

	"github.com/eddy-build/eddy/module"
)

func describe(n Notification) string {
	var b strings.Builder
	for _, e := range n.Events {
		fmt.Fprintf(&b, "%s %s", e.Kind, e.ID)
		if e.Reason != "" {
			fmt.Fprintf(&b, " (%s)", e.Reason)
		}
		if e.By != "" {
			fmt.Fprintf(&b, " by %s via %s", e.By, e.Via)
		}
		b.WriteString("; ")
	}
	return strings.TrimSuffix(b.String(), "; ")
}

func TestEventsOf(t *testing.T) {
	d := &module.Delta{
		Added: []module.ID{"n"}, Removed: []module.ID{"r"},
		Modified:    []module.Modification{{ID: "m", Reason: module.ChangedInterface}, {ID: "b", Reason: module.ChangedContent}},
		Invalidated: []module.Invalidation{{ID: "a", By: "m", Via: "x"}},
		Failed:      []module.Failure{{ID: "b", Diagnostics: []module.Diagnostic{{Message: "broken"}}}},
	}
	want := "invalidated a by m via x; modified b (content); failed b; modified m (interface); reloaded m; created n; removed r"
	if got := describe(Notification{Events: eventsOf(d)}); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A slow subscriber gets one notification in which nothing is missing.
func TestMergeForSlowSubscriber(t *testing.T) {
	s := &Subscription{ready: make(chan struct{}, 1), drop: func(*Subscription) {}}
	s.put(Notification{Batches: 1, Events: []Event{{Kind: Modified, ID: "a", Reason: "content"}}, Paths: []string{"x"}, Work: module.Work{Parsed: 1}})
	s.put(Notification{Batches: 1, Events: []Event{{Kind: Modified, ID: "a", Reason: "interface"}, {Kind: Created, ID: "b"}}, Paths: []string{"x", "y"}, Notices: []string{"polling"}, Rescan: "why", Work: module.Work{Parsed: 2}})
	s.put(Notification{Batches: 1, Events: []Event{{Kind: Removed, ID: "b"}}, Notices: []string{"polling"}})
	n, err := s.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := describe(n), "modified a (interface); removed b"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if n.Batches != 3 || len(n.Paths) != 2 || len(n.Notices) != 1 || n.Rescan != "why" || n.Work.Parsed != 3 {
		t.Errorf("%+v", n)
	}
	s.Close()
	if _, err := s.Next(t.Context()); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	s.put(Notification{}) // as a batch that ends meanwhile does
}

func TestNarrowedSubscription(t *testing.T) {
	s := &Subscription{ready: make(chan struct{}, 1), drop: func(*Subscription) {}}
	s.Watch("a", "b")
	s.Unwatch("b")
	events := []Event{{Kind: Modified, ID: "a"}, {Kind: Modified, ID: "b"}}
	s.put(Notification{Batches: 1, Events: events[1:]})
	s.put(Notification{Batches: 1, Events: events})
	n, err := s.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := describe(n); got != "modified a" || n.Batches != 1 {
		t.Errorf("%s in %d batches", got, n.Batches)
	}
	if len(events) != 2 || events[1].ID != "b" {
		t.Error("narrowing one subscription changed the events of the others")
	}
}

func TestNextWaitsForItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Subscription{ready: make(chan struct{}, 1), drop: func(*Subscription) {}}
		ctx, cancel := context.WithCancel(t.Context())
		go cancel()
		if _, err := s.Next(ctx); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

// Whatever happens while a subscriber looks elsewhere, what it then is told leads
// it to the modules that there are, and names each that it must look at.
func TestSlowSubscriberLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &Subscription{ready: make(chan struct{}, 1), drop: func(*Subscription) {}}
		ids := []module.ID{"a", "b", "c"}
		alive, told := map[module.ID]bool{}, map[module.ID]bool{}
		type news struct{ modified, invalidated, failed bool }
		due := map[module.ID]news{} // since the last notification was taken
		take := func() {
			n, ok, err := s.Take()
			if err != nil || !ok {
				t.Fatal("nothing to take", err)
			}
			got := map[module.ID]map[Kind]bool{}
			for i, e := range n.Events {
				if i > 0 && n.Events[i-1].compare(e) >= 0 {
					t.Fatalf("not sorted: %s", describe(n))
				}
				if got[e.ID] == nil {
					got[e.ID] = map[Kind]bool{}
				}
				got[e.ID][e.Kind] = true
				switch e.Kind {
				case Created:
					told[e.ID] = true
				case Removed:
					delete(told, e.ID)
				}
			}
			if !maps.Equal(told, alive) {
				t.Fatalf("there are %v, told of %v: %s", alive, told, describe(n))
			}
			for id, d := range due {
				g := got[id]
				switch {
				case !alive[id]:
				case d.modified && !g[Modified] && !g[Created], d.invalidated && !g[Invalidated] && !g[Created],
					d.failed != g[Failed], d.failed && g[Reloaded]:
					t.Fatalf("%s: %+v, told %s", id, d, describe(n))
				}
			}
			clear(due)
		}
		for range rapid.IntRange(1, 12).Draw(t, "batches") {
			d := &module.Delta{}
			for _, id := range ids {
				was := due[id]
				switch what := rapid.IntRange(0, 5).Draw(t, "what"); {
				case what == 0:
				case !alive[id]:
					d.Added = append(d.Added, id)
					alive[id], due[id] = true, news{modified: true}
				case what == 1:
					d.Removed = append(d.Removed, id)
					delete(alive, id)
					delete(due, id)
				case what == 2:
					d.Invalidated = append(d.Invalidated, module.Invalidation{ID: id})
					due[id] = news{was.modified, true, was.failed}
				case what == 3:
					d.Modified = append(d.Modified, module.Modification{ID: id})
					d.Failed = append(d.Failed, module.Failure{ID: id})
					due[id] = news{true, was.invalidated, true}
				default:
					d.Modified = append(d.Modified, module.Modification{ID: id})
					due[id] = news{true, was.invalidated, false}
				}
			}
			s.put(Notification{Batches: 1, Events: eventsOf(d)})
			if rapid.Bool().Draw(t, "take") {
				take()
			}
		}
		s.put(Notification{Batches: 1})
		take()
	})
}

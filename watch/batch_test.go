package watch

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// A batch is due a quiet period after its last change, and at the latest ten
// after its first.
func TestBatcherDue(t *testing.T) {
	const ms = time.Millisecond
	for _, test := range []struct {
		name    string
		changes []time.Duration // when paths change
		due     time.Duration
	}{
		{"one change", []time.Duration{0}, 50 * ms},
		{"a save in steps", []time.Duration{0, 10 * ms, 30 * ms}, 80 * ms},
		{"just within", []time.Duration{0, 50 * ms, 100 * ms}, 150 * ms},
		{"without end", []time.Duration{0, 49 * ms, 98 * ms, 200 * ms, 300 * ms, 400 * ms, 480 * ms, 499 * ms}, 500 * ms},
	} {
		t.Run(test.name, func(t *testing.T) {
			zero := time.Unix(1000, 0)
			b := newBatcher(50 * ms)
			for i, at := range test.changes {
				b.add(fmt.Sprint(i), zero.Add(at))
			}
			if got := b.due().Sub(zero); got != test.due {
				t.Errorf("due after %v, want %v", got, test.due)
			}
			if n := len(b.take().Paths); n != len(test.changes) || !b.idle() {
				t.Errorf("the batch has %d paths, idle %v", n, b.idle())
			}
		})
	}
}

func TestBatcherTake(t *testing.T) {
	now := time.Unix(1000, 0)
	b := newBatcher(time.Second)
	for _, p := range []string{"b", "a", "b", "c/d"} {
		b.add(p, now)
	}
	if got := b.take(); !slices.Equal(got.Paths, []string{"a", "b", "c/d"}) || got.Rescan {
		t.Errorf("%+v", got)
	}
	b.add("a", now)
	b.lose("first", now)
	b.lose("second", now)
	b.add("z", now)
	if got := b.take(); len(got.Paths) != 0 || !got.Rescan || got.Reason != "first" {
		t.Errorf("after a loss: %+v", got)
	}
	if b.add("a", now); b.take().Rescan {
		t.Error("a loss outlives its batch")
	}
}

// The memory of a batch is bounded: too many paths are a rescan.
func TestBatcherBound(t *testing.T) {
	now := time.Unix(1000, 0)
	b := newBatcher(time.Second)
	for i := range maxBatch + 1 {
		b.add(fmt.Sprint(i), now)
	}
	if got := b.take(); !got.Rescan || len(got.Paths) > 0 {
		t.Errorf("%d paths, rescan %v", len(got.Paths), got.Rescan)
	}
}

// What failed is tried again later, or as soon as a path changes.
func TestBatcherDelay(t *testing.T) {
	now := time.Unix(1000, 0)
	b := newBatcher(time.Second)
	b.lose("failed", now)
	b.delay(now.Add(time.Minute))
	if got := b.due().Sub(now); got != time.Minute {
		t.Errorf("due after %v", got)
	}
	b.lose("polling", now.Add(2*time.Second))
	if got := b.due().Sub(now); got != time.Minute {
		t.Errorf("after another loss due after %v", got)
	}
	b.add("mended", now.Add(3*time.Second))
	if got := b.due().Sub(now); got != 4*time.Second {
		t.Errorf("after a change due after %v", got)
	}
	b.take()
	if b.add("a", now); b.due().Sub(now) != time.Second {
		t.Error("the delay outlives its batch")
	}
}

// What git writes under its lock is one batch, however long it takes; a lock that
// is left behind holds nothing back for good.
func TestBatcherLocked(t *testing.T) {
	const ms = time.Millisecond
	zero := time.Unix(1000, 0)
	b := newBatcher(50 * ms)
	due := func(want time.Duration) {
		t.Helper()
		if got := b.due().Sub(zero); got != want {
			t.Errorf("due after %v, want %v", got, want)
		}
	}
	b.lock(true, zero)
	for at := time.Duration(0); at <= 3*time.Second; at += 100 * ms {
		b.add("a", zero.Add(at))
	}
	due(4 * time.Second)
	b.lock(false, zero.Add(3500*ms))
	due(500 * ms) // long ago: at once
	b.take()
	b.lock(true, zero)
	b.add("a", zero)
	due(time.Second)
	b.lock(false, zero.Add(200*ms))
	due(250 * ms)
	b.take()
	b.lock(true, zero)
	for at := time.Duration(0); at <= time.Minute; at += 500 * ms {
		b.add("a", zero.Add(at))
	}
	due(20 * time.Second)
}

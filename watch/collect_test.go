package watch

import (
	"runtime"
	"runtime/debug"
	"testing"
)

func TestNear(t *testing.T) {
	for _, c := range []struct {
		objects, live, goal uint64
		want                bool
	}{
		{objects: 10, live: 10, goal: 20, want: false},
		{objects: 15, live: 10, goal: 20, want: false},
		{objects: 16, live: 10, goal: 20, want: true},
		{objects: 25, live: 10, goal: 20, want: true},
		{objects: 30, live: 20, goal: 20, want: false}, // a limit of memory leaves no room
	} {
		if got := near(c.objects, c.live, c.goal); got != c.want {
			t.Errorf("near(%d, %d, %d) = %t", c.objects, c.live, c.goal, got)
		}
	}
}

// TestCollect allocates until a collection is near, without one.
func TestCollect(t *testing.T) {
	collections := func() uint32 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.NumGC
	}
	defer debug.SetGCPercent(debug.SetGCPercent(10_000))
	runtime.GC()
	before := collections()
	Collect()
	if n := collections() - before; n != 0 {
		t.Fatalf("%d collections where none is near", n)
	}
	debug.SetGCPercent(100)
	garbage := make([][]byte, 0, 1<<16)
	for range cap(garbage) {
		before := collections()
		garbage = append(garbage, make([]byte, 16<<10))
		if collections() > before {
			t.Fatal("the collector came first")
		}
		if Collect(); collections() > before {
			return
		}
	}
	t.Errorf("no collection after %d allocations", len(garbage))
}

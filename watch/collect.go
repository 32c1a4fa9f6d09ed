package watch

import (
	"runtime"
	"runtime/metrics"
)

// Collect runs a garbage collection if more than half of what may be allocated
// before the next one has been: the collector itself begins at seven tenths. It is for the program
// that holds an engine, to be called when a batch has been dealt with and nobody
// waits: a collection in the middle of the next update makes that several times as
// long. O(heap) then, O(1) otherwise; it returns when the collection has ended.
func Collect() {
	samples := [...]metrics.Sample{
		{Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/gc/heap/live:bytes"},
		{Name: "/gc/heap/goal:bytes"},
	}
	metrics.Read(samples[:])
	for _, s := range samples {
		if s.Value.Kind() != metrics.KindUint64 {
			return // this runtime has other names for them
		}
	}
	objects, live, goal := samples[0].Value.Uint64(), samples[1].Value.Uint64(), samples[2].Value.Uint64()
	if near(objects, live, goal) {
		runtime.GC()
	}
}

// near reports whether the objects of the heap, dead ones included, are closer to
// the goal of the collector than to what the last collection left.
func near(objects, live, goal uint64) bool {
	return goal > live && objects > live+(goal-live)/2
}

package leaktest

import "testing"

func TestGoroutines(t *testing.T) {
	before := goroutines()
	end := make(chan struct{})
	go func() { <-end }()
	var fresh int
	for id := range goroutines() {
		if _, ok := before[id]; !ok {
			fresh++
		}
	}
	if fresh != 1 {
		t.Errorf("%d new goroutines, want 1", fresh)
	}
	close(end)
	Check(t)
}

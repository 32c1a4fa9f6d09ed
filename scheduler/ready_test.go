package scheduler

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestReadySet compares with a sorted slice.
func TestReadySet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		capacity := rapid.SampledFrom([]int{1, 2, 63, 64, 65, 4096, 4097, 300_000}).Draw(t, "capacity")
		set := newReadySet(capacity)
		var model []int32
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				rank := int32(rapid.IntRange(0, capacity-1).Draw(t, "rank"))
				at, has := slices.BinarySearch(model, rank)
				if has {
					t.Skip("is in the set")
				}
				set.add(rank)
				model = slices.Insert(model, at, rank)
			},
			"take": func(t *rapid.T) {
				if len(model) == 0 {
					t.Skip("empty")
				}
				if got := set.takeLowest(); got != model[0] {
					t.Fatalf("took %d, want %d", got, model[0])
				}
				model = model[1:]
			},
			"": func(t *rapid.T) {
				if set.len != len(model) {
					t.Fatalf("%d ranks, want %d", set.len, len(model))
				}
			},
		})
	})
}

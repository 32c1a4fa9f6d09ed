package graph

import (
	"math"
	"math/bits"
)

// exactSize is the largest component that is solved by looking at all sets of
// its modules: 2^18 sets of 9 bytes, 10 ms on one core.
const exactSize = 18

// exact returns the arcs of least cost whose removal leaves no cycle, by dynamic
// programming over the set of nodes that come first in an order, as Lawler does
// in "A comment on minimum feedback arc sets" (1964). O(n 2^n).
func (f *feedback) exact() []EdgeID {
	n := f.size
	back := f.backCosts()
	least := make([]int64, 1<<n)
	last := make([]uint8, 1<<n) // the last node of the set, in its best order
	for set := 1; set < len(least); set++ {
		least[set] = math.MaxInt64
		for rest := set; rest != 0; rest &= rest - 1 {
			v := bits.TrailingZeros(uint(rest))
			before := set &^ (1 << v)
			if cost := least[before] + back(v, before); cost < least[set] {
				least[set], last[set] = cost, uint8(v)
			}
		}
	}
	position := make([]int, n)
	for set, i := len(least)-1, n-1; i >= 0; i-- {
		position[last[set]] = i
		set &^= 1 << last[set]
	}
	var cut []EdgeID
	for a, to := range f.out {
		if position[f.from[a]] > position[to] {
			cut = append(cut, EdgeID(a))
		}
	}
	return cut
}

// backCosts returns a function to the cost of the arcs from a node to a set: two
// looks into tables over half of the nodes each.
func (f *feedback) backCosts() func(v, set int) int64 {
	const half = exactSize / 2
	const mask = 1<<half - 1
	tables := make([][2][1 << half]int64, f.size)
	for v := range tables {
		var cost [2 * half]int64
		for a := f.outStart[v]; a < f.outStart[v+1]; a++ {
			cost[f.out[a]] = f.cost[a]
		}
		for set := 1; set <= mask; set++ {
			i := bits.TrailingZeros(uint(set))
			tables[v][0][set] = tables[v][0][set&(set-1)] + cost[i]
			tables[v][1][set] = tables[v][1][set&(set-1)] + cost[half+i]
		}
	}
	return func(v, set int) int64 { return tables[v][0][set&mask] + tables[v][1][set>>half] }
}

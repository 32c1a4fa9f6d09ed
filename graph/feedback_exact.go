package graph

import (
	"math"
	"math/bits"
	"slices"
)

// exactSize is the largest component that is solved by looking at all sets of
// its modules: 2^18 sets of 9 bytes, 20 ms on a machine of 2024.
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

// lowerBound returns a weight that every set of arcs to cut has at least, up to
// enough: cycles are taken out, short ones first, each with the least weight that
// is left on it. No two share that weight of an arc, and each must be cut.
func (f *feedback) lowerBound(enough int64) int64 {
	left := slices.Clone(f.weight)
	via := make([]EdgeID, f.size) // the arc that found the node
	seen := make([]int32, f.size)
	search := int32(0)
	var queue []NodeID
	bound := int64(0)
	// Each round takes out the cycles up to a length, which doubles.
	for limit := 2; bound < enough && f.effort > 0; limit *= 2 {
		for start := range NodeID(f.size) {
			for f.effort > 0 {
				search++
				closing, ok := f.shortestBack(start, limit, left, via, seen, search, &queue)
				if !ok {
					break
				}
				least := left[closing]
				for n := f.from[closing]; n != start; n = f.from[via[n]] {
					least = min(least, left[via[n]])
				}
				left[closing] -= least
				for n := f.from[closing]; n != start; n = f.from[via[n]] {
					left[via[n]] -= least
				}
				bound += least
			}
		}
		if limit >= f.size {
			break
		}
	}
	return bound
}

// shortestBack searches breadth first, over the arcs with weight left, for an
// arc back to a start that closes a cycle of at most limit arcs.
func (f *feedback) shortestBack(start NodeID, limit int, left []int64, via []EdgeID, seen []int32, search int32, buffer *[]NodeID) (closing EdgeID, ok bool) {
	queue := append((*buffer)[:0], start)
	defer func() { *buffer = queue }()
	seen[start] = search
	for first, length := 0, 1; first < len(queue) && length <= limit; length++ {
		end := len(queue)
		for _, n := range queue[first:end] {
			f.effort -= int(f.outStart[n+1] - f.outStart[n])
			for a := f.outStart[n]; a < f.outStart[n+1]; a++ {
				switch to := f.out[a]; {
				case left[a] == 0:
				case to == start:
					return a, true
				case seen[to] != search:
					seen[to] = search
					via[to] = a
					queue = append(queue, to)
				}
			}
		}
		first = end
	}
	return 0, false
}

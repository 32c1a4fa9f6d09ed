package graph

import (
	"cmp"
	"slices"

	"github.com/eddy-build/eddy/module"
)

// BreakSet is a set of edges without which some modules have no cycle.
type BreakSet struct {
	Edges  []EdgeID // ascending
	Weight int      // how many imports they stand for
	Exact  bool     // no other set weighs less
}

// BreakSet returns a small set of edges whose removal leaves the members without
// a cycle over these kinds: few imports, and of sets with equally many imports
// one with few edges. An edge weighs as many imports of these kinds as it
// stands for, and at least 1. No edge of the set can be put back alone: each
// closes a cycle with what remains.
//
// To find the smallest set is NP-hard (the minimum feedback arc set), so each
// component is first ordered well and improved (see feedback.improve). The
// result is Exact where edge-disjoint cycles of the same weight prove it, and
// components of up to 18 modules are then solved outright: O(n 2^n). The time is
// bounded by 2^25 looks at an edge a component, which is below half a second
// on a machine of 2024, plus O(V + E log V); where a component of tens of
// thousands of edges spends them all, edges that could be put back may remain.
func (g *Graph) BreakSet(members []NodeID, kinds module.ImportKinds) BreakSet {
	part, loops := g.induced(members, kinds)
	result := BreakSet{Edges: loops, Exact: true}
	of, count := tarjan(part.outStart, part.out, g.masks(part, kinds), kinds)
	start, nodes := membersOf(of, count)
	for c := range count {
		if start[c+1]-start[c] == 1 {
			continue
		}
		f := g.feedback(part, of, nodes[start[c]:start[c+1]], kinds)
		cut, exact := f.solve()
		for _, a := range cut {
			result.Edges = append(result.Edges, f.edge[a])
		}
		result.Exact = result.Exact && exact
	}
	slices.Sort(result.Edges)
	for _, e := range result.Edges {
		result.Weight += g.weight(e, kinds)
	}
	return result
}

// weight returns what it costs to remove an edge.
func (g *Graph) weight(e EdgeID, kinds module.ImportKinds) int {
	return max(1, g.ImportCount(e, kinds))
}

// masks returns the kinds of the edges of a part.
func (g *Graph) masks(part *induced, kinds module.ImportKinds) []module.ImportKinds {
	masks := make([]module.ImportKinds, len(part.edge))
	for i, e := range part.edge {
		masks[i] = g.kinds[e]
	}
	return masks
}

// feedback is one component whose cycles are to be broken: a weighted graph
// of one strongly connected component without loops. Its arcs are numbered in
// the order of their sources.
type feedback struct {
	size     int
	outStart []EdgeID
	out      []NodeID
	inStart  []EdgeID
	in       []NodeID
	inArc    []EdgeID
	from     []NodeID
	edge     []EdgeID // the graph's
	weight   []int64  // imports
	cost     []int64  // what is minimized: the weight, then the number of arcs

	effort int // looks at an arc that are left
}

// feedbackEffort bounds the looks at an arc for one component.
const feedbackEffort = 1 << 25

// feedback returns the problem for one component of a part.
func (g *Graph) feedback(part *induced, of []int32, members []NodeID, kinds module.ImportKinds) *feedback {
	f := &feedback{size: len(members), outStart: make([]EdgeID, len(members)+1), effort: feedbackEffort}
	arcs := 0
	for _, n := range members {
		arcs += int(part.outStart[n+1] - part.outStart[n])
	}
	for n, member := range members {
		for i := part.outStart[member]; i < part.outStart[member+1]; i++ {
			if of[part.out[i]] != of[member] {
				continue
			}
			to, _ := slices.BinarySearch(members, part.out[i])
			weight := int64(g.weight(part.edge[i], kinds))
			f.out = append(f.out, NodeID(to))
			f.from = append(f.from, NodeID(n))
			f.edge = append(f.edge, part.edge[i])
			f.weight = append(f.weight, weight)
			f.cost = append(f.cost, weight*int64(arcs+1)+1)
		}
		f.outStart[n+1] = EdgeID(len(f.out))
	}
	f.inStart, f.in, f.inArc = transpose(f.outStart, f.out)
	return f
}

// solve returns the arcs to cut, and whether none weigh less.
func (f *feedback) solve() (cut []EdgeID, exact bool) {
	o := f.greedyOrder()
	f.improve(o)
	cut = f.minimal(o)
	weight := int64(0)
	for _, a := range cut {
		weight += f.weight[a]
	}
	if f.lowerBound(weight) == weight {
		return cut, true
	}
	if f.size <= exactSize {
		return f.exact(), true
	}
	return cut, false
}

// minimal returns the arcs that lead back in an order, without those that close
// no cycle with what remains; the most costly are put back first.
func (f *feedback) minimal(o *ordering) []EdgeID {
	removed := make([]bool, len(f.out))
	var back []EdgeID
	for a := range f.out {
		if o.label[f.from[a]] > o.label[f.out[a]] {
			removed[a] = true
			back = append(back, EdgeID(a))
		}
	}
	slices.SortStableFunc(back, func(a, b EdgeID) int { return cmp.Compare(f.cost[b], f.cost[a]) })

	// What remains leads forwards by rank, so a path to an arc's source passes
	// only ranks below the source's.
	rank := make([]int32, f.size)
	for i, n := range o.nodes() {
		rank[n] = int32(i)
	}
	seen := make([]int32, f.size)
	var stack []NodeID
	reaches := func(from, to NodeID, search int32) bool {
		stack = append(stack[:0], from)
		for len(stack) > 0 {
			n := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			f.effort -= int(f.outStart[n+1] - f.outStart[n])
			for a := f.outStart[n]; a < f.outStart[n+1]; a++ {
				switch next := f.out[a]; {
				case removed[a] || rank[next] > rank[to] || seen[next] == search:
				case next == to:
					return true
				default:
					seen[next] = search
					stack = append(stack, next)
				}
			}
		}
		return false
	}
	cut := back[:0]
	for i, a := range back {
		if f.effort > -feedbackEffort && !reaches(f.out[a], f.from[a], int32(i+1)) {
			removed[a] = false
			f.rerank(rank, removed)
			continue
		}
		cut = append(cut, a)
	}
	return cut
}

// rerank sets a topological order of what is not removed.
func (f *feedback) rerank(rank []int32, removed []bool) {
	waiting := make([]int32, f.size)
	for a, to := range f.out {
		if !removed[a] {
			waiting[to]++
		}
	}
	ready := make([]NodeID, 0, f.size)
	for n := range f.size {
		if waiting[n] == 0 {
			ready = append(ready, NodeID(n))
		}
	}
	for i := 0; i < len(ready); i++ {
		n := ready[i]
		rank[n] = int32(i)
		for a := f.outStart[n]; a < f.outStart[n+1]; a++ {
			if removed[a] {
				continue
			}
			if waiting[f.out[a]]--; waiting[f.out[a]] == 0 {
				ready = append(ready, f.out[a])
			}
		}
	}
	f.effort -= len(f.out)
}

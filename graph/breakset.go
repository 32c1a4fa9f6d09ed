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
// To find the least is NP-hard (the minimum feedback arc set). Each component is
// ordered well and improved (see greedyOrder, settleAll, improve); the result is
// Exact where edge-disjoint cycles of its weight prove it (see proves), which is
// so for most components of real code, and components of up to 18 modules are
// otherwise solved outright in O(n 2^n) (see exact). At most 2^26 looks at an
// edge are spent on a component, and O(V + E log V): below a second on one core
// for some thousand modules. Where one of tens of thousands spends them all,
// edges that could be put back may remain.
func (g *Graph) BreakSet(members []NodeID, kinds module.ImportKinds) BreakSet {
	part, loops := g.induced(members, kinds)
	result := BreakSet{Edges: loops, Exact: true}
	of, count := tarjan(part.outStart, part.out, nil, kinds)
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

// The looks at an arc that are spent on one component, and how many are left
// when each step ends at the latest. Putting arcs back may overdraw, as it is
// worth more than what comes after.
const (
	feedbackEffort = 1 << 25
	settleFloor    = feedbackEffort / 2
	improveFloor   = feedbackEffort / 4
	minimalFloor   = -feedbackEffort
	proofEffort    = feedbackEffort / 8
)

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

// solve returns the arcs to cut, and whether none weigh less. What the greedy
// order and single moves give is most often the least, and soon proved to be.
func (f *feedback) solve() (cut []EdgeID, exact bool) {
	s := f.newSifter(f.greedyOrder())
	s.settleAll()
	cut = f.minimal(s.ordering)
	if f.proves(cut, f.cost, f.effort-proofEffort) {
		return cut, true
	}
	s.improve()
	if improved := f.minimal(s.ordering); f.sum(improved, f.cost) < f.sum(cut, f.cost) {
		cut = improved
	}
	switch {
	case f.proves(cut, f.weight, 0):
		return cut, true
	case f.size <= exactSize:
		return f.exact(), true
	}
	return cut, false
}

// sum adds up what some arcs weigh or cost.
func (f *feedback) sum(arcs []EdgeID, of []int64) (sum int64) {
	for _, a := range arcs {
		sum += of[a]
	}
	return sum
}

// minimal returns the arcs that lead back in an order, without those that close
// no cycle with what remains; the most costly are put back first.
func (f *feedback) minimal(o *ordering) []EdgeID {
	var back []EdgeID
	for a := range f.out {
		if o.label[f.from[a]] > o.label[f.out[a]] {
			back = append(back, EdgeID(a))
		}
	}
	s := f.newArcSearch(back, f.cost)
	slices.SortStableFunc(back, func(a, b EdgeID) int { return cmp.Compare(f.cost[b], f.cost[a]) })
	cut := back[:0]
	for _, a := range back {
		if f.effort > minimalFloor && !s.back(a, f.size) {
			s.cut[a] = false
			continue
		}
		cut = append(cut, a)
	}
	return cut
}

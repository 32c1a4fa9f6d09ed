package graph

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/eddy-build/eddy/module"
)

// The steps of BreakSet, each alone: together they are so good on small graphs
// that one of them could do nothing and be missed.

// drawFeedback returns a random strongly connected problem of up to size nodes.
func drawFeedback(t *rapid.T, size int) *feedback {
	n := max(2, number(size).Draw(t, "nodes"))
	b := NewBuilder()
	for i := range n {
		b.Node(module.ID(fmt.Sprintf("%02d", i)))
	}
	imp := &module.Import{}
	edge := func(from, to int) {
		for range rapid.IntRange(1, 3).Draw(t, "imports") {
			b.Edge(Handle(from), Handle(to), module.Static, imp)
		}
	}
	for i := range n {
		edge(i, (i+1)%n)
	}
	for range number(2*n).Draw(t, "edges") {
		from, to := rapid.IntRange(0, n-1).Draw(t, "from"), rapid.IntRange(0, n-1).Draw(t, "to")
		if from != to {
			edge(from, to)
		}
	}
	g := b.Build()
	all := make([]NodeID, n)
	for i := range all {
		all[i] = NodeID(i)
	}
	part, _ := g.induced(all, module.StaticOnly)
	return g.feedback(part, make([]int32, n), all, module.StaticOnly)
}

// number is from 0 to a limit. Left to itself, rapid seldom draws large ones.
func number(limit int) *rapid.Generator[int] {
	return rapid.OneOf(rapid.IntRange(0, limit), rapid.IntRange(limit/2, limit))
}

func drawOrder(t *rapid.T, f *feedback) []NodeID {
	nodes := make([]NodeID, f.size)
	for i := range nodes {
		nodes[i] = NodeID(i)
	}
	return rapid.Permutation(nodes).Draw(t, "order")
}

// backwards returns the arcs that lead back in an order, and their cost.
func (f *feedback) backwards(order []NodeID) (arcs []EdgeID, cost int64) {
	for a, to := range f.out {
		if slices.Index(order, f.from[a]) > slices.Index(order, to) {
			arcs = append(arcs, EdgeID(a))
			cost += f.cost[a]
		}
	}
	return arcs, cost
}

// acyclic reports whether the arcs that are not removed have no cycle.
func (f *feedback) acyclic(removed []EdgeID) bool {
	masks := make([]module.ImportKinds, len(f.out))
	for a := range masks {
		if !slices.Contains(removed, EdgeID(a)) {
			masks[a] = module.StaticOnly
		}
	}
	_, count := tarjan(f.outStart, f.out, masks, module.StaticOnly)
	return count == f.size
}

func TestRandomProof(t *testing.T) {
	proofs, refusals := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		f := drawFeedback(t, 9)
		least := f.exact()
		cut, _ := f.backwards(drawOrder(t, f))
		for _, cut := range [][]EdgeID{cut, least} {
			if !f.proves(cut, f.weight, 0) {
				refusals++
				continue
			}
			proofs++
			if f.sum(cut, f.weight) != f.sum(least, f.weight) {
				t.Fatalf("%v is said to weigh least; %v weighs less", cut, least)
			}
		}
	})
	if proofs == 0 || refusals == 0 {
		t.Errorf("%d proofs and %d refusals", proofs, refusals)
	}
}

func TestRandomMinimal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFeedback(t, 12)
		cut := f.minimal(newOrdering(drawOrder(t, f)))
		if !f.acyclic(cut) {
			t.Fatalf("a cycle is left without %v", cut)
		}
		for i, a := range cut {
			if f.acyclic(slices.Delete(slices.Clone(cut), i, i+1)) {
				t.Fatalf("arc %d of %v can be put back", a, cut)
			}
		}
	})
}

// Wherever the improvement begins, it ends where no move of one node helps, and
// no worse than it began.
func TestRandomImprove(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFeedback(t, 12)
		o := newOrdering(drawOrder(t, f))
		if rapid.Bool().Draw(t, "greedy") {
			o = f.greedyOrder()
		}
		_, before := f.backwards(o.nodes())
		s := f.newSifter(o)
		s.settleAll()
		if rapid.Bool().Draw(t, "improve") {
			s.improve()
		}
		order := o.nodes()
		_, after := f.backwards(order)
		if after > before {
			t.Fatalf("cost %d has become %d", before, after)
		}
		for i, n := range order {
			without := slices.Delete(slices.Clone(order), i, i+1)
			for j := range order {
				if _, cost := f.backwards(slices.Insert(slices.Clone(without), j, n)); cost < after {
					t.Fatalf("cost %d, and %d with %d at %d in %v", after, cost, n, j, order)
				}
			}
		}
	})
}

// The heuristic is not exact, but on graphs of the size of most components it
// seldom misses.
func TestHeuristicQuality(t *testing.T) {
	cases, missed := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		f := drawFeedback(t, 10)
		s := f.newSifter(f.greedyOrder())
		s.settleAll()
		s.improve()
		cases++
		if f.sum(f.minimal(s.ordering), f.cost) > f.sum(f.exact(), f.cost) {
			missed++
		}
	})
	if missed > cases/50 {
		t.Errorf("missed the least in %d of %d", missed, cases)
	}
}

// Labels run out where many nodes are put into one place.
func TestOrderingRelabels(t *testing.T) {
	const n = 200
	nodes := make([]NodeID, n)
	for i := range nodes {
		nodes[i] = NodeID(i)
	}
	o := newOrdering(nodes)
	for i := NodeID(n - 1); i > 0; i-- {
		o.move(i, 0)
	}
	if got := o.nodes(); !slices.Equal(got, nodes) {
		t.Errorf("order %v", got)
	}
	for i := 1; i < n; i++ {
		if o.label[i-1] >= o.label[i] {
			t.Errorf("label %d of %d, %d of %d", o.label[i-1], i-1, o.label[i], i)
		}
	}
}

// A long cycle is searched once, not once a node: what is on no other cycle goes
// with the first.
func TestWitnessWork(t *testing.T) {
	const n = 10_000
	b := NewBuilder()
	for i := range n {
		b.Edge(b.Node(module.ID(fmt.Sprintf("%05d", i))), b.Node(module.ID(fmt.Sprintf("%05d", (i+1)%n))), module.Static, nil)
	}
	// A chord makes a second cycle, half as long.
	b.Edge(b.Node("09000"), b.Node("04000"), module.Static, nil)
	g := b.Build()
	part, _ := g.induced(g.Cycles(module.StaticOnly)[0], module.StaticOnly)
	s := newCycleSearch(part)
	length, through := s.least()
	if length != 5001 || part.nodes[through] != 4000 {
		t.Errorf("length %d through %d", length, part.nodes[through])
	}
	if s.looked > 3*n {
		t.Errorf("looked at %d edges", s.looked)
	}
}

// How often the heap is asked for memory does not grow with the graph.
func TestAllocations(t *testing.T) {
	count := func(n int) [2]float64 {
		b := NewBuilder()
		for i := range n {
			b.Edge(b.Node(module.ID(fmt.Sprintf("%05d", i))), b.Node(module.ID(fmt.Sprintf("%05d", (i*7)%n))), module.Static, nil)
		}
		g := b.Build()
		return [2]float64{
			testing.AllocsPerRun(5, func() { g.Components(module.StaticOnly) }),
			testing.AllocsPerRun(5, func() { g.Order(module.StaticOnly) }),
		}
	}
	if small, large := count(100), count(10_000); small != large {
		t.Errorf("%v allocations for 100 nodes, %v for 10,000", small, large)
	}
}

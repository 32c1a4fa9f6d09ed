package graph_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/module"
)

// line returns a path of n nodes, each importing the next, and a cycle where
// the last imports the first.
func line(n int, closed bool) *graph.Graph {
	b := graph.NewBuilder()
	b.Grow(n, n)
	first := b.Node("0000000")
	last := first
	for i := 1; i < n; i++ {
		next := b.Node(module.ID(fmt.Sprintf("%07d", i)))
		b.Edge(last, next, module.Static, nil)
		last = next
	}
	if closed {
		b.Edge(last, first, module.Static, nil)
	}
	return b.Build()
}

// No algorithm recurses, so none meets the end of a stack.
func TestLongPath(t *testing.T) {
	const n = 2_000_000
	g := line(n, false)
	if c := g.Components(module.StaticOnly); c.Len() != n || len(g.Cycles(module.StaticOnly)) != 0 {
		t.Errorf("%d components", c.Len())
	}
	if c := g.Condensation(module.StaticOnly); len(c.Deps(0)) != 1 || len(c.Dependents(0)) != 0 {
		t.Errorf("the first has deps %v and dependents %v", c.Deps(0), c.Dependents(0))
	}
	if order := g.Order(module.StaticOnly); order[0] != n-1 || order[n-1] != 0 {
		t.Errorf("order from %d to %d", order[0], order[n-1])
	}
	if levels := g.Levels(module.StaticOnly); len(levels) != n {
		t.Errorf("%d levels", len(levels))
	}
	if up := g.Upstream([]graph.NodeID{0}, module.StaticOnly, -1); len(up) != n-1 || up[n-2].Depth != n-1 {
		t.Errorf("%d upstream", len(up))
	}
	if down := g.Downstream([]graph.NodeID{n - 1}, module.StaticOnly, -1); len(down) != n-1 {
		t.Errorf("%d downstream", len(down))
	}
	if path := g.Path(0, n-1, module.StaticOnly); len(path) != n-1 {
		t.Errorf("a path of %d edges", len(path))
	}
	if r := g.Reduce(module.StaticOnly); r.EdgeCount() != n-1 {
		t.Errorf("%d edges after reduction", r.EdgeCount())
	}
	if d := graph.Diff(g, g, module.StaticOnly); !d.Empty() {
		t.Error("a graph differs from itself")
	}
	all := allNodes(g)
	if cycle := g.WitnessCycle(all, module.StaticOnly); cycle != nil {
		t.Errorf("a cycle of %d edges", len(cycle))
	}
	if set := g.BreakSet(all, module.StaticOnly); len(set.Edges) != 0 || !set.Exact {
		t.Errorf("%d edges to cut", len(set.Edges))
	}
}

func TestLongCycle(t *testing.T) {
	const n = 2_000_000
	g := line(n, true)
	cycles := g.Cycles(module.StaticOnly)
	if len(cycles) != 1 || len(cycles[0]) != n {
		t.Fatalf("%d cycles", len(cycles))
	}
	if c := g.Condensation(module.StaticOnly); c.Len() != 1 || len(c.Deps(0)) != 0 {
		t.Errorf("%d components", c.Len())
	}
	if levels := g.Levels(module.StaticOnly); len(levels) != 1 {
		t.Errorf("%d levels", len(levels))
	}
	if cycle := g.WitnessCycle(cycles[0], module.StaticOnly); len(cycle) != n || g.Source(cycle[0]) != 0 {
		t.Errorf("a cycle of %d edges", len(cycle))
	}
	if set := g.BreakSet(cycles[0], module.StaticOnly); len(set.Edges) != 1 || set.Weight != 1 || !set.Exact {
		t.Errorf("%d edges to cut, weight %d, exact %t", len(set.Edges), set.Weight, set.Exact)
	}
	if r := g.Reduce(module.StaticOnly); r.EdgeCount() != n {
		t.Errorf("%d edges after reduction", r.EdgeCount())
	}
}

// The bounds are those of the design, beyond modules and names.
func TestMemory(t *testing.T) {
	const nodes, degree = 1_000_000, 4
	const perNode, perEdge, perImport = 100, 24, 16

	t.Run("of a set", func(t *testing.T) {
		set := &module.Set{Modules: make([]*module.Module, nodes)}
		for i := range set.Modules {
			set.Modules[i] = &module.Module{ID: module.ID(fmt.Sprintf("%07d", i)), Imports: make([]module.Import, 1)}
		}
		for i, m := range set.Modules {
			for j := range degree {
				m.Deps = append(m.Deps, module.Dep{To: set.Modules[(i+j*j)%nodes].ID})
			}
			slices.SortFunc(m.Deps, func(a, b module.Dep) int { return a.To.Compare(b.To) })
		}
		g := graph.Of(set)
		n, e, imports := g.Bytes()
		if g.EdgeCount() != nodes*degree || n > nodes*perNode || e > g.EdgeCount()*perEdge || imports != 0 {
			t.Errorf("%d edges; %d bytes a node, %d an edge, %d for imports", g.EdgeCount(), n/nodes, e/g.EdgeCount(), imports)
		}
	})
	for _, hint := range []bool{false, true} {
		t.Run(fmt.Sprintf("of a builder, hint %t", hint), func(t *testing.T) {
			b := graph.NewBuilder()
			if hint {
				b.Grow(nodes, nodes*degree)
			}
			for i := range nodes {
				b.Node(module.ID(fmt.Sprintf("%07d", i)))
			}
			imp := &module.Import{}
			for i := range nodes {
				for j := range degree {
					b.Edge(graph.Handle(i), graph.Handle((i+j*j)%nodes), module.Static, imp)
				}
			}
			g := b.Build()
			n, e, imports := g.Bytes()
			if g.EdgeCount() != nodes*degree || n > nodes*perNode || e > g.EdgeCount()*perEdge || imports > g.EdgeCount()*perImport {
				t.Errorf("%d edges; %d bytes a node, %d an edge, %d an import", g.EdgeCount(), n/nodes, e/g.EdgeCount(), imports/g.EdgeCount())
			}
		})
	}
}

// random returns a graph whose every node has about degree imports of others,
// some of them several times.
func random(nodes, degree int) *graph.Graph {
	source := rand.New(rand.NewPCG(1, 2))
	b := graph.NewBuilder()
	for i := range nodes {
		b.Node(module.ID(fmt.Sprintf("%07d", i)))
	}
	imp := &module.Import{}
	for range nodes * degree {
		from, to := graph.Handle(source.IntN(nodes)), graph.Handle(source.IntN(nodes-1))
		if to >= from {
			to++
		}
		for range 1 + source.IntN(3) {
			b.Edge(from, to, module.Static, imp)
		}
	}
	return b.Build()
}

// A component of the size that is met in practice, and beyond what is solved
// exactly: still without a cycle, and with no edge to put back.
func TestBreakSetOfLargeComponent(t *testing.T) {
	g := random(2000, 5)
	members := largest(g)
	set := g.BreakSet(members, module.StaticOnly)
	cut := make([]bool, g.EdgeCount())
	weight := 0
	for _, e := range set.Edges {
		cut[e] = true
		weight += g.ImportCount(e, module.StaticOnly)
	}
	if weight != set.Weight {
		t.Errorf("weight %d, want %d", set.Weight, weight)
	}
	// reaches reports whether one node reaches another over what is left.
	reaches := func(from, to graph.NodeID) bool {
		seen := make([]bool, g.NodeCount())
		for stack := []graph.NodeID{from}; len(stack) > 0; {
			n := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			first, end := g.OutEdges(n)
			for e := first; e < end; e++ {
				next := g.Target(e)
				if cut[e] || seen[next] {
					continue
				}
				if next == to {
					return true
				}
				seen[next] = true
				stack = append(stack, next)
			}
		}
		return false
	}
	for e := range graph.EdgeID(g.EdgeCount()) {
		closes := reaches(g.Target(e), g.Source(e))
		switch {
		case cut[e] && !closes:
			t.Errorf("edge %d of %d can be put back", e, len(set.Edges))
		case !cut[e] && closes:
			t.Fatalf("edge %d is on a cycle still", e)
		}
	}
}

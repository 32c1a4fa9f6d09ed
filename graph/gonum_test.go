package graph_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	gonumgraph "gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/network"
	"gonum.org/v1/gonum/graph/testgraph"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/internal/graphtest"
	"github.com/eddy-build/eddy/module"
)

// gonumCase builds a case of gonum's own suite. Its nodes get IDs that sort as
// their numbers do, and so the numbers of a Graph.
func gonumCase(nodes []gonumgraph.Node, lines []testgraph.WeightedLine, _, _ float64) (gonumgraph.Graph, []gonumgraph.Node, []testgraph.Edge, float64, float64, bool) {
	var numbers []int64
	for _, n := range nodes {
		numbers = append(numbers, n.ID())
	}
	for _, line := range lines {
		numbers = append(numbers, line.From().ID(), line.To().ID())
	}
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)

	b := graph.NewBuilder()
	handles := map[int64]graph.Handle{}
	var all []gonumgraph.Node
	for i, number := range numbers {
		handles[number] = b.Node(module.ID(fmt.Sprintf("%020d", uint64(number)+1<<63)))
		all = append(all, graph.NodeID(i))
	}
	for _, line := range lines {
		b.Edge(handles[line.From().ID()], handles[line.To().ID()], module.Static, nil)
	}
	g := b.Build()
	var edges []testgraph.Edge
	for it := g.Edges(); it.Next(); {
		edges = append(edges, it.Edge())
	}
	return g, all, edges, math.NaN(), math.NaN(), true
}

func TestGonumSuite(t *testing.T) {
	const usesEmpty, reversesEdges = true, true
	t.Run("EdgeExistence", func(t *testing.T) { testgraph.EdgeExistence(t, gonumCase, reversesEdges) })
	t.Run("NodeExistence", func(t *testing.T) { testgraph.NodeExistence(t, gonumCase) })
	t.Run("ReturnAdjacentNodes", func(t *testing.T) { testgraph.ReturnAdjacentNodes(t, gonumCase, usesEmpty, reversesEdges) })
	t.Run("ReturnAllEdges", func(t *testing.T) { testgraph.ReturnAllEdges(t, gonumCase, usesEmpty) })
	t.Run("ReturnAllNodes", func(t *testing.T) { testgraph.ReturnAllNodes(t, gonumCase, usesEmpty) })
	t.Run("ReturnEdgeSlice", func(t *testing.T) { testgraph.ReturnEdgeSlice(t, gonumCase, usesEmpty) })
	t.Run("ReturnNodeSlice", func(t *testing.T) { testgraph.ReturnNodeSlice(t, gonumCase, usesEmpty) })
}

func TestGonumIterators(t *testing.T) {
	g := graphtest.Parse("a -> c b; b -> c; d")
	it := g.From(0)
	for range 2 { // the second time after Reset
		var got []int64
		for left := it.Len(); it.Next(); left-- {
			if it.Len() != left-1 {
				t.Errorf("%d nodes left, want %d", it.Len(), left-1)
			}
			got = append(got, it.Node().ID())
		}
		if !slices.Equal(got, []int64{1, 2}) || it.Node() != nil || it.Len() != 0 {
			t.Errorf("nodes %v, then %v and %d more", got, it.Node(), it.Len())
		}
		it.Reset()
	}
	for _, id := range []int64{-1, 4, math.MaxInt32 + 1} {
		if g.Node(id) != nil || g.Edge(id, 0) != nil || g.Edge(0, id) != nil || g.From(id).Len() != 0 || g.To(id).Len() != 0 {
			t.Errorf("there is a node %d", id)
		}
	}
	if rank := network.PageRank(g, 0.85, 1e-6); rank[2] <= rank[0] {
		t.Errorf("page ranks %v: the module that is imported most is not first", rank)
	}
}

package graph_test

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/module"
)

// The naive versions work on a matrix of kinds and know nothing of the package.

// matrix has the kinds of the imports from each node to each other.
type matrix [][]module.ImportKinds

func matrixOf(g *graph.Graph) matrix {
	m := newMatrix(g.NodeCount())
	for e := range graph.EdgeID(g.EdgeCount()) {
		m[g.Source(e)][g.Target(e)] = g.Kinds(e)
	}
	return m
}

func newMatrix(n int) matrix {
	m := make(matrix, n)
	for i := range m {
		m[i] = make([]module.ImportKinds, n)
	}
	return m
}

func (m matrix) of(kinds module.ImportKinds) matrix {
	some := newMatrix(len(m))
	for i := range m {
		for j := range m {
			some[i][j] = m[i][j] & kinds
		}
	}
	return some
}

// distances returns the lengths of the shortest paths of one edge or more, and 0
// where there is none: Floyd and Warshall.
func (m matrix) distances() [][]int {
	d := make([][]int, len(m))
	for i := range m {
		d[i] = make([]int, len(m))
		for j := range m {
			if m[i][j] != 0 {
				d[i][j] = 1
			}
		}
	}
	for k := range m {
		for i := range m {
			for j := range m {
				if d[i][k] > 0 && d[k][j] > 0 && (d[i][j] == 0 || d[i][k]+d[k][j] < d[i][j]) {
					d[i][j] = d[i][k] + d[k][j]
				}
			}
		}
	}
	return d
}

// cyclic reports whether there is a cycle.
func (m matrix) cyclic() bool {
	d := m.distances()
	for i := range m {
		if d[i][i] > 0 {
			return true
		}
	}
	return false
}

// drawGraph returns a random graph of up to size nodes, with isolated nodes,
// self-imports, several kinds and repeated imports, added in any order.
func drawGraph(t *rapid.T, size int) *graph.Graph {
	n := count(size).Draw(t, "nodes")
	b := graph.NewBuilder()
	handles := make([]graph.Handle, n)
	names := rapid.Permutation(numbers(n)).Draw(t, "order")
	for _, i := range names {
		handles[i] = b.Node(name(i))
	}
	if n == 0 {
		return b.Build()
	}
	node := rapid.IntRange(0, n-1)
	for i := range count(3*n).Draw(t, "edges") {
		from := node.Draw(t, "from")
		imp := &module.Import{Span: module.Span{File: string(name(from)), Line: int32(i + 1)}}
		b.Edge(handles[from], handles[node.Draw(t, "to")], rapid.SampledFrom(drawnKinds).Draw(t, "kind"), imp)
	}
	return b.Build()
}

// count is from 0 to a limit. Left to itself, rapid seldom draws large ones.
func count(limit int) *rapid.Generator[int] {
	return rapid.OneOf(rapid.IntRange(0, limit), rapid.IntRange(limit/2, limit))
}

// Static more often than the others, as in life.
var drawnKinds = []module.ImportKind{module.Static, module.Static, module.Static, module.Type, module.Deferred, module.Implicit}

func drawKinds(t *rapid.T) module.ImportKinds {
	return rapid.SampledFrom([]module.ImportKinds{module.StaticOnly, module.AllKinds, module.Of(module.Static, module.Type)}).Draw(t, "kinds")
}

func drawNodes(t *rapid.T, g *graph.Graph, label string) []graph.NodeID {
	if g.NodeCount() == 0 {
		return nil
	}
	return rapid.SliceOfN(rapid.Map(rapid.IntRange(0, g.NodeCount()-1), func(i int) graph.NodeID { return graph.NodeID(i) }), 0, 5).Draw(t, label)
}

func name(i int) module.ID { return module.ID(fmt.Sprintf("m%02d", i)) }

func numbers(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

func isAscending[T ~int32](list []T) bool {
	return slices.IsSorted(list) && len(slices.Compact(slices.Clone(list))) == len(list)
}

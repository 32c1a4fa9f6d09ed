package graph

import (
	"slices"

	"github.com/eddy-build/eddy/module"
)

// Path returns the edges of a shortest path over these kinds; of several, the
// one whose nodes come first in order. It is nil where there is none, and empty
// from a node to itself. A breadth-first search: O(V + E).
func (g *Graph) Path(from, to NodeID, kinds module.ImportKinds) []EdgeID {
	if from == to {
		return []EdgeID{}
	}
	return g.walk(from, to, kinds)
}

// CycleThrough returns the edges of a shortest cycle on which a node lies, from
// that node on; of several, the one whose nodes come first in order. It is nil
// where there is none. A breadth-first search: O(V + E).
func (g *Graph) CycleThrough(n NodeID, kinds module.ImportKinds) []EdgeID {
	return g.walk(n, n, kinds)
}

// walk returns the edges of a shortest way of at least one edge.
func (g *Graph) walk(from, to NodeID, kinds module.ImportKinds) []EdgeID {
	// Rows are sorted, so the queue holds the nodes of one depth in the order of
	// the first paths that lead there, and the first to find a node is on the
	// first path to it.
	via := make([]EdgeID, len(g.ids)) // the edge that found the node, +1
	queue := []NodeID{from}
	for i := 0; i < len(queue) && via[to] == 0; i++ {
		first, end := g.OutEdges(queue[i])
		for e := first; e < end; e++ {
			n := g.target[e]
			if via[n] == 0 && (n != from || n == to) && g.has(e, kinds) {
				via[n] = e + 1
				queue = append(queue, n)
			}
		}
	}
	if via[to] == 0 {
		return nil
	}
	var path []EdgeID
	for n := to; n != from || path == nil; n = g.source[via[n]-1] {
		path = append(path, via[n]-1)
	}
	slices.Reverse(path)
	return path
}

package graph

import (
	"slices"

	"github.com/eddy-build/eddy/module"
)

// Subgraph returns the graph of some nodes and of all edges between them, with
// their imports. The nodes may come in any order and repeatedly.
// O(V + E log V) over what is kept.
func (g *Graph) Subgraph(keep []NodeID) *Graph {
	nodes := slices.Compact(slices.Sorted(slices.Values(keep)))
	return g.filter(nodes, func(EdgeID) bool { return true })
}

// filter returns the graph of some nodes, which ascend, and of those edges
// between them that are wanted.
func (g *Graph) filter(nodes []NodeID, want func(EdgeID) bool) *Graph {
	sub := &Graph{ids: g.IDs(nodes), outStart: make([]EdgeID, len(nodes)+1)}
	if g.modules != nil {
		sub.modules = pick(g.modules, nodes)
	}
	if g.lazy != nil {
		sub.lazy = func(n NodeID) *module.Module { return g.lazy(nodes[n]) }
	}
	number := g.numbering(nodes)
	var kept []EdgeID
	for n, node := range nodes {
		first, end := g.OutEdges(node)
		for e := first; e < end; e++ {
			if to := number(g.target[e]); to >= 0 && want(e) {
				sub.target = append(sub.target, to)
				kept = append(kept, e)
			}
		}
		sub.outStart[n+1] = EdgeID(len(kept))
	}
	sub.target = shrink(sub.target)
	sub.kinds = pick(g.kinds, kept)
	sub.imports = g.imports.of(kept)
	sub.complete(storage{inEdges: kept})
	return sub
}

// pick returns the elements at some indices.
func pick[T any, I NodeID | EdgeID](all []T, indices []I) []T {
	some := make([]T, len(indices))
	for i, index := range indices {
		some[i] = all[index]
	}
	return some
}

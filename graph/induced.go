package graph

import (
	"slices"

	"github.com/eddy-build/eddy/module"
)

// induced is the part of a graph that some nodes and the edges between them
// form, over some kinds, without imports of oneself. Its nodes are numbered in
// the order of the graph's.
type induced struct {
	nodes    []NodeID
	outStart []EdgeID
	out      []NodeID // numbers in nodes
	edge     []EdgeID // the graph's number of the edge to out[i]
	inStart  []EdgeID
	in       []NodeID // numbers in nodes
	inEdge   []EdgeID // the edge from in[i], as an index of out
}

// induced returns the part that the members span, and their imports of
// themselves. O(E log V) over the members' edges.
func (g *Graph) induced(members []NodeID, kinds module.ImportKinds) (p *induced, loops []EdgeID) {
	nodes := members
	if !slices.IsSorted(nodes) {
		nodes = slices.Sorted(slices.Values(members))
	}
	p = &induced{nodes: slices.Compact(slices.Clone(nodes))}
	p.outStart = make([]EdgeID, len(p.nodes)+1)
	number := g.numbering(p.nodes)
	for n, node := range p.nodes {
		first, end := g.OutEdges(node)
		for e := first; e < end; e++ {
			if !g.has(e, kinds) {
				continue
			}
			if g.target[e] == node {
				loops = append(loops, e)
				continue
			}
			if to := number(g.target[e]); to >= 0 {
				p.out = append(p.out, to)
				p.edge = append(p.edge, e)
			}
		}
		p.outStart[n+1] = EdgeID(len(p.out))
	}
	p.inStart, p.in, p.inEdge = transpose(p.outStart, p.out)
	return p, loops
}

// numbering returns a function from a node to its index in a sorted list, or -1.
func (g *Graph) numbering(nodes []NodeID) func(NodeID) NodeID {
	// A table pays where it is not much larger than the list.
	if len(nodes) > len(g.ids)/16 {
		table := make([]NodeID, len(g.ids))
		for i, n := range nodes {
			table[n] = NodeID(i + 1)
		}
		return func(n NodeID) NodeID { return table[n] - 1 }
	}
	return func(n NodeID) NodeID {
		if i, ok := slices.BinarySearch(nodes, n); ok {
			return NodeID(i)
		}
		return -1
	}
}

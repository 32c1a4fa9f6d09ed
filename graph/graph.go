package graph

import (
	"slices"

	"github.com/eddy-build/eddy/module"
)

// NodeID numbers the nodes of one Graph, densely from 0 and in the bytewise
// order of their module IDs. It means nothing in another Graph: what outlives a
// Graph is named by its [module.ID].
type NodeID int32

// EdgeID numbers the edges of one Graph, densely from 0 and in the order of
// (source, target).
type EdgeID int32

// Graph is an immutable directed graph in compressed sparse rows, forwards and
// backwards. There is at most one edge from a node to another (or to itself);
// it stands for every import that leads there, and its kinds are theirs. The
// zero Graph is empty.
//
// It takes 32 bytes a node and 21 bytes an edge beyond the modules, on a
// machine of 64 bits; see [Graph.Occurrences] for what a [Builder] adds.
type Graph struct {
	ids     []module.ID
	modules []*module.Module            // by node, nil where no node has one
	lazy    func(NodeID) *module.Module // in place of modules, for a graph of rows

	outStart []EdgeID // node n has the edges outStart[n] to outStart[n+1]-1
	source   []NodeID
	target   []NodeID
	kinds    []module.ImportKinds

	inStart  []EdgeID // and is entered by inEdges[inStart[n]:inStart[n+1]]
	inEdges  []EdgeID
	inSource []NodeID // the source of inEdges[i]

	imports imports

	common module.ImportKinds // of every edge
}

// NodeCount returns V, the number of nodes.
func (g *Graph) NodeCount() int { return len(g.ids) }

// EdgeCount returns E, the number of edges.
func (g *Graph) EdgeCount() int { return len(g.target) }

// ID returns the name of a node.
func (g *Graph) ID(n NodeID) module.ID { return g.ids[n] }

// IDs returns the names of some nodes, in their order.
func (g *Graph) IDs(nodes []NodeID) []module.ID {
	ids := make([]module.ID, len(nodes))
	for i, n := range nodes {
		ids[i] = g.ids[n]
	}
	return ids
}

// Lookup returns the node of a name. O(log V).
func (g *Graph) Lookup(id module.ID) (n NodeID, ok bool) {
	i, ok := slices.BinarySearch(g.ids, id)
	return NodeID(i), ok
}

// Module returns the module of a node, or nil where it has none: a node of a
// grouped graph, or one that a [Builder] was given by name alone.
func (g *Graph) Module(n NodeID) *module.Module {
	switch {
	case g.lazy != nil:
		return g.lazy(n)
	case g.modules == nil:
		return nil
	}
	return g.modules[n]
}

// Out returns the nodes that n imports, ascending. Do not write to it.
func (g *Graph) Out(n NodeID) []NodeID { return g.target[g.outStart[n]:g.outStart[n+1]] }

// OutEdges returns the range of edges that leave n: first, first+1, …, end-1.
// They are in the order of [Graph.Out].
func (g *Graph) OutEdges(n NodeID) (first, end EdgeID) { return g.outStart[n], g.outStart[n+1] }

// In returns the nodes that import n, ascending. Do not write to it.
func (g *Graph) In(n NodeID) []NodeID { return g.inSource[g.inStart[n]:g.inStart[n+1]] }

// InEdges returns the edges that enter n, in the order of [Graph.In]. Do not
// write to it.
func (g *Graph) InEdges(n NodeID) []EdgeID { return g.inEdges[g.inStart[n]:g.inStart[n+1]] }

// Source returns the importer.
func (g *Graph) Source(e EdgeID) NodeID { return g.source[e] }

// Target returns the imported module.
func (g *Graph) Target(e EdgeID) NodeID { return g.target[e] }

// Kinds returns the kinds of the imports that the edge stands for. It is never
// empty.
func (g *Graph) Kinds(e EdgeID) module.ImportKinds { return g.kinds[e] }

// EdgeBetween returns the edge from one node to another. O(log of the imports
// of from).
func (g *Graph) EdgeBetween(from, to NodeID) (e EdgeID, ok bool) {
	i, ok := slices.BinarySearch(g.Out(from), to)
	return g.outStart[from] + EdgeID(i), ok
}

// has reports whether the edge is of one of the kinds.
func (g *Graph) has(e EdgeID, kinds module.ImportKinds) bool { return g.kinds[e]&kinds != 0 }

// unlessAll returns the kinds of the edges, or nil where every edge is of one of
// these kinds, which spares a search to look at them.
func (g *Graph) unlessAll(kinds module.ImportKinds) []module.ImportKinds {
	if kinds == module.AllKinds || g.common&kinds != 0 {
		return nil
	}
	return g.kinds
}

// storage is memory for the parts of a Graph that are computed from the others.
// A part that is too small or would waste too much is allocated anew.
type storage struct {
	source, inSource []NodeID
	inEdges          []EdgeID
}

// complete computes the sources and the way back from ids, outStart and target
// with one counting sort. O(V + E).
func (g *Graph) complete(s storage) {
	edges := len(g.target)
	g.common = module.AllKinds
	for _, k := range g.kinds {
		g.common &= k
	}
	g.source = fit(s.source, edges)
	g.inSource = fit(s.inSource, edges)
	g.inEdges = fit(s.inEdges, edges)

	g.inStart = make([]EdgeID, len(g.ids)+1)
	for n := range NodeID(len(g.ids)) {
		first, end := g.OutEdges(n)
		for e := first; e < end; e++ {
			g.source[e] = n
		}
	}
	fillTransposed(g.outStart, g.target, g.inStart, g.inSource, g.inEdges)
}

// fit returns a slice of length n: s where its capacity is within an eighth of
// that, so that reuse does not pin memory, and a new one elsewhere.
func fit[T any](s []T, n int) []T {
	if cap(s) < n || cap(s) > n+n/8 {
		return make([]T, n)
	}
	return s[:n]
}

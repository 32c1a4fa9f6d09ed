package graph

import (
	gonum "gonum.org/v1/gonum/graph"

	"github.com/eddy-build/eddy/module"
)

// A Graph can be given to every algorithm of gonum.
var _ gonum.Directed = (*Graph)(nil)

// ID makes a NodeID a node of gonum.
func (n NodeID) ID() int64 { return int64(n) }

func (g *Graph) contains(id int64) bool { return 0 <= id && id < int64(len(g.ids)) }

// Node returns the node of a number as a [NodeID], or nil.
func (g *Graph) Node(id int64) gonum.Node {
	if !g.contains(id) {
		return nil
	}
	return NodeID(id)
}

// Nodes returns all nodes, ascending.
func (g *Graph) Nodes() gonum.Nodes {
	if len(g.ids) == 0 {
		return gonum.Empty
	}
	return &nodeIterator{cursor: cursor{-1, len(g.ids)}}
}

// From returns what a node imports, ascending.
func (g *Graph) From(id int64) gonum.Nodes {
	if !g.contains(id) {
		return gonum.Empty
	}
	return nodesOf(g.Out(NodeID(id)))
}

// To returns what imports a node, ascending.
func (g *Graph) To(id int64) gonum.Nodes {
	if !g.contains(id) {
		return gonum.Empty
	}
	return nodesOf(g.In(NodeID(id)))
}

// HasEdgeBetween reports whether one of two nodes imports the other.
func (g *Graph) HasEdgeBetween(xid, yid int64) bool {
	return g.HasEdgeFromTo(xid, yid) || g.HasEdgeFromTo(yid, xid)
}

// HasEdgeFromTo reports whether a node imports another.
func (g *Graph) HasEdgeFromTo(uid, vid int64) bool {
	if !g.contains(uid) || !g.contains(vid) {
		return false
	}
	_, ok := g.EdgeBetween(NodeID(uid), NodeID(vid))
	return ok
}

// Edge returns the edge from one node to another as a [Dependency], or nil.
func (g *Graph) Edge(uid, vid int64) gonum.Edge {
	if !g.contains(uid) || !g.contains(vid) {
		return nil
	}
	e, ok := g.EdgeBetween(NodeID(uid), NodeID(vid))
	if !ok {
		return nil
	}
	return g.dependency(e)
}

// Dependency is an edge as gonum sees it.
type Dependency struct {
	Source, Target NodeID
	Edge           EdgeID
	Kinds          module.ImportKinds
}

// From returns the importer.
func (d Dependency) From() gonum.Node { return d.Source }

// To returns the imported module.
func (d Dependency) To() gonum.Node { return d.Target }

// ReversedEdge returns the edge itself: a dependency cannot be turned around.
func (d Dependency) ReversedEdge() gonum.Edge { return d }

// Edges returns all edges in order, each as a [Dependency].
func (g *Graph) Edges() gonum.Edges {
	if len(g.target) == 0 {
		return gonum.Empty
	}
	return &edgeIterator{cursor{-1, len(g.target)}, g}
}

func (g *Graph) dependency(e EdgeID) Dependency {
	return Dependency{Source: g.source[e], Target: g.target[e], Edge: e, Kinds: g.kinds[e]}
}

// cursor is a place in a sequence of length end: -1 before the first element.
type cursor struct{ at, end int }

// Next moves to the next element and reports whether there is one.
func (c *cursor) Next() bool {
	if c.at < c.end {
		c.at++
	}
	return c.at < c.end
}

// Len returns how many elements are left.
func (c *cursor) Len() int { return max(0, c.end-c.at-1) }

// Reset moves before the first element.
func (c *cursor) Reset() { c.at = -1 }

func (c *cursor) valid() bool { return 0 <= c.at && c.at < c.end }

// nodeIterator iterates over a list of nodes, or over all where the list is nil.
type nodeIterator struct {
	cursor
	list []NodeID
}

func nodesOf(list []NodeID) gonum.Nodes {
	if len(list) == 0 {
		return gonum.Empty
	}
	return &nodeIterator{cursor{-1, len(list)}, list}
}

// Node returns the current node, or nil.
func (i *nodeIterator) Node() gonum.Node {
	switch {
	case !i.valid():
		return nil
	case i.list == nil:
		return NodeID(i.at)
	}
	return i.list[i.at]
}

// NodeSlice returns the nodes that are left and moves behind the last.
func (i *nodeIterator) NodeSlice() []gonum.Node {
	nodes := make([]gonum.Node, 0, i.Len())
	for i.Next() {
		nodes = append(nodes, i.Node())
	}
	return nodes
}

// edgeIterator iterates over all edges of a graph.
type edgeIterator struct {
	cursor
	graph *Graph
}

// Edge returns the current edge, or nil.
func (i *edgeIterator) Edge() gonum.Edge {
	if !i.valid() {
		return nil
	}
	return i.graph.dependency(EdgeID(i.at))
}

// EdgeSlice returns the edges that are left and moves behind the last.
func (i *edgeIterator) EdgeSlice() []gonum.Edge {
	edges := make([]gonum.Edge, 0, i.Len())
	for i.Next() {
		edges = append(edges, i.Edge())
	}
	return edges
}

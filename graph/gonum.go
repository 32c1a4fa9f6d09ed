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
	return &nodeRange{at: -1, end: len(g.ids)}
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
	return Dependency{Source: NodeID(uid), Target: NodeID(vid), Edge: e, Kinds: g.kinds[e]}
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

// nodeList iterates over a list of nodes.
type nodeList struct {
	at    int // the index of the current node, or -1 before the first
	nodes []NodeID
}

func nodesOf(nodes []NodeID) gonum.Nodes {
	if len(nodes) == 0 {
		return gonum.Empty
	}
	return &nodeList{at: -1, nodes: nodes}
}

// Next moves to the next node and reports whether there is one.
func (l *nodeList) Next() bool {
	if l.at < len(l.nodes) {
		l.at++
	}
	return l.at < len(l.nodes)
}

// Len returns how many nodes are left.
func (l *nodeList) Len() int { return max(0, len(l.nodes)-l.at-1) }

// Reset moves before the first node.
func (l *nodeList) Reset() { l.at = -1 }

// Node returns the current node.
func (l *nodeList) Node() gonum.Node {
	if l.at < 0 || l.at >= len(l.nodes) {
		return nil
	}
	return l.nodes[l.at]
}

// nodeRange iterates over the nodes from 0 to end-1.
type nodeRange struct{ at, end int }

// Next moves to the next node and reports whether there is one.
func (r *nodeRange) Next() bool {
	if r.at < r.end {
		r.at++
	}
	return r.at < r.end
}

// Len returns how many nodes are left.
func (r *nodeRange) Len() int { return max(0, r.end-r.at-1) }

// Reset moves before the first node.
func (r *nodeRange) Reset() { r.at = -1 }

// Node returns the current node.
func (r *nodeRange) Node() gonum.Node {
	if r.at < 0 || r.at >= r.end {
		return nil
	}
	return NodeID(r.at)
}

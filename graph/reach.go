package graph

import (
	"slices"

	"github.com/eddy-build/eddy/module"
)

// Reached is a node that a search came to, and how many edges from the nearest
// start, from 1.
type Reached struct {
	Node  NodeID
	Depth int
}

// Upstream returns what some nodes depend on, directly (depth 1) or through at
// most depth edges; without limit where depth is below 0. The result is sorted
// by (Depth, Node) and excludes the starts, even those that others depend on.
// O(V + E log V) over the part that is reached.
func (g *Graph) Upstream(from []NodeID, kinds module.ImportKinds, depth int) []Reached {
	return g.reach(from, depth, func(n NodeID, found func(NodeID)) {
		first, end := g.OutEdges(n)
		for e := first; e < end; e++ {
			if g.has(e, kinds) {
				found(g.target[e])
			}
		}
	})
}

// Downstream returns what depends on some nodes; the rest as for
// [Graph.Upstream].
func (g *Graph) Downstream(from []NodeID, kinds module.ImportKinds, depth int) []Reached {
	return g.reach(from, depth, func(n NodeID, found func(NodeID)) {
		for _, e := range g.InEdges(n) {
			if g.has(e, kinds) {
				found(g.source[e])
			}
		}
	})
}

// reach searches breadth first, level by level.
func (g *Graph) reach(from []NodeID, depth int, expand func(NodeID, func(NodeID))) []Reached {
	seen := make(nodeSet, (len(g.ids)+63)/64)
	for _, n := range from {
		seen.add(n)
	}
	var reached []Reached
	at := 1 // the depth of what is found now
	found := func(n NodeID) {
		if seen.add(n) {
			reached = append(reached, Reached{n, at})
		}
	}
	if depth != 0 {
		for _, n := range from {
			expand(n, found)
		}
	}
	for first := 0; first < len(reached); {
		level := reached[first:]
		slices.SortFunc(level, func(a, b Reached) int { return int(a.Node) - int(b.Node) })
		first = len(reached)
		if at == depth {
			break
		}
		at++
		for _, r := range level {
			expand(r.Node, found)
		}
	}
	return reached
}

// nodeSet is a set of nodes, one bit each.
type nodeSet []uint64

// add reports whether the node was not in the set before.
func (s nodeSet) add(n NodeID) bool {
	word, bit := n>>6, uint64(1)<<(n&63)
	if s[word]&bit != 0 {
		return false
	}
	s[word] |= bit
	return true
}

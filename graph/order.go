package graph

import "github.com/eddy-build/eddy/module"

// Order returns all nodes, dependencies first: the levels of [Graph.Levels], one
// after the other. O(V + E).
func (g *Graph) Order(kinds module.ImportKinds) []NodeID {
	nodes, _ := g.levels(kinds)
	return nodes
}

// Levels returns the nodes by the length of the longest chain of dependencies
// below them: level 0 depends on nothing, level i on level i-1 and perhaps on
// lower ones. The members of a component stand together, on one level; a level
// is ordered by the smallest node of each component. O(V + E).
func (g *Graph) Levels(kinds module.ImportKinds) [][]NodeID {
	nodes, start := g.levels(kinds)
	levels := make([][]NodeID, len(start)-1)
	for i := range levels {
		levels[i] = nodes[start[i]:start[i+1]:start[i+1]]
	}
	return levels
}

// levels returns the nodes by level: level i is nodes[start[i]:start[i+1]].
func (g *Graph) levels(kinds module.ImportKinds) (nodes []NodeID, start []int32) {
	of, count := tarjan(g.outStart, g.target, g.unlessAll(kinds), kinds)
	first, members := membersOf(of, count)

	// Numbers ascend from dependencies to dependents, so that every level below
	// is known.
	level := make([]int32, count)
	height := int32(0)
	for c := range count {
		for _, n := range members[first[c]:first[c+1]] {
			from, end := g.OutEdges(n)
			for e := from; e < end; e++ {
				if to := of[g.target[e]]; int(to) != c && g.has(e, kinds) {
					level[c] = max(level[c], level[to]+1)
				}
			}
		}
		height = max(height, level[c]+1)
	}

	start = make([]int32, height+1)
	for _, c := range of {
		start[level[c]+1]++
	}
	for i := range height {
		start[i+1] += start[i]
	}
	nodes = make([]NodeID, len(of))
	for n, c := range of {
		component := members[first[c]:first[c+1]]
		if component[0] != NodeID(n) {
			continue // placed with its first member
		}
		copy(nodes[start[level[c]]:], component)
		start[level[c]] += int32(len(component))
	}
	unshift(start)
	return nodes, start
}

package graph

import (
	"slices"

	"github.com/eddy-build/eddy/module"
)

// Reduce returns the transitive reduction over these kinds: all nodes, and only
// those edges that say something no other path says. An edge between two
// components is left out where a longer way through other components leads
// there too; of several edges between the same two components the first stays.
// Edges within a component all stay, for what could go there is not unique.
// Edges of none of the kinds are left out, the others keep all their kinds and
// imports. What reaches what is the same as before.
//
// It searches from each component the part of the graph that lies between it
// and the lowest level it depends on: O(V E) at worst, near O(V + E) where most
// dependencies are close by. For the definition see Aho, Garey and Ullman, "The
// transitive reduction of a directed graph" (1972).
func (g *Graph) Reduce(kinds module.ImportKinds) *Graph {
	of, count := tarjan(g.outStart, g.target, g.unlessAll(kinds), kinds)
	start, members := membersOf(of, count)

	// The first edge between each two components, by component.
	dagStart := make([]EdgeID, count+1)
	var dag []EdgeID
	seen := make([]int32, count)
	level := make([]int32, count)
	for c := range count {
		seen[c] = int32(c + 1)
		for _, n := range members[start[c]:start[c+1]] {
			first, end := g.OutEdges(n)
			for e := first; e < end; e++ {
				to := of[g.target[e]]
				if g.has(e, kinds) && seen[to] != int32(c+1) {
					seen[to] = int32(c + 1)
					dag = append(dag, e)
					level[c] = max(level[c], level[to]+1)
				}
			}
		}
		dagStart[c+1] = EdgeID(len(dag))
	}

	needed := make([]bool, len(g.target))
	clear(seen)
	var direct []EdgeID
	var stack []int32
	for c := range count {
		// A way through another dependency passes one of a higher level, so the
		// highest are needed, and what they reach is not.
		direct = append(direct[:0], dag[dagStart[c]:dagStart[c+1]]...)
		slices.SortStableFunc(direct, func(a, b EdgeID) int {
			return int(level[of[g.target[b]]]) - int(level[of[g.target[a]]])
		})
		for _, e := range direct {
			to := of[g.target[e]]
			if seen[to] == int32(c+1) {
				continue
			}
			needed[e] = true
			seen[to] = int32(c + 1)
			floor := level[of[g.target[direct[len(direct)-1]]]]
			for stack = append(stack[:0], to); len(stack) > 0; {
				at := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				for _, e := range dag[dagStart[at]:dagStart[at+1]] {
					if next := of[g.target[e]]; seen[next] != int32(c+1) && level[next] >= floor {
						seen[next] = int32(c + 1)
						stack = append(stack, next)
					}
				}
			}
		}
	}

	all := make([]NodeID, len(g.ids))
	for n := range all {
		all[n] = NodeID(n)
	}
	return g.filter(all, func(e EdgeID) bool {
		return needed[e] || of[g.source[e]] == of[g.target[e]] && g.has(e, kinds)
	})
}

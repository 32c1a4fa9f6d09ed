package main

import (
	"slices"

	"github.com/eddy-build/eddy"
	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/module"
)

// cycleList is what eddy watch remembers of the cycles of a snapshot.
type cycleList struct {
	graph *graph.Graph
	kinds module.ImportKinds
	list  [][]module.ID // the members of each, sorted
}

// cyclesOf lists the cycles of a snapshot.
func cyclesOf(s *eddy.Snapshot, kinds module.ImportKinds) *cycleList {
	c := &cycleList{graph: s.Graph(), kinds: kinds}
	for _, nodes := range c.graph.Cycles(kinds) {
		members := make([]module.ID, len(nodes))
		for i, n := range nodes {
			members[i] = c.graph.ID(n)
		}
		c.list = append(c.list, members)
	}
	return c
}

// next lists the cycles of a later snapshot. Most batches leave the graph as it
// was.
func (c *cycleList) next(s *eddy.Snapshot) *cycleList {
	if s.Graph() == c.graph {
		return c
	}
	return cyclesOf(s, c.kinds)
}

// circle is a shortest way around among the members of a cycle, through one of
// them if it is named. The first is not repeated at the end.
func (c *cycleList) circle(members []module.ID, through module.ID) []module.ID {
	var edges []graph.EdgeID
	if n, ok := c.graph.Lookup(through); ok {
		edges = c.graph.CycleThrough(n, c.kinds)
	} else {
		nodes := make([]graph.NodeID, len(members))
		for i, id := range members {
			nodes[i], _ = c.graph.Lookup(id)
		}
		edges = c.graph.WitnessCycle(nodes, c.kinds)
	}
	var list []module.ID
	for _, e := range edges {
		list = append(list, c.graph.ID(c.graph.Source(e)))
	}
	return list
}

// cycleChange is a cycle that is new, gone or another than it was.
type cycleChange struct {
	event   string // "cycle-new", "cycle-gone" or "cycle-changed"
	members []module.ID
	joined  []module.ID // of a changed one: members that were in none of those that it was made from
	left    []module.ID // of a changed one: members of those that are not in it
	circle  []module.ID // a shortest way around; in a changed one that grew, through a module that joined
}

// compareCycles tells what became of the cycles: one that shares modules with an
// earlier one is that one, changed; one of which no module is left in any cycle
// is gone. In the order of their first members: new, changed, gone.
func compareCycles(before, after *cycleList) []cycleChange {
	if before == after {
		return nil
	}
	owner := map[module.ID]int{} // of each module in an earlier cycle, that cycle
	for i, members := range before.list {
		for _, id := range members {
			owner[id] = i
		}
	}
	var fresh, changed, gone []cycleChange
	survives := make([]bool, len(before.list))
	for _, members := range after.list {
		c := cycleChange{event: "cycle-changed", members: members}
		var from []int // the earlier cycles that it was made from
		for _, id := range members {
			i, ok := owner[id]
			if !ok {
				c.joined = append(c.joined, id)
			} else if !slices.Contains(from, i) {
				from = append(from, i)
			}
		}
		for _, i := range from {
			survives[i] = true
			for _, id := range before.list[i] {
				if _, ok := slices.BinarySearch(members, id); !ok {
					c.left = append(c.left, id)
				}
			}
		}
		slices.Sort(c.left)
		switch {
		case len(from) == 0:
			c.event, c.joined, c.circle = "cycle-new", nil, after.circle(members, "")
			fresh = append(fresh, c)
		case len(from) > 1 || len(c.joined)+len(c.left) > 0:
			var through module.ID
			if len(c.joined) > 0 {
				through = c.joined[0]
			}
			c.circle = after.circle(members, through)
			changed = append(changed, c)
		}
	}
	for i, members := range before.list {
		if !survives[i] {
			gone = append(gone, cycleChange{event: "cycle-gone", members: members, circle: before.circle(members, "")})
		}
	}
	return slices.Concat(fresh, changed, gone)
}

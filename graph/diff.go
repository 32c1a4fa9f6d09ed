package graph

import (
	"slices"

	"github.com/eddy-build/eddy/module"
)

// Difference is what changed from one graph to another. Every list is sorted,
// and empty where nothing changed.
type Difference struct {
	AddedNodes   []module.ID
	RemovedNodes []module.ID
	AddedEdges   []Change // of kinds in After
	RemovedEdges []Change // of kinds in Before
	ChangedKinds []Change

	// Cyclic components by their members. One that grows or shrinks is gone
	// with its old members and new with its new ones.
	NewCycles  [][]module.ID
	GoneCycles [][]module.ID
}

// Empty reports whether nothing changed.
func (d *Difference) Empty() bool {
	return len(d.AddedNodes)+len(d.RemovedNodes)+len(d.AddedEdges)+len(d.RemovedEdges)+len(d.ChangedKinds) == 0
}

// Change is an edge whose kinds changed; none are those of an edge that is not
// there.
type Change struct {
	From, To      module.ID
	Before, After module.ImportKinds
}

// Diff returns what changed from one graph to another; the kinds say over which
// imports cycles are looked for. The places of imports do not count.
// O(V + E) comparisons of IDs.
func Diff(before, after *Graph, kinds module.ImportKinds) Difference {
	var d Difference
	merge(before.ids, after.ids, module.ID.Compare, func(a, b int) {
		switch {
		case a < 0:
			d.AddedNodes = append(d.AddedNodes, after.ids[b])
			d.addEdges(before, after, -1, NodeID(b))
		case b < 0:
			d.RemovedNodes = append(d.RemovedNodes, before.ids[a])
			d.addEdges(before, after, NodeID(a), -1)
		default:
			d.addEdges(before, after, NodeID(a), NodeID(b))
		}
	})
	d.addCycles(before, after, kinds)
	return d
}

// addEdges compares the edges of a node, which is -1 where the graph has none.
func (d *Difference) addEdges(before, after *Graph, a, b NodeID) {
	from, was, is := module.ID(""), []NodeID(nil), []NodeID(nil)
	var wasFirst, isFirst EdgeID
	if b >= 0 {
		from, is = after.ids[b], after.Out(b)
		isFirst, _ = after.OutEdges(b)
	}
	if a >= 0 {
		from, was = before.ids[a], before.Out(a)
		wasFirst, _ = before.OutEdges(a)
	}
	byTarget := func(m, n NodeID) int { return before.ids[m].Compare(after.ids[n]) }
	merge(was, is, byTarget, func(i, j int) {
		switch {
		case i < 0:
			kinds := after.kinds[isFirst+EdgeID(j)]
			d.AddedEdges = append(d.AddedEdges, Change{From: from, To: after.ids[is[j]], After: kinds})
		case j < 0:
			kinds := before.kinds[wasFirst+EdgeID(i)]
			d.RemovedEdges = append(d.RemovedEdges, Change{From: from, To: before.ids[was[i]], Before: kinds})
		default:
			c := Change{from, after.ids[is[j]], before.kinds[wasFirst+EdgeID(i)], after.kinds[isFirst+EdgeID(j)]}
			if c.Before != c.After {
				d.ChangedKinds = append(d.ChangedKinds, c)
			}
		}
	})
}

// addCycles compares the cyclic components, each graph's ordered by first
// members, by all members.
func (d *Difference) addCycles(before, after *Graph, kinds module.ImportKinds) {
	was, is := cyclesByID(before, kinds), cyclesByID(after, kinds)
	merge(was, is, slices.Compare, func(a, b int) {
		switch {
		case a < 0:
			d.NewCycles = append(d.NewCycles, is[b])
		case b < 0:
			d.GoneCycles = append(d.GoneCycles, was[a])
		}
	})
}

func cyclesByID(g *Graph, kinds module.ImportKinds) [][]module.ID {
	cycles := g.Cycles(kinds)
	ids := make([][]module.ID, len(cycles))
	for i, members := range cycles {
		ids[i] = g.IDs(members)
	}
	return ids
}

// merge walks two sorted lists at once and calls visit with the indices of what
// both have, and with -1 for what one of them lacks.
func merge[T any](a, b []T, compare func(T, T) int, visit func(i, j int)) {
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		order := 0
		switch {
		case i == len(a):
			order = 1
		case j == len(b):
			order = -1
		default:
			order = compare(a[i], b[j])
		}
		switch {
		case order < 0:
			visit(i, -1)
			i++
		case order > 0:
			visit(-1, j)
			j++
		default:
			visit(i, j)
			i++
			j++
		}
	}
}

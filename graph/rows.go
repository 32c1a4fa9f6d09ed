package graph

import "github.com/eddy-build/eddy/module"

// Rows are the columns of a graph of a set, as it was stored: what [Of] would
// make of the modules, without them.
type Rows struct {
	IDs    []module.ID // ascending
	Start  []EdgeID    // node n has the edges Start[n] to Start[n+1]-1
	Target []NodeID    // ascending within a node
	Kinds  []module.ImportKinds
	First  []int32 // index of an edge's first Dep in its source's Deps
	// Count is how many imports an edge stands for where they are all of one kind,
	// and CountMixed where the Deps must be asked.
	Count  []uint8
	Module func(NodeID) *module.Module // makes a module; always the same one
}

// CountMixed is the count of an edge that only its source's Deps can tell.
const CountMixed = 255

// OfRows returns the graph of some rows, which it owns from then on, without a
// look at any module. The rows must be those of a graph. O(V + E).
func OfRows(r Rows) *Graph {
	g := &Graph{
		ids: r.IDs, lazy: r.Module, outStart: r.Start, target: r.Target, kinds: r.Kinds,
		imports: imports{first: r.First, count: r.Count},
	}
	g.complete(storage{})
	return g
}

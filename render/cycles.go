package render

import (
	"io"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/module"
)

// Cycle is one component of a graph with what a reader needs to end it.
type Cycle struct {
	Members []graph.NodeID
	Witness []graph.EdgeID // a shortest circle through members
	Break   graph.BreakSet // edges whose removal leaves no circle
}

// Describe looks for a witness and a way out of each of some components, which
// g.Cycles returned for the same kinds.
func Describe(g *graph.Graph, components [][]graph.NodeID, kinds module.ImportKinds) []Cycle {
	list := make([]Cycle, len(components))
	for i, members := range components {
		list[i] = Cycle{members, g.WitnessCycle(members, kinds), g.BreakSet(members, kinds)}
	}
	return list
}

// CyclesJSON writes cycles as one JSON document:
//
//	{"version": 1, "kinds": ["static"], "cycles": [
//	 {"size": 2, "members": ["a", "b"],
//	  "witness": [{"from": "a", "to": "b", "imports": […]}, …],
//	  "break": {"exact": true, "imports": 1, "dependencies": [{"from": "b", "to": "a", "imports": […]}]}}
//	]}
//
// An import is written as in the document of [JSON], but only where it is of one
// of the kinds.
func CyclesJSON(w io.Writer, g *graph.Graph, kinds module.ImportKinds, cycles []Cycle) error {
	e := &jsonWriter{w: w, buf: make([]byte, 0, jsonBuffer+jsonBuffer/4)}
	e.raw(`{"version": `)
	e.int(FormatVersion)
	e.raw(`, "kinds": `)
	e.kinds(kinds)
	e.list("cycles")
	for _, c := range cycles {
		e.record()
		e.raw(`{"size": `)
		e.int(int32(len(c.Members)))
		e.raw(`, "members": [`)
		for i, n := range c.Members {
			if i > 0 {
				e.raw(", ")
			}
			e.string(string(g.ID(n)))
		}
		e.raw(`], "witness": `)
		e.edges(g, c.Witness, kinds)
		e.raw(`, "break": {"exact": `)
		if c.Break.Exact {
			e.raw("true")
		} else {
			e.raw("false")
		}
		e.raw(`, "imports": `)
		e.int(int32(c.Break.Weight))
		e.raw(`, "dependencies": `)
		e.edges(g, c.Break.Edges, kinds)
		e.raw("}}")
	}
	e.endList()
	e.raw("}\n")
	e.flush()
	return e.err
}

func (e *jsonWriter) edges(g *graph.Graph, edges []graph.EdgeID, kinds module.ImportKinds) {
	e.raw("[")
	for i, edge := range edges {
		if i > 0 {
			e.raw(", ")
		}
		e.raw(`{"from": `)
		e.string(string(g.ID(g.Source(edge))))
		e.raw(`, "to": `)
		e.string(string(g.ID(g.Target(edge))))
		e.raw(`, "imports": [`)
		first := true
		for _, o := range g.Occurrences(edge) {
			if o.Import == nil || !kinds.Has(o.Kind) {
				continue
			}
			if !first {
				e.raw(", ")
			}
			first = false
			e.raw(`{"specifier": `)
			e.string(o.Import.Specifier)
			e.occurrence(occurrence{imp: o.Import, kind: o.Kind})
			e.raw("}")
		}
		e.raw("]}")
	}
	e.raw("]")
}

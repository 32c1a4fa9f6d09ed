package graph

import (
	"slices"

	"github.com/eddy-build/eddy/module"
)

// Occurrence is one import that an edge stands for, and the kind that it
// counts as: the import's own, or implicit where the language adds the
// dependency.
type Occurrence struct {
	Import *module.Import
	Kind   module.ImportKind
}

// imports says which imports the edges stand for, in one of two forms. Both are
// absent where no edge has an import.
//
// Where each edge's imports are among its source's Module.Deps, first[e] is the
// index of the first of them there, and no more is kept: the others follow, as
// Deps is sorted by target. Elsewhere list has the imports of all edges in
// their order, and edge e those from first[e] to first[e+1]-1.
//
// count, where it is not nil, tells the number of imports as [Rows] has it.
type imports struct {
	first []int32
	list  []Occurrence
	count []uint8
}

// Occurrences returns the imports that an edge stands for, by position, or none
// where it was built without. Do not write to it.
//
// They cost nothing to keep in a graph of [Of], whose modules have them, but
// each call then allocates the result: use [Graph.AppendOccurrences] where many
// edges are asked for. In a graph of a [Builder] they take 16 bytes each.
func (g *Graph) Occurrences(e EdgeID) []Occurrence {
	if g.imports.list != nil {
		first, end := g.imports.first[e], g.imports.first[e+1]
		return g.imports.list[first:end:end]
	}
	return g.AppendOccurrences(nil, e)
}

// AppendOccurrences appends to dst what [Graph.Occurrences] returns.
func (g *Graph) AppendOccurrences(dst []Occurrence, e EdgeID) []Occurrence {
	if g.imports.list != nil {
		return append(dst, g.imports.list[g.imports.first[e]:g.imports.first[e+1]]...)
	}
	m, deps := g.deps(e)
	dst = slices.Grow(dst, len(deps))
	for i := range deps {
		if deps[i].Import != module.NoImport {
			dst = append(dst, Occurrence{&m.Imports[deps[i].Import], deps[i].Kind})
		}
	}
	return dst
}

// ImportCount returns how many imports of these kinds an edge stands for. It
// does not allocate.
func (g *Graph) ImportCount(e EdgeID, kinds module.ImportKinds) int {
	count := 0
	if g.imports.list != nil {
		for _, o := range g.Occurrences(e) {
			if kinds.Has(o.Kind) {
				count++
			}
		}
		return count
	}
	if g.imports.count != nil && g.imports.count[e] != CountMixed {
		if kinds&g.kinds[e] == 0 {
			return 0
		}
		return int(g.imports.count[e])
	}
	_, deps := g.deps(e)
	for i := range deps {
		if deps[i].Import != module.NoImport && kinds.Has(deps[i].Kind) {
			count++
		}
	}
	return count
}

// deps returns the part of the source's Deps that leads to the target, where
// the graph's imports are kept so.
func (g *Graph) deps(e EdgeID) (*module.Module, []module.Dep) {
	if g.imports.first == nil {
		return nil, nil
	}
	m := g.Module(g.source[e])
	deps := m.Deps[min(int(g.imports.first[e]), len(m.Deps)):]
	to := g.ids[g.target[e]]
	end := 0
	for end < len(deps) && deps[end].To == to {
		end++
	}
	return m, deps[:end]
}

// of returns the imports of some edges alone.
func (im imports) of(edges []EdgeID) imports {
	switch {
	case im.first == nil:
		return imports{}
	case im.list == nil && im.count == nil:
		return imports{first: pick(im.first, edges)}
	case im.list == nil:
		return imports{first: pick(im.first, edges), count: pick(im.count, edges)}
	}
	some := imports{first: make([]int32, len(edges)+1)}
	count := int32(0)
	for i, e := range edges {
		some.first[i] = count
		count += im.first[e+1] - im.first[e]
	}
	some.first[len(edges)] = count
	some.list = make([]Occurrence, 0, count)
	for _, e := range edges {
		some.list = append(some.list, im.list[im.first[e]:im.first[e+1]]...)
	}
	return some
}

// compareOccurrences orders by position, then kind.
func compareOccurrences(a, b Occurrence) int {
	if c := a.Import.Span.Compare(b.Import.Span); c != 0 {
		return c
	}
	return int(a.Kind) - int(b.Kind)
}

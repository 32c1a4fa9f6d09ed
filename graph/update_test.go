package graph_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/internal/graphtest"
	"github.com/eddy-build/eddy/module"
)

// drawNext returns a set that shares with the one before what does not depend on
// a module that is gone, less what a few edits change.
func drawNext(t *rapid.T, before *module.Set) *module.Set {
	const most = 12
	var ids []module.ID
	for i := range most {
		old := slices.ContainsFunc(before.Modules, func(m *module.Module) bool { return m.ID == name(i) })
		if change := rapid.IntRange(0, 9).Draw(t, "change"); old && change > 0 || !old && change > 7 {
			ids = append(ids, name(i))
		}
	}
	set := &module.Set{}
	for _, id := range ids {
		i := slices.IndexFunc(before.Modules, func(m *module.Module) bool { return m.ID == id })
		if i >= 0 && rapid.IntRange(0, 4).Draw(t, "edited") > 0 &&
			!slices.ContainsFunc(before.Modules[i].Deps, func(d module.Dep) bool { return !slices.Contains(ids, d.To) }) {
			set.Modules = append(set.Modules, before.Modules[i])
			continue
		}
		m := &module.Module{ID: id}
		for j := range rapid.IntRange(0, 4).Draw(t, "imports") {
			m.Imports = append(m.Imports, module.Import{Span: module.Span{File: string(id), Line: int32(j + 1)}})
			m.Deps = append(m.Deps, module.Dep{
				To: rapid.SampledFrom(ids).Draw(t, "to"), Import: int32(j), Kind: rapid.SampledFrom(drawnKinds).Draw(t, "kind"),
			})
		}
		slices.SortStableFunc(m.Deps, func(a, b module.Dep) int { return a.To.Compare(b.To) })
		set.Modules = append(set.Modules, m)
	}
	return set
}

func TestRandomUpdate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		set := drawNext(t, &module.Set{})
		g := graph.Of(set)
		for range rapid.IntRange(1, 6).Draw(t, "steps") {
			set = drawNext(t, set)
			g = graph.Update(g, set)
			fresh := graph.Of(set)
			if !graphtest.Equal(g, fresh) {
				t.Fatalf("%s, want %s", graphtest.Format(g), graphtest.Format(fresh))
			}
			for n := range graph.NodeID(g.NodeCount()) {
				if g.Module(n) != set.Modules[n] || g.ID(n) != set.Modules[n].ID || !slices.Equal(g.In(n), fresh.In(n)) || !slices.Equal(g.InEdges(n), fresh.InEdges(n)) {
					t.Fatalf("node %d: %s, in %v by %v; want in %v by %v", n, g.ID(n), g.In(n), g.InEdges(n), fresh.In(n), fresh.InEdges(n))
				}
			}
			for e := range graph.EdgeID(g.EdgeCount()) {
				if g.Kinds(e) != fresh.Kinds(e) || !slices.Equal(g.Occurrences(e), fresh.Occurrences(e)) {
					t.Fatalf("edge %d: %s %v, want %s %v", e, g.Kinds(e), g.Occurrences(e), fresh.Kinds(e), fresh.Occurrences(e))
				}
			}
		}
	})
}

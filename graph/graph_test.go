package graph_test

import (
	"slices"
	"testing"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/internal/graphtest"
	"github.com/eddy-build/eddy/module"
)

func TestGraph(t *testing.T) {
	g := graphtest.Parse("m -> b a; a -> m; b -type-> a a; a -> a; b -> a; z")
	if got, want := graphtest.Format(g), "a -> a m; b -> a; b -type-> a*2; m -> a b; z"; got != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
	b := graphtest.Nodes(g, "b")[0]
	if got := graphtest.Names(g, g.In(b)); got != "m" {
		t.Errorf("b is imported by %q", got)
	}
	if got := g.InEdges(b); len(got) != 1 || g.Source(got[0]) != g.In(b)[0] || g.Target(got[0]) != b {
		t.Errorf("edges into b: %v", got)
	}
	e, ok := g.EdgeBetween(b, 0)
	if !ok || g.Kinds(e) != module.Of(module.Static, module.Type) {
		t.Fatalf("b to a: edge %d, %t, kinds %s", e, ok, g.Kinds(e))
	}
	var lines []int32
	for _, o := range g.Occurrences(e) {
		lines = append(lines, o.Import.Span.Line)
	}
	if !slices.Equal(lines, []int32{1, 2, 3}) || g.ImportCount(e, module.StaticOnly) != 1 {
		t.Errorf("imports on lines %d, %d of them static", lines, g.ImportCount(e, module.StaticOnly))
	}
	if _, ok := g.Lookup("c"); ok {
		t.Error("found c")
	}
	if g.Module(b) != nil {
		t.Error("b has a module")
	}
}

func TestEmpty(t *testing.T) {
	for _, g := range []*graph.Graph{graph.NewBuilder().Build(), graph.Of(&module.Set{})} {
		if g.NodeCount() != 0 || g.EdgeCount() != 0 || g.Components(module.AllKinds).Len() != 0 ||
			len(g.Order(module.AllKinds)) != 0 || len(g.Levels(module.AllKinds)) != 0 || len(g.Cycles(module.AllKinds)) != 0 ||
			g.Condensation(module.AllKinds).Len() != 0 {
			t.Error("an empty graph has something")
		}
	}
}

func TestComponents(t *testing.T) {
	g := graphtest.Parse("d -> c; c -> b; b -> d e; e -type-> d; a -> d; f -> f; g -> h")
	for _, test := range []struct {
		kinds         module.ImportKinds
		cycles, order string
		components    string
	}{
		{module.StaticOnly, "b c d | f", "e f h b c d g a", "a | b c d | e | f | g | h"},
		{module.AllKinds, "b c d e | f", "b c d e f h a g", "a | b c d e | f | g | h"},
		{module.Of(module.Deferred), "", "a b c d e f g h", "a | b | c | d | e | f | g | h"},
	} {
		if got := graphtest.Sets(g, g.Cycles(test.kinds)); got != test.cycles {
			t.Errorf("%s: cycles %q, want %q", test.kinds, got, test.cycles)
		}
		if got := graphtest.Names(g, g.Order(test.kinds)); got != test.order {
			t.Errorf("%s: order %q, want %q", test.kinds, got, test.order)
		}
		c := g.Components(test.kinds)
		var sets [][]graph.NodeID
		for i := range c.Len() {
			sets = append(sets, c.Members(i))
		}
		if got := graphtest.Sets(g, sets); got != test.components {
			t.Errorf("%s: components %q, want %q", test.kinds, got, test.components)
		}
	}
}

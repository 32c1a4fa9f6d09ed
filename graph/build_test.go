package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/internal/graphtest"
	"github.com/eddy-build/eddy/module"
)

// drawSet returns a random set in the order that module.Set promises.
func drawSet(t *rapid.T) *module.Set {
	n := rapid.IntRange(0, 12).Draw(t, "modules")
	set := &module.Set{}
	for i := range n {
		m := &module.Module{ID: name(i)}
		for j := range rapid.IntRange(0, 6).Draw(t, "imports") {
			m.Imports = append(m.Imports, module.Import{Span: module.Span{File: string(m.ID), Line: int32(j + 1)}})
			to := name(rapid.IntRange(0, n).Draw(t, "to")) // n is not in the set
			imp := int32(j)
			if rapid.IntRange(0, 4).Draw(t, "implied") == 4 {
				imp = module.NoImport
			}
			m.Deps = append(m.Deps, module.Dep{To: to, Import: imp, Kind: rapid.SampledFrom(drawnKinds).Draw(t, "kind")})
		}
		slices.SortStableFunc(m.Deps, func(a, b module.Dep) int { return a.To.Compare(b.To) })
		set.Modules = append(set.Modules, m)
	}
	return set
}

func TestRandomOf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		set := drawSet(t)
		g := graph.Of(set)

		// What the deps say, pair by pair.
		type pair struct{ from, to module.ID }
		occurrences := map[pair][]graph.Occurrence{}
		kinds := map[pair]module.ImportKinds{}
		for _, m := range set.Modules {
			for _, d := range m.Deps {
				if !slices.ContainsFunc(set.Modules, func(m *module.Module) bool { return m.ID == d.To }) {
					continue
				}
				p := pair{m.ID, d.To}
				kinds[p] |= module.Of(d.Kind)
				if d.Import != module.NoImport {
					occurrences[p] = append(occurrences[p], graph.Occurrence{Import: &m.Imports[d.Import], Kind: d.Kind})
				}
			}
		}
		if g.NodeCount() != len(set.Modules) || g.EdgeCount() != len(kinds) {
			t.Fatalf("%d nodes and %d edges, want %d and %d", g.NodeCount(), g.EdgeCount(), len(set.Modules), len(kinds))
		}
		for i, m := range set.Modules {
			n, ok := g.Lookup(m.ID)
			if !ok || int(n) != i || g.Module(n) != m {
				t.Fatalf("%s is node %d, %t", m.ID, n, ok)
			}
		}
		for e := range graph.EdgeID(g.EdgeCount()) {
			p := pair{g.ID(g.Source(e)), g.ID(g.Target(e))}
			if g.Kinds(e) != kinds[p] || !slices.Equal(g.Occurrences(e), occurrences[p]) {
				t.Fatalf("%v: kinds %s, occurrences %v; want %s, %v", p, g.Kinds(e), g.Occurrences(e), kinds[p], occurrences[p])
			}
			if count := g.ImportCount(e, module.AllKinds); count != len(occurrences[p]) {
				t.Fatalf("%v: %d imports, want %d", p, count, len(occurrences[p]))
			}
		}

		// Modules in another order, which take the way through the builder.
		shuffled := &module.Set{Modules: rapid.Permutation(set.Modules).Draw(t, "order")}
		if other := graph.Of(shuffled); !graphtest.Equal(g, other) {
			t.Fatalf("%s, shuffled %s", graphtest.Format(g), graphtest.Format(other))
		}
	})
}

func TestRandomBuilder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := graph.NewBuilder()
		if rapid.Bool().Draw(t, "hint") {
			b.Grow(20, 60)
		}
		type edge struct{ from, to module.ID }
		var ids []module.ID
		kinds := map[edge]module.ImportKinds{}
		id := rapid.Map(rapid.IntRange(0, 30), name)
		node := func(id module.ID) graph.Handle {
			ids = append(ids, id)
			return b.Node(id)
		}
		for range rapid.IntRange(0, 60).Draw(t, "calls") {
			from, to := id.Draw(t, "from"), id.Draw(t, "to")
			kind := rapid.SampledFrom(drawnKinds).Draw(t, "kind")
			b.Edge(node(from), node(to), kind, nil)
			kinds[edge{from, to}] |= module.Of(kind)
		}
		g := b.Build()
		slices.Sort(ids)
		ids = slices.Compact(ids)
		if g.NodeCount() != len(ids) || g.EdgeCount() != len(kinds) {
			t.Fatalf("%d nodes and %d edges, want %d and %d", g.NodeCount(), g.EdgeCount(), len(ids), len(kinds))
		}
		back := 0
		for n := range graph.NodeID(g.NodeCount()) {
			if g.ID(n) != ids[n] || !isAscending(g.Out(n)) || !isAscending(g.In(n)) {
				t.Fatalf("node %d: %s, out %v, in %v", n, g.ID(n), g.Out(n), g.In(n))
			}
			first, end := g.OutEdges(n)
			for e := first; e < end; e++ {
				if g.Source(e) != n || g.Target(e) != g.Out(n)[e-first] || g.Kinds(e) != kinds[edge{g.ID(n), g.ID(g.Target(e))}] {
					t.Fatalf("edge %d of node %d", e, n)
				}
				if len(g.Occurrences(e)) != 0 || g.ImportCount(e, module.AllKinds) != 0 {
					t.Fatalf("edge %d has an import", e)
				}
			}
			for i, e := range g.InEdges(n) {
				if g.Target(e) != n || g.Source(e) != g.In(n)[i] {
					t.Fatalf("edge %d into node %d", e, n)
				}
				back++
			}
		}
		if back != g.EdgeCount() {
			t.Fatalf("%d edges backwards, want %d", back, g.EdgeCount())
		}
		if empty := b.Build(); empty.NodeCount() != 0 {
			t.Fatal("the builder kept nodes")
		}
	})
}

func TestRandomSubgraph(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var g *graph.Graph
		if rapid.Bool().Draw(t, "of a set") {
			g = graph.Of(drawSet(t))
		} else {
			g = drawGraph(t, 12)
		}
		keep := drawNodes(t, g, "keep")
		sub := g.Subgraph(keep)
		slices.Sort(keep)
		keep = slices.Compact(keep)
		if !slices.Equal(sub.IDs(allNodes(sub)), g.IDs(keep)) {
			t.Fatalf("nodes %v, want %v", sub.IDs(allNodes(sub)), g.IDs(keep))
		}
		edges := 0
		for i, from := range keep {
			if sub.Module(graph.NodeID(i)) != g.Module(from) {
				t.Fatalf("another module for %s", g.ID(from))
			}
			for j, to := range keep {
				e, ok := g.EdgeBetween(from, to)
				s, is := sub.EdgeBetween(graph.NodeID(i), graph.NodeID(j))
				if ok != is || ok && (g.Kinds(e) != sub.Kinds(s) || !slices.Equal(g.Occurrences(e), sub.Occurrences(s))) {
					t.Fatalf("edge %s to %s", g.ID(from), g.ID(to))
				}
				if ok {
					edges++
				}
			}
		}
		if sub.EdgeCount() != edges {
			t.Fatalf("%d edges, want %d", sub.EdgeCount(), edges)
		}
	})
}

func allNodes(g *graph.Graph) []graph.NodeID {
	all := make([]graph.NodeID, g.NodeCount())
	for n := range all {
		all[n] = graph.NodeID(n)
	}
	return all
}

func TestRandomGroup(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := graph.Of(drawSet(t))
		groups := map[module.ID]module.ID{}
		for _, id := range g.IDs(allNodes(g)) {
			groups[id] = rapid.SampledFrom([]module.ID{"", "a", "b", "m01", "m02"}).Draw(t, "group")
		}
		grouped := g.Group(func(id module.ID, _ *module.Module) module.ID { return groups[id] })

		type edge struct{ from, to module.ID }
		kinds := map[edge]module.ImportKinds{}
		imports := map[edge]int{}
		for e := range graph.EdgeID(g.EdgeCount()) {
			p := edge{groups[g.ID(g.Source(e))], groups[g.ID(g.Target(e))]}
			if p.from != "" && p.to != "" && p.from != p.to {
				kinds[p] |= g.Kinds(e)
				imports[p] += len(g.Occurrences(e))
			}
		}
		for n := range graph.NodeID(grouped.NodeCount()) {
			id := grouped.ID(n)
			old, ok := g.Lookup(id)
			if m := grouped.Module(n); (m != nil) != (ok && groups[id] == id) || m != nil && m != g.Module(old) {
				t.Fatalf("group %s has module %v", id, m)
			}
		}
		if grouped.EdgeCount() != len(kinds) {
			t.Fatalf("%d edges, want %d", grouped.EdgeCount(), len(kinds))
		}
		for e := range graph.EdgeID(grouped.EdgeCount()) {
			p := edge{grouped.ID(grouped.Source(e)), grouped.ID(grouped.Target(e))}
			occurrences := grouped.Occurrences(e)
			sorted := slices.IsSortedFunc(occurrences, func(a, b graph.Occurrence) int { return a.Import.Span.Compare(b.Import.Span) })
			if grouped.Kinds(e) != kinds[p] || len(occurrences) != imports[p] || !sorted {
				t.Fatalf("%v: kinds %s, %d imports, sorted %t; want %s, %d", p, grouped.Kinds(e), len(occurrences), sorted, kinds[p], imports[p])
			}
		}
	})
}

func TestGroupNames(t *testing.T) {
	for _, test := range []struct {
		id                 module.ID
		kind               module.Kind
		language           module.Language
		pkg                string
		root, one, two, by string // ByFolder 0, 1, 2, and ByPackage
	}{
		{"web/ui/list/item.ts", module.KindSource, module.TypeScript, "@x/web", ".", "web", "web/ui", "@x/web"},
		{"web/app.ts", module.KindSource, module.TypeScript, "@x/web", ".", "web", "web", "@x/web"},
		{"setup.py", module.KindSource, module.Python, "", ".", ".", ".", "."},
		{"web/ui/logo.svg", module.KindAsset, "", "", ".", "web", "web/ui", "."},
		{"internal/dag/x", module.KindSource, module.Go, "ex.org/m", ".", "internal", "internal/dag", "ex.org/m"},
		{"internal/dag:test", module.KindTest, module.Go, "ex.org/m", ".:test", "internal:test", "internal/dag:test", "ex.org/m:test"},
		{".", module.KindSource, module.Go, "ex.org/m", ".", ".", ".", "ex.org/m"},
		{".:test", module.KindTest, module.Go, "ex.org/m", ".:test", ".:test", ".:test", "ex.org/m:test"},
		{"golang:fmt", module.KindStandard, module.Go, "", "golang:fmt", "golang:fmt", "golang:fmt", "golang:fmt"},
		{"golang:ex.org/x/mod/semver", module.KindExternal, module.Go, "ex.org/x/mod", "golang:ex.org/x/mod", "golang:ex.org/x/mod", "golang:ex.org/x/mod", "golang:ex.org/x/mod"},
		{"npm:@x/y", module.KindExternal, module.TypeScript, "@x/y", "npm:@x/y", "npm:@x/y", "npm:@x/y", "npm:@x/y"},
	} {
		m := &module.Module{ID: test.id, Kind: test.kind, Language: test.language, Package: test.pkg}
		got := []module.ID{graph.ByFolder(0)(m.ID, m), graph.ByFolder(1)(m.ID, m), graph.ByFolder(2)(m.ID, m), graph.ByPackage()(m.ID, m)}
		want := []module.ID{module.ID(test.root), module.ID(test.one), module.ID(test.two), module.ID(test.by)}
		if !slices.Equal(got, want) {
			t.Errorf("%s: groups %q, want %q", test.id, got, want)
		}
	}
	if got := graph.ByFolder(-1)("a/b/c/d.go", nil); got != "a/b/c" {
		t.Errorf("whole folder: %q", got)
	}
	if got := graph.ByPackage()("a/b", nil); got != "." {
		t.Errorf("package of a bare node: %q", got)
	}
}

func TestGroupCycle(t *testing.T) {
	g := graphtest.Parse("a/x -> b/y; b/z -> a/w; a/x -> a/w*2; c -> a/x")
	folders := g.Group(graph.ByFolder(1))
	if got, want := graphtest.Format(folders), ". -> a; a -> b; b -> a"; got != want {
		t.Fatalf("got %s, want %s", got, want)
	}
	var places []string
	for _, e := range folders.WitnessCycle(folders.Cycles(module.StaticOnly)[0], module.StaticOnly) {
		places = append(places, folders.Occurrences(e)[0].Import.Span.String())
	}
	if got, want := strings.Join(places, " "), "a/x:1:1 b/z:1:1"; got != want {
		t.Errorf("cycle at %s, want %s", got, want)
	}
}

func TestDiff(t *testing.T) {
	for _, test := range []struct{ before, after, want string }{
		{"a -> b; b -> a", "a -> b; b -> a*2", ""},
		{"a -> b; b", "a -> b; b -> a; c", "+c +b->a:static new[a b]"},
		{"a -> b c; b -> a", "a -> b", "-c -a->c:static -b->a:static gone[a b]"},
		{"a -> b", "a -type-> b", "~a->b:static:type"},
		{"a -> b; b -> a", "a -> b; b -> c; c -> a", "+c +b->c:static +c->a:static -b->a:static new[a b c] gone[a b]"},
		{"a; z -> z", "a -> a; z -> z", "+a->a:static new[a]"},
		{"", "a", "+a"},
		{"a", "", "-a"},
	} {
		before, after := graphtest.Parse(test.before), graphtest.Parse(test.after)
		d := graph.Diff(before, after, module.StaticOnly)
		if got := formatDifference(d); got != test.want || d.Empty() != (test.want == "") {
			t.Errorf("%s to %s: got  %s\nwant %s", test.before, test.after, got, test.want)
		}
	}
}

func formatDifference(d graph.Difference) string {
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	for _, id := range d.AddedNodes {
		add("+%s", id)
	}
	for _, id := range d.RemovedNodes {
		add("-%s", id)
	}
	for _, c := range d.AddedEdges {
		add("+%s->%s:%s", c.From, c.To, c.After)
	}
	for _, c := range d.RemovedEdges {
		add("-%s->%s:%s", c.From, c.To, c.Before)
	}
	for _, c := range d.ChangedKinds {
		add("~%s->%s:%s:%s", c.From, c.To, c.Before, c.After)
	}
	for _, c := range d.NewCycles {
		add("new%v", c)
	}
	for _, c := range d.GoneCycles {
		add("gone%v", c)
	}
	return strings.Join(parts, " ")
}

// A difference applied to what was gives what is.
func TestRandomDiff(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, after := drawGraph(t, 10), drawGraph(t, 10)
		d := graph.Diff(before, after, module.AllKinds)
		type edge struct{ from, to module.ID }
		edges := map[edge]module.ImportKinds{}
		ids := before.IDs(allNodes(before))
		for e := range graph.EdgeID(before.EdgeCount()) {
			edges[edge{before.ID(before.Source(e)), before.ID(before.Target(e))}] = before.Kinds(e)
		}
		for _, c := range slices.Concat(d.AddedEdges, d.RemovedEdges, d.ChangedKinds) {
			if edges[edge{c.From, c.To}] != c.Before || c.Before == c.After {
				t.Fatalf("change %v", c)
			}
			edges[edge{c.From, c.To}] = c.After
		}
		ids = slices.DeleteFunc(ids, func(id module.ID) bool { return slices.Contains(d.RemovedNodes, id) })
		ids = slices.Sorted(slices.Values(append(ids, d.AddedNodes...)))
		if !slices.Equal(ids, after.IDs(allNodes(after))) {
			t.Fatalf("nodes %v, want %v", ids, after.IDs(allNodes(after)))
		}
		for e := range graph.EdgeID(after.EdgeCount()) {
			p := edge{after.ID(after.Source(e)), after.ID(after.Target(e))}
			if edges[p] != after.Kinds(e) {
				t.Fatalf("%v: kinds %s, want %s", p, edges[p], after.Kinds(e))
			}
			delete(edges, p)
		}
		for p, kinds := range edges {
			if kinds != 0 {
				t.Fatalf("%v is left", p)
			}
		}
		cycles := map[string]int{}
		for i, g := range []*graph.Graph{before, after} {
			for _, c := range g.Cycles(module.AllKinds) {
				cycles[fmt.Sprint(g.IDs(c))] += 1 - 2*i
			}
		}
		for _, c := range d.GoneCycles {
			cycles[fmt.Sprint(c)]--
		}
		for _, c := range d.NewCycles {
			cycles[fmt.Sprint(c)]++
		}
		for c, left := range cycles {
			if left != 0 {
				t.Fatalf("cycle %s is off by %d", c, left)
			}
		}
	})
}

// Under the race detector this shows that no method writes.
func TestConcurrentReaders(t *testing.T) {
	g := graphtest.Parse("a -> b c*2; b -> a d; c -> d; d -> c e; e -type-> a; f -> f")
	read := func() string {
		var b strings.Builder
		for _, members := range g.Cycles(module.AllKinds) {
			fmt.Fprintln(&b, graphtest.Edges(g, g.WitnessCycle(members, module.AllKinds)), g.BreakSet(members, module.AllKinds))
		}
		fmt.Fprintln(&b, g.Levels(module.AllKinds), g.Upstream(g.Out(0), module.AllKinds, -1), g.Downstream(g.Out(0), module.AllKinds, 2))
		fmt.Fprintln(&b, graphtest.Format(g.Reduce(module.StaticOnly)), graphtest.Format(g.Group(graph.ByFolder(1))), g.Path(0, 4, module.AllKinds))
		fmt.Fprintln(&b, graph.Diff(g, g, module.AllKinds), g.Condensation(module.StaticOnly).Deps(0), graphtest.Format(g.Subgraph(g.In(0))))
		return b.String()
	}
	want := read()
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if got := read(); got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
	wait.Wait()
}

package graph_test

import (
	"fmt"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/internal/graphtest"
	"github.com/eddy-build/eddy/module"
)

// A workspace of three modules, of which two import each other.
var workspace = &module.Set{Modules: []*module.Module{
	{
		ID: "web/app.ts",
		Imports: []module.Import{
			{Specifier: "./list", Span: module.Span{File: "web/app.ts", Line: 1, Column: 22}},
			{Specifier: "./text", Span: module.Span{File: "web/app.ts", Line: 2, Column: 20}},
		},
		Deps: []module.Dep{{To: "web/list.ts"}, {To: "web/text.ts", Import: 1}},
	},
	{
		ID: "web/list.ts",
		Imports: []module.Import{
			{Specifier: "./app", Span: module.Span{File: "web/list.ts", Line: 1, Column: 21}},
			{Specifier: "./app", Kind: module.Type, Span: module.Span{File: "web/list.ts", Line: 2, Column: 26}},
			{Specifier: "./text", Span: module.Span{File: "web/list.ts", Line: 3, Column: 20}},
		},
		Deps: []module.Dep{{To: "web/app.ts"}, {To: "web/app.ts", Import: 1, Kind: module.Type}, {To: "web/text.ts", Import: 2}},
	},
	{ID: "web/text.ts"},
}}

func ExampleOf() {
	g := graph.Of(workspace)
	app, _ := g.Lookup("web/app.ts")
	for _, n := range g.In(app) {
		e, _ := g.EdgeBetween(n, app)
		fmt.Println(g.ID(n), "imports", g.ID(app), g.Kinds(e))
		for _, o := range g.Occurrences(e) {
			fmt.Println(" ", o.Import.Span, o.Kind)
		}
	}
	// Output:
	// web/list.ts imports web/app.ts static,type
	//   web/list.ts:1:21 static
	//   web/list.ts:2:26 type
}

func ExampleGraph_Cycles() {
	g := graph.Of(workspace)
	for _, members := range g.Cycles(module.StaticOnly) {
		fmt.Println(g.IDs(members))
		for _, e := range g.WitnessCycle(members, module.StaticOnly) {
			fmt.Println(" ", g.Occurrences(e)[0].Import.Span, "imports", g.ID(g.Target(e)))
		}
		set := g.BreakSet(members, module.AllKinds)
		for _, e := range set.Edges {
			fmt.Println("  cut", g.ID(g.Source(e)), "to", g.ID(g.Target(e)))
		}
		fmt.Println("  imports to remove:", set.Weight, "least:", set.Exact)
	}
	// Output:
	// [web/app.ts web/list.ts]
	//   web/app.ts:1:22 imports web/list.ts
	//   web/list.ts:1:21 imports web/app.ts
	//   cut web/app.ts to web/list.ts
	//   imports to remove: 1 least: true
}

func ExampleGraph_Order() {
	g := graph.Of(workspace)
	fmt.Println(g.IDs(g.Order(module.StaticOnly)))
	// Output: [web/text.ts web/app.ts web/list.ts]
}

func ExampleGraph_Downstream() {
	g := graphtest.Parse("app -> list text; list -> text; test -> app")
	for _, r := range g.Downstream(graphtest.Nodes(g, "text"), module.AllKinds, -1) {
		fmt.Println(r.Depth, g.ID(r.Node))
	}
	// Output:
	// 1 app
	// 1 list
	// 2 test
}

func ExampleGraph_Path() {
	g := graphtest.Parse("app -> list; list -> item; item -> text")
	ends := graphtest.Nodes(g, "app text")
	fmt.Println(graphtest.Edges(g, g.Path(ends[0], ends[1], module.AllKinds)))
	// Output: app->list list->item item->text
}

func ExampleGraph_Reduce() {
	g := graphtest.Parse("app -> list text; list -> text")
	fmt.Println(graphtest.Format(g.Reduce(module.AllKinds)))
	// Output: app -> list; list -> text
}

func ExampleGraph_Group() {
	g := graphtest.Parse("web/ui/list.ts -> web/data/item.ts; web/data/item.ts -> base/text.ts")
	fmt.Println(graphtest.Format(g.Group(graph.ByFolder(2))))
	// Output: web/data -> base; web/ui -> web/data
}

func ExampleDiff() {
	before := graphtest.Parse("app -> list; list -> text")
	after := graphtest.Parse("app -> list; list -> app text")
	d := graph.Diff(before, after, module.StaticOnly)
	fmt.Println(d.AddedEdges[0].From, "now imports", d.AddedEdges[0].To)
	fmt.Println("new cycle:", d.NewCycles[0])
	// Output:
	// list now imports app
	// new cycle: [app list]
}

func ExampleBuilder() {
	b := graph.NewBuilder()
	app, text := b.Node("app"), b.Node("text")
	b.Edge(app, text, module.Static, nil)
	g := b.Build()
	fmt.Println(g.NodeCount(), g.EdgeCount(), graphtest.Format(g))
	// Output: 2 1 app -> text
}

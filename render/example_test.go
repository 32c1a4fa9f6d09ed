package render_test

import (
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/module"
	"github.com/eddy-build/eddy/render"
)

// A graph that another program made, as a list of dependencies.
func Example() {
	set, err := render.ReadJSON(strings.NewReader(`{"version": 1,
		"modules": [{"id": "a.ts"}, {"id": "b.ts"}],
		"dependencies": [{"from": "a.ts", "to": "b.ts", "kinds": ["static"]}]}`))
	if err != nil {
		log.Fatal(err)
	}
	g := graph.Of(set)
	if err := render.Text(os.Stdout, g, render.View{}); err != nil {
		log.Fatal(err)
	}
	// Output:
	// a.ts
	//   → b.ts
	// b.ts
}

// Cycles are described as every command prints them.
func ExampleDescribe() {
	set := &module.Set{Modules: []*module.Module{
		{ID: "a.ts", Deps: []module.Dep{{To: "b.ts", Import: module.NoImport}}},
		{ID: "b.ts", Deps: []module.Dep{{To: "a.ts", Import: module.NoImport}}},
	}}
	g := graph.Of(set)
	for _, cycle := range render.Describe(g, g.Cycles(module.StaticOnly), module.StaticOnly) {
		for _, n := range cycle.Members {
			fmt.Println(g.ID(n))
		}
	}
	// Output:
	// a.ts
	// b.ts
}

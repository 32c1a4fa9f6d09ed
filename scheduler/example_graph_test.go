package scheduler_test

import (
	"context"
	"fmt"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/module"
	"github.com/eddy-build/eddy/scheduler"
)

// Modules that depend on each other are one unit.
func ExampleRun() {
	b := graph.NewBuilder()
	imports := func(from, to module.ID) { b.Edge(b.Node(from), b.Node(to), module.Static, nil) }
	imports("app.ts", "model.ts")
	imports("model.ts", "view.ts")
	imports("view.ts", "model.ts")
	imports("view.ts", "log.ts")
	g := b.Build()

	components := g.Condensation(module.StaticOnly)
	plan, err := scheduler.NewPlan(components)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = scheduler.Run(context.Background(), plan, 4, func(_ context.Context, unit scheduler.Unit) error {
		var ids []module.ID
		for _, node := range components.Members(int(unit)) {
			ids = append(ids, g.ID(node))
		}
		fmt.Println(ids)
		return nil
	})
	fmt.Println(err)
	// Output:
	// [log.ts]
	// [model.ts view.ts]
	// [app.ts]
	// <nil>
}

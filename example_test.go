package eddy_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/eddy-build/eddy"
	"github.com/eddy-build/eddy/module"
)

// The cycles of a workspace, component by component.
func Example() {
	engine, err := eddy.Open("testdata/demo")
	if err != nil {
		log.Fatal(err)
	}
	defer engine.Close()
	snapshot, err := engine.Load(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	g := snapshot.Graph()
	for _, members := range g.Cycles(module.StaticOnly) {
		for _, n := range members {
			fmt.Println(g.ID(n))
		}
		fmt.Println("-")
	}
	// Output:
	// tools/report/model.py
	// tools/report/table.py
	// -
	// web/src/cart/cart.ts
	// web/src/cart/discount.ts
	// web/src/cart/price.ts
	// -
}

// A module and its upstream, without the rest of the workspace.
func ExampleEngine_LoadModule() {
	ctx := context.Background()
	engine, err := eddy.Open("testdata/demo")
	if err != nil {
		log.Fatal(err)
	}
	defer engine.Close()
	if _, err := engine.LoadModule(ctx, "web/src/cart/price.ts"); err != nil {
		log.Fatal(err)
	}
	for _, m := range engine.Modules() {
		fmt.Println(m.ID)
	}
	var inUse *module.InUseError
	if err := engine.Unload(ctx, "web/src/cart/item.ts"); errors.As(err, &inUse) {
		fmt.Println(inUse.Module, "is in use")
	}
	// Output:
	// web/src/cart/cart.ts
	// web/src/cart/discount.ts
	// web/src/cart/item.ts
	// web/src/cart/price.ts
	// web/src/cart/types.ts
	// web/src/cart/item.ts is in use
}

// A validator refuses modules with more than two dependencies.
func ExampleWithValidator() {
	engine, err := eddy.Open("testdata/demo", eddy.WithValidator(eddy.MaxDependencies(0)))
	if err != nil {
		log.Fatal(err)
	}
	defer engine.Close()
	_, err = engine.LoadModule(context.Background(), "web/src/cart/price.ts")
	fmt.Println(errors.Is(err, module.ErrValidation))
	// Output: true
}

// A module that changed, and what that invalidated.
func ExampleEngine_Update() {
	ctx := context.Background()
	engine, err := eddy.Open("testdata/demo")
	if err != nil {
		log.Fatal(err)
	}
	defer engine.Close()
	if _, err := engine.Load(ctx); err != nil {
		log.Fatal(err)
	}
	_, delta, err := engine.Update(ctx, "web/src/cart/price.ts")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(delta.Empty(), delta.Work.Parsed)
	// Output: true 0
}

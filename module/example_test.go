package module_test

import (
	"errors"
	"fmt"

	"github.com/eddy-build/eddy/module"
)

// An error is matched by its sentinel, or by its type for what it is about.
func Example() {
	err := fmt.Errorf("load the shop: %w", &module.CycleError{Path: []module.ID{"shop/cart.ts", "shop/price.ts"}})
	fmt.Println(errors.Is(err, module.ErrCycle), errors.Is(err, module.ErrNotFound))
	var cycle *module.CycleError
	if errors.As(err, &cycle) {
		fmt.Println(cycle.Path[0], "is in it")
	}
	fmt.Println(err)
	// Output:
	// true false
	// shop/cart.ts is in it
	// load the shop: dependency cycle: shop/cart.ts → shop/price.ts → shop/cart.ts
}

func ExampleParseImportKinds() {
	kinds, err := module.ParseImportKinds("static,type")
	fmt.Println(kinds, kinds.Has(module.Deferred), err)
	_, err = module.ParseImportKinds("dynamic")
	fmt.Println(err)
	// Output:
	// static,type false <nil>
	// unknown import kind "dynamic": want a comma-separated list of static, type, deferred, implicit, or all
}

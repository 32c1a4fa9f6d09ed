package eddy_test

import (
	"context"
	"fmt"
	"log"

	"github.com/eddy-build/eddy"
	"github.com/eddy-build/eddy/module"
)

// The cycles of a workspace, one line a component.
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
			fmt.Print(g.ID(n), " ")
		}
		fmt.Println()
	}
}

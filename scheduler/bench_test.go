package scheduler_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/eddy-build/eddy/scheduler"
)

// edges is a graph by the dependencies of each unit.
type edges [][]int

func (e edges) Len() int            { return len(e) }
func (e edges) Deps(unit int) []int { return e[unit] }

// chain: each unit depends on the one before.
func chain(units int) edges {
	graph := make(edges, units)
	for unit := 1; unit < units; unit++ {
		graph[unit] = []int{unit - 1}
	}
	return graph
}

// star: all units depend on the first.
func star(units int) edges {
	graph := make(edges, units)
	for unit := 1; unit < units; unit++ {
		graph[unit] = []int{0}
	}
	return graph
}

// layers: each unit depends on some of the layer before, as modules do.
func layers(units, width, deps int) edges {
	graph := make(edges, units)
	for unit := width; unit < units; unit++ {
		layer := unit/width*width - width
		for i := range deps {
			graph[unit] = append(graph[unit], layer+(unit*7+i*13)%width)
		}
	}
	return graph
}

func BenchmarkNewPlan(b *testing.B) {
	const units = 100_000
	graph := layers(units, 500, 4)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := scheduler.NewPlan(graph); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*units), "ns/unit")
}

// BenchmarkRun measures what a unit costs whose function does nothing.
func BenchmarkRun(b *testing.B) {
	const units = 100_000
	for _, shape := range []struct {
		name  string
		graph edges
	}{
		{"layers", layers(units, 500, 4)},
		{"chain", chain(units)},
		{"star", star(units)},
	} {
		plan, err := scheduler.NewPlan(shape.graph)
		if err != nil {
			b.Fatal(err)
		}
		for _, workers := range []int{1, 2, 16} {
			b.Run(fmt.Sprintf("%s/workers=%d", shape.name, workers), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					_, err := scheduler.Run(context.Background(), plan, workers,
						func(context.Context, scheduler.Unit) error { return nil })
					if err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*units), "ns/unit")
			})
		}
	}
}

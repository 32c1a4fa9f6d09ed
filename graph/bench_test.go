package graph_test

import (
	"strconv"
	"testing"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/module"
)

func BenchmarkBuild(b *testing.B) {
	for b.Loop() {
		random(100_000, 8)
	}
}

func BenchmarkComponents(b *testing.B) {
	g := random(100_000, 8)
	for b.Loop() {
		g.Components(module.StaticOnly)
	}
}

func BenchmarkCondensation(b *testing.B) {
	g := random(100_000, 2)
	for b.Loop() {
		g.Condensation(module.StaticOnly)
	}
}

func BenchmarkLevels(b *testing.B) {
	g := random(100_000, 2)
	for b.Loop() {
		g.Levels(module.StaticOnly)
	}
}

func BenchmarkDownstream(b *testing.B) {
	g := random(100_000, 8)
	for b.Loop() {
		g.Downstream([]graph.NodeID{0}, module.StaticOnly, -1)
	}
}

func BenchmarkWitnessCycle(b *testing.B) {
	g := random(100_000, 8)
	members := largest(g)
	for b.Loop() {
		g.WitnessCycle(members, module.StaticOnly)
	}
}

func BenchmarkBreakSet(b *testing.B) {
	for _, size := range [][2]int{{20, 2}, {200, 3}, {2000, 5}, {100_000, 5}} {
		g := random(size[0], size[1])
		members := largest(g)
		b.Run(strconv.Itoa(size[0]), func(b *testing.B) {
			for b.Loop() {
				g.BreakSet(members, module.StaticOnly)
			}
		})
	}
}

func BenchmarkReduce(b *testing.B) {
	g := random(10_000, 1)
	for b.Loop() {
		g.Reduce(module.StaticOnly)
	}
}

// largest returns the members of the largest component.
func largest(g *graph.Graph) []graph.NodeID {
	var members []graph.NodeID
	for _, cycle := range g.Cycles(module.StaticOnly) {
		if len(cycle) > len(members) {
			members = cycle
		}
	}
	return members
}

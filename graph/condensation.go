package graph

import (
	"slices"

	"github.com/eddy-build/eddy/module"
)

// Condensation is the acyclic graph of the components of a graph: one depends
// on another where a module of the one depends on a module of the other.
// Immutable.
type Condensation struct {
	*Components
	depStart, dependentStart []int
	deps, dependents         []int
}

// Deps returns the components that a component depends on, ascending, without
// itself. Do not write to it.
func (c *Condensation) Deps(component int) []int {
	return c.deps[c.depStart[component]:c.depStart[component+1]]
}

// Dependents returns the components that depend on a component, ascending,
// without itself. Do not write to it.
func (c *Condensation) Dependents(component int) []int {
	return c.dependents[c.dependentStart[component]:c.dependentStart[component+1]]
}

// Condensation returns the graph of the components over these kinds.
// O(V + E log d) for d dependencies a component.
func (g *Graph) Condensation(kinds module.ImportKinds) *Condensation {
	c := &Condensation{Components: g.Components(kinds)}
	count := c.Len()
	c.depStart = make([]int, count+1)
	c.dependentStart = make([]int, count+1)
	seenBy := make([]int32, count) // the component that was last found to depend on it, +1
	for i := range count {
		c.depStart[i] = len(c.deps)
		seenBy[i] = int32(i + 1)
		for _, n := range c.Members(i) {
			first, end := g.OutEdges(n)
			for e := first; e < end; e++ {
				to := c.of[g.target[e]]
				if g.has(e, kinds) && seenBy[to] != int32(i+1) {
					seenBy[to] = int32(i + 1)
					c.deps = append(c.deps, int(to))
					c.dependentStart[to+1]++
				}
			}
		}
		slices.Sort(c.deps[c.depStart[i]:])
	}
	c.depStart[count] = len(c.deps)

	for i := range count {
		c.dependentStart[i+1] += c.dependentStart[i]
	}
	c.dependents = make([]int, len(c.deps))
	next := slices.Clone(c.dependentStart)
	for i := range count {
		for _, dep := range c.Deps(i) {
			c.dependents[next[dep]] = i
			next[dep]++
		}
	}
	return c
}

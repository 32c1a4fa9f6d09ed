package graph

import "github.com/eddy-build/eddy/module"

// Components are the strongly connected components of a graph over some kinds
// of imports: the largest sets of modules that all depend on each other. They
// are numbered from 0 in the order of their smallest nodes; most have one
// module. Immutable.
type Components struct {
	of      []int32
	start   []int32
	members []NodeID
	loops   []bool // by component: a member imports itself; nil where none does
}

// Len returns the number of components.
func (c *Components) Len() int { return len(c.start) - 1 }

// Of returns the component of a node.
func (c *Components) Of(n NodeID) int { return int(c.of[n]) }

// Members returns the nodes of a component, ascending. Do not write to it.
func (c *Components) Members(component int) []NodeID {
	return c.members[c.start[component]:c.start[component+1]]
}

// Cyclic reports whether a component is a cycle: it has more than one module,
// or one that imports itself.
func (c *Components) Cyclic(component int) bool {
	return c.start[component+1]-c.start[component] > 1 || c.loops != nil && c.loops[component]
}

// Components returns the strongly connected components over these kinds.
// O(V + E).
func (g *Graph) Components(kinds module.ImportKinds) *Components {
	of, count := tarjan(g.outStart, g.target, g.unlessAll(kinds), kinds)

	// From the order in which they were found to the order of their smallest nodes.
	renumbered := make([]int32, count)
	next := int32(0)
	for n, found := range of {
		if renumbered[found] == 0 {
			next++
			renumbered[found] = next
		}
		of[n] = renumbered[found] - 1
	}
	c := &Components{of: of}
	c.start, c.members = membersOf(of, count)
	for n := range g.ids {
		if e, ok := g.EdgeBetween(NodeID(n), NodeID(n)); ok && g.has(e, kinds) {
			if c.loops == nil {
				c.loops = make([]bool, count)
			}
			c.loops[of[n]] = true
		}
	}
	return c
}

// Cycles returns the members of each component with more than one module or
// with an import of itself; members ascend, and components by their first.
// O(V + E).
func (g *Graph) Cycles(kinds module.ImportKinds) [][]NodeID {
	c := g.Components(kinds)
	var cycles [][]NodeID
	for i := range c.Len() {
		if c.Cyclic(i) {
			cycles = append(cycles, c.Members(i))
		}
	}
	return cycles
}

// membersOf returns the nodes of each of count components, ascending, from the
// component of each node: component c has members[start[c]:start[c+1]].
func membersOf(of []int32, count int) (start []int32, members []NodeID) {
	start = make([]int32, count+1)
	for _, c := range of {
		start[c+1]++
	}
	for c := range count {
		start[c+1] += start[c]
	}
	members = make([]NodeID, len(of))
	for n, c := range of {
		members[start[c]] = NodeID(n)
		start[c]++
	}
	unshift(start)
	return start, members
}

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
	of, count := g.tarjan(kinds)

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
	c.start, c.members = group(of, count)
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

// group returns the nodes of each of count components, ascending, from the
// component of each node: component c has members[start[c]:start[c+1]].
func group(of []int32, count int) (start []int32, members []NodeID) {
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
	copy(start[1:], start[:count])
	start[0] = 0
	return start, members
}

// tarjan returns the component of each node and the number of components,
// numbered in reverse topological order: a component's number is above those
// of all that it depends on.
//
// It is the algorithm of Tarjan, "Depth-first search and linear graph
// algorithms" (1972), in the form of Pearce, "A space-efficient algorithm for
// finding strongly connected components" (2016), with the stack of the search
// and that of the open components in one array: a node is on one of the two at
// most. It keeps 13 bytes a node beside the result.
func (g *Graph) tarjan(kinds module.ImportKinds) (of []int32, count int) {
	n := len(g.ids)
	var (
		// While a node is open: the smallest visit number seen from it, from 1
		// up. When its component is complete: n minus the component's number,
		// which no visit number of a node still open exceeds. 0: not visited.
		low    = make([]int32, n)
		cursor = make([]EdgeID, n) // the next edge to follow
		isRoot = make([]bool, n)   // no node seen from it was visited before it
		stack  = make([]NodeID, n) // grows up: the search; grows down: the open nodes left by it
		visit  = int32(1)
		label  = int32(n)
	)
	for start := range n {
		if low[start] != 0 {
			continue
		}
		top, bottom := 0, n
		push := func(v NodeID) {
			low[v] = visit
			visit++
			isRoot[v] = true
			cursor[v] = g.outStart[v]
			stack[top] = v
			top++
		}
		push(NodeID(start))
		for top > 0 {
			v := stack[top-1]
			descended := false
			lowest := low[v]
			end := g.outStart[v+1]
			for e := cursor[v]; e < end; e++ {
				if g.kinds[e]&kinds == 0 {
					continue
				}
				w := g.target[e]
				if low[w] == 0 {
					cursor[v] = e // its low is looked at again on the way back
					low[v] = lowest
					push(w)
					descended = true
					break
				}
				if low[w] < lowest {
					lowest = low[w]
					isRoot[v] = false
				}
			}
			if descended {
				continue
			}
			top--
			low[v] = lowest
			if !isRoot[v] {
				bottom--
				stack[bottom] = v
				continue
			}
			visit--
			for bottom < n && lowest <= low[stack[bottom]] {
				low[stack[bottom]] = label
				bottom++
				visit--
			}
			low[v] = label
			label--
			count++
		}
	}
	for v := range low {
		low[v] = int32(n) - low[v]
	}
	return low, count
}

package graph

import "github.com/eddy-build/eddy/module"

// tarjan returns the component of each node of a graph in compressed sparse
// rows, over the edges whose kinds meet the mask (all where kinds is nil), and
// the number of components, numbered in reverse topological order: a component's number is above those
// of all that it depends on.
//
// It is the algorithm of Tarjan, "Depth-first search and linear graph
// algorithms" (1972), in the form of Pearce, "A space-efficient algorithm for
// finding strongly connected components" (2016), with the stack of the search
// and that of the open components in one array: a node is on one of the two at
// most. It keeps 9 bytes a node beside the result. What the search needs of a node
// is where the node stands on the stack, so that a visit touches only the node's
// low and its row at places that are not in the processor's cache.
func tarjan(start []EdgeID, target []NodeID, kinds []module.ImportKinds, mask module.ImportKinds) (of []int32, count int) {
	n := max(0, len(start)-1)
	var (
		// While a node is open: the smallest visit number seen from it, from 1
		// up. When its component is complete: n minus the component's number,
		// which no visit number of a node still open exceeds. 0: not visited.
		low    = make([]int32, n)
		stack  = make([]NodeID, n) // grows up: the search; grows down: the open nodes left by it
		cursor = make([]EdgeID, n) // by place in the search: the next edge to follow
		isRoot = make([]bool, n)   // by place in the search: it has seen no node from before it
		visit  = int32(1)
		label  = int32(n)
	)
	for root := range n {
		if low[root] != 0 {
			continue
		}
		top, bottom := 0, n
		push := func(v NodeID) {
			low[v] = visit
			visit++
			stack[top], cursor[top], isRoot[top] = v, start[v], true
			top++
		}
		push(NodeID(root))
		for top > 0 {
			v := stack[top-1]
			descended := false
			lowest := low[v]
			end := start[v+1]
			for e := cursor[top-1]; e < end; e++ {
				if kinds != nil && kinds[e]&mask == 0 {
					continue
				}
				w := target[e]
				if low[w] == 0 {
					cursor[top-1] = e // its low is looked at again on the way back
					low[v] = lowest
					push(w)
					descended = true
					break
				}
				if low[w] < lowest {
					lowest = low[w]
					isRoot[top-1] = false
				}
			}
			if descended {
				continue
			}
			top--
			low[v] = lowest
			if !isRoot[top] {
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

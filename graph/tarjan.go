package graph

import "github.com/eddy-build/eddy/module"

// tarjan returns the component of each node of a graph in compressed sparse
// rows, over the edges whose kinds meet the mask, and the number of components,
// numbered in reverse topological order: a component's number is above those
// of all that it depends on.
//
// It is the algorithm of Tarjan, "Depth-first search and linear graph
// algorithms" (1972), in the form of Pearce, "A space-efficient algorithm for
// finding strongly connected components" (2016), with the stack of the search
// and that of the open components in one array: a node is on one of the two at
// most. It keeps 13 bytes a node beside the result.
func tarjan(start []EdgeID, target []NodeID, kinds []module.ImportKinds, mask module.ImportKinds) (of []int32, count int) {
	n := max(0, len(start)-1)
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
	for root := range n {
		if low[root] != 0 {
			continue
		}
		top, bottom := 0, n
		push := func(v NodeID) {
			low[v] = visit
			visit++
			isRoot[v] = true
			cursor[v] = start[v]
			stack[top] = v
			top++
		}
		push(NodeID(root))
		for top > 0 {
			v := stack[top-1]
			descended := false
			lowest := low[v]
			end := start[v+1]
			for e := cursor[v]; e < end; e++ {
				if kinds[e]&mask == 0 {
					continue
				}
				w := target[e]
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

package graph

import (
	"container/heap"
	"math"
	"slices"
)

// ordering is a linear order of the nodes 0 to n-1, as a list with labels that
// ascend along it: two nodes are compared by their labels, and a node is moved
// in constant time as long as there are labels between its new neighbours.
type ordering struct {
	next, prev []NodeID // n is before the first and after the last
	label      []int64
}

const labelGap = 1 << 32

func newOrdering(nodes []NodeID) *ordering {
	n := len(nodes)
	o := &ordering{next: make([]NodeID, n+1), prev: make([]NodeID, n+1), label: make([]int64, n+1)}
	last := NodeID(n)
	for _, node := range nodes {
		o.next[last], o.prev[node] = node, last
		last = node
	}
	o.next[last], o.prev[n] = NodeID(n), last
	o.relabel()
	return o
}

func (o *ordering) relabel() {
	end := NodeID(len(o.next) - 1)
	label := int64(0)
	o.label[end] = label
	for n := o.next[end]; n != end; n = o.next[n] {
		label += labelGap
		o.label[n] = label
	}
}

// nodes returns the nodes in order.
func (o *ordering) nodes() []NodeID {
	end := NodeID(len(o.next) - 1)
	nodes := make([]NodeID, 0, end)
	for n := o.next[end]; n != end; n = o.next[n] {
		nodes = append(nodes, n)
	}
	return nodes
}

// move puts a node behind another, or first where that is n.
func (o *ordering) move(node, behind NodeID) {
	o.next[o.prev[node]], o.prev[o.next[node]] = o.next[node], o.prev[node]
	after := o.next[behind]
	o.next[behind], o.prev[node] = node, behind
	o.next[node], o.prev[after] = after, node
	if after == NodeID(len(o.next)-1) {
		o.label[node] = o.label[behind] + labelGap
		return
	}
	o.label[node] = o.label[behind] + (o.label[after]-o.label[behind])/2
	if o.label[node] == o.label[behind] {
		o.relabel()
	}
}

// greedyOrder returns an order in which few arcs lead back: sinks last, sources
// first, else the node first whose arcs out outweigh those in the most; ties by
// number. The algorithm of Eades, Lin and Smyth, "A fast and effective heuristic
// for the feedback arc set problem" (1993), with weights. O((V + E) log V).
func (f *feedback) greedyOrder() *ordering {
	outCost := make([]int64, f.size)
	inCost := make([]int64, f.size)
	placed := make([]bool, f.size)
	for a, to := range f.out {
		outCost[f.from[a]] += f.cost[a]
		inCost[to] += f.cost[a]
	}
	excess := func(n NodeID) int64 {
		switch {
		case outCost[n] == 0:
			return math.MinInt64 // a sink; taken from its own queue
		case inCost[n] == 0:
			return math.MaxInt64
		}
		return outCost[n] - inCost[n]
	}
	queue := make(excessHeap, 0, f.size)
	for n := range NodeID(f.size) {
		queue = append(queue, excessItem{excess(n), n})
	}
	heap.Init(&queue)
	var sinks, head, tail []NodeID
	changed := func(n NodeID) {
		if placed[n] {
			return
		}
		if outCost[n] == 0 {
			sinks = append(sinks, n)
		}
		heap.Push(&queue, excessItem{excess(n), n})
	}
	for len(head)+len(tail) < f.size {
		var n NodeID
		if len(sinks) > 0 {
			n, sinks = sinks[0], sinks[1:]
			if placed[n] {
				continue
			}
			tail = append(tail, n)
		} else {
			item := heap.Pop(&queue).(excessItem)
			n = item.node
			if placed[n] || item.excess != excess(n) {
				continue // out of date: a later entry has the present excess
			}
			head = append(head, n)
		}
		placed[n] = true
		for a := f.outStart[n]; a < f.outStart[n+1]; a++ {
			inCost[f.out[a]] -= f.cost[a]
			changed(f.out[a])
		}
		for i := f.inStart[n]; i < f.inStart[n+1]; i++ {
			outCost[f.in[i]] -= f.cost[f.inArc[i]]
			changed(f.in[i])
		}
	}
	slices.Reverse(tail)
	return newOrdering(append(head, tail...))
}

type excessItem struct {
	excess int64
	node   NodeID
}

// excessHeap has the greatest excess first, then the smallest node.
type excessHeap []excessItem

func (h excessHeap) Len() int { return len(h) }
func (h excessHeap) Less(i, j int) bool {
	return h[i].excess > h[j].excess || h[i].excess == h[j].excess && h[i].node < h[j].node
}
func (h excessHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

// Push is for package heap.
func (h *excessHeap) Push(x any) { *h = append(*h, x.(excessItem)) }

// Pop is for package heap.
func (h *excessHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

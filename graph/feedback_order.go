package graph

import (
	"cmp"
	"container/heap"
	"math"
	"math/rand/v2"
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

// improve moves nodes to where they cost the least until no move of one node
// helps, and then, by turns, forces an arc that leads back to lead forwards,
// moves the nodes around it again, and takes all back unless the order has
// become no worse: an iterated local search. The arcs are chosen at random, the
// same in each run.
func (f *feedback) improve(o *ordering) {
	s := &sifter{feedback: f, ordering: o, queued: make([]bool, f.size)}
	for _, n := range o.nodes() {
		s.enqueue(n)
	}
	s.settle(settleFloor)
	s.undo = s.undo[:0]

	random := rand.New(rand.NewPCG(1, 2))
	// Small components settle early: there is little to try in them.
	tries := 200 + 20*len(f.out)
	for range tries {
		if f.effort < improveFloor {
			return
		}
		a := EdgeID(random.IntN(len(f.out)))
		from, to := f.from[a], f.out[a]
		f.effort--
		if o.label[from] < o.label[to] {
			continue
		}
		before := s.saved
		if random.IntN(2) == 0 {
			s.moveTo(from, o.prev[to])
		} else {
			s.moveTo(to, from)
		}
		s.settle(improveFloor)
		if s.saved < before {
			s.takeBack()
			s.saved = before
		}
		s.undo = s.undo[:0]
	}
}

// sifter moves nodes of an order to where they cost the least.
type sifter struct {
	*feedback
	*ordering
	queue  []NodeID // whose place may not be the best
	queued []bool
	around []place
	undo   []moved
	saved  int64 // cost, since the beginning
}

// place is a neighbour of the node that is moved, and what passing it adds.
type place struct {
	label int64
	node  NodeID
	delta int64
}

type moved struct{ node, behind NodeID }

func (s *sifter) enqueue(n NodeID) {
	if !s.queued[n] {
		s.queued[n] = true
		s.queue = append(s.queue, n)
	}
}

// settle moves the queued nodes, and those next to moved ones, until none gains
// or the effort has come down to a floor.
func (s *sifter) settle(floor int) {
	for i := 0; i < len(s.queue); i++ {
		n := s.queue[i]
		s.queued[n] = false
		if s.effort < floor {
			continue
		}
		s.look(n)
		gain, best := s.best(n)
		if gain > 0 {
			s.put(n, best, gain)
		}
	}
	s.queue = s.queue[:0]
}

// look collects the neighbours of a node in order.
func (s *sifter) look(n NodeID) {
	s.around = s.around[:0]
	for a := s.outStart[n]; a < s.outStart[n+1]; a++ {
		s.around = append(s.around, place{s.label[s.out[a]], s.out[a], s.cost[a]})
	}
	for i := s.inStart[n]; i < s.inStart[n+1]; i++ {
		s.around = append(s.around, place{s.label[s.in[i]], s.in[i], -s.cost[s.inArc[i]]})
	}
	s.effort -= 4 * len(s.around)
	slices.SortFunc(s.around, func(a, b place) int { return cmp.Compare(a.label, b.label) })
}

// best returns the place of the least cost for the node that was looked around,
// as the node to stand behind, and what it gains over the present place.
func (s *sifter) best(n NodeID) (gain int64, behind NodeID) {
	// The cost before the first neighbour is taken as 0.
	var cost, present, least int64
	behind = s.prev[s.around[0].node]
	for i, p := range s.around {
		cost += p.delta
		if p.label < s.label[n] {
			present = cost
		}
		lastOfNode := i+1 == len(s.around) || s.around[i+1].label != p.label
		if lastOfNode && cost < least {
			least, behind = cost, p.node
		}
	}
	return present - least, behind
}

// moveTo moves a node and counts what that costs.
func (s *sifter) moveTo(n, behind NodeID) {
	s.look(n)
	var before, after int64
	end := s.label[behind]
	for _, p := range s.around {
		if p.label < s.label[n] {
			before += p.delta
		}
		if p.label <= end {
			after += p.delta
		}
	}
	s.put(n, behind, before-after)
}

func (s *sifter) put(n, behind NodeID, gain int64) {
	if behind == n {
		behind = s.prev[n]
	}
	s.undo = append(s.undo, moved{n, s.prev[n]})
	s.move(n, behind)
	s.saved += gain
	for _, p := range s.around {
		s.enqueue(p.node)
	}
}

// takeBack undoes the moves since undo was emptied.
func (s *sifter) takeBack() {
	for _, m := range slices.Backward(s.undo) {
		s.move(m.node, m.behind)
	}
}

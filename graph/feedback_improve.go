package graph

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

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

func (f *feedback) newSifter(o *ordering) *sifter {
	return &sifter{feedback: f, ordering: o, queued: make([]bool, f.size)}
}

// settleAll moves nodes to where they cost the least until no move of one node
// helps.
func (s *sifter) settleAll() {
	for _, n := range s.nodes() {
		s.enqueue(n)
	}
	s.settle(settleFloor)
	s.undo = s.undo[:0]
}

// improve, by turns, forces an arc that leads back to lead forwards, moves the
// nodes around it to where they cost the least, and takes all back where the
// order has become worse: an iterated local search. The arcs are chosen at
// random, the same in each run.
func (s *sifter) improve() {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 + 20*len(s.out) {
		if s.effort < improveFloor {
			return
		}
		a := EdgeID(random.IntN(len(s.out)))
		from, to := s.from[a], s.out[a]
		s.effort--
		if s.label[from] < s.label[to] {
			continue
		}
		before := s.saved
		if random.IntN(2) == 0 {
			s.moveTo(from, s.prev[to])
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

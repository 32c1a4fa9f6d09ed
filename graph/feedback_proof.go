package graph

import "slices"

// proves reports whether edge-disjoint cycles show that no set of arcs weighs
// less than one whose removal leaves no cycle: each cycle takes some weight of
// its arcs away for itself, must be cut, and that takes this weight at least. For
// the sum to reach the set's weight each cycle can pass one arc of the set only,
// so the way back from the end of that arc to its beginning is searched among
// what remains, short ways first. Such cycles need not exist for the smallest
// set, nor be found where they do or with what effort there is above a floor;
// then it reports false.
func (f *feedback) proves(cut []EdgeID, weight []int64, floor int) bool {
	s := f.newArcSearch(cut, weight)
	open := slices.Clone(cut)
	for limit := 1; len(open) > 0 && f.effort > floor; limit *= 2 {
		still := open[:0]
		for _, a := range open {
			for s.left[a] > 0 && f.effort > floor && s.back(a, limit) {
				s.take(a)
			}
			if s.left[a] > 0 {
				still = append(still, a)
			}
		}
		open = still
		if limit >= f.size {
			break
		}
	}
	return len(open) == 0
}

// arcSearch searches ways over the arcs that have weight left and are not cut.
type arcSearch struct {
	*feedback
	left          []int64
	cut           []bool
	ahead, behind arcFrontier
	searches      int32
	way           []EdgeID // that was found last
}

// arcFrontier is a frontier with the arc that found each node.
type arcFrontier struct {
	frontier
	via []EdgeID
}

func (f *feedback) newArcSearch(cut []EdgeID, weight []int64) *arcSearch {
	s := &arcSearch{feedback: f, left: slices.Clone(weight), cut: make([]bool, len(f.out))}
	for _, a := range cut {
		s.cut[a] = true
	}
	for _, end := range []*arcFrontier{&s.ahead, &s.behind} {
		end.mark = make([]int32, f.size)
		end.via = make([]EdgeID, f.size)
	}
	return s
}

// back searches breadth first, from both ends, for a shortest way of at most
// limit arcs from the end of an arc to its beginning.
func (s *arcSearch) back(arc EdgeID, limit int) bool {
	s.searches++
	s.ahead.reset(s.out[arc], s.searches)
	s.behind.reset(s.from[arc], s.searches)
	for range limit {
		near, far := &s.ahead, &s.behind
		if len(far.queue)-far.last < len(near.queue)-near.last {
			near, far = far, near
		}
		end := len(near.queue)
		if near.last == end {
			return false
		}
		for _, n := range near.queue[near.last:end] {
			if meet, ok := s.expand(n, near, far); ok {
				s.trace(arc, meet)
				return true
			}
		}
		near.last = end
	}
	return false
}

// expand adds the nodes next to one, and returns one that the other end has
// reached.
func (s *arcSearch) expand(n NodeID, near, far *arcFrontier) (meet NodeID, ok bool) {
	ahead := near == &s.ahead
	first, end := s.inStart[n], s.inStart[n+1]
	if ahead {
		first, end = s.outStart[n], s.outStart[n+1]
	}
	s.effort -= int(end - first)
	for i := first; i < end; i++ {
		a, next := i, NodeID(0)
		if ahead {
			next = s.out[i]
		} else {
			a, next = s.inArc[i], s.in[i]
		}
		if s.cut[a] || s.left[a] == 0 || near.mark[next] == s.searches {
			continue
		}
		near.mark[next], near.via[next] = s.searches, a
		if far.mark[next] == s.searches {
			return next, true
		}
		near.queue = append(near.queue, next)
	}
	return 0, false
}

// trace sets the way from the end of an arc over the node where both searches
// have met to the arc's beginning.
func (s *arcSearch) trace(arc EdgeID, meet NodeID) {
	s.way = s.way[:0]
	for n := meet; n != s.out[arc]; n = s.from[s.ahead.via[n]] {
		s.way = append(s.way, s.ahead.via[n])
	}
	for n := meet; n != s.from[arc]; n = s.out[s.behind.via[n]] {
		s.way = append(s.way, s.behind.via[n])
	}
}

// take gives the cycle of an arc and the way back that was found the least
// weight that is left on it.
func (s *arcSearch) take(arc EdgeID) {
	least := s.left[arc]
	for _, a := range s.way {
		least = min(least, s.left[a])
	}
	s.left[arc] -= least
	for _, a := range s.way {
		s.left[a] -= least
	}
}

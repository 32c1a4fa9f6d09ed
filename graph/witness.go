package graph

import "github.com/eddy-build/eddy/module"

// witnessEffort bounds the edges that WitnessCycle looks at: 0.6 s on one core,
// measured on 20,000 nodes in 40 layers.
const witnessEffort = 1 << 26

// WitnessCycle returns the edges of a shortest cycle among the members of a
// component, each leading to where the next one begins and the last one back to
// the first. An import of oneself is the shortest of all. Of several shortest
// cycles it is the one whose nodes, from its smallest on, come first in order;
// so every run shows the same. It is nil where the members have no cycle.
//
// For each node, in order, it searches from both ends for a cycle through that
// node that is shorter than the best, then leaves out the node and all that is
// on no cycle without it. A cycle of length l is found among the O(d^(l/2))
// nodes next to it, for d edges a node; at worst this is O(V E). Therefore the
// search ends after 2^26 edges with the shortest cycle that it has found until
// then. Components with a cycle of two or three modules, as those of code are,
// end long before.
func (g *Graph) WitnessCycle(members []NodeID, kinds module.ImportKinds) []EdgeID {
	part, loops := g.induced(members, kinds)
	if len(loops) > 0 {
		return loops[:1]
	}
	length, through := newCycleSearch(part).least()
	if length == 0 {
		return nil
	}
	return part.firstCycle(through, length)
}

// cycleSearch looks for short cycles in a graph that it takes apart.
type cycleSearch struct {
	*induced
	gone            []bool
	outLeft, inLeft []int32 // edges to nodes that are not gone
	doomed          []NodeID
	ahead, behind   frontier
	searches        int32 // so far; marks what belongs to the last one
	looked          int   // at so many edges
}

// frontier is one end of a search: the nodes within some distance of the start.
type frontier struct {
	mark  []int32 // the last search that reached the node
	queue []NodeID
	last  int // queue[last:] are the farthest
}

func newCycleSearch(part *induced) *cycleSearch {
	n := len(part.nodes)
	s := &cycleSearch{
		induced: part,
		gone:    make([]bool, n),
		outLeft: make([]int32, n),
		inLeft:  make([]int32, n),
		ahead:   frontier{mark: make([]int32, n)},
		behind:  frontier{mark: make([]int32, n)},
	}
	for i := range n {
		s.outLeft[i] = int32(part.outStart[i+1] - part.outStart[i])
		s.inLeft[i] = int32(part.inStart[i+1] - part.inStart[i])
	}
	for i := range NodeID(n) {
		if !s.gone[i] && (s.outLeft[i] == 0 || s.inLeft[i] == 0) {
			s.remove(i)
		}
	}
	return s
}

// least returns the length of the shortest cycle, or 0 where there is none, and
// the smallest node on one of that length.
func (s *cycleSearch) least() (length int, through NodeID) {
	for n := range NodeID(len(s.nodes)) {
		if length == 2 || length > 0 && s.looked > witnessEffort {
			break
		}
		if s.gone[n] {
			continue
		}
		limit := len(s.nodes)
		if length > 0 {
			limit = length - 1
		}
		if found := s.shortest(n, limit); found > 0 {
			length, through = found, n
		}
		s.remove(n)
	}
	return length, through
}

// remove takes out a node and then every node that has no edges in or no edges
// out any more, and thus is on no cycle.
func (s *cycleSearch) remove(n NodeID) {
	s.gone[n] = true
	s.doomed = append(s.doomed[:0], n)
	for len(s.doomed) > 0 {
		n := s.doomed[len(s.doomed)-1]
		s.doomed = s.doomed[:len(s.doomed)-1]
		for _, to := range s.out[s.outStart[n]:s.outStart[n+1]] {
			s.inLeft[to]--
			if s.inLeft[to] == 0 && !s.gone[to] {
				s.gone[to] = true
				s.doomed = append(s.doomed, to)
			}
		}
		for _, from := range s.in[s.inStart[n]:s.inStart[n+1]] {
			s.outLeft[from]--
			if s.outLeft[from] == 0 && !s.gone[from] {
				s.gone[from] = true
				s.doomed = append(s.doomed, from)
			}
		}
	}
}

// shortest returns the length of the shortest cycle through a node, or 0 where
// none is within the limit.
func (s *cycleSearch) shortest(n NodeID, limit int) int {
	s.searches++
	s.ahead.reset(n, s.searches)
	s.behind.reset(n, s.searches)
	// No cycle is as short as the length so far: a node that both ends have
	// reached would have been seen by the end that came to it later.
	for length := 1; length <= limit; length++ {
		near, far := &s.ahead, &s.behind
		start, next := s.outStart, s.out
		if len(s.behind.queue)-s.behind.last < len(s.ahead.queue)-s.ahead.last {
			near, far = far, near
			start, next = s.inStart, s.in
		}
		if near.last == len(near.queue) {
			return 0
		}
		end := len(near.queue)
		for _, from := range near.queue[near.last:end] {
			s.looked += int(start[from+1] - start[from])
			for _, to := range next[start[from]:start[from+1]] {
				if s.gone[to] {
					continue
				}
				if far.mark[to] == s.searches {
					return length
				}
				if near.mark[to] != s.searches {
					near.mark[to] = s.searches
					near.queue = append(near.queue, to)
				}
			}
		}
		near.last = end
	}
	return 0
}

func (f *frontier) reset(n NodeID, search int32) {
	f.queue = append(f.queue[:0], n)
	f.last = 0
	f.mark[n] = search
}

// firstCycle returns, of the cycles of this length through a node, the one
// whose nodes come first in order. There is none shorter.
func (p *induced) firstCycle(through NodeID, length int) []EdgeID {
	distance := make([]int32, len(p.nodes)) // to the node, +1; 0 where it is not within reach
	distance[through] = 1
	queue := []NodeID{through}
	for i := 0; i < len(queue); i++ {
		n := queue[i]
		if int(distance[n]) == length {
			break
		}
		for _, from := range p.in[p.inStart[n]:p.inStart[n+1]] {
			if distance[from] == 0 {
				distance[from] = distance[n] + 1
				queue = append(queue, from)
			}
		}
	}
	cycle := make([]EdgeID, 0, length)
	for n := through; len(cycle) < length; {
		left := int32(length - len(cycle)) // distance of the next node, +1
		for i := p.outStart[n]; i < p.outStart[n+1]; i++ {
			if distance[p.out[i]] == left {
				cycle = append(cycle, p.edge[i])
				n = p.out[i]
				break
			}
		}
	}
	return cycle
}

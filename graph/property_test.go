package graph_test

import (
	"cmp"
	"math"
	"slices"
	"testing"

	gonumgraph "gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/simple"
	"gonum.org/v1/gonum/graph/topo"
	"pgregory.net/rapid"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/internal/graphtest"
	"github.com/eddy-build/eddy/module"
)

func TestRandomComponents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, kinds := drawGraph(t, 20), drawKinds(t)
		c := g.Components(kinds)

		// gonum's graphs have no kinds and no loops.
		oracle := simple.NewDirectedGraph()
		for n := range graph.NodeID(g.NodeCount()) {
			oracle.AddNode(simple.Node(n))
		}
		for e := range graph.EdgeID(g.EdgeCount()) {
			if g.Kinds(e)&kinds != 0 && g.Source(e) != g.Target(e) {
				oracle.SetEdge(simple.Edge{F: simple.Node(g.Source(e)), T: simple.Node(g.Target(e))})
			}
		}
		want := sets(topo.TarjanSCC(oracle))
		if kinds == module.AllKinds && !slices.EqualFunc(want, sets(topo.TarjanSCC(g)), slices.Equal) {
			t.Fatal("gonum answers otherwise for the graph itself")
		}
		var got, cyclic [][]graph.NodeID
		for i := range c.Len() {
			got = append(got, c.Members(i))
			for _, n := range c.Members(i) {
				if c.Of(n) != i {
					t.Fatalf("node %d is a member of %d and of %d", n, i, c.Of(n))
				}
			}
			first := c.Members(i)[0]
			e, ok := g.EdgeBetween(first, first)
			if loop := ok && g.Kinds(e)&kinds != 0; loop || len(c.Members(i)) > 1 {
				cyclic = append(cyclic, c.Members(i))
			}
		}
		if !slices.EqualFunc(got, want, slices.Equal) {
			t.Fatalf("components %v, want %v", got, want)
		}
		if cycles := g.Cycles(kinds); !slices.EqualFunc(cycles, cyclic, slices.Equal) {
			t.Fatalf("cycles %v, want %v", cycles, cyclic)
		}

		d := g.Condensation(kinds)
		m := newMatrix(c.Len())
		for e := range graph.EdgeID(g.EdgeCount()) {
			if from, to := c.Of(g.Source(e)), c.Of(g.Target(e)); from != to {
				m[from][to] |= g.Kinds(e) & kinds
			}
		}
		for i := range m {
			var deps, dependents []int
			for j := range m {
				if m[i][j] != 0 {
					deps = append(deps, j)
				}
				if m[j][i] != 0 {
					dependents = append(dependents, j)
				}
			}
			if !slices.Equal(d.Deps(i), deps) || !slices.Equal(d.Dependents(i), dependents) {
				t.Fatalf("component %d: deps %v and %v, want %v and %v", i, d.Deps(i), d.Dependents(i), deps, dependents)
			}
		}
	})
}

// sets sorts what gonum returns as Components does.
func sets(components [][]gonumgraph.Node) [][]graph.NodeID {
	all := make([][]graph.NodeID, len(components))
	for i, c := range components {
		for _, n := range c {
			all[i] = append(all[i], graph.NodeID(n.ID()))
		}
		slices.Sort(all[i])
	}
	slices.SortFunc(all, slices.Compare)
	return all
}

func TestRandomOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, kinds := drawGraph(t, 20), drawKinds(t)
		d := matrixOf(g).of(kinds).distances()

		// The longest chain below: as many rounds as there are nodes.
		level := make([]int, g.NodeCount())
		for range level {
			for i := range level {
				for j := range level {
					switch {
					case i == j || d[i][j] == 0:
					case d[j][i] > 0:
						level[i] = max(level[i], level[j])
					default:
						level[i] = max(level[i], level[j]+1)
					}
				}
			}
		}
		first := func(n graph.NodeID) graph.NodeID { // of the component
			for i := range n {
				if d[i][n] > 0 && d[n][i] > 0 {
					return i
				}
			}
			return n
		}
		want := make([]graph.NodeID, g.NodeCount())
		for i := range want {
			want[i] = graph.NodeID(i)
		}
		slices.SortFunc(want, func(a, b graph.NodeID) int {
			return cmp.Or(cmp.Compare(level[a], level[b]), cmp.Compare(first(a), first(b)), cmp.Compare(a, b))
		})
		if got := g.Order(kinds); !slices.Equal(got, want) {
			t.Fatalf("order %v, want %v", got, want)
		}
		levels := g.Levels(kinds)
		if !slices.Equal(slices.Concat(levels...), want) {
			t.Fatalf("levels %v, want in order %v", levels, want)
		}
		for i, nodes := range levels {
			for _, n := range nodes {
				if level[n] != i {
					t.Fatalf("node %d on level %d, want %d", n, i, level[n])
				}
			}
		}
	})
}

func TestRandomReach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, kinds := drawGraph(t, 20), drawKinds(t)
		from := drawNodes(t, g, "starts")
		depth := rapid.IntRange(-1, 4).Draw(t, "depth")
		d := matrixOf(g).of(kinds).distances()
		want := func(distance func(a, b graph.NodeID) int) []graph.Reached {
			var reached []graph.Reached
			for n := range graph.NodeID(g.NodeCount()) {
				nearest := math.MaxInt
				for _, start := range from {
					if far := distance(start, n); far > 0 {
						nearest = min(nearest, far)
					}
				}
				if nearest < math.MaxInt && (depth < 0 || nearest <= depth) && !slices.Contains(from, n) {
					reached = append(reached, graph.Reached{Node: n, Depth: nearest})
				}
			}
			slices.SortStableFunc(reached, func(a, b graph.Reached) int { return cmp.Compare(a.Depth, b.Depth) })
			return reached
		}
		if got, want := g.Upstream(from, kinds, depth), want(func(a, b graph.NodeID) int { return d[a][b] }); !slices.Equal(got, want) {
			t.Fatalf("upstream of %v: %v, want %v", from, got, want)
		}
		if got, want := g.Downstream(from, kinds, depth), want(func(a, b graph.NodeID) int { return d[b][a] }); !slices.Equal(got, want) {
			t.Fatalf("downstream of %v: %v, want %v", from, got, want)
		}
	})
}

// firstPath returns the nodes of the first of the shortest walks of one edge or
// more, in the order of their nodes; nil where there is none.
func firstPath(m matrix, d [][]int, from, to graph.NodeID) []graph.NodeID {
	if d[from][to] == 0 {
		return nil
	}
	path := []graph.NodeID{from}
	for left := d[from][to]; left > 0; left-- {
		at := path[len(path)-1]
		for n := range graph.NodeID(len(m)) {
			if m[at][n] != 0 && (left == 1 && n == to || left > 1 && d[n][to] == left-1) {
				path = append(path, n)
				break
			}
		}
	}
	return path
}

// walk returns the nodes that edges lead over, and fails where one does not
// begin at the end of the one before.
func walk(t *rapid.T, g *graph.Graph, edges []graph.EdgeID) []graph.NodeID {
	var nodes []graph.NodeID
	for i, e := range edges {
		if i == 0 {
			nodes = append(nodes, g.Source(e))
		} else if g.Source(e) != nodes[i] {
			t.Fatalf("edges %s are no path", graphtest.Edges(g, edges))
		}
		nodes = append(nodes, g.Target(e))
	}
	return nodes
}

func TestRandomPath(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, kinds := drawGraph(t, 20), drawKinds(t)
		m := matrixOf(g).of(kinds)
		d := m.distances()
		for from := range graph.NodeID(len(m)) {
			for to := range graph.NodeID(len(m)) {
				path := g.Path(from, to, kinds)
				if from == to {
					if path == nil || len(path) > 0 {
						t.Fatalf("path from %d to itself: %v", from, path)
					}
					if got, want := walk(t, g, g.CycleThrough(from, kinds)), firstPath(m, d, from, to); !slices.Equal(got, want) {
						t.Fatalf("cycle through %d: %v, want %v", from, got, want)
					}
					continue
				}
				if got, want := walk(t, g, path), firstPath(m, d, from, to); !slices.Equal(got, want) {
					t.Fatalf("path from %d to %d: %v, want %v", from, to, got, want)
				}
			}
		}
	})
}

func TestRandomWitnessCycle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, kinds := drawGraph(t, 20), drawKinds(t)
		m := matrixOf(g).of(kinds)
		d := m.distances()
		members := g.Cycles(kinds)
		all := make([]graph.NodeID, len(m))
		for n := range all {
			all[n] = graph.NodeID(n)
		}
		for _, nodes := range append(members, all) {
			var want []graph.NodeID
			for _, n := range nodes {
				if cycle := firstPath(m, d, n, n); cycle != nil && (want == nil || len(cycle) < len(want)) {
					want = cycle
				}
			}
			if got := walk(t, g, g.WitnessCycle(nodes, kinds)); !slices.Equal(got, want) {
				t.Fatalf("cycle among %v: %v, want %v", nodes, got, want)
			}
		}
	})
}

func TestRandomBreakSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, kinds := drawGraph(t, 25), drawKinds(t)
		for _, members := range g.Cycles(kinds) {
			set := g.BreakSet(members, kinds)
			m := newMatrix(g.NodeCount())
			for _, n := range members {
				for _, to := range members {
					if e, ok := g.EdgeBetween(n, to); ok {
						m[n][to] = g.Kinds(e) & kinds
					}
				}
			}
			weight := 0
			for _, e := range set.Edges {
				m[g.Source(e)][g.Target(e)] = 0
				weight += max(1, g.ImportCount(e, kinds))
			}
			switch {
			case !isAscending(set.Edges):
				t.Fatalf("edges %v do not ascend", set.Edges)
			case m.cyclic():
				t.Fatalf("a cycle is left without %s", graphtest.Edges(g, set.Edges))
			case weight != set.Weight:
				t.Fatalf("weight %d, want %d", set.Weight, weight)
			}
			for _, e := range set.Edges {
				m[g.Source(e)][g.Target(e)] = kinds
				if !m.cyclic() {
					t.Fatalf("%s of %s can be put back", graphtest.Edges(g, []graph.EdgeID{e}), graphtest.Edges(g, set.Edges))
				}
				m[g.Source(e)][g.Target(e)] = 0
			}
			if len(members) <= 18 && !set.Exact {
				t.Fatalf("not exact for %d members", len(members))
			}
			if len(members) <= 7 {
				if least, edges := leastBreakSet(g, members, kinds); set.Weight != least || len(set.Edges) != edges {
					t.Fatalf("weight %d with %d edges, want %d with %d", set.Weight, len(set.Edges), least, edges)
				}
			}
		}
	})
}

// leastBreakSet tries every order of the members.
func leastBreakSet(g *graph.Graph, members []graph.NodeID, kinds module.ImportKinds) (weight, edges int) {
	weight = math.MaxInt
	var permute func(placed []graph.NodeID, left []graph.NodeID)
	permute = func(placed, left []graph.NodeID) {
		if len(left) == 0 {
			w, count := 0, 0
			for i, n := range placed {
				for _, to := range placed[:i+1] {
					if e, ok := g.EdgeBetween(n, to); ok && g.Kinds(e)&kinds != 0 {
						w += max(1, g.ImportCount(e, kinds))
						count++
					}
				}
			}
			if w < weight || w == weight && count < edges {
				weight, edges = w, count
			}
			return
		}
		for i := range left {
			rest := slices.Delete(slices.Clone(left), i, i+1)
			permute(append(slices.Clone(placed), left[i]), rest)
		}
	}
	permute(nil, members)
	return weight, edges
}

func TestRandomReduce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, kinds := drawGraph(t, 20), drawKinds(t)
		r := g.Reduce(kinds)
		m := matrixOf(g).of(kinds)
		before, after := m.distances(), matrixOf(r).of(kinds).distances()
		for i := range before {
			for j := range before {
				if before[i][j] > 0 != (after[i][j] > 0) {
					t.Fatalf("%d reaches %d: %t, then %t", i, j, before[i][j] > 0, after[i][j] > 0)
				}
			}
		}
		for e := range graph.EdgeID(r.EdgeCount()) {
			from, to := r.Source(e), r.Target(e)
			old, ok := g.EdgeBetween(from, to)
			if !ok || r.Kinds(e) != g.Kinds(old) || !slices.Equal(r.Occurrences(e), g.Occurrences(old)) {
				t.Fatalf("edge %d to %d is not as it was", from, to)
			}
			if before[to][from] > 0 {
				continue // within a component
			}
			less := matrixOf(r).of(kinds)
			less[from][to] = 0
			if less.distances()[from][to] > 0 {
				t.Fatalf("edge %d to %d says nothing", from, to)
			}
		}
		for i := range m {
			for j := range m {
				within := m[i][j] != 0 && (i == j || before[j][i] > 0)
				if within && !r.HasEdgeFromTo(int64(i), int64(j)) {
					t.Fatalf("edge %d to %d within a component is gone", i, j)
				}
			}
		}
	})
}

// Command graphscc builds a random graph and finds its strongly connected
// components, with package graph or with gonum, and prints how long that took
// and how much memory the process came to hold. Each side is a process of its
// own, so that the peak is its own too:
//
//	graphscc -side eddy
//	graphscc -side gonum
//
// Both sides get the same edges, and print the same number of components.
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"gonum.org/v1/gonum/graph/simple"
	"gonum.org/v1/gonum/graph/topo"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/module"
)

func main() {
	side := flag.String("side", "eddy", "what finds the components: eddy or gonum")
	s := shape{}
	flag.IntVar(&s.nodes, "nodes", 1_000_000, "number of nodes")
	flag.IntVar(&s.edges, "edges", 8_000_000, "number of edges")
	flag.BoolVar(&s.shuffled, "shuffled", false, "eddy alone: name the nodes in random order")
	flag.BoolVar(&s.hint, "hint", true, "eddy alone: tell the builder the size beforehand")
	flag.Parse()

	start := time.Now()
	var components int
	switch {
	case s.nodes < 2 || s.edges < 0:
		fail("want at least 2 nodes and no negative number of edges")
	case *side == "eddy":
		components = s.eddy()
	case *side == "gonum":
		components = s.gonum()
	default:
		fail(fmt.Sprintf("unknown side %q: want eddy or gonum", *side))
	}
	seconds := time.Since(start).Seconds()
	peak, err := peakMemory()
	if err != nil {
		fail(err.Error())
	}
	fmt.Printf("side=%s nodes=%d edges=%d components=%d seconds=%.2f peak_mib=%.0f\n",
		*side, s.nodes, s.edges, components, seconds, float64(peak)/(1<<20))
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, "graphscc: "+message)
	os.Exit(2)
}

type shape struct {
	nodes, edges   int
	shuffled, hint bool
}

// each calls edge for every edge, by source as loading a workspace does.
func (s shape) each(edge func(from, to int)) {
	random := rand.New(rand.NewPCG(1, 2))
	for i := range s.edges {
		from := i * s.nodes / s.edges
		to := random.IntN(s.nodes - 1)
		if to >= from {
			to++ // gonum's graph takes no loops
		}
		edge(from, to)
	}
}

// eddy names every node with a string, as a workspace does.
func (s shape) eddy() int {
	b := graph.NewBuilder()
	if s.hint {
		b.Grow(s.nodes, s.edges)
	}
	handles := make([]graph.Handle, s.nodes)
	order := func(i int) int { return i }
	if s.shuffled {
		permutation := rand.New(rand.NewPCG(3, 4)).Perm(s.nodes)
		order = func(i int) int { return permutation[i] }
	}
	for i := range handles {
		n := order(i)
		handles[n] = b.Node(name(n))
	}
	s.each(func(from, to int) { b.Edge(handles[from], handles[to], module.Static, nil) })
	return b.Build().Components(module.StaticOnly).Len()
}

// name returns a path that sorts as its number does. It is made by hand, so that
// formatting is no large part of what is measured.
func name(n int) module.ID {
	path := []byte("src/0000/0000.ts")
	for _, i := range []int{12, 11, 10, 9, 7, 6, 5, 4} {
		path[i] = byte('0' + n%10)
		n /= 10
	}
	return module.ID(path)
}

func (s shape) gonum() int {
	g := simple.NewDirectedGraph()
	for n := range s.nodes {
		g.AddNode(simple.Node(n))
	}
	s.each(func(from, to int) { g.SetEdge(simple.Edge{F: simple.Node(from), T: simple.Node(to)}) })
	return len(topo.TarjanSCC(g))
}

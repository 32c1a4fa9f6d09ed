package render

import (
	"bufio"
	"io"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/module"
)

// Text writes a graph as a list for people: each module on a line, below it,
// indented, what it depends on. A dependency that is not static has its kinds
// in brackets, one on a cycle an arrow in a circle.
func Text(w io.Writer, g *graph.Graph, v View) error {
	b := bufio.NewWriter(w)
	circles, kinds := v.circles(g), v.kinds()
	for n := range graph.NodeID(g.NodeCount()) {
		b.WriteString(Printable(string(g.ID(n))))
		b.WriteByte('\n')
		first, end := g.OutEdges(n)
		for e := first; e < end; e++ {
			shown := g.Kinds(e) & kinds
			if shown == 0 {
				continue
			}
			if circles.edge(e) {
				b.WriteString("  ↻ ")
			} else {
				b.WriteString("  → ")
			}
			b.WriteString(Printable(string(g.ID(g.Target(e)))))
			if !shown.Has(module.Static) {
				b.WriteString("  [" + shown.String() + "]")
			}
			b.WriteByte('\n')
		}
	}
	return b.Flush() // holds the first error of all writes
}

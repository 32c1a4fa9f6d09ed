package render

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/module"
)

// View says what of a graph to draw. Which modules are drawn is the graph's
// matter: pass a subgraph or a grouped graph.
type View struct {
	Kinds  module.ImportKinds // the dependencies that are drawn; 0 for all
	Cycles module.ImportKinds // what counts as a cycle; 0 for static imports alone
}

func (v View) kinds() module.ImportKinds {
	if v.Kinds == 0 {
		return module.AllKinds
	}
	return v.Kinds
}

// circles knows which nodes and edges of a graph lie on a cycle.
type circles struct {
	g         *graph.Graph
	kinds     module.ImportKinds
	component []int32 // by node: the number of its cycle from 1, or 0
}

func (v View) circles(g *graph.Graph) *circles {
	kinds := v.Cycles
	if kinds == 0 {
		kinds = module.StaticOnly
	}
	c := &circles{g: g, kinds: kinds, component: make([]int32, g.NodeCount())}
	for i, members := range g.Cycles(kinds) {
		for _, n := range members {
			c.component[n] = int32(i + 1)
		}
	}
	return c
}

func (c *circles) node(n graph.NodeID) bool { return c.component[n] > 0 }

func (c *circles) edge(e graph.EdgeID) bool {
	from, to := c.g.Source(e), c.g.Target(e)
	return c.component[from] > 0 && c.component[from] == c.component[to] && c.g.Kinds(e)&c.kinds != 0
}

// Printable returns a name as it may be shown to a person: as it is, or, where
// it holds what would break a line or command a terminal, with those characters
// escaped as Go does.
func Printable(name string) string {
	odd := !utf8.ValidString(name)
	for _, r := range name {
		odd = odd || !unicode.IsPrint(r)
	}
	if !odd {
		return name
	}
	var b strings.Builder
	for i, r := range name {
		switch {
		case r == utf8.RuneError && name[i] != "\uFFFD"[0]:
			fmt.Fprintf(&b, `\x%02x`, name[i])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r < 0x80:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// Package graphtest writes graphs as text, so that a test of anything that
// works on a graph is a line that a person can read.
//
// Its input is the notation of [Parse]; its output is a [graph.Graph] with
// import positions. It panics on text that it cannot read: that is a mistake in
// the test.
package graphtest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/module"
)

// Parse reads statements that are separated by semicolons or line ends:
//
//	a -> b c        a imports b and c, statically
//	a -type-> d     with another kind: static, type, deferred or implicit
//	a -> b*3        b three times
//	e               a node
//
// The imports of a module stand in the file of its name, one a line, in the
// order of the text.
func Parse(text string) *graph.Graph {
	b := graph.NewBuilder()
	lines := map[string]int32{}
	for statement := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ';' || r == '\n' }) {
		words := strings.Fields(statement)
		if len(words) == 0 {
			continue
		}
		from := b.Node(module.ID(words[0]))
		if len(words) == 1 {
			continue
		}
		kind, ok := arrow(words[1])
		if !ok || len(words) == 2 {
			panic(fmt.Sprintf("graphtest: want \"from -> to…\" in %q", statement))
		}
		for _, word := range words[2:] {
			name, times, repeated := strings.Cut(word, "*")
			count := 1
			if repeated {
				var err error
				if count, err = strconv.Atoi(times); err != nil || count < 1 {
					panic(fmt.Sprintf("graphtest: want a number after * in %q", word))
				}
			}
			to := b.Node(module.ID(name))
			for range count {
				lines[words[0]]++
				b.Edge(from, to, kind, &module.Import{
					Specifier: name,
					Kind:      kind,
					Span:      module.Span{File: words[0], Line: lines[words[0]], Column: 1},
				})
			}
		}
	}
	return b.Build()
}

func arrow(word string) (module.ImportKind, bool) {
	if word == "->" {
		return module.Static, true
	}
	name, isArrow := strings.CutSuffix(word, "->")
	name, isDash := strings.CutPrefix(name, "-")
	kinds, err := module.ParseImportKinds(strings.TrimSuffix(name, "-"))
	if !isArrow || !isDash || err != nil {
		return 0, false
	}
	for kind := module.Static; kind <= module.Implicit; kind++ {
		if kinds == module.Of(kind) {
			return kind, true
		}
	}
	return 0, false
}

// Format writes a graph in the notation of [Parse], a statement a node and
// kind, sorted. Nodes with edges out or in have no statement of their own.
func Format(g *graph.Graph) string {
	var statements []string
	for n := range graph.NodeID(g.NodeCount()) {
		if len(g.Out(n)) == 0 && len(g.In(n)) == 0 {
			statements = append(statements, string(g.ID(n)))
		}
		for kind := module.Static; kind <= module.Implicit; kind++ {
			sign := "->"
			if kind != module.Static {
				sign = "-" + kind.String() + "->"
			}
			statement := string(g.ID(n)) + " " + sign
			first, end := g.OutEdges(n)
			some := false
			for e := first; e < end; e++ {
				if !g.Kinds(e).Has(kind) {
					continue
				}
				some = true
				statement += " " + string(g.ID(g.Target(e)))
				if count := g.ImportCount(e, module.Of(kind)); count > 1 {
					statement += "*" + strconv.Itoa(count)
				}
			}
			if some {
				statements = append(statements, statement)
			}
		}
	}
	return strings.Join(statements, "; ")
}

// Nodes returns the nodes of some names. It panics where one is unknown.
func Nodes(g *graph.Graph, names string) []graph.NodeID {
	var nodes []graph.NodeID
	for name := range strings.FieldsSeq(names) {
		n, ok := g.Lookup(module.ID(name))
		if !ok {
			panic(fmt.Sprintf("graphtest: no node %q", name))
		}
		nodes = append(nodes, n)
	}
	return nodes
}

// Names writes nodes by name, separated by spaces.
func Names(g *graph.Graph, nodes []graph.NodeID) string {
	names := make([]string, len(nodes))
	for i, n := range nodes {
		names[i] = string(g.ID(n))
	}
	return strings.Join(names, " ")
}

// Sets writes sets of nodes by name, separated by " | ".
func Sets(g *graph.Graph, sets [][]graph.NodeID) string {
	parts := make([]string, len(sets))
	for i, set := range sets {
		parts[i] = Names(g, set)
	}
	return strings.Join(parts, " | ")
}

// Edges writes edges as "a->b", separated by spaces, in the order given.
func Edges(g *graph.Graph, edges []graph.EdgeID) string {
	parts := make([]string, len(edges))
	for i, e := range edges {
		parts[i] = fmt.Sprintf("%s->%s", g.ID(g.Source(e)), g.ID(g.Target(e)))
	}
	return strings.Join(parts, " ")
}

// Equal reports whether two graphs have the same nodes, edges, kinds and
// imports.
func Equal(a, b *graph.Graph) bool {
	if a.NodeCount() != b.NodeCount() || a.EdgeCount() != b.EdgeCount() {
		return false
	}
	for n := range graph.NodeID(a.NodeCount()) {
		if a.ID(n) != b.ID(n) || a.Module(n) != b.Module(n) || !slices.Equal(a.Out(n), b.Out(n)) || !slices.Equal(a.In(n), b.In(n)) {
			return false
		}
	}
	for e := range graph.EdgeID(a.EdgeCount()) {
		if a.Kinds(e) != b.Kinds(e) || !slices.Equal(a.Occurrences(e), b.Occurrences(e)) {
			return false
		}
	}
	return true
}

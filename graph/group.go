package graph

import (
	"path"
	"strings"

	"github.com/eddy-build/eddy/module"
)

// GroupFunc says which group a module belongs to. m is nil where the node has no
// module. A node whose group is empty is left out.
type GroupFunc func(id module.ID, m *module.Module) module.ID

// Group returns the graph of the groups of nodes: a group depends on another
// where one of its modules does, with the kinds and the imports of all of them.
// What a group's modules import of each other is inside it and leaves no edge.
// A group has a module where one of its nodes has the group's name.
// O(V log V + E log d + I log I) for d edges a group and I imports an edge.
func (g *Graph) Group(group GroupFunc) *Graph {
	b := NewBuilder()
	groups := make([]Handle, len(g.ids))
	for n, id := range g.ids {
		m := g.Module(NodeID(n))
		switch name := group(id, m); {
		case name == "":
			groups[n] = -1
		case name == id && m != nil:
			groups[n] = b.Module(m)
		default:
			groups[n] = b.Node(name)
		}
	}
	var occurrences []Occurrence
	for e := range EdgeID(len(g.target)) {
		from, to := groups[g.source[e]], groups[g.target[e]]
		if from < 0 || to < 0 || from == to {
			continue
		}
		occurrences = g.AppendOccurrences(occurrences[:0], e)
		bare := g.kinds[e] // the kinds that no import gives
		for _, o := range occurrences {
			b.Edge(from, to, o.Kind, o.Import)
			bare &^= module.Of(o.Kind)
		}
		if bare != 0 {
			b.addEdge(from, to, bare, nil)
		}
	}
	return b.Build()
}

// ByFolder groups the modules of the workspace by the first depth elements of
// their folder: "web/ui" holds web/ui/list/item.ts at depth 2, and web/app.ts is
// in "web" at any depth above 0. The root is ".", and a depth below 0 takes the
// whole folder. The tests of Go packages are groups of their own,
// "internal/dag:test", as they may import what imports their folder. Modules
// from outside the workspace are grouped by package.
func ByFolder(depth int) GroupFunc {
	return func(id module.ID, m *module.Module) module.ID {
		if m != nil && !m.Kind.Local() {
			return outside(m)
		}
		name, suffix := string(id), ""
		if m != nil && m.Kind == module.KindTest {
			name, suffix = strings.TrimSuffix(name, testSuffix), testSuffix
		}
		// A Go package is its folder.
		if m == nil || m.Language != module.Go {
			name = path.Dir(name)
		}
		return module.ID(folder(name, depth) + suffix)
	}
}

const testSuffix = ":test"

// folder returns the first depth elements of a path.
func folder(name string, depth int) string {
	end := 0
	for i := 0; i != depth && end < len(name); i++ {
		if end > 0 {
			end++
		}
		next := strings.IndexByte(name[end:], '/')
		if next < 0 {
			return name
		}
		end += next
	}
	if end == 0 {
		return "."
	}
	return name[:end]
}

// ByPackage groups modules by the package that they belong to, as their manifest
// calls it; "." are those without one. The tests of Go packages are groups of
// their own, as they may import what imports their package. Modules from
// outside the workspace are grouped by package too, under names such as
// "npm:react" and "golang:golang.org/x/mod". A node without a module is in ".".
func ByPackage() GroupFunc {
	return func(_ module.ID, m *module.Module) module.ID {
		switch {
		case m == nil:
			return "."
		case !m.Kind.Local():
			return outside(m)
		}
		name := m.Package
		if name == "" {
			name = "."
		}
		if m.Kind == module.KindTest {
			name += testSuffix
		}
		return module.ID(name)
	}
}

// outside returns the group of a module from outside the workspace: its
// package, with the type that its ID begins with.
func outside(m *module.Module) module.ID {
	kind, _, ok := strings.Cut(string(m.ID), ":")
	if !ok || m.Package == "" {
		return m.ID
	}
	return module.ID(kind + ":" + m.Package)
}

package render

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/emicklei/dot"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/module"
)

// DOT writes a graph in the language of Graphviz: the modules of a folder in a
// cluster, those outside the workspace in one cluster a registry, what lies on a
// cycle in red. An edge is solid where it is static, dashed where it is of a
// type, dotted where it is deferred or implicit. The colours suit a light and a
// dark page: there is no background, and every node brings its own.
//
// The library that writes the language holds the document in memory.
func DOT(w io.Writer, g *graph.Graph, v View) error {
	d := &drawing{g: g, doc: dot.NewGraph(dot.Directed), circles: v.circles(g), kinds: v.kinds()}
	d.doc.Attrs("rankdir", "LR", "bgcolor", "transparent", "fontname", fontName, "fontsize", "12",
		"nodesep", "0.15", "ranksep", "0.6", "compound", "true", "newrank", "true")
	d.nodes = make([]dot.Node, g.NodeCount())
	root := folderTree(g)
	d.cluster(d.doc, root, root, 0)
	for n := range graph.NodeID(g.NodeCount()) {
		first, end := g.OutEdges(n)
		for e := first; e < end; e++ {
			d.edge(e)
		}
	}
	out := &errorWriter{w: bufio.NewWriter(w)}
	d.doc.Write(out)
	return out.flush()
}

const (
	fontName = "Helvetica,Arial,sans-serif"
	ink      = "#1f2430" // on the nodes' own colours
	line     = "#7d8694" // grey that shows on white and on black
	faint    = "#7d869499"
	cycleInk = "#d6403a"
	cycle    = "#fbd9d5"
)

// fills are the colours of the nodes by language.
var fills = map[module.Language]string{
	module.Go:         "#d3eff5",
	module.TypeScript: "#d6e6fa",
	module.JavaScript: "#faf0c4",
	module.Vue:        "#d5f2e3",
	module.Svelte:     "#ffe0d3",
	module.Astro:      "#ecdcfb",
	module.Python:     "#e2ecd0",
}

// drawing is a graph on its way to Graphviz.
type drawing struct {
	g       *graph.Graph
	doc     *dot.Graph
	nodes   []dot.Node // by graph.NodeID
	circles *circles
	kinds   module.ImportKinds
}

// cluster draws the nodes and folders of f into the cluster of the folder
// around: f itself, or one above it where clusters nest too deep.
func (d *drawing) cluster(into *dot.Graph, around, f *folder, depth int) {
	for _, n := range f.nodes {
		d.node(into, n, around)
	}
	for _, sub := range f.folders {
		if depth >= maxClusters {
			d.cluster(into, around, sub, depth)
			continue
		}
		c := into.Subgraph(sub.path, dot.ClusterOption{})
		c.Attrs("label", label(sub.label()), "fontname", fontName, "fontsize", "11", "fontcolor", line,
			"color", faint, "style", "rounded", "labeljust", "l", "margin", "10")
		d.cluster(c, sub, sub, depth+1)
	}
}

// maxClusters is how deep clusters nest: Graphviz itself recurses into them, and
// nobody reads a box in more boxes than these.
const maxClusters = 8

func (d *drawing) node(into *dot.Graph, n graph.NodeID, f *folder) {
	id := d.g.ID(n)
	node := into.Node(string(id))
	node.Attrs("label", label(f.shorten(id)), "tooltip", label(string(id)), "shape", "box", "style", "rounded,filled",
		"fontname", fontName, "fontsize", "11", "fontcolor", ink, "color", faint, "fillcolor", "#eceef1",
		"height", "0.3", "margin", "0.12,0.04")
	if m := d.g.Module(n); m != nil {
		if fill, ok := fills[m.Language]; ok {
			node.Attr("fillcolor", fill)
		}
		if !m.Kind.Local() {
			node.Attrs("style", "rounded,filled,dashed", "fillcolor", "#f6f7f9")
		}
	}
	if d.circles.node(n) {
		node.Attrs("color", cycleInk, "fillcolor", cycle, "penwidth", "1.6")
	}
	d.nodes[n] = node
}

func (d *drawing) edge(e graph.EdgeID) {
	kinds := d.g.Kinds(e) & d.kinds
	if kinds == 0 {
		return
	}
	edge := d.doc.Edge(d.nodes[d.g.Source(e)], d.nodes[d.g.Target(e)])
	edge.Attrs("color", line, "arrowsize", "0.7")
	switch {
	case kinds.Has(module.Static):
	case kinds.Has(module.Type):
		edge.Attr("style", "dashed")
	case kinds.Has(module.Deferred):
		edge.Attr("style", "dotted")
	default:
		edge.Attrs("style", "dotted", "color", faint, "arrowhead", "empty")
	}
	if d.circles.edge(e) {
		edge.Attrs("color", cycleInk, "penwidth", "2")
	}
}

// label quotes a text for an attribute that Graphviz reads as an escString: the
// library would quote as Go does, which is not the same.
func label(text string) dot.Literal {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range Printable(text) {
		switch r {
		case '"':
			b.WriteString(`\"`)
		case '\\':
			b.WriteString(`\\`)
		case '&': // "&lt;" would be read as an entity
			b.WriteString("&amp;")
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return dot.Literal(b.String())
}

// errorWriter keeps the first error for the library, which drops it.
type errorWriter struct {
	w   *bufio.Writer
	err error
}

func (e *errorWriter) Write(p []byte) (int, error) {
	if e.err == nil {
		_, e.err = e.w.Write(p)
	}
	return len(p), nil
}

func (e *errorWriter) flush() error {
	if e.err != nil {
		return fmt.Errorf("write DOT: %w", e.err)
	}
	return e.w.Flush()
}

package main

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/render"
)

// graphCommand is "eddy graph".
type graphCommand struct {
	Format   string    `enum:"text,dot,json" default:"text" placeholder:"FORMAT" help:"text, dot (Graphviz) or json (complete, for programs and --from). Default: text."`
	Output   string    `short:"o" placeholder:"FILE" help:"Write to FILE, which is replaced only when all is written."`
	Kinds    kindsFlag `default:"all" placeholder:"KINDS" help:"Which imports to show: static, type, deferred and implicit, with commas, or all. Default: all."`
	Group    groupFlag `placeholder:"GROUPING" help:"Take the modules together by folder (\"folder:2\": two levels deep) or by package (\"package\")."`
	Focus    []string  `placeholder:"MODULE" sep:"none" help:"Show MODULE and what is near it alone. Can be given again."`
	Depth    *int      `placeholder:"N" help:"How near: up to N dependencies away, both ways. Default: 1."`
	Reduce   bool      `help:"Leave out the dependencies that a longer way implies."`
	External bool      `help:"Show modules from outside the workspace too."`
}

// Help says what the lines of the flags cannot.
func (*graphCommand) Help() string {
	return `The JSON is always the complete graph, external modules and all, described by docs/graph.schema.json; the flags that choose a part of it are for the other formats. For a picture: eddy graph --format dot | dot -Tsvg -o graph.svg`
}

// From so many nodes or edges a drawing is hard to read, and slow to lay out.
const (
	crowdedNodes = 300
	crowdedEdges = 900
)

// Run is called by Kong.
func (c *graphCommand) Run(p *process) error {
	if err := c.check(); err != nil {
		return err
	}
	ws, err := p.load()
	if err != nil {
		return err
	}
	p.warn(ws)
	write := func(w io.Writer) error { return render.JSON(w, ws.Set(), ws.Graph()) }
	if c.Format != "json" {
		g, err := c.view(ws)
		if err != nil {
			return err
		}
		if c.Format == "dot" && (g.NodeCount() > crowdedNodes || g.EdgeCount() > crowdedEdges) && !p.cli.Quiet {
			fmt.Fprintf(p.stderr, "eddy: a drawing of %s and %s is hard to read; --group folder:1, --reduce and --focus MODULE show less\n",
				count(g.NodeCount(), "module", "modules"), count(g.EdgeCount(), "dependency", "dependencies"))
		}
		view := render.View{Kinds: c.Kinds.ImportKinds}
		write = func(w io.Writer) error { return render.Text(w, g, view) }
		if c.Format == "dot" {
			write = func(w io.Writer) error { return render.DOT(w, g, view) }
		}
	}
	if c.Output == "" || c.Output == "-" {
		return write(p.stdout)
	}
	return writeFile(c.Output, write)
}

// check refuses flags that would do nothing.
func (c *graphCommand) check() error {
	if c.Format == "json" && (c.Group.by != nil || len(c.Focus) > 0 || c.External || c.Reduce || c.Kinds.ImportKinds != allKinds) {
		return errors.New("--format json is always the complete graph: --group, --focus, --kinds, --reduce and --external do not apply to it")
	}
	if c.Depth != nil && len(c.Focus) == 0 {
		return errors.New("--depth needs --focus MODULE")
	}
	if c.Depth != nil && *c.Depth < 0 {
		return fmt.Errorf("--depth %d: want a number from 0 up", *c.Depth)
	}
	return nil
}

// view is the part of the graph that is asked for.
func (c *graphCommand) view(ws *workspace) (*graph.Graph, error) {
	g := ws.Graph()
	var focus []graph.NodeID
	for _, query := range c.Focus {
		nodes, err := find(ws, query)
		if err != nil {
			return nil, err
		}
		focus = append(focus, nodes...)
	}
	keep := make([]bool, g.NodeCount())
	if len(focus) == 0 {
		for n := range keep {
			keep[n] = true
		}
	} else {
		depth := 1
		if c.Depth != nil {
			depth = *c.Depth
		}
		for _, r := range slices.Concat(g.Upstream(focus, c.Kinds.ImportKinds, depth), g.Downstream(focus, c.Kinds.ImportKinds, depth)) {
			keep[r.Node] = true
		}
	}
	if !c.External {
		for n := range keep {
			if m := g.Module(graph.NodeID(n)); m != nil && !m.Kind.Local() {
				keep[n] = false
			}
		}
	}
	for _, n := range focus {
		keep[n] = true
	}
	var nodes []graph.NodeID
	for n, kept := range keep {
		if kept {
			nodes = append(nodes, graph.NodeID(n))
		}
	}
	g = c.Group.apply(g.Subgraph(nodes))
	if c.Reduce {
		g = g.Reduce(c.Kinds.ImportKinds)
	}
	return g, nil
}

// find returns the nodes that a query means.
func find(ws *workspace, query string) ([]graph.NodeID, error) {
	ids, err := ws.Find(query)
	if err != nil {
		return nil, err
	}
	g := ws.Graph()
	nodes := make([]graph.NodeID, 0, len(ids))
	for _, id := range ids {
		if n, ok := g.Lookup(id); ok {
			nodes = append(nodes, n)
		}
	}
	return nodes, nil
}

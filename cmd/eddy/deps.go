package main

import (
	"fmt"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/module"
)

// reach are the flags of the two commands that follow dependencies.
type reach struct {
	Module     []string  `arg:"" name:"module" help:"An ID, a name or a pattern."`
	Kinds      kindsFlag `default:"all" placeholder:"KINDS" help:"Which imports to follow: static, type, deferred and implicit, with commas, or all. Default: all."`
	Depth      *int      `placeholder:"N" xor:"far" help:"Follow up to N dependencies. Default: 1."`
	Transitive bool      `short:"t" xor:"far" help:"Follow all the way."`
}

// depsCommand is "eddy deps".
type depsCommand struct {
	reach
}

// rdepsCommand is "eddy rdeps".
type rdepsCommand struct {
	reach
}

const reachHelp = `One ID a line, the nearest first. With --verbose each direct dependency has its imports below it, with their positions.`

// Help says what the lines of the flags cannot.
func (*depsCommand) Help() string { return reachHelp }

// Help says what the lines of the flags cannot.
func (*rdepsCommand) Help() string { return reachHelp }

// Run is called by Kong.
func (c *depsCommand) Run(p *process) error { return c.run(p, (*graph.Graph).Upstream, forward) }

// Run is called by Kong.
func (c *rdepsCommand) Run(p *process) error { return c.run(p, (*graph.Graph).Downstream, backward) }

// direct returns the edges between a start and a node next to it.
type direct func(g *graph.Graph, start, node graph.NodeID) []graph.EdgeID

func forward(g *graph.Graph, start, node graph.NodeID) []graph.EdgeID {
	return between(g, start, node)
}

func backward(g *graph.Graph, start, node graph.NodeID) []graph.EdgeID {
	return between(g, node, start)
}

func between(g *graph.Graph, from, to graph.NodeID) []graph.EdgeID {
	first, end := g.OutEdges(from)
	for e := first; e < end; e++ {
		if g.Target(e) == to {
			return []graph.EdgeID{e}
		}
	}
	return nil
}

func (c *reach) run(p *process, follow func(*graph.Graph, []graph.NodeID, module.ImportKinds, int) []graph.Reached, edges direct) error {
	depth := 1
	switch {
	case c.Transitive:
		depth = -1
	case c.Depth != nil:
		depth = *c.Depth
	}
	if depth < -1 || depth < 0 && !c.Transitive {
		return fmt.Errorf("--depth %d: want a number from 0 up", depth)
	}
	ws, err := p.load()
	if err != nil {
		return err
	}
	p.warn(ws)
	var starts []graph.NodeID
	for _, query := range c.Module {
		nodes, err := find(ws, query)
		if err != nil {
			return err
		}
		starts = append(starts, nodes...)
	}
	g := ws.Graph()
	r := p.reporter(ws, g, c.Kinds.ImportKinds)
	for _, reached := range follow(g, starts, c.Kinds.ImportKinds, depth) {
		r.printf("%s\n", r.name(reached.Node))
		if p.cli.Verbose && reached.Depth == 1 {
			for _, start := range starts {
				r.occurrences(edges(g, start, reached.Node))
			}
		}
	}
	return r.close()
}

// occurrences lists the imports of some edges, each on an indented line.
func (r *reporter) occurrences(edges []graph.EdgeID) {
	for _, e := range edges {
		list := r.imports(e)
		if len(list) == 0 {
			r.printf("    %s\n", r.color.dim(r.unwritten(e)))
		}
		for _, o := range list {
			r.printf("    %s  %s\n", r.ws.place(o.Import.Span), r.color.dim(r.specifier(o)))
		}
	}
}

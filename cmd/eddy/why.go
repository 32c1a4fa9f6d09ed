package main

import (
	"fmt"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/render"
)

// whyCommand is "eddy why".
type whyCommand struct {
	From  string    `arg:"" name:"from" help:"The module that depends: an ID, a name or a pattern."`
	To    string    `arg:"" name:"to" help:"The module that it depends on."`
	Kinds kindsFlag `default:"all" placeholder:"KINDS" help:"Which imports to follow: static, type, deferred and implicit, with commas, or all. Default: all."`
}

// Help says what the lines of the flags cannot.
func (*whyCommand) Help() string {
	return `Prints a shortest chain of imports from the one to the other, with the position of an import for each step. The exit code is 1 where there is none.`
}

// Run is called by Kong.
func (c *whyCommand) Run(p *process) error {
	ws, err := p.load()
	if err != nil {
		return err
	}
	p.warn(ws)
	from, err := find(ws, c.From)
	if err != nil {
		return err
	}
	to, err := find(ws, c.To)
	if err != nil {
		return err
	}
	g := ws.Graph()
	path, ok := shortest(g, from, to, c.Kinds)
	r := p.reporter(ws, g, c.Kinds.ImportKinds)
	switch {
	case !ok:
		over := ""
		if c.Kinds.ImportKinds != allKinds {
			over = " over " + c.Kinds.String() + " imports"
		}
		r.printf("%s does not depend on %s%s\n", render.Printable(c.From), render.Printable(c.To), over)
		if err := r.close(); err != nil {
			return err
		}
		if back, ok := shortest(g, to, from, c.Kinds); ok && !p.cli.Quiet {
			fmt.Fprintf(p.stderr, "eddy: it is the other way round, in %s: eddy why %s %s\n",
				count(len(back), "step", "steps"), render.Printable(c.To), render.Printable(c.From))
		}
		return errFound
	case len(path) == 0:
		r.printf("%s and %s are one module\n", render.Printable(c.From), render.Printable(c.To))
	default:
		r.chain(path)
	}
	return r.close()
}

// shortest returns a shortest path from one of some nodes to one of others.
func shortest(g *graph.Graph, from, to []graph.NodeID, kinds kindsFlag) ([]graph.EdgeID, bool) {
	var best []graph.EdgeID
	for _, a := range from {
		for _, b := range to {
			if path := g.Path(a, b, kinds.ImportKinds); path != nil && (best == nil || len(path) < len(best)) {
				best = path
			}
		}
	}
	return best, best != nil
}

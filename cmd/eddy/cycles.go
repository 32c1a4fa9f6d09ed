package main

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/render"
)

// cyclesCommand is "eddy cycles".
type cyclesCommand struct {
	Kinds  kindsFlag `default:"static" placeholder:"KINDS" help:"Which imports count: static, type, deferred and implicit, with commas, or all. Default: static."`
	Group  groupFlag `placeholder:"GROUPING" help:"Take the modules together by folder (\"folder:2\": two levels deep) or by package (\"package\")."`
	Top    int       `placeholder:"N" help:"Print the N largest cycles alone, the largest first."`
	Format string    `enum:"text,json" default:"text" placeholder:"FORMAT" help:"text or json. Default: text."`
}

// Help says what the lines of the flags cannot.
func (*cyclesCommand) Help() string {
	return `A cycle is reported once, however many circles run through it: its size, a shortest circle with the position of an import for each step, and a small set of imports whose removal ends it. The exit code is 1 where there are any.`
}

// Run is called by Kong.
func (c *cyclesCommand) Run(p *process) error {
	if c.Top < 0 {
		return fmt.Errorf("--top %d: want a number from 0 up", c.Top)
	}
	ws, err := p.load()
	if err != nil {
		return err
	}
	p.warn(ws)
	g := c.Group.apply(ws.Graph())
	kinds := c.Kinds.ImportKinds
	components := g.Cycles(kinds)
	list := render.Describe(g, largest(components, c.Top), kinds)
	if c.Format == "json" {
		err = render.CyclesJSON(p.stdout, g, kinds, list)
	} else {
		r := p.reporter(ws, g, kinds)
		r.cycles(list)
		err = r.close()
	}
	if err != nil {
		return err
	}
	p.summarize(ws, tally{cycles: len(components)})
	if len(components) > 0 {
		return errFound
	}
	return nil
}

// largest returns the n components with the most members, the largest first;
// all, in their own order, where n is 0.
func largest(components [][]graph.NodeID, n int) [][]graph.NodeID {
	if n <= 0 {
		return components
	}
	list := slices.Clone(components)
	slices.SortStableFunc(list, func(a, b []graph.NodeID) int { return cmp.Compare(len(b), len(a)) })
	return list[:min(n, len(list))]
}

// groupFlag is a way to contract a graph; its zero value leaves it as it is.
type groupFlag struct {
	by graph.GroupFunc
}

func (f groupFlag) apply(g *graph.Graph) *graph.Graph {
	if f.by == nil {
		return g
	}
	return g.Group(f.by)
}

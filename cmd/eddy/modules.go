package main

import (
	"github.com/eddy-build/eddy/render"
)

// modulesCommand is "eddy modules".
type modulesCommand struct {
	Pattern  []string `arg:"" optional:"" name:"pattern" help:"IDs, names or patterns; without one, all modules."`
	External bool     `help:"List modules from outside the workspace too."`
}

// Help says what the lines of the flags cannot.
func (*modulesCommand) Help() string {
	return `One ID a line. With --verbose each has its kind, language, name and package after it, separated by tabs.`
}

// Run is called by Kong.
func (c *modulesCommand) Run(p *process) error {
	ws, err := p.load()
	if err != nil {
		return err
	}
	p.warn(ws)
	list := ws.Modules()
	if len(c.Pattern) > 0 {
		g := ws.Graph()
		wanted := make([]bool, g.NodeCount())
		for _, pattern := range c.Pattern {
			nodes, err := find(ws, pattern)
			if err != nil {
				return err
			}
			for _, n := range nodes {
				wanted[n] = true
			}
		}
		list = nil
		for n, m := range ws.Modules() {
			if wanted[n] {
				list = append(list, m)
			}
		}
	}
	r := p.reporter(ws, ws.Graph(), allKinds)
	for _, m := range list {
		// A module that was asked for by name is listed wherever it is from.
		if !m.Kind.Local() && !c.External && len(c.Pattern) == 0 {
			continue
		}
		r.printf("%s", render.Printable(string(m.ID)))
		if p.cli.Verbose {
			r.printf("\t%s\t%s\t%s\t%s", m.Kind, m.Language, render.Printable(m.Name), render.Printable(m.Package))
		}
		r.printf("\n")
	}
	return r.close()
}

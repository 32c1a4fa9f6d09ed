package main

import (
	"cmp"

	"github.com/eddy-build/eddy/render"
)

// usesCommand is "eddy uses".
type usesCommand struct {
	Module string `arg:"" name:"module" help:"The module that has the name: an ID or a name."`
	Name   string `arg:"" name:"name" help:"The name, as importers know it."`
	Format string `enum:"text,json" default:"text" placeholder:"FORMAT" help:"text or json. Default: text."`
}

// Help says what the lines of the flags cannot.
func (*usesCommand) Help() string {
	return `Lists the imports that take the name, from the module or from one that passes it on, each with its position. An import of the module as a whole (a namespace, a Go package) may use the name behind it; it is marked [whole].`
}

// Run is called by Kong.
func (c *usesCommand) Run(p *process) error {
	ws, err := p.loadSymbols()
	if err != nil {
		return err
	}
	id, err := findOne(ws, c.Module)
	if err != nil {
		return err
	}
	uses, err := ws.Uses(id, c.Name)
	if err != nil {
		return p.refused(err)
	}
	if c.Format == "json" {
		type use struct {
			Module string   `json:"module"`
			Name   string   `json:"name,omitempty"`
			Via    string   `json:"via"`
			Whole  bool     `json:"whole,omitempty"`
			Place  *placeAt `json:"place"`
		}
		list := make([]use, 0, len(uses))
		for _, u := range uses {
			list = append(list, use{string(u.Module), u.Name, string(u.Via), u.Whole, placeOf(u.Span)})
		}
		return writeJSON(p.stdout, struct {
			Version int   `json:"version"`
			Uses    []use `json:"uses"`
		}{1, list})
	}
	r := p.reporter(ws, nil, allKinds)
	place := 0
	for _, u := range uses {
		place = max(place, width(ws.place(u.Span)))
	}
	for _, u := range uses {
		line := pad(ws.place(u.Span), min(place, 70)) + "  " + render.Printable(cmp.Or(u.Name, "*"))
		if u.Whole {
			line += " " + r.color.dim("[whole]")
		}
		if u.Via != id {
			line += "  " + r.color.dim("through "+render.Printable(string(u.Via)))
		}
		r.printf("%s\n", line)
	}
	return r.close()
}

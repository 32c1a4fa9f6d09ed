package main

import (
	"errors"
	"fmt"

	"github.com/eddy-build/eddy/module"
	"github.com/eddy-build/eddy/render"
	"github.com/eddy-build/eddy/symbols"
)

// resolveCommand is "eddy resolve".
type resolveCommand struct {
	Module string `arg:"" name:"module" help:"The module in which the name stands: an ID or a name."`
	Name   string `arg:"" name:"name" help:"The name, as it is written there: \"f\", \"ns.f\", \"pkg.T\", \"T.Method\"."`
	For    string `placeholder:"MODULE" help:"Ask on behalf of this module: whether it may use the name, by the rules of visibility."`
	Format string `enum:"text,json" default:"text" placeholder:"FORMAT" help:"text or json. Default: text."`
}

// Help says what the lines of the flags cannot.
func (*resolveCommand) Help() string {
	return `Prints the way from the name to its declaration, through aliases, re-exports and stars, with the position of each step, and then what is declared there. The exit code is 1 where there is no such name or it may not be used.`
}

// Run is called by Kong.
func (c *resolveCommand) Run(p *process) error {
	ws, err := p.loadSymbols()
	if err != nil {
		return err
	}
	id, err := findOne(ws, c.Module)
	if err != nil {
		return err
	}
	var res *symbols.Resolution
	if c.For != "" {
		user, err := findOne(ws, c.For)
		if err != nil {
			return err
		}
		res, err = ws.ResolveIn(user, id, c.Name)
		if err != nil {
			return p.refused(err)
		}
	} else if res, err = ws.Resolve(id, c.Name); err != nil {
		return p.refused(err)
	}
	if c.Format == "json" {
		type hop struct {
			Module string   `json:"module"`
			Name   string   `json:"name"`
			Place  *placeAt `json:"place,omitempty"`
		}
		chain := make([]hop, 0, len(res.Chain))
		for _, h := range res.Chain {
			chain = append(chain, hop{string(h.Module), h.Name, placeOf(h.Span)})
		}
		return writeJSON(p.stdout, struct {
			Version int        `json:"version"`
			Symbol  symbolJSON `json:"symbol"`
			Open    bool       `json:"open,omitempty"`
			Chain   []hop      `json:"chain"`
		}{1, symbolOf(res.Symbol.Name, res.Symbol.Visibility, &res.Symbol), res.Open, chain})
	}
	r := p.reporter(ws, nil, allKinds)
	r.resolution(res)
	return r.close()
}

// refused says why a name means nothing, as a finding.
func (p *process) refused(err error) error {
	var missing *module.SymbolError
	var hidden *module.VisibilityError
	if !errors.As(err, &missing) && !errors.As(err, &hidden) {
		return err
	}
	if _, err := fmt.Fprintln(p.stdout, render.Printable(err.Error())); err != nil {
		return err
	}
	return errFound
}

// findOne returns the one module that a query means.
func findOne(ws *workspace, query string) (module.ID, error) {
	ids, err := ws.Find(query)
	if err != nil {
		return "", err
	}
	if len(ids) > 1 {
		return "", fmt.Errorf("%s means %s; name one of them: %s, %s, …", render.Printable(query), count(len(ids), "module", "modules"),
			render.Printable(string(ids[0])), render.Printable(string(ids[1])))
	}
	return ids[0], nil
}

// resolution writes the way to a declaration and the declaration.
func (r *reporter) resolution(res *symbols.Resolution) {
	id, name := 0, 0
	for _, h := range res.Chain {
		id = max(id, width(render.Printable(string(h.Module))))
		name = max(name, width(render.Printable(h.Name)))
	}
	for i, h := range res.Chain {
		arrow := "    "
		if i > 0 {
			arrow = "  " + r.color.red("→") + " "
		}
		line := arrow + pad(render.Printable(string(h.Module)), min(id, 60)) + "  " + pad(render.Printable(h.Name), min(name, 40)) + "  " + r.ws.place(h.Span)
		r.printf("%s\n", trimRight(line))
	}
	s := &res.Symbol
	r.printf("\n")
	switch {
	case res.Open:
		r.printf("  %s cannot be bounded: what %s is there is not known\n", render.Printable(string(s.Module)), render.Printable(s.Name))
		return
	case s.Name == "*":
		r.printf("  the module %s\n", render.Printable(string(s.Module)))
		return
	}
	r.printf("  %s %s", s.Visibility, s.Kind)
	if text := s.Signature; text != "" {
		if !r.verbose {
			text = cut(text, 400) // of a class it has all members
		}
		r.printf(": %s", r.color.bold(render.Printable(text)))
	}
	r.printf("\n")
	if s.Doc != "" {
		r.printf("  %s\n", r.color.dim(render.Printable(s.Doc)))
	}
	if s.Deprecated != "" {
		r.printf("  %s %s\n", r.color.yellow("deprecated:"), render.Printable(s.Deprecated))
	}
}

package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/eddy-build/eddy"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
	"github.com/eddy-build/eddy/render"
	"github.com/eddy-build/eddy/symbols"
)

// symbolsCommand is "eddy symbols".
type symbolsCommand struct {
	Module string `arg:"" name:"module" help:"An ID, a name or a pattern."`
	All    bool   `help:"List private names too."`
	Format string `enum:"text,json" default:"text" placeholder:"FORMAT" help:"text or json. Default: text."`
}

// Help says what the lines of the flags cannot.
func (*symbolsCommand) Help() string {
	return `One name a line: where it is declared, what it is, its name and its signature. A name that is passed on from another module has that module behind it. A module that may have names that cannot be read has a last line that says so.`
}

// Run is called by Kong.
func (c *symbolsCommand) Run(p *process) error {
	ws, err := p.loadSymbols()
	if err != nil {
		return err
	}
	ids, err := ws.Find(c.Module)
	if err != nil {
		return err
	}
	out := listing{modules: make([]symbolsOf, 0, len(ids))}
	for _, id := range ids {
		m, _ := ws.Module(id)
		list, err := ws.Symbols(id, c.All)
		if err != nil {
			return err
		}
		out.modules = append(out.modules, symbolsOf{module: m, list: list})
	}
	if c.Format == "json" {
		return out.json(p.stdout)
	}
	r := p.reporter(ws, nil, allKinds)
	out.text(r)
	return r.close()
}

// loadSymbols loads the workspace with the exports of its modules.
func (p *process) loadSymbols() (*workspace, error) {
	if p.cli.From != "" {
		return nil, fmt.Errorf("--from reads a graph, which has no symbols")
	}
	return p.loadRoot(p.root(), eddy.WithDetail(loader.DetailExports))
}

// symbolsOf are the names of one module.
type symbolsOf struct {
	module *module.Module
	list   []symbols.Named
}

type listing struct {
	modules []symbolsOf
}

// text writes a line a name.
func (l *listing) text(r *reporter) {
	for i, of := range l.modules {
		if len(l.modules) > 1 {
			if i > 0 {
				r.printf("\n")
			}
			r.printf("%s:\n", r.color.bold(render.Printable(string(of.module.ID))))
		}
		place, kind, name := 0, 0, 0
		for _, n := range of.list {
			place = max(place, width(r.ws.place(n.Symbol.Span)))
			kind = max(kind, width(n.Symbol.Kind.String()))
			name = max(name, width(render.Printable(n.Name)))
		}
		place, name = min(place, 70), min(name, 40)
		for _, n := range of.list {
			line := pad(r.ws.place(n.Symbol.Span), place) + "  " + pad(n.Symbol.Kind.String(), kind) + "  " +
				pad(render.Printable(n.Name), name) + "  " + r.color.dim(describe(&n, of.module, r.verbose))
			r.printf("%s\n", trimRight(line))
		}
		if of.module.Open {
			r.printf("%s\n", r.color.dim("it may have names that cannot be read"))
		}
	}
}

// describe says of a name what stands behind it on its line.
func describe(n *symbols.Named, in *module.Module, long bool) string {
	text := n.Symbol.Signature
	if !long {
		text = cut(text, 80)
	}
	text = render.Printable(text)
	if n.Visibility != module.Public {
		text += " [" + n.Visibility.String() + "]"
	}
	if n.Symbol.Deprecated != "" {
		text += " [deprecated]"
	}
	switch {
	case n.Lost:
		text += " [passed on from where there is no such name]"
	case n.Symbol.Module != in.ID:
		text += " ← " + render.Printable(string(n.Symbol.Module))
		if n.Symbol.Name != n.Name && n.Symbol.Name != "*" {
			text += " " + render.Printable(n.Symbol.Name)
		}
	}
	return text
}

// cut shortens a text to so many runes.
func cut(s string, most int) string {
	n := 0
	for i := range s {
		if n == most {
			return s[:i] + "…"
		}
		n++
	}
	return s
}

func trimRight(s string) string {
	for len(s) > 0 && s[len(s)-1] == ' ' {
		s = s[:len(s)-1]
	}
	return s
}

// The shapes of the JSON of symbols, resolve and uses.
type (
	symbolJSON struct {
		Name       string   `json:"name"`
		Module     string   `json:"module"` // that declares it
		Declared   string   `json:"declared,omitempty"`
		Kind       string   `json:"kind"`
		Visibility string   `json:"visibility"`
		Signature  string   `json:"signature,omitempty"`
		Doc        string   `json:"doc,omitempty"`
		Deprecated string   `json:"deprecated,omitempty"`
		Place      *placeAt `json:"place,omitempty"`
		Lost       bool     `json:"lost,omitempty"`
	}
	placeAt struct {
		File   string `json:"file"`
		Line   int32  `json:"line,omitempty"`
		Column int32  `json:"column,omitempty"`
	}
)

func placeOf(s module.Span) *placeAt {
	if s.File == "" {
		return nil
	}
	return &placeAt{s.File, s.Line, s.Column}
}

// symbolOf is a symbol under the name that a module has for it.
func symbolOf(name string, visibility module.Visibility, s *module.Symbol) symbolJSON {
	j := symbolJSON{
		Name: name, Module: string(s.Module), Kind: s.Kind.String(), Visibility: visibility.String(),
		Signature: s.Signature, Doc: s.Doc, Deprecated: s.Deprecated, Place: placeOf(s.Span),
	}
	if s.Name != name {
		j.Declared = s.Name
	}
	return j
}

func (l *listing) json(w io.Writer) error {
	type of struct {
		ID      string       `json:"id"`
		Open    bool         `json:"open,omitempty"`
		Symbols []symbolJSON `json:"symbols"`
	}
	out := struct {
		Version int  `json:"version"`
		Modules []of `json:"modules"`
	}{Version: 1, Modules: make([]of, 0, len(l.modules))}
	for _, m := range l.modules {
		list := make([]symbolJSON, 0, len(m.list))
		for _, n := range m.list {
			j := symbolOf(n.Name, n.Visibility, &n.Symbol)
			j.Lost = n.Lost
			list = append(list, j)
		}
		out.Modules = append(out.Modules, of{string(m.module.ID), m.module.Open, list})
	}
	return writeJSON(w, out)
}

// writeJSON writes a value as JSON for people and programs.
func writeJSON(w io.Writer, value any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(value)
}

package main

import (
	"time"

	"github.com/eddy-build/eddy/cache"
	"github.com/eddy-build/eddy/module"
)

// statsCommand is "eddy stats".
type statsCommand struct {
	Format string `enum:"text,json,prometheus" default:"text" placeholder:"FORMAT" help:"text, json or prometheus. Default: text."`
}

// Help says what the lines of the flags cannot.
func (*statsCommand) Help() string {
	return `Looks up every name that a module of the workspace imports, as an engine that stays resident does, and prints what there is to know of the modules and how the symbol caches did: entries, bytes, hits, misses and evictions of each.`
}

// statistics are what the command prints.
type statistics struct {
	Version    int                 `json:"version"`
	Modules    int                 `json:"modules"` // of the workspace
	Outside    int                 `json:"outside"`
	Open       int                 `json:"open"` // whose names cannot be bounded
	Exports    int                 `json:"exports"`
	Kinds      map[string]int      `json:"kinds"` // exports by kind; those that are passed on are not counted
	PassedOn   int                 `json:"passed_on"`
	Imported   int                 `json:"imported"` // names that imports take
	Caches     []cache.SymbolStats `json:"caches"`
	kindsInRow []module.SymbolKind
}

// Run is called by Kong.
func (c *statsCommand) Run(p *process) error {
	ws, err := p.loadSymbols()
	if err != nil {
		return err
	}
	s := &statistics{Version: 1, Kinds: map[string]int{}}
	for k := module.SymbolVariable; k <= module.SymbolModule; k++ {
		s.kindsInRow = append(s.kindsInRow, k)
		s.Kinds[k.String()] = 0
	}
	for _, m := range ws.Modules() {
		if err := p.ctx.Err(); err != nil {
			return err
		}
		s.add(ws, m)
	}
	answers := p.engine.SymbolCache()
	if c.Format == "prometheus" {
		return answers.WriteMetrics(p.stdout)
	}
	stats := answers.Stats()
	s.Caches = stats[:]
	if c.Format == "json" {
		return writeJSON(p.stdout, s)
	}
	r := p.reporter(ws, nil, allKinds)
	s.text(r)
	return r.close()
}

// add counts a module, and looks up the names that it imports.
func (s *statistics) add(ws *workspace, m *module.Module) {
	if !m.Kind.Local() {
		s.Outside++
		return
	}
	s.Modules++
	if m.Open {
		s.Open++
	}
	for i := range m.Exports {
		if e := &m.Exports[i]; e.Import > 0 {
			s.PassedOn++
		} else {
			s.Exports++
			s.Kinds[e.Kind.String()]++
		}
	}
	for i := range m.Imports {
		for _, n := range m.Imports[i].Names {
			name := n.Alias
			if name == "" {
				name = n.Name
			}
			if name == "*" || name == "." || name == "_" {
				continue
			}
			s.Imported++
			res, err := ws.Resolve(m.ID, name)
			if err != nil {
				continue // a finding of "eddy check --symbols"
			}
			// Its declaration is then found by kind, as a caller who needs a type
			// or a function asks for it.
			if d := &res.Symbol; !res.Open && d.Name != "*" {
				_, _ = ws.ResolveKind(d.Module, d.Name, d.Kind)
			}
		}
	}
}

func (s *statistics) text(r *reporter) {
	r.printf("%s, %s outside; %s with names that cannot be read\n", count(s.Modules, "module", "modules"), grouped(s.Outside), grouped(s.Open))
	r.printf("%s and %s passed on:", count(s.Exports, "declaration", "declarations"), grouped(s.PassedOn))
	for i, k := range s.kindsInRow {
		if i > 0 {
			r.printf(",")
		}
		r.printf(" %s %s", grouped(s.Kinds[k.String()]), k)
	}
	r.printf("\n%s\n\n", count(s.Imported, "imported name", "imported names"))
	r.printf("%-10s %8s %10s %8s %8s %9s %10s\n", "cache", "entries", "bytes", "hits", "misses", "evictions", "lookup")
	for _, c := range s.Caches {
		mean := "–"
		if n := c.Hits + c.Misses; n > 0 {
			mean = (c.Lookup / time.Duration(n)).String()
		}
		r.printf("%-10s %8s %10s %8s %8s %9s %10s\n", c.Class, grouped(c.Entries), grouped(int(c.Bytes)),
			grouped(int(c.Hits)), grouped(int(c.Misses)), grouped(int(c.Evictions)), mean)
	}
}

package main

import (
	"bufio"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/module"
	"github.com/eddy-build/eddy/render"
)

// How much of a list is shown without --verbose.
const (
	maxListed  = 10 // unresolved imports, diagnostics, dependencies to remove
	maxImports = 3  // imports of one dependency
)

// reporter writes findings for people, in large pieces. It keeps the first write
// error.
type reporter struct {
	w       *bufio.Writer
	ws      *workspace
	g       *graph.Graph
	kinds   module.ImportKinds
	color   palette
	verbose bool
	err     error
}

func (p *process) reporter(ws *workspace, g *graph.Graph, kinds module.ImportKinds) *reporter {
	return &reporter{w: bufio.NewWriterSize(p.stdout, 32<<10), ws: ws, g: g, kinds: kinds, color: p.palette(p.stdout), verbose: p.cli.Verbose}
}

// close writes what is left.
func (r *reporter) close() error { return cmp.Or(r.err, r.w.Flush()) }

func (r *reporter) printf(format string, args ...any) {
	if r.err == nil {
		_, r.err = fmt.Fprintf(r.w, format, args...)
	}
}

// shown is how many of n things to list.
func (r *reporter) shown(n, most int) int {
	if r.verbose || n <= most+1 { // "and 1 more" would take the line of that one
		return n
	}
	return most
}

// more says how many things of a list were left out.
func (r *reporter) more(indent string, n int) {
	if n > 0 {
		r.printf("%s%s\n", indent, r.color.dim(fmt.Sprintf("… and %s more; --verbose lists all", grouped(n))))
	}
}

// cycles reports each of a list of cycles.
func (r *reporter) cycles(list []render.Cycle) {
	for i, c := range list {
		if i > 0 {
			r.printf("\n")
		}
		head := "cycle"
		if len(list) > 1 {
			head = fmt.Sprintf("cycle %s of %s", grouped(i+1), grouped(len(list)))
		}
		r.cycle(head, c)
	}
}

func (r *reporter) cycle(head string, c render.Cycle) {
	what := count(len(c.Members), "module", "modules")
	switch {
	case len(c.Members) == 1:
		what = r.name(c.Members[0]) + " imports itself"
	case len(c.Witness) < len(c.Members):
		what += fmt.Sprintf("; the shortest circle runs through %d of them", len(c.Witness))
	}
	r.printf("%s %s\n\n", r.color.red(head+":"), r.color.bold(what))
	r.chain(c.Witness)
	if r.verbose && len(c.Witness) < len(c.Members) && len(c.Members) > 1 {
		r.printf("\n  all its modules:\n")
		for _, n := range c.Members {
			r.printf("    %s\n", r.name(n))
		}
	}
	r.printf("\n")
	r.wayOut(c.Break)
}

// chain shows edges that follow each other, with the first import of each.
func (r *reporter) chain(edges []graph.EdgeID) {
	if len(edges) == 0 {
		return
	}
	name, place := 0, 0
	for _, e := range edges {
		name = max(name, width(r.name(r.g.Target(e))))
		if list := r.imports(e); len(list) > 0 {
			place = max(place, width(r.ws.place(list[0].Import.Span)))
		}
	}
	name, place = min(name, 60), min(place, 70)
	r.printf("    %s\n", r.name(r.g.Source(edges[0])))
	for _, e := range edges {
		r.printf("  %s %s", r.color.red("→"), pad(r.name(r.g.Target(e)), name))
		list := r.imports(e)
		if len(list) == 0 {
			r.printf("  %s\n", r.color.dim(r.unwritten(e)))
			continue
		}
		note := r.specifier(list[0])
		if len(list) > 1 {
			note += fmt.Sprintf("  (and %s more)", grouped(len(list)-1))
		}
		r.printf("  %s  %s\n", pad(r.ws.place(list[0].Import.Span), place), r.color.dim(note))
	}
}

// wayOut shows which imports to remove.
func (r *reporter) wayOut(b graph.BreakSet) {
	if len(b.Edges) == 0 {
		return
	}
	quality := "no smaller set is enough"
	if !b.Exact {
		quality = "a smaller set may be enough"
	}
	what := "remove " + count(b.Weight, "import", "imports")
	if len(b.Edges) > 1 {
		what += " in " + count(len(b.Edges), "dependency", "dependencies")
	}
	r.printf("  %s %s %s\n", r.color.green("way out:"), what, r.color.dim("("+quality+")"))
	shown := r.shown(len(b.Edges), maxListed)
	for _, e := range b.Edges[:shown] {
		r.printf("  %s %s → %s\n", r.color.green("✂"), r.name(r.g.Source(e)), r.name(r.g.Target(e)))
		list := r.imports(e)
		n := r.shown(len(list), maxImports)
		for _, o := range list[:n] {
			r.printf("      %s  %s\n", r.ws.place(o.Import.Span), r.color.dim(r.specifier(o)))
		}
		r.more("      ", len(list)-n)
	}
	r.more("    ", len(b.Edges)-shown)
}

// imports are the written imports of an edge that count.
func (r *reporter) imports(e graph.EdgeID) []graph.Occurrence {
	var list []graph.Occurrence
	for _, o := range r.g.Occurrences(e) {
		if o.Import != nil && r.kinds.Has(o.Kind) {
			list = append(list, o)
		}
	}
	return list
}

// unwritten says what stands for an edge that no import is known of.
func (r *reporter) unwritten(e graph.EdgeID) string {
	if r.g.Kinds(e) == module.Of(module.Implicit) {
		return "implied by the language"
	}
	return r.g.Kinds(e).String() + ", at no known position"
}

// specifier is what an import says, and its kind where that is not static.
func (r *reporter) specifier(o graph.Occurrence) string {
	text := `"` + render.Printable(o.Import.Specifier) + `"`
	if strings.Trim(o.Import.Specifier, ".") == "" { // Python's "from . import a, b"
		var names []string
		for _, n := range o.Import.Names[:min(len(o.Import.Names), 3)] {
			names = append(names, render.Printable(n.Name))
		}
		text += " " + strings.Join(names, ", ")
	}
	if o.Kind != module.Static {
		text += " [" + o.Kind.String() + "]"
	}
	return text
}

func (r *reporter) name(n graph.NodeID) string { return render.Printable(string(r.g.ID(n))) }

// unresolved lists the imports that lead nowhere.
func (r *reporter) unresolved(list []unresolved) {
	if len(list) == 0 {
		return
	}
	r.printf("%s %s nowhere\n", r.color.yellow("warning:"), count(len(list), "import leads", "imports lead"))
	n := r.shown(len(list), maxListed)
	for _, u := range list[:n] {
		r.printf("  %s  %s  %s\n", r.ws.place(u.imp.Span), r.specifier(graph.Occurrence{Import: u.imp, Kind: u.imp.Kind}),
			r.color.dim(render.Printable(u.reason)))
	}
	r.more("  ", len(list)-n)
}

// diagnostics lists the problems of the user's files.
func (r *reporter) diagnostics(list []module.Diagnostic) {
	if len(list) == 0 {
		return
	}
	// Where not all are shown, the worst must be.
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b module.Diagnostic) int { return int(a.Severity) - int(b.Severity) })
	n := r.shown(len(list), maxListed)
	for _, d := range list[:n] {
		severity := d.Severity.String() + ":"
		switch d.Severity {
		case module.Error:
			severity = r.color.red(severity)
		case module.Warning:
			severity = r.color.yellow(severity)
		}
		place := r.ws.place(d.Span)
		if place != "" {
			place += ": "
		}
		code := ""
		if d.Code != "" {
			code = " " + r.color.dim("("+d.Code+")")
		}
		r.printf("%s%s %s%s\n", place, severity, render.Printable(d.Message), code)
		for _, note := range d.Notes {
			r.printf("    %s\n", render.Printable(note))
		}
	}
	r.more("", len(list)-n)
}

// unresolved is an import that leads nowhere.
type unresolved struct {
	imp    *module.Import
	reason string
}

// unresolvedOf lists the imports of some modules that lead nowhere, but for
// those that are written so that they may, and those that a finding is about.
func unresolvedOf(modules []*module.Module, findings []module.Diagnostic) []unresolved {
	found := make(map[module.Span]bool, len(findings))
	for _, d := range findings {
		found[d.Span] = true
	}
	var list []unresolved
	for _, m := range modules {
		for _, u := range m.Unresolved {
			if imp := &m.Imports[u.Import]; imp.Flags&module.Optional == 0 && !found[imp.Span] {
				list = append(list, unresolved{imp, u.Reason})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b unresolved) int { return a.imp.Span.Compare(b.imp.Span) })
	return list
}

func width(s string) int { return utf8.RuneCountInString(s) }

func pad(s string, n int) string { return s + strings.Repeat(" ", max(0, n-width(s))) }

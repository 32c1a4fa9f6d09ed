package main

import (
	"fmt"
	"strings"

	"github.com/eddy-build/eddy/module"
)

// tally is what a command found, for its summary.
type tally struct {
	cycles     int
	unresolved int
	errors     int // in the sources
}

// summarize writes the last line of a command, on the standard error.
func (p *process) summarize(ws *workspace, t tally) {
	if p.cli.Quiet {
		return
	}
	local, external := ws.Count()
	color := p.palette(p.stderr)
	if t.cycles+t.unresolved+t.errors > 0 && isTerminal(p.stdout) && isTerminal(p.stderr) {
		fmt.Fprintln(p.stderr)
	}
	cycles := color.green("no cycles")
	if t.cycles > 0 {
		cycles = color.red(count(t.cycles, "cycle", "cycles"))
	}
	parts := []string{
		count(local, "module", "modules"),
		count(ws.Graph().EdgeCount(), "dependency", "dependencies"),
		cycles,
	}
	if external > 0 {
		parts[0] += fmt.Sprintf(" (and %s outside)", grouped(external))
	}
	if t.unresolved > 0 {
		parts = append(parts, color.yellow(grouped(t.unresolved)+" unresolved"))
	}
	if t.errors > 0 {
		parts = append(parts, color.red(count(t.errors, "error", "errors")))
	}
	parts = append(parts, seconds(ws.took))
	fmt.Fprintln(p.stderr, strings.Join(parts, ", "))
	if local == 0 && p.cli.From == "" {
		fmt.Fprintf(p.stderr, "eddy: no module found in %s: Eddy reads Go, TypeScript, JavaScript and Python; \"eddy explain PATH\" says why a file does not count\n", ws.shownRoot())
	}
}

// shownRoot is the root as the user named it.
func (w *workspace) shownRoot() string {
	if w.prefix == "" {
		return "the current folder"
	}
	return strings.TrimSuffix(w.prefix, "/")
}

// warn says on the standard error that the graph may lack something, for the
// commands that do not list the diagnostics.
func (p *process) warn(ws *workspace) {
	if p.cli.Quiet {
		return
	}
	if n := errorsIn(ws.Diagnostics()); n > 0 {
		fmt.Fprintf(p.stderr, "eddy: %s in the sources; the graph may lack dependencies; \"eddy check\" lists them\n", count(n, "error", "errors"))
	}
}

// errorsIn counts the diagnostics that are errors.
func errorsIn(list []module.Diagnostic) int {
	n := 0
	for _, d := range list {
		if d.Severity == module.Error {
			n++
		}
	}
	return n
}

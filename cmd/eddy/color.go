package main

import (
	"io"
	"os"

	"github.com/mattn/go-isatty"
)

// palette colours text for one stream; its zero value leaves it plain.
type palette struct{ on bool }

func (p palette) wrap(code, text string) string {
	if !p.on {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (p palette) red(s string) string    { return p.wrap("1;31", s) }
func (p palette) yellow(s string) string { return p.wrap("1;33", s) }
func (p palette) green(s string) string  { return p.wrap("1;32", s) }
func (p palette) bold(s string) string   { return p.wrap("1", s) }
func (p palette) dim(s string) string    { return p.wrap("2", s) }

// palette decides on the colours of a stream: the flag, then NO_COLOR, then
// whether the stream is a terminal that can show them.
func (p *process) palette(w io.Writer) palette {
	switch p.cli.Color {
	case "always":
		return palette{on: true}
	case "never":
		return palette{}
	}
	return palette{on: p.env["NO_COLOR"] == "" && p.env["TERM"] != "dumb" && isTerminal(w)}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && (isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()))
}

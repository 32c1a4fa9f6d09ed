package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/eddy-build/eddy"
)

// The exit codes.
const (
	exitOK          = 0   // nothing found
	exitFound       = 1   // findings: cycles, or no path
	exitFailed      = 2   // the command line, the configuration or the load failed
	exitInterrupted = 130 // by a signal
)

// process is what a command sees of the process that it runs in.
type process struct {
	ctx    context.Context
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	env    map[string]string
	cli    *cli
	engine *eddy.Engine // that of the workspace, once it is loaded
	alone  bool         // needs more of the workspace than a server tells
}

// errFound is what a command returns that ran well and found something.
var errFound = errors.New("found")

// errDone ends the parsing of a command line whose work is done.
var errDone = errors.New("done")

// run runs one command line and returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, env []string) int {
	if len(args) == 0 {
		args = []string{"--help"}
	}
	c := &cli{}
	p := &process{ctx: ctx, stdin: stdin, stdout: stdout, stderr: stderr, env: map[string]string{}, cli: c}
	for _, entry := range env {
		name, value, _ := strings.Cut(entry, "=")
		p.env[name] = value
	}
	parser, err := newParser(p, args)
	if err != nil {
		return p.fail(err)
	}
	line, err := parser.Parse(args)
	if err != nil {
		return p.fail(err)
	}
	if err := c.check(); err != nil {
		return p.fail(err)
	}
	err = line.Run()
	if p.engine != nil {
		// The snapshot is stored while the command prints; see it through.
		err = cmp.Or(err, p.engine.Close())
	}
	return p.fail(err)
}

// fail reports what a command ended with, and returns the exit code for it.
func (p *process) fail(err error) int {
	var usage *kong.ParseError
	switch {
	case err == nil, errors.Is(err, errDone):
		return exitOK
	case errors.Is(err, errFound):
		return exitFound
	case p.ctx.Err() != nil:
		fmt.Fprintln(p.stderr, "eddy: interrupted")
		return exitInterrupted
	case errors.Is(err, syscall.EPIPE):
		// Who reads the output has read enough of it.
		return exitOK
	case errors.As(err, &usage):
		fmt.Fprintf(p.stderr, "eddy: %s\n", usageMessage(usage))
		fmt.Fprintf(p.stderr, "Run \"eddy %s--help\" for the flags.\n", verbOf(usage.Context))
		return exitFailed
	}
	for line := range strings.Lines(err.Error()) {
		fmt.Fprintf(p.stderr, "eddy: %s\n", strings.TrimSuffix(line, "\n"))
	}
	return exitFailed
}

// verbOf returns the verb that a command line got as far as, and a space.
func verbOf(line *kong.Context) string {
	if line == nil || line.Selected() == nil {
		return ""
	}
	return line.Selected().Name + " "
}

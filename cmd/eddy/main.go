// Command eddy finds the dependency cycles of a source tree, draws its graph and
// answers questions about it. See docs/cli.md.
//
// Each verb is a file and a struct whose Run method gets what it needs; run is
// the whole program but for the process around it, and main alone exits.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	os.Exit(mainCode())
}

func mainCode() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A second interrupt ends the process at once.
	context.AfterFunc(ctx, stop)
	return run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Environ())
}

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
	"time"
)

// grace is how long a command may take to end after an interrupt.
const grace = 2 * time.Second

func main() {
	os.Exit(mainCode())
}

func mainCode() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, func() {
		// A second interrupt ends the process at once, and so does time: a read
		// of a terminal or of a lost network disk cannot be called off.
		stop()
		time.AfterFunc(grace, func() { os.Exit(exitInterrupted) })
	})
	return run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Environ())
}

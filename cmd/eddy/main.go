// Command eddy finds the dependency cycles of a source tree, draws its graph and
// answers questions about it. See docs/cli.md.
//
// Each verb is a file and a struct whose Run method gets what it needs; run is
// the whole program but for the process around it, and main alone exits.
package main

import (
	"context"
	"math"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"
)

// grace is how long a command may take to end after an interrupt.
const grace = 2 * time.Second

func main() {
	deferCollection()
	os.Exit(mainCode())
}

// headroom is the size of the heap at which the first collection of garbage
// runs. A run on a workspace of ten thousand modules ends before.
const headroom = 256 << 20

// deferCollection makes the garbage collector wait until the heap is large, and
// behave as ever from then on. Whoever sets GOGC or GOMEMLIMIT has decided.
func deferCollection() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	percent := debug.SetGCPercent(-1)
	debug.SetMemoryLimit(headroom)
	canary := new([16]byte)
	// The first collection finds the canary dead. Left in place, the limit would
	// make the collector run without end on a heap that is all in use.
	runtime.AddCleanup(canary, func(percent int) {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(math.MaxInt64)
	}, percent)
}

func mainCode() int {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // as nohup makes it
		// The terminal is closed: what a watch has started has to end, too.
		signals = append(signals, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), signals...)
	defer stop()
	context.AfterFunc(ctx, func() {
		// A second interrupt ends the process at once, and so does time: a read
		// of a terminal or of a lost network disk cannot be called off.
		stop()
		time.AfterFunc(grace, func() { os.Exit(exitInterrupted) })
	})
	return run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Environ())
}

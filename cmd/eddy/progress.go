package main

import (
	"fmt"
	"sync"
	"time"

	"github.com/eddy-build/eddy/loader"
)

// progressDelay is how long a command may take before it shows how far it is.
const progressDelay = 300 * time.Millisecond

// progress is a line on a terminal that tells how far a load has come.
type progress struct {
	p     *process
	start time.Time
	mu    sync.Mutex
	shown bool
	off   bool
}

// startProgress begins a progress line, or one that is never shown where the
// standard error is no terminal.
func (p *process) startProgress() *progress {
	return &progress{p: p, start: time.Now(), off: p.cli.Quiet || !isTerminal(p.stderr)}
}

// report shows the state of the load.
func (g *progress) report(state loader.Progress) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.off || time.Since(g.start) < progressDelay {
		return
	}
	g.shown = true
	text := state.Stage.String()
	if state.Total > 0 {
		text = fmt.Sprintf("%s %s of %s", text, grouped(state.Done), grouped(state.Total))
	}
	fmt.Fprintf(g.p.stderr, "\r\x1b[2K%s", text)
}

// stop clears the line. Nothing is shown after it.
func (g *progress) stop() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shown {
		fmt.Fprint(g.p.stderr, "\r\x1b[2K")
	}
	g.off = true
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
)

// work is one thing to do, and who else does it.
type work struct {
	name  string
	eddy  command
	peers []peer
}

// peer is a command that does the same work.
type peer struct {
	command
	target float64 // the time of Eddy in that of the peer; 0 where there is none
	memory float64 // the same for the memory
	limit  float64 // the time of Eddy, in seconds; 0 where there is none
	runs   int     // pairs; 0 for defaultRuns
}

const defaultRuns = 11

// comparison is one row of the table.
type comparison struct {
	work   string
	eddy   command
	peer   command
	target float64
	memory float64
	limit  float64
	runs   int
}

func flatten(works []work) []comparison {
	var all []comparison
	for _, w := range works {
		for _, p := range w.peers {
			runs := p.runs
			if runs == 0 {
				runs = defaultRuns
			}
			all = append(all, comparison{work: w.name, eddy: w.eddy, peer: p.command, target: p.target, memory: p.memory, limit: p.limit, runs: runs})
		}
	}
	return all
}

func (c comparison) title() string { return c.work + " (" + c.peer.name + ")" }

// pairs is what was measured, by run.
type pairs struct{ eddy, peer []usage }

// measure runs both commands in turn.
func (c comparison) measure(ctx context.Context, warmUps int) (pairs, error) {
	var all pairs
	for _, command := range []command{c.eddy, c.peer} {
		for _, needed := range []string{command.path, command.dir} {
			if _, err := os.Stat(needed); errors.Is(err, fs.ErrNotExist) {
				return all, fmt.Errorf("no %s; run internal/bench/install.sh", command.name)
			}
		}
	}
	stop, err := c.eddy.serve(ctx)
	if err != nil {
		return all, err
	}
	defer stop()
	for i := range warmUps + c.runs {
		eddy, err := c.eddy.run(ctx)
		if err != nil {
			return all, err
		}
		peer, err := c.peer.run(ctx)
		if err != nil {
			return all, err
		}
		if i >= warmUps {
			all.eddy = append(all.eddy, eddy)
			all.peer = append(all.peer, peer)
		}
	}
	return all, nil
}

// ratios returns the ratio of each pair in one respect, ascending.
func (p pairs) ratios(of func(usage) float64) []float64 {
	ratios := make([]float64, len(p.eddy))
	for i := range ratios {
		ratios[i] = of(p.eddy[i]) / of(p.peer[i])
	}
	slices.Sort(ratios)
	return ratios
}

// medianOf returns the median of some runs in one respect.
func medianOf(runs []usage, of func(usage) float64) float64 {
	values := make([]float64, len(runs))
	for i, run := range runs {
		values[i] = of(run)
	}
	slices.Sort(values)
	return median(values)
}

// median returns the median of ascending values.
func median(sorted []float64) float64 {
	n := len(sorted)
	if n == 0 {
		return 0
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

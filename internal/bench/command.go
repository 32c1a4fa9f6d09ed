package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// command is a program to measure.
type command struct {
	name   string // what the table calls it
	path   string
	args   []string
	dir    string
	env    []string     // beside the environment of this process
	finds  bool         // exit code 1 is an answer: that there are findings
	before func() error // what is done before each run, unmeasured; may be nil

	server  *command // what runs meanwhile; may be nil
	sockets string   // the folder of its socket
}

// as names the program where its file's name says little.
func (c command) as(name string) command {
	c.name = name
	return c
}

// finding says that exit code 1 is no failure of the program.
func (c command) finding() command {
	c.finds = true
	return c
}

// warm keeps what the runs before have left.
func (c command) warm() command {
	c.before = nil
	return c
}

// usage is what one run took, with all the processes that it waited for.
type usage struct {
	wall   time.Duration
	cpu    time.Duration // user and system
	memory int64         // bytes, the peak of the largest process; 0 where the system does not tell
}

func (u usage) seconds() float64    { return u.wall.Seconds() }
func (u usage) cpuSeconds() float64 { return u.cpu.Seconds() }
func (u usage) bytes() float64      { return float64(u.memory) }

// timeout is how long one run may take.
const timeout = 5 * time.Minute

// run runs the command once and throws its output away.
func (c command) run(ctx context.Context) (usage, error) {
	if c.before != nil {
		if err := c.before(); err != nil {
			return usage{}, err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	process := exec.CommandContext(ctx, c.path, c.args...)
	process.Dir = c.dir
	process.Env = append(os.Environ(), c.env...)
	var stderr bytes.Buffer
	process.Stderr = &stderr
	begin := time.Now()
	err := process.Run()
	wall := time.Since(begin)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return usage{}, fmt.Errorf("%s was not done after %v", c.name, timeout)
	}
	var exit *exec.ExitError
	if c.finds && errors.As(err, &exit) && exit.ExitCode() == 1 {
		err = nil
	}
	if err != nil {
		first, _, _ := strings.Cut(strings.TrimSpace(stderr.String()), "\n")
		return usage{}, fmt.Errorf("%s failed: %w: %s", c.name, err, first)
	}
	state := process.ProcessState
	return usage{wall: wall, cpu: state.UserTime() + state.SystemTime(), memory: peakMemory(state)}, nil
}

package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/module"
	"github.com/eddy-build/eddy/watch"
)

// killDelay is how long a command may take to end by itself. It is below the
// time that eddy has after an interrupt.
const killDelay = time.Second

// Linux takes no environment entry or argument beyond 128 KiB, and 2 MiB of both
// together by default.
const (
	maxEnvList = 100 << 10
	maxArgList = 512 << 10
)

// commandRunner runs one command at a time on changed modules. It belongs to one
// goroutine; its zero value runs nothing.
type commandRunner struct {
	command string
	onBusy  string
	dir     string // where it runs
	stdout  io.Writer
	stderr  io.Writer
	env     map[string]string

	cmd    *exec.Cmd // nil while none runs
	done   chan error
	on     moduleSets    // what the running command was started on
	queued bool          // more has been added to that since
	kill   chan struct{} // closed to end the command; nil once it is
	hurry  chan struct{} // closed to end it without a delay
}

// moduleSets are the modules that a command is run on.
type moduleSets struct {
	changed     map[module.ID]bool // created, modified, removed or broken
	affected    map[module.ID]bool // all downstream of them
	invalidated map[module.ID]bool // those downstream that can observe a change
}

// concerned gathers what events are about.
func concerned(events []watch.Event, g *graph.Graph) moduleSets {
	s := moduleSets{map[module.ID]bool{}, map[module.ID]bool{}, map[module.ID]bool{}}
	var from []graph.NodeID
	for _, e := range events {
		switch e.Kind {
		case watch.Created, watch.Modified, watch.Removed, watch.Failed:
			s.changed[e.ID] = true
			if n, ok := g.Lookup(e.ID); ok {
				from = append(from, n)
			}
		case watch.Invalidated:
			s.invalidated[e.ID] = true
			s.affected[e.ID] = true
		}
	}
	slices.Sort(from)
	for _, r := range g.Downstream(slices.Compact(from), module.AllKinds, -1) {
		s.affected[g.ID(r.Node)] = true
	}
	return s
}

// add adds the modules of a later batch.
func (s *moduleSets) add(later moduleSets) {
	maps.Copy(s.changed, later.changed)
	maps.Copy(s.affected, later.affected)
	maps.Copy(s.invalidated, later.invalidated)
}

// ended gives what the running command ended with, nil where it went well or was
// ended for another run. next must follow.
func (r *commandRunner) ended() <-chan error { return r.done }

// run runs the command on some modules, if any changed: at once, or as the user
// wants it where it is still running.
func (r *commandRunner) run(set moduleSets) error {
	if len(set.changed) == 0 || r.cmd != nil && r.onBusy == "ignore" {
		return nil
	}
	if r.cmd == nil || !r.queued && r.onBusy == "queue" {
		r.on = set
	} else {
		r.on.add(set)
	}
	if r.cmd == nil {
		return r.start()
	}
	r.queued = true
	if r.onBusy == "restart" {
		r.end()
	}
	return nil
}

// end ends the running command. It does not wait.
func (r *commandRunner) end() {
	if r.kill != nil {
		close(r.kill)
		r.kill = nil
	}
}

// next is called when the command has ended: it runs it on what came meanwhile.
func (r *commandRunner) next() error {
	r.cmd, r.done, r.kill = nil, nil, nil
	if !r.queued {
		return nil
	}
	r.queued = false
	return r.start()
}

// stop ends the command, with all that it started, and waits for it. Whoever
// interrupts twice does not want to wait as long as the command is given.
func (r *commandRunner) stop(interrupts <-chan os.Signal) {
	if r.cmd == nil {
		return
	}
	r.end()
	for n := 0; r.cmd != nil; {
		select {
		case <-r.done:
			r.cmd = nil
		case <-interrupts:
			if n++; n == 2 {
				close(r.hurry)
			}
		}
	}
}

// placeholder is "{}" as a word of its own.
var placeholder = regexp.MustCompile(`(^|\s)\{\}($|\s|;|&|\|)`)

func (r *commandRunner) start() error {
	changed := slices.Sorted(maps.Keys(r.on.changed))
	others := func(set map[module.ID]bool) []module.ID {
		return slices.DeleteFunc(slices.Sorted(maps.Keys(set)), func(id module.ID) bool { return r.on.changed[id] })
	}
	affected, invalidated := others(r.on.affected), others(r.on.invalidated)
	truncated := false
	lines := func(name string, ids []module.ID) string {
		list, cut := fit(ids, maxEnvList)
		truncated = truncated || cut
		return name + "=" + strings.Join(list, "\n")
	}
	lists := []string{lines("EDDY_CHANGED", changed), lines("EDDY_AFFECTED", affected), lines("EDDY_INVALIDATED", invalidated)}
	script, args := r.command, []string(nil)
	if placeholder.MatchString(script) {
		script = placeholder.ReplaceAllString(script, `$1"$$@"$2`)
		var cut bool
		args, cut = fit(slices.Concat(changed, affected), maxArgList)
		truncated = truncated || cut
	}
	cmd := shellCommand(script, args)
	for _, name := range slices.Sorted(maps.Keys(r.env)) {
		cmd.Env = append(cmd.Env, name+"="+r.env[name])
	}
	cmd.Env = append(cmd.Env, lists...)
	if truncated {
		cmd.Env = append(cmd.Env, "EDDY_TRUNCATED=1")
	}
	cmd.Dir = r.dir
	cmd.Stdout, cmd.Stderr = r.stdout, r.stderr
	cmd.WaitDelay = killDelay // for what has left the group and holds on to the output
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("--exec: %w", err)
	}
	r.cmd, r.done, r.kill, r.hurry = cmd, make(chan error, 1), make(chan struct{}), make(chan struct{})
	go attend(cmd, r.kill, r.hurry, r.done) // next and stop wait for it
	return nil
}

// attend waits for a command, or ends it and all that it started, and says on
// done how it went.
func attend(cmd *exec.Cmd, kill, hurry <-chan struct{}, done chan<- error) {
	exited := make(chan error, 1)
	go func() {
		err := cmd.Wait()
		if errors.Is(err, exec.ErrWaitDelay) {
			err = nil
		}
		exited <- err
	}()
	select {
	case err := <-exited:
		done <- err
		return
	case <-kill:
	}
	group := groupOf(cmd)
	group.terminate()
	deadline := time.After(killDelay)
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	var gone bool
	for !gone || group.alive() {
		select {
		case <-exited:
			gone = true
			continue
		case <-look.C:
			continue
		case <-deadline:
		case <-hurry:
		}
		group.kill()
		if !gone {
			<-exited
		}
		break
	}
	done <- nil
}

// fit lists as many IDs as have room.
func fit(ids []module.ID, limit int) (list []string, cut bool) {
	size := 0
	for _, id := range ids {
		if size += len(id) + 1; size > limit {
			return list, true
		}
		list = append(list, string(id))
	}
	return list, false
}

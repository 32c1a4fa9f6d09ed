package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/eddy-build/eddy/module"
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

	cmd      *exec.Cmd // nil while none runs
	done     chan error
	changed  map[module.ID]bool // what the running command was started on
	affected map[module.ID]bool
	queued   bool          // more has been added to that since
	kill     chan struct{} // closed to end the command; nil once it is
}

// ended gives what the running command ended with, nil where it went well or was
// ended for another run. next must follow.
func (r *commandRunner) ended() <-chan error { return r.done }

// run runs the command on some modules, at once or as the user wants it where it
// is still running.
func (r *commandRunner) run(changed, affected []module.ID) error {
	if r.command == "" || r.cmd != nil && r.onBusy == "ignore" {
		return nil
	}
	if r.cmd == nil || !r.queued && r.onBusy == "queue" {
		r.changed, r.affected = map[module.ID]bool{}, map[module.ID]bool{}
	}
	for _, id := range changed {
		r.changed[id] = true
	}
	for _, id := range affected {
		r.affected[id] = true
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

// stop ends the command, with all that it started, and waits for it.
func (r *commandRunner) stop() {
	if r.cmd == nil {
		return
	}
	r.end()
	<-r.done
	r.cmd = nil
}

// placeholder is "{}" as a word of its own.
var placeholder = regexp.MustCompile(`(^|\s)\{\}($|\s|;|&|\|)`)

func (r *commandRunner) start() error {
	changed, affected := slices.Sorted(maps.Keys(r.changed)), slices.Sorted(maps.Keys(r.affected))
	affected = slices.DeleteFunc(affected, func(id module.ID) bool { return r.changed[id] })
	inChanged, cutChanged := fit(changed, maxEnvList)
	inAffected, cutAffected := fit(affected, maxEnvList)
	truncated := cutChanged || cutAffected
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
	cmd.Env = append(cmd.Env, "EDDY_CHANGED="+strings.Join(inChanged, "\n"), "EDDY_AFFECTED="+strings.Join(inAffected, "\n"))
	if truncated {
		cmd.Env = append(cmd.Env, "EDDY_TRUNCATED=1")
	}
	cmd.Dir = r.dir
	cmd.Stdout, cmd.Stderr = r.stdout, r.stderr
	cmd.WaitDelay = killDelay // for what has left the group and holds on to the output
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("--exec: %w", err)
	}
	r.cmd, r.done, r.kill = cmd, make(chan error, 1), make(chan struct{})
	go attend(cmd, r.kill, r.done)
	return nil
}

// attend waits for a command, or ends it and all that it started, and says on
// done how it went.
func attend(cmd *exec.Cmd, kill <-chan struct{}, done chan<- error) {
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

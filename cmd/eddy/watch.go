package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/eddy-build/eddy"
	"github.com/eddy-build/eddy/internal/config"
	"github.com/eddy-build/eddy/module"
	"github.com/eddy-build/eddy/render"
	"github.com/eddy-build/eddy/watch"
)

// watchCommand is "eddy watch".
type watchCommand struct {
	Kinds    kindsFlag     `default:"static" placeholder:"KINDS" help:"Which imports make a cycle: static, type, deferred and implicit, with commas, or all. Default: static."`
	Format   string        `enum:"text,json" default:"text" placeholder:"FORMAT" help:"text, or json: one object a line. Default: text."`
	Exec     string        `placeholder:"CMD" help:"Run CMD by the shell after each batch of changes; \"{}\" in it stands for the changed and affected modules."`
	OnBusy   string        `enum:"queue,restart,ignore" default:"queue" placeholder:"WHAT" help:"Where CMD still runs: queue the changes, restart it, or ignore them. Default: queue."`
	Debounce time.Duration `default:"50ms" placeholder:"TIME" help:"How long nothing must change before a batch ends. Default: 50ms."`
	Poll     time.Duration `placeholder:"TIME" help:"Compare the files every TIME in place of the system's file events."`
}

// Help says what the lines of the flags cannot.
func (*watchCommand) Help() string {
	return `Until it is interrupted, each change of the files is told as the modules that it created, modified or removed, those downstream that it invalidated, and the cycles that are new or gone.

CMD gets the changed modules in EDDY_CHANGED and those downstream of them in EDDY_AFFECTED, one a line. It and all that it started get SIGTERM, and a second later SIGKILL, when it is restarted and when eddy is interrupted.`
}

// Run is called by Kong.
func (c *watchCommand) Run(p *process) error {
	switch {
	case p.cli.From != "":
		return errors.New("--from reads no sources: there is nothing to watch")
	case c.Debounce <= 0:
		return fmt.Errorf("--debounce %v: want a time above 0", c.Debounce)
	case c.Poll < 0:
		return fmt.Errorf("--poll %v: want a time above 0", c.Poll)
	}
	for {
		again, err := c.follow(p)
		if err != nil || !again {
			return err
		}
		p.note("eddy: %s has changed: reading the workspace anew\n", config.FileName)
	}
}

// note writes to the standard error unless --quiet is given.
func (p *process) note(format string, args ...any) {
	if !p.cli.Quiet {
		fmt.Fprintf(p.stderr, format, args...)
	}
}

// follow follows the workspace until it is interrupted, or until the
// configuration is another.
func (c *watchCommand) follow(p *process) (again bool, err error) {
	ctx, cancel := context.WithCancel(p.ctx)
	defer cancel()
	root := p.root()
	engine, err := p.open(root, eddy.WithDigests(), eddy.WithStore(nil))
	if err != nil {
		return false, err
	}
	defer engine.Close()
	conf, _ := config.Load(root) // open has read it, and would have failed
	snapshot, err := engine.Load(ctx)
	if err != nil {
		return false, err
	}
	watcher, err := engine.Watch(ctx, watch.Options{Debounce: c.Debounce, Poll: c.Poll})
	if err != nil {
		return false, err
	}
	defer watcher.Close()
	sub := watcher.Subscribe()
	out := &watchPrinter{w: p.stdout, json: c.Format == "json"}
	kinds := c.Kinds.ImportKinds
	cycles := cyclesOf(snapshot, kinds)
	p.note("watching %s and %s; interrupt to end\n", count(len(snapshot.Modules()), "module", "modules"), count(len(cycles), "cycle", "cycles"))

	var runner commandRunner // does nothing without a command
	if c.Exec != "" {
		runner = commandRunner{command: c.Exec, onBusy: c.OnBusy, dir: root, stdout: p.stdout, stderr: p.stderr, env: p.env}
	}
	defer runner.stop()
	notifications := make(chan watch.Notification)
	go func() {
		defer close(notifications)
		for {
			n, err := sub.Next(ctx)
			if err != nil {
				return
			}
			select {
			case notifications <- n:
			case <-ctx.Done():
				return
			}
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case err := <-runner.ended():
			if err != nil {
				p.note("eddy: %s: %v\n", render.Printable(c.Exec), err)
			}
			if err := runner.next(); err != nil {
				return false, err
			}
		case n, ok := <-notifications:
			if !ok {
				return false, ctx.Err()
			}
			now := engine.Snapshot()
			after := cyclesOf(now, kinds)
			out.batch(n, cycles, after)
			cycles = after
			if out.err != nil {
				return false, out.err
			}
			if changed, affected := concerned(n.Events); len(changed) > 0 {
				if err := runner.run(changed, affected); err != nil {
					return false, err
				}
			}
			if !p.cli.NoConfig && (n.Rescan != "" || slices.Contains(n.Paths, config.FileName)) {
				// A broken configuration is told when it is mended or at the next start.
				if current, err := config.Load(root); err == nil && !reflect.DeepEqual(current, conf) {
					return true, nil
				}
			}
		}
	}
}

// concerned lists the modules that events change, and those that they only
// invalidate.
func concerned(events []watch.Event) (changed, affected []module.ID) {
	for _, e := range events {
		switch e.Kind {
		case watch.Created, watch.Modified, watch.Removed, watch.Failed:
			if len(changed) == 0 || changed[len(changed)-1] != e.ID { // they are sorted
				changed = append(changed, e.ID)
			}
		case watch.Invalidated:
			affected = append(affected, e.ID)
		}
	}
	return changed, affected
}

// cycle is a component as a person sees it.
type cycle struct {
	members []module.ID
	circle  []module.ID // a shortest way around; the first is not repeated at the end
}

// cyclesOf describes the cycles of a snapshot, by their members.
func cyclesOf(s *eddy.Snapshot, kinds module.ImportKinds) []cycle {
	g := s.Graph()
	var list []cycle
	for _, members := range g.Cycles(kinds) {
		var c cycle
		for _, n := range members {
			c.members = append(c.members, g.ID(n))
		}
		for _, e := range g.WitnessCycle(members, kinds) {
			c.circle = append(c.circle, g.ID(g.Source(e)))
		}
		list = append(list, c)
	}
	return list
}

// without lists the cycles of a that b lacks.
func without(a, b []cycle) []cycle {
	return slices.DeleteFunc(slices.Clone(a), func(c cycle) bool {
		return slices.ContainsFunc(b, func(d cycle) bool { return slices.Equal(c.members, d.members) })
	})
}

// watchPrinter prints what happens, one event a line.
type watchPrinter struct {
	w    io.Writer
	json bool
	err  error // the first; nothing is printed after it
}

// line is one event as JSON.
type line struct {
	Event       string      `json:"event"`
	ID          module.ID   `json:"id,omitempty"`
	Reason      string      `json:"reason,omitempty"`
	By          module.ID   `json:"by,omitempty"`
	Via         module.ID   `json:"via,omitempty"`
	Diagnostics []string    `json:"diagnostics,omitempty"`
	Members     []module.ID `json:"members,omitempty"`
	Circle      []module.ID `json:"circle,omitempty"`
	Message     string      `json:"message,omitempty"`
}

// batch prints a notification, and how the cycles changed with it.
func (o *watchPrinter) batch(n watch.Notification, before, after []cycle) {
	for _, notice := range n.Notices {
		o.print(line{Event: "notice", Message: notice})
	}
	for _, e := range n.Events {
		l := line{Event: e.Kind.String(), ID: e.ID, Reason: e.Reason, By: e.By, Via: e.Via}
		for _, d := range e.Diagnostics {
			l.Diagnostics = append(l.Diagnostics, d.String())
		}
		o.print(l)
	}
	for _, c := range without(after, before) {
		o.print(line{Event: "cycle-new", Members: c.members, Circle: c.circle})
	}
	for _, c := range without(before, after) {
		o.print(line{Event: "cycle-gone", Members: c.members, Circle: c.circle})
	}
}

func (o *watchPrinter) print(l line) {
	if o.err != nil {
		return
	}
	if o.json {
		text, err := json.Marshal(l)
		if err == nil {
			_, err = fmt.Fprintf(o.w, "%s\n", text)
		}
		o.err = err
		return
	}
	text := l.Event + " " + render.Printable(string(l.ID))
	switch {
	case l.Event == watch.Reloaded.String():
		return // it says no more than modified does
	case l.Event == "notice":
		text = "notice " + render.Printable(l.Message)
	case l.Event == "cycle-new", l.Event == "cycle-gone":
		var way []string
		for _, id := range append(l.Circle, l.Circle[:1]...) {
			way = append(way, render.Printable(string(id)))
		}
		text = fmt.Sprintf("%s %s: %s", l.Event, count(len(l.Members), "module", "modules"), strings.Join(way, " → "))
	case l.Reason != "":
		text += " (" + l.Reason + ")"
	case l.By != "":
		text += " by " + render.Printable(string(l.By))
	case len(l.Diagnostics) > 0:
		text += ": " + render.Printable(l.Diagnostics[0])
	}
	_, o.err = fmt.Fprintln(o.w, text)
}

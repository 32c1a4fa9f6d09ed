package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"reflect"
	"slices"
	"syscall"
	"time"

	"github.com/eddy-build/eddy"
	"github.com/eddy-build/eddy/internal/config"
	"github.com/eddy-build/eddy/loader"
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

	broken string         // what was last said of the configuration
	last   *eddy.Snapshot // before the configuration changed; nil at first
	cycles *cycleList     // of that
}

// Help says what the lines of the flags cannot.
func (*watchCommand) Help() string {
	return `Until it is interrupted, each change of the files is told as the modules that it created, modified or removed, those downstream that it invalidated, and the cycles that are new or gone.

CMD gets the changed modules in EDDY_CHANGED, all downstream of them in EDDY_AFFECTED, and those of them that can observe the change in EDDY_INVALIDATED, one a line. It and all that it started get SIGTERM, and a second later SIGKILL, when it is restarted and when eddy is interrupted.`
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
	// With the exports of modules, an edit that importers cannot observe is known
	// as such.
	engine, err := p.open(root, eddy.WithDetail(loader.DetailExports))
	if err != nil {
		return false, err
	}
	defer engine.Close()
	conf, _ := config.Load(root) // open has read it, and would have failed
	snapshot, err := engine.Load(ctx)
	if err != nil {
		return false, err
	}
	if p.cli.Verbose {
		p.note("eddy: %s\n", snapshot.Start())
	}
	watcher, err := engine.Watch(ctx, watch.Options{Debounce: c.Debounce, Poll: c.Poll})
	if err != nil {
		return false, err
	}
	defer watcher.Close()
	sub := watcher.Subscribe()
	out := &watchPrinter{w: p.stdout, json: c.Format == "json", all: p.cli.Verbose, color: p.palette(p.stdout)}
	cycles := cyclesOf(snapshot, c.Kinds.ImportKinds)
	local, _ := snapshot.Count()
	p.note("watching %s and %s; interrupt to end\n", count(local, "module", "modules"), count(len(cycles.list), "cycle", "cycles"))

	if c.last != nil {
		out.batch(watch.Notification{}, c.last, snapshot, compareCycles(c.cycles, cycles))
	}

	var runner commandRunner // does nothing without a command
	if c.Exec != "" {
		runner = commandRunner{command: c.Exec, onBusy: c.OnBusy, dir: root, stdout: p.stdout, stderr: p.stderr, env: p.env}
		if out.json {
			runner.stdout = p.stderr // between the events nothing else must stand
		}
	}
	// From before the first on, so that none of them ends eddy before the command.
	interrupts := make(chan os.Signal, 2)
	if c.Exec != "" {
		signal.Notify(interrupts, os.Interrupt, syscall.SIGTERM)
		defer signal.Stop(interrupts)
	}
	defer runner.stop(interrupts)
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
		case <-sub.Ready():
			n, ok, err := sub.Take()
			if err != nil {
				return false, cmp.Or(ctx.Err(), err)
			}
			if !ok {
				continue
			}
			now := engine.Snapshot()
			after := cycles.next(now)
			out.batch(n, snapshot, now, compareCycles(cycles, after))
			snapshot, cycles = now, after
			if out.err != nil {
				return false, out.err
			}
			if c.Exec != "" {
				if err := runner.run(concerned(n.Events, now.Graph())); err != nil {
					return false, err
				}
			}
			if !p.cli.NoConfig && (n.Rescan != "" || slices.Contains(n.Paths, config.FileName)) {
				current, err := config.Load(root)
				if err == nil && !reflect.DeepEqual(current, conf) {
					c.last, c.cycles = snapshot, cycles
					return true, nil
				}
				if text := fmt.Sprint(err); err != nil && text != c.broken {
					c.broken = text
					p.note("eddy: %s; the configuration stays as it was\n", text)
				}
			}
			watch.Collect()
		}
	}
}

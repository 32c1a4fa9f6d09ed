package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/eddy-build/eddy"
	"github.com/eddy-build/eddy/internal/daemon"
	"github.com/eddy-build/eddy/module"
	"github.com/eddy-build/eddy/render"
	"github.com/eddy-build/eddy/watch"
)

// serveCommand is "eddy serve".
type serveCommand struct {
	Idle time.Duration `default:"30m" placeholder:"TIME" help:"End when nobody has asked for TIME. Default: 30m."`
	Poll time.Duration `placeholder:"TIME" help:"Compare the files every TIME in place of the system's file events."`
}

// Help says what the lines of the flags cannot.
func (*serveCommand) Help() string {
	return `Holds the graph of the workspace ready and follows its files. While it runs, other commands on the same workspace with the same options read no file themselves; what they print is the same. They say with --verbose that they do, and --no-daemon keeps them from it.

It ends by itself when it is idle, when a command of another version of Eddy asks, and when the configuration changes.`
}

// Run is called by Kong.
func (c *serveCommand) Run(p *process) error {
	switch {
	case p.cli.From != "":
		return errors.New("--from reads no sources: there is nothing to serve")
	case c.Idle <= 0:
		return fmt.Errorf("--idle %v: want a time above 0", c.Idle)
	case c.Poll < 0:
		return fmt.Errorf("--poll %v: want a time above 0", c.Poll)
	}
	engine, err := p.open(p.root())
	if err != nil {
		return err
	}
	defer engine.Close()
	socket, err := p.socket(engine.Root())
	if err != nil {
		return err
	}
	listener, release, err := daemon.Listen(socket)
	if err != nil {
		return fmt.Errorf("serve %s: %w", render.Printable(p.root()), err)
	}
	defer release()
	defer listener.Close()
	if _, err := engine.Load(p.ctx); err != nil {
		return err
	}
	watcher, err := engine.Watch(p.ctx, watch.Options{Poll: c.Poll})
	if err != nil {
		return err
	}
	defer watcher.Close()
	ctx, cancel := context.WithCancel(p.ctx)
	var group sync.WaitGroup
	defer group.Wait()
	defer cancel()
	group.Go(func() { p.tell(ctx, watcher.Subscribe()) })
	p.note("serving %s, %s; interrupt to end\n", render.Printable(engine.Root()), count(len(engine.Snapshot().Modules()), "module", "modules"))
	s := &server{p: p, engine: engine, watcher: watcher, key: p.serverKey(engine)}
	return errors.Join(daemon.Serve(p.ctx, listener, s, c.Idle), p.ctx.Err())
}

// tell prints what the user should know of the watch, until ctx is done: that the
// files are polled, that an update failed.
func (p *process) tell(ctx context.Context, sub *watch.Subscription) {
	sub.Watch() // of no module
	for {
		n, err := sub.Next(ctx)
		if err != nil {
			return
		}
		for _, notice := range n.Notices {
			p.note("eddy: %s\n", render.Printable(notice))
		}
	}
}

// socket returns the path of the socket of a workspace.
func (p *process) socket(root string) (string, error) {
	dir := daemon.Folder(p.getenv)
	if dir == "" {
		return "", errors.New("there is no server on this system")
	}
	return filepath.Join(dir, module.DigestOf([]byte(root)).String()[:32]+".sock"), nil
}

// serverKey describes all that a snapshot depends on beside the files: the
// options, and the variables by which the settings of git are found.
func (p *process) serverKey(engine *eddy.Engine) string {
	var b strings.Builder
	b.WriteString(engine.Key().String())
	for _, name := range []string{
		"HOME", "USERPROFILE", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM",
	} {
		fmt.Fprintf(&b, "\n%s=%s", name, p.env[name])
	}
	return module.DigestOf([]byte(b.String())).String()
}

// server answers the requests of other commands.
type server struct {
	p       *process
	engine  *eddy.Engine
	watcher *watch.Watcher
	key     string

	mu       sync.Mutex
	exported *eddy.Snapshot // that payload is of
	payload  []byte
}

// Accept is called by daemon.Serve.
func (s *server) Accept(r daemon.Request) daemon.Answer {
	if r.Tool != eddy.Build() {
		return daemon.Answer{Status: daemon.Leaving, Message: "another version of Eddy serves this workspace, and ends"}
	}
	if r.Root != s.engine.Root() {
		return daemon.Answer{Status: daemon.Failed, Message: "the server is that of " + s.engine.Root()}
	}
	if r.Key == s.key {
		return daemon.Answer{Status: daemon.Served}
	}
	// Either the client has other options, or the configuration is another than
	// it was when the server began.
	now, err := s.p.open(s.p.root())
	if err == nil {
		defer now.Close()
	}
	if err != nil || s.p.serverKey(now) != s.key {
		return daemon.Answer{Status: daemon.Leaving, Message: "the configuration has changed since the server began, and it ends"}
	}
	return daemon.Answer{Status: daemon.Other, Message: "the server has other options"}
}

// Payload is called by daemon.Serve.
func (s *server) Payload(ctx context.Context) ([]byte, error) {
	if err := s.watcher.Sync(ctx); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.engine.Snapshot(); now != s.exported {
		s.exported, s.payload = now, s.engine.Export()
	}
	return s.payload, nil
}

// fromServer makes the snapshot of the workspace's server that of an engine. It
// returns nil where there is no server that can answer, and says why with
// --verbose.
func (p *process) fromServer(engine *eddy.Engine) *eddy.Snapshot {
	explain := func(why string) {
		if p.cli.Verbose {
			fmt.Fprintf(p.stderr, "eddy: no server is used: %s\n", render.Printable(why))
		}
	}
	socket, err := p.socket(engine.Root())
	if err != nil {
		return nil
	}
	if daemon.Private(filepath.Dir(socket)) != nil {
		return nil // no server has been here, or none that could be trusted
	}
	answer, payload, err := daemon.Ask(p.ctx, socket, daemon.Request{Tool: eddy.Build(), Root: engine.Root(), Key: p.serverKey(engine)})
	switch {
	case daemon.NotThere(err):
		return nil
	case err != nil:
		explain(err.Error())
		return nil
	case answer.Status != daemon.Served:
		explain(answer.Message)
		return nil
	}
	snapshot, err := engine.Adopt(payload)
	if err != nil {
		explain(err.Error())
		return nil
	}
	if p.cli.Verbose {
		fmt.Fprintf(p.stderr, "eddy: answered by the server of this workspace, process %d\n", answer.Process)
	}
	return snapshot
}

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
	"github.com/eddy-build/eddy/loader"
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
	s := &server{p: p, poll: c.Poll}
	for i, opts := range details {
		engine, err := p.open(p.root(), opts...)
		if err != nil {
			return err
		}
		defer engine.Close()
		s.root = engine.Root()
		s.residents[i] = &resident{server: s, engine: engine, key: p.serverKey(engine)}
	}
	socket, err := p.socket(s.root)
	if err != nil {
		return err
	}
	listener, release, err := daemon.Listen(socket)
	if err != nil {
		return fmt.Errorf("serve %s: %w", render.Printable(p.root()), err)
	}
	defer release()
	defer listener.Close()
	defer s.close()
	first := s.residents[0]
	if err := first.start(); err != nil {
		return err
	}
	local, _ := first.engine.Snapshot().Count()
	p.note("serving %s, %s; interrupt to end\n", render.Printable(s.root), count(local, "module", "modules"))
	return errors.Join(daemon.Serve(p.ctx, listener, s, c.Idle), p.ctx.Err())
}

// details are the options of the engines that a server holds: one for imports, from
// the beginning, and one for exports once a command asks for it. They differ in
// what they read and in the diagnostics that they have.
var details = [2][]eddy.Option{nil, {eddy.WithDetail(loader.DetailExports)}}

// tell prints what the user should know of a watch, until it ends: that the files
// are polled, that an update failed.
func (p *process) tell(sub *watch.Subscription) {
	sub.Watch() // of no module
	for {
		n, err := sub.Next(context.Background())
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
	p         *process
	root      string
	poll      time.Duration
	residents [len(details)]*resident
	group     sync.WaitGroup // what tells of the watches
}

// Accept is called by daemon.Serve.
func (s *server) Accept(r daemon.Request) daemon.Answer {
	if r.Tool != eddy.Build() {
		return daemon.Answer{Status: daemon.Leaving, Message: "another version of Eddy serves this workspace, and ends"}
	}
	if r.Root != s.root {
		return daemon.Answer{Status: daemon.Failed, Message: "the server is that of " + s.root}
	}
	if s.resident(r.Key) != nil {
		return daemon.Answer{Status: daemon.Served}
	}
	// Either the client has other options, or the configuration is another than
	// it was when the server began.
	now, err := s.p.open(s.p.root())
	if err == nil {
		defer now.Close()
	}
	if err != nil || s.p.serverKey(now) != s.residents[0].key {
		return daemon.Answer{Status: daemon.Leaving, Message: "the configuration has changed since the server began, and it ends"}
	}
	return daemon.Answer{Status: daemon.Other, Message: "the server has other options"}
}

// resident returns the engine for a key, nil where there is none.
func (s *server) resident(key string) *resident {
	for _, r := range s.residents {
		if r.key == key {
			return r
		}
	}
	return nil
}

// Payload is called by daemon.Serve.
func (s *server) Payload(ctx context.Context, r daemon.Request) ([]byte, error) {
	return s.resident(r.Key).payload(ctx)
}

// close ends the watches.
func (s *server) close() {
	for _, r := range s.residents {
		if r.watcher != nil {
			r.watcher.Close() // ends its subscription, too
		}
	}
	s.group.Wait()
}

// resident is an engine that is held ready.
type resident struct {
	*server
	engine *eddy.Engine
	key    string

	mu       sync.Mutex
	watcher  *watch.Watcher // nil before the first load
	exported *eddy.Snapshot // that bytes is of
	bytes    []byte
}

// start loads the workspace and follows its files, unless that is done.
func (r *resident) start() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.watcher != nil {
		return nil
	}
	if _, err := r.engine.Load(r.p.ctx); err != nil {
		return err
	}
	watcher, err := r.engine.Watch(r.p.ctx, watch.Options{Poll: r.poll})
	if err != nil {
		return err
	}
	r.watcher = watcher
	r.group.Go(func() { r.p.tell(watcher.Subscribe()) })
	return nil
}

// payload is the snapshot of the files as they are, to be adopted.
func (r *resident) payload(ctx context.Context) ([]byte, error) {
	if err := r.start(); err != nil {
		return nil, err
	}
	if err := r.watcher.Sync(ctx); err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := r.engine.Snapshot(); now != r.exported {
		r.exported, r.bytes = now, r.engine.Export()
	}
	return r.bytes, nil
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

// Package eddy keeps the dependency graph of a whole repository: it reads the
// source of many languages and answers from one exact graph of its modules.
//
// [Open] makes an [Engine] on a folder; [Engine.Load] reads the folder and
// returns a [Snapshot], an immutable view that any number of goroutines may
// read. The snapshot's [graph.Graph] has the algorithms.
package eddy

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/eddy-build/eddy/cache"
	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/loader/ecmascript"
	"github.com/eddy-build/eddy/loader/golang"
	"github.com/eddy-build/eddy/loader/python"
	"github.com/eddy-build/eddy/module"
)

// Engine loads one workspace and holds its newest snapshot. It is safe for
// concurrent use; readers of the snapshot never wait for a load.
type Engine struct {
	config   loader.Config
	log      *slog.Logger
	store    *cache.Store   // nil for none
	beside   sync.WaitGroup // what is done beside the work of callers, and Close waits for: snapshots are stored, a graph is built
	lastSave chan struct{}  // is closed when the last of them is; under loading
	stored   *loader.Result // the last that was given to the store, or came from there; under loading
	known    *known

	registry *registry

	loading  gate // one load at a time
	snapshot atomic.Pointer[Snapshot]
	closed   atomic.Bool
}

// ErrClosed is returned by the methods of an engine after Close.
var ErrClosed = errors.New("eddy: the engine is closed")

// Open makes an engine on the workspace at root, a folder. It reads nothing yet.
func Open(root string, opts ...Option) (*Engine, error) {
	abs, err := filepath.Abs(root)
	if err != nil {
		return nil, fmt.Errorf("eddy: open %s: %w", root, err)
	}
	e := &Engine{
		known:    newKnown([4]cache.Limits{}),
		log:      slog.New(slog.DiscardHandler),
		registry: newRegistry(),
		loading:  make(gate, 1),
		config: loader.Config{
			Root:      abs,
			Walk:      loader.WalkOptions{Env: os.Getenv},
			Frontends: []loader.Frontend{golang.New(), ecmascript.New(), python.New()},
		},
	}
	for _, opt := range opts {
		opt(e)
	}
	workers := e.config.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	e.registry.limit = make(chan struct{}, workers)
	if len(e.registry.validators)+len(e.registry.hooks) > 0 {
		e.config.Visit = e.registry.visit
	}
	if e.config.FS == nil {
		e.config.FS = fsys.OS(abs)
	}
	info, err := e.config.FS.Stat(".")
	if err != nil {
		return nil, fmt.Errorf("eddy: open workspace: %w", err)
	}
	if !info.Mode.IsDir() {
		return nil, fmt.Errorf("eddy: open workspace: %w", &fs.PathError{Op: "open", Path: abs, Err: errors.New("not a folder")})
	}
	return e, nil
}

// Load reads the workspace and makes the result the engine's snapshot. With a
// store it reads only what changed since the last run; the result is the same.
// Problems of the user's files are diagnostics of the snapshot. When ctx is done
// the engine keeps the snapshot that it had.
func (e *Engine) Load(ctx context.Context) (*Snapshot, error) {
	leave, err := e.enter(ctx, "load", "the workspace")
	if err != nil {
		return nil, err
	}
	defer leave()
	return e.load(ctx)
}

// load is Load, of which only one may run.
func (e *Engine) load(ctx context.Context) (*Snapshot, error) {
	s, err := e.resume(ctx)
	if err != nil {
		return nil, fmt.Errorf("eddy: load %s: %w", e.config.Root, err)
	}
	s.known, s.generation = e.known, e.known.restart()
	e.snapshot.Store(s)
	e.registry.forget(s)
	if s.stored == nil {
		e.save(ctx, s.loaded())
	}
	e.log.DebugContext(ctx, "loaded", "root", e.config.Root, "modules", s.Graph().NodeCount(),
		"start", s.start.String(), "files", s.stats.Files, "bytes", s.stats.Bytes, "diagnostics", len(s.Diagnostics()))
	return s, nil
}

// Snapshot returns the result of the last load, or nil before the first.
func (e *Engine) Snapshot() *Snapshot { return e.snapshot.Load() }

// Root is the workspace root, an absolute path of the operating system.
func (e *Engine) Root() string { return e.config.Root }

// Close calls off the loads of modules that are under way, waits for a running
// load of the workspace, and for its snapshot to be stored; one that was updated
// since it was loaded is stored now. Snapshots and loaded modules stay valid;
// OnUnload is not called. From a validator or hook, which it would wait for, Close
// does nothing and returns a [module.ReentryError].
func (e *Engine) Close() error {
	if from := e.registry.calls.from(context.Background()); from != nil && (from.linking || from.entry != nil) {
		return &module.ReentryError{Module: from.module, Call: "close the engine"}
	}
	e.closed.Store(true)
	e.registry.close()
	e.loading <- struct{}{}
	defer func() { <-e.loading }()
	if s := e.Snapshot(); s != nil && s.stored == nil && s.loaded() != e.stored {
		e.save(context.Background(), s.loaded())
	}
	e.beside.Wait()
	return nil
}

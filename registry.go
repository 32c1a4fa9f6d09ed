package eddy

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"sync"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
	"github.com/eddy-build/eddy/scheduler"
)

// registry holds the modules that were loaded on demand.
//
// A module goes through these states; all changes are made under mu, and readers
// of a loaded module take no lock:
//
//	absent ──► loading ──► loaded ──► absent
//	   ▲          │
//	   └─ error ──┘
type registry struct {
	validators   []Validator
	hooks        []Hook
	refuseCycles bool
	limit        chan struct{} // one token for each module that is being read

	loaded sync.Map // module.ID to *entry

	mu          sync.Mutex
	loading     map[module.ID]*entry
	pins        map[module.ID]map[module.ID]int // module to the loads under way that need it
	searchPaths []string
}

// entry is a module that is loaded, or being loaded.
type entry struct {
	base    *module.Module // the module of the snapshot that it was read for
	done    chan struct{}  // closed when what follows is set
	reading *loader.Reading
	err     error
	stale   bool // loaded, and known to be out of date; kept until a new version is there
}

func newRegistry() *registry {
	return &registry{loading: map[module.ID]*entry{}, pins: map[module.ID]map[module.ID]int{}}
}

// WithoutCycles makes LoadModule refuse a module whose upstream has a cycle of
// static imports, with a [module.CycleError].
func WithoutCycles() Option { return func(e *Engine) { e.registry.refuseCycles = true } }

// AddSearchPath adds a folder of the workspace in which LoadModule looks for a
// module by a name relative to it, after those added before.
func (e *Engine) AddSearchPath(folder string) {
	r := e.registry
	r.mu.Lock()
	defer r.mu.Unlock()
	r.searchPaths = append(r.searchPaths, e.relative([]string{folder})[0])
}

// LoadModule loads one module and all it depends on, with exports: a full read,
// where the snapshot knows imports alone. The query is an ID, a name, or a name
// below a search path. For each module, dependencies first:
//
//	check cache → parse → validate → cache → return
//
// Modules are read in parallel, no more at once than the engine has workers,
// whoever asks; each is read once for a version, however many callers ask. A
// caller whose ctx ends stops waiting and does not disturb the others. Before
// the first load of the workspace LoadModule loads its graph.
func (e *Engine) LoadModule(ctx context.Context, query string) (*module.Module, error) {
	const attempts = 4 // a file may change between the graph and the read
	for attempt := 1; ; attempt++ {
		s, err := e.current(ctx)
		if err != nil {
			return nil, err
		}
		id, err := e.locate(s, query)
		if err != nil {
			return nil, err
		}
		m, err := e.loadModule(ctx, s, id)
		var stale *staleError
		if !errors.As(err, &stale) || attempt == attempts {
			return m, err
		}
		if _, _, err := e.Update(ctx, stale.files...); err != nil {
			return nil, err
		}
	}
}

// staleError says that files changed since the snapshot.
type staleError struct{ files []string }

func (e *staleError) Error() string {
	return fmt.Sprintf("%s changes faster than it can be read", e.files[0])
}

// current returns the snapshot, loading the workspace where there is none.
func (e *Engine) current(ctx context.Context) (*Snapshot, error) {
	if e.closed.Load() {
		return nil, ErrClosed
	}
	if s := e.Snapshot(); s != nil {
		return s, nil
	}
	s, _, err := e.Rescan(ctx)
	return s, err
}

// locate finds the one module that a query names.
func (e *Engine) locate(s *Snapshot, query string) (module.ID, error) {
	ids, err := s.Find(query)
	if err != nil {
		e.registry.mu.Lock()
		folders := slices.Clone(e.registry.searchPaths)
		e.registry.mu.Unlock()
		for _, folder := range folders {
			if found, err := s.Find(path.Join(folder, query)); err == nil {
				return found[0], nil
			}
			if found, err := s.Find(path.Join(folder, query) + ".*"); err == nil {
				return found[0], nil
			}
		}
		return "", err
	}
	return ids[0], nil
}

// loadModule loads a module of a snapshot and its upstream.
func (e *Engine) loadModule(ctx context.Context, s *Snapshot, id module.ID) (*module.Module, error) {
	r := e.registry
	if m, ok := r.hit(s, id); ok && !r.refuseCycles {
		return m, nil
	}
	g := s.Graph()
	start, _ := g.Lookup(id)
	need := []graph.NodeID{start}
	for _, reached := range g.Upstream(need, module.AllKinds, -1) {
		need = append(need, reached.Node)
	}
	slices.Sort(need)
	sub := g.Subgraph(need)
	if r.refuseCycles {
		if cycles := sub.Cycles(module.StaticOnly); len(cycles) > 0 {
			return nil, cycleError(sub, cycles[0])
		}
	}
	release := r.pin(id, sub)
	defer release()

	condensation := sub.Condensation(module.AllKinds)
	plan, err := scheduler.NewPlan(condensation)
	if err != nil {
		return nil, fmt.Errorf("eddy: load %s: %w", id, err)
	}
	report, err := scheduler.Run(ctx, plan, cap(r.limit), func(ctx context.Context, unit scheduler.Unit) error {
		for _, n := range condensation.Members(int(unit)) {
			if err := e.loadOne(ctx, s, sub.Module(n)); err != nil {
				return err
			}
		}
		return nil
	}, scheduler.FailFast())
	if report != nil && len(report.Failures()) > 0 {
		return nil, report.Failures()[0].Err
	}
	if err != nil {
		return nil, err
	}
	if m, ok := r.hit(s, id); ok {
		return m, nil
	}
	m, _ := s.Module(id)
	return m, nil // no front-end reads it: what the graph knows is all there is
}

// cycleError tells of a shortest circle through a component.
func cycleError(g *graph.Graph, members []graph.NodeID) error {
	err := &module.CycleError{}
	for _, edge := range g.WitnessCycle(members, module.StaticOnly) {
		err.Path = append(err.Path, g.ID(g.Source(edge)))
	}
	return err
}

// pin keeps the modules of a graph from being unloaded while id is loaded.
func (r *registry) pin(id module.ID, g *graph.Graph) (release func()) {
	each := func(change func(n module.ID)) {
		r.mu.Lock()
		defer r.mu.Unlock()
		for n := range g.NodeCount() {
			change(g.ID(graph.NodeID(n)))
		}
	}
	each(func(n module.ID) {
		if r.pins[n] == nil {
			r.pins[n] = map[module.ID]int{}
		}
		r.pins[n][id]++
	})
	return func() {
		each(func(n module.ID) {
			if r.pins[n][id]--; r.pins[n][id] == 0 {
				delete(r.pins[n], id)
			}
			if len(r.pins[n]) == 0 {
				delete(r.pins, n)
			}
		})
	}
}

// hit returns a loaded module that is of the snapshot's version.
func (r *registry) hit(s *Snapshot, id module.ID) (*module.Module, bool) {
	v, ok := r.loaded.Load(id)
	if !ok {
		return nil, false
	}
	base, _ := s.Module(id)
	if e := v.(*entry); e.base == base && !e.stale {
		return e.reading.Module, true
	}
	return nil, false
}

// loadOne loads one module whose dependencies are loaded.
func (e *Engine) loadOne(ctx context.Context, s *Snapshot, m *module.Module) error {
	if m.Kind != module.KindSource && m.Kind != module.KindTest || s.loaded == nil {
		return nil
	}
	r := e.registry
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, ok := r.hit(s, m.ID); ok {
			return nil
		}
		r.mu.Lock()
		running := r.loading[m.ID]
		if running == nil {
			if _, ok := r.hit(s, m.ID); ok { // loaded since the look above
				r.mu.Unlock()
				return nil
			}
			mine := &entry{base: m, done: make(chan struct{})}
			r.loading[m.ID] = mine
			r.mu.Unlock()
			return e.read(ctx, s, mine)
		}
		r.mu.Unlock()
		select {
		case <-running.done:
			gaveUp := errors.Is(running.err, context.Canceled) || errors.Is(running.err, context.DeadlineExceeded)
			if running.base == m && !gaveUp {
				return running.err
			}
			// It was for another version, or its caller gave up: try again.
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// read reads, validates and caches the module of an entry that the caller put
// among those being loaded.
func (e *Engine) read(ctx context.Context, s *Snapshot, mine *entry) error {
	r := e.registry
	mine.err = fmt.Errorf("eddy: load %s: the read did not end", mine.base.ID)
	// Deferred: those who wait must be let go on a panic, too.
	defer func() {
		r.mu.Lock()
		if mine.err == nil {
			r.loaded.Store(mine.base.ID, mine)
		}
		delete(r.loading, mine.base.ID)
		r.mu.Unlock()
		close(mine.done)
	}()
	mine.err = func() error {
		select {
		case r.limit <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		defer func() { <-r.limit }()
		reading, err := s.loaded().Read(e.config, mine.base)
		if errors.Is(err, loader.ErrChanged) {
			return &staleError{mine.base.Files}
		}
		if err != nil {
			return err
		}
		for _, d := range reading.Diagnostics {
			if d.Severity == module.Error {
				return &module.ParseError{Module: mine.base.ID, Diagnostic: d}
			}
		}
		mine.reading = reading
		if v, ok := r.loaded.Load(mine.base.ID); ok && v.(*entry).base == mine.base && v.(*entry).reading.Module.Content == reading.Module.Content {
			reading.Module = v.(*entry).reading.Module // only its stamps were new
			return nil
		}
		return r.validate(ctx, reading.Module)
	}()
	return mine.err
}

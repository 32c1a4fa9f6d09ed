package eddy

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"slices"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
	"github.com/eddy-build/eddy/scheduler"
)

// WithoutCycles makes LoadModule refuse a module whose upstream has a cycle of
// static imports, with a [module.CycleError].
func WithoutCycles() Option { return func(e *Engine) { e.registry.refuseCycles = true } }

// LoadModule loads one module and all it depends on, with exports: a full read,
// where the snapshot knows imports alone. The query is an ID, a name, or a name
// below a search path; a [module.AmbiguousError] where it means several modules,
// a [module.NotFoundError] where it means none. For each module, dependencies
// first:
//
//	check cache → parse → validate → cache → return
//
// Modules are loaded in parallel, no more at once than the engine has workers,
// whoever asks; each is read once for a version, however many callers ask. A
// caller whose ctx ends stops waiting and does not disturb the others; what
// nobody waits for any more is called off. Modules that fail block what depends
// on them and nothing else: the error joins theirs. Before the first load of the
// workspace LoadModule loads its graph.
//
// Validators and hooks may call it; see [Validator].
func (e *Engine) LoadModule(ctx context.Context, query string) (*module.Module, error) {
	// Files may change between the graph and the read, and the graph meanwhile.
	const updates, attempts = 4, 100
	if err := e.registry.calls.refuse(ctx, "load", query); err != nil {
		return nil, err
	}
	for updated, attempt := 0, 0; ; attempt++ {
		s, err := e.current(ctx, "load", query)
		if err != nil {
			return nil, err
		}
		id, err := e.locate(s, query)
		if err != nil {
			return nil, err
		}
		m, err := e.loadModule(ctx, s, id)
		var stale *staleError
		if !errors.As(err, &stale) || attempt == attempts || updated == updates {
			return m, err
		}
		if now, _ := e.Snapshot().Module(stale.base.ID); now != stale.base {
			continue // it is up to date by now
		}
		updated++
		if _, _, err := e.Update(ctx, stale.base.Files...); err != nil {
			return nil, err
		}
	}
}

// staleError says that a module is not as the snapshot has it.
type staleError struct{ base *module.Module }

func (e *staleError) Error() string {
	return fmt.Sprintf("%s changes faster than it can be read", e.base.ID)
}

// current returns the snapshot, loading the workspace where there is none.
func (e *Engine) current(ctx context.Context, verb, object string) (*Snapshot, error) {
	if e.closed.Load() {
		return nil, ErrClosed
	}
	if s := e.Snapshot(); s != nil {
		return s, nil
	}
	leave, err := e.enter(ctx, verb, object)
	if err != nil {
		return nil, err
	}
	defer leave()
	if s := e.Snapshot(); s != nil { // another caller was first
		return s, nil
	}
	return e.load(ctx)
}

// loadModule loads a module of a snapshot and its upstream.
func (e *Engine) loadModule(ctx context.Context, s *Snapshot, id module.ID) (*module.Module, error) {
	r := e.registry
	if m, ok := r.hit(s, id); ok && !r.refuseCycles {
		return m, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, err
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

	from := r.calls.from(ctx)
	if from != nil {
		defer from.turn.lend(ctx)()
	}
	condensation := sub.Condensation(module.AllKinds)
	plan, err := scheduler.NewPlan(condensation)
	if err != nil {
		return nil, fmt.Errorf("eddy: load %s: %w", id, err)
	}
	report, err := scheduler.Run(ctx, plan, cap(r.limit), func(ctx context.Context, unit scheduler.Unit) error {
		for _, n := range condensation.Members(int(unit)) {
			if err := e.loadOne(ctx, from, s, sub.Module(n)); err != nil {
				return err
			}
		}
		return nil
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if failures := report.Failures(); len(failures) > 0 {
		errs := make([]error, len(failures))
		for i, failure := range failures {
			if errs[i] = failure.Err; len(failures) == 1 {
				return nil, failure.Err
			}
		}
		return nil, errors.Join(errs...)
	}
	if err != nil {
		return nil, err
	}
	if loaded, ok := r.get(id); ok {
		return loaded.reading.Module, nil
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

// loadOne loads one module whose dependencies are loaded.
func (e *Engine) loadOne(ctx context.Context, from *call, s *Snapshot, m *module.Module) error {
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
		busy := r.busy[m.ID]
		if busy == nil {
			if _, ok := r.hit(s, m.ID); ok { // loaded since the look above
				r.mu.Unlock()
				return nil
			}
			if r.closed {
				r.mu.Unlock()
				return ErrClosed
			}
			if now, _ := e.Snapshot().Module(m.ID); now != m {
				r.mu.Unlock()
				return &staleError{m} // an older version must not replace a newer one
			}
			// The load is that of all who wait for it, and ends with the last of them.
			own, cancel := context.WithCancel(context.WithoutCancel(ctx))
			busy = &entry{base: m, done: make(chan struct{}), cancel: cancel}
			r.busy[m.ID] = busy
			r.reads.Add(1)
			go e.read(own, s, busy)
		}
		if err := r.await(ctx, from, busy, "load "+string(m.ID)); err != nil {
			return err
		}
		r.mu.Lock()
		again := busy.abandoned || busy.base != m
		r.mu.Unlock()
		if !again {
			return busy.err
		}
	}
}

// read reads, validates and caches the module of an entry that is loading.
func (e *Engine) read(ctx context.Context, s *Snapshot, mine *entry) {
	r := e.registry
	defer r.reads.Done()
	err := fmt.Errorf("eddy: load %s: the load ended before it had a result", mine.base.ID)
	// Deferred: those who wait must be let go on a panic and a Goexit, too.
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("eddy: load %s: %w", mine.base.ID, panicError(v))
		}
		r.mu.Lock()
		if mine.err = err; err == nil {
			r.put(mine.base.ID, mine)
		}
		delete(r.busy, mine.base.ID)
		r.mu.Unlock()
		close(mine.done)
		mine.cancel()
	}()
	turn, failed := begin(ctx, r.limit)
	if failed != nil {
		err = failed
		return
	}
	defer turn.end()
	err = e.readInTurn(ctx, s, mine, turn)
}

func (e *Engine) readInTurn(ctx context.Context, s *Snapshot, mine *entry, turn *turn) error {
	r := e.registry
	reading, err := s.loaded().Read(e.config, mine.base)
	if errors.Is(err, loader.ErrChanged) {
		return &staleError{mine.base}
	}
	if err != nil {
		return fmt.Errorf("eddy: load %s: %w", mine.base.ID, err)
	}
	for _, d := range reading.Diagnostics {
		if d.Code == loader.CodeUnreadable {
			if _, _, err := e.config.FS.ReadFile(d.Span.File, nil); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("eddy: load %s: %w", mine.base.ID, err)
			}
			return &staleError{mine.base} // it is gone, or can be read by now
		}
		if d.Severity == module.Error {
			return &module.ParseError{Module: mine.base.ID, Diagnostic: d}
		}
	}
	mine.reading = reading
	if old, ok := r.get(mine.base.ID); ok && reflect.DeepEqual(old.reading.Module, reading.Module) {
		reading.Module = old.reading.Module // only its stamps, or the snapshot, were new
		return nil
	}
	return r.admit(ctx, reading.Module, &call{module: mine.base.ID, entry: mine, turn: turn})
}

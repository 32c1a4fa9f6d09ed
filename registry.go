package eddy

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// registry holds the modules that were loaded on demand.
//
// A module goes through these states; all changes are made under mu, and readers
// of a loaded module take no lock:
//
//	absent ──► loading ──► loaded ──► leaving ──► absent
//	   ▲          │          ▲           │
//	   └─ error ──┘          └── error ──┘
//
// A module that is loaded stays so while a newer version of it is loading.
type registry struct {
	validators   []Validator
	hooks        []Hook
	refuseCycles bool
	limit        chan struct{} // one token for each module that is being loaded
	calls        *calls
	reads        sync.WaitGroup // goroutines that load a module

	loaded  sync.Map      // module.ID to *entry
	changes atomic.Uint64 // of loaded

	mu          sync.Mutex
	busy        map[module.ID]*entry                 // that are loading or leaving
	pins        map[module.ID]map[module.ID]int      // module to the targets of the loads under way that need it
	dependents  map[module.ID]map[module.ID]struct{} // module to the loaded ones that depend on it
	passed      map[module.ID][]*module.Module       // the versions that validators and hooks have let pass
	searchPaths []string
	closed      bool
}

// entry is a module that is loaded, or loading, or leaving.
type entry struct {
	base    *module.Module // the module of the snapshot that it was read for
	done    chan struct{}  // closed when reading and err are set
	reading *loader.Reading
	err     error
	stale   bool // loaded, and known to be out of date; kept until a new version is there
	leaving bool // loaded, and about to be dropped

	names atomic.Pointer[loadedNames] // of what is loaded; nil until it is asked for

	// What follows is of an entry that is busy; it is guarded by the registry's mu.
	cancel    context.CancelFunc
	callers   int            // who wait for it
	abandoned bool           // all of them have left
	waits     map[*entry]int // what its validators and hooks wait for
}

func newRegistry() *registry {
	return &registry{
		calls:      &calls{},
		busy:       map[module.ID]*entry{},
		pins:       map[module.ID]map[module.ID]int{},
		dependents: map[module.ID]map[module.ID]struct{}{},
		passed:     map[module.ID][]*module.Module{},
	}
}

// get returns what is loaded of a module.
func (r *registry) get(id module.ID) (*entry, bool) {
	v, ok := r.loaded.Load(id)
	if !ok {
		return nil, false
	}
	return v.(*entry), true
}

// hit returns a loaded module that is of the snapshot's version.
func (r *registry) hit(s *Snapshot, id module.ID) (*module.Module, bool) {
	e, ok := r.get(id)
	if !ok || e.stale || e.leaving {
		return nil, false
	}
	if base, _ := s.Module(id); e.base == base {
		return e.reading.Module, true
	}
	return nil, false
}

// put makes an entry, or nil for none, what is loaded of a module. The registry
// is locked.
func (r *registry) put(id module.ID, e *entry) {
	if old, ok := r.get(id); ok {
		for _, dep := range old.reading.Module.Deps {
			delete(r.dependents[dep.To], id)
			if len(r.dependents[dep.To]) == 0 {
				delete(r.dependents, dep.To)
			}
		}
	}
	defer r.changes.Add(1)
	if e == nil {
		r.loaded.Delete(id)
		return
	}
	r.loaded.Store(id, e)
	for _, dep := range e.reading.Module.Deps {
		if r.dependents[dep.To] == nil {
			r.dependents[dep.To] = map[module.ID]struct{}{}
		}
		r.dependents[dep.To][id] = struct{}{}
	}
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

// await waits for an entry that is busy, for a caller that may be a call of
// another entry. It is an error if ctx ends before, or if the entry waits for
// the caller: nobody would ever go on. The registry is locked, and is not when
// await returns.
func (r *registry) await(ctx context.Context, from *call, e *entry, what string) error {
	var me *entry
	if from != nil {
		me = from.entry
	}
	if me != nil {
		if e.waitsFor(me, map[*entry]struct{}{}) {
			r.mu.Unlock()
			return &module.ReentryError{Module: from.module, Call: what}
		}
		if me.waits == nil {
			me.waits = map[*entry]int{}
		}
		me.waits[e]++
	}
	e.callers++
	r.mu.Unlock()

	defer func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if e.callers--; e.callers == 0 && e.cancel != nil {
			select {
			case <-e.done:
			default:
				e.abandon()
			}
		}
		if me != nil {
			if me.waits[e]--; me.waits[e] == 0 {
				delete(me.waits, e)
			}
		}
	}()
	select {
	case <-e.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// abandon ends a load that nobody waits for. The registry is locked.
func (e *entry) abandon() {
	e.abandoned = true
	e.cancel()
}

// waitsFor reports whether an entry is another, or a call of it waits for one
// that is. The registry is locked. O(n) for n loads under way.
func (e *entry) waitsFor(other *entry, seen map[*entry]struct{}) bool {
	if e == other {
		return true
	}
	if _, ok := seen[e]; ok {
		return false
	}
	seen[e] = struct{}{}
	for next := range e.waits {
		if next.waitsFor(other, seen) {
			return true
		}
	}
	return false
}

// together lists the loaded modules that are in a cycle with one, and itself. The
// registry is locked. O(n) for n loaded modules.
func (r *registry) together(id module.ID) []module.ID {
	reach := func(next func(module.ID, func(module.ID))) map[module.ID]struct{} {
		reached := map[module.ID]struct{}{id: {}}
		queue := []module.ID{id}
		for len(queue) > 0 {
			n := queue[0]
			queue = queue[1:]
			next(n, func(to module.ID) {
				if _, ok := reached[to]; !ok {
					reached[to] = struct{}{}
					queue = append(queue, to)
				}
			})
		}
		return reached
	}
	down := reach(func(n module.ID, visit func(module.ID)) {
		for to := range r.dependents[n] {
			visit(to)
		}
	})
	if len(down) == 1 {
		return []module.ID{id}
	}
	up := reach(func(n module.ID, visit func(module.ID)) {
		if e, ok := r.get(n); ok {
			for _, dep := range e.reading.Module.Deps {
				if _, ok := down[dep.To]; ok { // else it is in no cycle with id
					visit(dep.To)
				}
			}
		}
	})
	group := make([]module.ID, 0, len(up))
	for n := range up {
		group = append(group, n)
	}
	slices.Sort(group)
	return group
}

// holders lists what keeps the modules of a group loaded: loaded modules outside
// it that depend on one, and the targets of loads under way. The registry is
// locked.
func (r *registry) holders(group []module.ID) []module.ID {
	var list []module.ID
	for _, id := range group {
		for target := range r.pins[id] {
			list = append(list, target)
		}
		for dependent := range r.dependents[id] {
			if _, in := slices.BinarySearch(group, dependent); !in {
				list = append(list, dependent)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// close ends the loads under way, and waits for them.
func (r *registry) close() {
	r.mu.Lock()
	r.closed = true
	for _, e := range r.busy {
		if e.cancel != nil {
			e.abandon()
		}
	}
	r.mu.Unlock()
	r.reads.Wait()
}

package eddy

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// Update brings the engine's snapshot up to date after some paths changed: files
// or folders, absolute or relative to the root. The new snapshot is that of a
// fresh load; it shares every module that did not change with the one before.
// Before the first load, Update loads.
func (e *Engine) Update(ctx context.Context, paths ...string) (*Snapshot, *module.Delta, error) {
	return e.advance(ctx, loader.Changes{Paths: e.relative(paths)})
}

// Rescan is Update where it is not known what changed: every file is compared
// by its stamp.
func (e *Engine) Rescan(ctx context.Context) (*Snapshot, *module.Delta, error) {
	return e.advance(ctx, loader.Changes{Rescan: true})
}

func (e *Engine) advance(ctx context.Context, changes loader.Changes) (*Snapshot, *module.Delta, error) {
	leave, err := e.enter(ctx, "update", "the workspace")
	if err != nil {
		return nil, nil, err
	}
	defer leave()
	old := e.snapshot.Load()
	if old == nil {
		old = newSnapshot(loader.Nothing(e.config.Root))
	}
	if old.stored != nil {
		changes = loader.Changes{Rescan: true} // no folder has been listed yet
	}
	result, delta, err := loader.Update(ctx, e.config, old.loaded(), changes)
	if err != nil {
		return nil, nil, fmt.Errorf("eddy: update %s: %w", e.config.Root, err)
	}
	if delta.Empty() && slices.EqualFunc(result.Set.Diagnostics, old.Diagnostics(), sameDiagnostic) {
		// Nothing that a reader can see changed: the graph need not be built again.
		s := *old
		s.loaded, s.walked = func() *loader.Result { return result }, nil
		s.stats, s.stored = result.Stats, nil
		e.snapshot.Store(&s)
		return &s, delta, nil
	}
	s := newSnapshot(result)
	s.start = old.start
	delta.Invalidated = invalidated(s.Graph(), delta)
	s.known, s.generation = e.known, e.known.advance(s.Graph(), delta.Changed())
	e.snapshot.Store(s)
	e.registry.forget(s)
	e.log.DebugContext(ctx, "updated", "root", e.config.Root, "added", len(delta.Added), "removed", len(delta.Removed),
		"modified", len(delta.Modified), "invalidated", len(delta.Invalidated), "parsed", delta.Work.Parsed)
	return s, delta, nil
}

func sameDiagnostic(a, b module.Diagnostic) bool {
	return a.Compare(b) == 0 && slices.Equal(a.Notes, b.Notes)
}

// relative makes paths slash paths from the root.
func (e *Engine) relative(paths []string) []string {
	list := make([]string, len(paths))
	for i, p := range paths {
		if filepath.IsAbs(p) {
			if rel, err := filepath.Rel(e.config.Root, p); err == nil {
				p = rel
			}
		}
		list[i] = filepath.ToSlash(filepath.Clean(p))
		list[i] = strings.TrimPrefix(list[i], "./")
	}
	return list
}

// invalidated lists what lies downstream of the modules that are new or whose
// interface changed, nearest first in search and sorted by ID in the answer. The
// importers of a module that is gone are modified themselves. A module that no
// longer parses invalidates nothing: its last good version stays in use, and when
// it is mended its interface is another than now. The tests of a Go package are
// downstream of any change of it, because they see what is private. O(V+E).
func invalidated(g *graph.Graph, d *module.Delta) []module.Invalidation {
	type mark struct{ by, via graph.NodeID }
	reached := map[graph.NodeID]mark{}
	changed := map[graph.NodeID]bool{}
	var queue []graph.NodeID
	failed := make(map[module.ID]bool, len(d.Failed))
	for _, f := range d.Failed {
		failed[f.ID] = true
	}
	start := func(id module.ID, observable bool) {
		n, ok := g.Lookup(id)
		if !ok {
			return
		}
		changed[n] = true
		if observable && !failed[id] {
			queue = append(queue, n)
		}
	}
	for _, id := range d.Added {
		start(id, true)
	}
	for _, m := range d.Modified {
		start(m.ID, m.Reason == module.ChangedInterface)
	}
	slices.Sort(queue)
	for _, n := range queue {
		reached[n] = mark{by: n, via: n}
	}
	var list []module.Invalidation
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		from := reached[n]
		for _, up := range g.In(n) {
			if _, ok := reached[up]; ok {
				continue
			}
			reached[up] = mark{by: from.by, via: n}
			queue = append(queue, up)
			if !changed[up] {
				list = append(list, module.Invalidation{ID: g.ID(up), By: g.ID(from.by), Via: g.ID(n)})
			}
		}
	}
	for _, m := range d.Modified {
		n, ok := g.Lookup(m.ID)
		if tests, has := g.Lookup(m.ID + ":test"); ok && has && m.Reason != module.ChangedInterface && !changed[tests] {
			if _, ok := reached[tests]; !ok {
				list = append(list, module.Invalidation{ID: g.ID(tests), By: g.ID(n), Via: g.ID(n)})
			}
		}
	}
	slices.SortFunc(list, func(a, b module.Invalidation) int { return a.ID.Compare(b.ID) })
	return list
}

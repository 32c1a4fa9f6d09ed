package eddy

import (
	"context"
	"fmt"
	"slices"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/module"
)

// Module returns a module that LoadModule loaded. It takes no lock.
func (e *Engine) Module(id module.ID) (*module.Module, bool) {
	v, ok := e.registry.loaded.Load(id)
	if !ok {
		return nil, false
	}
	return v.(*entry).reading.Module, true
}

// Modules lists the modules that LoadModule loaded, sorted by ID.
func (e *Engine) Modules() []*module.Module {
	var list []*module.Module
	e.registry.loaded.Range(func(_, v any) bool {
		list = append(list, v.(*entry).reading.Module)
		return true
	})
	slices.SortFunc(list, func(a, b *module.Module) int { return a.ID.Compare(b.ID) })
	return list
}

// Unload drops a loaded module. While loaded modules depend on it, or a load
// that needs it is under way, it is a [module.InUseError]; a module that is not
// loaded is a [module.NotFoundError]. Modules of one cycle hold each other: they
// are dropped together when no other module holds any of them.
func (e *Engine) Unload(ctx context.Context, id module.ID) error {
	s, err := e.current(ctx)
	if err != nil {
		return err
	}
	r := e.registry
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.loaded.Load(id); !ok {
		return &module.NotFoundError{Query: string(id)}
	}
	group := e.together(s.Graph(), id)
	var holders []module.ID
	for _, member := range group {
		holders = append(holders, e.holders(s.Graph(), member, group)...)
	}
	if len(holders) > 0 {
		slices.Sort(holders)
		return &module.InUseError{Module: id, Dependents: slices.Compact(holders)}
	}
	for _, member := range group {
		v, ok := r.loaded.Load(member)
		if !ok {
			continue
		}
		m := v.(*entry).reading.Module
		for _, h := range r.hooks {
			if h.OnUnload == nil {
				continue
			}
			if err := guard(func() error { return h.OnUnload(ctx, m) }); err != nil {
				return fmt.Errorf("%s: hook %s refuses the unload: %w", m.ID, h.Name, err)
			}
		}
		r.loaded.Delete(member)
	}
	return nil
}

// together lists the modules of id's component, id alone where it is in none.
func (e *Engine) together(g *graph.Graph, id module.ID) []module.ID {
	n, ok := g.Lookup(id)
	if !ok {
		return []module.ID{id}
	}
	// A cycle through id lies within what is both up- and downstream of it.
	up := map[graph.NodeID]bool{}
	for _, r := range g.Upstream([]graph.NodeID{n}, module.AllKinds, -1) {
		up[r.Node] = true
	}
	group := []module.ID{id}
	for _, r := range g.Downstream([]graph.NodeID{n}, module.AllKinds, -1) {
		if up[r.Node] {
			group = append(group, g.ID(r.Node))
		}
	}
	slices.Sort(group)
	return group
}

// holders lists what keeps a module loaded: loaded modules outside its group that
// depend on it, and the targets of loads under way. The registry is locked.
func (e *Engine) holders(g *graph.Graph, id module.ID, group []module.ID) []module.ID {
	var list []module.ID
	for target := range e.registry.pins[id] {
		list = append(list, target)
	}
	n, ok := g.Lookup(id)
	if !ok {
		return list
	}
	for _, dependent := range g.In(n) {
		other := g.ID(dependent)
		if _, loaded := e.registry.loaded.Load(other); loaded && !slices.Contains(group, other) {
			list = append(list, other)
		}
	}
	return list
}

// Reload reads a loaded module again if one of its files has another stamp than
// when it was read, with what it depends on now. Where the new version does not
// load, the last good one stays and the error says why.
func (e *Engine) Reload(ctx context.Context, id module.ID) (*module.Module, error) {
	v, ok := e.registry.loaded.Load(id)
	if !ok {
		return nil, &module.NotFoundError{Query: string(id)}
	}
	old := v.(*entry)
	if !old.reading.Changed(e.config.FS) {
		return old.reading.Module, nil
	}
	if _, _, err := e.Update(ctx, old.base.Files...); err != nil {
		return nil, err
	}
	// The snapshot knows imports alone, and so may not tell the versions apart.
	e.registry.loaded.CompareAndSwap(id, old, &entry{base: old.base, reading: old.reading, stale: true})
	return e.LoadModule(ctx, string(id))
}

// SourceFile is one file of a module.
type SourceFile struct {
	Path string // slash path from the workspace root
	Data []byte
}

// Source reads the files of a module of the snapshot, as they are now.
func (e *Engine) Source(ctx context.Context, id module.ID) ([]SourceFile, error) {
	s, err := e.current(ctx)
	if err != nil {
		return nil, err
	}
	m, ok := s.Module(id)
	if !ok {
		return nil, &module.NotFoundError{Query: string(id), Suggestions: s.nearest(string(id))}
	}
	var files []SourceFile
	for _, file := range m.Files {
		data, _, err := e.config.FS.ReadFile(file, nil)
		if err != nil {
			return nil, fmt.Errorf("eddy: source of %s: %w", id, err)
		}
		files = append(files, SourceFile{file, data})
	}
	return files, nil
}

package eddy

import (
	"context"
	"fmt"
	"slices"

	"github.com/eddy-build/eddy/module"
)

// Module returns a module that LoadModule loaded. It takes no lock.
func (e *Engine) Module(id module.ID) (*module.Module, bool) {
	loaded, ok := e.registry.get(id)
	if !ok {
		return nil, false
	}
	return loaded.reading.Module, true
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
// loaded is a [module.NotFoundError]. What depends on it is told by the versions
// that are loaded, not by the newest snapshot. Modules of one cycle hold each
// other: they are dropped together, when no other module holds any of them and no
// hook refuses for one.
func (e *Engine) Unload(ctx context.Context, id module.ID) error {
	r := e.registry
	if err := r.calls.refuse(ctx, "unload", string(id)); err != nil {
		return err
	}
	from := r.calls.from(ctx)
	for {
		if e.closed.Load() {
			return ErrClosed
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		r.mu.Lock()
		if _, ok := r.get(id); !ok {
			r.mu.Unlock()
			return &module.NotFoundError{Query: string(id)}
		}
		group := r.together(id)
		if holders := r.holders(group); len(holders) > 0 {
			r.mu.Unlock()
			return &module.InUseError{Module: id, Dependents: holders}
		}
		// What is loading is pinned; so those that are busy are leaving.
		if i := slices.IndexFunc(group, func(member module.ID) bool { return r.busy[member] != nil }); i >= 0 {
			if err := r.await(ctx, from, r.busy[group[i]], "unload "+string(id)); err != nil {
				return err
			}
			continue
		}
		return e.unload(ctx, from, group)
	}
}

// unload drops modules that nothing holds. The registry is locked, and is not
// when unload returns.
func (e *Engine) unload(ctx context.Context, from *call, group []module.ID) (err error) {
	r := e.registry
	leave := &entry{done: make(chan struct{})}
	before := make([]*entry, len(group))
	for i, member := range group {
		before[i], _ = r.get(member)
		r.loaded.Store(member, &entry{base: before[i].base, reading: before[i].reading, stale: before[i].stale, leaving: true})
		r.busy[member] = leave
	}
	if from != nil && from.entry != nil {
		if from.entry.waits == nil {
			from.entry.waits = map[*entry]int{}
		}
		from.entry.waits[leave]++
	}
	r.mu.Unlock()
	ended := false
	defer func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		for i, member := range group {
			if ended && err == nil {
				r.put(member, nil)
				delete(r.passed, member)
			} else {
				r.loaded.Store(member, before[i])
			}
			delete(r.busy, member)
		}
		if from != nil && from.entry != nil {
			delete(from.entry.waits, leave)
		}
		close(leave.done)
	}()
	if from != nil {
		defer from.turn.lend(ctx)()
	}
	for i, member := range group {
		m := before[i].reading.Module
		for _, h := range r.hooks {
			if h.OnUnload == nil {
				continue
			}
			err := r.calls.run(ctx, &call{module: member, entry: leave}, func(ctx context.Context) error { return h.OnUnload(ctx, m) })
			if err != nil {
				return fmt.Errorf("%s: hook %s refuses the unload: %w", member, h.Name, err)
			}
		}
	}
	ended = true
	return nil
}

// Reload reads a loaded module again if one of its files has another stamp than
// when it was read, or a folder that is a module has another file; with what it
// depends on now. Where the new version does not load, the last good one stays
// and the error says why.
func (e *Engine) Reload(ctx context.Context, id module.ID) (*module.Module, error) {
	if e.closed.Load() {
		return nil, ErrClosed
	}
	if err := e.registry.calls.refuse(ctx, "reload", string(id)); err != nil {
		return nil, err
	}
	old, ok := e.registry.get(id)
	if !ok {
		return nil, &module.NotFoundError{Query: string(id)}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	paths := slices.Clone(old.base.Files)
	changed := old.reading.Changed(e.config.FS)
	if folder, ok := e.Snapshot().loaded().Grown(e.config, old.base); ok {
		paths = append(paths, folder)
	} else if !changed {
		return old.reading.Module, nil
	}
	s, _, err := e.Update(ctx, paths...)
	if err != nil {
		return nil, err
	}
	if changed {
		e.registry.outdate(id, old)
	} else if m, ok := e.registry.hit(s, id); ok {
		return m, nil // the new file is none of the module's
	}
	return e.LoadModule(ctx, string(id))
}

// outdate makes the next load of a module read it again. The snapshot knows
// imports alone, and so may not tell the versions apart.
func (r *registry) outdate(id module.ID, old *entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now, ok := r.get(id); ok && now == old {
		r.loaded.Store(id, &entry{base: old.base, reading: old.reading, stale: true})
	}
}

// SourceFile is one file of a module.
type SourceFile struct {
	Path string // slash path from the workspace root
	Data []byte
}

// Source reads the files of a module of the snapshot, as they are now. A module
// from outside the workspace has none. An error of reading has the path.
func (e *Engine) Source(ctx context.Context, id module.ID) ([]SourceFile, error) {
	s, err := e.current(ctx, "read the source of", string(id))
	if err != nil {
		return nil, err
	}
	m, ok := s.Module(id)
	if !ok {
		return nil, &module.NotFoundError{Query: string(id), Suggestions: s.nearest(string(id))}
	}
	var files []SourceFile
	for _, file := range m.Files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		data, _, err := e.config.FS.ReadFile(file, nil)
		if err != nil {
			return nil, fmt.Errorf("eddy: source of %s: %w", id, err)
		}
		files = append(files, SourceFile{file, data})
	}
	return files, nil
}

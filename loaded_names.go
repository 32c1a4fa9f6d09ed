package eddy

import (
	"fmt"
	"slices"

	"github.com/eddy-build/eddy/module"
	"github.com/eddy-build/eddy/symbols"
)

// loadedNames answers what names mean in a loaded module. It holds what the module
// depends on as it was loaded at some time.
type loadedNames struct {
	changes uint64 // of the registry at that time
	index   *symbols.Index
}

// resolve says what a name means in a module of the snapshot, by the exports that
// the snapshot has, else by those that were loaded on demand.
func (e *Engine) resolve(s *Snapshot, from module.ID, name string) (*symbols.Resolution, error) {
	if s.hasExports() {
		return s.Resolve(from, name)
	}
	loaded, ok := e.registry.get(from)
	if !ok {
		if _, known := s.Module(from); !known {
			return nil, &module.NotFoundError{Query: string(from), Suggestions: s.nearest(string(from))}
		}
		return nil, fmt.Errorf("%w, or load %s with LoadModule first", ErrNoExports, from)
	}
	if name == "" {
		return nil, s.unnamed(from)
	}
	return e.registry.namesOf(s, loaded).Resolve(from, name)
}

// namesOf returns the index of a loaded module and its upstream. It is made anew
// after a module was loaded or unloaded: O(n log n) for n modules upstream.
func (r *registry) namesOf(s *Snapshot, of *entry) *symbols.Index {
	changes := r.changes.Load()
	if names := of.names.Load(); names != nil && names.changes == changes {
		return names.index
	}
	list := []*module.Module{of.reading.Module}
	seen := map[module.ID]struct{}{list[0].ID: {}}
	for i := 0; i < len(list); i++ {
		for _, dep := range list[i].Deps {
			if _, ok := seen[dep.To]; ok {
				continue
			}
			seen[dep.To] = struct{}{}
			if loaded, ok := r.get(dep.To); ok {
				list = append(list, loaded.reading.Module)
			} else if m, ok := s.Module(dep.To); ok {
				if m.Kind == module.KindSource || m.Kind == module.KindTest {
					unread := *m // nothing is known of its names
					unread.Open, m = true, &unread
				}
				list = append(list, m)
			}
		}
	}
	slices.SortFunc(list, func(a, b *module.Module) int { return a.ID.Compare(b.ID) })
	index := symbols.New(&module.Set{Modules: list})
	of.names.Store(&loadedNames{changes, index})
	return index
}

package eddy

import (
	"path"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/eddy-build/eddy/cache"
	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
	"github.com/eddy-build/eddy/symbols"
)

// Snapshot is the immutable result of one load. It is safe for concurrent use.
type Snapshot struct {
	set    func() *module.Set
	loaded func() *loader.Result // nil where the set came from elsewhere
	// stored is what set and loaded are made of when they are asked for: a
	// snapshot out of a store that holds as it is. The loaded result then knows
	// nothing of what the workspace has beside sources. Else it is nil.
	stored *cache.Stored
	// walked looks at the workspace for what stored does not tell; nil where loaded
	// knows it.
	walked func() *loader.Result
	detail loader.Detail
	stats  loader.Stats
	start  Start
	graph  func() *graph.Graph
	names  func() map[string][]module.ID
	index  func() *symbols.Index

	known      *known // of the engine; nil where the set came from elsewhere
	generation uint64 // in known
}

// NewSnapshot makes a snapshot of a set from elsewhere, such as one read back
// from JSON.
func NewSnapshot(set *module.Set) *Snapshot {
	s := lazySnapshot(func() *module.Set { return set })
	s.graph = sync.OnceValue(func() *graph.Graph { return graph.Of(set) })
	return s
}

// lazySnapshot makes a snapshot without a graph of a set that is asked for when
// it is needed.
func lazySnapshot(set func() *module.Set) *Snapshot {
	s := &Snapshot{set: set}
	s.index = sync.OnceValue(func() *symbols.Index { return symbols.New(set()) })
	s.names = sync.OnceValue(func() map[string][]module.ID {
		modules := set().Modules
		names := make(map[string][]module.ID, len(modules))
		for _, m := range modules {
			names[m.Name] = append(names[m.Name], m.ID)
		}
		return names
	})
	return s
}

func newSnapshot(result *loader.Result) *Snapshot {
	s := NewSnapshot(result.Set)
	s.loaded, s.graph = func() *loader.Result { return result }, result.Graph
	s.detail, s.stats = result.Detail, result.Stats
	return s
}

// Set returns the modules and diagnostics.
func (s *Snapshot) Set() *module.Set { return s.set() }

// Modules lists all modules, sorted by ID: external and asset modules too.
func (s *Snapshot) Modules() []*module.Module { return s.set().Modules }

// Diagnostics lists the problems of the user's files, sorted.
func (s *Snapshot) Diagnostics() []module.Diagnostic {
	if s.stored != nil {
		return s.stored.Diagnostics
	}
	return s.set().Diagnostics
}

// Count returns how many modules are files of the workspace and how many come
// from outside it.
func (s *Snapshot) Count() (local, outside int) {
	count := func(k module.Kind) {
		if k.Local() {
			local++
		} else {
			outside++
		}
	}
	if s.stored != nil {
		for i := range s.stored.Len() {
			count(s.stored.Kind(i))
		}
		return local, outside
	}
	for _, m := range s.set().Modules {
		count(m.Kind)
	}
	return local, outside
}

// Graph returns the dependency graph. The first call builds it.
func (s *Snapshot) Graph() *graph.Graph { return s.graph() }

// Unresolved lists the modules that have an import which leads nowhere, sorted by
// ID.
func (s *Snapshot) Unresolved() []*module.Module {
	var list []*module.Module
	if s.stored != nil {
		for i := range s.stored.Len() {
			if s.stored.Unresolved(i) {
				list = append(list, s.stored.Module(i))
			}
		}
		return list
	}
	for _, m := range s.set().Modules {
		if len(m.Unresolved) > 0 {
			list = append(list, m)
		}
	}
	return list
}

// Stats counts the work of the load; zero for a set from elsewhere.
func (s *Snapshot) Stats() loader.Stats { return s.stats }

// Start says how the load began that the snapshot, or the first of those that it
// was updated from, came from; zero for a set from elsewhere.
func (s *Snapshot) Start() Start { return s.start }

// Module returns the module of an ID. O(log n).
func (s *Snapshot) Module(id module.ID) (*module.Module, bool) {
	if s.stored != nil {
		i, ok := sort.Find(s.stored.Len(), func(i int) int { return id.Compare(s.stored.ID(i)) })
		if !ok {
			return nil, false
		}
		return s.stored.Module(i), true
	}
	modules := s.set().Modules
	i, ok := slices.BinarySearchFunc(modules, id, func(m *module.Module, id module.ID) int { return m.ID.Compare(id) })
	if !ok {
		return nil, false
	}
	return modules[i], true
}

// Find returns the modules that a query means, sorted: the one of that ID, or
// those of that name, or one of whose files has that path, or those whose ID
// matches it as a glob, in which "*" and "?" stop at a slash and "**" does not.
// Nothing found is a [module.NotFoundError] with the nearest IDs.
func (s *Snapshot) Find(query string) ([]module.ID, error) {
	if _, ok := s.Module(module.ID(query)); ok {
		return []module.ID{module.ID(query)}, nil
	}
	if query == "" {
		return nil, &module.NotFoundError{} // what has no name has an empty one
	}
	if ids := s.names()[query]; len(ids) > 0 {
		return ids, nil
	}
	if clean := path.Clean(strings.ReplaceAll(query, `\`, "/")); clean != query {
		if _, ok := s.Module(module.ID(clean)); ok {
			return []module.ID{module.ID(clean)}, nil
		}
	}
	if ids := s.ownersOf(path.Clean(query)); len(ids) > 0 {
		return ids, nil
	}
	if ids := s.glob(query); len(ids) > 0 {
		return ids, nil
	}
	return nil, &module.NotFoundError{Query: query, Suggestions: s.nearest(query)}
}

// ownersOf returns the modules that a file of this path belongs to.
func (s *Snapshot) ownersOf(file string) []module.ID {
	var ids []module.ID
	for _, m := range s.set().Modules {
		if _, ok := slices.BinarySearch(m.Files, file); ok {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

// glob returns the modules whose ID matches a pattern.
func (s *Snapshot) glob(pattern string) []module.ID {
	if !strings.ContainsAny(pattern, "*?[{") || !doublestar.ValidatePattern(pattern) {
		return nil
	}
	var ids []module.ID
	for _, m := range s.set().Modules {
		if ok, _ := doublestar.Match(pattern, string(m.ID)); ok {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

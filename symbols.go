package eddy

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/eddy-build/eddy/cache"
	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
	"github.com/eddy-build/eddy/symbols"
)

// ErrNoExports is returned where names are asked for and the load did not read
// them.
var ErrNoExports = errors.New("eddy: the exports were not read; open the engine with WithDetail(loader.DetailExports)")

// Resolve says what a name means in a module: one of its own declarations, a
// name that it exports, the local name of an import, or a name behind one of
// these with a dot ("ns.x", "pkg.Name", "T.M"). The chain holds every hop on the
// way to the declaration, through aliases, re-exports and stars.
//
// The error is a [*module.NotFoundError] for the module, a [*module.SymbolError]
// with the nearest names, a [*module.VisibilityError] where the symbol is there
// and may not be used, or [ErrNoExports]. The answer is shared: do not write to
// it. Of a name that was asked for before it comes from the engine's symbol
// caches, without an allocation.
func (s *Snapshot) Resolve(from module.ID, name string) (*symbols.Resolution, error) {
	return s.resolve(cache.ClassSymbols, from, name)
}

// ResolveKind is Resolve for a symbol that must be of a kind; it is no symbol of
// the module if it is of another. What is beyond what was loaded is of any kind.
func (s *Snapshot) ResolveKind(from module.ID, name string, kind module.SymbolKind) (*symbols.Resolution, error) {
	class := cache.ClassSymbols
	switch kind {
	case module.SymbolType:
		class = cache.ClassTypes
	case module.SymbolFunction:
		class = cache.ClassFunctions
	case module.SymbolConstant:
		class = cache.ClassConstants
	}
	r, err := s.resolve(class, from, name)
	if err == nil && r.Symbol.Kind != kind && !r.Open {
		return nil, fmt.Errorf("%w of the kind %s: it is a %s", &module.SymbolError{Module: from, Symbol: name}, kind, r.Symbol.Kind)
	}
	return r, err
}

// ResolveIn says what a name of the module target means to the module from: the
// rules of visibility are those between the two. Its errors are those of Resolve.
func (s *Snapshot) ResolveIn(from, target module.ID, name string) (*symbols.Resolution, error) {
	if !s.hasExports() {
		return nil, ErrNoExports
	}
	if name == "" {
		return nil, s.unnamed(target)
	}
	return s.index().ResolveIn(from, target, name)
}

// Uses lists the imports that take a name of a module, from it or from a module
// that passes it on, by module and place.
func (s *Snapshot) Uses(id module.ID, name string) ([]symbols.Use, error) {
	if !s.hasExports() {
		return nil, ErrNoExports
	}
	return s.index().Uses(id, name)
}

// Symbols lists the names of a module, by name: its own and those that it passes
// on, each with what it means; with all set, the private ones too.
func (s *Snapshot) Symbols(id module.ID, all bool) ([]symbols.Named, error) {
	if !s.hasExports() {
		return nil, ErrNoExports
	}
	return s.index().Symbols(id, all)
}

// unnamed is why an empty name means nothing in a module.
func (s *Snapshot) unnamed(id module.ID) error {
	if _, ok := s.Module(id); !ok {
		return &module.NotFoundError{Query: string(id), Suggestions: s.nearest(string(id))}
	}
	return &module.SymbolError{Module: id}
}

func (s *Snapshot) hasExports() bool {
	return s.loaded != nil && s.detail >= loader.DetailExports
}

func (s *Snapshot) resolve(class cache.Class, from module.ID, name string) (*symbols.Resolution, error) {
	key := cache.Key{Module: from, Name: name}
	if r, ok := s.known.get(s.generation, class, key); ok {
		return r, nil
	}
	if !s.hasExports() {
		return nil, ErrNoExports
	}
	if name == "" {
		return nil, s.unnamed(from)
	}
	r, err := s.index().Resolve(from, name)
	if err == nil {
		s.known.put(s.generation, class, key, r)
	}
	return r, err
}

// known are the answers that an engine keeps from snapshot to snapshot. Each
// snapshot has a generation; only the newest one reads and writes, so that an
// older one that is still in use neither sees what came after it nor leaves what
// no longer holds.
type known struct {
	answers    *cache.Symbols[*symbols.Resolution]
	generation atomic.Uint64
	advancing  sync.RWMutex // held for writing while the generation changes
}

func newKnown(limits [4]cache.Limits) *known {
	return &known{answers: cache.NewSymbols(limits, resolutionBytes)}
}

// resolutionBytes estimates what an answer holds. The strings are the modules'.
func resolutionBytes(r *symbols.Resolution) int64 {
	const resolution, hop = 280, 64
	return resolution + hop*int64(len(r.Chain))
}

func (k *known) get(generation uint64, class cache.Class, key cache.Key) (*symbols.Resolution, bool) {
	if k == nil || k.generation.Load() != generation {
		return nil, false
	}
	r, ok := k.answers.Get(class, key)
	// What was found is of this generation only if none has begun meanwhile.
	return r, ok && k.generation.Load() == generation
}

func (k *known) put(generation uint64, class cache.Class, key cache.Key, r *symbols.Resolution) {
	if k == nil {
		return
	}
	k.advancing.RLock()
	defer k.advancing.RUnlock()
	if k.generation.Load() == generation {
		k.answers.Put(class, key, r)
	}
}

// advance begins a generation, after some modules changed in any way: what they
// or a module downstream of them has an answer on is forgotten. It returns the
// number of the generation.
func (k *known) advance(g *graph.Graph, changed []module.ID) uint64 {
	var starts []graph.NodeID
	stale := changed
	for _, id := range changed {
		if n, ok := g.Lookup(id); ok {
			starts = append(starts, n)
		}
	}
	for _, r := range g.Downstream(starts, module.AllKinds, -1) {
		stale = append(stale, g.ID(r.Node))
	}
	k.advancing.Lock()
	defer k.advancing.Unlock()
	if len(stale) > 0 {
		k.answers.InvalidateModule(stale...)
	}
	return k.generation.Add(1)
}

// restart begins a generation that knows nothing.
func (k *known) restart() uint64 {
	k.advancing.Lock()
	defer k.advancing.Unlock()
	k.answers.Purge()
	return k.generation.Add(1)
}

// SymbolCache returns the caches of what names mean, with their statistics.
func (e *Engine) SymbolCache() *cache.Symbols[*symbols.Resolution] { return e.known.answers }

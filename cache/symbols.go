package cache

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/eddy-build/eddy/module"
)

// Class chooses one of the four caches of a [Symbols].
type Class uint8

// The classes.
const (
	ClassSymbols Class = iota // a name as seen from a module, of any kind
	ClassTypes
	ClassFunctions
	ClassConstants
	classes
)

var classNames = [classes]string{"symbols", "types", "functions", "constants"}

// String returns "symbols", "types", "functions" or "constants".
func (c Class) String() string { return classNames[c] }

// Key is a name in a module.
type Key struct {
	Module module.ID
	Name   string
}

// Limits bound one class. Zero means the default.
type Limits struct {
	Entries int
	Bytes   int64
}

// The default limits of a class: what the exports of about ten thousand modules
// take.
const (
	DefaultEntries = 1 << 16
	DefaultBytes   = 32 << 20
)

// Symbols holds what was worked out about symbols in four LRUs, each bounded by
// entries and by bytes. It is safe for concurrent use. A lookup that hits takes
// one lock and allocates nothing.
type Symbols[V any] struct {
	tables [classes]table[V]
}

// NewSymbols makes the caches. size estimates the bytes that a value holds; it
// must give the same answer for the same value.
func NewSymbols[V any](limits [4]Limits, size func(V) int64) *Symbols[V] {
	s := &Symbols[V]{}
	for i := range s.tables {
		l := limits[i]
		if l.Entries <= 0 {
			l.Entries = DefaultEntries
		}
		if l.Bytes <= 0 {
			l.Bytes = DefaultBytes
		}
		s.tables[i].init(l, size)
	}
	return s
}

// Get returns the value of a key and marks it as used.
func (s *Symbols[V]) Get(c Class, key Key) (V, bool) {
	t := &s.tables[c]
	start := t.begin()
	t.mu.Lock()
	e, ok := t.lru.Get(key)
	t.looked(ok, start)
	t.mu.Unlock()
	return e.value, ok
}

// Put stores a value. One that is larger than the whole class is not kept.
func (s *Symbols[V]) Put(c Class, key Key, value V) {
	t := &s.tables[c]
	t.mu.Lock()
	defer t.mu.Unlock()
	t.put(key, value)
}

// GetOrLoad returns the value of a key, loading it where it is not there. However
// many callers ask at once, load runs once, in a goroutine of its own, and all get
// its answer; an error is not kept. A caller whose ctx ends stops waiting, the
// first one too, and the load goes on for the others. That load panics or ends its
// goroutine is an error to all. It must not ask for its own key, for which it would
// wait for ever.
func (s *Symbols[V]) GetOrLoad(ctx context.Context, c Class, key Key, load func() (V, error)) (V, error) {
	t := &s.tables[c]
	start := t.begin()
	t.mu.Lock()
	e, ok := t.lru.Get(key)
	t.looked(ok, start)
	if ok {
		t.mu.Unlock()
		return e.value, nil
	}
	running := t.loading[key]
	if running == nil {
		if err := ctx.Err(); err != nil {
			t.mu.Unlock()
			return e.value, err
		}
		running = &loading[V]{done: make(chan struct{})}
		t.loading[key] = running
		t.stats.Loads++
		go t.load(key, running, load)
	}
	t.mu.Unlock()
	select {
	case <-running.done:
		return running.value, running.err
	case <-ctx.Done():
		return e.value, ctx.Err()
	}
}

// load runs a load and keeps what it gives.
func (t *table[V]) load(key Key, l *loading[V], load func() (V, error)) {
	l.err = errEnded
	defer func() { // those who wait must be let go on a Goexit, too
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.loading[key] == l { // else it was invalidated meanwhile
			delete(t.loading, key)
			if l.err == nil {
				t.put(key, l.value)
			}
		}
		close(l.done)
	}()
	l.value, l.err = contained(load)
}

// errEnded is the error of a load that did not return.
var errEnded = errors.New("the load ended its goroutine")

// InvalidateModule forgets what is known of the names of some modules; loads of
// theirs that are running are not kept. O(n) in the entries, for any number of
// modules.
func (s *Symbols[V]) InvalidateModule(ids ...module.ID) {
	gone := make(map[module.ID]struct{}, len(ids))
	for _, id := range ids {
		gone[id] = struct{}{}
	}
	for i := range s.tables {
		s.tables[i].invalidate(gone)
	}
}

// Purge forgets everything; loads that are running are not kept.
func (s *Symbols[V]) Purge() {
	for i := range s.tables {
		t := &s.tables[i]
		t.mu.Lock()
		t.lru.Purge()
		clear(t.loading)
		t.mu.Unlock()
	}
}

// SymbolStats are the figures of one class.
type SymbolStats struct {
	Class     string        `json:"class"`
	Entries   int           `json:"entries"`
	Bytes     int64         `json:"bytes"`
	Hits      uint64        `json:"hits"`
	Misses    uint64        `json:"misses"`
	Loads     uint64        `json:"loads"`
	Evictions uint64        `json:"evictions"` // for want of room; what is invalidated does not count
	Lookup    time.Duration `json:"lookup"`    // in all lookups together, from a sample of them
}

// Stats returns the figures of each class, in the order of the classes.
func (s *Symbols[V]) Stats() [4]SymbolStats {
	var all [classes]SymbolStats
	for i := range s.tables {
		t := &s.tables[i]
		t.mu.Lock()
		all[i] = t.stats
		all[i].Class, all[i].Entries, all[i].Bytes = classNames[i], t.lru.Len(), t.bytes
		t.mu.Unlock()
	}
	return all
}

// table is one class.
type table[V any] struct {
	mu      sync.Mutex
	lru     *simplelru.LRU[Key, entry[V]]
	size    func(V) int64
	limits  Limits
	bytes   int64
	loading map[Key]*loading[V]
	stats   SymbolStats
	lookups atomic.Uint64
}

type entry[V any] struct {
	value V
	bytes int64
}

// loading is a load that runs; its fields may be read once done is closed.
type loading[V any] struct {
	done  chan struct{}
	value V
	err   error
}

// entryBytes is what an entry costs beside its value and the strings of its key:
// the list element and its place in the map.
const entryBytes = 160

func (t *table[V]) init(limits Limits, size func(V) int64) {
	t.limits, t.size = limits, size
	t.loading = map[Key]*loading[V]{}
	// The callback runs for every removal, so that the bytes are always right.
	lru, err := simplelru.NewLRU(limits.Entries, func(_ Key, e entry[V]) { t.bytes -= e.bytes })
	if err != nil {
		panic(err) // only for a size below one
	}
	t.lru = lru
}

// sampled is how many lookups the time of one stands for: the clock costs as
// much as the lookup.
const sampled = 64

// begin reads the clock for one lookup in so many.
func (t *table[V]) begin() time.Time {
	if t.lookups.Add(1)%sampled != 1 {
		return time.Time{}
	}
	return time.Now()
}

func (t *table[V]) looked(hit bool, start time.Time) {
	if hit {
		t.stats.Hits++
	} else {
		t.stats.Misses++
	}
	if !start.IsZero() {
		t.stats.Lookup += sampled * time.Since(start)
	}
}

func (t *table[V]) put(key Key, value V) {
	e := entry[V]{value, t.size(value) + entryBytes + int64(len(key.Module)+len(key.Name))}
	t.lru.Remove(key)
	if e.bytes > t.limits.Bytes {
		return
	}
	t.bytes += e.bytes
	if t.lru.Add(key, e) {
		t.stats.Evictions++
	}
	for t.bytes > t.limits.Bytes {
		t.lru.RemoveOldest()
		t.stats.Evictions++
	}
}

func (t *table[V]) invalidate(gone map[module.ID]struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, key := range t.lru.Keys() {
		if _, ok := gone[key.Module]; ok {
			t.lru.Remove(key)
		}
	}
	for key := range t.loading {
		if _, ok := gone[key.Module]; ok {
			delete(t.loading, key)
		}
	}
}

// contained calls load and turns a panic into an error with its stack.
func contained[V any](load func() (V, error)) (value V, err error) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case error:
			err = fmt.Errorf("panic: %w\n%s", v, debug.Stack())
		default:
			err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
		}
	}()
	return load()
}

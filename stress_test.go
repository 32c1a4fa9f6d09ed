package eddy

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/eddy-build/eddy/cache"
	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// TestStress has 1,000 goroutines load, resolve, reload and unload the same 5,000
// modules, while files change under them: no deadlock, a module is parsed once a
// version, hooks are called once a version, and the symbol caches keep within
// their limits, by the heap's own account too.
func TestStress(t *testing.T) {
	t.Run("exports with the workspace", func(t *testing.T) { stress(t, loader.DetailExports) })
	t.Run("exports on demand", func(t *testing.T) { stress(t, loader.DetailImports) })
}

func stress(t *testing.T, detail loader.Detail) {
	const modules, goroutines, calls, edits = 5000, 1000, 12, 20
	id := func(n int) module.ID { return module.ID(fmt.Sprintf("p%d", n)) }
	source := func(n, version int) string {
		src := "package p\n"
		for _, j := range []int{n + 1, n + 3} {
			if j/5 == n/5 { // in fives
				src += fmt.Sprintf("import _ \"m/p%d\"\n", j)
			}
		}
		return src + fmt.Sprintf("type C%d [%d]int\n", n, version)
	}
	files := map[string]string{"go.mod": "module m\n"}
	for n := range modules {
		files[string(id(n))+"/p.go"] = source(n, 1)
	}
	fs := fsys.MemOf(files)
	var reads, loads, unloads, edited [modules]atomic.Int32
	number := func(name string) (n int) {
		if _, err := fmt.Sscanf(name, "p%d", &n); err != nil {
			t.Error(err)
		}
		return n
	}
	fs.Before(func(op, name string) {
		if strings.HasPrefix(op, "read") && strings.HasSuffix(name, ".go") {
			reads[number(name)].Add(1)
		}
	})
	limit := cache.Limits{Entries: 3000, Bytes: 512 << 10}
	e := open(t, "/", withFS(fs), WithWorkers(4), WithDetail(detail), WithDigests(),
		WithSymbolLimits([4]cache.Limits{limit, limit, limit, limit}),
		WithHook(Hook{Name: "count",
			OnLoad: func(_ context.Context, m *module.Module) error {
				loads[number(string(m.ID))].Add(1)
				return nil
			},
			OnUnload: func(_ context.Context, m *module.Module) error {
				unloads[number(string(m.ID))].Add(1)
				return nil
			}}))
	ctx := t.Context()
	load(t, e)
	for n := range modules {
		if reads[n].Load() != 1 {
			t.Fatalf("p%d was read %d times by the load", n, reads[n].Load())
		}
	}
	var edit atomic.Int32
	var group sync.WaitGroup
	for g := range goroutines {
		group.Go(func() {
			random := rand.New(rand.NewPCG(uint64(g), 1))
			for range calls {
				n := random.IntN(modules)
				switch op := random.IntN(100); {
				case op < 45:
					if m, err := e.LoadModule(ctx, string(id(n))); err != nil || m.ID != id(n) || len(m.Exports) != 1 {
						t.Errorf("load p%d: %v, %v", n, m, err)
					}
				case op < 75:
					r, err := e.Resolve(ctx, id(n), fmt.Sprintf("C%d", n))
					if unread := errors.Is(err, ErrNoExports) && detail == loader.DetailImports; !unread && (err != nil || r.Symbol.Module != id(n)) {
						t.Errorf("resolve in p%d: %v", n, err)
					}
				case op < 85:
					if _, err := e.Reload(ctx, id(n)); err != nil && !errors.Is(err, module.ErrNotFound) {
						t.Errorf("reload p%d: %v", n, err)
					}
				case op < 87:
					// Each module is edited once, so that no version goes by unseen.
					if k := int(edit.Add(1)); k <= edits {
						n := k * (modules / edits) * 7 % modules
						if _, err := e.LoadModule(ctx, string(id(n))); err != nil {
							t.Error(err)
						}
						edited[n].Store(1)
						fs.Write(string(id(n))+"/p.go", source(n, 2))
						if _, err := e.Reload(ctx, id(n)); err != nil && !errors.Is(err, module.ErrNotFound) {
							t.Errorf("reload p%d: %v", n, err)
						}
					}
				default:
					err := e.Unload(ctx, id(n))
					if err != nil && !errors.Is(err, module.ErrInUse) && !errors.Is(err, module.ErrNotFound) {
						t.Errorf("unload p%d: %v", n, err)
					}
				}
			}
		})
	}
	group.Wait()

	// What is loaded is of the newest version, once every edit has been seen.
	for n := range modules {
		if edited[n].Load() == 0 {
			continue
		}
		if _, _, err := e.Update(ctx, string(id(n))+"/p.go"); err != nil {
			t.Fatal(err)
		}
		m, err := e.LoadModule(ctx, string(id(n)))
		if err == nil {
			m, err = e.Reload(ctx, m.ID)
		}
		if err != nil || !strings.Contains(m.Exports[0].Signature, "[2]int") {
			t.Errorf("p%d after its edit: %v, %v", n, m, err)
		}
	}
	var sum struct{ loads, unloads, edited int32 }
	for n := range modules {
		versions := 1 + edited[n].Load()
		loaded, gone, read := loads[n].Load(), unloads[n].Load(), reads[n].Load()
		sum.loads, sum.unloads, sum.edited = sum.loads+loaded, sum.unloads+gone, sum.edited+versions-1
		if loaded > versions+gone {
			t.Errorf("p%d: OnLoad was called %d times, for %d versions and %d unloads", n, loaded, versions, gone)
		}
		want := versions // the workspace's own reads
		if detail == loader.DetailImports {
			want += loaded
		}
		if read > want {
			t.Errorf("p%d was read %d times, for %d versions and %d loads", n, read, versions, loaded)
		}
	}
	t.Logf("%d loads, %d unloads, %d edits, %d loaded at the end", sum.loads, sum.unloads, sum.edited, len(e.Modules()))
	if sum.unloads == 0 || sum.edited == 0 || len(e.Modules()) == 0 {
		t.Error("the test did nothing")
	}
	if n := len(e.registry.pins) + len(e.registry.busy) + len(e.registry.limit); n != 0 {
		t.Errorf("%d pins, loads and workers are left", n)
	}
	if detail == loader.DetailExports {
		measureSymbolCache(t, e, limit)
	}
}

// measureSymbolCache compares what the symbol caches say that they hold with what
// the heap loses when they are emptied.
func measureSymbolCache(t *testing.T, e *Engine, limit cache.Limits) {
	var claimed int64
	var evictions uint64
	for _, st := range e.SymbolCache().Stats() {
		if st.Bytes > limit.Bytes || st.Entries > limit.Entries {
			t.Errorf("%s: %d bytes in %d entries", st.Class, st.Bytes, st.Entries)
		}
		claimed += st.Bytes
		evictions += st.Evictions
	}
	heap := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := heap()
	e.SymbolCache().Purge()
	held := before - heap()
	t.Logf("the symbol caches claim %d bytes and held %d, after %d evictions", claimed, held, evictions)
	if held > claimed || evictions == 0 {
		t.Errorf("the symbol caches claim %d bytes and held %d, after %d evictions", claimed, held, evictions)
	}
}

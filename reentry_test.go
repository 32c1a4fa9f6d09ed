package eddy

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/eddy-build/eddy/cache"
	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// island is a workspace of modules of which a and b form a chain, and the others
// stand alone.
var island = map[string]string{"a.py": "import b\n", "b.py": "", "x.py": "", "y.py": "", "z.py": ""}

// bubble runs a test on an engine in memory, in a bubble in which a deadlock of
// all its goroutines fails the test at once. The hooks find the engine in *e. The
// context that a hook is given is passed on, or another one is used.
func bubble(t *testing.T, test func(t *testing.T, workers int, use func(context.Context) context.Context)) {
	for _, workers := range []int{1, 3} {
		for name, use := range map[string]func(context.Context) context.Context{
			"its context":     func(ctx context.Context) context.Context { return ctx },
			"another context": func(context.Context) context.Context { return context.Background() },
		} {
			t.Run(fmt.Sprintf("%d workers, %s", workers, name), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { test(t, workers, use) })
			})
		}
	}
}

func openIsland(t *testing.T, workers int, opts ...Option) *Engine {
	return open(t, "/", append([]Option{withFS(fsys.MemOf(island)), WithWorkers(workers)}, opts...)...)
}

// onLoad is a hook for some modules.
func onLoad(calls map[module.ID]func(ctx context.Context) error) Option {
	return WithHook(Hook{Name: "test", OnLoad: func(ctx context.Context, m *module.Module) error {
		if f := calls[m.ID]; f != nil {
			return f(ctx)
		}
		return nil
	}})
}

// A hook may load other modules, as deep as it likes, at one worker too.
func TestHookLoads(t *testing.T) {
	bubble(t, func(t *testing.T, workers int, use func(context.Context) context.Context) {
		var e *Engine
		load := func(id string) func(context.Context) error {
			return func(ctx context.Context) error {
				_, err := e.LoadModule(use(ctx), id)
				return err
			}
		}
		e = openIsland(t, workers, onLoad(map[module.ID]func(context.Context) error{
			"x.py": load("y.py"), "y.py": load("a.py"), "b.py": load("z.py"),
		}))
		if _, err := e.LoadModule(t.Context(), "x.py"); err != nil {
			t.Fatal(err)
		}
		if got := ids(e.Modules()); len(got) != len(island) {
			t.Errorf("loaded %v, want all", got)
		}
		if n := len(e.registry.limit); n != 0 {
			t.Errorf("%d workers are not given back", n)
		}
	})
}

// What would wait for itself is refused: of the module that the hook is called
// for, of one that depends on it, and of one whose own hook waits for it.
func TestHookLoadsItself(t *testing.T) {
	for name, calls := range map[string]map[module.ID]string{
		"itself":              {"x.py": "x.py"},
		"a dependent":         {"b.py": "a.py"},
		"two of each other":   {"x.py": "y.py", "y.py": "x.py"},
		"three of each other": {"x.py": "y.py", "y.py": "z.py", "z.py": "x.py"},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, workers int, use func(context.Context) context.Context) {
				var e *Engine
				var refused atomic.Int32
				hooks := map[module.ID]func(context.Context) error{}
				for id, target := range calls {
					hooks[id] = func(ctx context.Context) error {
						_, err := e.LoadModule(use(ctx), target)
						var reentry *module.ReentryError
						if errors.As(err, &reentry) {
							refused.Add(1)
							if !errors.Is(err, module.ErrReentry) || reentry.Module != id {
								t.Errorf("the hook of %s got %v", id, err)
							}
							return nil // and lives with it
						}
						return err
					}
				}
				e = openIsland(t, workers, onLoad(hooks))
				// All at once, so that the two halves of a circle meet.
				var group sync.WaitGroup
				for range 3 {
					for id := range calls {
						group.Go(func() {
							if _, err := e.LoadModule(t.Context(), string(id)); err != nil {
								t.Error(err)
							}
						})
					}
				}
				group.Wait()
				if refused.Load() == 0 {
					t.Error("nothing was refused")
				}
				if n := len(e.registry.limit) + len(e.registry.busy) + len(e.registry.pins); n != 0 {
					t.Errorf("%d workers, loads and pins are left", n)
				}
			})
		})
	}
}

// TestHookOnItsModule calls, from the hooks of a module, what concerns that module.
func TestHookOnItsModule(t *testing.T) {
	bubble(t, func(t *testing.T, workers int, use func(context.Context) context.Context) {
		var e *Engine
		e = openIsland(t, workers, WithHook(Hook{Name: "test",
			OnLoad: func(ctx context.Context, m *module.Module) error {
				if err := e.Unload(use(ctx), m.ID); !errors.Is(err, module.ErrNotFound) {
					t.Errorf("unload while it is loaded: %v", err)
				}
				if m.ID == "a.py" {
					var inUse *module.InUseError
					if err := e.Unload(use(ctx), "b.py"); !errors.As(err, &inUse) || !slices.Equal(inUse.Dependents, []module.ID{"a.py"}) {
						t.Errorf("unload of what it needs: %v", err)
					}
				}
				if _, err := e.Reload(use(ctx), m.ID); !errors.Is(err, module.ErrNotFound) {
					t.Errorf("reload while it is loaded: %v", err)
				}
				if _, err := e.Source(use(ctx), m.ID); err != nil {
					t.Error(err)
				}
				if _, _, err := e.Update(use(ctx), "a.py"); err != nil {
					t.Errorf("update: %v", err)
				}
				if err := e.Close(); !errors.Is(err, module.ErrReentry) {
					t.Errorf("close: %v", err)
				}
				return nil
			},
			OnUnload: func(ctx context.Context, m *module.Module) error {
				if _, ok := e.Module(m.ID); !ok {
					t.Error("it is gone before the hook has agreed")
				}
				if err := e.Unload(use(ctx), m.ID); !errors.Is(err, module.ErrReentry) {
					t.Errorf("unload while it is unloaded: %v", err)
				}
				if _, err := e.LoadModule(use(ctx), string(m.ID)); !errors.Is(err, module.ErrReentry) {
					t.Errorf("load while it is unloaded: %v", err)
				}
				if _, err := e.LoadModule(use(ctx), "z.py"); m.ID != "z.py" && err != nil {
					t.Errorf("load of another: %v", err)
				}
				return nil
			}}))
		for range 2 {
			for _, id := range []module.ID{"a.py", "z.py"} {
				if _, err := e.LoadModule(t.Context(), string(id)); err != nil {
					t.Fatal(err)
				}
			}
			for _, id := range []module.ID{"a.py", "b.py", "z.py"} {
				if err := e.Unload(t.Context(), id); err != nil {
					t.Error(err)
				}
			}
		}
	})
}

// In a load of the workspace, hooks can begin nothing: there is nothing to begin
// it on.
func TestHookInWorkspaceLoad(t *testing.T) {
	bubble(t, func(t *testing.T, workers int, use func(context.Context) context.Context) {
		var e *Engine
		calls := 0
		e = openIsland(t, workers, WithDetail(loader.DetailExports), onLoad(map[module.ID]func(context.Context) error{
			"x.py": func(ctx context.Context) error {
				calls++
				for what, err := range map[string]error{
					"load":     second(e.LoadModule(use(ctx), "y.py")),
					"load all": second(e.Load(use(ctx))),
					"update":   func() error { _, _, err := e.Update(use(ctx), "y.py"); return err }(),
					"resolve":  second(e.Resolve(use(ctx), "y.py", "f")),
					"unload":   e.Unload(use(ctx), "y.py"),
					"reload":   second(e.Reload(use(ctx), "y.py")),
					"close":    e.Close(),
					"adopt":    second(e.Adopt(nil)),
					"verify":   second(e.VerifyStore(use(ctx))),
				} {
					if !errors.Is(err, module.ErrReentry) {
						t.Errorf("%s: %v", what, err)
					}
				}
				return nil
			},
		}))
		if _, err := e.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		if d := e.Snapshot().Diagnostics(); len(d) > 0 || calls != 1 {
			t.Errorf("%d calls, diagnostics %v", calls, d)
		}
	})
}

// A hook that gives a name to itself, and one that asks for ever new ones.
func TestHookResolves(t *testing.T) {
	bubble(t, func(t *testing.T, workers int, use func(context.Context) context.Context) {
		var e *Engine
		asked := 0
		e = openIsland(t, workers, WithDetail(loader.DetailExports), WithHook(Hook{Name: "itself",
			OnResolve: func(ctx context.Context, m *module.Module, name string) (*module.Symbol, error) {
				if name == "same" {
					if _, err := e.Resolve(use(ctx), m.ID, name); !errors.Is(err, module.ErrSymbol) {
						t.Errorf("asked again: %v", err)
					}
					return &module.Symbol{Module: m.ID, Export: module.Export{Name: name}}, nil
				}
				asked++
				_, err := e.Resolve(use(ctx), m.ID, name+"x")
				return nil, err
			}}))
		load(t, e)
		if r, err := e.Resolve(t.Context(), "x.py", "same"); err != nil || r.Symbol.Name != "same" {
			t.Errorf("got %v, %v", r, err)
		}
		if _, err := e.Resolve(t.Context(), "x.py", "x"); !errors.Is(err, module.ErrReentry) || asked > maxDepth+1 {
			t.Errorf("asked %d times: %.200v", asked, err)
		}
	})
}

// TestHookFails has hooks panic, end their goroutine, and wait for their context.
func TestHookFails(t *testing.T) {
	bubble(t, func(t *testing.T, workers int, use func(context.Context) context.Context) {
		cause := errors.New("cause")
		entered := make(chan struct{}, 100)
		e := openIsland(t, workers, onLoad(map[module.ID]func(context.Context) error{
			"b.py": func(context.Context) error { panic(cause) },
			"y.py": func(context.Context) error { runtime.Goexit(); return nil },
			"z.py": func(ctx context.Context) error {
				entered <- struct{}{}
				<-ctx.Done()
				return ctx.Err()
			},
		}))
		if _, err := e.LoadModule(t.Context(), "a.py"); !errors.Is(err, cause) || !strings.Contains(err.Error(), "b.py: hook test") {
			t.Errorf("a panic: %v", err)
		}
		if _, err := e.LoadModule(t.Context(), "y.py"); err == nil || !strings.Contains(err.Error(), "load y.py") {
			t.Errorf("a Goexit: %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var group sync.WaitGroup
		for range 5 {
			group.Go(func() {
				if _, err := e.LoadModule(ctx, "z.py"); !errors.Is(err, context.Canceled) {
					t.Errorf("called off: %v", err)
				}
			})
		}
		<-entered
		cancel()
		group.Wait()
		synctest.Wait()
		if len(entered) != 0 {
			t.Errorf("the hook was called %d times more", len(entered))
		}
		// Close ends what waits for its context.
		group.Go(func() {
			if _, err := e.LoadModule(context.Background(), "z.py"); !errors.Is(err, ErrClosed) {
				t.Errorf("closed: %v", err)
			}
		})
		<-entered
		if err := e.Close(); err != nil {
			t.Error(err)
		}
		group.Wait()
		if n := len(e.registry.limit) + len(e.registry.busy) + len(e.registry.pins); n != 0 {
			t.Errorf("%d workers, loads and pins are left", n)
		}
	})
}

// The caller that began a load may leave: those that came later get it, and it is
// not begun again.
func TestFirstCallerLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int32
		release := make(chan struct{})
		e := openIsland(t, 1, onLoad(map[module.ID]func(context.Context) error{"x.py": func(ctx context.Context) error {
			calls.Add(1)
			select {
			case <-release:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}}))
		load(t, e)
		first, leave := context.WithCancel(t.Context())
		var group sync.WaitGroup
		group.Go(func() {
			if _, err := e.LoadModule(first, "x.py"); !errors.Is(err, context.Canceled) {
				t.Errorf("the first: %v", err)
			}
		})
		synctest.Wait()
		for range 10 {
			group.Go(func() {
				if _, err := e.LoadModule(t.Context(), "x.py"); err != nil {
					t.Errorf("a later one: %v", err)
				}
			})
		}
		synctest.Wait()
		leave()
		synctest.Wait()
		close(release)
		group.Wait()
		if calls.Load() != 1 {
			t.Errorf("loaded %d times", calls.Load())
		}
	})
}

// However many load, no more validators run at once than there are workers.
func TestWorkersLimitValidators(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const workers, modules = 3, 40
		files := map[string]string{}
		for i := range modules {
			files[fmt.Sprintf("m%d.py", i)] = ""
		}
		var now, most atomic.Int32
		e := open(t, "/", withFS(fsys.MemOf(files)), WithWorkers(workers), WithValidator(ValidatorFunc{"count", func(context.Context, *module.Module) error {
			n := now.Add(1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			for range 100 {
				runtime.Gosched()
			}
			now.Add(-1)
			return nil
		}}))
		load(t, e)
		var group sync.WaitGroup
		for i := range 4 * modules {
			group.Go(func() {
				if _, err := e.LoadModule(t.Context(), fmt.Sprintf("m%d.py", i%modules)); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if most.Load() > workers {
			t.Errorf("%d at once, at %d workers", most.Load(), workers)
		}
	})
}

// TestHooksOnceAVersion counts what validators and hooks are called for, over the
// ways in which a module gets to an engine.
func TestHooksOnceAVersion(t *testing.T) {
	for _, detail := range []loader.Detail{loader.DetailImports, loader.DetailExports} {
		ctx := t.Context()
		// What a.py shows others has nothing of b.py in it.
		mem := fsys.MemOf(map[string]string{"a.py": "def h() -> int:\n    import b\n", "b.py": "def f(): pass\n"})
		seen := map[string]int{}
		var mu sync.Mutex
		note := func(what string) func(context.Context, *module.Module) error {
			return func(_ context.Context, m *module.Module) error {
				mu.Lock()
				defer mu.Unlock()
				seen[what+" "+string(m.ID)]++
				return nil
			}
		}
		e := open(t, "/", withFS(mem), WithDetail(detail), WithValidator(ValidatorFunc{"v", note("validate")}),
			WithHook(Hook{Name: "h", OnLoad: note("load"), OnUnload: note("unload")}))
		step := func(what, want string, do func() error) {
			t.Helper()
			clear(seen)
			if err := do(); err != nil {
				t.Errorf("%s: %v", what, err)
			}
			var got []string
			for call, n := range seen {
				got = append(got, fmt.Sprint(call, " ", n))
			}
			slices.Sort(got)
			if text := strings.Join(got, ", "); text != want {
				t.Errorf("detail %d, %s: %q, want %q", detail, what, text, want)
			}
		}
		both := "load a.py 1, load b.py 1, validate a.py 1, validate b.py 1"
		atLoad, onDemand := "", both
		if detail == loader.DetailExports {
			atLoad, onDemand = both, ""
		}
		loadA := func() error { return second(e.LoadModule(ctx, "a.py")) }
		step("the workspace", atLoad, func() error { return second(e.Load(ctx)) })
		step("on demand", onDemand, loadA)
		step("again", "", loadA)
		step("reload of what is as it was", "", func() error { return second(e.Reload(ctx, "b.py")) })
		mem.Write("b.py", "def f(): pass\ndef g(): pass\n")
		step("reload of a new version", "load b.py 1, validate b.py 1", func() error { return second(e.Reload(ctx, "b.py")) })
		step("unload", "unload a.py 1", func() error { return e.Unload(ctx, "a.py") })
		step("after the unload", "load a.py 1, validate a.py 1", loadA)
	}
}

// A warm start has its modules validated too, and keeps no refusal of an engine
// with other validators.
func TestValidatorsOnWarmStart(t *testing.T) {
	dir := workspace(t, "-- a.py --\nimport b\ndef f(): pass\n-- b.py --\n")
	store := cache.OpenStore(t.TempDir())
	run := func(opts ...Option) (refused int) {
		e := open(t, dir, append(opts, WithStore(store), WithDetail(loader.DetailExports))...)
		s := load(t, e)
		for _, d := range s.Diagnostics() {
			if d.Code == loader.CodeRefused {
				refused++
			}
		}
		if _, err := e.LoadModule(t.Context(), "a.py"); (err != nil) != (refused > 0) {
			t.Errorf("LoadModule: %v, with %d refusals", err, refused)
		}
		if err := e.Close(); err != nil {
			t.Error(err)
		}
		return refused
	}
	strict := func() Option { return WithValidator(MaxDependencies(0)) }
	for i, want := range []struct {
		opts    []Option
		refused int
	}{{nil, 0}, {[]Option{strict()}, 1}, {[]Option{strict()}, 1}, {nil, 0}, {nil, 0}} {
		if got := run(want.opts...); got != want.refused {
			t.Errorf("run %d: %d modules refused, want %d", i, got, want.refused)
		}
	}
}

// An older version that is loaded while an update links a newer one does not make
// hooks forget that they have seen the newer one.
func TestHooksOnceWhileLinking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mem := fsys.MemOf(map[string]string{"a.py": "x = 1\n", "b.py": ""})
		var loads atomic.Int32
		linking, release := make(chan struct{}), make(chan struct{})
		e := open(t, "/", withFS(mem), WithDetail(loader.DetailExports), WithHook(Hook{Name: "test", OnLoad: func(_ context.Context, m *module.Module) error {
			if m.ID == "a.py" {
				loads.Add(1)
			} else if loads.Load() > 1 {
				close(linking)
				<-release
			}
			return nil
		}}))
		load(t, e)
		if _, err := e.LoadModule(t.Context(), "a.py"); err != nil {
			t.Fatal(err)
		}
		if err := e.Unload(t.Context(), "a.py"); err != nil {
			t.Fatal(err)
		}
		var group sync.WaitGroup
		group.Go(func() {
			mem.Write("a.py", "x = 2\n")
			mem.Write("b.py", "import a\n")
			if _, _, err := e.Update(t.Context(), "a.py", "b.py"); err != nil {
				t.Error(err)
			}
		})
		<-linking // the new a.py has been seen, and is not in the snapshot yet
		if m, err := e.LoadModule(t.Context(), "a.py"); err != nil || m.Exports[0].Signature != "x = 1" {
			t.Errorf("the old one: %v, %v", m, err)
		}
		close(release)
		group.Wait()
		before := loads.Load()
		if m, err := e.LoadModule(t.Context(), "a.py"); err != nil || m.Exports[0].Signature != "x = 2" {
			t.Errorf("the new one: %v, %v", m, err)
		}
		if before != 3 || loads.Load() != 3 {
			t.Errorf("OnLoad was called %d times, then %d; want once for each version and once after the unload", before, loads.Load())
		}
	})
}

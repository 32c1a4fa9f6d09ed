package cache

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/eddy-build/eddy/module"
	"pgregory.net/rapid"
)

func sizeOf(s string) int64 { return int64(len(s)) }

func newTest(entries int, bytes int64) *Symbols[string] {
	l := Limits{entries, bytes}
	return NewSymbols([4]Limits{l, l, l, l}, sizeOf)
}

// TestSymbolsModel runs random calls against the caches and a naive list in the
// order of use.
func TestSymbolsModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const entries, bytes = 4, 1000
		s := newTest(entries, bytes)
		type item struct {
			key   Key
			value string
		}
		var model []item // the least recently used first
		weigh := func(i item) int64 { return int64(len(i.value)+len(i.key.Module)+len(i.key.Name)) + entryBytes }
		find := func(k Key) int {
			for i := range model {
				if model[i].key == k {
					return i
				}
			}
			return -1
		}
		var hits, misses, evictions uint64
		for range rapid.IntRange(1, 40).Draw(t, "calls") {
			key := Key{module.ID(rapid.SampledFrom([]string{"a", "b"}).Draw(t, "module")), rapid.SampledFrom([]string{"x", "y", "z"}).Draw(t, "name")}
			switch rapid.SampledFrom([]string{"get", "put", "invalidate"}).Draw(t, "call") {
			case "get":
				got, ok := s.Get(ClassTypes, key)
				i := find(key)
				if ok != (i >= 0) || ok && got != model[i].value {
					t.Fatalf("Get(%v) = %q, %v; the model has %v", key, got, ok, model)
				}
				if ok {
					hits++
					model = append(append(model[:i:i], model[i+1:]...), model[i])
				} else {
					misses++
				}
			case "put":
				value := strings.Repeat("v", rapid.IntRange(0, 900).Draw(t, "size"))
				s.Put(ClassTypes, key, value)
				if i := find(key); i >= 0 {
					model = append(model[:i:i], model[i+1:]...)
				}
				if new := (item{key, value}); weigh(new) <= bytes {
					model = append(model, new)
				}
				total := int64(0)
				for _, i := range model {
					total += weigh(i)
				}
				for len(model) > entries || total > bytes {
					total -= weigh(model[0])
					model = model[1:]
					evictions++
				}
			case "invalidate":
				s.InvalidateModule(key.Module)
				kept := model[:0:0]
				for _, i := range model {
					if i.key.Module != key.Module {
						kept = append(kept, i)
					}
				}
				model = kept
			}
			st := s.Stats()[ClassTypes]
			total := int64(0)
			for _, i := range model {
				total += weigh(i)
			}
			if st.Entries != len(model) || st.Bytes != total || st.Hits != hits || st.Misses != misses || st.Evictions != evictions {
				t.Fatalf("stats %+v; the model has %d entries, %d bytes, %d hits, %d misses, %d evictions", st, len(model), total, hits, misses, evictions)
			}
		}
	})
}

func TestClassesAreApart(t *testing.T) {
	s := newTest(10, 0)
	key := Key{"m", "n"}
	for c := range classes {
		s.Put(c, key, c.String())
	}
	for c := range classes {
		if got, ok := s.Get(c, key); !ok || got != c.String() {
			t.Errorf("%s: %q, %v", c, got, ok)
		}
	}
}

func TestGetOrLoadOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newTest(10, 0)
		key := Key{"m", "n"}
		var loads atomic.Int32
		release := make(chan struct{})
		load := func() (string, error) {
			loads.Add(1)
			<-release
			return "value", nil
		}
		var group sync.WaitGroup
		for range 100 {
			group.Go(func() {
				if v, err := s.GetOrLoad(t.Context(), ClassSymbols, key, load); v != "value" || err != nil {
					t.Errorf("got %q, %v", v, err)
				}
			})
		}
		impatient, cancel := context.WithCancel(t.Context())
		group.Go(func() {
			if _, err := s.GetOrLoad(impatient, ClassSymbols, key, load); !errors.Is(err, context.Canceled) && err != nil {
				t.Errorf("got %v", err)
			}
		})
		synctest.Wait()
		cancel()
		synctest.Wait()
		close(release)
		group.Wait()
		if loads.Load() != 1 || s.Stats()[ClassSymbols].Loads != 1 {
			t.Errorf("loaded %d times", loads.Load())
		}
	})
}

func TestGetOrLoadFailures(t *testing.T) {
	s := newTest(10, 0)
	key := Key{"m", "n"}
	ctx := context.Background()
	failure := errors.New("no luck")
	if _, err := s.GetOrLoad(ctx, ClassSymbols, key, func() (string, error) { return "", failure }); err != failure {
		t.Errorf("got %v", err)
	}
	if _, err := s.GetOrLoad(ctx, ClassSymbols, key, func() (string, error) { panic("bug") }); err == nil || !strings.Contains(err.Error(), "panic: bug") {
		t.Errorf("got %v", err)
	}
	if v, err := s.GetOrLoad(ctx, ClassSymbols, key, func() (string, error) { return "good", nil }); v != "good" || err != nil {
		t.Errorf("a failure was kept: %q, %v", v, err)
	}
}

// TestGetOrLoadWaiters holds the fate of those who wait for a load that goes wrong,
// and that a caller may leave, the one that began it too.
func TestGetOrLoadWaiters(t *testing.T) {
	key := Key{"m", "n"}
	failure := errors.New("no luck")
	for name, tt := range map[string]struct {
		load func() (string, error)
		want error
	}{
		"value":  {func() (string, error) { return "v", nil }, nil},
		"error":  {func() (string, error) { return "", failure }, failure},
		"panic":  {func() (string, error) { panic(failure) }, failure},
		"goexit": {func() (string, error) { runtime.Goexit(); return "", nil }, errEnded},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newTest(10, 0)
				release := make(chan struct{})
				loads := 0
				load := func() (string, error) {
					loads++
					<-release
					return tt.load()
				}
				var group sync.WaitGroup
				first, leave := context.WithCancel(t.Context())
				group.Go(func() {
					if _, err := s.GetOrLoad(first, ClassSymbols, key, load); !errors.Is(err, context.Canceled) {
						t.Errorf("the first got %v", err)
					}
				})
				synctest.Wait()
				for range 10 {
					group.Go(func() {
						if v, err := s.GetOrLoad(t.Context(), ClassSymbols, key, load); !errors.Is(err, tt.want) || (err == nil) != (v == "v") {
							t.Errorf("a waiter got %q, %v", v, err)
						}
					})
				}
				synctest.Wait()
				leave()
				synctest.Wait()
				close(release)
				group.Wait()
				if _, kept := s.Get(ClassSymbols, key); kept != (tt.want == nil) || loads != 1 {
					t.Errorf("%d loads; kept: %t", loads, kept)
				}
				if _, err := s.GetOrLoad(first, ClassTypes, key, load); !errors.Is(err, context.Canceled) || loads != 1 {
					t.Errorf("a caller that had left before it came: %v after %d loads", err, loads)
				}
			})
		})
	}
}

// TestInvalidateWhileLoading holds that a value that was worked out from what is
// out of date is not kept.
func TestInvalidateWhileLoading(t *testing.T) {
	s := newTest(10, 0)
	key := Key{"m", "n"}
	v, err := s.GetOrLoad(context.Background(), ClassSymbols, key, func() (string, error) {
		s.InvalidateModule("m")
		return "old", nil
	})
	if v != "old" || err != nil {
		t.Errorf("got %q, %v", v, err)
	}
	if v, ok := s.Get(ClassSymbols, key); ok {
		t.Errorf("kept %q", v)
	}
}

func TestGetAllocatesNothing(t *testing.T) {
	s := newTest(10, 0)
	key := Key{"m", "n"}
	s.Put(ClassSymbols, key, "v")
	if n := testing.AllocsPerRun(1000, func() { s.Get(ClassSymbols, key) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestMetrics(t *testing.T) {
	s := newTest(10, 0)
	s.Put(ClassTypes, Key{"m", "n"}, "v")
	s.Get(ClassTypes, Key{"m", "n"})
	var text strings.Builder
	if err := s.WriteMetrics(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"# TYPE eddy_symbols_hits_total counter\n", "eddy_symbols_hits_total{class=\"types\"} 1\n", "eddy_symbols_entries{class=\"constants\"} 0\n"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, &text)
		}
	}
	var parsed []SymbolStats
	if err := json.Unmarshal([]byte(s.Var().String()), &parsed); err != nil || len(parsed) != 4 || parsed[ClassTypes].Hits != 1 {
		t.Errorf("expvar gives %s, %v", s.Var(), err)
	}
	if err := s.WriteMetrics(brokenWriter{}); err == nil {
		t.Error("a write error is lost")
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("broken") }

func BenchmarkSymbolsGet(b *testing.B) {
	s := newTest(1<<16, 0)
	keys := make([]Key, 1<<12)
	for i := range keys {
		keys[i] = Key{module.ID(fmt.Sprintf("web/src/components/file%d.ts", i)), "default"}
		s.Put(ClassSymbols, keys[i], "v")
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s.Get(ClassSymbols, keys[i&(1<<12-1)])
	}
}

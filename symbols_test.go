package eddy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"strings"
	"sync"
	"testing"

	"github.com/eddy-build/eddy/cache"
	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
	"github.com/eddy-build/eddy/symbols"
)

// names is a language of names alone: a line "f int" in a .names file declares f
// of that signature, "f < x.names" passes f on from a file beside it.
type names struct{}

func (names) Name() string { return "names" }

func (names) Claim(p string) loader.Claim {
	if path.Ext(p) == ".names" {
		return loader.ClaimSource
	}
	return loader.ClaimNone
}

func (names) ReadsExports() {}

func (names) NewParser() loader.Parser { return names{} }

func (names) Parse(p string, src []byte, _ loader.Detail) *module.Facts {
	f := &module.Facts{}
	for i, line := range bytes.Split(src, []byte("\n")) {
		name, rest, _ := strings.Cut(string(line), " ")
		e := module.Export{Name: name, Signature: rest, Kind: module.SymbolFunction, Span: module.Span{File: p, Line: int32(i + 1), Column: 1}}
		if name == "" {
			continue
		}
		if target, ok := strings.CutPrefix(rest, "< "); ok {
			f.Imports = append(f.Imports, module.Import{Specifier: target, Names: []module.ImportedName{{Name: name}}, Span: e.Span})
			e.Signature, e.Imported, e.Import = "", name, int32(len(f.Imports))
		}
		f.Exports = append(f.Exports, e)
	}
	return f
}

func (names) Index(_ context.Context, ws *loader.Workspace) (loader.Resolver, error) {
	r := &namesResolver{}
	for _, f := range ws.Files {
		r.modules = append(r.modules, &module.Module{ID: module.ID(f.Path), Name: f.Path, Language: "names", Files: []string{f.Path}, Imports: f.Facts.Imports})
	}
	return r, nil
}

type namesResolver struct{ modules []*module.Module }

func (r *namesResolver) Modules() []*module.Module                   { return r.modules }
func (r *namesResolver) Skipped() []loader.Skipped                   { return nil }
func (r *namesResolver) Implicit(*module.Module, *loader.Resolution) {}
func (r *namesResolver) Diagnostics() []module.Diagnostic            { return nil }
func (r *namesResolver) Inputs() []string                            { return nil }
func (r *namesResolver) Resolve(from *module.Module, imp *module.Import, res *loader.Resolution) {
	if res.File(imp.Specifier) {
		res.To(module.ID(imp.Specifier), imp.Kind, "file")
	} else {
		res.Fail("no such file")
	}
}

// openNames makes an engine on files of names.
func openNames(t testing.TB, files map[string]string) (*Engine, *fsys.Mem) {
	mem := fsys.MemOf(files)
	return open(t, mem.Root(), withFS(mem), WithFrontends(names{}), WithDetail(loader.DetailExports)), mem
}

// signature resolves a name and returns its signature, or the error.
func signature(s *Snapshot, id module.ID, name string) string {
	r, err := s.Resolve(id, name)
	if err != nil {
		return err.Error()
	}
	return r.Symbol.Signature
}

func TestResolveThroughCache(t *testing.T) {
	e, mem := openNames(t, map[string]string{"a.names": "f int\n", "b.names": "f < a.names\n", "c.names": "g int\n"})
	first := load(t, e)
	for _, want := range []cache.SymbolStats{{Entries: 1, Misses: 1}, {Entries: 1, Misses: 1, Hits: 1}} {
		if got := signature(first, "b.names", "f"); got != "int" {
			t.Fatalf("f is %q", got)
		}
		if got := e.SymbolCache().Stats()[0]; got.Entries != want.Entries || got.Misses != want.Misses || got.Hits != want.Hits {
			t.Errorf("stats %+v, want %+v", got, want)
		}
	}
	signature(first, "c.names", "g")

	// An edit is seen through what passes the name on; what is not downstream of
	// it stays.
	mem.Write("a.names", "f string\n")
	second, _, err := e.Update(context.Background(), "a.names")
	if err != nil {
		t.Fatal(err)
	}
	if n := e.SymbolCache().Stats()[0].Entries; n != 1 {
		t.Errorf("%d entries after the edit, want that of c.names", n)
	}
	for range 2 {
		if got := signature(second, "b.names", "f"); got != "string" {
			t.Errorf("after the edit f is %q", got)
		}
		// The older snapshot answers as it did, beside the caches.
		if got := signature(first, "b.names", "f"); got != "int" {
			t.Errorf("the older snapshot says that f is %q", got)
		}
	}
	if got := signature(second, "b.names", "ff"); got != `b.names has no symbol "ff"; did you mean f?` {
		t.Error(got)
	}
	if _, err := e.Load(context.Background()); err != nil {
		t.Fatal(err)
	}
	if n := e.SymbolCache().Stats()[0].Entries; n != 0 {
		t.Errorf("%d entries after a new load", n)
	}
}

func TestResolveKind(t *testing.T) {
	e, _ := openNames(t, map[string]string{"a.names": "f int\n"})
	s := load(t, e)
	if _, err := s.ResolveKind("a.names", "f", module.SymbolFunction); err != nil {
		t.Error(err)
	}
	_, err := s.ResolveKind("a.names", "f", module.SymbolType)
	if !errors.Is(err, module.ErrSymbol) || err.Error() != `a.names has no symbol "f" of the kind type: it is a function` {
		t.Error(err)
	}
	if got := e.SymbolCache().Stats(); got[cache.ClassFunctions].Entries != 1 || got[cache.ClassSymbols].Entries != 0 {
		t.Errorf("stats %+v", got)
	}
}

func TestNoExports(t *testing.T) {
	s := load(t, open(t, workspace(t, demo)))
	for _, err := range []error{
		second(s.Resolve("web/b.ts", "x")), second(s.ResolveIn("web/b.ts", "web/b.ts", "x")),
		second(s.Uses("web/b.ts", "x")), second(s.Symbols("web/b.ts", false)),
	} {
		if !errors.Is(err, ErrNoExports) {
			t.Errorf("without exports: %v", err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// TestResolveWhileUpdating resolves on every snapshot that there is while the
// engine updates: each gives the answer of its own files.
func TestResolveWhileUpdating(t *testing.T) {
	e, mem := openNames(t, map[string]string{"a.names": "f v0\n", "b.names": "f < a.names\n"})
	type version struct {
		snapshot *Snapshot
		want     string
	}
	versions := []version{{load(t, e), "v0"}}
	var mu sync.Mutex
	var readers sync.WaitGroup
	done := make(chan struct{})
	for range 4 {
		readers.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-done:
					return
				default:
				}
				mu.Lock()
				v := versions[max(0, len(versions)-1-i%3)]
				mu.Unlock()
				if got := signature(v.snapshot, "b.names", "f"); got != v.want {
					t.Errorf("f is %q, want %q", got, v.want)
					return
				}
			}
		})
	}
	for i := 1; i <= 200; i++ {
		want := fmt.Sprint("v", i)
		mem.Write("a.names", "f "+want+"\n")
		s, _, err := e.Update(context.Background(), "a.names")
		if err != nil {
			t.Fatal(err)
		}
		mu.Lock()
		versions = append(versions, version{s, want})
		mu.Unlock()
	}
	close(done)
	readers.Wait()
}

func TestResolveAllocatesNothing(t *testing.T) {
	e, _ := openNames(t, map[string]string{"a.names": "f int\n", "b.names": "f < a.names\n"})
	s := load(t, e)
	var r *symbols.Resolution
	if n := testing.AllocsPerRun(1000, func() { r, _ = s.Resolve("b.names", "f") }); n != 0 || r == nil {
		t.Errorf("a cached name takes %v allocations", n)
	}
	ctx := t.Context()
	if n := testing.AllocsPerRun(1000, func() { r, _ = e.Resolve(ctx, "b.names", "f") }); n != 0 || r == nil {
		t.Errorf("a cached name takes an engine %v allocations", n)
	}
}

// BenchmarkResolve resolves 4,096 names in turn, each of which one module passes
// on from another: out of the caches of a snapshot and of an engine, and without.
func BenchmarkResolve(b *testing.B) {
	const modules, names = 1024, 4
	files := map[string]string{}
	for m := range modules {
		var own, passed strings.Builder
		for n := range names {
			fmt.Fprintf(&own, "f%d int\n", n)
			fmt.Fprintf(&passed, "f%d < src/components/own%d.names\n", n, m)
		}
		files[fmt.Sprintf("src/components/own%d.names", m)] = own.String()
		files[fmt.Sprintf("src/components/passed%d.names", m)] = passed.String()
	}
	e, _ := openNames(b, files)
	s := load(b, e)
	var keys [modules * names]cache.Key
	for i := range keys {
		keys[i] = cache.Key{Module: module.ID(fmt.Sprintf("src/components/passed%d.names", i/names)), Name: fmt.Sprint("f", i%names)}
	}
	ctx := context.Background()
	for name, resolve := range map[string]func(module.ID, string) (*symbols.Resolution, error){
		"snapshot":   s.Resolve,
		"engine":     func(id module.ID, name string) (*symbols.Resolution, error) { return e.Resolve(ctx, id, name) },
		"worked out": s.index().Resolve,
	} {
		b.Run(name, func(b *testing.B) {
			for _, k := range keys {
				if _, err := resolve(k.Module, k.Name); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				k := &keys[i%len(keys)]
				if _, err := resolve(k.Module, k.Name); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The tests of a Go package see its private names: an edit that no other
// importer can observe invalidates them all the same.
func TestUpdateInvalidatesTests(t *testing.T) {
	set := &module.Set{Modules: []*module.Module{
		{ID: "a", Language: module.Go},
		{ID: "a:test", Language: module.Go, Kind: module.KindTest, Deps: []module.Dep{{To: "a", Import: module.NoImport, Kind: module.Implicit}}},
		{ID: "b", Language: module.Go, Deps: []module.Dep{{To: "a", Import: module.NoImport}}},
	}}
	for reason, want := range map[module.ChangeReason]string{
		module.ChangedContent:   "[{a:test a a}]",
		module.ChangedInterface: "[{a:test a a} {b a a}]",
	} {
		list := invalidated(NewSnapshot(set).Graph(), &module.Delta{Modified: []module.Modification{{ID: "a", Reason: reason}}})
		if got := fmt.Sprint(list); got != want {
			t.Errorf("a change of the %s invalidates %s, want %s", reason, got, want)
		}
	}
}

// A front-end that reads exports says so, and one that does not must not: else
// its modules are taken for open, or for modules without names.
func TestFrontendsThatReadExports(t *testing.T) {
	for file, text := range map[string]string{
		"a.go": "package a\n\nfunc F() {}\n", "a.ts": "export function f(): void {}\n", "a.py": "def f() -> None: ...\n",
	} {
		e := open(t, t.TempDir())
		for _, fe := range e.config.Frontends {
			if fe.Claim(file) != loader.ClaimSource {
				continue
			}
			facts := fe.NewParser().Parse(file, []byte(text), loader.DetailExports)
			if _, says := fe.(loader.ExportReader); says != (len(facts.Exports) > 0) {
				t.Errorf("the front-end %s reads %d exports of %s; it is a loader.ExportReader: %t", fe.Name(), len(facts.Exports), file, says)
			}
		}
	}
}

// An empty name means nothing, whatever imports bind none.
func TestResolveNoName(t *testing.T) {
	e := open(t, workspace(t, "-- a.ts --\nimport './b'\n-- b.ts --\nexport {}\n"), WithDetail(loader.DetailExports))
	s := load(t, e)
	for _, err := range []error{second(s.Resolve("a.ts", "")), second(s.ResolveIn("a.ts", "b.ts", "")), second(e.Resolve(t.Context(), "a.ts", ""))} {
		if !errors.Is(err, module.ErrSymbol) {
			t.Errorf("got %v", err)
		}
	}
	if _, err := s.Resolve("gone.ts", ""); !errors.Is(err, module.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

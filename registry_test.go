package eddy

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/loader/python"
	"github.com/eddy-build/eddy/module"
)

// ids names modules.
func ids(list []*module.Module) []module.ID {
	out := make([]module.ID, len(list))
	for i, m := range list {
		out[i] = m.ID
	}
	return out
}

const chain = `
-- a.py --
import b
def f(): pass
-- b.py --
import c
class B: pass
-- c.py --
C = 1
-- lib/d.py --
D = 1
-- apart.py --
import a
`

func TestLoadModule(t *testing.T) {
	ctx := context.Background()
	e := open(t, workspace(t, `
-- go.mod --
module m
-- a/a.go --
package a
import "m/b"
func F() { b.F() }
-- b/b.go --
package b
import "fmt"
func F() { fmt.Println() }
-- apart/apart.go --
package apart
import "m/a"
`))
	m, err := e.LoadModule(ctx, "a")
	if err != nil {
		t.Fatal(err)
	}
	if m.ID != "a" || len(m.Exports) != 1 || m.Exports[0].Signature != "func F()" {
		t.Errorf("loaded %s with the exports %v", m.ID, m.Exports)
	}
	if got := ids(e.Modules()); !slices.Equal(got, []module.ID{"a", "b"}) {
		t.Errorf("loaded %v, want a and its upstream", got)
	}
	if again, err := e.LoadModule(ctx, "m/a"); err != nil || again != m {
		t.Errorf("by name: another value, %v", err)
	}
	if got, ok := e.Module("b"); !ok || got.ID != "b" {
		t.Error("b is not loaded")
	}
	if fmt, err := e.LoadModule(ctx, "golang:fmt"); err != nil || fmt.Kind != module.KindStandard {
		t.Errorf("a module outside: %v, %v", fmt, err)
	}
	if _, err := e.LoadModule(ctx, "nosuch"); !errors.Is(err, module.ErrNotFound) {
		t.Errorf("nosuch: %v", err)
	}
}

func TestSearchPath(t *testing.T) {
	ctx := context.Background()
	e := open(t, workspace(t, chain))
	if _, err := e.LoadModule(ctx, "d.py"); !errors.Is(err, module.ErrNotFound) {
		t.Errorf("without a search path: %v", err)
	}
	if err := e.AddSearchPath("lib"); err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{"d.py", "d"} {
		if m, err := e.LoadModule(ctx, query); err != nil || m.ID != "lib/d.py" {
			t.Errorf("%s: %v, %v", query, m, err)
		}
	}
	for _, outside := range []string{"..", "../x", filepath.Dir(e.Root())} {
		if err := e.AddSearchPath(outside); err == nil {
			t.Errorf("%s is taken for a folder of the workspace", outside)
		}
	}
}

// TestLocate holds what a query means to LoadModule.
func TestLocate(t *testing.T) {
	e := open(t, "/", withFS(fsys.MemOf(map[string]string{
		"one/util.py": "", "two/util.py": "", "two/deep/inner.py": "",
		"web/d.ts": "", "web/d.test.ts": "", "web/menu/index.tsx": "", "web/both.ts": "", "web/both.js": "",
		"pages/[id].ts": "", "pages/i.ts": "", "pkg/__init__.py": "", "style.css": "", "go.mod": "module m\n", "main.go": "package main\n",
	})))
	load(t, e)
	queries := func(want map[string]string) {
		t.Helper()
		for query, want := range want {
			m, err := e.LoadModule(t.Context(), query)
			got := ""
			var ambiguous *module.AmbiguousError
			switch {
			case err == nil:
				got = string(m.ID)
			case errors.As(err, &ambiguous) && errors.Is(err, module.ErrAmbiguous):
				got = fmt.Sprint(ambiguous.IDs)
			case !errors.Is(err, module.ErrNotFound):
				got = err.Error()
			}
			if got != want {
				t.Errorf("%q means %q, want %q", query, got, want)
			}
		}
	}
	queries(map[string]string{
		"": "", ".": ".", "m": ".", "main.go": ".", "./web/d.ts": "web/d.ts", "util": "[one/util.py two/util.py]", "web/both.*": "[web/both.js web/both.ts]",
		"pages/[id].ts": "pages/[id].ts", "d": "", "menu": "", "web/d": "", "../x": "",
		filepath.Join(e.Root(), "web/d.ts"): "web/d.ts", filepath.Dir(filepath.Clean(e.Root())) + "x/y": "",
	})
	for _, folder := range []string{"web", "two", filepath.Join(e.Root(), "pages"), "pkg/.."} {
		if err := e.AddSearchPath(folder); err != nil {
			t.Fatal(err)
		}
	}
	queries(map[string]string{
		"": "", "d": "web/d.ts", "d.test": "web/d.test.ts", "menu": "web/menu/index.tsx", "both": "[web/both.js web/both.ts]", "both.js": "web/both.js",
		"util": "two/util.py", "deep.inner": "two/deep/inner.py", "deep/inner": "two/deep/inner.py", "[id]": "pages/[id].ts",
		"pkg": "pkg/__init__.py", "nosuch": "", "../web/d": "web/d.ts", "style": "",
	})
}

func TestUnload(t *testing.T) {
	ctx := context.Background()
	var unloaded []module.ID
	e := open(t, workspace(t, chain), WithHook(Hook{Name: "log", OnUnload: func(_ context.Context, m *module.Module) error {
		unloaded = append(unloaded, m.ID)
		return nil
	}}))
	if _, err := e.LoadModule(ctx, "a.py"); err != nil {
		t.Fatal(err)
	}
	var inUse *module.InUseError
	if err := e.Unload(ctx, "c.py"); !errors.As(err, &inUse) || !errors.Is(err, module.ErrInUse) || !slices.Equal(inUse.Dependents, []module.ID{"b.py"}) {
		t.Errorf("c.py: %v", err)
	}
	for _, id := range []module.ID{"a.py", "b.py", "c.py"} {
		if err := e.Unload(ctx, id); err != nil {
			t.Error(err)
		}
	}
	if err := e.Unload(ctx, "a.py"); !errors.Is(err, module.ErrNotFound) {
		t.Errorf("twice: %v", err)
	}
	if !slices.Equal(unloaded, []module.ID{"a.py", "b.py", "c.py"}) || len(e.Modules()) != 0 {
		t.Errorf("unloaded %v, left %v", unloaded, ids(e.Modules()))
	}
}

func TestUnloadCycle(t *testing.T) {
	ctx := context.Background()
	e := open(t, workspace(t, "-- a.py --\nimport b\n-- b.py --\nimport a\n-- c.py --\nimport a\n"))
	if _, err := e.LoadModule(ctx, "c.py"); err != nil {
		t.Fatal(err)
	}
	if err := e.Unload(ctx, "b.py"); !errors.Is(err, module.ErrInUse) {
		t.Errorf("held by c.py: %v", err)
	}
	if err := errors.Join(e.Unload(ctx, "c.py"), e.Unload(ctx, "b.py")); err != nil || len(e.Modules()) != 0 {
		t.Errorf("%v; left %v", err, ids(e.Modules()))
	}
}

func TestRefuseCycles(t *testing.T) {
	ctx := context.Background()
	dir := workspace(t, "-- a.py --\nimport b\n-- b.py --\nimport a\n-- c.py --\nimport a\n-- d.py --\n")
	e := open(t, dir, WithoutCycles())
	var cycle *module.CycleError
	if _, err := e.LoadModule(ctx, "c.py"); !errors.As(err, &cycle) || !slices.Equal(cycle.Path, []module.ID{"a.py", "b.py"}) {
		t.Errorf("got %v", err)
	}
	if _, err := e.LoadModule(ctx, "d.py"); err != nil {
		t.Error(err)
	}
}

func TestReload(t *testing.T) {
	ctx := context.Background()
	fs := fsys.MemOf(map[string]string{
		"go.mod": "module m\n", "a/a.go": "package a\nimport \"m/b\"\n", "b/b.go": "package b\n", "c/c.go": "package c\n",
	})
	e := open(t, "/", withFS(fs))
	if _, err := e.Reload(ctx, "a"); !errors.Is(err, module.ErrNotFound) {
		t.Errorf("before a load: %v", err)
	}
	first, err := e.LoadModule(ctx, "a")
	if err != nil {
		t.Fatal(err)
	}
	if same, err := e.Reload(ctx, "a"); err != nil || same != first {
		t.Errorf("nothing changed, and yet another value: %v", err)
	}
	// A change that the graph cannot see.
	fs.Write("a/a.go", "package a\nimport \"m/b\"\nfunc F() {}\n")
	second, err := e.Reload(ctx, "a")
	if err != nil || second == first || len(second.Exports) != 1 {
		t.Errorf("after an edit: %v, %v", second, err)
	}
	// A change of the graph brings its new upstream.
	fs.Write("a/a.go", "package a\nimport \"m/c\"\n")
	if _, err := e.Reload(ctx, "a"); err != nil {
		t.Error(err)
	}
	if _, ok := e.Module("c"); !ok {
		t.Error("the new dependency is not loaded")
	}
	// A broken edit keeps the last good version.
	good, _ := e.Module("a")
	fs.Write("a/a.go", "package a\nimport \"m/c\nfunc\n")
	var parse *module.ParseError
	if _, err := e.Reload(ctx, "a"); !errors.As(err, &parse) || parse.Module != "a" {
		t.Errorf("broken: %v", err)
	}
	if m, ok := e.Module("a"); !ok || m != good {
		t.Error("the last good version is gone")
	}
	fs.Write("a/a.go", "package a\nimport \"m/c\"\nvar Y int\n")
	if m, err := e.Reload(ctx, "a"); err != nil || m == good {
		t.Errorf("mended: %v", err)
	}
}

// A package that gets another file, of which its own do not tell, is reloaded.
func TestReloadOfPackage(t *testing.T) {
	ctx := t.Context()
	fs := fsys.MemOf(map[string]string{"go.mod": "module m\n", "a/a.go": "package a\n", ".gitignore": "gen.go\n"})
	e := open(t, "/", withFS(fs))
	first, err := e.LoadModule(ctx, "a")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"a/gen.go", "a/a_test.go", "a/note.txt"} { // none of it is in the package
		fs.Write(file, "package a\nfunc G() {}\n")
		if m, err := e.Reload(ctx, "a"); err != nil || m != first {
			t.Errorf("after a new %s: another value, %v", file, err)
		}
	}
	fs.Write("a/b.go", "package a\nfunc F() {}\n")
	second, err := e.Reload(ctx, "a")
	if err != nil || len(second.Files) != 2 || len(second.Exports) != 1 {
		t.Errorf("after a new file: %+v, %v", second, err)
	}
	// A package that is gone stays loaded in its last good version.
	fs.Remove("a")
	if _, err := e.Reload(ctx, "a"); !errors.Is(err, module.ErrNotFound) {
		t.Errorf("after it is gone: %v", err)
	}
	if m, ok := e.Module("a"); !ok || m != second {
		t.Error("the last good version is gone")
	}
	if err := e.Unload(ctx, "a"); err != nil {
		t.Error(err)
	}
}

// A file that goes as soon as it was read is missed, although it had no stamp that
// could be trusted.
func TestReloadOfYoungFile(t *testing.T) {
	for _, detail := range []loader.Detail{loader.DetailImports, loader.DetailExports} {
		fs := fsys.MemOf(map[string]string{"a.py": ""})
		e := open(t, "/", withFS(fs), WithDetail(detail), withClock(func() time.Time { return time.Unix(0, 0) }))
		first, err := e.LoadModule(t.Context(), "a.py")
		if err != nil {
			t.Fatal(err)
		}
		if m, err := e.Reload(t.Context(), "a.py"); err != nil || m != first {
			t.Errorf("as it was: another value, %v", err)
		}
		fs.Remove("a.py")
		if _, err := e.Reload(t.Context(), "a.py"); !errors.Is(err, module.ErrNotFound) {
			t.Errorf("gone: %v", err)
		}
	}
}

// What is loaded holds what it was loaded with, whatever became of its file.
func TestUnloadAfterEdit(t *testing.T) {
	ctx := t.Context()
	fs := fsys.MemOf(map[string]string{"a.py": "import b\n", "b.py": ""})
	e := open(t, "/", withFS(fs))
	if _, err := e.LoadModule(ctx, "a.py"); err != nil {
		t.Fatal(err)
	}
	fs.Write("a.py", "x = 1\n")
	if _, _, err := e.Update(ctx, "a.py"); err != nil {
		t.Fatal(err)
	}
	if err := e.Unload(ctx, "b.py"); !errors.Is(err, module.ErrInUse) {
		t.Errorf("the loaded version of a.py needs it: %v", err)
	}
	if _, err := e.Reload(ctx, "a.py"); err != nil {
		t.Fatal(err)
	}
	if err := e.Unload(ctx, "b.py"); err != nil {
		t.Error(err)
	}
}

// TestChangedBeforeLoad edits a file between the graph and the load.
func TestChangedBeforeLoad(t *testing.T) {
	ctx := context.Background()
	fs := fsys.MemOf(map[string]string{"a.py": "import b\n", "b.py": "", "c.py": ""})
	e := open(t, "/", withFS(fs))
	load(t, e)
	fs.Write("a.py", "import c\n")
	m, err := e.LoadModule(ctx, "a.py")
	if err != nil || len(m.Deps) == 0 || m.Deps[0].To != "c.py" {
		t.Errorf("loaded %+v, %v; want the edited file", m, err)
	}
}

// A file that cannot be read, and one that goes while it is loaded.
func TestLoadModuleUnreadable(t *testing.T) {
	for _, detail := range []loader.Detail{loader.DetailImports, loader.DetailExports} {
		fs := fsys.MemOf(map[string]string{"a.py": "import b\n", "b.py": "", "c.py": ""})
		e := open(t, "/", withFS(fs), WithDetail(detail))
		fs.Fail("c.py", os.ErrPermission)
		load(t, e)
		if _, err := e.LoadModule(t.Context(), "c.py"); !errors.Is(err, os.ErrPermission) || !strings.Contains(err.Error(), "c.py") {
			t.Errorf("not to be read: %v", err)
		}
		if _, err := e.Source(t.Context(), "c.py"); !errors.Is(err, os.ErrPermission) || !strings.Contains(err.Error(), "c.py") {
			t.Errorf("its source: %v", err)
		}
		fs.Fail("c.py", nil)
		if m, err := e.LoadModule(t.Context(), "c.py"); err != nil || m.ID != "c.py" {
			t.Errorf("to be read again: %v", err)
		}
		fs.Remove("b.py")
		if detail == loader.DetailImports { // else it has been read
			if _, err := e.LoadModule(t.Context(), "b.py"); !errors.Is(err, module.ErrNotFound) {
				t.Errorf("gone: %v", err)
			}
			if m, err := e.LoadModule(t.Context(), "a.py"); err != nil || len(m.Unresolved)+len(m.Deps) != 1 || len(m.Deps) > 0 && m.Deps[0].To == "b.py" {
				t.Errorf("what imports it: %+v, %v", m, err)
			}
		}
	}
}

func TestSource(t *testing.T) {
	e := open(t, workspace(t, chain))
	files, err := e.Source(context.Background(), "c.py")
	if err != nil || len(files) != 1 || files[0].Path != "c.py" || string(files[0].Data) != "C = 1\n" {
		t.Errorf("got %v, %v", files, err)
	}
	if _, err := e.Source(context.Background(), "nosuch"); !errors.Is(err, module.ErrNotFound) {
		t.Error(err)
	}
}

func TestValidatorsAndHooks(t *testing.T) {
	ctx := context.Background()
	var mu sync.Mutex
	var order []string
	note := func(what string, m *module.Module) {
		mu.Lock()
		defer mu.Unlock()
		order = append(order, what+" "+string(m.ID))
	}
	e := open(t, workspace(t, chain), WithWorkers(1),
		WithValidator(ValidatorFunc{"first", func(_ context.Context, m *module.Module) error { note("validate", m); return nil }}),
		WithHook(Hook{Name: "log", OnLoad: func(_ context.Context, m *module.Module) error { note("load", m); return nil }}))
	if _, err := e.LoadModule(ctx, "a.py"); err != nil {
		t.Fatal(err)
	}
	if want := []string{"validate c.py", "load c.py", "validate b.py", "load b.py", "validate a.py", "load a.py"}; !slices.Equal(order, want) {
		t.Errorf("order %v, want %v", order, want)
	}

	refuse := errors.New("no")
	for name, opt := range map[string]Option{
		"validator": WithValidator(ValidatorFunc{"strict", func(_ context.Context, m *module.Module) error {
			if m.ID == "b.py" {
				return refuse
			}
			return nil
		}}),
		"panic": WithValidator(ValidatorFunc{"strict", func(_ context.Context, m *module.Module) error {
			if m.ID == "b.py" {
				panic("bug")
			}
			return nil
		}}),
		"hook": WithHook(Hook{Name: "strict", OnLoad: func(_ context.Context, m *module.Module) error {
			if m.ID == "b.py" {
				return refuse
			}
			return nil
		}}),
	} {
		e := open(t, workspace(t, chain), opt)
		_, err := e.LoadModule(ctx, "a.py")
		var invalid *module.ValidationError
		switch {
		case err == nil || !strings.Contains(err.Error(), "b.py") || !strings.Contains(err.Error(), "strict"):
			t.Errorf("%s: %v", name, err)
		case name != "hook" && (!errors.As(err, &invalid) || invalid.Module != "b.py"):
			t.Errorf("%s: %v is no ValidationError of b.py", name, err)
		case name != "panic" && !errors.Is(err, refuse):
			t.Errorf("%s: %v hides its cause", name, err)
		}
		if got := ids(e.Modules()); !slices.Equal(got, []module.ID{"c.py"}) {
			t.Errorf("%s: loaded %v, want what does not depend on b.py", name, got)
		}
	}
}

func TestHookSuppliesSymbol(t *testing.T) {
	ctx := context.Background()
	tree := workspace(t, `
-- closed.ts --
export const C = 1
-- open.js --
module.exports = make()
`)
	e := open(t, tree, WithDetail(loader.DetailExports), WithHook(Hook{Name: "generated",
		OnResolve: func(_ context.Context, m *module.Module, name string) (*module.Symbol, error) {
			if name == "generated" || name == "C" {
				return &module.Symbol{Module: m.ID, Export: module.Export{Name: name, Kind: module.SymbolFunction}}, nil
			}
			return nil, nil
		}}))
	for _, id := range []module.ID{"closed.ts", "open.js"} {
		r, err := e.Resolve(ctx, id, "generated")
		if err != nil || r.Symbol.Kind != module.SymbolFunction || r.Open {
			t.Errorf("%s: got %v, %v", id, r, err)
		}
	}
	if r, err := e.Resolve(ctx, "closed.ts", "C"); err != nil || r.Symbol.Kind == module.SymbolFunction {
		t.Errorf("the hook replaces what is there: %v, %v", r, err)
	}
	if _, err := e.Resolve(ctx, "closed.ts", "nothing"); !errors.Is(err, module.ErrSymbol) {
		t.Errorf("got %v", err)
	}
	if r, err := e.Resolve(ctx, "open.js", "nothing"); err != nil || !r.Open {
		t.Errorf("of an open module: got %v, %v", r, err)
	}
}

// TestImpatientCaller holds that a caller that gives up leaves the load to the
// others.
func TestImpatientCaller(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	e := open(t, workspace(t, "-- a.py --\n"), WithHook(Hook{Name: "slow", OnLoad: func(context.Context, *module.Module) error {
		once.Do(func() { close(entered) })
		<-release
		return nil
	}}))
	load(t, e)
	var group sync.WaitGroup
	group.Go(func() {
		if _, err := e.LoadModule(context.Background(), "a.py"); err != nil {
			t.Error(err)
		}
	})
	<-entered
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := e.LoadModule(ctx, "a.py"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	close(release)
	group.Wait()
}

// crashing is a front-end whose parser has a bug that shows at full detail.
type crashing struct{ loader.Frontend }

func (c crashing) NewParser() loader.Parser { return crashingParser{c.Frontend.NewParser()} }

type crashingParser struct{ loader.Parser }

func (p crashingParser) Parse(path string, src []byte, detail loader.Detail) *module.Facts {
	if detail >= loader.DetailExports && path == "b.py" {
		panic("bug")
	}
	return p.Parser.Parse(path, src, detail)
}

// A parser that crashes fails its load, and nobody waits for it for ever.
func TestLoadModuleContainsParser(t *testing.T) {
	e := open(t, workspace(t, chain), WithWorkers(1), WithFrontends(crashing{python.New()}))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 2 {
				if _, err := e.LoadModule(t.Context(), "a.py"); err == nil {
					t.Error("a.py was loaded without b.py")
				}
			}
		})
	}
	group.Wait()
	if got := ids(e.Modules()); !slices.Equal(got, []module.ID{"c.py"}) {
		t.Errorf("loaded %v, want what does not depend on b.py", got)
	}
}

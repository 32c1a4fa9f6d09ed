package loader

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/module"
	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"
)

// write lays out a txtar archive in dir.
func write(t testing.TB, dir, archive string) {
	t.Helper()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		writeFile(t, dir, f.Name, string(f.Data))
	}
}

func writeFile(t testing.TB, dir, name, data string) {
	t.Helper()
	full := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(data), 0o644); err != nil {
		t.Fatal(err)
	}
}

func configOf(dir string, probing bool) Config {
	return Config{Root: dir, FS: fsys.OS(dir), Frontends: []Frontend{toy{probing: probing}}, Workers: 2, Digests: true}
}

func memConfig(mem *fsys.Mem) Config {
	return Config{Root: mem.Root(), FS: mem, Frontends: []Frontend{toy{probing: true}}, Workers: 2, Digests: true}
}

func load(t testing.TB, cfg Config) *Result {
	t.Helper()
	r, err := Load(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// dump writes everything of a set that a reader can see.
func dump(s *module.Set) string {
	var b strings.Builder
	for _, m := range s.Modules {
		fmt.Fprintf(&b, "%s %q %s %s %s %v %s\n", m.ID, m.Name, m.Language, m.Kind, m.Package, m.Files, m.Content)
		fmt.Fprintf(&b, "  open %t all %q interface %s\n", m.Open, m.All, m.Interface)
		for _, e := range m.Exports {
			fmt.Fprintf(&b, "  export %+v\n", e)
		}
		for _, imp := range m.Imports {
			fmt.Fprintf(&b, "  import %+v\n", imp)
		}
		for _, d := range m.Deps {
			fmt.Fprintf(&b, "  dep %+v\n", d)
		}
		for _, u := range m.Unresolved {
			fmt.Fprintf(&b, "  unresolved %+v\n", u)
		}
	}
	for _, d := range s.Diagnostics {
		fmt.Fprintf(&b, "%s\n", d)
	}
	return b.String()
}

// edges is a short form of a set: one "from -> to" a line.
func edges(s *module.Set) string {
	var b strings.Builder
	for _, m := range s.Modules {
		for _, d := range m.Deps {
			fmt.Fprintf(&b, "%s -> %s\n", m.ID, d.To)
		}
		for _, u := range m.Unresolved {
			fmt.Fprintf(&b, "%s -? %s\n", m.ID, m.Imports[u.Import].Specifier)
		}
	}
	return b.String()
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, `
-- toy.conf --
top=lib
-- a.toy --
import b
import lib
import pkg:left-pad
import data.bin
import missing
-- b.toy --
import a
-- lib/index.toy --
import ../a
-- lib/x.toy --
import top
!
-- data.bin --
-- notes.txt --
`)
	r := load(t, configOf(dir, false))
	const want = `a.toy -> b.toy
a.toy -> data.bin
a.toy -> lib/index.toy
a.toy -> pkg:left-pad
a.toy -? missing
b.toy -> a.toy
lib/index.toy -> a.toy
lib/x.toy -> lib/index.toy
`
	if got := edges(r.Set); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if len(r.Set.Diagnostics) != 1 || r.Set.Diagnostics[0].Span.String() != "lib/x.toy:2:1" {
		t.Errorf("diagnostics %v", r.Set.Diagnostics)
	}
	kinds := map[module.ID]module.Kind{"a.toy": module.KindSource, "data.bin": module.KindAsset, "pkg:left-pad": module.KindExternal}
	for _, m := range r.Set.Modules {
		if want, ok := kinds[m.ID]; ok && m.Kind != want {
			t.Errorf("%s is %s, want %s", m.ID, m.Kind, want)
		}
		if m.ID == "notes.txt" {
			t.Error("a file that nothing imports became a module")
		}
	}
}

// TestPanics holds that a bug of a front-end costs one module and is told.
func TestPanics(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, `
-- a.toy --
import b
-- b.toy --
panic
-- c.toy --
import a
import resolver-panic
`)
	r := load(t, configOf(dir, false))
	var places []string
	for _, d := range r.Set.Diagnostics {
		if d.Code != "internal" || len(d.Notes) == 0 || !strings.Contains(d.Notes[0], "toy_test.go") {
			t.Errorf("diagnostic %+v: want code internal and a stack", d)
		}
		places = append(places, d.Span.File)
	}
	if !slices.Equal(places, []string{"b.toy", "c.toy"}) {
		t.Errorf("problems at %v", places)
	}
	if got := edges(r.Set); got != "a.toy -> b.toy\n" {
		t.Errorf("got %q", got)
	}
}

func TestCancelled(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, dir, "a.toy", "")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Load(ctx, configOf(dir, false)); err != context.Canceled {
		t.Errorf("got %v", err)
	}
}

// bigTree makes many files that import each other.
func bigTree(t testing.TB, n int) string {
	dir := t.TempDir()
	for i := range n {
		writeFile(t, dir, fmt.Sprintf("d%d/f%d.toy", i%7, i), fmt.Sprintf("import ../d%d/f%d\nimport ../d%d/f%d\nimport pkg:p%d\nimport no%d\n",
			(i*3+1)%n%7, (i*3+1)%n, i*5%n%7, i*5%n, i%11, i))
	}
	return dir
}

func TestWorkersGiveOneResult(t *testing.T) {
	dir := bigTree(t, 300)
	var want string
	for _, workers := range []int{1, 2, 16, 1, 16} {
		cfg := configOf(dir, false)
		cfg.Workers = workers
		got := dump(load(t, cfg).Set)
		if want == "" {
			want = got
		}
		if got != want {
			t.Fatalf("%d workers give another set", workers)
		}
	}
}

func TestProgress(t *testing.T) {
	cfg := configOf(bigTree(t, 300), false)
	var seen []Stage
	last := Progress{}
	cfg.Progress = func(p Progress) {
		if p.Stage < last.Stage || (p.Stage == last.Stage && p.Done < last.Done) {
			t.Errorf("progress went back from %v to %v", last, p)
		}
		if len(seen) == 0 || seen[len(seen)-1] != p.Stage {
			seen = append(seen, p.Stage)
		}
		last = p
	}
	load(t, cfg)
	if want := []Stage{StageWalk, StageParse, StageIndex, StageResolve, StageLink}; !slices.Equal(seen, want) {
		t.Errorf("stages %v, want %v", seen, want)
	}
}

// edit is one step of a random script.
func edit(t *rapid.T, dir string) (changed []string) {
	name := rapid.SampledFrom([]string{"a.toy", "b.toy", "c.toy", "lib/index.toy", "lib/x.toy", "lib/deep/y.toy", "data.bin", "toy.conf", ".gitignore", "lib"}).Draw(t, "name")
	full := filepath.Join(dir, filepath.FromSlash(name))
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(full)
	exists := err == nil
	switch op := rapid.SampledFrom([]string{"write", "write", "remove", "rename", "touch"}).Draw(t, "op"); {
	case op == "remove":
		check(os.RemoveAll(full))
	case op == "rename" && exists:
		to := rapid.SampledFrom([]string{"c.toy", "lib/x.toy", "moved"}).Draw(t, "to")
		_ = os.Rename(full, filepath.Join(dir, to)) // some pairs cannot be renamed
		return []string{name, to}
	case op == "touch" && exists && !info.IsDir():
		data, err := os.ReadFile(full)
		check(err)
		check(os.WriteFile(full, data, 0o644))
	case strings.HasSuffix(name, ".toy"):
		lines := rapid.SliceOfN(rapid.SampledFrom([]string{"import a", "import b", "import ../a", "import lib", "import x", "import top", "import pkg:p", "import data.bin", "!", "text",
			"def f int", "def f g()", "def T int", "hide g int", "hide g T", "open", "use f, g from b", "use f from a", "pass f as h from a",
			"pass T from lib", "star a", "star b", "star lib"}), 0, 4).Draw(t, "lines")
		if os.MkdirAll(filepath.Dir(full), 0o755) == nil {
			_ = os.WriteFile(full, []byte(strings.Join(lines, "\n")), 0o644) // a folder may stand there
		}
	case name == "toy.conf":
		check(os.WriteFile(full, []byte(rapid.SampledFrom([]string{"top=a", "top=lib", "bad"}).Draw(t, "conf")), 0o644))
	case name == ".gitignore":
		check(os.WriteFile(full, []byte(rapid.SampledFrom([]string{"lib", "b.toy\n*.bin", "", "deep/"}).Draw(t, "ignore")), 0o644))
	case name == "data.bin":
		check(os.WriteFile(full, nil, 0o644))
	}
	return []string{name}
}

// TestUpdateEqualsFresh makes random edits and compares an update with a fresh
// load after each batch of them, and the work with what the edits allow.
func TestUpdateEqualsFresh(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "eddy-update")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		cfg := configOf(dir, rapid.Bool().Draw(t, "probing"))
		cfg.Detail = rapid.SampledFrom([]Detail{DetailImports, DetailExports}).Draw(t, "detail")
		ctx := context.Background()
		old, err := Load(ctx, cfg)
		if err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(1, 5).Draw(t, "batches") {
			var changes Changes
			for range rapid.IntRange(1, 4).Draw(t, "edits") {
				changes.Paths = append(changes.Paths, edit(t, dir)...)
			}
			changes.Rescan = rapid.Bool().Draw(t, "rescan")
			next, delta, err := Update(ctx, cfg, old, changes)
			if err != nil {
				t.Fatal(err)
			}
			fresh, err := Load(ctx, cfg)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := dump(next.Set), dump(fresh.Set); got != want {
				t.Fatalf("update gives\n%s\nfresh load gives\n%s\nchanges %+v", got, want, changes)
			}
			warm, warmDelta, err := Update(ctx, cfg, Restore(old.State(), cfg.Frontends), Changes{Rescan: true})
			if err != nil {
				t.Fatal(err)
			}
			if got, want := dump(warm.Set), dump(fresh.Set); got != want {
				t.Fatalf("a warm start gives\n%s\nfresh load gives\n%s", got, want)
			}
			if warmDelta.Work.Parsed > delta.Work.Parsed+delta.Work.SameContent {
				t.Fatalf("a warm start parsed %d files, the update %d", warmDelta.Work.Parsed, delta.Work.Parsed)
			}
			if delta.Work.Parsed > 2*len(changes.Paths)+3 {
				t.Fatalf("%d changed paths made %d files be parsed", len(changes.Paths), delta.Work.Parsed)
			}
			if delta.Empty() != (dumpModules(old) == dumpModules(next)) && len(delta.Failed) == 0 {
				t.Fatalf("delta %+v", delta)
			}
			old = next
		}
	})
}

func dumpModules(r *Result) string {
	return dump(&module.Set{Modules: r.Set.Modules})
}

// TestUpdateWork holds what an update may do, kind of change by kind of change.
func TestUpdateWork(t *testing.T) {
	const tree = `
-- toy.conf --
top=lib
-- a.toy --
import b
import later
-- b.toy --
import lib
-- c.toy --
import pkg:x
-- lib/index.toy --
text
`
	for _, tt := range []struct {
		name   string
		change string // txtar of the files to write
		rescan bool
		want   module.Work
	}{
		{"nothing", "", true, module.Work{SameStamp: 4}},
		{"same bytes", "-- b.toy --\nimport lib\n", false, module.Work{SameContent: 1}},
		{"a comment", "-- b.toy --\nimport lib\ntext\n", false, module.Work{Parsed: 1, SameFacts: 1}},
		{"a new import", "-- b.toy --\nimport lib\nimport c\n", false, module.Work{Parsed: 1, Indexed: 1, Resolved: 1}},
		{"a file that an import looked for", "-- later.toy --\n", false, module.Work{Parsed: 1, Indexed: 1, Resolved: 2}},
		{"a file that no import looked for", "-- free.toy --\n", false, module.Work{Parsed: 1, Indexed: 1, Resolved: 1}},
		{"an asset nobody asked for", "-- x.png --\n", false, module.Work{Indexed: 1}},
		{"the manifest", "-- toy.conf --\ntop=b\n", false, module.Work{Indexed: 1, Resolved: 4}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			mem := fsys.MemOfText(tree)
			cfg := memConfig(mem)
			old := load(t, cfg)
			var changes Changes
			for _, f := range txtar.Parse([]byte(tt.change)).Files {
				mem.Write(f.Name, string(f.Data))
				changes.Paths = append(changes.Paths, f.Name)
			}
			changes.Rescan = tt.rescan
			next, delta, err := Update(context.Background(), cfg, old, changes)
			if err != nil {
				t.Fatal(err)
			}
			got := delta.Work
			got.Listed, got.SameInterface = 0, 0
			if got != tt.want {
				t.Errorf("work %+v, want %+v", got, tt.want)
			}
			shared := 0
			for _, m := range next.Set.Modules {
				if slices.Contains(old.Set.Modules, m) {
					shared++
				}
			}
			if want := len(next.Set.Modules) - len(delta.Added) - len(delta.Modified); shared != want {
				t.Errorf("%d modules are shared with the snapshot before, want %d", shared, want)
			}
		})
	}
}

// TestWarm holds what a start out of a store does where nothing changed, and
// that a file written too shortly before is not trusted.
func TestWarm(t *testing.T) {
	mem := fsys.MemOfText("-- toy.conf --\ntop=b\n-- a.toy --\nimport top\nimport pkg:x\nimport ignored/z\n-- b.toy --\n!\n-- .gitignore --\nignored\n-- ignored/z --\n")
	ctx := context.Background()
	for _, tt := range []struct {
		name string
		now  time.Time
		want module.Work
	}{
		{"long ago", time.Now(), module.Work{SameStamp: 2}},
		{"just now", time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC), module.Work{SameContent: 2, Indexed: 1, Resolved: 2}},
	} {
		cfg := memConfig(mem)
		cfg.Now = func() time.Time { return tt.now }
		cold := load(t, cfg)
		warm, delta, err := Update(ctx, cfg, Restore(cold.State(), cfg.Frontends), Changes{Rescan: true})
		if err != nil {
			t.Fatal(err)
		}
		work := delta.Work
		work.Listed = 0
		if !delta.Empty() || work != tt.want {
			t.Errorf("%s: delta %+v, want the work %+v", tt.name, delta, tt.want)
		}
		if got, want := dump(warm.Set), dump(cold.Set); got != want {
			t.Errorf("%s: got\n%swant\n%s", tt.name, got, want)
		}
		m, _ := slices.BinarySearchFunc(warm.Set.Modules, "a.toy", compareID)
		if got, want := warm.ExplainImports(warm.Set.Modules[m], "a.toy"), cold.ExplainImports(cold.Set.Modules[m], "a.toy"); !slices.Equal(got, want) {
			t.Errorf("%s: explain says %q, want %q", tt.name, got, want)
		}
		mem.Write("c.toy", "import a")
		after, delta, err := Update(ctx, cfg, warm, Changes{Paths: []string{"c.toy"}})
		if err != nil || len(delta.Added) != 1 || len(delta.Modified) != 0 {
			t.Errorf("%s: after an edit: %+v, %v", tt.name, delta, err)
		}
		if got, want := dump(after.Set), dump(load(t, cfg).Set); got != want {
			t.Errorf("%s: after an edit: got\n%swant\n%s", tt.name, got, want)
		}
		mem.Remove("c.toy")
	}
}

// TestWarmNotices holds that a start out of a store sees what no stamp of a
// source and no name tells.
func TestWarmNotices(t *testing.T) {
	mem := fsys.MemOfText("-- a.toy --\nimport b\nimport ../above\nimport ignored/z\n-- b.toy --\n-- .gitignore --\nignored\n-- ignored/y --\n-- empty/x/y --\n")
	cfg := memConfig(mem)
	for _, tt := range []struct {
		name   string
		change func()
	}{
		{"an unreadable folder", func() { mem.Remove("empty/x/y"); mem.Chmod("empty/x", 0) }},
		{"a readable folder", func() { mem.Chmod("empty/x", 0o755) }},
		{"an unreadable file", func() { mem.Chmod("b.toy", 0) }},
		{"a readable file", func() { mem.Chmod("b.toy", 0o644) }},
		{"an ignored file", func() { mem.Write("ignored/z", "") }},
		{"a file above the workspace", func() { mem.Write("../above", "") }},
		{"a link in place of a file", func() { mem.Remove("b.toy"); mem.Symlink("ignored/y", "b.toy") }},
		{"the target of a link", func() { mem.Write("ignored/y", "import gone") }},
		{"a link that leads elsewhere", func() { mem.Remove("b.toy"); mem.Symlink("a.toy", "b.toy") }},
	} {
		cold := load(t, cfg)
		state, store := cold.State(), stored(t, cold)
		tt.change()
		if Unchanged(t.Context(), cfg, store) {
			t.Errorf("%s: taken for unchanged", tt.name)
		}
		warm, _, err := Update(context.Background(), cfg, Restore(state, cfg.Frontends), Changes{Rescan: true})
		if err != nil {
			t.Fatal(err)
		}
		if lines := Differences(warm, load(t, cfg)); len(lines) > 0 {
			t.Errorf("%s: %q", tt.name, lines)
		}
		if !warm.Fresh() && len(Differences(Restore(state, cfg.Frontends), warm)) > 0 {
			t.Errorf("%s: the change is not worth storing", tt.name)
		}
	}
}

func TestMerge(t *testing.T) {
	var got [][2]string
	merge([]string{"a", "b", "d"}, []string{"b", "c"}, strings.Compare, func(x, y string) { got = append(got, [2]string{x, y}) })
	if want := [][2]string{{"a", ""}, {"b", "b"}, {"", "c"}, {"d", ""}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
}

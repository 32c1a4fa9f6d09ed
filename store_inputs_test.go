package eddy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/cache"
	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/watch"
)

// TestStoreSeesManifests edits one file that is no source between two runs: each
// changes what an import leads to or which files count, and the second run must
// say so.
func TestStoreSeesManifests(t *testing.T) {
	for _, tt := range []struct {
		name, tree, file, text string
	}{
		{"go.mod", "-- go.mod --\nmodule example.com/a\n-- main.go --\npackage a\nimport _ \"example.com/a/b\"\n-- b/b.go --\npackage b\n",
			"go.mod", "module example.com/c\n"},
		{"go.mod of a module beside", "-- go.work --\ngo 1.26\nuse ./a\nuse ./b\n-- a/go.mod --\nmodule example.com/a\nrequire example.com/b v1.0.0\n-- a/a.go --\npackage a\nimport _ \"example.com/b\"\n-- b/go.mod --\nmodule example.com/b\n-- b/b.go --\npackage b\n",
			"b/go.mod", "module example.com/c\n"},
		{"go.work", "-- go.work --\ngo 1.26\nuse ./a\nuse ./b\n-- a/go.mod --\nmodule example.com/a\nrequire example.com/b v1.0.0\n-- a/a.go --\npackage a\nimport _ \"example.com/b\"\n-- b/go.mod --\nmodule example.com/b\n-- b/b.go --\npackage b\n",
			"go.work", "go 1.26\nuse ./a\n"},
		{"package.json", "-- package.json --\n{\"name\": \"a\"}\n-- main.ts --\nimport \"a/lib\"\n-- lib.ts --\n-- other.ts --\n",
			"package.json", `{"name": "a", "exports": {"./lib": "./other.ts"}}`},
		{"package.json of a workspace", "-- package.json --\n{\"workspaces\": [\"p/*\"]}\n-- main.ts --\nimport \"b\"\n-- p/b/package.json --\n{\"name\": \"b\", \"main\": \"x.ts\"}\n-- p/b/x.ts --\n-- p/b/y.ts --\n",
			"p/b/package.json", `{"name": "b", "main": "y.ts"}`},
		{"package.json in node_modules", "-- main.ts --\nimport \"b\"\n-- package.json --\n{\"name\": \"a\", \"dependencies\": {\"b\": \"*\"}}\n",
			"package.json", `{"name": "a", "devDependencies": {"b": "*"}}`},
		{"pnpm-workspace.yaml", "-- pnpm-workspace.yaml --\npackages: [p/*]\n-- package.json --\n{}\n-- main.ts --\nimport \"b\"\n-- p/b/package.json --\n{\"name\": \"b\", \"main\": \"x.ts\"}\n-- p/b/x.ts --\n-- q/b/package.json --\n{\"name\": \"b\", \"main\": \"x.ts\"}\n-- q/b/x.ts --\n",
			"pnpm-workspace.yaml", "packages: [q/*]\n"},
		{"tsconfig.json", "-- tsconfig.json --\n{\"compilerOptions\": {\"paths\": {\"@/*\": [\"./x/*\"]}}}\n-- main.ts --\nimport \"@/a\"\n-- x/a.ts --\n-- y/a.ts --\n",
			"tsconfig.json", `{"compilerOptions": {"paths": {"@/*": ["./y/*"]}}}`},
		{"the base of a tsconfig.json", "-- tsconfig.json --\n{\"extends\": \"./base.json\"}\n-- base.json --\n{\"compilerOptions\": {\"paths\": {\"@/*\": [\"./x/*\"]}}}\n-- main.ts --\nimport \"@/a\"\n-- x/a.ts --\n-- y/a.ts --\n",
			"base.json", `{"compilerOptions": {"paths": {"@/*": ["./y/*"]}}}`},
		{"jsconfig.json", "-- jsconfig.json --\n{\"compilerOptions\": {\"paths\": {\"@/*\": [\"./x/*\"]}}}\n-- main.js --\nimport \"@/a\"\n-- x/a.js --\n-- y/a.js --\n",
			"jsconfig.json", `{"compilerOptions": {"paths": {"@/*": ["./y/*"]}}}`},
		{"pyproject.toml", "-- pyproject.toml --\n[project]\nname = \"a\"\n[tool.setuptools]\npackage-dir = {\"\" = \"src\"}\n-- scripts/main.py --\nimport lib.m\n-- src/lib/m.py --\n-- other/lib/m.py --\n",
			"pyproject.toml", "[project]\nname = \"a\"\n[tool.setuptools]\npackage-dir = {\"\" = \"other\"}\n"},
		{"setup.cfg", "-- setup.cfg --\n[options]\npackage_dir =\n    = src\n-- scripts/main.py --\nimport lib.m\n-- src/lib/m.py --\n-- other/lib/m.py --\n",
			"setup.cfg", "[options]\npackage_dir =\n    = other\n"},
		{"setup.py", "-- setup.py --\nfrom setuptools import setup\nsetup(package_dir={'': 'src'})\n-- scripts/main.py --\nimport lib.m\n-- src/lib/m.py --\n-- other/lib/m.py --\n",
			"setup.py", "from setuptools import setup\nsetup(package_dir={'': 'other'})\n"},
		{".gitignore", "-- a.ts --\nimport './b'\n-- b.ts --\n", ".gitignore", "b.ts\n"},
		{".ignore", "-- .ignore --\nb.ts\n-- a.ts --\nimport './c'\n-- b.ts --\n-- c.ts --\n", ".ignore", "c.ts\n"},
		{"info/exclude", "-- .git/HEAD --\n-- a.ts --\nimport './b'\n-- b.ts --\n", ".git/info/exclude", "b.ts\n"},
		{"an asset's place", "-- a.ts --\nimport './x.svg'\n", "x.svg", "<svg/>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			mem := fsys.MemOfText(tt.tree)
			store := cache.OpenStore(t.TempDir())
			run := func(opts ...Option) *Snapshot {
				t.Helper()
				e := open(t, mem.Root(), append([]Option{withFS(mem)}, opts...)...)
				s := load(t, e)
				if err := e.Close(); err != nil {
					t.Fatal(err)
				}
				return s
			}
			before := jsonOf(t, run(WithStore(store)))
			if s := run(WithStore(store)); s.Start().Reason != nothingChanged || s.Stats().Work.Listed > 0 || jsonOf(t, s) != before {
				t.Errorf("nothing was changed, and the run began with a %v and listed %d folders", s.Start(), s.Stats().Work.Listed)
			}
			mem.Write(tt.file, tt.text)
			got, want := jsonOf(t, run(WithStore(store))), jsonOf(t, run())
			if got != want {
				t.Errorf("after the edit a run gives\n%s\nwant\n%s", got, want)
			}
			if want == before {
				t.Error("the edit changes nothing: the case is wrong")
			}
		})
	}
}

// TestDamagedStore cuts the file of a store at many places and turns over bits of
// it: each time a cold start with a reason, the same answer, and a good file
// again.
func TestDamagedStore(t *testing.T) {
	dir, folder := workspace(t, demo), t.TempDir()
	store := cache.OpenStore(folder)
	run := func() *Snapshot {
		t.Helper()
		e := open(t, dir, WithStore(store), withClock(later))
		s := load(t, e)
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		return s
	}
	want := jsonOf(t, run())
	entries, err := store.Entries()
	if err != nil || len(entries) != 1 {
		t.Fatal(entries, err)
	}
	path := entries[0].Path
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	check := func(what string, at int, bad []byte) {
		t.Helper()
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		s := run()
		if s.Start().Warm || s.Start().Reason == "" || jsonOf(t, s) != want {
			t.Errorf("%s at %d: %s", what, at, s.Start())
		}
		if s := run(); !s.Start().Warm {
			t.Errorf("%s at %d: no good file after it: %s", what, at, s.Start())
		}
	}
	for i := range 40 {
		at := i * len(good) / 40
		check("cut", at, good[:at])
		bad := append([]byte(nil), good...)
		bad[at] ^= 1 << (i % 8)
		check("a bit", at, bad)
	}
}

// TestVerifyFindsLies plants snapshots that do not fit the files but by their
// stamps, as if a file had been changed and everything put back that a stamp
// tells; on a real file system no program can put back the time of the change.
func TestVerifyFindsLies(t *testing.T) {
	dir := workspace(t, demo)
	for _, tt := range []struct {
		name string
		lie  func(s *cache.State)
		want string
	}{
		{"none", func(*cache.State) {}, ""},
		{"a file has other imports", func(s *cache.State) {
			path := filepath.Join(dir, "web", "c.ts")
			if err := os.WriteFile(path, []byte("import './b'\nexport const y = 1\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			info, err := fsys.OS(dir).Stat("web/c.ts")
			if err != nil {
				t.Fatal(err)
			}
			for i := range s.Sources {
				if s.Sources[i].Path == "web/c.ts" {
					s.Sources[i].Stamp = cache.Stamp(info.Stamp)
				}
			}
		}, "web/c.ts has other imports"},
		{"a dependency", func(s *cache.State) {
			for _, m := range s.Modules {
				if m.ID == "web/alone.ts" {
					m.Name = "elsewhere"
				}
			}
		}, "web/alone.ts is described as"},
	} {
		store := cache.OpenStore(t.TempDir())
		e := open(t, dir, WithStore(store), withClock(later))
		load(t, e)
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		again := open(t, dir, WithStore(store), withClock(later))
		stored, err := store.Load(again.Root(), again.Key())
		if err != nil {
			t.Fatal(err)
		}
		state, ok := stored.State()
		if !ok {
			t.Fatal("damaged")
		}
		tt.lie(state)
		if err := store.Save(again.Root(), again.Key(), state); err != nil {
			t.Fatal(err)
		}
		lines, err := again.VerifyStore(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(lines, "\n"); !strings.Contains(got, tt.want) || (tt.want == "") != (got == "") {
			t.Errorf("%s: verify says %q, want %q", tt.name, got, tt.want)
		}
		if s := load(t, again); !s.Start().Warm || s.Stats().Work.Parsed > 0 {
			t.Errorf("%s: the case is wrong: the lie was seen by its stamp: %s", tt.name, s.Start())
		}
	}
}

// TestWarmExports holds that a module can be read after a warm start that read
// exports.
func TestWarmExports(t *testing.T) {
	dir := workspace(t, demo)
	store := cache.OpenStore(t.TempDir())
	for range 2 {
		e := open(t, dir, WithStore(store), withClock(later), WithDetail(loader.DetailExports))
		load(t, e)
		m, err := e.LoadModule(t.Context(), "web/b.ts")
		if err != nil || len(m.Exports) != 1 {
			t.Fatal(m, err)
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestChangesAfterWarmStart holds that an engine which has listed no folder sees
// what changes afterwards: told of it, by a look at everything, and by a watcher.
func TestChangesAfterWarmStart(t *testing.T) {
	for _, how := range []string{"update", "rescan", "watch"} {
		t.Run(how, func(t *testing.T) {
			dir := workspace(t, demo)
			store := cache.OpenStore(t.TempDir())
			cold := open(t, dir, WithStore(store), withClock(later))
			folders := load(t, cold).loaded().State().Folders
			if err := cold.Close(); err != nil {
				t.Fatal(err)
			}
			e := open(t, dir, WithStore(store), withClock(later))
			if s := load(t, e); s.Start().Reason != nothingChanged || (s.Stats().Work.Listed == 0) != (folders != nil) {
				t.Fatalf("%s, %d folders listed", s.Start(), s.Stats().Work.Listed)
			}
			var watcher *watch.Watcher
			if how == "watch" {
				var err error
				if watcher, err = e.Watch(t.Context(), watch.Options{}); err != nil {
					t.Fatal(err)
				}
				defer watcher.Close()
			}
			change := func(name, text string) {
				t.Helper()
				path := filepath.Join(dir, filepath.FromSlash(name))
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
				var err error
				switch how {
				case "update":
					_, _, err = e.Update(t.Context(), name)
				case "rescan":
					_, _, err = e.Rescan(t.Context())
				case "watch":
					err = watcher.Sync(t.Context())
				}
				if err != nil {
					t.Fatal(err)
				}
				if got, want := jsonOf(t, e.Snapshot()), jsonOf(t, load(t, open(t, dir))); got != want {
					t.Errorf("after %s: got\n%s\nwant\n%s", name, got, want)
				}
			}
			change("web/c.ts", "import './alone'\n")
			change("web/gone.ts", "import './app'\n")
			change("lib/new.ts", "import '../web/app'\n")
			change("web/alone.ts", "import '../lib/new'\n")
		})
	}
}

package loader

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/eddy-build/eddy/cache"
	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/module"
)

// stored makes of a result what a store would return.
func stored(t testing.TB, r *Result) *cache.Stored {
	t.Helper()
	s, err := cache.Decode(cache.Encode(r.State(), module.Digest{}), module.Digest{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestUnchanged makes one change to a tree that was stored and asks whether it
// is as it was. What it is to see is all that a load would read.
func TestUnchanged(t *testing.T) {
	const tree = `
-- .git/HEAD --
-- .gitignore --
/ignored/
*.log
-- .ignore --
/plain/
-- toy.conf --
alias=lib/a
-- main.toy --
import alias
import ignored/x
-- lib/a.toy --
-- lib/sub/b.toy --
import missing
-- lib/sub/.gitignore --
never
-- other/README --
-- ignored/x.toy --
-- ignored/y.toy --
-- node_modules/p/p.toy --
-- plain/z.toy --
-- work/.git --
gitdir: ../gitdirs/work
-- work/w.toy --
-- gitdirs/work/HEAD --
-- gitdirs/work/info/exclude --
nothing
`
	const home = "/mem/home"
	for _, tt := range []struct {
		name string
		edit func(m *fsys.Mem)
		env  string
		want bool
	}{
		{name: "nothing", edit: func(m *fsys.Mem) {}, want: true},
		{name: "a source", edit: func(m *fsys.Mem) { m.Write("lib/a.toy", "import main") }},
		{name: "a source, equal bytes", edit: func(m *fsys.Mem) { m.Write("lib/a.toy", "") }},
		{name: "a source appears", edit: func(m *fsys.Mem) { m.Write("lib/new.toy", "") }},
		{name: "any file appears", edit: func(m *fsys.Mem) { m.Write("other/new", "") }},
		{name: "a source vanishes", edit: func(m *fsys.Mem) { m.Remove("lib/sub/b.toy") }},
		{name: "a folder appears", edit: func(m *fsys.Mem) { m.Mkdir("empty") }},
		{name: "a folder vanishes", edit: func(m *fsys.Mem) { m.Remove("other") }},
		{name: "a rename", edit: func(m *fsys.Mem) { m.Rename("lib/a.toy", "lib/c.toy") }},
		{name: "a folder is another", edit: func(m *fsys.Mem) {
			m.Rename("lib/sub", "away")
			m.Mkdir("lib/sub")
			m.Write("lib/sub/b.toy", "import missing\n")
		}},
		{name: "a file that is no source", edit: func(m *fsys.Mem) { m.Write("other/README", "read me") }, want: true},
		{name: "in an ignored folder", edit: func(m *fsys.Mem) { m.Write("ignored/y.toy", "import main") }, want: true},
		{name: "in an ignored folder, new", edit: func(m *fsys.Mem) { m.Write("ignored/new.toy", "") }, want: true},
		{name: "in an ignored folder, asked for", edit: func(m *fsys.Mem) { m.Remove("ignored/x.toy") }},
		{name: "in node_modules", edit: func(m *fsys.Mem) { m.Write("node_modules/q/q.toy", "") }, want: true},
		{name: "the manifest", edit: func(m *fsys.Mem) { m.Write("toy.conf", "alias=lib/b") }},
		{name: "the manifest vanishes", edit: func(m *fsys.Mem) { m.Remove("toy.conf") }},
		{name: ".gitignore", edit: func(m *fsys.Mem) { m.Write(".gitignore", "lib") }},
		{name: ".gitignore below", edit: func(m *fsys.Mem) { m.Write("lib/sub/.gitignore", "b.toy") }},
		{name: ".gitignore appears", edit: func(m *fsys.Mem) { m.Write("other/.gitignore", "") }},
		{name: ".ignore", edit: func(m *fsys.Mem) { m.Write(".ignore", "lib") }},
		{name: "info/exclude appears", edit: func(m *fsys.Mem) { m.Write(".git/info/exclude", "lib") }},
		{name: "info/exclude of a work tree", edit: func(m *fsys.Mem) { m.Write("gitdirs/work/info/exclude", "w.toy") }},
		{name: "where a work tree's repository is", edit: func(m *fsys.Mem) { m.Write("work/.git", "gitdir: ../none") }},
		{name: "no repository any more", edit: func(m *fsys.Mem) { m.Remove(".git/HEAD") }},
		{name: "other things in .git", edit: func(m *fsys.Mem) { m.Write(".git/index", "") }, want: true},
		{name: "git's settings appear", edit: func(m *fsys.Mem) { m.Write("../.gitconfig", "[core]\nexcludesFile = x\n") }},
		{name: "the user's patterns", edit: func(m *fsys.Mem) { m.Write("../.config/git/ignore", "lib") }},
		{name: "another home", edit: func(m *fsys.Mem) {}, env: "/mem"},
		{name: "no environment", edit: func(m *fsys.Mem) {}, env: "none"},
		{name: "a link appears", edit: func(m *fsys.Mem) { m.Symlink("lib", "link") }},
		{name: "a file becomes a link", edit: func(m *fsys.Mem) {
			m.Rename("lib/a.toy", "ignored/a.toy")
			m.Symlink("../ignored/a.toy", "lib/a.toy")
		}},
		{name: "a link leads elsewhere", edit: func(m *fsys.Mem) { m.Rename("../out/f", "../out/g"); m.Mkdir("../out/f") }},
		{name: "what a link leads to is edited", edit: func(m *fsys.Mem) { m.Write("../out/s.toy", "import main") }},
		{name: "what a dangling link leads to appears", edit: func(m *fsys.Mem) { m.Write("../out/nothing", "") }},
		{name: "rights of a folder", edit: func(m *fsys.Mem) { m.Chmod("lib", 0o700) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			mem := fsys.MemOfText(tree)
			mem.Write("../.config/git/ignore", "none")
			mem.Write("../out/f/x.toy", "")
			mem.Write("../out/s.toy", "")
			mem.Symlink("../out/f", "outside")
			mem.Symlink("../out/s.toy", "soft.toy")
			mem.Symlink("../out/nothing", "dangling")
			cfg := memConfig(mem)
			where := home
			cfg.Walk.Env = func(name string) string {
				if name == "HOME" {
					return where
				}
				return ""
			}
			s := stored(t, load(t, cfg))
			if s.Folders() == 0 {
				t.Fatal("the folders were not stored")
			}
			tt.edit(mem)
			switch tt.env {
			case "":
			case "none":
				cfg.Walk.Env = nil
			default:
				where = tt.env
			}
			if got := Unchanged(t.Context(), cfg, s); got != tt.want {
				t.Errorf("unchanged: %t, want %t", got, tt.want)
			}
			fresh, state := load(t, cfg), must(s.State())
			if old := Restore(state, cfg.Frontends); tt.want && dump(old.Set) != dump(fresh.Set) {
				t.Errorf("the case is wrong: a load gives\n%s\nand gave\n%s", dump(fresh.Set), dump(old.Set))
			}
		})
	}
}

func must[T any](v T, ok bool) T {
	if !ok {
		panic("damaged")
	}
	return v
}

// TestUnchangedEnvironment holds that a snapshot that was made without a look at
// git's settings is not taken for one with them.
func TestUnchangedEnvironment(t *testing.T) {
	mem := fsys.MemOf(map[string]string{"main.toy": "", "../.config/git/ignore": "main.toy"})
	cfg := memConfig(mem)
	s := stored(t, load(t, cfg))
	if !Unchanged(t.Context(), cfg, s) {
		t.Error("not known with the same options")
	}
	cfg.Walk.Env = func(string) string { return "/mem/home" }
	if Unchanged(t.Context(), cfg, s) {
		t.Error("taken for unchanged by one who reads the settings")
	}
}

// TestUnchangedDoubts holds that what cannot be compared later is not stored.
func TestUnchangedDoubts(t *testing.T) {
	for name, make := range map[string]func(m *fsys.Mem, cfg *Config){
		"a folder that cannot be read":     func(m *fsys.Mem, _ *Config) { m.Chmod("lib", 0) },
		"an ignore file that cannot be":    func(m *fsys.Mem, _ *Config) { m.Write(".gitignore", ""); m.Chmod(".gitignore", 0) },
		"a folder that just changed":       func(m *fsys.Mem, cfg *Config) { cfg.Now = clockOf(m, "lib") },
		"an ignore file that just changed": func(m *fsys.Mem, cfg *Config) { m.Write(".gitignore", ""); cfg.Now = clockOf(m, ".gitignore") },
	} {
		mem := fsys.MemOf(map[string]string{"main.toy": "", "lib/a.toy": ""})
		cfg := memConfig(mem)
		make(mem, &cfg)
		s := stored(t, load(t, cfg))
		if s.Folders() != 0 {
			t.Errorf("%s: %d folders were stored", name, s.Folders())
		}
		if Unchanged(t.Context(), cfg, s) {
			t.Errorf("%s: taken for unchanged", name)
		}
	}
}

// clockOf is a clock that stands at the last change of a path.
func clockOf(m *fsys.Mem, path string) func() time.Time {
	info, err := m.Stat(path)
	if err != nil {
		panic(err)
	}
	return func() time.Time { return time.Unix(0, info.Stamp.CTime) }
}

// later is a clock by which every file of a test is old enough to be trusted.
func later() time.Time { return time.Now().Add(time.Hour) }

// TestDated holds that a result that holds is stored again where the stamps of
// its folders are out of date, and is then known by them.
func TestDated(t *testing.T) {
	mem := fsys.MemOf(map[string]string{"main.toy": "import lib/a", "lib/a.toy": ""})
	cfg := memConfig(mem)
	s := stored(t, load(t, cfg))
	mem.Write("lib/scratch", "")
	mem.Remove("lib/scratch")
	if Unchanged(t.Context(), cfg, s) {
		t.Error("a folder with another stamp is taken for unchanged")
	}
	r, err := Resume(t.Context(), cfg, func() *Result { return Restore(must(s.State()), cfg.Frontends) })
	if err != nil {
		t.Fatal(err)
	}
	if w := r.Stats.Work; w.Parsed+w.Indexed > 0 || !r.Fresh() {
		t.Errorf("did %+v; fresh: %t", w, r.Fresh())
	}
	again := stored(t, r)
	if !Unchanged(t.Context(), cfg, again) {
		t.Error("stored again, and not known")
	}
	r, err = Resume(t.Context(), cfg, func() *Result { return Restore(must(again.State()), cfg.Frontends) })
	if err != nil || r.Fresh() {
		t.Errorf("stored a third time: %v", err)
	}
}

// TestUnchangedOnDisk holds, on the real file system, that a tree that was left
// alone is known without a listing; what changes is in the tests of fsys.
func TestUnchangedOnDisk(t *testing.T) {
	dir := t.TempDir()
	var archive strings.Builder
	for i := range 40 {
		fmt.Fprintf(&archive, "-- d%d/sub/m.toy --\nimport ../../d%d/sub/m\n", i, (i+1)%40)
	}
	write(t, dir, archive.String())
	cfg := configOf(dir, true)
	cfg.Now = later
	s := stored(t, load(t, cfg))
	_, known := cfg.FS.(fsys.FolderComparer)
	if s.Folders() == 0 && known {
		t.Skip("this file system is not one whose folder stamps are relied on")
	}
	if got := Unchanged(t.Context(), cfg, s); got != known {
		t.Errorf("unchanged: %t, want %t", got, known)
	}
	writeFile(t, dir, "d7/sub/m.toy", "import ../../d9/sub/m")
	if Unchanged(t.Context(), cfg, s) {
		t.Error("an edit went unseen")
	}
}

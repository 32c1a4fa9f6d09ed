package eddy

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/eddy-build/eddy/internal/leaktest"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
	"github.com/eddy-build/eddy/watch"
)

// followed is a workspace on the real file system with an engine that follows it.
type followed struct {
	t       *testing.T
	dir     string
	detail  loader.Detail
	env     func(name string) string
	engine  *Engine
	target  *heldTarget
	watcher *watch.Watcher
}

// heldTarget is what an engine is to its watcher, and can hold the watcher up.
type heldTarget struct {
	*follower
	hold atomic.Pointer[holdUp]
}

// holdUp is told when the watcher is there, and lets it go on.
type holdUp struct{ there, on chan struct{} }

func (h *heldTarget) Missed() bool {
	if hold := h.hold.Swap(nil); hold != nil {
		close(hold.there)
		<-hold.on
	}
	return h.follower.Missed()
}

func follow(t *testing.T, detail loader.Detail, prepare func(f *followed)) *followed {
	t.Helper()
	leaktest.Check(t)
	f := &followed{t: t, dir: filepath.Join(t.TempDir(), "root"), detail: detail}
	f.check(os.Mkdir(f.dir, 0o755))
	prepare(f)
	engine, err := Open(f.dir, WithEnv(f.env), WithDetail(detail))
	f.check(err)
	t.Cleanup(func() { f.check(engine.Close()) })
	_, err = engine.Load(t.Context())
	f.check(err)
	f.engine = engine
	f.target = &heldTarget{follower: &follower{engine: engine}}
	f.watcher, err = watch.New(context.Background(), engine.Root(), f.target, watch.Options{})
	f.check(err)
	t.Cleanup(func() { f.check(f.watcher.Close()) })
	return f
}

func (f *followed) check(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *followed) path(name string) string { return filepath.Join(f.dir, filepath.FromSlash(name)) }

func (f *followed) write(name, text string) {
	f.t.Helper()
	f.check(os.MkdirAll(filepath.Dir(f.path(name)), 0o755))
	f.check(os.WriteFile(f.path(name), []byte(text), 0o644))
}

func (f *followed) remove(name string) { f.t.Helper(); f.check(os.RemoveAll(f.path(name))) }

func (f *followed) rename(from, to string) {
	f.t.Helper()
	f.check(os.Rename(f.path(from), f.path(to)))
}

func (f *followed) link(target, name string) {
	f.t.Helper()
	f.check(os.Symlink(target, f.path(name)))
}

func (f *followed) git(args ...string) {
	f.t.Helper()
	cmd := exec.Command("git", append([]string{"-C", f.dir, "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull)
	if out, err := cmd.CombinedOutput(); err != nil {
		f.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

// same asks for what a fresh load gives, after a Sync.
func (f *followed) same(when string) {
	f.t.Helper()
	f.check(f.watcher.Sync(context.Background()))
	fresh, err := Open(f.dir, WithEnv(f.env), WithDetail(f.detail))
	f.check(err)
	want, err := fresh.Load(context.Background())
	f.check(err)
	f.check(fresh.Close())
	if a, b := jsonOf(f.t, f.engine.Snapshot()), jsonOf(f.t, want); a != b {
		f.t.Fatalf("%s: the snapshot (%d modules, %d bytes) is not that of a fresh load (%d modules, %d bytes)",
			when, len(f.engine.Snapshot().Modules()), len(a), len(want.Modules()), len(b))
	}
	for _, m := range want.Modules() {
		if got, _ := f.engine.Snapshot().Module(m.ID); got.Interface != m.Interface || len(got.Exports) != len(m.Exports) {
			f.t.Fatalf("%s: the interface of %s is not that of a fresh load", when, m.ID)
		}
	}
}

// How editors save: each time the import in the file counts, and no other.
func TestFollowSaves(t *testing.T) {
	f := follow(t, loader.DetailExports, func(f *followed) {
		f.write("a.ts", "import './b'")
		f.write("b.ts", "")
		f.write("c.ts", "")
	})
	f.same("at first")
	saves := map[string]func(name, text string){
		"write": f.write,
		"truncate and write": func(name, text string) {
			f.check(os.Truncate(f.path(name), 0))
			f.write(name, text)
		},
		"rename over": func(name, text string) {
			f.write("."+name+".swp", text)
			f.rename("."+name+".swp", name)
		},
		"backup and rename": func(name, text string) {
			f.rename(name, name+"~")
			f.write(name, text)
			f.remove(name + "~")
		},
		"remove and make": func(name, text string) {
			f.remove(name)
			f.write(name, text)
		},
	}
	for how, save := range saves {
		for i := range 20 {
			save("a.ts", fmt.Sprintf("import './%c' // %d", 'b'+i%2, i))
			f.same(how)
			if m, _ := f.engine.Snapshot().Module("a.ts"); m == nil || len(m.Deps) != 1 || string(m.Deps[0].To) != fmt.Sprintf("%c.ts", 'b'+i%2) {
				t.Fatalf("%s %d: %+v", how, i, m)
			}
		}
	}
}

func TestFollowFolders(t *testing.T) {
	f := follow(t, loader.DetailExports, func(f *followed) {
		f.write("a.ts", "import './d/x/one'; import './e/x/one'")
		f.write("d/x/one.ts", "")
		f.write("d/x/y/two.ts", "import '../one'")
	})
	steps := []struct {
		what string
		do   func()
	}{
		{"a file in a folder", func() { f.write("d/x/three.ts", "import './one'") }},
		{"a folder removed", func() { f.remove("d") }},
		{"and made again", func() { f.write("d/x/one.ts", ""); f.write("d/x/y/four.ts", "import '../one'") }},
		{"a file in the new one", func() { f.write("d/x/y/four.ts", "import '../gone'") }},
		{"removed and made at once", func() { f.remove("d"); f.write("d/x/one.ts", "import './y/five'"); f.write("d/x/y/five.ts", "") }},
		{"a file in that", func() { f.write("d/x/y/five.ts", "import '../one'") }},
		{"a folder renamed", func() { f.rename("d", "e") }},
		{"a file in the renamed", func() { f.write("e/x/y/five.ts", "import '../one'; import './six'") }},
		{"a new file deep in the renamed", func() { f.write("e/x/y/six.ts", "") }},
		{"renamed back", func() { f.rename("e", "d") }},
		{"a file in it", func() { f.write("d/x/y/five.ts", "") }},
		{"two folders swapped", func() {
			f.write("d2/x/one.ts", "import 'z'")
			f.write("d2/x/y/five.ts", "import '../one'")
			f.rename("d", "old")
			f.rename("d2", "d")
		}},
		{"a file in the swapped", func() { f.write("d/x/y/five.ts", "import 'q'") }},
		{"a file in the old", func() { f.write("old/x/y/five.ts", "import 'p'") }},
		{"ignored", func() { f.write(".ignore", "old\n") }},
		{"a file in the ignored", func() { f.write("old/x/y/five.ts", "import 'o'") }},
		{"no longer ignored", func() { f.remove(".ignore") }},
		{"a file of it", func() { f.write("old/x/y/five.ts", "import 'n'") }},
		{"a link to a folder", func() { f.link("old", "linked"); f.write("a.ts", "import './linked/x/y/five'") }},
		{"a file behind it", func() { f.write("linked/x/y/five.ts", "import 'm'") }},
		{"the link led elsewhere", func() { f.remove("linked"); f.link("d", "linked") }},
	}
	for _, step := range steps {
		step.do()
		f.same(step.what)
	}
}

func TestFollowLinksThatLeaveTheWorkspace(t *testing.T) {
	f := follow(t, loader.DetailExports, func(f *followed) {
		f.write("../outside/lib/a.ts", "import './b'")
		f.write("../outside/file.ts", "import 'x'")
		f.write("main.ts", "import './lib/a'; import './file'")
		f.link("../outside/lib", "lib")
		f.link("../outside/file.ts", "file.ts")
	})
	f.same("at first")
	f.write("../outside/lib/b.ts", "import './a'")
	f.same("a new file behind a link")
	f.write("../outside/lib/b.ts", "")
	f.same("a file behind a link")
	f.write("../outside/file.ts", "import 'y'")
	f.same("the file that a link leads to")
	f.rename("../outside/lib", "../outside/was")
	f.same("the folder that a link leads to is gone")
	f.write("../outside/lib/c.ts", "")
	f.same("and there again")
	f.write("../outside/lib/c.ts", "import './d'")
	f.same("and written to")
	f.write("../.ignore", "main.ts\n")
	f.same("an ignore file above the root")
}

func TestFollowRoot(t *testing.T) {
	f := follow(t, loader.DetailExports, func(f *followed) { f.write("d/a.ts", "import './b'") })
	f.same("at first")
	f.remove(".")
	if err := f.watcher.Sync(context.Background()); err == nil {
		t.Error("Sync without a root succeeds")
	}
	f.write("d/a.ts", "import './c'")
	f.same("the root was made again")
	f.write("d/c.ts", "")
	f.same("and written to")
	f.rename(".", "../elsewhere")
	f.write("../elsewhere/d/d.ts", "")
	if err := f.watcher.Sync(context.Background()); err == nil {
		t.Error("Sync without a root succeeds")
	}
	f.write("d/e.ts", "import './c'")
	f.same("another folder has the root's name")
	f.remove(".")
	f.rename("../elsewhere", ".")
	f.same("the root is back")
	f.write("d/d.ts", "import './e'")
	f.same("and written to")
}

func TestFollowBranches(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	const n = 2000
	f := follow(t, loader.DetailImports, func(f *followed) {
		f.git("init", "-q", "-b", "one")
		f.write("dir0/always.ts", "")
		for i := range n {
			f.write(fmt.Sprintf("dir%d/sub%d/m%d.ts", i%40, i%7, i), fmt.Sprintf("import '../../dir%d/sub%d/m%d'", (i+1)%40, (i+1)%7, i+1))
		}
		f.git("add", "-A")
		f.git("commit", "-q", "-m", "one")
		f.git("checkout", "-q", "-b", "two")
		for i := range n {
			name := fmt.Sprintf("dir%d/sub%d/m%d.ts", i%40, i%7, i)
			switch {
			case i%3 == 0:
				f.remove(name)
			case i%40 == 5:
				f.rename(name, fmt.Sprintf("dir%d/m%d.ts", i%40, i))
			default:
				f.write(name, fmt.Sprintf("import '../../dir%d/sub%d/m%d'", (i+2)%40, (i+2)%7, i+2))
			}
		}
		f.write("new/deep/er/x.ts", "import '../y'")
		f.git("add", "-A")
		f.git("commit", "-q", "-m", "two")
	})
	for _, branch := range []string{"one", "two", "one", "two"} {
		f.git("checkout", "-q", branch)
		f.same(branch)
	}
}

// More events than the queue of the system holds, in folders that are new.
func TestFollowFlood(t *testing.T) {
	f := follow(t, loader.DetailImports, func(f *followed) { f.write("a.ts", "") })
	for i := range 10_000 {
		f.write(fmt.Sprintf("d%d/e%d/m%d.ts", i%10, i%100, i), fmt.Sprintf("import '../e%d/m%d'", (i+10)%100, i+10))
	}
	f.same("10,000 files at once")
	f.remove("d1")
	f.rename("d2", "d1")
	f.write("d1/e2/m2.ts", "import './gone'")
	f.same("folders of them moved")
}

// A query after a write never answers from the graph before it, whoever else
// writes and asks.
func TestFollowSync(t *testing.T) {
	const writers, rounds = 8, 25
	f := follow(t, loader.DetailImports, func(f *followed) { f.write("a.ts", "") })
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			name := fmt.Sprintf("w%d/m.ts", w)
			for round := range rounds {
				if round%10 == 9 { // the folder is another one
					if err := os.RemoveAll(f.path(filepath.Dir(name))); err != nil {
						t.Error(err)
					}
				}
				want := fmt.Sprintf("./n%d", round)
				if err := errors.Join(os.MkdirAll(filepath.Dir(f.path(name)), 0o755), os.WriteFile(f.path(name), []byte("import '"+want+"'"), 0o644)); err != nil {
					t.Error(err)
				}
				if err := f.watcher.Sync(context.Background()); err != nil {
					t.Error(err)
				}
				m, ok := f.engine.Snapshot().Module(module.ID(name))
				if !ok || len(m.Imports) != 1 || m.Imports[0].Specifier != want {
					t.Errorf("%s %d: %+v", name, round, m)
				}
			}
		})
	}
	group.Wait()
	f.same("at the end")
}

// What governs a workspace and lies where no folder is watched is there, or is
// another, after a Sync: files that git's settings name and that did not exist,
// what makes a folder a repository, where links lead on the way.
func TestFollowAsked(t *testing.T) {
	home := t.TempDir()
	env := func(name string) string { return map[string]string{"HOME": home}[name] }
	f := follow(t, loader.DetailImports, func(f *followed) {
		f.env = env
		f.write("a.ts", "import './b'")
		f.write("b.ts", "")
		f.write("sub/c.ts", "")
		f.write("sub/.git/x", "")
		f.write("work/.git", "gitdir: ../gitdirs/work")
		f.write("work/d.ts", "")
		f.write("gitdirs/work/HEAD", "x")
		f.write(".gitignore", "c.ts\ngitdirs\n")
		f.write(".git/HEAD", "ref: x")
		f.write(".git/config", "[include]\npath = ../more\n")
		f.write("../v1/l.ts", "import './k'")
		f.write("../v1/b.ts", "")
		f.write("../v2/b.ts", "")
		f.check(os.Link(f.path("../v1/l.ts"), f.path("../v2/l.ts")))
		f.link("v1", "../now")
		f.link("../now/l.ts", "l.ts")
	})
	f.same("at first")
	for _, step := range []struct{ name, text string }{
		{".git/info/exclude", "l.ts"},
		{"more", "[core]\nexcludesFile = " + filepath.ToSlash(filepath.Join(home, "mine")) + "\n"},
		{filepath.Join(home, "mine"), "b.ts"},
		{"sub/.git/HEAD", "x"},
		{"gitdirs/work/info/exclude", "d.ts"},
		{"gitdirs/work/commondir", "../common"},
		{"gitdirs/common/info/exclude", "x"},
		{"gitdirs/common/info/exclude", "work\nd.ts"},
		{filepath.Join(home, ".gitconfig"), "[core]\nexcludesFile = " + filepath.ToSlash(filepath.Join(home, "other")) + "\n"},
		{".git/config", ""},
		{filepath.Join(home, "other"), "a.ts"},
		{"../.ignore", "!b.ts"},
	} {
		path := step.name
		if !filepath.IsAbs(path) {
			path = f.path(path)
		}
		f.check(os.MkdirAll(filepath.Dir(path), 0o755))
		f.check(os.WriteFile(path, []byte(step.text), 0o644))
		f.same(step.name)
		// An update by paths keeps what the walk had asked.
		f.write("more.ts", step.text)
		f.same(step.name + ", and an edit")
	}
	f.remove("../now")
	f.link("v2", "../now")
	f.same("a link on the way")
	f.write("new/.git/HEAD", "x")
	f.write("new/c.ts", "")
	f.same("a new repository")
	f.write("new/.git/info/exclude", "c.ts")
	f.same("and its excludes")
}

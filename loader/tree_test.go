package loader

import (
	"slices"
	"sync"
	"syscall"
	"testing"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/module"
)

func TestTreeUnderstandsPathsThroughLinks(t *testing.T) {
	tree := walkMem(t, fsys.MemOfText(`
-- real/d/x --
-- a --
-> real/d
-- real/d/top --
-> ../..
-- real/up --
-> .
-- f --
-> real/d/x
-- out --
-> ../elsewhere
-- ../elsewhere/y --
`), WalkOptions{})
	for path, want := range map[string]string{
		"a/x": "real/d/x", "a/top/a/top/a/x": "real/d/x", "a/top/f": "real/d/x", "real/up/up/up/d/x": "real/d/x",
		"out/y": "out/y", "a/top/out/y": "out/y", "real/d/x": "real/d/x",
	} {
		if got := tree.Real(path); got != want || !tree.File(path) {
			t.Errorf("Real(%q) = %q, want %q; File %v", path, got, want, tree.File(path))
		}
	}
	for _, path := range []string{"a/y", "a/x/x", "ax", "a/top/none"} {
		if tree.File(path) || tree.Dir(path) {
			t.Errorf("%q is in the tree", path)
		}
	}
	if f := tree.Folder("a/top/a"); f == nil || f.Path != "real/d" {
		t.Errorf("Folder %+v", f)
	}
	for id, want := range map[string]string{"a/x": "real/d/x", "a": "real/d", "a/top/f": "f", "f": "f", "npm:x": "npm:x", "a/none": "real/d/none"} {
		r := NewResolution(tree)
		r.To(module.ID(id), module.Static, "")
		if got := string(r.Targets[0].ID); got != want {
			t.Errorf("To(%q) leads to %q, want %q", id, got, want)
		}
	}
	if got := tree.Real("a/top"); got != "." || !tree.Dir("a/top") {
		t.Errorf("Real = %q", got)
	}
}

func TestResolutionAsksOnlyWhereTheWalkDidNotLook(t *testing.T) {
	m := fsys.MemOfText(`
-- .gitignore --
build
*.gen.ts
/linked
-- a.gen.ts --
-- src/a.ts --
-- build/d/x.js --
-- node_modules/p/x.js --
-- .git/HEAD --
-- ../up/y.ts --
-- linked --
-> ../up
-- gone --
-> nowhere
-- closed/x --
`)
	m.Fail("closed", syscall.EACCES)
	tree, _, err := Walk(t.Context(), m, WalkOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m.Fail("closed", nil)
	var mu sync.Mutex
	var calls []string
	m.Before(func(op, name string) {
		mu.Lock()
		defer mu.Unlock()
		calls = append(calls, op+" "+name)
	})
	var workers sync.WaitGroup
	for range 4 {
		workers.Go(func() {
			r := NewResolution(tree)
			for path, want := range map[string]string{
				"a.gen.ts": "file", "src/a.ts": "file", "src": "dir", "src/b.ts": "", "none/x": "", "a.gen.ts/x": "",
				"build": "dir", "build/d": "dir", "build/d/x.js": "file", "build/y.js": "",
				"node_modules": "dir", "node_modules/p/x.js": "", ".git/HEAD": "", "gone": "", "gone/x": "",
				"../up/y.ts": "file", "../up/z.ts": "", "linked/y.ts": "file", "closed/x": "file", "closed/y": "",
			} {
				r.Reset()
				if got := r.File(path); got != (want == "file") {
					t.Errorf("File(%q) = %v", path, got)
				}
				if got := r.Dir(path); got != (want == "dir") {
					t.Errorf("Dir(%q) = %v", path, got)
				}
				if len(r.Probed) == 0 || r.Probed[0] != path {
					t.Errorf("%q: probed %q", path, r.Probed)
				}
			}
		})
	}
	workers.Wait()
	slices.Sort(calls)
	want := []string{"../up/y.ts", "../up/z.ts", "build/d", "build/d/x.js", "build/y.js", "closed/x", "closed/y", "linked/y.ts"}
	if got := slices.Compact(calls); !slices.Equal(got, prefixed("stat ", want)) {
		t.Errorf("calls %q", got)
	}
}

func prefixed(prefix string, list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = prefix + s
	}
	return out
}

func TestDiffTreesSeesLinks(t *testing.T) {
	m := fsys.MemOfText("-- a/x --\n-- b/x --\n-- l --\n-> a\n")
	old := walkMem(t, m, WalkOptions{})
	r := NewResolution(old)
	r.File("l/y")
	m.Write("a/y", "")
	if c := diffTrees(old, walkMem(t, m, WalkOptions{})); c.links || !c.touches(r.probes, &hashes{}) {
		t.Errorf("a file that appears behind a link: %+v", c)
	}
	m.Remove("a/y")
	m.Symlink("b", "l")
	if c := diffTrees(old, walkMem(t, m, WalkOptions{})); c.empty() || !c.touches(nil, &hashes{}) {
		t.Errorf("a link that leads elsewhere: %+v", c)
	}
}

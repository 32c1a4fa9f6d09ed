package loader

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/module"
)

// walkMem walks a tree that must be without problems.
func walkMem(t *testing.T, m *fsys.Mem, opts WalkOptions) *Tree {
	t.Helper()
	tree, diags, err := Walk(t.Context(), m, opts)
	if err != nil || len(diags) > 0 {
		t.Fatal(err, diags)
	}
	return tree
}

// listing is all that a walk tells: the files, the folders, what was left out,
// the links.
func listing(tree *Tree) string {
	var b strings.Builder
	for _, f := range tree.Folders() {
		fmt.Fprintf(&b, "%s/\n", f.Path)
		for _, name := range f.Files {
			fmt.Fprintf(&b, "%s", Join(f.Path, name))
			if real := tree.Real(Join(f.Path, name)); real != Join(f.Path, name) {
				fmt.Fprintf(&b, " = %s", real)
			}
			b.WriteByte('\n')
		}
		for _, s := range f.skipped {
			fmt.Fprintf(&b, "%s: %s\n", Join(f.Path, s.name), s.reason)
		}
	}
	for link, to := range tree.aliases {
		if tree.Dir(to) {
			fmt.Fprintf(&b, "%s = %s\n", link, to)
		}
	}
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func TestWalk(t *testing.T) {
	for _, tt := range []struct {
		name, tree string
		exclude    []string
		want       string
	}{
		{
			name: "ignore files beat each other in order",
			tree: `
-- .gitignore --
*.a
!*.b
-- .ignore --
*.b
!d/keep.a
-- x.a --
-- x.b --
-- d/keep.a --
-- d/x.c --
-- e/.ignore --
!x.b
-- e/x.b --
-- gen/x.c --
`,
			exclude: []string{"gen/", "d/*.c"},
			want: `
./
.gitignore
.ignore
d/
d/keep.a
d/x.c: exclude in the configuration: d/*.c
e/
e/.ignore
e/x.b
gen: exclude in the configuration: gen/
x.a: .gitignore:1: *.a
x.b: .ignore:1: *.b`,
		}, {
			name: "ignore files above the root, up to the repository",
			tree: `
-- ../../.gitignore --
*.far
-- ../../.git/HEAD --
-- ../.git/config --
-- ../.gitignore --
/root/*.near
!root/x.far
root
-- ../.ignore --
*.plain
-- ../../../.gitignore --
*.c
-- x.far --
-- y.far --
-- x.near --
-- x.plain --
-- d/x.near --
-- x.c --
`,
			want: `
./
d/
d/x.near
x.c
x.far
x.near: ../.gitignore:1: /root/*.near
x.plain: ../.ignore:1: *.plain
y.far: ../../.gitignore:1: *.far`,
		}, {
			name: "without a repository nothing above counts",
			tree: `
-- ../.gitignore --
*
-- x --
`,
			want: "\n./\nx",
		}, {
			name: "a repository inside another begins anew",
			tree: `
-- .git/HEAD --
-- .git/info/exclude --
*.outer
-- .gitignore --
*.log
-- .ignore --
*.plain
-- sub/.git --
gitdir: ../.git/modules/sub
-- .git/modules/sub/HEAD --
-- .git/modules/sub/info/exclude --
/d/*.inner
-- sub/x.log --
-- sub/x.outer --
-- sub/x.plain --
-- sub/x.inner --
-- sub/d/x.inner --
-- fake/.git/config --
-- fake/x.log --
`,
			want: `
./
.git: git's own
.gitignore
.ignore
fake/
fake/.git: git's own
fake/x.log: .gitignore:1: *.log
sub/
sub/.git: git's own
sub/d/
sub/d/x.inner: .git/modules/sub/info/exclude:1: /d/*.inner
sub/x.inner
sub/x.log
sub/x.outer
sub/x.plain: .ignore:1: *.plain`,
		}, {
			name: "installed packages are never entered",
			tree: `
-- .gitignore --
!node_modules
-- a/node_modules/p/x.js --
-- node_modules --
a file
-- b/node_modules --
-> ../a
-- l --
-> a/node_modules/p
`,
			want: `
./
.gitignore
a/
a/node_modules: installed packages
b/
b/node_modules: installed packages
l: a symbolic link into node_modules
node_modules`,
		}, {
			name: "a link to a folder that is walked is another name for it",
			tree: `
-- real/d/x --
-- a --
-> real/d
-- real/d/loop --
-> ../..
-- z --
-> a
-- self --
-> self
-- gone --
-> nowhere
`,
			want: `
./
a = real/d
gone: a symbolic link that leads nowhere: no such file or directory
real/
real/d/
real/d/loop = .
real/d/x
self: a symbolic link that leads nowhere: too many levels of symbolic links
z = real/d`,
		}, {
			name: "a folder outside is walked once, under the link to the outermost",
			tree: `
-- ../out/a/b/x --
-- ../out/a/y --
-- 1 --
-> ../out/a/b
-- 2 --
-> ../out/a
-- 3 --
-> 2
-- ../out/a/up --
-> ..
-- ../out/z --
`,
			want: `
./
1 = 2/b
2/
2/b/
2/b/x
2/up/
2/up/a: walked as 2
2/up/z
2/y
3 = 2`,
		}, {
			name: "a folder that is ignored is walked under the link to it",
			tree: `
-- .gitignore --
/build
*.o
-- build/lib/x --
-- build/lib/x.o --
-- lib --
-> build/lib
-- lib2 --
-> build/lib
-- tail/ --
`,
			want: `
./
.gitignore
build: .gitignore:1: /build
lib/
lib/x
lib/x.o: .gitignore:2: *.o
lib2 = lib
tail/`,
		}, {
			name: "links that are ignored, and links to what holds the workspace",
			tree: `
-- .gitignore --
/l1
/l2/
-- d/x --
-- l1 --
-> d
-- l2 --
-> d
-- home --
-> ..
-- top --
-> /
-- git --
-> .git
-- .git/HEAD --
`,
			want: `
./
.git: git's own
.gitignore
d/
d/x
git: a symbolic link into .git
home: a symbolic link to a folder that holds the workspace
l1: .gitignore:1: /l1
l2: .gitignore:2: /l2/
top: a symbolic link to a folder that holds the workspace`,
		}, {
			name: "a link to a file is a file, and knows which",
			tree: `
-- .gitignore --
hidden
-- d/x --
-- l --
-> d/x
-- l2 --
-> l
-- h --
-> hidden
-- hidden --
-- o --
-> ../out/f
-- ../out/f --
-- ../out/dir/f --
-- f --
-> ../out/dir/f
-- dir --
-> ../out/dir
`,
			want: `
./
.gitignore
d/
d/x
dir/
dir/f
f = dir/f
h
hidden: .gitignore:1: hidden
l = d/x
l2 = d/x
o`,
		}, {
			name: "names of all sorts",
			tree: "-- a b/c d --\n-- ä/ö --\n-- bad\xff/\xfe --\n-- -/-- --\n",
			want: "\n-/\n-/--\n./\na b/\na b/c d\nbad\xff/\nbad\xff/\xfe\nä/\nä/ö",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tree := walkMem(t, fsys.MemOfText(tt.tree), WalkOptions{Exclude: tt.exclude})
			if got := "\n" + listing(tree); got != tt.want {
				t.Errorf("got%s\nwant%s", got, tt.want)
			}
		})
	}
}

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

func TestExistsAsksOnlyWhereTheWalkDidNotLook(t *testing.T) {
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
	if got := tree.Asked(); !slices.Equal(got, want) {
		t.Errorf("Asked %q", got)
	}
}

func prefixed(prefix string, list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = prefix + s
	}
	return out
}

// A walk lists each folder once and stats no file.
func TestWalkCallsLittle(t *testing.T) {
	files := map[string]string{".gitignore": "*.o\n", "l": "-> d1", "f": "-> d1/f1"}
	for i := range 20 {
		for k := range 20 {
			files[fmt.Sprintf("d%d/f%d", i, k)] = ""
		}
	}
	m := fsys.MemOf(files)
	var mu sync.Mutex
	calls := make(map[string]int)
	m.Before(func(op, name string) {
		mu.Lock()
		defer mu.Unlock()
		if !strings.Contains(name, ".git") || name == ".gitignore" {
			calls[op]++
		}
	})
	walkMem(t, m, WalkOptions{})
	want := map[string]int{"readdir": 21, "readfile": 1, "stat": 2, "realpath": 2}
	if !reflect.DeepEqual(calls, want) {
		t.Errorf("calls %v, want %v", calls, want)
	}
}

func TestWalkReportsWhatItCannotRead(t *testing.T) {
	m := fsys.MemOfText(`
-- a/x --
-- closed/x --
-- going/x --
-- b/.gitignore --
*.o
-- b/x.o --
-- c/.gitignore --
-> ../b/.gitignore
-- c/x.o --
`)
	m.Fail("closed", syscall.EACCES)
	m.Fail("b/.gitignore", syscall.EIO)
	m.Before(func(op, name string) {
		if op == "readdir" && name == "going" {
			m.Remove("going")
		}
	})
	tree, diags, err := Walk(t.Context(), m, WalkOptions{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range diags {
		got = append(got, d.String())
	}
	want := []string{
		"b/.gitignore: warning: cannot read: input/output error; what is in it is missing from the graph (unreadable)",
		"c/.gitignore: warning: not read, because git does not read a .gitignore that is a symbolic link; make it a file (gitignore-link)",
		"closed: warning: cannot read: permission denied; what is in it is missing from the graph (unreadable)",
		"going: warning: vanished while the workspace was read; run again (unreadable)",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
	if !tree.File("a/x") || !tree.File("b/x.o") || !tree.File("c/x.o") {
		t.Error("the rest is read")
	}
}

func TestWalkFailsOnItsRootAndOnCancel(t *testing.T) {
	for _, f := range []fsys.FS{fsys.OS(filepath.Join(t.TempDir(), "none")), failing(fs.ErrPermission)} {
		tree, _, err := Walk(t.Context(), f, WalkOptions{})
		if err == nil || tree != nil {
			t.Errorf("no error for %s", f.Root())
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	m := fsys.MemOf(map[string]string{"a/x": "", "b/x": "", "c/d/x": ""})
	m.Before(func(op, name string) {
		if name == "b" {
			cancel()
		}
	})
	if _, _, err := Walk(ctx, m, WalkOptions{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func failing(err error) *fsys.Mem {
	m := fsys.NewMem()
	m.Fail(".", err)
	return m
}

// A tree of all that a walk knows, drawn from a seed.
func randomTree(seed uint64, folders int) *fsys.Mem {
	rnd := rand.New(rand.NewPCG(seed, 1))
	m := fsys.NewMem()
	dirs := []string{".", "../out"}
	for i := range folders {
		dir := Join(dirs[rnd.IntN(len(dirs))], fmt.Sprintf("d%d", i))
		dirs = append(dirs, dir)
		m.Mkdir(dir)
		for range rnd.IntN(5) {
			m.Write(Join(dir, fmt.Sprintf("f%d.%c", rnd.IntN(30), 'a'+rnd.IntN(4))), "")
		}
		switch rnd.IntN(12) {
		case 0:
			m.Write(Join(dir, ".gitignore"), fmt.Sprintf("*.%c\n!f1?.*\nd*%d/\n", 'a'+rnd.IntN(4), rnd.IntN(10)))
		case 1, 2:
			m.Symlink("/mem/home/root/"+dirs[rnd.IntN(len(dirs))], Join(dir, "link"))
		case 3:
			m.Symlink(fmt.Sprintf("../f%d.a", rnd.IntN(30)), Join(dir, "file"))
		case 4:
			m.Write(Join(dir, ".git/HEAD"), "")
		case 5:
			m.Fail(dir, syscall.EACCES)
		}
	}
	return m
}

func TestWalkIsTheSameForAnyNumberOfWorkers(t *testing.T) {
	for seed := range uint64(20) {
		m := randomTree(seed, 600)
		serial, wantDiags, err := Walk(t.Context(), m, WalkOptions{Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		want := listing(serial)
		for _, workers := range []int{2, 5, 16} {
			tree, diags, err := Walk(t.Context(), m, WalkOptions{Workers: workers})
			if err != nil {
				t.Fatal(err)
			}
			if got := listing(tree); got != want {
				t.Fatalf("seed %d, %d workers: another tree", seed, workers)
			}
			if !reflect.DeepEqual(diags, wantDiags) || !slices.Equal(tree.IgnoreFiles(), serial.IgnoreFiles()) {
				t.Errorf("seed %d, %d workers: other diagnostics or ignore files", seed, workers)
			}
		}
		once(t, seed, m, serial)
	}
}

// once holds that no folder was walked under two names.
func once(t *testing.T, seed uint64, m *fsys.Mem, tree *Tree) {
	t.Helper()
	seen := make(map[string]string)
	for _, f := range tree.Folders() {
		m.Fail(f.Path, nil)
		real, err := m.RealPath(f.Path)
		if err != nil {
			t.Fatal(err)
		}
		if at, ok := seen[real]; ok {
			t.Errorf("seed %d: %s is walked as %s and as %s", seed, real, at, f.Path)
		}
		seen[real] = f.Path
	}
}

func TestWalkOfAHostileTree(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the names and depths that are tried are those of Linux")
	}
	dir := t.TempDir()
	for _, name := range []string{"plain.go", "with space/a b.go", "new\nline/x\n.go", "ünï/cödé.py", "bad\xff\xfe/\xff.ts", "closed/x", "-/--"} {
		putFile(t, filepath.Join(dir, name), "")
	}
	for link, to := range map[string]string{"loop": "loop", "up": ".", "with space/up": "..", "gone": "nowhere", "ring/a": "../ring"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, link)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o644); err != nil {
		t.Fatal(err)
	}
	const depth = 5000
	last := nest(t, dir, depth)
	tree, diags, err := Walk(t.Context(), fsys.OS(dir), WalkOptions{})
	if err != nil || len(diags) > 0 {
		t.Fatal(err, diags)
	}
	if !tree.File(last) || len(tree.Folders()) < depth {
		t.Errorf("%d folders, and the file in the deepest: %v", len(tree.Folders()), tree.File(last))
	}
	for _, name := range []string{"plain.go", "with space/a b.go", "new\nline/x\n.go", "ünï/cödé.py", "bad\xff\xfe/\xff.ts", "up/up/with space/up/plain.go", "ring/a/a"} {
		if !tree.File(name) && !tree.Dir(name) {
			t.Errorf("%q is lost", name)
		}
	}
	for _, name := range []string{"loop", "gone", "pipe"} {
		if reason, ok := tree.Ignored(name); !ok || reason == "" {
			t.Errorf("%q is left out without a reason", name)
		}
	}
}

// nest makes nested folders, and a file in the last whose path it returns.
func nest(t *testing.T, dir string, depth int) string {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	var path strings.Builder
	for range depth {
		if err := root.Mkdir("d", 0o755); err != nil {
			t.Fatal(err)
		}
		next, err := root.OpenRoot("d")
		if err != nil {
			t.Fatal(err)
		}
		root.Close()
		root = next
		path.WriteString("d/")
	}
	defer root.Close()
	if err := root.WriteFile("end.go", nil, 0o644); err != nil {
		t.Fatal(err)
	}
	return path.String() + "end.go"
}

func TestDiffTreesSeesLinks(t *testing.T) {
	m := fsys.MemOfText("-- a/x --\n-- b/x --\n-- l --\n-> a\n")
	old := walkMem(t, m, WalkOptions{})
	r := NewResolution(old)
	r.File("l/y")
	m.Write("a/y", "")
	if c := diffTrees(old, walkMem(t, m, WalkOptions{})); c.links || !c.touches(r.probes) {
		t.Errorf("a file that appears behind a link: %+v", c)
	}
	m.Remove("a/y")
	m.Symlink("b", "l")
	if c := diffTrees(old, walkMem(t, m, WalkOptions{})); c.empty() || !c.touches(nil) {
		t.Errorf("a link that leads elsewhere: %+v", c)
	}
}

// rapidContext is the context of a test or of a rapid check.
func rapidContext(t fataler) context.Context {
	if c, ok := t.(interface{ Context() context.Context }); ok {
		return c.Context()
	}
	return context.Background()
}

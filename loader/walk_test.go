package loader

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/eddy-build/eddy/internal/fsys"
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
2/up/a = 2
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

// rapidContext is the context of a test or of a rapid check.
func rapidContext(t fataler) context.Context {
	if c, ok := t.(interface{ Context() context.Context }); ok {
		return c.Context()
	}
	return context.Background()
}

func TestWalkTellsOfAPatternThatMatchesNothing(t *testing.T) {
	_, diags, err := Walk(t.Context(), fsys.NewMem(), WalkOptions{Exclude: []string{"a[", "b/", "./c"}})
	if err != nil || len(diags) != 2 || diags[0].Code != "exclude" || !strings.Contains(diags[1].Message, `"a["`) {
		t.Error(diags, err)
	}
}

package loader

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/internal/fsys"
	"pgregory.net/rapid"
)

// repo is a git repository in a folder of the test's, away from the settings of
// whoever runs it. Git itself is the oracle of what is ignored.
type repo struct {
	dir    string
	global string            // core.excludesFile
	config string            // the user's settings
	vars   map[string]string // what differs in the environment
}

func newRepo(t *testing.T) *repo {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	if runtime.GOOS == "windows" {
		t.Skip("the names that are tried are not possible on Windows")
	}
	home, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	r := &repo{
		dir:    filepath.Join(home, "repo"),
		global: filepath.Join(home, "global"),
		config: filepath.Join(home, "config"),
	}
	putFile(t, r.config, "[core]\n\texcludesFile = "+r.global+"\n")
	putFile(t, filepath.Join(r.dir, "first"), "")
	r.git(t, r.dir, "", "init", "-q")
	return r
}

// env is the environment of git and of the walk.
func (r *repo) env(key string) string {
	if value, ok := r.vars[key]; ok {
		return value
	}
	switch key {
	case "HOME":
		return filepath.Dir(r.dir)
	case "GIT_CONFIG_NOSYSTEM":
		return "1"
	case "GIT_CONFIG_GLOBAL":
		return r.config
	}
	return ""
}

// fataler is what *testing.T and *rapid.T have in common here.
type fataler interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
	Errorf(string, ...any)
}

func (r *repo) git(t fataler, dir, stdin string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Stdin = strings.NewReader(stdin)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
	for _, key := range []string{"HOME", "XDG_CONFIG_HOME", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_GLOBAL"} {
		if value := r.env(key); value != "" {
			cmd.Env = append(cmd.Env, key+"="+value)
		}
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if code := cmd.ProcessState.ExitCode(); code != 0 && code != 1 {
		t.Fatalf("git %q: %v\n%s", args, err, stderr.String())
	}
	return string(out)
}

func putFile(t fataler, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// compare walks root, which lies in the repository, and holds each decision and
// its reason against git's. It returns how many paths there were and how many
// of them are ignored.
func (r *repo) compare(t fataler, root string) (paths, ignored int) {
	t.Helper()
	var list []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.Name() == ".git" {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if path != root {
			list = append(list, filepath.ToSlash(path[len(root)+1:]))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	tree, diags, err := Walk(rapidContext(t), fsys.OS(root), WalkOptions{Env: r.env})
	if err != nil || len(diags) > 0 {
		t.Fatal(err, diags)
	}
	out := r.git(t, root, strings.Join(list, "\x00")+"\x00", "check-ignore", "--no-index", "--stdin", "-z", "-v", "-n")
	fields := strings.Split(out, "\x00")
	if len(fields) != 4*len(list)+1 {
		t.Fatalf("git answered %d fields for %d paths", len(fields), len(list))
	}
	for i, path := range list {
		source, line, pattern := fields[4*i], fields[4*i+1], fields[4*i+2]
		want := source != "" && !strings.HasPrefix(pattern, "!")
		got := !tree.File(path) && !tree.Dir(path)
		reason, known := tree.Ignored(path)
		if got != want || known != want {
			t.Errorf("%q: ignored %v (%q), git says %v by %s:%s %q", path, got, reason, want, source, line, pattern)
			continue
		}
		paths++
		if want {
			ignored++
			if !filepath.IsAbs(source) {
				if source, err = filepath.Rel(root, filepath.Join(r.dir, source)); err != nil {
					t.Fatal(err)
				}
			}
			if at := fmt.Sprintf("%s:%s: ", source, line); !strings.Contains(reason, at) {
				t.Errorf("%q: ignored by %q, git says by %s%q", path, reason, at, pattern)
			}
		}
	}
	return paths, ignored
}

// Each line is one .gitignore, with the lines separated by "¦".
const patternTable = `
foo
foo/
/foo
/foo/
!foo
*.log
*.log¦!x.log
*.log¦!a/x.log
a/b
a/b/
/a/b
a/*
a/*/
a/**
a/**/
a/**/b
a/**/c/**/d
**/b
**/b/
/**/b
**/a/b
**
**/
*
/*
*/
*/b
*/**
**/**
*¦!*/¦!*.txt
/*¦!/a¦/a/*¦!/a/b
a¦!a/b
foo**
**foo
foo**bar
a**/b
a/**b
f?o
?
??
???
[a-c]x
[!a-c]x
[^a-c]x
[]]
[]-]
[a-]x
[-a]x
[\]]x
[[:alpha:]]1
[[:digit:][:upper:]]*
[[:nonsense:]]
[a/b]x
[a
a[
a[b-
[z-a]x
\#x
#x
\!x
x\ 
x 
x  ¦
fo\*
\f\o\o
a\/b
a\
*\
a\\b
*a*b*c*
*.t?t
*.tar.gz
.*
.hid*
a//b
/
//
./a
a/./b
a/../a
é
*é
?é
dir/*.c
dir/**/*.c
*.[oc]
a b
a\ b
*` + "\t" + `
foo` + "\r" + `
foo` + "\r" + `¦*.c` + "\r" + `
` + "\xef\xbb\xbf" + `foo
foo` + "\x00" + `bar
*.c¦!*.c¦a.c
!x¦x
-x
new?line
x*y*z
x**y
**x**
*[!a-z]*
*.?
a?b
a*b
a/?
a/[x-z]
a/*b
`

// Two sets of files, because a name cannot be both a file and a folder.
var populations = [2]string{
	"foo x.log n.txt a/foo a/x.log a/b/c a/b/foo a/x/b a/x/y/b a/c/d a/c/x/d a/x/c/y/d b foobar fooxbar fxo bx dx ax " +
		"[x -x ]x ] - #x !x fo* q1 11 X1 é aé ab a.c dir/a.c dir/s/a.c dir/s/t/b.o xaxbxc xyz xxyyzz n.tar.gz .hidden .x/y " +
		"axx/y/b a1/b aXb x 1/foo/bar a\\b a[ [a a.cc A",
	"foo/bar foo/foo/bar foo/x/bar foox/bar a b/a/b b/c x.log/y x/foo x/a/b/c dir.c/x dir/x.c/y é/x foo*/x ab/c " +
		"a.txt/x.txt n/a.txt n/m/b.txt [a]/x #x/y .hid/x q/.hid/x",
}

func TestWalkAgreesWithGitOnEachPattern(t *testing.T) {
	r := newRepo(t)
	count := 0
	for line := range strings.SplitSeq(strings.Trim(patternTable, "\n"), "\n") {
		count++
		for k, names := range populations {
			dir := filepath.Join(r.dir, fmt.Sprintf("%03d%c", count, 'a'+k))
			putFile(t, filepath.Join(dir, ".gitignore"), strings.ReplaceAll(line, "¦", "\n"))
			for name := range strings.FieldsSeq(names) {
				putFile(t, filepath.Join(dir, name), "")
			}
			for _, name := range []string{"x ", "a b", "new\nline", "bad\xff", "tab\t"} {
				putFile(t, filepath.Join(dir, name), "")
			}
		}
	}
	if count < 60 {
		t.Fatalf("only %d patterns", count)
	}
	paths, ignored := r.compare(t, r.dir)
	t.Logf("%d ignore files, %d paths, %d ignored", 2*count, paths, ignored)
	if paths < 10_000 || ignored < paths/10 || ignored > paths*9/10 {
		t.Errorf("%d of %d paths are ignored: the table says little", ignored, paths)
	}
}

func TestWalkAgreesWithGitOnLayers(t *testing.T) {
	r := newRepo(t)
	putFile(t, r.global, "*.swp\n*.both\n/anchored-global\n")
	for name, text := range map[string]string{
		".git/info/exclude": "*.excl\n!keep.swp\n/sub/only\n",
		".gitignore":        "*.tmp\n/out/\nlogs/*\n!logs/keep\n!*.both\ndeep/**/x\n",
		"sub/.gitignore":    "!important.tmp\n/local\n*.o\n",
		"sub/a/.gitignore":  "!*.o\nstop.o\n*\n!*/\n!b.*\n",
		"other/.gitignore":  "# nothing\n\n   \n",
		"out/x.c":           "", "a/out/x.c": "", "logs/keep": "", "logs/drop": "", "sub/logs/drop": "",
		"a.tmp": "", "sub/important.tmp": "", "sub/b.tmp": "", "sub/local": "", "sub/a/local": "", "sub/only": "",
		"sub/m.o": "", "sub/a/m.o": "", "sub/a/stop.o": "", "sub/a/b.c": "", "sub/a/c/b.c": "", "sub/a/c/d.c": "",
		"x.swp": "", "keep.swp": "", "sub/keep.swp": "", "x.both": "", "sub/x.both": "",
		"anchored-global": "", "sub/anchored-global": "", "y.excl": "", "deep/x": "", "deep/a/b/x": "", "sub/deep/x": "",
		"other/file": "",
	} {
		putFile(t, filepath.Join(r.dir, name), text)
	}
	for _, root := range []string{".", "sub", "sub/a", "sub/a/c", "other", "logs"} {
		paths, _ := r.compare(t, filepath.Join(r.dir, root))
		if paths == 0 {
			t.Errorf("%s: nothing compared", root)
		}
	}
}

func TestWalkFindsTheExcludesFileAsGitDoes(t *testing.T) {
	r := newRepo(t)
	home := filepath.Dir(r.dir)
	for _, name := range []string{"a.one", "a.two", "a.three", "sub/a.one"} {
		putFile(t, filepath.Join(r.dir, name), "")
	}
	putFile(t, filepath.Join(home, "one"), "*.one\n")
	putFile(t, filepath.Join(home, "two words"), "*.two\n")
	putFile(t, filepath.Join(r.dir, "three"), "*.three\n")
	putFile(t, filepath.Join(home, ".config/git/ignore"), "*.one\n")
	putFile(t, filepath.Join(home, "xdg/git/ignore"), "*.two\n")
	putFile(t, filepath.Join(home, "xdg/git/config"), "[core]\n\texcludesfile = ~/one\n")
	for name, tt := range map[string]struct {
		global, local string
		vars          map[string]string
		want          string // the extension that is ignored
	}{
		"default":      {want: "one"},
		"xdg":          {vars: map[string]string{"XDG_CONFIG_HOME": home + "/xdg", "GIT_CONFIG_GLOBAL": ""}, want: "one"},
		"xdg default":  {vars: map[string]string{"XDG_CONFIG_HOME": home + "/xdg"}, want: "two"},
		"tilde":        {global: "[core]\nexcludesFile = ~/one", want: "one"},
		"quotes":       {global: "[Core]\n\tEXCLUDESFILE = \"~/two words\" ; comment", want: "two"},
		"later wins":   {global: "[core]\nexcludesFile = ~/one\n[core]\nexcludesFile = \"~/two words\"", want: "two"},
		"empty":        {global: "[core]\nexcludesFile =", want: ""},
		"local wins":   {global: "[core]\nexcludesFile = ~/one", local: "[core]\nexcludesFile = three", want: "three"},
		"include":      {global: "[core]\nexcludesFile = x\n[include]\npath = included", want: "two"},
		"missing file": {global: "[core]\nexcludesFile = ~/none", want: ""},
		"other things": {global: "[core \"sub\"]\nexcludesFile = ~/none\n[url \"git@a:\"]\n\tinsteadOf = \"https://a/\"\n[alias]\n\tx = !f() { \\\n echo \\\"a\\\"; }; f\n[core]\n\tpager\n", want: "one"},
	} {
		t.Run(name, func(t *testing.T) {
			r := &repo{dir: r.dir, config: filepath.Join(home, "config"), vars: tt.vars}
			putFile(t, r.config, tt.global)
			putFile(t, filepath.Join(home, "included"), "[core]\nexcludesFile = \"~/two words\"\n")
			putFile(t, filepath.Join(r.dir, ".git/config"), "[core]\n\trepositoryformatversion = 0\n"+tt.local)
			for _, root := range []string{r.dir, filepath.Join(r.dir, "sub")} {
				tree, diags, err := Walk(t.Context(), fsys.OS(root), WalkOptions{Env: r.env})
				if err != nil || len(diags) > 0 {
					t.Fatal(err, diags)
				}
				var paths []string
				for _, ext := range []string{"one", "two", "three"} {
					path := "a." + ext
					if root == r.dir {
						if _, got := tree.Ignored(path); got != (ext == tt.want) {
							t.Errorf("Ignored(%q) = %v", path, got)
						}
						paths = append(paths, path)
					}
				}
				if root == r.dir {
					out := r.git(t, root, strings.Join(paths, "\n"), "check-ignore", "--no-index", "--stdin")
					if want := strings.TrimPrefix("a."+tt.want+"\n", "a.\n"); out != want {
						t.Errorf("git ignores %q, the test wants %q", out, want)
					}
				}
				r.compare(t, root)
			}
		})
	}
}

func TestWalkAgreesWithGitInAWorkTree(t *testing.T) {
	r := newRepo(t)
	putFile(t, filepath.Join(r.dir, ".git/info/exclude"), "*.excl\n")
	putFile(t, filepath.Join(r.dir, ".gitignore"), "*.tmp\n")
	r.git(t, r.dir, "", "add", ".")
	r.git(t, r.dir, "", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "first")
	linked := filepath.Join(filepath.Dir(r.dir), "linked")
	r.git(t, r.dir, "", "worktree", "add", "-q", linked)
	for _, name := range []string{"a.excl", "a.tmp", "a.txt", "d/b.excl"} {
		putFile(t, filepath.Join(linked, name), "")
	}
	// Git names the file by an absolute path here, so only the decisions are
	// held against it.
	tree, _, err := Walk(t.Context(), fsys.OS(linked), WalkOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"a.excl": false, "a.tmp": false, "a.txt": true, "d/b.excl": false, ".git": false} {
		if got := tree.File(name); got != want {
			t.Errorf("File(%q) = %v, want %v", name, got, want)
		}
	}
	out := r.git(t, linked, "a.excl\x00a.tmp\x00a.txt\x00d/b.excl\x00", "check-ignore", "--stdin", "-z")
	if out != "a.excl\x00a.tmp\x00d/b.excl\x00" {
		t.Errorf("git says %q", out)
	}
}

func TestWalkAgreesWithGitOnRandomPatterns(t *testing.T) {
	r := newRepo(t)
	piece := rapid.SampledFrom([]string{"a", "b", "c", "ab", "*", "**", "?", "/", "/", "[ab]", "[!a]", "[a-c]", `\a`, `\*`, ".", "[[:alpha:]]", "]", "[", "-", " ", "!"})
	pattern := rapid.Custom(func(t *rapid.T) string {
		text := strings.Join(rapid.SliceOfN(piece, 1, 6).Draw(t, "pieces"), "")
		return rapid.SampledFrom([]string{"", "", "", "!", "/", "**/"}).Draw(t, "head") + text +
			rapid.SampledFrom([]string{"", "", "", "/", "/**", "/*", " "}).Draw(t, "tail")
	})
	name := rapid.SampledFrom([]string{"a", "b", "c", "ab", "ba", "abc", "a.b", "b]", "-", "a b", "[a"})
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		// One repository holds many small trees, so that a start of git
		// answers for all.
		n++
		base := filepath.Join(r.dir, fmt.Sprint("case", n))
		defer os.RemoveAll(base)
		for i := range 3 {
			root := filepath.Join(base, fmt.Sprint(i))
			lines := rapid.SliceOfN(pattern, 1, 4).Draw(t, "patterns")
			putFile(t, filepath.Join(root, ".gitignore"), strings.Join(lines, "\n"))
			for range 12 {
				parts := rapid.SliceOfN(name, 1, 4).Draw(t, "path")
				path := filepath.Join(root, filepath.Join(parts...))
				if os.MkdirAll(filepath.Dir(path), 0o755) != nil {
					continue // a part is a file already
				}
				if info, err := os.Stat(path); err == nil && info.IsDir() {
					continue
				}
				putFile(t, path, "")
			}
			if lines := rapid.SliceOfN(pattern, 0, 2).Draw(t, "nested"); len(lines) > 0 {
				if info, err := os.Stat(filepath.Join(root, "a")); err == nil && info.IsDir() {
					putFile(t, filepath.Join(root, "a/.gitignore"), strings.Join(lines, "\n"))
				}
			}
		}
		r.compare(t, base)
	})
}

package python

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"

	"golang.org/x/tools/txtar"
)

// TestResolve loads the trees of testdata/resolve. The file "want" of each has
// what became of it; "roots:" lines of the comment are roots that a user gives.
func TestResolve(t *testing.T) {
	archives(t, "testdata/resolve/*.txtar", func(t *testing.T, a *txtar.Archive) {
		n := slices.IndexFunc(a.Files, func(f txtar.File) bool { return f.Name == "want" })
		if n < 0 {
			a.Files = append(a.Files, txtar.File{Name: "want"})
			n = len(a.Files) - 1
		}
		files := map[string]string{}
		for i, f := range a.Files {
			if i != n {
				files[f.Name] = string(f.Data)
			}
		}
		cfg := loader.Config{Root: "/ws/pkg", FS: fsys.MemOf(files), Frontends: []loader.Frontend{New()}}
		for line := range strings.Lines(string(a.Comment)) {
			if list, ok := strings.CutPrefix(line, "roots:"); ok {
				cfg.Options.PythonRoots = append(cfg.Options.PythonRoots, strings.Fields(list)...)
			}
		}
		got, err := loader.Load(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		check(t, &a.Files[n], resultText(got))
	})
}

// resultText renders a load: each module of the workspace with its name and
// package, then its imports with what they came to.
func resultText(r *loader.Result) string {
	var b strings.Builder
	for _, m := range r.Set.Modules {
		if m.Kind == module.KindStandard || m.Kind == module.KindExternal {
			continue
		}
		fmt.Fprintf(&b, "%s: %s in %s", m.ID, m.Name, m.Package)
		if m.Kind != module.KindSource {
			fmt.Fprintf(&b, " (%s)", m.Kind)
		}
		b.WriteString("\n")
		for i, im := range m.Imports {
			fmt.Fprintf(&b, "  %d %s", im.Span.Line, im.Specifier)
			for _, n := range im.Names {
				if n.Alias != im.Specifier {
					b.WriteString(" " + n.Name)
				}
			}
			b.WriteString(" ->")
			for _, d := range m.Deps {
				if int(d.Import) != i {
					continue
				}
				fmt.Fprintf(&b, " %s", d.To)
				if d.Kind != im.Kind || d.Kind == module.Type {
					fmt.Fprintf(&b, " (%s)", d.Kind)
				}
			}
			for _, u := range m.Unresolved {
				if int(u.Import) == i {
					fmt.Fprintf(&b, " unresolved: %s; probed %s", u.Reason, strings.Join(u.Probed, " "))
				}
			}
			b.WriteString("\n")
		}
	}
	for _, s := range r.Skipped {
		fmt.Fprintf(&b, "skipped %s: %s\n", s.Path, s.Reason)
	}
	for _, d := range r.Set.Diagnostics {
		fmt.Fprintf(&b, "%s\n", d)
	}
	return b.String()
}

func TestExplain(t *testing.T) {
	cfg := loader.Config{Root: "/ws", Frontends: []loader.Frontend{New()}, FS: fsys.MemOf(map[string]string{
		"pyproject.toml":       "[tool.setuptools.package-dir]\n\"\" = \"lib\"\n",
		"lib/a/__init__.py":    "",
		"lib/a/b.py":           "",
		"scripts/run.py":       "",
		"vendor/x/__init__.py": "",
		"extra/y.py":           "",
	})}
	cfg.Options.PythonRoots = []string{"extra"}
	r, err := loader.Load(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(append(r.ExplainPath("lib/a/b.py", true), r.ExplainPath("scripts/run.py", true)...), "\n")
	want := strings.TrimSpace(`
python: lib/a/b.py is the module a.b under the root lib (declared by tool.setuptools.package-dir in pyproject.toml)
python: absolute imports look in extra (given as a root)
python: absolute imports look in the standard library (before all other roots)
python: absolute imports look in lib (declared by tool.setuptools.package-dir in pyproject.toml)
python: absolute imports look in . (the folder of a project)
python: absolute imports look in vendor (holds top-level packages)
python: scripts/run.py is the module scripts.run under the root . (the folder of a project)
python: absolute imports look in extra (given as a root)
python: absolute imports look in scripts (the script's own folder)
python: absolute imports look in the standard library (before all other roots)
python: absolute imports look in . (the folder of a project)
python: absolute imports look in lib (declared by tool.setuptools.package-dir in pyproject.toml)
python: absolute imports look in vendor (holds top-level packages)`)
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// TestConclusionsFollowFacts edits a file on which the meaning of another's
// import depends: an update must tell what a fresh load tells.
func TestConclusionsFollowFacts(t *testing.T) {
	fs := fsys.MemOf(map[string]string{
		"a/__init__.py": "", "b.py": "import a.c\nimport d\n", "c.py": "", "d.py": "import e\n", "e.py": "",
	})
	cfg := loader.Config{Root: "/ws", FS: fs, Frontends: []loader.Frontend{New()}, Digests: true}
	prev, err := loader.Load(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	edits := []struct {
		path, text string
		resolved   int // modules of which the imports are resolved again
	}{
		{"a/__init__.py", "from e import c\n", 2},
		{"e.py", "x = 1\n", 0},
		{"a/__init__.py", "from e import c\nx = 1\n", 0},
		{"d.py", "import c\n", 1},
		{"a/__init__.py", "from e import x\n", 2},
		{"a/__init__.py", "import sys\nsys.modules['a.c'] = c\n", 2},
	}
	for _, e := range edits {
		fs.Write(e.path, e.text)
		next, delta, err := loader.Update(t.Context(), cfg, prev, loader.Changes{Paths: []string{e.path}})
		if err != nil {
			t.Fatal(err)
		}
		fresh, err := loader.Load(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := resultText(next), resultText(fresh); got != want {
			t.Errorf("after %s is %q:\n%s\nwant:\n%s", e.path, e.text, got, want)
		}
		if delta.Work.Resolved != e.resolved {
			t.Errorf("after %s is %q: %d modules resolved, want %d", e.path, e.text, delta.Work.Resolved, e.resolved)
		}
		prev = next
	}
}

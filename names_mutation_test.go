package eddy

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/internal/oracle"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// TestRenamedNamesAreReported renames what a module of a corpus declares, one
// name at a time, and asks for a report at each import of the name and nowhere
// else: a check that never reports could not fail the tests of the corpora.
func TestRenamedNamesAreReported(t *testing.T) {
	for _, c := range []struct {
		dir     string
		names   int // to rename
		imports int // of them, at least
	}{
		{oracle.Dir(t, "ecmascript", "packages", "rxjs"), 8, 100},
		{oracle.Dir(t, "ecmascript", "packages", "svelte"), 8, 100},
		{oracle.Dir(t, "python", "django"), 8, 100},
		{oracle.Dir(t, "python", "sqlalchemy"), 8, 100},
	} {
		t.Run(filepath.Base(c.dir), func(t *testing.T) {
			root := copyTree(t, c.dir)
			e := open(t, root, WithDetail(loader.DetailExports))
			s := load(t, e)
			before := findingsOf(t, s)
			reported := 0
			candidates := renames(s)
			if len(candidates) < c.names {
				t.Fatalf("%d names can be renamed, want at least %d", len(candidates), c.names)
			}
			for _, r := range candidates[:c.names] {
				source := r.apply(t, root)
				after, _, err := e.Update(t.Context(), r.module.Files[0])
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, f := range findingsOf(t, after) {
					got = append(got, place(f.at, f.name))
				}
				want := slices.Clone(r.imports)
				for _, f := range before {
					want = append(want, place(f.at, f.name))
				}
				if extra, missing := less(got, want), less(want, got); len(extra)+len(missing) > 0 {
					t.Errorf("%s of %s is renamed: reports at %q too many, %q missing", r.name, r.module.ID, extra, missing)
				}
				reported += len(r.imports)
				if err := os.WriteFile(filepath.Join(root, r.module.Files[0]), source, 0o644); err != nil {
					t.Fatal(err)
				}
				restored, _, err := e.Update(t.Context(), r.module.Files[0])
				if err != nil {
					t.Fatal(err)
				}
				if n := len(findingsOf(t, restored)); n != len(before) {
					t.Errorf("%s of %s has its name again: %d reports, want %d", r.name, r.module.ID, n, len(before))
				}
			}
			t.Logf("%d names, %d imports of them, of %d candidates", c.names, reported, len(candidates))
			if reported < c.imports {
				t.Errorf("%d imports were reported, want at least %d", reported, c.imports)
			}
		})
	}
}

// less returns the elements of a that b has not.
func less(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}

// rename is a declared name and the imports that take it, from its module or
// through a star.
type rename struct {
	module  *module.Module
	name    string
	spans   []module.Span
	imports []string
}

// renames finds the names whose declaration alone decides: of a module that no
// second file stands for, listed by no __all__. Those that the most imports take
// come first.
func renames(s *Snapshot) []rename {
	takers := map[module.ID][]lookup{} // by target
	targets := map[*module.Import]module.ID{}
	for _, l := range lookedUp(s) {
		if id, ok := targets[l.imp]; ok && id != l.target.ID && l.from.Language != module.Python {
			targets[l.imp] = "" // one that has the name is enough
		} else if !ok {
			targets[l.imp] = l.target.ID
		}
		takers[l.target.ID] = append(takers[l.target.ID], l)
	}
	w := newStars(s)
	var list []rename
	for _, m := range s.Modules() {
		if !m.Kind.Local() || len(m.Files) != 1 || m.Language == module.Go || w.unbounded(m.ID) {
			continue
		}
		byName := map[string]*rename{}
		for _, e := range m.Exports {
			if e.Import > 0 || e.Name == "default" || e.Name[0] == '_' || e.Visibility == module.Private || slices.Contains(m.All, e.Name) {
				continue
			}
			if byName[e.Name] == nil {
				byName[e.Name] = &rename{module: m, name: e.Name}
			}
			byName[e.Name].spans = append(byName[e.Name].spans, e.Span)
		}
		for _, r := range byName {
			for _, id := range w.holders(m, r.name) {
				for _, l := range takers[id] {
					if l.name.Name != r.name || targets[l.imp] == "" || l.from.ID == m.ID || l.target.Language == module.JavaScript && (l.name.Type || l.imp.Kind == module.Type) {
						continue
					}
					if at := place(l.imp.Span, r.name); !slices.Contains(r.imports, at) {
						r.imports = append(r.imports, at)
					}
				}
			}
			if len(r.imports) >= 3 {
				list = append(list, *r)
			}
		}
	}
	slices.SortFunc(list, func(a, b rename) int {
		return cmp.Or(-cmp.Compare(len(a.imports), len(b.imports)), cmp.Compare(a.module.ID, b.module.ID), cmp.Compare(a.name, b.name))
	})
	return list
}

// stars are the ways on which modules pass on all that others have.
type stars struct {
	modules map[module.ID]*module.Module
	from    map[module.ID][]module.ID // a module to those whose names it passes on
	by      map[module.ID][]module.ID // and the other way round
	lost    map[module.ID]bool        // it passes on what is not in the workspace
}

func newStars(s *Snapshot) *stars {
	w := &stars{map[module.ID]*module.Module{}, map[module.ID][]module.ID{}, map[module.ID][]module.ID{}, map[module.ID]bool{}}
	for _, m := range s.Modules() {
		w.modules[m.ID] = m
		for _, e := range m.Exports {
			if e.Name != "*" || e.Import == 0 {
				continue
			}
			led := false
			for _, d := range m.Deps {
				if d.Import == e.Import-1 && d.Kind != module.Implicit {
					w.from[m.ID] = append(w.from[m.ID], d.To)
					w.by[d.To] = append(w.by[d.To], m.ID)
					led = true
				}
			}
			w.lost[m.ID] = w.lost[m.ID] || !led
		}
	}
	return w
}

// reach lists what stars lead to from a module, itself first.
func reach(start module.ID, edges map[module.ID][]module.ID) []module.ID {
	list := []module.ID{start}
	for i := 0; i < len(list); i++ {
		for _, id := range edges[list[i]] {
			if !slices.Contains(list, id) {
				list = append(list, id)
			}
		}
	}
	return list
}

// unbounded reports whether a module may have names that nothing tells.
func (w *stars) unbounded(id module.ID) bool {
	return slices.ContainsFunc(reach(id, w.from), func(id module.ID) bool {
		m := w.modules[id]
		return m.Open || w.lost[id] || !m.Kind.Local() || m.Kind == module.KindAsset
	})
}

// holders lists the modules that have a name of m for no other reason than that
// m has it: m, and those that pass it on.
func (w *stars) holders(m *module.Module, name string) []module.ID {
	list := []module.ID{m.ID}
	for i := 0; i < len(list); i++ {
		if w.modules[list[i]].All != nil {
			continue // its list decides what a star takes
		}
		for _, id := range w.by[list[i]] {
			other := func(id module.ID) bool {
				return id != m.ID && slices.ContainsFunc(w.modules[id].Exports, func(e module.Export) bool { return e.Name == name })
			}
			if !slices.Contains(list, id) && !w.unbounded(id) && !slices.Contains(w.modules[id].All, name) && !slices.ContainsFunc(reach(id, w.from), other) {
				list = append(list, id)
			}
		}
	}
	return list
}

func place(at module.Span, name string) string {
	return fmt.Sprintf("%s:%d:%d %s", at.File, at.Line, at.Column, name)
}

// apply writes the module with another name in place of the declared one, and
// returns what was there.
func (r rename) apply(t *testing.T, root string) []byte {
	t.Helper()
	file := filepath.Join(root, filepath.FromSlash(r.module.Files[0]))
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(source), "\n")
	spans := slices.Clone(r.spans)
	slices.SortFunc(spans, func(a, b module.Span) int { return -a.Compare(b) }) // from the end
	for _, at := range spans {
		line, column := &lines[at.Line-1], int(at.Column-1)
		where := strings.Index((*line)[column:], r.name)
		if where < 0 {
			t.Fatalf("%s is not at %s", r.name, at)
		}
		end := column + where + len(r.name)
		*line = (*line)[:end] + "_renamed" + (*line)[end:]
	}
	if err := os.WriteFile(file, []byte(strings.Join(lines, "")), 0o644); err != nil {
		t.Fatal(err)
	}
	return source
}

// copyTree copies the sources below a folder, so that they can be edited.
func copyTree(t *testing.T, from string) string {
	t.Helper()
	to := t.TempDir()
	err := filepath.WalkDir(from, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), 0o755)
		}
		switch path.Ext(name) {
		case ".ts", ".js", ".mjs", ".cjs", ".mts", ".cts", ".json", ".py", ".pyi", ".toml", ".svelte":
		default:
			return nil
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), data, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// A folder without a module is a package to Python, and whether it is there is
// asked again when it may have changed.
func TestFolderIsAPackage(t *testing.T) {
	root := workspace(t, "-- p/__init__.py --\n-- use.py --\nfrom p import data\n")
	e := open(t, root, WithDetail(loader.DetailExports))
	if n := len(findingsOf(t, load(t, e))); n != 1 {
		t.Fatalf("%d reports without the folder, want 1", n)
	}
	file := filepath.Join(root, "p", "data", "table.bin")
	for _, there := range []bool{true, false, true} {
		if there {
			if err := os.Mkdir(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, nil, 0o644); err != nil {
				t.Fatal(err)
			}
		} else if err := os.RemoveAll(filepath.Dir(file)); err != nil {
			t.Fatal(err)
		}
		s, _, err := e.Update(t.Context(), "p/data", "p/data/table.bin")
		if err != nil {
			t.Fatal(err)
		}
		if n := len(findingsOf(t, s)); (n == 0) != there {
			t.Errorf("the folder is there: %t, and %d reports", there, n)
		}
	}
}

// What JavaScript takes from its own package by name may be in any module of it.
func TestImportMapIsAskedAgain(t *testing.T) {
	root := workspace(t, `
-- package.json --
{"name": "p", "type": "module", "exports": "./entry.js"}
-- entry.js --
export const a = 1
-- other.js --
export const c = 1
-- use.js --
import { b } from "p"
`)
	e := open(t, root, WithDetail(loader.DetailExports))
	if n := len(findingsOf(t, load(t, e))); n != 1 {
		t.Fatalf("%d reports, want 1", n)
	}
	for _, name := range []string{"b", "c", "b"} {
		if err := os.WriteFile(filepath.Join(root, "other.js"), []byte("export const "+name+" = 1\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		s, _, err := e.Update(t.Context(), "other.js")
		if err != nil {
			t.Fatal(err)
		}
		if n := len(findingsOf(t, s)); (n == 0) != (name == "b") {
			t.Errorf("another module exports %s, and %d reports", name, n)
		}
	}
}

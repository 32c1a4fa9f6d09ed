package loader

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/module"
)

const faces = `
-- a.toy --
def f g()
def T int
hide g string
hide unused string
-- pass.toy --
pass f as h from a
-- star.toy --
star pass
-- mention.toy --
use T from a
def x T
-- user.toy --
use f, T from a
hide x T
def y int
-- open.toy --
open
import user
-- round1.toy --
star round2
def r int
-- round2.toy --
star round1
def s int
`

// TestInterface edits one file at a time and lists the modules whose interfaces
// change with it.
func TestInterface(t *testing.T) {
	for _, c := range []struct {
		name, file, text string
		changed          string
		linked           int // interfaces that are worked out again
	}{
		{"a comment", "a.toy", "text\ndef f g()\ndef T int\nhide g string\nhide unused string\n", "", 1},
		{"a private symbol", "a.toy", "def f g()\ndef T int\nhide g string\nhide unused int\n", "", 1},
		{"another private symbol", "a.toy", "def f g()\ndef T int\nhide g string\n", "", 1},
		{"a private symbol that a signature mentions", "a.toy", "def f g()\ndef T int\nhide g int\nhide unused string\n", "a mention pass star", 4},
		{"a signature", "a.toy", "def f g()\ndef T string\nhide g string\nhide unused string\n", "a mention pass star", 4},
		{"a name", "a.toy", "def f g()\ndef U int\nhide g string\nhide unused string\n", "a mention pass star", 4},
		{"the same in another order", "a.toy", "def T int\nhide g string\nhide unused string\ndef f g()\n", "", 1},
		{"an alias", "pass.toy", "pass f as i from a\n", "pass star", 2},
		{"a private use", "user.toy", "use f, T from a\nhide x f\ndef y int\n", "", 1},
		{"an open module's text", "open.toy", "open\nimport user\ntext", "open", 1},
		{"what an open module imports", "user.toy", "def y string\n", "open user", 2},
		{"one of a circle", "round1.toy", "star round2\ndef r string\n", "round1 round2", 2},
		{"the end of a circle", "round2.toy", "def s int\n", "round1 round2", 2},
		{"a syntax error", "pass.toy", "pass f as h from a\n!\n", "pass star", 2},
	} {
		mem := fsys.MemOfText(faces)
		cfg := memConfig(mem)
		cfg.Detail = DetailExports
		before := load(t, cfg)
		mem.Write(c.file, c.text)
		after, delta, err := Update(context.Background(), cfg, before, Changes{Paths: []string{c.file}})
		if err != nil {
			t.Fatal(err)
		}
		var changed []string
		for i, m := range after.Set.Modules {
			if m.Interface.IsZero() {
				t.Errorf("%s: %s has no interface", c.name, m.ID)
			}
			if m.Interface != before.Set.Modules[i].Interface {
				changed = append(changed, strings.TrimSuffix(string(m.ID), ".toy"))
			}
		}
		if got := strings.Join(changed, " "); got != c.changed {
			t.Errorf("%s: changes the interfaces of %q, want %q", c.name, got, c.changed)
		}
		if delta.Work.Linked != c.linked {
			t.Errorf("%s: %d interfaces worked out, want %d", c.name, delta.Work.Linked, c.linked)
		}
		for _, m := range delta.Modified {
			observable := slices.Contains(changed, strings.TrimSuffix(string(m.ID), ".toy"))
			if observable != (m.Reason == module.ChangedInterface) {
				t.Errorf("%s: %s is modified in its %s", c.name, m.ID, m.Reason)
			}
		}
	}
}

// TestInterfaceIsSound makes random modules and holds that two loads in which an
// importer can see a difference have different interfaces: what a module shows is
// the text of its visible declarations, of all that they mention and of all that
// is passed on, worked out by brute force.
func TestInterfaceIsSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func() map[string]string {
			files := map[string]string{}
			for _, name := range []string{"a.toy", "b.toy", "c.toy"} {
				lines := rapid.SliceOfN(rapid.SampledFrom([]string{"def f int", "def f g", "def T f", "hide g int", "hide g string", "hide h g",
					"pass f from a", "pass T from b", "star b", "star c", "use T from b", "text"}), 0, 4).Draw(t, name)
				files[name] = strings.Join(lines, "\n")
			}
			return files
		}
		one, two := draw(), draw()
		for name := range one {
			if rapid.Bool().Draw(t, "same "+name) {
				two[name] = one[name]
			}
		}
		interfaces := func(files map[string]string) []*module.Module {
			cfg := memConfig(fsys.MemOf(files))
			cfg.Detail = DetailExports
			r, err := Load(context.Background(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			return r.Set.Modules
		}
		a, b := interfaces(one), interfaces(two)
		for i := range a {
			shownA, shownB := shown(a, a[i], map[module.ID]bool{}), shown(b, b[i], map[module.ID]bool{})
			if a[i].Interface == b[i].Interface && shownA != shownB {
				t.Fatalf("%s shows\n%s\nand then\n%s\nwith one interface", a[i].ID, shownA, shownB)
			}
			if one[string(a[i].ID)] == two[string(a[i].ID)] && shownA == shownB && len(a[i].Imports) == 0 && a[i].Interface != b[i].Interface {
				t.Fatalf("%s has two interfaces", a[i].ID)
			}
		}
	})
}

// shown is all that an importer of m can see, as text.
func shown(set []*module.Module, m *module.Module, seen map[module.ID]bool) string {
	if seen[m.ID] {
		return "again " + string(m.ID)
	}
	seen[m.ID] = true
	var b strings.Builder
	want := map[string]bool{}
	for again := true; again; {
		again = false
		for _, e := range m.Exports {
			if e.Visibility == module.Private && !want[e.Name] {
				continue
			}
			for _, word := range strings.Fields(e.Signature) {
				if !want[word] {
					want[word], again = true, true
				}
			}
		}
	}
	imports := map[int32]bool{}
	for _, e := range m.Exports {
		if e.Visibility == module.Private && !want[e.Name] {
			continue
		}
		fmt.Fprintf(&b, "%s %s %s %d;", e.Name, e.Signature, e.Imported, min(e.Import, 1))
		if e.Import > 0 {
			imports[e.Import-1] = true
		}
	}
	for i, imp := range m.Imports {
		for _, n := range imp.Names {
			if want[n.Name] {
				imports[int32(i)] = true
			}
		}
	}
	for _, d := range m.Deps {
		if d.Import >= 0 && imports[d.Import] {
			to, _ := slices.BinarySearchFunc(set, d.To, compareID)
			fmt.Fprintf(&b, "{%s}", shown(set, set[to], seen))
		}
	}
	return b.String()
}

// TestChecks holds what is found of imported names, and that an update looks
// again only where it must.
func TestChecks(t *testing.T) {
	mem := fsys.MemOfText(`
-- a.toy --
def f int
-- b.toy --
use f, g from a
-- c.toy --
import b
-- d.toy --
pass f from a
-- e.toy --
use f from d
`)
	cfg := memConfig(mem)
	cfg.Detail = DetailExports
	r := load(t, cfg)
	finding := "b.toy:1:8: error: a.toy does not export g; did you mean f? (unknown-symbol)"
	if got := fmt.Sprint(r.Set.Diagnostics); got != "["+finding+"]" {
		t.Errorf("found %s", got)
	}
	if r.Stats.Work.Checked != 5 {
		t.Errorf("%d modules checked", r.Stats.Work.Checked)
	}
	for _, c := range []struct {
		text    string
		found   int
		checked int // a and b, d; e because d's interface is another
	}{
		{"def f int\ndef g int\n", 0, 4},
		{"def f int\ndef g int\ntext\n", 0, 3},
		{"def g int\n", 2, 4},
	} {
		mem.Write("a.toy", c.text)
		next, delta, err := Update(context.Background(), cfg, r, Changes{Paths: []string{"a.toy"}})
		if err != nil {
			t.Fatal(err)
		}
		if len(next.Set.Diagnostics) != c.found || delta.Work.Checked != c.checked {
			t.Errorf("%q: found %v, checked %d, want %d and %d", c.text, next.Set.Diagnostics, delta.Work.Checked, c.found, c.checked)
		}
		r = next
	}
}

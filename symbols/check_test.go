package symbols

import (
	"slices"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/module"
)

const checked = `
-- a.ts --
package a
export useful
internal inner
private secret
-- barrel.ts --
package a
pass missing as missing from a.ts
star from a.ts
star from open.js
-- open.js --
open
private hush
-- types.js --
export run
-- clash.ts --
star from a.ts
star from b.ts
-- b.ts --
export useful
-- use.ts --
package u
import usefull, useful from a.ts
import secret from a.ts
import inner from a.ts
import missing, whatever from barrel.ts
import useful from clash.ts
import default as d from a.ts
import x from npm:x
import hush from open.js
import gone from spec=./gone
import * as ns from a.ts
-- npm:x --
-- p/__init__.py --
package p
export f
-- p/sub.py --
package p
protected _x
private __y
-- q.py --
package q
import f, sub, __doc__, nothing from spec=p p/__init__.py p/sub.py
import _x, __y from spec=p.sub p/sub.py implied p/__init__.py
import sub from spec=p p/sub.py implied p/__init__.py
`

func TestCheck(t *testing.T) {
	set := parseSet(t, checked)
	x := New(set)
	var got strings.Builder
	for _, m := range set.Modules {
		for _, d := range x.Check(m.ID) {
			got.WriteString(d.String() + "\n")
		}
	}
	want := strings.TrimPrefix(`
barrel.ts:2:1: error: a.ts does not export missing (unknown-symbol)
q.py:2:1: error: p/__init__.py does not export nothing (unknown-symbol)
q.py:3:1: error: _x of p/sub.py is protected and not visible from q.py: a name that begins with an underscore belongs to the package p (not-visible)
q.py:3:1: error: __y of p/sub.py is private and not visible from q.py: a name that begins with an underscore belongs to the package p (not-visible)
use.ts:2:1: error: a.ts does not export usefull; did you mean useful? (unknown-symbol)
use.ts:3:1: error: secret of a.ts is private and not visible from use.ts: a.ts declares it and does not export it (not-visible)
use.ts:4:1: error: inner of a.ts is internal and not visible from use.ts: it is marked @internal in the package a (not-visible)
use.ts:6:1: error: clash.ts passes on useful from two modules, which mean different things by it; export one of them by name (unknown-symbol)
use.ts:7:1: error: a.ts does not export default (unknown-symbol)
`, "\n")
	if got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want)
	}
	if list := x.Check("nowhere"); list != nil {
		t.Errorf("a module that is not there: %v", list)
	}
}

// An import that may fail is not looked at.
func TestCheckOptional(t *testing.T) {
	set := parseSet(t, "-- a.py --\nexport f\n-- b.py --\nimport g from spec=a a.py\n")
	if n := len(New(set).Check("b.py")); n != 1 {
		t.Fatalf("%d findings, want 1", n)
	}
	set.Modules[1].Imports[0].Flags |= module.Optional
	if n := len(New(set).Check("b.py")); n != 0 {
		t.Errorf("%d findings", n)
	}
}

func TestUses(t *testing.T) {
	set := parseSet(t, `
-- a.ts --
export f
export g
-- barrel.ts --
star from a.ts
-- named.ts --
import f as again from barrel.ts
pass f as h from barrel.ts
-- user.ts --
import h as x from named.ts
import g from barrel.ts
import * as ns from barrel.ts
-- example.com/m/a --
export F
private f
-- example.com/m/b --
import * from spec=example.com/m/a example.com/m/a
`)
	x := New(set)
	for ask, want := range map[string]string{
		"a.ts f":            "named.ts:1:1 again via barrel.ts; named.ts:2:1 h via barrel.ts; user.ts:1:1 x via named.ts; user.ts:3:1 ns via barrel.ts whole",
		"a.ts g":            "user.ts:2:1 g via barrel.ts; user.ts:3:1 ns via barrel.ts whole",
		"example.com/m/a F": "example.com/m/b:1:1 a via example.com/m/a whole",
		"example.com/m/a f": "",
		"user.ts f":         `user.ts has no symbol "f"`,
	} {
		id, name, _ := strings.Cut(ask, " ")
		uses, err := x.Uses(module.ID(id), name)
		var got []string
		for _, u := range uses {
			s := u.Span.String() + " " + u.Name + " via " + string(u.Via)
			if u.Whole {
				s += " whole"
			}
			got = append(got, s)
		}
		text := strings.Join(got, "; ")
		if err != nil {
			text = err.Error()
		}
		if text != want {
			t.Errorf("uses of %s:\n%s\nwant\n%s", ask, text, want)
		}
	}
}

// The types of JavaScript are in its comments.
func TestCheckTypesOfJavaScript(t *testing.T) {
	set := parseSet(t, "-- a.js --\nexport f\n-- b.ts --\nimport T from a.js\n-- c.ts --\n")
	if n := len(New(set).Check("b.ts")); n != 1 {
		t.Fatalf("%d findings, want 1", n)
	}
	for _, imp := range []module.Import{
		{Kind: module.Type, Names: []module.ImportedName{{Name: "T"}}},
		{Names: []module.ImportedName{{Name: "T", Type: true}}},
	} {
		set.Modules[1].Imports[0] = imp
		if list := New(set).Check("b.ts"); len(list) > 0 {
			t.Error(list)
		}
	}
}

// Cases of names that are there although their first target has none of them.
func TestCheckElsewhere(t *testing.T) {
	for _, c := range []struct {
		name, archive string
		user          module.ID
		want          string
	}{
		{"a stub lists less than its source", `
-- p/m.py --
export f
-- p/m.pyi --
export g
-- use.py --
import f, g, h from spec=p.m p/m.py p/m.pyi
`, "use.py", "use.py:1:1: error: nothing that p.m leads to exports h; did you mean g? (unknown-symbol)\n"},
		{"a stub beside a source that cannot be bounded", `
-- p/m.py --
open
-- p/m.pyi --
export g
-- use.py --
import f from spec=p.m p/m.py p/m.pyi
`, "use.py", ""},
		{"a star through a list that cannot be bounded", `
-- p/__init__.py --
star from spec=p.m p/m.py
-- p/m.py --
open
all f
-- use.py --
import g from spec=p p/__init__.py
`, "use.py", ""},
		{"a folder without a module", `
-- p/__init__.py --
-- use.py --
import data, date from spec=p p/__init__.py
`, "use.py", "use.py:1:1: error: p/__init__.py does not export date (unknown-symbol)\n"},
		{"names of an unknown distribution", `
-- m.py --
package
protected _f
-- use.py --
package q
import _f from spec=m m.py
`, "use.py", ""},
		{"private names of one distribution", `
-- m.py --
private __f
-- use.py --
import __f from spec=m m.py
`, "use.py", ""},
		{"an import map of a page", `
-- entry.js --
export a
-- other.js --
export b
private c
-- use.js --
import a, b, c, d from spec=p entry.js
`, "use.js", "use.js:1:1: error: entry.js does not export c; did you mean a? (unknown-symbol)\nuse.js:1:1: error: entry.js does not export d; did you mean a? (unknown-symbol)\n"},
		{"declarations without code, for JavaScript", `
-- m.d.ts --
export a
-- use.js --
import b from m.d.ts
`, "use.js", ""},
		{"declarations without code, for TypeScript", `
-- m.d.ts --
export a
-- use.ts --
import b from m.d.ts
`, "use.ts", "use.ts:1:1: error: m.d.ts does not export b; did you mean a? (unknown-symbol)\n"},
		{"declarations beside code, for JavaScript", `
-- m.d.ts --
export a
-- m.js --
export c
-- use.js --
import a, b, c from m.js m.d.ts
`, "use.js", "use.js:1:1: error: nothing that ./m.js leads to exports b; did you mean c? (unknown-symbol)\n"},
		{"the compiler knows no import map", `
-- entry.ts --
export a
-- other.js --
export b
-- use.ts --
import b from spec=p entry.ts
`, "use.ts", "use.ts:1:1: error: entry.ts does not export b; did you mean a? (unknown-symbol)\n"},
		{"types of a package of JavaScript", `
-- q.js --
package q
export a
-- local.js --
export a
-- pass.d.ts --
star from spec=q q.js
-- use.ts --
import b from spec=q q.js
import b from local.js
import b from pass.d.ts
-- use.js --
import b from spec=q q.js
`, "use.ts", "use.ts:2:1: error: local.js does not export b; did you mean a? (unknown-symbol)\n"},
		{"what a loader makes", `
-- a.ts --
private b
-- pass.ts --
pass default as b from spec=./a?raw a.ts
star from spec=!!x!./a a.ts
-- use.ts --
import default as a from spec=./a?raw a.ts
import b from spec=!!raw-loader!./a a.ts
import b, c from pass.ts
import b from a.ts
`, "use.ts", "use.ts:4:1: error: b of a.ts is private and not visible from use.ts: a.ts declares it and does not export it (not-visible)\n"},
		{"a package of JavaScript, for JavaScript", `
-- q.js --
package q
export a
-- use.js --
import b from spec=q q.js
`, "use.js", "use.js:1:1: error: q.js does not export b; did you mean a? (unknown-symbol)\n"},
		{"what a package did not strip", `
-- q.d.ts --
package q
internal a
-- q.ts --
package q
internal a
-- use.ts --
import a from q.d.ts
import a from q.ts
`, "use.ts", "use.ts:2:1: error: a of q.ts is internal and not visible from use.ts: it is marked @internal in the package q (not-visible)\n"},
		{"an import map says nothing of another package", `
-- entry.js --
export a
-- other.js --
export b
-- use.js --
package q
import b from spec=p entry.js
`, "use.js", "use.js:2:1: error: entry.js does not export b; did you mean a? (unknown-symbol)\n"},
	} {
		x := New(parseSet(t, c.archive))
		x.Folder = func(path string) bool { return path == "p/data" }
		var got strings.Builder
		for _, d := range x.Check(c.user) {
			got.WriteString(d.String() + "\n")
		}
		if got.String() != c.want {
			t.Errorf("%s: got\n%swant\n%s", c.name, got.String(), c.want)
		}
	}
}

// What one module adds to another is there for all, also through a star.
func TestCheckAugmented(t *testing.T) {
	set := parseSet(t, `
-- a.ts --
export f
-- aug.ts --
aside declare module "./a" { export interface Extra {} }
import from a.ts
-- barrel.ts --
star from a.ts
-- other.ts --
export g
-- use.ts --
import Extra, Ext from a.ts
import Extra, tra from barrel.ts
import Extra from other.ts
`)
	x := New(set)
	check := func() (string, bool) {
		list, wide := x.Examine("use.ts")
		var got strings.Builder
		for _, d := range list {
			got.WriteString(strings.TrimSuffix(d.String(), " (unknown-symbol)") + "\n")
		}
		return got.String(), wide
	}
	all := `use.ts:1:1: error: a.ts does not export Ext
use.ts:1:1: error: a.ts does not export Extra
use.ts:2:1: error: barrel.ts does not export Extra
use.ts:2:1: error: barrel.ts does not export tra
use.ts:3:1: error: other.ts does not export Extra
`
	sorted := func(s string) string {
		lines := strings.SplitAfter(s, "\n")
		slices.Sort(lines)
		return strings.Join(lines, "")
	}
	if got, wide := check(); sorted(got) != sorted(all) || !wide {
		t.Errorf("an import that is not of types: wide %t, got\n%s\nwant\n%s", wide, got, all)
	}
	aug, _ := x.number("aug.ts")
	set.Modules[aug].Imports[0].Kind = module.Type
	want := `use.ts:1:1: error: a.ts does not export Ext
use.ts:2:1: error: barrel.ts does not export tra
use.ts:3:1: error: other.ts does not export Extra
`
	if got, wide := check(); got != want || !wide {
		t.Errorf("wide %t, got\n%s\nwant\n%s", wide, got, want)
	}
	if list, wide := x.Examine("barrel.ts"); len(list) > 0 || wide {
		t.Errorf("a module that imports no name: %v, wide %t", list, wide)
	}
}

// What JavaScript imports in a comment is not looked at.
func TestCheckComment(t *testing.T) {
	set := parseSet(t, "-- a.ts --\nexport f\n-- b.js --\nimport g from a.ts\n")
	if n := len(New(set).Check("b.js")); n != 1 {
		t.Fatalf("%d findings, want 1", n)
	}
	set.Modules[1].Imports[0].Kind = module.Type
	if n := len(New(set).Check("b.js")); n != 0 {
		t.Errorf("%d findings", n)
	}
}

// A call that passes over what is missing is not looked at.
func TestCheckLenient(t *testing.T) {
	set := parseSet(t, "-- a.py --\nexport f\n-- b.py --\nimport g from spec=a a.py\n")
	set.Modules[1].Imports[0].Flags |= module.Lenient
	if n := len(New(set).Check("b.py")); n != 0 {
		t.Errorf("%d findings", n)
	}
}

package symbols

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/eddy-build/eddy/module"
)

func TestResolve(t *testing.T) {
	for _, c := range []struct {
		name, set string
		asks      string // "MODULE NAME = way", one a line
	}{
		{"aliases and re-exports", `
-- a.ts --
export x
private hidden
-- b.ts --
pass x as y from a.ts
import x as z from a.ts
import * as ns from a.ts
-- c.ts --
pass y as y from b.ts
pass * as all from a.ts
`, `
a.ts x = a.ts:1 x
a.ts hidden = a.ts:2 hidden
b.ts y = b.ts:1 y → a.ts:1 x
b.ts z = b.ts:2 z → a.ts:1 x
b.ts ns = b.ts:3 ns → a.ts *
b.ts ns.x = b.ts:3 ns → a.ts:1 x
b.ts ns.hidden = b.ts:3:1: hidden of a.ts is private and not visible from b.ts: a.ts declares it and does not export it
c.ts y = c.ts:1 y → b.ts:1 y → a.ts:1 x
c.ts all = c.ts:2 all → a.ts *
c.ts all.x = c.ts:2 all → a.ts * → a.ts:1 x
c.ts yy = c.ts has no symbol "yy"; did you mean y?
d.ts y = no module "d.ts"
`},
		{"stars", `
-- a.ts --
export x
export default
export only
-- b.ts --
export x
export other
-- same.ts --
star from a.ts
-- ambiguous.ts --
star from a.ts
star from b.ts
-- local.ts --
export x
star from a.ts
star from b.ts
-- diamond.ts --
star from a.ts
star from same.ts
`, `
same.ts x = same.ts:1 x → a.ts:1 x
same.ts default = same.ts has no symbol "default"
ambiguous.ts x = ambiguous.ts has no symbol "x"
ambiguous.ts other = ambiguous.ts:2 other → b.ts:2 other
ambiguous.ts only = ambiguous.ts:1 only → a.ts:3 only
local.ts x = local.ts:1 x
diamond.ts x = diamond.ts:1 x → a.ts:1 x
`},
		{"cycles", `
-- a.ts --
star from b.ts
pass y as y from b.ts
-- b.ts --
star from a.ts
pass y as y from a.ts
export z
`, `
a.ts z = a.ts:1 z → b.ts:3 z
a.ts x = a.ts has no symbol "x"; did you mean y, z?
a.ts y = a.ts has no symbol "y"; did you mean z?
`},
		{"what cannot be bounded", `
-- a.ts --
import useState from npm:react
pass memo as memo from npm:react
import gone from spec=./gone
star from open.js
-- open.js --
open
-- npm:react --
`, `
a.ts useState = a.ts:1 useState → npm:react useState?
a.ts memo = a.ts:2 memo → npm:react memo?
a.ts any = a.ts:4 any → open.js any?
`},
		{"commonjs", `
-- a.js --
export export=
export x
-- b.js --
pass * as export= from a.js
-- c.ts --
import default as d from a.js
import x from b.js
import default as e from b.js
`, `
c.ts d = c.ts:1 d → a.js:1 export=
c.ts x = c.ts:2 x → b.js:1 x → a.js:2 x
c.ts e = c.ts:3 e → b.js:1 export= → a.js:1 export=
`},
		{"a declaration beside its code", `
-- a.js --
export run
-- a.d.ts --
type Options
export run
-- b.ts --
import run, Options from a.js a.d.ts
`, `
b.ts Options = b.ts:1 Options → a.d.ts:1 Options
b.ts run = b.ts:1 run → a.d.ts:2 run
`},
		{"python", `
-- p/__init__.py --
pass f as f from spec=.m p/m.py
star from spec=.named p/named.py
star from spec=.plain p/plain.py
-- p/m.py --
export f
protected _g
private __h
-- p/named.py --
all a _b
export a
protected _b
export c
-- p/plain.py --
export a
protected _p
-- p/sub.py --
export s
-- use.py --
import f, _p, sub, _b from spec=p p/__init__.py p/sub.py
import m from spec=p p/m.py implied p/__init__.py
import * as p.sub from spec=p.sub p/sub.py implied p/__init__.py
`, `
use.py f = use.py:1 f → p/__init__.py:1 f → p/m.py:1 f
p/__init__.py a = p/__init__.py:3 a → p/plain.py:1 a
p/__init__.py _b = p/__init__.py:2 _b → p/named.py:3 _b
p/__init__.py c = p/__init__.py has no symbol "c"; did you mean a, f?
p/__init__.py _p = p/__init__.py has no symbol "_p"; did you mean _b?
p/__init__.py sub = p/sub.py *
use.py sub = use.py:1 sub → p/sub.py *
use.py m = use.py:2 m → p/m.py *
use.py p.sub = use.py:3 p.sub → p/sub.py *
use.py p.sub.s = use.py:3 p.sub → p/sub.py:1 s
p/m.py __name__ = p/m.py __name__?
`},
		{"go", `
-- example.com/m/a --
export F
export T
export T.M
private t
-- example.com/m/b --
import * from spec=example.com/m/a example.com/m/a
import * as other from spec=example.com/m/a example.com/m/a
-- example.com/m/a:test --
import * from spec=example.com/m/a example.com/m/a
`, `
example.com/m/a T.M = example.com/m/a:3 T.M
example.com/m/b a.F = example.com/m/b:1 a → example.com/m/a:1 F
example.com/m/b other.T.M = example.com/m/b:2 other → example.com/m/a:3 T.M
example.com/m/b a.t = example.com/m/b:1:1: t of example.com/m/a is private and not visible from example.com/m/b: only names that begin with an upper-case letter leave a Go package
example.com/m/a:test a.t = example.com/m/a:test:1 a → example.com/m/a:4 t
`},
	} {
		x := New(parseSet(t, c.set))
		for ask := range strings.Lines(strings.TrimSpace(c.asks)) {
			ask, want, _ := strings.Cut(strings.TrimSpace(ask), " = ")
			id, name, _ := strings.Cut(ask, " ")
			if got := way(x.Resolve(module.ID(id), name)); got != want {
				t.Errorf("%s: %s is\n%s\nwant\n%s", c.name, ask, got, want)
			}
		}
	}
}

func TestResolveIn(t *testing.T) {
	x := New(parseSet(t, `
-- a/x.ts --
package a
export f
internal g
-- a/y.ts --
package a
-- b/z.ts --
package b
-- p/m.py --
package p
protected _f
private __g
-- p/n.py --
package p
-- q/n.py --
package q
-- example.com/m/lib/internal/deep --
export F
-- example.com/m/lib --
-- example.com/m/other --
-- golang:internal/abi --
name internal/abi
package std
export F
-- std/fmt --
name fmt
package std
-- cmd/go --
name cmd/go
package cmd
`))
	for _, c := range []struct {
		from, target, name string
		ok                 bool
	}{
		{"b/z.ts", "a/x.ts", "f", true},
		{"a/y.ts", "a/x.ts", "g", true},
		{"b/z.ts", "a/x.ts", "g", false},
		{"p/n.py", "p/m.py", "_f", true},
		{"q/n.py", "p/m.py", "_f", false},
		{"p/n.py", "p/m.py", "__g", true},
		{"q/n.py", "p/m.py", "__g", false},
		{"p/m.py", "p/m.py", "__g", true},
		{"example.com/m/lib", "example.com/m/lib/internal/deep", "F", true},
		{"example.com/m/other", "example.com/m/lib/internal/deep", "F", false},
		{"std/fmt", "golang:internal/abi", "F", true},
		{"cmd/go", "golang:internal/abi", "F", true},
		{"example.com/m/lib", "golang:internal/abi", "F", false},
	} {
		_, err := x.ResolveIn(module.ID(c.from), module.ID(c.target), c.name)
		if c.ok && err != nil || !c.ok && !errors.Is(err, module.ErrVisibility) {
			t.Errorf("%s asks %s for %s: %v, want it visible: %t", c.from, c.target, c.name, err, c.ok)
		}
	}
}

func TestInternalParent(t *testing.T) {
	for path, want := range map[string]string{
		"internal": "", "internal/abi": "", "a/internal": "a", "a/internal/b": "a",
		"a/internal/b/internal/c": "a/internal/b", "a/internals": "-", "a/b": "-", "notinternal": "-",
	} {
		got, ok := internalParent(path)
		if !ok {
			got = "-"
		}
		if got != want {
			t.Errorf("internalParent(%q) = %q, want %q", path, got, want)
		}
	}
}

func TestSymbols(t *testing.T) {
	x := New(parseSet(t, `
-- a.ts --
export f
private g
-- b.ts --
star from a.ts
pass f as h from a.ts
pass no as lost from a.ts
`))
	list, err := x.Symbols("b.ts", false)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range list {
		got = append(got, fmt.Sprintf("%s=%s.%s lost:%t", n.Name, n.Symbol.Module, n.Symbol.Name, n.Lost))
	}
	want := "f=a.ts.f lost:false h=a.ts.f lost:false lost=b.ts.lost lost:true"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("symbols %s\nwant %s", s, want)
	}
	if list, _ := x.Symbols("a.ts", false); len(list) != 1 {
		t.Errorf("without private names: %v", list)
	}
	if list, _ := x.Symbols("a.ts", true); len(list) != 2 {
		t.Errorf("with private names: %v", list)
	}
}

// TestResolveAgainstSpecification holds the search against a plain reading of
// ECMA-262's ResolveExport on random modules.
func TestResolveAgainstSpecification(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "modules")
		names := []string{"x", "y", "default"}
		set := &module.Set{}
		for i := range n {
			m := &module.Module{ID: module.ID(fmt.Sprintf("m%d.mts", i)), Language: module.TypeScript}
			used := map[string]bool{}
			for range rapid.IntRange(0, 4).Draw(t, "exports") {
				e := module.Export{Name: rapid.SampledFrom(append(names, "*")).Draw(t, "name"), Span: module.Span{Line: int32(len(m.Exports) + 1)}}
				if e.Name != "*" && used[e.Name] {
					continue
				}
				used[e.Name] = true
				if e.Name == "*" || rapid.Bool().Draw(t, "passed on") {
					to := rapid.IntRange(0, n-1).Draw(t, "target")
					m.Deps = append(m.Deps, module.Dep{To: module.ID(fmt.Sprintf("m%d.mts", to)), Import: int32(len(m.Imports))})
					m.Imports = append(m.Imports, module.Import{})
					e.Import, e.Imported = int32(len(m.Imports)), "*"
					if e.Name != "*" {
						e.Imported = rapid.SampledFrom(names).Draw(t, "imported")
					}
				}
				m.Exports = append(m.Exports, e)
			}
			sortModule(m)
			set.Modules = append(set.Modules, m)
		}
		x := New(set)
		for _, m := range set.Modules {
			for _, name := range names {
				want := specified(set, m, name, map[string]bool{})
				got := "null"
				if r, err := x.ResolveIn(m.ID, m.ID, name); err == nil {
					got = fmt.Sprintf("%s#%s", r.Symbol.Module, r.Symbol.Name)
				}
				if want == "ambiguous" {
					want = "null"
				}
				if got != want {
					t.Fatalf("%s of %s is %s, by the specification %s", name, m.ID, got, want)
				}
			}
		}
	})
}

func sortModule(m *module.Module) {
	exports, deps := m.Exports, m.Deps
	for i := range exports {
		for j := i; j > 0 && exports[j].Name < exports[j-1].Name; j-- {
			exports[j], exports[j-1] = exports[j-1], exports[j]
		}
	}
	for i := range deps {
		for j := i; j > 0 && deps[j].To < deps[j-1].To; j-- {
			deps[j], deps[j-1] = deps[j-1], deps[j]
		}
	}
}

// specified is ResolveExport of ECMA-262, step by step.
func specified(set *module.Set, m *module.Module, name string, seen map[string]bool) string {
	key := string(m.ID) + "#" + name
	if seen[key] {
		return "null"
	}
	seen[key] = true
	target := func(imp int32) *module.Module {
		for _, d := range m.Deps {
			if d.Import == imp {
				for _, t := range set.Modules {
					if t.ID == d.To {
						return t
					}
				}
			}
		}
		return nil
	}
	for _, e := range m.Exports {
		if e.Name == name && e.Import == 0 {
			return key
		}
	}
	for _, e := range m.Exports {
		if e.Name == name && e.Import > 0 {
			return specified(set, target(e.Import-1), e.Imported, seen)
		}
	}
	if name == "default" {
		return "null"
	}
	star := "null"
	for _, e := range m.Exports {
		if e.Name != "*" {
			continue
		}
		switch r := specified(set, target(e.Import-1), name, seen); {
		case r == "ambiguous":
			return r
		case r == "null":
		case star == "null":
			star = r
		case r != star:
			return "ambiguous"
		}
	}
	return star
}

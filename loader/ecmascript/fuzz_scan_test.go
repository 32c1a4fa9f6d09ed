package ecmascript

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// fuzzedExtensions are what a fuzzed source is read as.
var fuzzedExtensions = []string{"ts", "tsx", "js", "d.ts", "mjs", "vue", "svelte", "astro"}

// checkFacts holds what is true of every file's facts, however broken it is:
// spans lie in the file, in order, and hold their specifier.
func checkFacts(t interface{ Fatalf(string, ...any) }, path string, src []byte, f *module.Facts) {
	last := int32(-1)
	for _, im := range f.Imports {
		sp := im.Span
		if sp.File != path || sp.Offset <= last || sp.End <= sp.Offset || int(sp.End) > len(src) {
			t.Fatalf("span %+v of %q: not in the file or not in order", sp, im.Specifier)
		}
		last = sp.Offset
		if raw := src[sp.Offset:sp.End]; decode(raw) != im.Specifier && strings.Trim(string(raw), `"'`) != im.Specifier {
			t.Fatalf("span %+v holds %q, not %q", sp, raw, im.Specifier)
		}
		line, column := 1, 1
		for i := 0; i < int(sp.Offset); i++ {
			column++
			if c := src[i]; c == '\n' || c == '\r' && (i+1 == len(src) || src[i+1] != '\n') {
				line, column = line+1, 1
			} else if c == 0xe2 && bytes.HasPrefix(src[i:], []byte("\u2028")) || c == 0xe2 && bytes.HasPrefix(src[i:], []byte("\u2029")) {
				line, column = line+1, -1
			}
		}
		if int(sp.Line) != line || int(sp.Column) != column {
			t.Fatalf("%q is at %d:%d, not at %s", im.Specifier, line, column, sp)
		}
	}
	for _, sp := range f.Dynamic {
		if sp.Offset < 0 || sp.End < sp.Offset || int(sp.End) > len(src) || sp.Line < 1 || sp.Column < 1 {
			t.Fatalf("dynamic span %+v", sp)
		}
	}
	for _, d := range f.Diagnostics {
		if d.Span.Offset < 0 || int(d.Span.End) > len(src) || d.Span.Line < 1 || d.Code != "syntax" {
			t.Fatalf("diagnostic %+v", d)
		}
	}
}

// workLimit is how many bytes the scanner may read beside its one pass over n
// bytes. The factor is the budget of speculation and the width of the look
// ahead, each a constant; quadratic work exceeds it on the sizes of the tests.
func workLimit(n int) int { return 40*n + 1<<18 }

func FuzzScan(f *testing.F) {
	for _, c := range nastySources {
		for i := range fuzzedExtensions {
			f.Add(uint8(i), []byte(c))
		}
	}
	f.Fuzz(func(t *testing.T, ext uint8, src []byte) {
		path := "a." + fuzzedExtensions[int(ext)%len(fuzzedExtensions)]
		p := new(parser)
		facts := p.Parse(path, src, loader.DetailImports)
		checkFacts(t, path, src, facts)
		if work := p.scanner.work; work > workLimit(len(src)) {
			t.Fatalf("%d bytes of look-ahead for %d bytes", work, len(src))
		}
		again := p.Parse(path, src, loader.DetailImports)
		if !slices.Equal(factLines(facts), factLines(again)) {
			t.Fatalf("a second parse gives other facts")
		}
	})
}

// nastySources begin the fuzzing, and are repeated by TestScanIsLinear.
var nastySources = []string{
	"a<", "a<b,", "a<b<", "a<{", "f<(", "<a>", "<a b={", "</a>", "<a b=", "(", "[", "{", "{(", "`${", "a?", "a?b:", "a=>", "(a)=>", "({a:",
	"if(a)", "try{", "function(a){", "function require(){", "class A{a=", "@a(", "require(", "require('a'),", "(a=require('a'))=>",
	"import('a',{with:{", "import(", "import{", "import type ", "export*", "type A=", "type A=B extends C?", "interface A{", "let a:", "let a:import(",
	"declare module 'a'{", "/*", "/**import*/", "/** @type {import('a')} */", "/** @type {/* ", "/** @type {`\n", "//", "///<reference path='a'/>\n",
	"a/", "a//b\n", "/a/", "/[", "\"", "'a\\", "`", "a\n++", "a\n-->", "<!--", "#!", "0x", "1e", "\\u{", "\\u0061", "é", "\u2028", "\xff", "\x00",
	"createRequire(", "a=createRequire(b);", "import.meta.glob([", "new URL('a',import.meta.url)", "jest.mock<", "case a:", "switch(a){case ",
	"yield ", "async ", "a?.", "a!", "a as ", "a satisfies b<", "static ", "abstract class ", "enum A{", "namespace a.b{", "l:", ";", "}", ")", "]",
	"<script>", "<script lang='ts' src='a'>", "<template>", "---\n", "</script>", "{#if a}", "<!-- ", "function*(){", "=", ",", "?.", "a?.<", "<a<",
	" /** import */", "/** import */\n", "(/** @type {import('a')} */a", "return\n", "do ", "for(", "of ", "let[", "using a", "import a=", "* @import ",
}

// TestScanIsLinear counts the bytes that the scanner reads ahead on long
// repetitions of whatever looks ahead, alone and in pairs.
func TestScanIsLinear(t *testing.T) {
	const size = 1 << 15
	p := new(parser)
	check := func(ext, unit string) {
		src := []byte(strings.Repeat(unit, size/len(unit)+1))
		facts := p.Parse("a."+ext, src, loader.DetailImports)
		if work := p.scanner.work; work > workLimit(len(src)) {
			t.Errorf("%s: %q repeated: %d bytes of look-ahead for %d bytes", ext, unit, work, len(src))
		}
		if len(facts.Diagnostics) > maxProblems+1 {
			t.Errorf("%s: %q repeated: %d diagnostics", ext, unit, len(facts.Diagnostics))
		}
	}
	for _, ext := range []string{"ts", "tsx", "js"} {
		for _, unit := range nastySources {
			check(ext, unit)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		a, b := nastySources[random.IntN(len(nastySources))], nastySources[random.IntN(len(nastySources))]
		check(fuzzedExtensions[random.IntN(3)], a+b)
	}
}

// TestScanNestsDeep reads brackets a million deep, without recursion.
func TestScanNestsDeep(t *testing.T) {
	const depth = 1_000_000
	for _, c := range []struct{ ext, open, middle, close string }{
		{"ts", "(", "import('x')", ")"}, {"ts", "[", "import('x')", "]"}, {"ts", "{", "import('x')", "}"},
		{"js", "`${", "import('x')", "}`"}, {"jsx", "<a>", "{import('x')}", "</a>"}, {"jsx", "<a b={", "import('x')", "}/>"},
		{"ts", "let a: ", "", ""}, {"js", "a=>", "import('x')", ""}, {"js", "a?", "import('x')", ":b"},
	} {
		src := strings.Repeat(c.open, depth) + c.middle + strings.Repeat(c.close, depth)
		facts := newParser().Parse("a."+c.ext, []byte(src), loader.DetailImports)
		if want := strings.Count(c.middle, "import"); len(facts.Imports) != want || len(facts.Diagnostics) > 0 {
			t.Errorf("%s: %q %d deep: %d imports, %v", c.ext, c.open, depth, len(facts.Imports), facts.Diagnostics)
		}
	}
	src := "let a: " + strings.Repeat("(", depth) + "import('x')" + strings.Repeat(")", depth)
	if facts := newParser().Parse("a.ts", []byte(src), loader.DetailImports); len(facts.Imports) != 1 {
		t.Errorf("types %d deep: %d imports", depth, len(facts.Imports))
	}
}

// TestScanConcatenates holds the prefix property: what is found in a source that
// ends well is found, at the same places, when another source follows it.
func TestScanConcatenates(t *testing.T) {
	whole := []string{
		"import a from 'a'\n", "export * from \"b\";\n", "const c = require('c')\n", "let d: import('d').D\n", "/import('no')/;\n", "a = b\n",
		"function f() { return `${import('e')}` }\n", "class A { b = () => import('f') }\n", "if (a) { import('g') }\n", "// c\n",
		"type T<U> = U extends import('h').H ? 1 : 2\n", "f<T>(import('i'));\n", "a < b\n", "try { require('j') } catch {}\n", "/** d */\n",
		"export { a as b }\n", "x = y => y / 2\n", "import k = require('k')\n", "l: for (;;) {}\n", "declare const m: <T>(a: T) => void\n",
	}
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.SampledFrom(whole), 1, 12).Draw(t, "parts")
		cut := rapid.IntRange(0, len(parts)).Draw(t, "cut")
		head, all := strings.Join(parts[:cut], ""), strings.Join(parts, "")
		have := newParser().Parse("a.ts", []byte(all), loader.DetailImports)
		want := newParser().Parse("a.ts", []byte(head), loader.DetailImports)
		checkFacts(t, "a.ts", []byte(all), have)
		lines := factLines(have)
		if len(have.Diagnostics) > 0 || len(lines) < len(want.Imports) || !slices.Equal(lines[:len(want.Imports)], factLines(want)) {
			t.Fatalf("%q\nhas %q\nof which %q\nhas %q", all, lines, head, factLines(want))
		}
	})
}

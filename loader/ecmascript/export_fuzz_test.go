package ecmascript

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// nastyExports begin the fuzzing of exports, and are repeated by
// TestExportsAreLinear.
var nastyExports = []string{
	"export const a = 1, b = ", "export const {a, b: [c = d, ...e]} = f;", "export let [", "export const {", "const {a:", "export {a as b, c};", "export {",
	"export * from 'a';", "export * as b from 'c';", "export default ", "export default function f(){}", "export default class ", "export = a;",
	"export import a = require('b');", "import a = b.c;", "import a, {b as c} from 'd';", "export async function* f<T>(a: B): C {return}\n",
	"export @a class B {}", "@a({b: 1}) export class C {m(): void {}}", "a.b = c;", "a.b", "exports.a = ", "exports.a = exports.b = ", "exports['a'] = 1;",
	"exports[a] = 1;", "module.exports = {a, b: c, d() {}, ...require('e')};", "module.exports = {", "module.exports = require('a');", "module.exports.a = b;",
	"Object.defineProperty(exports, 'a', {", "__exportStar(require('a'), exports);", "typeof module;", "f(exports);", "/** @typedef {a", "/** @typedef {{a: b}} C */",
	"/** a\n * @deprecated b */\n", "/* @internal */ ", "declare module 'a' {", "declare global {", "export declare namespace N.M {", "export enum E {", "}", "{", "(", ")", "`${", "`",
	"<a>it's</a>;", "/'/;", "export type A<B> = C extends D ? E : F;", "export interface I {a: b}", "export const f = (a): b => {return c};", "// a\n", "/* a */", "export abstract ",
}

// checkExports holds what is true of every file's exports, however broken it is.
func checkExports(t interface{ Fatalf(string, ...any) }, path string, src []byte, f *module.Facts) {
	last := int32(-1)
	for _, e := range f.Exports {
		sp := e.Span
		if sp.End == 0 && e.Name == nameDefault && splitterOf(path) != nil {
			continue // of a component, the file as a whole
		}
		if sp.File != path || sp.Offset < last || sp.End < sp.Offset || int(sp.End) > len(src) || sp.Line < 1 || sp.Column < 1 {
			t.Fatalf("span %+v of %q: not in the file or not in order", sp, e.Name)
		}
		last = sp.Offset
		switch raw := src[sp.Offset:sp.End]; {
		case decode(raw) == e.Name || string(raw) == e.Name:
		case e.Name == exportAssignment, e.Name == nameAll:
		default:
			t.Fatalf("span %+v holds %q, not %q", sp, raw, e.Name)
		}
		if int(e.Import) > len(f.Imports) || e.Import < 0 || e.Import > 0 && e.Imported == "" && len(f.Diagnostics) == 0 {
			t.Fatalf("%q is passed on from import %d of %d under %q", e.Name, e.Import, len(f.Imports), e.Imported)
		}
	}
}

func FuzzExports(f *testing.F) {
	for n, c := range append(nastyExports, nastySources...) {
		f.Add(uint8(n), []byte(c))
		f.Add(uint8(n+2), []byte(c+nastyExports[n%len(nastyExports)]))
	}
	f.Fuzz(func(t *testing.T, ext uint8, src []byte) {
		path := "a." + fuzzedExtensions[int(ext)%len(fuzzedExtensions)]
		p := new(parser)
		facts := p.Parse(path, src, loader.DetailExports)
		checkFacts(t, path, src, facts)
		checkExports(t, path, src, facts)
		if work := p.scanner.work; work > 2*workLimit(len(src)) {
			t.Fatalf("%d bytes of look-ahead for %d bytes", work, len(src))
		}
		plain := p.Parse(path, src, loader.DetailImports)
		have, want := strings.Join(factLines(facts), "\n"), strings.Join(factLines(plain), "\n")
		if have != want || len(plain.Exports) > 0 {
			t.Fatalf("with exports the imports are\n%s\nand without\n%s", have, want)
		}
		if again := p.Parse(path, src, loader.DetailExports); showExports(again) != showExports(facts) {
			t.Fatalf("a second parse gives other exports")
		}
	})
}

// TestExportsAreLinear counts what is read and written for long repetitions.
func TestExportsAreLinear(t *testing.T) {
	const size = 1 << 15
	p := newParser().(*parser)
	check := func(ext, unit string) {
		src := []byte(strings.Repeat(unit, size/len(unit)+1))
		facts := p.Parse("a."+ext, src, loader.DetailExports)
		if work := p.scanner.work; work > 2*workLimit(len(src)) {
			t.Errorf("%s: %q repeated: %d bytes of look-ahead for %d bytes", ext, unit, work, len(src))
		}
		if written := len(p.exports.text); written > 4*len(src)+1<<16 {
			t.Errorf("%s: %q repeated: %d bytes of signatures for %d bytes", ext, unit, written, len(src))
		}
		checkExports(t, "a."+ext, src, facts)
	}
	for _, ext := range []string{"ts", "js"} {
		for _, unit := range nastyExports {
			check(ext, unit)
		}
	}
	random := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		check(fuzzedExtensions[random.IntN(3)], nastyExports[random.IntN(len(nastyExports))]+nastyExports[random.IntN(len(nastyExports))])
	}
}

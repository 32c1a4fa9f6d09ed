package ecmascript

import (
	"fmt"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// showExports writes exports on one line: each as name, first letter of the kind,
// - for a private name or ! for an internal one, then = signature, or < name @
// specifier where it is passed on; "open" at the end where any name may exist.
func showExports(f *module.Facts) string {
	var parts []string
	for _, e := range f.Exports {
		text := e.Name + " " + e.Kind.String()[:1]
		switch e.Visibility {
		case module.Private:
			text += "-"
		case module.Internal:
			text += "!"
		}
		if e.Import > 0 {
			text += " < " + e.Imported + " @" + f.Imports[e.Import-1].Specifier
		} else if e.Signature != "" {
			text += " = " + e.Signature
		}
		if e.Doc != "" {
			text += " // " + e.Doc
		}
		if e.Deprecated != "" {
			text += fmt.Sprintf(" (%s)", e.Deprecated)
		}
		parts = append(parts, text)
	}
	if f.Open {
		parts = append(parts, "open")
	}
	return strings.Join(parts, "\n")
}

// TestExports holds the forms of an export: the extension, the source, and what
// it exports, a line each.
func TestExports(t *testing.T) {
	for _, c := range [][3]string{
		{"ts", `export const a = 1, b: Map<string, number> = f<A, B>(c); let d`, "a c = const a = 1\nb c = const b: Map<string, number> = f<A, B>(c)\nd v- = let d"},
		{"ts", "export let a = x\nfoo(a, b)", `a v = let a = x`},
		{"ts", "export function f(a: number): string { return `${a}` }", `f f = function f(a: number): string`},
		{"ts", "export function f(a: number) { // c\n  return  a\n}", `f f = function f(a: number) { return a }`},
		{"ts", "export function f(): void;\nexport function f(a?: number): void {}", "f f = function f(): void\nf f = function f(a?: number): void"},
		{"ts", "export async function* f(): AsyncGenerator<A> {}", `f f = async function* f(): AsyncGenerator<A>`},
		{"ts", "export const f = (a: A): B => { return b }, g = (a) => { return a }", "f c = const f = (a: A): B =>\ng c = const g = (a) => { return a }"},
		{"ts", `export abstract class A<T> extends B<T> { private x = "a  b"; m(): void { f() } n() { return 1 } }`,
			`A t = abstract class A<T> extends B<T> { private x = "a  b"; m(): void n() { return 1 } }`},
		{"ts", "export interface I { a: string }\nexport type T<U> = U | I\nexport const enum E { A = 1 }\nexport declare namespace N.M { const x: number }",
			"I t = interface I { a: string }\nT t = type T<U> = U | I\nE t = const enum E { A = 1 }\nN m = namespace N.M { const x: number }"},
		{"ts", `const { a, b: c, ["d"]: e = 1, ...f } = g, [h, , [i = { j }], ...k] = l; export { a, h as default }`,
			"c c- = const { a, b: c, [\"d\"]: e = 1, ...f } = g\ne c- = const { a, b: c, [\"d\"]: e = 1, ...f } = g\nf c- = const { a, b: c, [\"d\"]: e = 1, ...f } = g\n" +
				"h c- = const [h, , [i = { j }], ...k] = l\ni c- = const [h, , [i = { j }], ...k] = l\nk c- = const [h, , [i = { j }], ...k] = l\n" +
				"a c = const { a, b: c, [\"d\"]: e = 1, ...f } = g\ndefault c = const [h, , [i = { j }], ...k] = l"},
		{"ts", "export default function f(): void {}", `default f = function f(): void`},
		{"ts", "export default class {}", `default t = class {}`},
		{"ts", "export default async () => 1", `default c = async () => 1`},
		{"ts", "const a = 1; export default a", "a c- = const a = 1\ndefault c = const a = 1"},
		{"ts", "export default g", "default v = g"},
		{"ts", "export default null", "default c = null"},
		{"js", "/** @typedef {string} N.T */\nexport default this", "N m = /** @typedef {string} N.T */\ndefault c = this"},
		{"ts", "import { x as y, default as z } from 'm'; import * as n from 'n'; export { y, z as w, n }; export default y",
			"y v < x @m\nw v < default @m\nn m < * @n\ndefault v < x @m"},
		{"ts", `export * from "a"; export * as b from "b"; export { c as d, default } from "c"; export type { E } from "e"`,
			"* v < * @a\nb m < * @b\nd v < c @c\ndefault v < default @c\nE v < E @e"},
		{"ts", `import a = require("a"); export import b = require("b"); export import c = N.c; export = a`,
			"b m < * @b\nc v = import c = N.c\nexport= m < * @a\nopen"},
		{"ts", "/** One.\n * Two.\n * @deprecated use b */\nexport const a = 1\n/** @internal */ export class B {}", "a c = const a = 1 // One. (use b)\nB t! = class B {}"},
		{"ts", "/** D */\n@dec({ a: 1 })\nexport class A {}\n@x export class B {}\nexport @y class C {}", "A t = class A {} // D\nB t = class B {}\nC t = class C {}"},
		{"ts", "export function f() {}\nf.a = 1", "f f = function f() {}\nf.a v- = f.a = 1"},
		{"d.ts", "declare const a: number; interface B {} export {}", "a c- = const a: number\nB t- = interface B {}"},
		{"d.ts", "export declare const a: number; interface B {}", "a c = const a: number\nB t = interface B {}"},
		{"js", `exports.a = exports.b = void 0; exports.a = 1; exports["c d"] = function () {}; Object.defineProperty(exports, "e", { get: g })`,
			"b v = void 0\na v = 1\nc d f = function () {}\ne v = \"e\", { get: g }"},
		{"js", `const a = 1; module.exports = { a, b: a, c() { return 1 }, get d() { return 2 }, ...require("./m") }`,
			"export= c = { a, b: a, c() { return 1 }, get d() { return 2 }, ...require(\"./m\") }\na c = const a = 1\nb c = const a = 1\n" +
				"c f = c() { return 1 }\nd v = get d() { return 2 }\n* v < * @./m"},
		{"js", `module.exports = require("m")`, `export= m < * @m`},
		{"js", `__exportStar(require("m"), exports)`, `* v < * @m`},
		{"js", `(function (exports) { exports.a = 1 })(exports)`, "a v\nopen"},
		{"js", `export const a = 1; exports.b = 2`, "a c = const a = 1"},
		{"js", "/** @typedef {{a: string}} T */\nexport const a = 1", "T t = /** @typedef {{a: string}} T */\na c = /** @typedef {{a: string}} T */ const a = 1"},
	} {
		if have := showExports(newParser().Parse("a."+c[0], []byte(c[1]), loader.DetailExports)); have != c[2] {
			t.Errorf("%s: %s\nhave %s\nwant %s", c[0], c[1], have, c[2])
		}
	}
}

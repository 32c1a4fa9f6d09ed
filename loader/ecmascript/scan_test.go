package ecmascript

import (
	"strings"
	"testing"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// show writes facts on one line: each import as specifier, first letter of the
// kind, flags and names; then dynamic imports as ?, ambient modules as !name and
// diagnostics as their messages.
func show(f *module.Facts) string {
	var parts []string
	for i, im := range f.Imports {
		text := im.Specifier + " " + im.Kind.String()[:1]
		line := factLines(&module.Facts{Imports: f.Imports[i : i+1]})[0]
		line = strings.TrimPrefix(line[strings.Index(line, "\" ")+2:], im.Kind.String())
		if flags := strings.TrimSpace(line[:strings.IndexByte(line, '[')]); flags != "" {
			text += "+" + flags
		}
		var names []string
		for _, n := range im.Names {
			s := n.Name
			if n.Alias != "" {
				s += ":" + n.Alias
			}
			if n.Type {
				s += "!"
			}
			names = append(names, s)
		}
		if names != nil {
			text += "{" + strings.Join(names, ",") + "}"
		}
		parts = append(parts, text)
	}
	for range f.Dynamic {
		parts = append(parts, "?")
	}
	for _, a := range f.Ambient {
		parts = append(parts, "!"+a)
	}
	for _, d := range f.Diagnostics {
		parts = append(parts, d.Message)
	}
	return strings.Join(parts, "; ")
}

// TestScan holds the lexical grammar and the forms of import, a case a line: the
// extension, the source and what is found in it. In the sources x stands for
// what is imported and no for what only looks like it.
func TestScan(t *testing.T) {
	for _, c := range [][3]string{
		// Declarations.
		{"ts", `import "x"`, `x s`},
		{"ts", `import a from "x"`, `x s{default:a}`},
		{"ts", `import * as a from 'x'`, `x s{*:a}`},
		{"ts", `import {} from "x"`, `x s`},
		{"ts", `import { a, b as c, default as d } from "x"`, `x s{a,b:c,default:d}`},
		{"ts", `import a, { b } from "x"; import c, * as d from "y"`, `x s{default:a,b}; y s{default:c,*:d}`},
		{"ts", `import type { A } from "x"`, `x t{A}`},
		{"ts", `import type A from "x"`, `x t{default:A}`},
		{"ts", `import type * as A from "x"`, `x t{*:A}`},
		{"js", `import typeof * as A from "x"; import typeof B from "y"; import { typeof C, type D } from "z"`, `x t{*:A}; y t{default:B}; z t{C,D}`},
		{"ts", `import { type A, type B as C } from "x"`, `x t{A,B:C}`},
		{"ts", `import { type A, b } from "x"`, `x s{A!,b}`},
		{"ts", `import { type, type as, type as as, type as b, type type as c } from "x"`, `x s{type,as!,type:as,type:b,type:c!}`},
		{"ts", `import type from "x"; import type, { a } from "y"; import type type from "z"; import type from from "w"`,
			`x s{default:type}; y s{default:type,a}; z t{default:type}; w t{default:from}`},
		{"ts", `import { "a b" as c, "default" as d } from "x"`, `x s{a b:c,default:d}`},
		{"ts", `import{a}from"x"`, `x s{a}`},
		{"ts", "import {\n  a, // no\n  b, /* no */\n} from\n  'x'\n", `x s{a,b}`},
		{"js", `import defer * as a from "x"; import defer from "y"; import source b from "z"`, `x s{*:a}; y s{default:defer}; z s{default:b}`},
		{"js", `import a from "x" with { type: "json" }; import "y" assert { type: "css" }`, `x s{default:a}; y s`},
		{"ts", `import type { A } from "x" with { "resolution-mode": "require" }`, `x t+Q{A}`},
		{"ts", "import a from 'x'\nassert\n{ let b }", `x s{default:a}`},
		{"ts", `import a = require("x"); import type b = require("y"); export import c = require("z")`, `x s+Q{*:a}; y t+Q{*:b}; z s+RQ{*:c}`},
		{"ts", `import a = b.c; export import d = e.f`, ``},
		{"ts", `import type = require("x")`, `x s+Q{*:type}`},
		{"ts", `export * from "x"; export * as a from "y"; export * as "b c" from "z"`, `x s+R{*}; y s+R{*:a}; z s+R{*:b c}`},
		{"ts", `export { a, b as c, default as d } from "x"; export { default } from "y"`, `x s+R{a,b:c,default:d}; y s+R{default}`},
		{"ts", `export type { A } from "x"; export type * from "y"; export { type B } from "z"`, `x t+R{A}; y t+R{*}; z t+R{B}`},
		{"ts", `export { a, b as from }; export { from }; export default a; export = b; export as namespace C`, ``},
		{"ts", `export const from = "no"; export default "no"; export type X = "no"`, ``},
		{"js", `import "\u0078"; import '\x78\u{79}'; import "a\
b"`, `x s; xy s; ab s`},
		{"js", `import { \u0061b } from "x"`, `x s{ab}`},
		{"js", `import é, {ñ as ü} from "x"`, `x s{default:é,ñ:ü}`},

		// Calls.
		{"js", `import("x"); await import('y'); import(` + "`z`" + `)`, `x d{*}; y d{*}; z d{*}`},
		{"js", `import("x", { with: { type: "json" } }); import(/* a */ "y" /* b */)`, `x d{*}; y d{*}`},
		{"js", "import(a); import('a' + b); import(`a${b}`)", `?; ?; ?`},
		{"js", `import.meta.url; import.meta; a.import("no"); a?.import("no"); a.#import("no")`, ``},
		{"js", `import.defer("x"); import.source("y")`, `x d{*}; y d{*}`},
		{"js", `({ import: "no", require("no") {}, import() {}, get require() {} }); class A { import(a) {} require = 1; static import = 2 }`, ``},
		{"js", `require("x"); require('y').z; a(require("z"))`, `x s+Q{*}; y s+Q{*}; z s+Q{*}`},
		{"js", `function f() { require("x") } const g = () => require("y"); class A { b = require("z"); static c = require("w"); static { require("v") } }`,
			`x d+Q{*}; y d+Q{*}; z d+Q{*}; w s+Q{*}; v s+Q{*}`},
		{"js", `const f = () => a ? require("x") : require("y"), b = require("z")`, `x d+Q{*}; y d+Q{*}; z s+Q{*}`},
		{"js", `const f = a ? b => require("x") : require("y")`, `x d+Q{*}; y s+Q{*}`},
		{"js", `const f = (a = require("x")) => 1, g = (require("y"), 2)`, `x d+Q{*}; y s+Q{*}`},
		{"js", `if (a) require("x"); { require("y") } (function () { require("z") })()`, `x s+Q{*}; y s+Q{*}; z d+Q{*}`},
		{"js", `require(a); require("x", b); require(); a.require("no"); require.cache; require.resolve("y")`, `y s+Q; ?; ?`},
		{"js", `try { require("x") } catch {} try { require("y") } finally {} try { try { require("z") } finally {} } catch (e) {}`,
			`x s+QO{*}; y s+Q{*}; z s+QO{*}`},
		{"js", `try { await import("x"); f(() => require("y")) } catch {}`, `x d+O{*}; y d+Q{*}`},
		{"js", `[function (require, module) { require("./no") }, {}]`, ``},
		{"js", `define(function (require) { require("x") }); (function (f) {})(function (require, exports) { require("y") })`, `x d+Q{*}; y d+Q{*}`},
		{"js", `function f() { var require = g; require("no") } function h() { require("x") }`, `x d+Q{*}`},
		{"js", `const r = require => require("no"), s = (a, require) => require("no")`, ``},
		{"js", `import { createRequire } from "module"; const require = createRequire(import.meta.url); require("x")`, `module s{createRequire}; x s+Q{*}`},
		{"ts", `import { createRequire as c } from "module"; const r = c(import.meta.url); r("x"); r.resolve("y"); c(a)("z")`,
			`module s{createRequire:c}; x s+Q{*}; y s+Q; z s+Q{*}`},
		{"js", `import.meta.glob("./*.ts"); import.meta.glob(["./a/*", "!./b"], { eager: true })`, `./*.ts d+P; ./a/* d+P; !./b d+P`},
		{"ts", `import.meta.glob<typeof import("x")>("./*")`, `x t{*}; ./* d+P`},
		{"js", `new URL("./x", import.meta.url); new URL("no", base); new URL("https://no", import.meta.url); new URL("..", import.meta.url)`, `./x d+F`},
		{"ts", `jest.mock("x"); vi.mock('y', () => ({})); jest.fn("no"); vi.importActual<typeof import("z")>("w")`, `x d; y d; z t{*}; w d`},

		// Types.
		{"ts", `let a: import("x").A; let b: typeof import("y"); let c: import("z")`, `x t{A}; y t{*}; z t{*}`},
		{"ts", `type A = { a: import("x").A; import(b: string): import("y").B } | import("z").C.D<import("w").E>`, `x t{A}; y t{B}; z t{C}; w t{E}`},
		{"ts", `function f(a: import("x").A, b = import("y"), ...c: import("z").C[]): Promise<import("w").D> { return import("v") }`,
			`x t{A}; y d{*}; z t{C}; w t{D}; v d{*}`},
		{"ts", `const a = b as import("x").A, c = d satisfies import("y").B, e = <import("z").C>f`, `x t{A}; y t{B}; z t{C}`},
		{"ts", `f<import("x").A>(import("y")); new G<import("z").B>(import("w"))`, `x t{A}; y d{*}; z t{B}; w d{*}`},
		{"ts", `const a = (b: import("x").A): import("y").B => import("z")`, `x t{A}; y t{B}; z d{*}`},
		{"ts", `class A<T extends import("x").A> extends B<import("y").B> implements C, D<import("z").C> { a: import("w").D = import("v") }`,
			`x t{A}; y t{B}; z t{C}; w t{D}; v d{*}`},
		{"ts", `interface A extends B<import("x").A> { a: import("y").B; new (b: import("z").C): A; [c: string]: import("w").D }`, `x t{A}; y t{B}; z t{C}; w t{D}`},
		{"ts", `type A<T> = T extends import("x").A ? import("y").B : T extends infer U extends string ? import("z").C : never`, `x t{A}; y t{B}; z t{C}`},
		{"ts", "type A = `a${import('x').A}b`; type B = { [K in keyof C as `${K}`]?: import('y').B }", `x t{A}; y t{B}`},
		{"ts", `let a: import("x", { with: { "resolution-mode": "require" } }).A`, `x t+Q{A}`},
		{"ts", `a ? (b: import("x").A) : 1; a ? (b) : import("y"); a ? (b: c): import("z").D => 1 : import("w")`, `x t{A}; y d{*}; z t{D}; w d{*}`},
		{"ts", `const a = { b: import("x"), c(): import("y").A { return 1 }, async *d<T>() {}, [e]: import("z") }`, `x d{*}; y t{A}; z d{*}`},
		{"ts", `switch (a) { case import("x"): b; case c ? d : e: import("y"); default: import("z") } l: import("w")`, `x d{*}; y d{*}; z d{*}; w d{*}`},
		{"ts", `a < b || c > (import("x")); if (a<b && c>(import("y"))) {}`, `x d{*}; y d{*}`},
		{"ts", `abstract class A { abstract b(): import("x").A; private constructor(readonly c: import("y").B = import("z")) { super() } }`, `x t{A}; y t{B}; z d{*}`},
		{"ts", `declare function f(a: import("x").A): asserts a is import("y").B; declare const b: unique symbol; declare let c: new () => import("z").C`,
			`x t{A}; y t{B}; z t{C}`},
		{"ts", `f(a as any as import("x").A, <const>["b"], c!, d!.e as const)`, `x t{A}`},
		{"ts", `let a = b as const
[import("x")]`, `x d{*}`},
		{"ts", `for (const a of b as import("x").A[]) {} for (let i: number = 0; i < 1; i++) import("y")`, `x t{A}; y d{*}`},
		{"ts", `enum A { a = 1, b = "import('no')".length, "c" } const enum B {} declare enum C {}`, ``},
		{"ts", `class A { a?: import("x").A; b!: import("y").B; static readonly c: Map<string, import("z").C> = new Map; declare d: 1
e
import("no") {} }`, `x t{A}; y t{B}; z t{C}`},
		{"d.ts", `import { A } from "x"; export * from "y"; declare const a: import("z").B`, `x t{A}; y t+R{*}; z t{B}`},
		{"d.ts", `declare module "a" { import b from "no"; export { b } } declare module "c"; declare module "d/*" {}`, `!a; !c; !d/*`},
		{"ts", `export {}; declare module "./x" { interface A { b: import("y").B } } declare global { interface C {} }`, `./x t; y t{B}`},
		{"ts", `namespace A.B { export const c = 1 } module D { } module.exports = require("x")`, `x s+Q{*}`},
		{"ts", `type = 1; namespace = 2; declare = 3; abstract = 4; module = 5; async = 6; of = 7; let as, satisfies, is, global, type; interface
A; import("x")`, `x d{*}`},
		{"ts", `@a @b() @c.d(import("x")) export class E { @f() g: H; @(i) import() {} m(@n() o: import("y").P) {} accessor q = 1 }`, `x d{*}; y t{P}`},

		// Regular expressions and division.
		{"js", `a = b / import("x") / c`, `x d{*}`},
		{"js", `a = /import("no")/; b(/require("no")/g); [/["/]/, '"']; return /'/`, ``},
		{"js", `if (a) /import("no")/.test(b); while (a) /'/; for (;;) /"/; with (a) /'/; (a) / import("x") / 1`, `x d{*}`},
		{"js", `{} /import("no")/; a = {} / import("x") / 1`, `x d{*}`},
		{"js", `function f() {} /import("no")/; a = function () {} / import("x") / 1`, `x d{*}`},
		{"js", `class A {} /import("no")/; a = class {} / import("x") / 1`, `x d{*}`},
		{"js", "a = `${b}` / import('x') / 1; c = `${{}} / import('no') ${/`/}`", `x d{*}`},
		{"js", `a++ / import("x") / 1; b
++/import("no")/.c`, `x d{*}`},
		{"js", `function* f() { yield /import("no")/; yield
/"/ } a.return / import("x") / 1`, `x d{*}`},
		{"js", `typeof /'/; void /'/; delete /'/; a in /'/; b instanceof /'/; await /'/; throw /'/`, ``},
		{"js", `for (const a of /import("no")/.b) {} for (var of of of) {} of / import("x") / 1`, `x d{*}`},
		{"js", `a = () => {}
/import("no")/.test(b)`, ``},
		{"js", `x = a => {} ; /'/; do /'/.test(a); while (b) /'/.test(c)`, ``},
		{"js", `a = [/[/"'] ` + "`" + `/u, /\/"/, /[\]"/]/v]; a / import("x") / 1`, `x d{*}`},
		{"js", `a?.5:/'/; b ? .5 : /'/; a?.b / import("x") / 1; this / import("y") / 1`, `x d{*}; y d{*}`},
		{"js", `1 / import("x") / 1; 0x1f / 1; 1_000n / 1; .5e+3 / 1; 1..a / 1; "b" / import("y") / 1`, `x d{*}; y d{*}`},
		{"js", `l: /'/; case_: { /'/ } a = { b: /'/, c() {} , d: {} }`, ``},
		{"js", `#!/usr/bin/env node import("no")
import "x"`, `x s`},

		// Templates, strings, comments.
		{"js", "`import('no')`; `a${import('x')}b${`c${import('y')}`}` + \"import('no')\" + '\\'import(\"no\")'", `x d{*}; y d{*}`},
		{"js", "// import 'no'\n/* import 'no' */ /** import('no') **/ import 'x' //", `x s`},
		{"js", "`\\`${a}\\${import('no')}`; `$`; `$${import('x')}`", `x d{*}`},
		{"js", "<!-- import('no')\n--> import('no')\na --> b; require('x')", `x s+Q{*}`},
		{"mjs", "a<!--b; import('x')", `x d{*}`},
		{"js", "import 'x'; a\n--> import('y')", `x s; y d{*}`},
		{"js", "// a\u2028import 'x'", `x s`},
		{"js", "\ufeffimport 'x';\u00a0import 'y'", `x s; y s`},

		// Automatic semicolons.
		{"js", "let a = 1\nimport 'x'\nb\nexport * from 'y'\nc()\nimport d from 'z'", `x s; y s+R{*}; z s{default:d}`},
		{"ts", "let a: A\nimport 'x'\ntype B = C\nimport 'y'\ndeclare function f(): void\nimport 'z'", `x s; y s; z s`},
		{"js", "return\n/import('no')/\nbreak\n/'/", ``},
		{"js", "import 'x'\n/'/.test(a)\nexport * from 'y'\n;[1]", `x s; y s+R{*}`},

		// JSX.
		{"jsx", `a = <div b="import('no')" c='"' d={import("x")} {...e}>it's import("no") {import("y")} {/* ' */} &lt; // no </div>; import("z")`, `x d{*}; y d{*}; z d{*}`},
		{"jsx", `<><a.b-c:d /><e>{f ? <g>'</g> : <h i=<j/> />}</e></>; "import('no')"; require("x")`, `x s+Q{*}`},
		{"jsx", `return <a>/* ' */ {b < c} {d => <e/>}</a> / import("x") / 1`, `x d{*}`},
		{"tsx", `const f = <T,>(a: import("x").A) => <b>'{a}</b>, g = <T extends U>(a: T) => <c/>, h = <const T,>() => 1; <D<import("y").E> f="'" />`, `x t{A}; y t{E}`},
		{"tsx", `const a = <T extends={1}>'</T>; a as <T>(b: import("x").B) => void`, `x t{B}`},
		{"ts", `const f = <T>(a: T) => <U>a, g = <T,>() => 1, h = async <T>(b: import("x").B): Promise<T> => import("y")`, `x t{B}; y d{*}`},
		{"js", `if (a<b) c>(import("x")); d = e<f>(import("y"))`, `x d{*}; y d{*}`},

		// Documentation comments.
		{"js", "/** @type {import('x').A} */\nlet a; /** @type {import('no')} */ let b", `x t{A}`},
		{"js", "/** @import {A, B as C} from 'x' */\n/**\n * @import\n * D from 'y'\n */\nlet a", `x t{A,B:C}; y t{default:D}`},
		{"js", "/**\n * @param {import('x').A} a text @returns {import('y')}\n * @param b {import('z')}\n * `@type {import('no')}` {@link import('no')}\n */\nfunction f(a, b) {}", `x t{A}; y t{*}; z t{*}`},
		{"js", "a = /** @type {import('x')} */ (b); c(/** @type {import('no')} */ d); e = (/** @type {import('y')} */ f) => 1", `x t{*}; y t{*}`},
		{"js", "/** @typedef {Object} A\n * @property {import('x')} a\n * @unknown {import('no')} b\n */", `x t{*}`},
		{"js", "/**\n * @type {{\n *   a: import('x').A,\n *   b: Array.<import('y')>,\n * }}\n */\nlet a", `x t{A}; y t{*}`},
		{"ts", "/** @type {import('no')} */\nlet a", ``},

		// References.
		{"ts", `/// <reference path="./x" />
/// <reference types='y' resolution-mode="require"/>
/// <reference lib="es2020" />
//// <reference path="no" />
import "z"
/// <reference path="no" />`, `./x t+F; y t+TQ; z s`},

		// Broken sources.
		{"ts", `import "x"; let a = "b`, `x s; unterminated string: add "`},
		{"ts", "import 'x'; `a${", "x s; unclosed template substitution: add what closes it"},
		{"ts", "import 'x'; /* a", "x s; unterminated comment: add */"},
		{"ts", "f( import('x')", "x d{*}; unclosed arguments: add what closes it"},
		{"ts", "} import 'x'; )", "x s; } closes nothing: remove it; ) closes nothing: remove it"},
		{"js", "a = /b\nimport 'x'", "x s; unterminated regular expression: add /"},
		{"ts", `import {a} "no"; import from; export * "no"; import("x")`,
			`x d{*}; import without "from": add it, and the module's name; import without "from": add it, and the module's name; export without "from": add it, and the module's name`},
		{"ts", "import 'x'; import { a, b", "x s; unclosed list of names: add }"},
		{"ts", "import 'x'; import { a", "x s; unclosed list of names: add }"},
		{"ts", "import 'x'; export {", "x s; unclosed list of names: add }"},
		{"ts", "import 'x'; import { a; b } from 'c'", "x s; unexpected text in a list of names: remove it; } closes nothing: remove it"},
		{"ts", "import 'x'; import { a } from", "x s; import of no module: add its name in quotes"},
		{"ts", "import 'x'; export * from", "x s; import of no module: add its name in quotes"},
		{"ts", "import 'x'; import a", `x s; import without "from": add it, and the module's name`},
	} {
		facts := newParser().Parse("a."+c[0], []byte(c[1]), loader.DetailImports)
		if got := show(facts); got != c[2] {
			t.Errorf("%s: %s\n have %s\n want %s", c[0], c[1], got, c[2])
		}
	}
}

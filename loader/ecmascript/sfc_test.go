package ecmascript

import (
	"testing"

	"github.com/eddy-build/eddy/loader"
)

// TestScanComponents holds which parts of a component are scripts, in which
// syntax, and where in the file their imports are.
func TestScanComponents(t *testing.T) {
	for _, c := range [][3]string{
		{"vue", "<script>import a from 'x'</script>", "x s{default:a}"},
		{"vue", "<script setup lang=\"ts\">\nimport type { A } from 'x'\nconst b = <T>(c: T) => import('y')\n</script>\n<script>import 'z'</script>", "x t{A}; y d{*}; z s"},
		{"vue", "<template><div :a=\"b > 1\"><template #c><script>import 'no'</script></template></div></template><script>import 'x'</script>", "x s"},
		{"vue", "<template lang='pug'>\ndiv(a='<template>')\n</template>\n<script lang=tsx>import 'x'; a = <b>'</b></script>", "x s"},
		{"vue", "<!-- <script>import 'no'</script> --><style>a::before { content: '<script>' }</style><script>import 'x'</script>", "x s"},
		{"vue", "<script src=\"./x.ts\"></script><template src='./y.html' /><style src=./z.css></style>", "./x.ts s; ./y.html s; ./z.css s"},
		{"vue", "<docs>import 'no'</docs><script>const a = '<\\/script>'; import 'x'</script>", "x s"},
		{"vue", "<script>import 'x'", "x s"},
		{"vue", "<template><p>it's a < b</p></template>", ""},
		{"svelte", "<script context=\"module\" lang='ts'>import { type A } from 'x'</script>\n<script>import 'y'\n/** @type {import('z')} */\nlet a</script>\n{#if a < b}<p>{c}</p>{/if}", "x t{A}; y s; z t{*}"},
		{"svelte", "<svelte:head><script>import 'no'</script></svelte:head><script module>import 'x'</script><style>a > b {}</style>", "x s"},
		{"svelte", "<A on:click={() => b > c} /><script>import 'x'</script>", "x s"},
		{"astro", "---\nimport A from 'x'\nconst { a } = Astro.props as import('y').P\nif (!a) return\n---\n<A>{a}</A>\n<script>import 'z'</script>\n<script is:inline>import 'no'</script>\n<script src='./w.ts'></script>",
			"x s{default:A}; y t{P}; z s; ./w.ts s"},
		{"astro", "<p>---</p>\n<script src='https://no'></script>", ""},
		{"astro", "---\nconst a = `---`\nimport 'x'\n---\n--- import 'no'", "x s"},
	} {
		src := []byte(c[1])
		facts := newParser().Parse("a."+c[0], src, loader.DetailImports)
		checkFacts(t, "a."+c[0], src, facts)
		if got := show(facts); got != c[2] {
			t.Errorf("%s: %s\n have %s\n want %s", c[0], c[1], got, c[2])
		}
	}
}

// TestDecode holds the escape sequences of literals and identifiers.
func TestDecode(t *testing.T) {
	for _, c := range [][2]string{
		{`"a"`, "a"}, {`'\''`, "'"}, {"`\\``", "`"}, {`"\n\t\r\b\f\v\0"`, "\n\t\r\b\f\v\x00"}, {`"\x41\u0042\u{43}"`, "ABC"},
		{`"\ud83d\ude00"`, "😀"}, {`"\u{1f600}"`, "😀"}, {`"\ud83d"`, "\ufffd"}, {"\"a\\\nb\\\r\nc\\\u2028d\"", "abcd"},
		{`"\101\7\08"`, "A\a\x008"}, {`"\q\\"`, `q\`}, {`"\u{110000}\xZZ"`, "u{110000}xZZ"}, {`\u0061b\u{63}`, "abc"}, {`"`, `"`}, {`"\"`, `\`},
	} {
		if got := decode([]byte(c[0])); got != c[1] {
			t.Errorf("decode(%s) = %q, want %q", c[0], got, c[1])
		}
	}
}

package ecmascript

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/eddy-build/eddy/loader"
)

// TestFoldPlain compares the folding by eight bytes with one byte by byte.
func TestFoldPlain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SampledFrom([]string{" ", "  ", "        ", "\n", "\r\n", "\t", "\v", "a", "bcdefghi", "return", "yield", "!", "\x00", "\x1f", "\x0e", "é", "x y"})
		text := "a" + strings.Join(rapid.SliceOfN(pieces, 0, 40).Draw(t, "pieces"), "")
		cut := rapid.IntRange(1, len(text)).Draw(t, "cut")
		r := exportReader{s: &scanner{src: append([]byte(text), make([]byte, padding)...), end: len(text)}}
		r.fold(0, cut)
		if want := foldByByte(text[:cut]); string(r.text) != want {
			t.Fatalf("%q: have %q, want %q", text[:cut], r.text, want)
		}
	})
}

func foldByByte(text string) string {
	out := ""
	space, line := false, false
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == ' ' || c >= '\t' && c <= '\r' {
			space, line = true, line || c == '\n' || c == '\r'
			continue
		}
		if space && line && (strings.HasSuffix(out, "return") || strings.HasSuffix(out, "yield")) {
			out += ";"
		}
		if space {
			out += " "
		}
		out += string([]byte{c})
		space, line = false, false
	}
	return out
}

// TestExportTextsAreShared holds that what many names have in common is written
// once: else a script of n bytes could have n² bytes of signatures.
func TestExportTextsAreShared(t *testing.T) {
	const n = 1000
	var overloads, aliases, pattern strings.Builder
	for i := range n {
		fmt.Fprintf(&overloads, "function f(a: %d): void;\n", i)
		fmt.Fprintf(&aliases, "export {f as f%d};\n", i)
		fmt.Fprintf(&pattern, "a%d, ", i)
	}
	for name, src := range map[string]string{
		"overloads": overloads.String() + aliases.String(),
		"pattern":   "/** " + strings.Repeat("doc ", n) + "*/\nexport const {" + pattern.String() + "} = b;",
	} {
		p := newParser().(*parser)
		facts := p.Parse("a.ts", []byte(src), loader.DetailExports)
		if len(facts.Exports) < n {
			t.Errorf("%s: %d exports, want %d", name, len(facts.Exports), n)
		}
		if written := len(p.exports.text); written > 4*len(src) {
			t.Errorf("%s: %d bytes of texts for %d bytes", name, written, len(src))
		}
	}
}

// TestNameTable compares the table with a map.
func TestNameTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var table nameTable
		for range 2 {
			table.reset(rapid.IntRange(0, 4).Draw(t, "room"))
			want := map[string]int32{}
			for _, name := range rapid.SliceOfN(rapid.StringMatching("[ab]{0,3}|[a-z]{1,9}"), 0, 60).Draw(t, "names") {
				number, known := want[name]
				if !known {
					number = int32(len(want))
					want[name] = number
				}
				if have := table.find([]byte(name)); known != (have >= 0) {
					t.Fatalf("%q is found as %d", name, have)
				}
				if have, fresh := table.add([]byte(name)); have != number || fresh == known {
					t.Fatalf("%q has number %d (new: %v), want %d", name, have, fresh, number)
				}
			}
		}
	})
}

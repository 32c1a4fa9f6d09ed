package python

import (
	"bytes"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// maxWork is how often a scanner may look at a byte, all passes together. Twice
// for the second reading of a file that calls import functions, twice for
// strings that turn out to be no formatted ones, and the literals, conditions and
// lines that are looked at on their own.
const maxWork = 12

// examine parses hostile input and checks what holds of any: spans that are in
// the file and hold the specifier, positions in order, work linear in the size.
func examine(t *testing.T, src []byte) *module.Facts {
	t.Helper()
	kept := bytes.Clone(src)
	p := newParser()
	f := p.Parse("a.py", src, loader.DetailImports)
	if !bytes.Equal(src, kept) {
		t.Fatal("the source was written to")
	}
	if limit := maxWork*len(src) + 1000; p.scanner.work > limit {
		t.Errorf("%d bytes took work of %d, want at most %d", len(src), p.scanner.work, limit)
	}
	inside := func(s module.Span, what string) bool {
		if s.Line < 1 || s.Column < 1 || s.Offset < 0 || s.End < s.Offset || int(s.End) > len(src) {
			t.Errorf("%s has the span %+v in %d bytes", what, s, len(src))
			return false
		}
		return true
	}
	last := int32(-1)
	for _, im := range f.Imports {
		if !inside(im.Span, im.Specifier) {
			continue
		}
		if im.Span.Offset < last {
			t.Errorf("%s at %d comes after an import at %d", im.Specifier, im.Span.Offset, last)
		}
		last = im.Span.Offset
		if im.Specifier == "" {
			t.Error("an import without a specifier")
		}
		text := src[im.Span.Offset:im.Span.End]
		if n := len(text); n > 0 && (text[n-1] == '"' || text[n-1] == '\'') {
			continue // a literal, which may be spelled in many ways
		}
		if ascii(text) && ascii([]byte(im.Specifier)) && spelled(text) != im.Specifier {
			t.Errorf("the span of %q holds %q", im.Specifier, text)
		}
	}
	for _, s := range f.Dynamic {
		inside(s, "a dynamic import")
	}
	for _, d := range f.Diagnostics {
		inside(d.Span, d.Message)
	}
	if len(f.Diagnostics) > maxProblems+2 {
		t.Errorf("%d diagnostics", len(f.Diagnostics))
	}
	return f
}

// spelled is a dotted name as written, without what may stand between its parts.
func spelled(text []byte) string {
	return string(bytes.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\f\\\r\n", r) {
			return -1
		}
		return r
	}, text))
}

func TestHostile(t *testing.T) {
	const n = 1 << 20
	repeat := func(s string) string { return strings.Repeat(s, n/len(s)) }
	tests := map[string]string{
		"one line of code":       "x = [" + repeat("a, ") + "]",
		"one line of imports":    repeat("import a;"),
		"one line of names":      "from a import " + repeat("b, ") + "c",
		"open brackets":          repeat("("),
		"nested brackets":        strings.Repeat("(", n/2) + strings.Repeat(")", n/2),
		"closing brackets":       repeat(")"),
		"brackets a line":        repeat("(\n"),
		"quotes":                 repeat("'"),
		"double quotes":          repeat(`"x`),
		"triple quotes":          repeat(`'''x`),
		"open formatted strings": repeat(`f"{`),
		"formatted lines":        repeat("f\"{(\n"),
		"nested specifications":  `f"` + repeat("{x:") + `"`,
		"nested fields":          repeat(`f'{f"{`),
		"backslashes":            repeat(`\`),
		"backslashed lines":      repeat("\\\n"),
		"import on many lines":   "import " + repeat("\\\n") + "a",
		"dots":                   "from " + repeat(".") + " import a",
		"dotted name":            "import a" + repeat(".a"),
		"spaced name":            "import a" + repeat(" . a"),
		"lambdas":                "x = " + repeat("lambda: "),
		"lambda headers":         repeat("if lambda: x: pass\n"),
		"colons":                 "if " + repeat("x:"),
		"decorators":             repeat("@a\n"),
		"semicolons":             repeat(";"),
		"conditions":             repeat("if TYPE_CHECKING and not (x): import a\n"),
		"parenthesised":          "if " + repeat("(") + "TYPE_CHECKING" + repeat(")") + ": import a",
		"negated":                "if " + repeat("not ") + "TYPE_CHECKING: import a",
		"aliases":                repeat("from typing import TYPE_CHECKING as a\nif a: import b\n"),
		"excepts":                "try:\n" + strings.Repeat(" import a\n", n/20) + strings.Repeat("except ImportError: pass\n", n/50),
		"calls":                  repeat("__import__("),
		"calls of calls":         repeat("__import__('a', "),
		"calls with a list":      repeat("__import__('a', ['b', "),
		"literal calls":          repeat("__import__('a')\n"),
		"call before a text":     strings.Repeat("__import__(x, ", 40) + "'''" + repeat("a") + "'''",
		"owners":                 "import importlib\n" + repeat("a.importlib.import_module(b)\n"),
		"spaced owners":          "import importlib\nx = (" + repeat(" \n") + ".import_module",
		"all":                    "__all__ = " + repeat("['a'] + "),
		"all of a chain":         "__all__ = " + repeat("a = "),
		"all again":              repeat("__all__ += ['a']\n"),
		"all nested":             "__all__ = " + repeat("["),
		"all removed":            "__all__ = ['a']\n" + repeat("__all__.remove('a')\n"),
		"NUL":                    repeat("import a\x00"),
		"carriage returns":       repeat("\r"),
		"imports by CR":          repeat("import a\r"),
		"not UTF-8":              repeat("import \xff\n"),
		"Latin-1 on one line":    "# coding: latin-1\n" + repeat("import \xe4;"),
		"GBK on one line":        "# coding: gbk\n" + repeat("import \xc4\xe3;"),
		"coding":                 "# " + repeat("coding"),
		"white space":            repeat(" \t\f"),
		"comment":                "# import a" + repeat("#"),
		"indentation":            deepIndentation(),
	}
	for name, src := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			examine(t, []byte(src))
		})
	}
}

// deepIndentation opens a block a line: the text grows with the square of the
// depth, and the work must not grow faster.
func deepIndentation() string {
	var b strings.Builder
	for depth := range 1400 {
		b.WriteString(strings.Repeat(" ", depth) + "try:\n")
	}
	b.WriteString(strings.Repeat(" ", 1400) + "import a\n")
	for depth := 1399; depth >= 0; depth-- {
		b.WriteString(strings.Repeat(" ", depth) + "except ImportError: pass\n")
	}
	return b.String()
}

func TestHostileFindsWhatIsThere(t *testing.T) {
	tests := []struct {
		name, src string
		imports   int
	}{
		{"behind nested brackets", strings.Repeat("(", 1e6) + strings.Repeat(")", 1e6) + "\nimport a\n", 1},
		{"behind an open bracket", "x = " + strings.Repeat("[", 1e4) + "\nimport a\n", 1},
		{"on a long line", strings.Repeat("import a;", 1e5), 1e5},
		{"behind a long string", "x = '" + strings.Repeat("a", 1<<20) + "'; import a", 1},
		{"before binary data", "import a\n\x00\x01\x02import b", 1},
		{"in deep indentation", deepIndentation(), 1},
	}
	for _, test := range tests {
		if f := examine(t, []byte(test.src)); len(f.Imports) != test.imports {
			t.Errorf("%s: %d imports, want %d", test.name, len(f.Imports), test.imports)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, src := range seeds(f) {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		facts := examine(t, src)
		// The second file that a parser reads is read as if it were the first.
		p := newParser()
		p.Parse("b.py", []byte("x = f\"{(\nimport importlib as a\ntry:\n  import b"), loader.DetailImports)
		if got, want := factsText(p.Parse("a.py", src, loader.DetailImports)), factsText(facts); got != want {
			t.Errorf("a used parser says:\n%s\na new one:\n%s", got, want)
		}
	})
}

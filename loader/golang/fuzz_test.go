package golang

import (
	"bytes"
	"go/build/constraint"
	goparser "go/parser"
	goscanner "go/scanner"
	gotoken "go/token"
	"slices"
	"testing"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// FuzzParse holds the parser against go/parser and go/scanner: the same package,
// imports and positions wherever go/parser accepts a file, the same comments
// with //go:embed in them; spans in range and in order; the same facts from the
// head as from the whole.
func FuzzParse(f *testing.F) {
	for _, src := range scanCases {
		f.Add([]byte(src))
	}
	for _, src := range embedCases {
		f.Add([]byte(src))
	}
	p := newParser()
	f.Fuzz(func(t *testing.T, src []byte) {
		facts := p.Parse("x.go", src, loader.DetailImports)
		compareWithParser(t, "x.go", src, facts)
		compareEmbeds(t, src, facts)
		last := int32(0)
		for _, imp := range facts.Imports {
			s := imp.Span
			if s.Offset < last || s.End < s.Offset || int(s.End) > len(src) || s.Line < 1 || s.Column < 1 {
				t.Errorf("%q: span %+v is out of range or order", src, s)
			}
			last = s.Offset
		}
		for _, d := range facts.Diagnostics {
			s := d.Span
			if s.Offset < 0 || s.End < s.Offset || int(s.End) > len(src) || s.Line < 1 || s.Column < 1 {
				t.Errorf("%q: diagnostic %+v is out of range", src, d)
			}
		}
		if facts.Constraint != "" && len(facts.Diagnostics) == 0 {
			if _, err := constraint.Parse("//go:build " + facts.Constraint); err != nil {
				t.Errorf("%q: constraint %q: %v, and no diagnostic", src, facts.Constraint, err)
			}
		}
		for n := range src[:min(len(src), 200)] {
			head, ok := p.ParseHeader("x.go", src[:n])
			if !ok {
				continue
			}
			if !equalFacts(head, facts) {
				t.Errorf("%q: the first %d bytes give %v, the whole %v", src, n, *head, *facts)
			}
			break
		}
	})
}

// compareEmbeds compares with the comments that go/scanner finds.
func compareEmbeds(t *testing.T, src []byte, facts *module.Facts) {
	t.Helper()
	imports := slices.ContainsFunc(facts.Imports, func(imp module.Import) bool {
		return imp.Specifier == "embed" && imp.Flags&module.Pattern == 0
	})
	var have, want []int
	for _, imp := range facts.Imports {
		if imp.Flags&module.Pattern != 0 {
			have = append(have, int(imp.Span.Offset))
		}
	}
	fset := gotoken.NewFileSet()
	if _, err := goparser.ParseFile(fset, "x.go", src, goparser.ImportsOnly); !imports || err != nil {
		if !imports && len(have) > 0 {
			t.Errorf("%q: patterns at %d without an import of embed", src, have)
		}
		return
	}
	file := fset.AddFile("y.go", -1, len(src))
	var s goscanner.Scanner
	failed := false
	s.Init(file, src, func(gotoken.Position, string) { failed = true }, goscanner.ScanComments)
	for {
		pos, tok, lit := s.Scan()
		if tok == gotoken.EOF {
			break
		}
		if tok == gotoken.COMMENT && bytes.HasPrefix([]byte(lit), embedDirective) {
			want = append(want, file.Offset(pos))
		}
	}
	if failed {
		return
	}
	// A directive may have several patterns, or none.
	for _, at := range have {
		i, exact := slices.BinarySearch(want, at)
		if exact || i == 0 || bytes.IndexByte(src[want[i-1]:at], '\n') >= 0 {
			t.Errorf("%q: a pattern at %d, and no directive there; they are at %d", src, at, want)
		}
	}
	for _, at := range want {
		line, _, _ := bytes.Cut(src[at:], []byte("\n"))
		words := bytes.Fields(line)
		plain := !bytes.ContainsAny(line, "\"`")
		inLine := func(pattern int) bool { return pattern > at && pattern < at+len(line) }
		if plain && string(words[0]) == string(embedDirective) && len(words) > 1 && !slices.ContainsFunc(have, inLine) {
			t.Errorf("%q: the directive at %d gives no pattern", src, at)
		}
	}
}

var embedCases = []string{
	"package p\nimport _ \"embed\"\n//go:embed a b/c*\nvar x string\n",
	"package p\nimport _ \"embed\"\n//go:embed \"a b\" `c d` e\nvar x = '\"' //go:embed f\n",
	"package p\nimport _ \"embed\"\nvar x = `\n//go:embed a\n` + \"//go:embed b\" + \"\\\"//go:embed c\"\n",
	"package p\nimport _ \"embed\"\n/*\n//go:embed a\n*/ //go:embed b\n//go:embedded c\n//go:embed\n//go:embed \"d\n//go:embed \"e\"f\n",
	"//go:embed a\npackage p //go:embed b\nimport _ \"embed\" //go:embed c\r\n",
	"package p\nimport _ \"embed\"\nvar x = '\\'' + '//go:embed a'\n//go:embed\u00a0b\u2003c\n",
	"package p\n//go:embed a\n",
}

// TestEmbedPatterns holds the reading of directives against words a person can
// check.
func TestEmbedPatterns(t *testing.T) {
	want := [][]string{{"a", "b/c*"}, {"a b", "c d", "e", "f"}, nil, {"b"}, {"a", "b", "c"}, {"b", "c"}, nil}
	p := newParser()
	for i, src := range embedCases {
		facts := p.Parse("x.go", []byte(src), loader.DetailImports)
		var have []string
		for _, imp := range facts.Imports {
			if imp.Flags&module.Pattern != 0 {
				have = append(have, imp.Specifier)
			}
		}
		if !slices.Equal(have, want[i]) {
			t.Errorf("%q: have %q, want %q", src, have, want[i])
		}
		compareEmbeds(t, []byte(src), facts)
	}
}

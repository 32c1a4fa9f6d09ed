package golang

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build"
	"go/build/constraint"
	goparser "go/parser"
	gotoken "go/token"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// goroot returns the Go distribution that go test runs with.
func goroot(tb testing.TB) string {
	tb.Helper()
	root := build.Default.GOROOT
	if root == "" {
		tb.Skip("no GOROOT: go test was not run by a Go distribution")
	}
	return root
}

// shape is what go/parser tells of a file's head, as text: one line for the
// package, one for each import.
func shape(fset *gotoken.FileSet, file *ast.File) []string {
	lines := []string{"package " + file.Name.Name}
	for _, spec := range file.Imports {
		specifier, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			specifier = err.Error()
		}
		name := ""
		if spec.Name != nil {
			name = spec.Name.Name
		}
		start, end := fset.PositionFor(spec.Path.Pos(), false), fset.PositionFor(spec.Path.End(), false)
		lines = append(lines, fmt.Sprintf("%d:%d %d-%d %q %s", start.Line, start.Column, start.Offset, end.Offset, specifier, name))
	}
	return lines
}

// shapeOf is shape for facts.
func shapeOf(facts *module.Facts) []string {
	lines := []string{"package " + facts.Package}
	for _, imp := range facts.Imports {
		if imp.Flags&module.Pattern != 0 {
			continue
		}
		name := "_"
		if imp.Names != nil {
			name = imp.Names[0].Alias
		}
		lines = append(lines, fmt.Sprintf("%d:%d %d-%d %q %s", imp.Span.Line, imp.Span.Column, imp.Span.Offset, imp.Span.End, imp.Specifier, name))
	}
	return lines
}

// TestEveryFile compares the facts of every .go file of the Go distribution,
// tests and broken test data included, with what go/parser and go/build say.
func TestEveryFile(t *testing.T) {
	root := goroot(t)
	p := newParser()
	files, constraints, rejected, patterns := 0, 0, 0, 0
	for _, top := range []string{"src", "test", "misc"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") {
				if os.IsNotExist(err) {
					return nil
				}
				return err
			}
			src, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			files++
			facts := p.Parse(path, src, loader.DetailImports)
			if !compareWithParser(t, path, src, facts) {
				rejected++
			}
			compareHeader(t, p, path, src, facts)
			if compareConstraint(t, path, src, facts) {
				constraints++
			}
			for _, imp := range facts.Imports {
				if imp.Flags&module.Pattern != 0 {
					patterns++
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d files, %d with a constraint, %d that go/parser rejects, %d patterns", files, constraints, rejected, patterns)
	if files < 5000 || constraints < 500 || patterns < 5 {
		t.Error("too few: is this a whole Go distribution?")
	}
}

// compareWithParser reports whether go/parser accepts the file.
func compareWithParser(t *testing.T, path string, src []byte, facts *module.Facts) bool {
	t.Helper()
	fset := gotoken.NewFileSet()
	file, err := goparser.ParseFile(fset, path, src, goparser.ImportsOnly)
	have := shapeOf(facts)
	if err != nil {
		return false
	}
	want := shape(fset, file)
	if len(facts.Diagnostics) > 0 {
		// What is wrong lies behind the place where go/parser stops, or is
		// something that go/build checks in its stead.
		if len(have) < len(want) || !slices.Equal(have[:len(want)], want) {
			t.Errorf("%s: have %q and %v, want at least %q", path, have, facts.Diagnostics, want)
		}
		return true
	}
	if !slices.Equal(have, want) {
		t.Errorf("%s:\nhave %q\nwant %q", path, have, want)
	}
	return true
}

// compareHeader parses growing prefixes as the loader does.
func compareHeader(t *testing.T, p *parser, path string, src []byte, want *module.Facts) {
	t.Helper()
	for n := 64; n < len(src); n *= 4 {
		facts, ok := p.ParseHeader(path, src[:n])
		if !ok {
			continue
		}
		if !equalFacts(facts, want) {
			t.Errorf("%s: the first %d bytes give %v, the whole %v", path, n, facts, want)
		}
		return
	}
}

func equalFacts(a, b *module.Facts) bool {
	return fmt.Sprint(*a) == fmt.Sprint(*b)
}

// compareConstraint evaluates the constraint under a number of tag sets and
// compares with go/build. It reports whether there is a constraint.
func compareConstraint(t *testing.T, path string, src []byte, facts *module.Facts) bool {
	t.Helper()
	var expr constraint.Expr
	if facts.Constraint != "" {
		var err error
		if expr, err = constraint.Parse("//go:build " + facts.Constraint); err != nil {
			expr = &constraint.TagExpr{Tag: "no such tag"}
		}
	}
	for _, tags := range [][2]string{{"linux", "amd64"}, {"windows", "arm64"}, {"plan9", "386"}, {"js", "wasm"}} {
		ctx := build.Context{
			GOOS: tags[0], GOARCH: tags[1], Compiler: "gc", BuildTags: []string{"race", "purego"},
			ReleaseTags: []string{"go1.1", "go1.2"},
			OpenFile:    openBytes(src),
		}
		want, err := ctx.MatchFile("", "x.go")
		if err != nil {
			if have := len(facts.Diagnostics) > 0; !have {
				t.Errorf("%s: no diagnostic; go/build says %v", path, err)
			}
			return expr != nil
		}
		p := platform{port: port{goos: tags[0], goarch: tags[1]}, tags: []string{"race", "purego"}}
		have := expr == nil || expr.Eval(func(tag string) bool { return p.tag(tag, 2) })
		if have != want {
			t.Errorf("%s: constraint %q: have %t, go/build says %t for %v", path, facts.Constraint, have, want, tags)
		}
	}
	return expr != nil
}

// TestScanCases compares with go/parser on what few real files hold.
func TestScanCases(t *testing.T) {
	p := newParser()
	for _, src := range scanCases {
		facts := p.Parse("x.go", []byte(src), loader.DetailImports)
		accepted := compareWithParser(t, fmt.Sprintf("%q", src), []byte(src), facts)
		if !accepted && len(facts.Diagnostics) == 0 {
			t.Errorf("%q: no diagnostic, and go/parser rejects it", src)
		}
		compareConstraint(t, fmt.Sprintf("%q", src), []byte(src), facts)
	}
}

// scanCases also seed the fuzzer.
var scanCases = []string{
	"package p",
	"package p;",
	"package p; import \"a\"; import \"b\"; var x int",
	"package p\nimport ()\n",
	"package p\nimport (\n\t\"a\"; x \"b\"\n\t. \"c\" // comment\n\t_ `d` /* more */\n)\n",
	"package p\nimport(\"a\"\n)\nimport\"b\"\n",
	"package p /* a\n */ import /* b */ x /* c */ \"d\" /* e */\n",
	"package /* p */ p // p\n\nimport ( // i\n\n\n\"a\" // x\n/* y */ \"b\"\n// z\n)\nfunc f() {}\n",
	"\xef\xbb\xbfpackage p\nimport \"a\"\n",
	"package p\r\n\r\nimport (\r\n\t\"a\"\r\n\t`b\r\n`\r\n)\r\n",
	"package p\nimport \"a\\x62\\u0063\"\nimport `d\ne`\nimport \"f\"",
	"package p\nimport größe \"a\"\nimport x٣ \"b\"\n",
	"package p\nimport \"C\"\n",
	"//line foo.go:10\npackage p\n//line bar.go:20\nimport \"a\"\n",
	"package p\nimport \"\"\nimport \"a b\"\n",
	"package p\nimport (\"a\" \"b\")\n",
	"package p\nimport (\n\"a\"\n",
	"package p\nimport \"a\n\"\nimport \"b\"\n",
	"package p\nimport \"a\"\n<<<<<<< HEAD\nimport \"b\"\n=======\nimport \"c\"\n>>>>>>> other\n",
	"package p\nimport (\n\"a\"\n<<<<<<< HEAD\n\"b\"\n=======\n\"c\"\n>>>>>>> other\n)\n",
	"package p\nimport func \"a\"\n",
	"package _\nimport \"a\"\n",
	"package func\nimport \"a\"\n",
	"import \"a\"\n",
	"pakage p\nimport \"a\"\n",
	"package p\nimport 'a'\nimport 1\n",
	"package p\nimport \"a\\q\"\n",
	"package p\n/* no end\nimport \"a\"\n",
	"package p\nimport `no end\n",
	"package p\n\x00import \"a\"\n",
	"package p // \xff\nimport \"a\"\n",
	"package p\nimport \"a\" ) \n",
	"package p\nimport \"a\" /",
	"package p\nimport \"a\" /* x */ /* \n */ import \"b\"",
	"package p.q\nimport \"a\"",
	"",
	"\n\n// only a comment",
	"//go:build linux\n\npackage p\n",
	"//go:build linux\npackage p\n",
	"// +build linux\n\npackage p\n",
	"// +build linux\npackage p\n",
	"// +build linux,!race windows\n// +build amd64\n\n//go:build js\npackage p\n",
	"// +build linux windows\n// +build 386,!race purego\n\npackage p\n",
	"// a\n\n/* b */\n\n// +build linux\n\npackage p\n",
	"/* a\n//go:build windows\n*/\n//go:build linux\npackage p\n",
	"/* a */ //go:build windows\npackage p\n",
	"//go:build linux\n//go:build windows\n\npackage p\n",
	"//go:build linux &&\n\npackage p\n",
	"//go:build\n\npackage p\n",
	"\t//go:build linux\t\n\npackage p\n",
	"//go:build linux\r\n\r\npackage p\r\n",
	"\xef\xbb\xbf//go:build linux\n\npackage p\n",
	"//+build linux\n\npackage p\n",
	"// +build !!linux\n\npackage p\n",
	"//go:buildx windows\n\npackage p\n",
	"package p\n//go:build windows\n\nimport \"a\"\n",
}

func openBytes(src []byte) func(string) (io.ReadCloser, error) {
	return func(string) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(src)), nil }
}

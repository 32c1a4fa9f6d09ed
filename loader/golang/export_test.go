package golang

import (
	"bytes"
	"fmt"
	"go/ast"
	goparser "go/parser"
	gotoken "go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// describe is an export as a line of a table.
func describe(e module.Export) string {
	line := fmt.Sprintf("%s %s %s", e.Visibility, e.Kind, e.Name)
	if e.Deprecated != "" {
		line += " deprecated(" + e.Deprecated + ")"
	}
	if e.Doc != "" {
		line += " // " + e.Doc
	}
	return line
}

func exportsOf(t testing.TB, path, src string) []module.Export {
	t.Helper()
	return newParser().Parse(path, []byte(src), loader.DetailExports).Exports
}

func TestExports(t *testing.T) {
	for _, tt := range []struct{ name, src, want string }{
		{"function", "// F does.\n//\n// Deprecated: use\n// G.\nfunc F(a int /* c */, b ...string) (n int, err error) { return }", `
public function F deprecated(use G.) // F does.
	func F(a int, b ...string) (n int, err error)`},
		{"methods", "func (t *T[K, V]) M() {}\nfunc (T) n()\nfunc (u unexported) M() {}", `
public function T.M
	func (t *T[K, V]) M()
private function T.n
	func (T) n()
private function unexported.M
	func (u unexported) M()`},
		{"results with braces", "func F() struct{ A int } { return x }\nfunc G() interface {\n\tM()\n\tN(a,\n\t\tb int)\n} {\n}\nfunc H(f func() struct{}) func(int) {}", `
public function F
	func F() struct{ A int }
public function G
	func G() interface { M(); N(a, b int) }
public function H
	func H(f func() struct{}) func(int)`},
		{"types", "type (\n\t// A is.\n\tA struct {\n\t\tx int // comment\n\t\tB `json:\"b\"`\n\t}\n\tC = map[string]A\n\td[T any] []T\n)", `
public type A // A is.
	type A struct { x int; B ` + "`json:\"b\"`" + ` }
public type C
	type C = map[string]A
private type d
	type d[T any] []T`},
		{"variables", "var A, b int = f(), 2\nvar C = func() int { return 1 }\nvar D, E = g()\nvar F T", `
public variable A
	var A int
private variable b
	var b int
public variable C
	var C = func() int { return 1 }
public variable D
	var D 0 = g()
public variable E
	var E 1 = g()
public variable F
	var F T`},
		{"constants", "// Doc of all.\nconst (\n\tA = iota\n\tB\n\t// C's own.\n\tC\n\t_\n\tD, E = 1 << iota, 'x'\n)\nconst F = 1", `
public constant A // Doc of all.
	const A = iota /* iota 0 */
public constant B // Doc of all.
	const B = iota /* iota 1 */
public constant C // C's own.
	const C = iota /* iota 2 */
public constant D // Doc of all.
	const D 0 = 1 << iota, 'x' /* iota 4 */
public constant E // Doc of all.
	const E 1 = 1 << iota, 'x' /* iota 4 */
public constant F
	const F = 1`},
		{"blank and init", "var _ = x\nfunc init() {}\nfunc _() {}\nfunc main() {}", `
private function main
	func main()`},
		{"a body with everything", "func F() {\n\ts := \"}\" + `}` + string('}') // }\n\t/* } */\n\tif x { func() {}() }\n}\nvar G int", `
public function F
	func F()
public variable G
	var G int`},
		{"a comment apart", "// no doc\n\nfunc F()\n\n/* doc */\nfunc G()\nfunc H() /* not */", `
public function F
	func F()
public function G // doc
	func G()
public function H
	func H()`},
		{"broken declarations", "func ) {}\ntype\nvar = 3\n}\nfunc G() {}", `
public function G
	func G()`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var b strings.Builder
			for _, e := range exportsOf(t, "p/a.go", "package p\n\nimport \"fmt\"\n\n"+tt.src) {
				fmt.Fprintf(&b, "\n%s\n\t%s", describe(e), e.Signature)
			}
			if b.String() != tt.want {
				t.Errorf("got%s\nwant%s", &b, tt.want)
			}
		})
	}
}

// TestUnclosedIsOpen holds that a file whose end is missing is not taken to
// declare just the names before it.
func TestUnclosedIsOpen(t *testing.T) {
	for src, want := range map[string]bool{
		"func F() {}": false, "func F() {": true, "func (t": true, "type T struct {": true, "var (\nx int": true, "var f = func() {": true, "var x T = f(": true,
		"const c = (1": true, "type T int": false, "func F(": true,
	} {
		if got := newParser().Parse("a.go", []byte("package p\n"+src), loader.DetailExports).Open; got != want {
			t.Errorf("%q: open %v, want %v", src, got, want)
		}
	}
}

func TestInternalVisibility(t *testing.T) {
	for path, want := range map[string]module.Visibility{
		"a/b.go": module.Public, "internal/b.go": module.Internal, "a/internal/c/b.go": module.Internal, "a/internals/b.go": module.Public,
	} {
		if got := exportsOf(t, path, "package p\nfunc F()")[0].Visibility; got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

// TestSignatureIsStable holds what leaves a signature equal and what changes it.
func TestSignatureIsStable(t *testing.T) {
	const base = "func F(a int) error { return nil }"
	equal := []string{
		"func F(a int) error { panic(1) }", "// doc\nfunc F(a int) error {\n}", "func F(\n\ta int,\n) error {}", "func F(a int) /* c */ error {}", "func F(a int) error",
	}
	for _, src := range equal {
		if got, want := exportsOf(t, "a.go", "package p\n"+src)[0].Signature, exportsOf(t, "a.go", "package p\n"+base)[0].Signature; got != want {
			t.Errorf("%q: signature %q, want %q", src, got, want)
		}
	}
	for _, src := range []string{"func F(a int64) error {}", "func F(a int) {}", "func F[T any](a int) error {}"} {
		if got, not := exportsOf(t, "a.go", "package p\n"+src)[0].Signature, exportsOf(t, "a.go", "package p\n"+base)[0].Signature; got == not {
			t.Errorf("%q has the signature of %q", src, base)
		}
	}
}

// reference lists the exports of a file as go/parser sees it: kind, name, place,
// doc, and the tokens of the signature of functions and types.
func reference(fset *gotoken.FileSet, file *ast.File, src []byte) []string {
	var list []string
	line := func(kind module.SymbolKind, recv string, id *ast.Ident, doc *ast.CommentGroup, from, to gotoken.Pos) {
		if id.Name == "_" || kind == module.SymbolFunction && recv == "" && id.Name == "init" {
			return
		}
		name := id.Name
		if recv != "" {
			name = recv + "." + name
		}
		first, _, _ := strings.Cut(doc.Text(), "\n")
		first = strings.TrimSpace(first)
		p := fset.PositionFor(id.Pos(), false)
		text := ""
		if from.IsValid() {
			text = tokens(src[fset.PositionFor(from, false).Offset:fset.PositionFor(to, false).Offset])
		}
		list = append(list, fmt.Sprintf("%d:%d %s %s // %s ⟨%s⟩", p.Line, p.Column, kind, name, first, text))
	}
	for _, decl := range file.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			recv := ""
			if d.Recv != nil && len(d.Recv.List) > 0 {
				if recv = baseName(d.Recv.List[0].Type); recv == "" {
					continue // no type that can have methods: go/parser reads it, the compiler refuses it
				}
			}
			end := d.Type.End()
			line(module.SymbolFunction, recv, d.Name, d.Doc, d.Pos(), end)
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				doc := func(own *ast.CommentGroup) *ast.CommentGroup {
					if own != nil {
						return own
					}
					return d.Doc
				}
				switch s := spec.(type) {
				case *ast.TypeSpec:
					line(module.SymbolType, "", s.Name, doc(s.Doc), s.Pos(), s.End())
				case *ast.ValueSpec:
					kind := module.SymbolVariable
					if d.Tok == gotoken.CONST {
						kind = module.SymbolConstant
					}
					for _, id := range s.Names {
						line(kind, "", id, doc(s.Doc), gotoken.NoPos, gotoken.NoPos)
					}
				}
			}
		}
	}
	return list
}

func baseName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.StarExpr:
		return baseName(e.X)
	case *ast.ParenExpr:
		return baseName(e.X)
	case *ast.IndexExpr:
		return baseName(e.X)
	case *ast.IndexListExpr:
		return baseName(e.X)
	}
	return ""
}

// tokens is a text without white space, comments, and the commas and semicolons
// that a line break asks for.
func tokens(src []byte) string {
	var b strings.Builder
	l := lexer{src: src, line: 1}
	for {
		l.next()
		if l.kind == kindEOF {
			return b.String()
		}
		if l.kind != kindSemicolon && l.kind != ',' {
			b.Write(l.text())
			b.WriteByte(' ')
		}
	}
}

func ours(src []byte, exports []module.Export) []string {
	var list []string
	for _, e := range exports {
		text := ""
		switch e.Kind {
		case module.SymbolFunction:
			text = tokens([]byte(e.Signature))
		case module.SymbolType:
			text = tokens([]byte(strings.TrimPrefix(e.Signature, "type ")))
		}
		list = append(list, fmt.Sprintf("%d:%d %s %s // %s ⟨%s⟩", e.Span.Line, e.Span.Column, e.Kind, e.Name, e.Doc, text))
		if member := e.Name[strings.LastIndexByte(e.Name, '.')+1:]; string(src[e.Span.Offset:e.Span.End]) != member {
			list = append(list, fmt.Sprintf("the span of %s holds %q", e.Name, src[e.Span.Offset:e.Span.End]))
		}
	}
	return list
}

// TestExportsEqualGoParser compares the declarations of every Go file of the
// standard library, its tests and its test data with go/parser's.
func TestExportsEqualGoParser(t *testing.T) {
	root := filepath.Join(goroot(t), "src")
	files, names := 0, 0
	p := newParser()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		fset := gotoken.NewFileSet()
		file, err := goparser.ParseFile(fset, path, src, goparser.ParseComments|goparser.SkipObjectResolution)
		if err != nil || bytes.Contains(src, []byte("\r")) {
			p.Parse("x/y.go", src, loader.DetailExports) // must not panic
			return nil
		}
		files++
		got := ours(src, p.Parse("x/y.go", src, loader.DetailExports).Exports)
		want := reference(fset, file, src)
		names += len(want)
		if !slices.Equal(got, want) {
			for i := range max(len(got), len(want)) {
				if i >= len(got) || i >= len(want) || got[i] != want[i] {
					g, w := "nothing", "nothing"
					if i < len(got) {
						g = got[i]
					}
					if i < len(want) {
						w = want[i]
					}
					t.Errorf("%s\n got %s\nwant %s", path, g, w)
					break
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 5000 || names < 100000 {
		t.Errorf("compared %d names in %d files: too few", names, files)
	}
}

func FuzzExports(f *testing.F) {
	f.Add([]byte("package p\nfunc F() {}\n"))
	f.Add([]byte("package p\ntype T struct { a, b int; c func() }\nconst (A = iota; B)\nvar x = `\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		for _, e := range newParser().Parse("a.go", src, loader.DetailExports).Exports {
			member := e.Name[strings.LastIndexByte(e.Name, '.')+1:]
			if e.Span.Offset < 0 || int(e.Span.End) > len(src) || string(src[e.Span.Offset:e.Span.End]) != member {
				t.Fatalf("the span %+v does not hold %q", e.Span, e.Name)
			}
		}
	})
}

package render

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/module"
)

func writeJSON(t testing.TB, set *module.Set) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := JSON(&b, set, graph.Of(set)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func at(file string, line, column int32) module.Span {
	return module.Span{File: file, Line: line, Column: column}
}

// sample has one of everything that the format can say.
func sample() *module.Set {
	return &module.Set{
		Root: "/src/shop",
		Modules: []*module.Module{
			{ID: "api", Name: "example.com/shop/api", Language: module.Go, Package: "example.com/shop",
				Imports: []module.Import{{Specifier: "schema/*.json", Kind: module.Implicit, Flags: module.Pattern, Span: at("api/api.go", 9, 12)}},
				Deps:    []module.Dep{{To: "api/schema/a.json", Import: 0, Kind: module.Implicit}}},
			{ID: "api/schema/a.json", Kind: module.KindAsset},
			{ID: "api:test", Name: "example.com/shop/api", Language: module.Go, Kind: module.KindTest, Package: "example.com/shop",
				Deps: []module.Dep{{To: "api", Import: module.NoImport, Kind: module.Implicit}}},
			{ID: "npm:react", Name: "react", Kind: module.KindExternal, Package: "react"},
			{ID: "web/a.ts", Name: "web/a.ts", Language: module.TypeScript, Package: "web",
				Imports: []module.Import{
					{Specifier: "react", Kind: module.Static, Names: []module.ImportedName{{Name: "default", Alias: "React"}}, Span: at("web/a.ts", 1, 19)},
					{Specifier: "./b", Kind: module.Static, Flags: module.Reexport, Names: []module.ImportedName{{Name: "x"}, {Name: "*"}}, Span: at("web/a.ts", 3, 19)},
					{Specifier: "./b", Kind: module.Deferred, Span: at("web/a.ts", 5, 9)},
					{Specifier: "./c", Kind: module.Static, Flags: module.Optional, Span: at("web/a.ts", 7, 8)},
				},
				Deps: []module.Dep{
					{To: "npm:react", Import: 0, Kind: module.Static, Declared: module.DeclaredRuntime},
					{To: "web/b.ts", Import: 1, Kind: module.Static},
					{To: "web/b.ts", Import: 2, Kind: module.Deferred},
				},
				Unresolved: []module.Unresolved{{Import: 3, Reason: `no file "web/c.ts"`}}},
			{ID: "web/b.ts", Name: "web/b.ts", Language: module.TypeScript, Package: "web",
				Imports: []module.Import{{Specifier: "./a", Kind: module.Static, Span: at("web/b.ts", 1, 20)}},
				Deps:    []module.Dep{{To: "web/a.ts", Import: 0, Kind: module.Static}}},
		},
	}
}

func TestJSON(t *testing.T) {
	want := `{"version": 1, "root": "/src/shop", "modules": [
 {"id": "api", "name": "example.com/shop/api", "language": "go", "kind": "source", "package": "example.com/shop"},
 {"id": "api/schema/a.json", "kind": "asset"},
 {"id": "api:test", "name": "example.com/shop/api", "language": "go", "kind": "test", "package": "example.com/shop"},
 {"id": "npm:react", "name": "react", "kind": "external", "package": "react"},
 {"id": "web/a.ts", "name": "web/a.ts", "language": "typescript", "kind": "source", "package": "web"},
 {"id": "web/b.ts", "name": "web/b.ts", "language": "typescript", "kind": "source", "package": "web"}
], "dependencies": [
 {"from": "api", "to": "api/schema/a.json", "kinds": ["implicit"], "imports": [{"specifier": "schema/*.json", "kind": "implicit", "file": "api/api.go", "line": 9, "column": 12, "flags": ["pattern"]}]},
 {"from": "api:test", "to": "api", "kinds": ["implicit"], "imports": []},
 {"from": "web/a.ts", "to": "npm:react", "kinds": ["static"], "imports": [{"specifier": "react", "kind": "static", "file": "web/a.ts", "line": 1, "column": 19, "names": ["default"], "declared": "runtime"}]},
 {"from": "web/a.ts", "to": "web/b.ts", "kinds": ["static", "deferred"], "imports": [{"specifier": "./b", "kind": "static", "file": "web/a.ts", "line": 3, "column": 19, "names": ["x", "*"], "flags": ["reexport"]}, {"specifier": "./b", "kind": "deferred", "file": "web/a.ts", "line": 5, "column": 9}]},
 {"from": "web/b.ts", "to": "web/a.ts", "kinds": ["static"], "imports": [{"specifier": "./a", "kind": "static", "file": "web/b.ts", "line": 1, "column": 20}]}
], "unresolved": [
 {"from": "web/a.ts", "specifier": "./c", "kind": "static", "file": "web/a.ts", "line": 7, "column": 8, "flags": ["optional"], "reason": "no file \"web/c.ts\""}
], "components": [
 ["web/a.ts", "web/b.ts"]
]}
`
	if got := string(writeJSON(t, sample())); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got, want := string(writeJSON(t, &module.Set{})), `{"version": 1, "root": "", "modules": [], "dependencies": [], "unresolved": [], "components": []}`+"\n"; got != want {
		t.Errorf("an empty set: got %s, want %s", got, want)
	}
}

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	file, err := os.Open("../docs/graph.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	doc, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("graph.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("graph.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t *rapid.T, s *jsonschema.Schema, doc []byte) {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(doc))
	if err != nil {
		t.Fatalf("not JSON: %v\n%s", err, doc)
	}
	if err := s.Validate(value); err != nil {
		t.Fatalf("%v\n%s", err, doc)
	}
}

// drawSet makes a set such as a load returns, but for odd strings everywhere.
func drawSet(t *rapid.T) *module.Set {
	text := rapid.OneOf(
		rapid.SampledFrom([]string{"a", "web/b.ts", "naïve", "ünï cödé", "a b\nc", `q"\/`, "\x00\x1f\x7f", "\xff", "caf\xe9.go", "\xed\xb2\x80", "\u2028", "😀", "\xf0\x9f"}),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 1, 6), func(b []byte) string { return string(b) }),
	)
	ids := rapid.SliceOfNDistinct(text, 1, 8, rapid.ID[string]).Draw(t, "ids")
	slices.Sort(ids)
	set := &module.Set{Root: text.Draw(t, "root")}
	kind := rapid.SampledFrom([]module.ImportKind{module.Static, module.Type, module.Deferred, module.Implicit})
	for _, id := range ids {
		m := &module.Module{
			ID:       module.ID(id),
			Name:     text.Draw(t, "name"),
			Language: module.Language(rapid.SampledFrom([]string{"", "go", "python"}).Draw(t, "language")),
			Kind:     module.Kind(rapid.IntRange(0, int(module.KindExternal)).Draw(t, "kind")),
		}
		for range rapid.IntRange(0, 6).Draw(t, "imports") {
			imp := module.Import{
				Specifier: rapid.SampledFrom([]string{"", "x", "./y"}).Draw(t, "specifier"),
				Kind:      kind.Draw(t, "import kind"),
				Flags:     module.ImportFlags(rapid.IntRange(0, 63).Draw(t, "flags")),
				Span:      at(rapid.SampledFrom([]string{"", "f", "g\xff"}).Draw(t, "file"), int32(rapid.IntRange(0, 2).Draw(t, "line")), int32(rapid.IntRange(0, 1).Draw(t, "column"))),
			}
			for range rapid.IntRange(0, 2).Draw(t, "names") {
				imp.Names = append(imp.Names, module.ImportedName{Name: rapid.SampledFrom([]string{"*", "n"}).Draw(t, "imported")})
			}
			m.Imports = append(m.Imports, imp)
		}
		for i := range m.Imports {
			if rapid.Bool().Draw(t, "leads nowhere") {
				m.Unresolved = append(m.Unresolved, module.Unresolved{Import: int32(i), Reason: text.Draw(t, "reason")})
			}
		}
		for range rapid.IntRange(0, 8).Draw(t, "dependencies") {
			m.Deps = append(m.Deps, module.Dep{
				To:       module.ID(rapid.SampledFrom(ids).Draw(t, "to")),
				Import:   int32(rapid.IntRange(module.NoImport, len(m.Imports)-1).Draw(t, "import")),
				Kind:     kind.Draw(t, "dependency kind"),
				Declared: module.Declared(rapid.IntRange(0, int(module.Undeclared)).Draw(t, "declared")),
			})
		}
		slices.SortFunc(m.Deps, func(a, b module.Dep) int {
			return cmp.Or(a.To.Compare(b.To), cmp.Compare(a.Import, b.Import), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Declared, b.Declared))
		})
		m.Deps = slices.CompactFunc(m.Deps, func(a, b module.Dep) bool { return a.To == b.To && a.Import == b.Import && a.Kind == b.Kind })
		set.Modules = append(set.Modules, m)
	}
	return set
}

func TestRoundTrip(t *testing.T) {
	s := schema(t)
	rapid.Check(t, func(rt *rapid.T) {
		set := drawSet(rt)
		first := writeJSON(t, set)
		validate(rt, s, first)
		read, err := ReadJSON(bytes.NewReader(first))
		if err != nil {
			rt.Fatalf("%v\n%s", err, first)
		}
		if read.Root != set.Root {
			rt.Fatalf("root %q became %q", set.Root, read.Root)
		}
		for i, m := range set.Modules {
			if r := read.Modules[i]; r.ID != m.ID || r.Name != m.Name {
				rt.Fatalf("module %q %q became %q %q", m.ID, m.Name, r.ID, r.Name)
			}
		}
		if second := writeJSON(t, read); !bytes.Equal(first, second) {
			rt.Fatalf("written\n%s\nread and written\n%s", first, second)
		}
	})
}

// The order in which a set holds what has equal positions must not show.
func TestOrderOfImportsDoesNotShow(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		set := drawSet(rt)
		first := writeJSON(t, set)
		for _, m := range set.Modules {
			n := len(m.Imports)
			slices.Reverse(m.Imports)
			for i := range m.Deps {
				if m.Deps[i].Import >= 0 {
					m.Deps[i].Import = int32(n-1) - m.Deps[i].Import
				}
			}
			for i := range m.Unresolved {
				m.Unresolved[i].Import = int32(n-1) - m.Unresolved[i].Import
			}
		}
		if second := writeJSON(t, set); !bytes.Equal(first, second) {
			rt.Fatalf("got\n%s\nwant\n%s", second, first)
		}
	})
}

// A program in another language that reads the document sees the same strings,
// as long as they are text.
func TestStringsAreJSON(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := rapid.String().Draw(rt, "s")
		var got string
		if err := json.Unmarshal(appendJSONString(nil, s), &got); err != nil || (utf8.ValidString(s) && got != s) {
			rt.Fatalf("%q was read as %q, %v", s, got, err)
		}
		b, _ := json.Marshal(s)
		if back, err := unquoteJSON(b); err != nil || (utf8.ValidString(s) && back != s) {
			rt.Fatalf("%s was unquoted as %q, %v", b, back, err)
		}
	})
}

func TestReadMinimal(t *testing.T) {
	set, err := ReadJSON(strings.NewReader(`{"dependencies":[{"from":"b","to":"a"}],"version":1,"modules":[{"id":"b"},{"id":"a"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"version": 1, "root": "", "modules": [
 {"id": "a", "kind": "source"},
 {"id": "b", "kind": "source"}
], "dependencies": [
 {"from": "b", "to": "a", "kinds": ["static"], "imports": []}
], "unresolved": [], "components": []}
`
	if got := string(writeJSON(t, set)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestReadErrors(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{``, `1:1: the document ends too early`},
		{`{"version": 1`, `1:14: the document ends too early`},
		{`[]`, `1:1: want an object, found an array`},
		{`{"modules": []}`, `1:1: the document has no "version": want 1`},
		{`{"version": 2, "modules": []}`, `1:13: version 2 of the format is not known: this program reads version 1 (at /version)`},
		{`{"version": "1"}`, `1:13: want a number, found a string (at /version)`},
		{"{\"version\": 1,\n \"moduls\": []}", `2:2: the document has no member "moduls": want one of [version root modules dependencies unresolved components] (at /moduls)`},
		{"{\"version\": 1, \"modules\": [\n {\"id\": \"a\"},\n {\"id\": \"b\"},\n {\"id\": \"a\"}]}", `4:9: module "a" appears twice, first in line 2 (at /modules/2/id)`},
		{`{"version": 1, "modules": [{}]}`, `1:28: a module has no "id" (at /modules/0)`},
		{`{"version": 1, "modules": [{"id": ""}]}`, `1:35: a module's id is empty (at /modules/0/id)`},
		{`{"version": 1, "modules": [{"id": "a", "kind": "sauce"}]}`, `1:48: unknown kind of module: want source, test, asset, standard or external (at /modules/0/kind)`},
		{"{\"version\": 1, \"modules\": [{\"id\": \"a\"}],\n\"dependencies\": [{\"from\": \"a\", \"to\": \"b\"}]}", `2:38: no module has the id "b" (at /dependencies/0/to)`},
		{`{"version": 1, "modules": [{"id": "a"}], "unresolved": [{"from": "x", "specifier": "s"}]}`, `1:66: no module has the id "x" (at /unresolved/0/from)`},
		{"{\"version\": 1, \"modules\": [{\"id\": \"a\"}],\n\"dependencies\": [{\"from\": \"a\", \"to\": \"a\"},\n{\"to\": \"a\", \"from\": \"a\"}]}", `3:21: the dependency of "a" on "a" appears twice, first in line 2`},
		{`{"version": 1, "dependencies": [{"to": "a"}]}`, `1:40: a dependency needs "from" and "to" (at /dependencies/0)`},
		{`{"version": 1, "dependencies": [{"from": "a", "to": "a", "kinds": ["dynamic"]}]}`, `1:68: unknown import kind "dynamic": want static, type, deferred or implicit (at /dependencies/0/kinds/0)`},
		{`{"version": 1, "dependencies": [{"from": "a", "to": "a", "kinds": ["type"], "imports": [{"specifier": "x"}]}]}`, `1:103: an import is static, but the dependency's kinds are type (at /dependencies/0)`},
		{`{"version": 1, "dependencies": [{"from": "a", "to": "a", "imports": [{"specifier": "x", "line": 0}]}]}`, `1:97: want a whole number from 1 to 2147483647, found 0 (at /dependencies/0/imports/0/line)`},
		{`{"version": 1, "dependencies": [{"from": "a", "to": "a", "imports": [{"line": 1}]}]}`, `1:79: an import needs "specifier" (at /dependencies/0/imports/0)`},
		{`{"version": 1, "root": "\ud800"}`, `1:24: lone surrogate \ud800 in a string: only \udc80 to \udcff may stand alone, for a byte that is no UTF-8 (at /root)`},
		{"{\"version\": 1, \"root\": \"\xe9\"}", `1:24: invalid UTF-8 in a string; write a byte such as 0xE9 that is no UTF-8 as \udce9 (at /root)`},
		{`{"version": 1, "version": 1}`, `1:16: not valid JSON: duplicate object member name (at /version)`},
		{`{"version": 1} x`, `1:16: not valid JSON: invalid character 'x' at start of value`},
		{`{"version": 1} {}`, `1:16: more data after the document`},
		{`{"version": 1, "root": nul}`, `1:27: not valid JSON: invalid character '}' in literal null (expecting 'l') (at /root)`},
	} {
		_, err := ReadJSON(strings.NewReader(test.text))
		var syntax *SyntaxError
		if !errors.As(err, &syntax) || err.Error() != test.want {
			t.Errorf("%s\n got %v\nwant %s", test.text, err, test.want)
		}
	}
}

type brokenReader struct{ io.Reader }

func (b brokenReader) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF {
		err = errBroken
	}
	return n, err
}

var errBroken = errors.New("broken")

func TestIOErrors(t *testing.T) {
	doc := writeJSON(t, sample())
	if _, err := ReadJSON(brokenReader{bytes.NewReader(doc[:200])}); !errors.Is(err, errBroken) {
		t.Errorf("reading: %v", err)
	}
	set := sample()
	for limit := range len(doc) {
		if err := JSON(&limitedWriter{limit}, set, graph.Of(set)); !errors.Is(err, errBroken) {
			t.Fatalf("writing at most %d bytes: %v", limit, err)
		}
	}
}

// limitedWriter fails when it has taken so many bytes.
type limitedWriter struct{ left int }

func (l *limitedWriter) Write(p []byte) (int, error) {
	if len(p) > l.left {
		return l.left, errBroken
	}
	l.left -= len(p)
	return len(p), nil
}

// A document cut anywhere is an error, never half a graph and never a panic.
func TestReadCut(t *testing.T) {
	doc := bytes.TrimSpace(writeJSON(t, sample()))
	for n := range doc {
		if _, err := ReadJSON(bytes.NewReader(doc[:n])); err == nil {
			t.Fatalf("the first %d bytes were read without an error", n)
		}
	}
}

func FuzzReadJSON(f *testing.F) {
	f.Add(writeJSON(f, sample()))
	f.Add([]byte(`{"version":1,"modules":[{"id":"\udcff"}],"dependencies":[{"from":"\udcff","to":"\udcff"}]}`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		set, err := ReadJSON(bytes.NewReader(doc))
		if err != nil {
			return
		}
		first := writeJSON(t, set)
		again, err := ReadJSON(bytes.NewReader(first))
		if err != nil {
			t.Fatalf("%v\n%s", err, first)
		}
		if second := writeJSON(t, again); !bytes.Equal(first, second) {
			t.Fatalf("written\n%s\nread and written\n%s", first, second)
		}
	})
}

// large is a set of n modules with eight dependencies each.
func large(n int) *module.Set {
	set := &module.Set{Root: "/src"}
	for i := range n {
		id := module.ID(fmt.Sprintf("packages/core/src/area%03d/module%06d.ts", i/100, i))
		m := &module.Module{ID: id, Name: string(id), Language: module.TypeScript, Package: "@scope/core"}
		for j := range 8 {
			to := (i + 1 + j*j*31) % n
			m.Imports = append(m.Imports, module.Import{
				Specifier: fmt.Sprintf("../area%03d/module%06d", to/100, to),
				Names:     []module.ImportedName{{Name: "thing"}},
				Span:      at(string(id), int32(j+1), 20),
			})
			m.Deps = append(m.Deps, module.Dep{To: module.ID(fmt.Sprintf("packages/core/src/area%03d/module%06d.ts", to/100, to)), Import: int32(j)})
		}
		slices.SortFunc(m.Deps, func(a, b module.Dep) int { return a.To.Compare(b.To) })
		set.Modules = append(set.Modules, m)
	}
	return set
}

func BenchmarkJSON(b *testing.B) {
	set := large(20000)
	g := graph.Of(set)
	b.ReportAllocs()
	var n int64
	for b.Loop() {
		w := &countingWriter{}
		if err := JSON(w, set, g); err != nil {
			b.Fatal(err)
		}
		n = w.n
	}
	b.SetBytes(n)
}

func BenchmarkReadJSON(b *testing.B) {
	doc := writeJSON(b, large(20000))
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadJSON(bytes.NewReader(doc)); err != nil {
			b.Fatal(err)
		}
	}
}

type countingWriter struct{ n int64 }

func (c *countingWriter) Write(p []byte) (int, error) { c.n += int64(len(p)); return len(p), nil }

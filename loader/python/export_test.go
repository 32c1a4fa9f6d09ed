package python

import (
	"fmt"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// checkExports checks what holds of the exports of any source.
func checkExports(t *testing.T, src []byte, f *module.Facts) {
	t.Helper()
	last := int32(0)
	for _, e := range f.Exports {
		if e.Span.Offset < last || e.Span.End < e.Span.Offset || int(e.Span.End) > len(src) || e.Span.Line < 1 || e.Span.Column < 1 {
			t.Errorf("%s has the span %+v behind %d in %d bytes", e.Name, e.Span, last, len(src))
			continue
		}
		last = e.Span.Offset
		text := src[e.Span.Offset:e.Span.End]
		if e.Name == "" || ascii(text) && ascii([]byte(e.Name)) && string(text) != e.Name {
			t.Errorf("the span of %q holds %q", e.Name, text)
		}
		if e.Import < 0 || int(e.Import) > len(f.Imports) || (e.Import > 0) != (e.Imported != "") {
			t.Errorf("%s is passed on as %q from import %d of %d", e.Name, e.Imported, e.Import, len(f.Imports))
		}
		if e.Import == 0 && e.Signature == "" {
			t.Errorf("%s has no signature", e.Name)
		}
	}
}

func exportsText(f *module.Facts) string {
	var b strings.Builder
	for _, e := range f.Exports {
		fmt.Fprintf(&b, "%d:%d %s %s %s", e.Span.Line, e.Span.Column, e.Visibility, e.Kind, e.Name)
		if e.Import > 0 {
			fmt.Fprintf(&b, " <- %s of %s", e.Imported, f.Imports[e.Import-1].Specifier)
		} else {
			fmt.Fprintf(&b, ": %s", e.Signature)
		}
		if e.Doc != "" {
			fmt.Fprintf(&b, " | %s", e.Doc)
		}
		if e.Deprecated != "" {
			fmt.Fprintf(&b, " | deprecated: %s", e.Deprecated)
		}
		b.WriteString("\n")
	}
	if f.Open {
		b.WriteString("open\n")
	}
	return b.String()
}

func TestExports(t *testing.T) {
	tests := []struct{ src, want string }{
		{"import a.b, c.d as e", "1:8 public module a <- * of a.b\n1:20 public module e <- * of c.d\n"},
		{"from .m import (x,\n  _y as z)", "1:17 public variable x <- x of .m\n2:9 public variable z <- _y of .m\n"},
		{"from m import *", "1:15 public module * <- * of m\n"},
		{"def f(a: int,  # one\n      b=2) -> int:\n  '''What it does.\n  More.'''\n  x = 1\n  return x", "1:5 public function f: def f(a: int, b=2) -> int | What it does.\n"},
		{"@deprecated('use g')\nasync def _f() -> None: ...", "2:11 protected function _f: @deprecated('use g') async def _f() -> None | deprecated: use g\n"},
		{"class __A(B):\n  '''Doc.\n\n  .. deprecated:: 3.2\n  '''\n  x: int = 1\n  def f(self) -> int:\n    return 1\n  class C:\n    y = 2\n  z = 3\n", "1:7 private type __A: class __A(B): x: int = 1; def f(self) -> int; class C; { y = 2; } z = 3 | Doc. | deprecated: 3.2\n"},
		{"a = b, C = 1,  2 # two", "1:1 public variable a: a = b, C = 1, 2\n1:5 public variable b: a = b, C = 1, 2\n1:8 public constant C: a = b, C = 1, 2\n"},
		{"a: int = f()\nB: int = 2\nc: Final = 3\nD: TypeAlias = int", "1:1 public variable a: a: int\n2:1 public constant B: B: int = 2\n3:1 public constant c: c: Final = 3\n4:1 public type D: D: TypeAlias = int\n"},
		{"a.b = c[d] = e = f(g=1)", "1:14 public variable e: a.b = c[d] = e = f(g=1)\n"},
		{"x = lambda a=1: a\nassert a == b\nf(x=1)\na != b", "1:1 public variable x: x = lambda a=1: a\n"},
		{"for i, (j, k.l) in x: pass", "1:5 public variable i: for i, (j, k.l) in x\n1:9 public variable j: for i, (j, k.l) in x\n"},
		{"with a() as b, c as (d, e): pass", "1:13 public variable b: with a() as b, c as (d, e)\n1:22 public variable d: with a() as b, c as (d, e)\n1:25 public variable e: with a() as b, c as (d, e)\n"},
		{"if (n := f()): pass", "1:5 public variable n: if (n := f())\n"},
		{"if x:\n  y = 1\nelse:\n  def y() -> int: return 2", "2:3 public variable y: y = 1\n4:7 public function y: def y() -> int\n"},
		{"type T[P] = list[P]", "1:6 public type T: type T[P] = list[P]\n"},
		{"match v:\n  case A(x=y, z=_) | [B.c, *rest] if q: pass", "2:12 public variable y: A(x=y, z=_) | [B.c, *rest] if q\n2:29 public variable rest: A(x=y, z=_) | [B.c, *rest] if q\n"},
		{"def f() -> None:\n  global g, h\n  g = 1\nh = 2", "1:5 public function f: def f() -> None … cf66a612439702a60f4e3024f0313c15\n2:10 public variable g: global g\n4:1 public variable h: h = 2\n"},
		{"def __getattr__(name) -> int: ...", "1:5 public function __getattr__: def __getattr__(name) -> int\nopen\n"},
		{"TypeAliases: int = 1\nFinals: int = f()", "1:1 public variable TypeAliases: TypeAliases: int\n2:1 public variable Finals: Finals: int\n"},
		{"globals().update(x)", "open\n"},
		{"apipkg.initpkg(__name__, {})", "open\n"},
		{"old, new = recreate(  # here\n    __name__, {})", "1:1 public variable old: old, new = recreate(__name__, {})\n1:6 public variable new: old, new = recreate(__name__, {})\nopen\n"},
		{"app = Flask(__name__)", "1:1 public variable app: app = Flask(__name__)\n"},
		{"logging.getLogger(__name__).addHandler(h)", ""},
		{"f(__name__x)\ng(a, __name__)\nh[__name__]", ""},
		{"def f() -> int:\n  import a\n  b = 1\n  def c(): pass", "1:5 public function f: def f() -> int\n"},
	}
	for _, test := range tests {
		f := newParser().Parse("a.py", []byte(test.src), loader.DetailExports)
		checkExports(t, []byte(test.src), f)
		if got := exportsText(f); got != test.want {
			t.Errorf("%s\ngot:\n%s\nwant:\n%s", test.src, got, test.want)
		}
	}
}

func TestAsides(t *testing.T) {
	tests := []struct{ src, want string }{
		{"if a:\n  x = 1\nelif b:\n  f()\nelse: y = 1; z = 2\nw = 1", "if a\n x\nelif b\nelse\n y\n z"},
		{"if a:\n  f()\nelse:\n  def g(): pass", "if a\nelse\n g"},
		{"if __name__ == '__main__':\n  main()\nfor i in x:\n  while y: f(i)", "for i in x\n i"},
		{"try:\n  if a:\n    import b\nexcept ImportError:\n  b = None\nif c: f()", "try\n if a\n  b\nexcept ImportError\n b"},
		{"def f():\n  if a: x = 1\nclass C:\n  if a: x = 1", ""},
		{"a.b = 1\na[0] += 2\na.b(c=1)\na.b == c\ndel a, d\nif x: e.f: int = 1", "a.b = 1\na[0] += 2\ndel a, d\nif x\n e.f: int = 1"},
		{"x = []  # type: list[int]\ny = f()  # type: ignore\n# type: of what\n", "y\n# type: of what"},
	}
	for _, test := range tests {
		if got := newParser().Parse("a.py", []byte(test.src), loader.DetailExports).Aside; got != test.want {
			t.Errorf("%s\ngot:\n%s\nwant:\n%s", test.src, got, test.want)
		}
	}
}

// What importers cannot observe leaves a signature as it is, and what they may
// observe changes it.
func TestSignatures(t *testing.T) {
	tests := []struct {
		a, b string
		same bool
	}{
		{"def f() -> int: return 1", "def f() -> int: return 2", true},
		{"def f(): return 1", "def f(): return 2", false},
		{"def f(): return 1", "# one\ndef f(): return 1 # two", true},
		{"def f():\n  if a:\n    b()\n  return 1", "def f():\n  if a:\n    b()\n    return 1", false},
		{"def f(): return 1", "def f():\n  'Doc.'\n  return 1", false},
		{"def f():\n  return 1", "def f():\n  'Doc.'\n  # why\n\n  return 1", true},
		{"def f(a=1) -> int: ...", "def f(a=2) -> int: ...", false},
		{"X = 1", "X = 2", false},
		{"x: int = 1", "x: int = 2", true},
		{"X: int = 1", "X: int = 2", false},
		{"class A:\n  def f(self) -> int: return 1", "class A:\n  def f(self) -> int: return 2", true},
		{"class A:\n  def f(self) -> None: self.x = 1", "class A:\n  def f(self) -> None: self.x = ''", false},
		{"class A:\n  def f(self): return 1", "class A:\n  def f(self): return 2", false},
		{"class A:\n  x = 1", "class A:\n  x = 2", false},
		{"class A:\n  class B:\n    x = 1\n  y = 2", "class A:\n  class B:\n    x = 1\n    y = 2", false},
		{"@a\ndef f() -> int: ...", "@b\ndef f() -> int: ...", false},
		{"x = [" + strings.Repeat("1, ", 9999) + "]", "x = [" + strings.Repeat("1, ", 9998) + "2, ]", false},
	}
	p := newParser()
	signature := func(src string) string {
		return p.Parse("a.py", []byte(src), loader.DetailExports).Exports[0].Signature
	}
	for _, test := range tests {
		a, b := signature(test.a), signature(test.b)
		if (a == b) != test.same {
			t.Errorf("%.60q and %.60q have the signatures %.99q and %.99q", test.a, test.b, a, b)
		}
	}
}

func FuzzExports(f *testing.F) {
	for _, src := range seeds(f) {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		p := newParser()
		facts := p.Parse("a.py", src, loader.DetailExports)
		checkExports(t, src, facts)
		if limit := 40*len(src) + 1000; p.scanner.work > limit {
			t.Errorf("%d bytes took work of %d, want at most %d", len(src), p.scanner.work, limit)
		}
		again := exportsText(p.Parse("a.py", src, loader.DetailExports))
		if want := exportsText(facts); again != want {
			t.Errorf("a used parser says:\n%s\na new one:\n%s", again, want)
		}
	})
}

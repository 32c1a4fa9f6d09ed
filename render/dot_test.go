package render

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/module"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// tree makes a set from lines of "from to kind", one dependency each; a module
// outside the workspace has a colon in its ID.
func tree(text string) *module.Set {
	b := graph.NewBuilder()
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		switch len(f) {
		case 1:
			b.Node(module.ID(f[0]))
		case 2:
			b.Edge(b.Node(module.ID(f[0])), b.Node(module.ID(f[1])), module.Static, nil)
		case 3:
			kinds, err := module.ParseImportKinds(f[2])
			if err != nil {
				panic(err)
			}
			for k := module.Static; k <= module.Implicit; k++ {
				if kinds.Has(k) {
					b.Edge(b.Node(module.ID(f[0])), b.Node(module.ID(f[1])), k, nil)
				}
			}
		}
	}
	g := b.Build()
	set := &module.Set{}
	for n := range graph.NodeID(g.NodeCount()) {
		id := g.ID(n)
		m := &module.Module{ID: id}
		switch {
		case strings.HasSuffix(string(id), ":test"):
			m.Kind, m.Language = module.KindTest, module.Go
		case strings.Contains(string(id), ":"):
			m.Kind = module.KindExternal
		case strings.HasSuffix(string(id), ".ts"):
			m.Language = module.TypeScript
		case strings.HasSuffix(string(id), ".py"):
			m.Language = module.Python
		case !strings.Contains(string(id), "."):
			m.Language = module.Go
		}
		first, end := g.OutEdges(n)
		for e := first; e < end; e++ {
			for k := module.Static; k <= module.Implicit; k++ {
				if g.Kinds(e).Has(k) {
					m.Deps = append(m.Deps, module.Dep{To: g.ID(g.Target(e)), Import: module.NoImport, Kind: k})
				}
			}
		}
		set.Modules = append(set.Modules, m)
	}
	return set
}

const shop = `
	cmd/shop internal/cart
	cmd/shop golang:fmt
	internal/cart internal/price
	internal/cart internal/cart/tax
	internal/cart:test internal/cart implicit
	internal/cart internal/cart/rates.json implicit
	tools/report/main.py tools/report/model.py
	tools/report/model.py tools/report/main.py
	tools/report/model.py python:json deferred
	web/src/app.ts web/src/cart/cart.ts
	web/src/app.ts npm:react
	web/src/cart/cart.ts web/src/cart/price.ts
	web/src/cart/price.ts web/src/cart/discount.ts static,type
	web/src/cart/discount.ts web/src/cart/cart.ts
	web/src/cart/price.ts web/src/types.ts type
	web/src/types.ts web/src/cart/price.ts type
	web/src/admin/only/deep/page.ts web/src/app.ts deferred
`

func TestDOT(t *testing.T) {
	golden(t, "shop.dot", func(b *bytes.Buffer) error { return DOT(b, graph.Of(tree(shop)), View{}) })
}

func TestText(t *testing.T) {
	golden(t, "shop.txt", func(b *bytes.Buffer) error { return Text(b, graph.Of(tree(shop)), View{}) })
}

func golden(t *testing.T, name string, write func(*bytes.Buffer) error) {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got := b.String(); got != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s", file, got, want)
	}
}

// What is drawn, whatever the names: each module once, with its ID to hover
// over, and each dependency once.
func TestDOTDrawsAll(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		g := graph.Of(drawSet(rt))
		var b bytes.Buffer
		if err := DOT(&b, g, View{}); err != nil {
			rt.Fatal(err)
		}
		nodes, edges := 0, 0
		for line := range strings.Lines(b.String()) {
			line = strings.TrimSpace(line)
			switch {
			case strings.Contains(line, "->") && strings.HasPrefix(line, "n"):
				edges++
			case strings.Contains(line, "tooltip="):
				nodes++
			}
		}
		if nodes != g.NodeCount() || edges != g.EdgeCount() {
			rt.Fatalf("%d nodes and %d edges are drawn of %d and %d\n%s", nodes, edges, g.NodeCount(), g.EdgeCount(), &b)
		}
		for _, c := range b.Bytes() {
			if c < 0x20 && c != '\n' && c != '\t' || c == 0x7f {
				rt.Fatalf("control character %#x in\n%s", c, &b)
			}
		}
	})
}

// Graphviz itself reads odd names as they are meant. It is not needed to build
// or test Eddy.
func TestDOTParses(t *testing.T) {
	program, err := exec.LookPath("dot")
	if err != nil {
		t.Skip("Graphviz is not installed")
	}
	names := []string{`a"b.ts`, `a\b.ts`, "a\nb.ts", "a\xffb.ts", "ünï/b c.ts", "x&amp;y.ts", "<b>.ts", "{a|b}.ts", "n1", "]", "//", "node"}
	b := graph.NewBuilder()
	for i, name := range names {
		b.Edge(b.Node(module.ID(name)), b.Node(module.ID(names[(i+1)%len(names)])), module.Static, nil)
	}
	var doc bytes.Buffer
	if err := DOT(&doc, b.Build(), View{}); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-Tplain")
	cmd.Stdin = &doc
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{`a\"b.ts`, `a\\b.ts`, `a\\nb.ts`, `a\\xffb.ts`, "b c.ts", "x&amp;y.ts"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("Graphviz does not show %s:\n%s", want, out)
		}
	}
}

func TestViewFilters(t *testing.T) {
	g := graph.Of(tree("a.ts b.ts type\n b.ts a.ts type\n a.ts c.ts"))
	var b bytes.Buffer
	if err := Text(&b, g, View{Kinds: module.Of(module.Type), Cycles: module.Of(module.Type)}); err != nil {
		t.Fatal(err)
	}
	want := "a.ts\n  ↻ b.ts  [type]\nb.ts\n  ↻ a.ts  [type]\nc.ts\n"
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", &b, want)
	}
}

func TestWriteErrors(t *testing.T) {
	g := graph.Of(tree(shop))
	for limit := range 200 {
		if err := DOT(&limitedWriter{limit}, g, View{}); !errors.Is(err, errBroken) {
			t.Fatalf("DOT, %d bytes: %v", limit, err)
		}
		if err := Text(&limitedWriter{limit}, g, View{}); !errors.Is(err, errBroken) {
			t.Fatalf("Text, %d bytes: %v", limit, err)
		}
	}
}

// A chain of folders deeper than any box goes is still drawn.
func TestDeepFolders(t *testing.T) {
	var b strings.Builder
	path := ""
	for i := range 5000 {
		path += "d/"
		if i%100 == 0 {
			b.WriteString(path + "a.ts " + path + "b.ts\n")
		}
	}
	var out bytes.Buffer
	if err := DOT(&out, graph.Of(tree(b.String())), View{}); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "subgraph"); n != maxClusters {
		t.Errorf("%d clusters, want %d", n, maxClusters)
	}
}

func TestPrintable(t *testing.T) {
	for name, want := range map[string]string{
		"web/naïve 文.ts":        "web/naïve 文.ts",
		"a\nb":                  `a\nb`,
		"\x1b[31mred":           `\x1b[31mred`,
		"caf\xe9":               `caf\xe9`,
		"\u202eevil":            `\u202eevil`,
		"\uFFFD":                "\uFFFD",
		"tab\there\rand\x00nul": `tab\there\rand\x00nul`,
	} {
		if got := Printable(name); got != want {
			t.Errorf("%q is shown as %s, want %s", name, got, want)
		}
	}
}

package python

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/internal/oracle"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// randomTree is a tree of Python files under a few roots.
type randomTree struct {
	Files map[string]string `json:"files"`
	Roots []string          `json:"roots"`
	// Installed says that a manifest declares the roots: they come behind the
	// standard library.
	Installed bool `json:"installed"`
}

// drawTree draws the tree of a number, from few names, so that they meet: packages
// and modules of one name, namespaces with portions in several roots, names of the
// standard library.
func drawTree(seed uint64) *randomTree {
	r := rand.New(rand.NewPCG(seed, 0))
	of := func(list ...string) string { return list[r.IntN(len(list))] }
	roots := [][]string{{"."}, {"src"}, {"src", "lib"}, {"lib", "vendor/x", "src"}, {"src", "checks"}}
	tree := &randomTree{Files: map[string]string{}, Roots: roots[r.IntN(len(roots))]}
	if tree.Roots[0] == "src" && len(tree.Roots) == 1 && r.IntN(2) == 0 {
		tree.Installed = true
		tree.Files["pyproject.toml"] = "[tool.setuptools.packages.find]\nwhere = [\"src\"]\n"
	}
	for range 2 + r.IntN(14) {
		folder := of("", "", "a", "a", "b", "a/b", "a/c", "a/b/c", "ns", "ns/a", "random", "json", "tests", "_x")
		stem := of("__init__", "__init__", "a", "b", "c", "_x", "random", "types", "conftest", "test_a", "json")
		ext := ".py"
		switch r.IntN(12) {
		case 0:
			ext = of(".so", ".abi3.so", ".cpython-311-x86_64-linux-gnu.so")
		case 1:
			ext = of(".txt", ".json")
		}
		tree.Files[path.Join(of(tree.Roots...), folder, stem+ext)] = ""
	}
	for _, name := range slices.Sorted(maps.Keys(tree.Files)) {
		if strings.HasSuffix(name, ".py") {
			tree.Files[name] = drawText(r)
		}
	}
	return tree
}

// drawText draws a module of imports.
func drawText(r *rand.Rand) string {
	of := func(list ...string) string { return list[r.IntN(len(list))] }
	dotted := func() string {
		name := of("a", "b", "a.b", "a.c", "a.b.c", "ns", "ns.a", "random", "json", "tests", "c", "_x", "types", "sys", "os.path", "numpy", "a.a", "b.a", "ns.b", "json.a", "xml.etree")
		if r.IntN(4) == 0 {
			name += "." + of("a", "b", "c", "random")
		}
		return name
	}
	var text strings.Builder
	for range 1 + r.IntN(6) {
		dots := strings.Repeat(".", 1+r.IntN(3))
		names := of("a", "b", "c", "_x", "*", "a, b", "b as d", "random", "A")
		switch r.IntN(6) {
		case 0:
			fmt.Fprintf(&text, "import %s\n", dotted())
		case 1:
			fmt.Fprintf(&text, "import %s as x\n", dotted())
		case 2, 3:
			fmt.Fprintf(&text, "from %s import %s\n", dotted(), names)
		case 4:
			fmt.Fprintf(&text, "from %s import %s\n", dots, names)
		case 5:
			fmt.Fprintf(&text, "from %s%s import %s\n", dots, of("a", "b", "c", "a.b", "random"), names)
		}
	}
	return text.String()
}

// cpython is a running find.py.
type cpython struct {
	in  io.WriteCloser
	out *bufio.Reader
}

func startPython(t *testing.T) *cpython {
	cmd := exec.Command(interpreter(t), "-I", filepath.Join("..", "..", "internal", "oracle", "python", "find.py"))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	})
	return &cpython{in, bufio.NewReaderSize(out, 1<<20)}
}

// ask returns what the imports of each file lead to.
func (p *cpython) ask(t *testing.T, tree *randomTree) map[string][][][2]string {
	request, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.in.Write(append(request, '\n')); err != nil {
		t.Fatal(err)
	}
	line, err := p.out.ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var answer map[string][][][2]string
	if err := json.Unmarshal(line, &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// disagreements compares every import of a tree with what Python finds.
func (p *cpython) disagreements(t *testing.T, tree *randomTree, seen *int) (list []string) {
	want := p.ask(t, tree)
	cfg := loader.Config{Root: "/tree", FS: fsys.MemOf(tree.Files), Frontends: []loader.Frontend{New()}}
	if !tree.Installed {
		cfg.Options.PythonRoots = tree.Roots
	}
	got, err := loader.Load(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range got.Set.Modules {
		answers := want[string(m.ID)]
		if answers == nil {
			continue
		}
		if len(answers) != len(m.Imports) {
			t.Fatalf("%s: %d imports, want %d", m.ID, len(m.Imports), len(answers))
		}
		for i, targets := range answers {
			*seen++
			have := targetsOf(m, int32(i))
			switch {
			case slices.EqualFunc(have, targets, sameTarget), fromItself(m, i, targets):
			case targets == nil && mayAnswer(m, i, have, tree):
			default:
				im := m.Imports[i]
				list = append(list, fmt.Sprintf("%s: %s %v leads to %v, want %v", im.Span, im.Specifier, im.Names, have, targets))
			}
		}
	}
	return list
}

// mayAnswer reports whether the targets of an import for which Python finds no
// module are none, a package on its way that may have an attribute of the name, or
// the rest of a namespace elsewhere.
func mayAnswer(m *module.Module, imp int, have [][2]string, tree *randomTree) bool {
	specifier := m.Imports[imp].Specifier
	if slices.ContainsFunc(m.Unresolved, func(u module.Unresolved) bool { return u.Import == int32(imp) }) {
		return true
	}
	relative := strings.HasPrefix(specifier, ".")
	for _, root := range tree.Roots {
		if _, stray := tree.Files[path.Join(root, "__init__.py")]; stray && relative {
			return true // it may lead beyond the root, which looks like a package
		}
	}
	top, _, _ := strings.Cut(specifier, ".")
	for _, h := range have {
		if h[0] == "pypi:"+top {
			continue // another portion of the namespace
		}
		dir, name := path.Split(h[0])
		onTheWay := relative && strings.HasPrefix(string(m.ID), dir)
		onTheWay = onTheWay && strings.HasPrefix(name, "__init__.")
		stem, _, _ := strings.Cut(name, ".")
		stem = strings.TrimSuffix(dir+stem, "/__init__") // of a package, or of a module that is compiled
		for head := strings.ReplaceAll(strings.TrimLeft(specifier, "."), ".", "/"); head != "" && !onTheWay; head = head[:max(strings.LastIndexByte(head, '/'), 0)] {
			onTheWay = strings.HasSuffix("/"+stem, "/"+head) && (strings.HasPrefix(name, "__init__.") || !strings.HasSuffix(name, ".py"))
		}
		if !onTheWay {
			return false
		}
	}
	return true
}

// TestResolveRandomTrees compares Eddy with CPython's finders on random trees.
func TestResolveRandomTrees(t *testing.T) {
	p := startPython(t)
	seen := 0
	for seed := range uint64(oracle.Cases(300)) {
		tree := drawTree(seed)
		if list := p.disagreements(t, tree, &seen); len(list) > 0 {
			t.Fatalf("tree %d, roots %v, installed %v: %s\n%v", seed, tree.Roots, tree.Installed, strings.Join(list, "\n"), slices.Sorted(maps.Keys(tree.Files)))
		}
	}
	t.Logf("%d imports", seen)
	if seen < 1000 {
		t.Error("there are hardly any imports: the trees test nothing")
	}
}

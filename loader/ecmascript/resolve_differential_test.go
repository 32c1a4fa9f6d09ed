package ecmascript

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/eddy-build/eddy/internal/oracle"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// compiler is a running resolve_serve.mjs.
type compiler struct {
	in  io.WriteCloser
	out *bufio.Reader
}

func startCompiler(t *testing.T) *compiler {
	cmd := exec.Command("node", oracle.Dir(t, "ecmascript", "resolve_serve.mjs"))
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
	return &compiler{in, bufio.NewReaderSize(out, 1<<20)}
}

// ask returns what the compiler resolves the imports of a tree to.
func (c *compiler) ask(tree *randomTree) ([]oracleImport, error) {
	request, err := json.Marshal(map[string]any{"files": tree.files, "links": tree.links, "build": tree.build})
	if err != nil {
		return nil, err
	}
	if _, err := c.in.Write(append(request, '\n')); err != nil {
		return nil, err
	}
	line, err := c.out.ReadBytes('\n')
	if err != nil {
		return nil, err
	}
	var list []oracleImport
	err = json.Unmarshal(line, &list)
	return list, err
}

// disagreement is one import that Eddy resolves otherwise than the compiler.
type disagreement struct {
	oracleImport
	// class tells this one from others of the same import, while a tree shrinks.
	class string
	text  string
}

// tally counts the imports that were compared.
type tally struct{ imports, inside int }

// disagreements compares every import of a tree with the compiler's answer.
func (c *compiler) disagreements(t *testing.T, tree *randomTree, seen *tally) []disagreement {
	want, err := c.ask(tree)
	if err != nil {
		t.Fatal(err)
	}
	archive := tree.archive()
	resolver, listing := indexOf(t, archive, nil)
	ix := resolver.(*index)
	r := loader.NewResolution(listing)
	var list []disagreement
	for _, w := range want {
		seen.imports++
		if w.To != nil {
			seen.inside++
		}
		from, ok := slices.BinarySearchFunc(ix.modules, module.ID(w.From), func(m *module.Module, id module.ID) int { return m.ID.Compare(id) })
		if !ok {
			t.Fatalf("%s is no module", w.From)
		}
		s := ix.sources[module.ID(w.From)]
		config := ""
		if s.config != nil {
			config = s.config.path
		}
		if config != w.Config {
			list = append(list, disagreement{w, "config", fmt.Sprintf("%s: config %s, want %s", w.From, config, w.Config)})
			continue
		}
		r.Reset()
		imp := importOf(t, w.Kind, w.Specifier, w.From)
		ix.Resolve(ix.modules[from], imp, r)
		if problem := compareAnswer(w, imp, r, nil); problem != "" {
			class := fmt.Sprintf("%v %v %v %s %v", w.To == nil, s.opts.resolution, isRelative(w.Specifier), r.Rule, r.Reason != "")
			list = append(list, disagreement{w, class, fmt.Sprintf("%s: %s %q: %s; got %s", w.From, w.Kind, w.Specifier, problem, resolved(r, imp))})
		}
	}
	return list
}

// archive is a tree as text.
func (tree *randomTree) archive() *txtar.Archive {
	archive := new(txtar.Archive)
	for _, name := range slices.Sorted(maps.Keys(tree.files)) {
		archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(tree.files[name])})
	}
	return archive
}

// TestResolveRandomTrees compares Eddy with the compiler on every import of random
// workspaces.
func TestResolveRandomTrees(t *testing.T) { compareRandom(t, drawTree, oracle.Cases(300)) }

// TestResolveRandomUnbuiltTrees gives to the compiler the output of the packages as
// well, and expects of Eddy the source of what it finds there.
func TestResolveRandomUnbuiltTrees(t *testing.T) { compareRandom(t, drawUnbuilt, oracle.Cases(150)) }

// compareRandom compares n trees. Of one that differs it prints what is left when
// all that can be taken away is.
func compareRandom(t *testing.T, draw func(uint64) *randomTree, n int) {
	c := startCompiler(t)
	var seen tally
	for seed := range uint64(n) {
		tree := draw(seed)
		list := c.disagreements(t, tree, &seen)
		if len(list) == 0 {
			continue
		}
		first := list[0]
		small := shrink(tree, func(s *randomTree) bool {
			for _, d := range c.disagreements(t, s, new(tally)) {
				if d.class == first.class && d.From == first.From && d.Specifier == first.Specifier && d.Kind == first.Kind {
					first = d
					return true
				}
			}
			return false
		})
		t.Fatalf("tree %d: %s\n%s", seed, first.text, txtar.Format(small.archive()))
	}
	t.Logf("%d imports, %d of them inside", seen.imports, seen.inside)
	if seen.inside*3 < seen.imports {
		t.Error("most imports lead nowhere: the trees test nothing")
	}
}

package python

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/internal/oracle"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// corpora are the packages of the registry that are compared, beside the
// standard library; the first two always, the others where the full oracle is
// asked for.
var corpora = []string{
	"django", "sqlalchemy",
	"sympy", "pandas", "ansible-core", "numpy", "scipy", "mypy", "pip",
}

func selected() []string {
	if oracle.Full() {
		return corpora
	}
	return corpora[:2]
}

// interpreter returns a Python 3.10 or later, where the oracle is installed: it
// needs no more of it, but a minute of reading belongs to the oracle tests.
func interpreter(t *testing.T) string {
	t.Helper()
	oracle.Dir(t, "python")
	if p := os.Getenv("EDDY_ORACLE_PYTHON"); p != "" {
		return p
	}
	p, err := exec.LookPath("python3")
	if err != nil {
		t.Fatal("the oracle is installed, but there is no python3: ", err)
	}
	return p
}

func standardLibrary(t *testing.T, python string) string {
	t.Helper()
	out, err := exec.Command(python, "-I", "-c", "import sysconfig; print(sysconfig.get_path('stdlib'))").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// sources lists the Python files below a folder, as slash paths. What is
// installed beside the standard library is left out of it.
func sources(t testing.TB, root string) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "site-packages" || d.Name() == "dist-packages" || d.Name() == "__pycache__") {
			return filepath.SkipDir
		}
		if d.Type().IsRegular() && (strings.HasSuffix(path, ".py") || strings.HasSuffix(path, ".pyi")) {
			rel, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			list = append(list, filepath.ToSlash(rel))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(list)
	return list
}

// run gives the paths to a script of internal/oracle/python and calls fn for each
// line it prints.
func run(t *testing.T, python, script string, args, paths []string, fn func(line []byte)) {
	t.Helper()
	cmd := exec.Command(python, "-I", filepath.Join("..", "..", "internal", "oracle", "python", script))
	cmd.Args = append(cmd.Args, args...)
	cmd.Stdin = strings.NewReader(strings.Join(paths, "\n"))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<26)
	for lines.Scan() {
		fn(lines.Bytes())
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%s: %v\n%s", script, err, stderr.Bytes())
	}
}

// reference is what imports.py says of a file.
type reference struct {
	Path    string
	Error   string
	Imports []json.RawMessage
	Dynamic [][2]int32
	All     []string
}

// asReference renders an import as imports.py does.
func asReference(im module.Import) string {
	names := make([][2]string, len(im.Names))
	for i, n := range im.Names {
		names[i] = [2]string{n.Name, n.Alias}
	}
	out, err := json.Marshal([]any{
		im.Span.Line, im.Span.Column, im.Specifier, im.Kind.String(), im.Flags&module.Optional != 0, names,
	})
	if err != nil {
		panic(err)
	}
	return string(out)
}

// TestImportsAgainstAST holds the scanner against CPython's own parser.
func TestImportsAgainstAST(t *testing.T) {
	python := interpreter(t)
	t.Run("stdlib", func(t *testing.T) { compareImports(t, python, standardLibrary(t, python)) })
	for _, name := range selected() {
		t.Run(name, func(t *testing.T) { compareImports(t, python, oracle.Dir(t, "python", name)) })
	}
}

func compareImports(t *testing.T, python, root string) {
	files, imports, rejected, differences := 0, 0, 0, 0
	p := newParser()
	run(t, python, "imports.py", []string{root}, sources(t, root), func(line []byte) {
		var want reference
		if err := json.Unmarshal(line, &want); err != nil {
			t.Fatal(err)
		}
		src, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(want.Path)))
		if err != nil {
			t.Fatal(err)
		}
		files++
		got := p.Parse(want.Path, src, loader.DetailImports)
		if want.Error != "" {
			rejected++
			return
		}
		imports += len(want.Imports)
		for _, d := range differ(got, &want) {
			if differences++; differences <= 40 {
				t.Errorf("%s: %s", want.Path, d)
			}
		}
		for _, d := range got.Diagnostics {
			if differences++; differences <= 40 {
				t.Errorf("Python accepts what we do not: %s", d)
			}
		}
	})
	t.Logf("%d files, %d of them rejected by Python, %d imports, %d differences", files, rejected, imports, differences)
	if imports == 0 {
		t.Error("nothing was compared")
	}
}

func differ(got *module.Facts, want *reference) []string {
	var list []string
	for i := range max(len(got.Imports), len(want.Imports)) {
		a, b := "nothing", "nothing"
		if i < len(got.Imports) {
			a = asReference(got.Imports[i])
		}
		if i < len(want.Imports) {
			b = compact(want.Imports[i])
		}
		if a != b {
			list = append(list, fmt.Sprintf("import %d is %s, want %s", i, a, b))
			break
		}
	}
	dynamic := [][2]int32{}
	for _, s := range got.Dynamic {
		dynamic = append(dynamic, [2]int32{s.Line, s.Column})
	}
	if !slices.Equal(dynamic, want.Dynamic) {
		list = append(list, fmt.Sprintf("dynamic imports at %v, want %v", dynamic, want.Dynamic))
	}
	if !slices.Equal(got.All, want.All) || (got.All == nil) != (want.All == nil) {
		list = append(list, fmt.Sprintf("__all__ is %q, want %q", got.All, want.All))
	}
	return list
}

func compact(raw json.RawMessage) string {
	var b bytes.Buffer
	if err := json.Compact(&b, raw); err != nil {
		return string(raw)
	}
	return b.String()
}

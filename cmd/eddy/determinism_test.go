package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// capture runs a command line in this process.
func capture(t testing.TB, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(context.Background(), args, strings.NewReader(""), &out, &errs, nil)
	return code, out.String(), errs.String()
}

// The same bytes, whatever the number of workers and however often.
func TestDeterminism(t *testing.T) {
	dir := generateTree(t)
	commands := [][]string{
		{"graph", "--format", "json"},
		{"graph", "--format", "dot", "--external"},
		{"graph", "--format", "text"},
		{"graph", "--format", "dot", "--group", "folder:1"},
		{"cycles"},
		{"cycles", "--kinds", "all", "--format", "json"},
		{"cycles", "--group", "folder:2"},
		{"check", "--verbose"},
	}
	sameBytes(t, dir, commands, 3)
	// The tree must be one in which order could show.
	_, cycles, _ := capture(t, "-C", dir, "cycles")
	if strings.Count(cycles, "cycle ") < 3 {
		t.Errorf("too few cycles to tell:\n%s", cycles)
	}
}

func TestDeterminismOnStandardLibrary(t *testing.T) {
	if testing.Short() {
		t.Skip("reads all of the standard library, several times")
	}
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(strings.TrimSpace(string(out)), "src")
	sameBytes(t, dir, [][]string{{"graph", "--format", "json"}, {"graph", "--format", "dot"}, {"cycles"}}, 1)
}

func sameBytes(t *testing.T, dir string, commands [][]string, runs int) {
	t.Helper()
	for _, command := range commands {
		var first string
		var firstCode int
		for _, workers := range []int{1, 2, 16} {
			for range runs {
				args := append([]string{"-C", dir, "--no-config", "--workers", fmt.Sprint(workers)}, command...)
				code, got, stderr := capture(t, args...)
				switch {
				case code == exitFailed:
					t.Fatalf("%v: %s", args, stderr)
				case first == "":
					first, firstCode = got, code
				case got != first || code != firstCode:
					t.Fatalf("%v: exit code %d and %d bytes, at first %d and %d", args, code, len(got), firstCode, len(first))
				}
			}
		}
	}
}

// generateTree writes a few hundred files in three languages that import each
// other at random, some of them nothing that is there.
func generateTree(t *testing.T) string {
	dir := t.TempDir()
	random := rand.New(rand.NewPCG(1, 2))
	write := func(name, text string) {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	const n = 120
	write("go.mod", "module example.com/m\n")
	write("py/pyproject.toml", "[project]\nname = \"p\"\n")
	write("py/p/__init__.py", "")
	for i := range n {
		var goText, ts, py strings.Builder
		fmt.Fprintf(&goText, "package p%d\n\nimport \"fmt\"\n", i)
		for range random.IntN(4) {
			to := random.IntN(n)
			if to > i {
				fmt.Fprintf(&goText, "import \"example.com/m/go/d%d/p%d\"\n", to%7, to)
			}
			near := min(n-1, max(0, i+random.IntN(7)-3))
			form := [...]string{"import \"../d%d/m%d\";\n", "import type { T } from \"../d%d/m%d\";\n", "const f = () => import(\"../d%d/m%d\");\n", "export * from \"../d%d/m%d\";\n"}[random.IntN(4)]
			fmt.Fprintf(&ts, form, near%5, near)
			pyForm := [...]string{"from . import m%d\n", "def f():\n    from . import m%d\n", "import p.m%d\n"}[random.IntN(3)]
			fmt.Fprintf(&py, pyForm, min(n-1, max(0, i+random.IntN(5)-2)))
		}
		if i%10 == 0 {
			ts.WriteString("import \"./gone\";\nimport react from \"react\";\n")
			py.WriteString("import numpy\nfrom .gone import x\n")
		}
		write(fmt.Sprintf("go/d%d/p%d/p.go", i%7, i), goText.String())
		write(fmt.Sprintf("web/d%d/m%d.ts", i%5, i), ts.String())
		write(fmt.Sprintf("py/p/m%d.py", i), py.String())
	}
	return dir
}

// What is written keeps to its schema: of the demonstration, and of a larger tree.
func TestGraphKeepsToItsSchema(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("../../docs/graph.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"../../testdata/demo", generateTree(t)} {
		code, out, stderr := capture(t, "-C", dir, "graph", "--format", "json")
		if code != exitOK {
			t.Fatal(stderr)
		}
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%s: %v", dir, err)
		}
	}
}

package eddy

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// TestEmbeddingProgram compiles and runs the program of docs/embedding.md, as a
// module of its own.
func TestEmbeddingProgram(t *testing.T) {
	doc, err := os.ReadFile("docs/embedding.md")
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile("(?s)```go\n(.*?)```").FindSubmatch(doc)
	if code == nil {
		t.Fatal("docs/embedding.md has no program")
	}
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	// Below this module, so that its requirements are those that are there, and in
	// testdata, where no pattern of the go command sees it.
	dir, err := os.MkdirTemp(filepath.Join(here, "testdata"), "embedding-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.WriteFile(filepath.Join(dir, "main.go"), code[1], 0o644); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), "program")
	if out, err := exec.Command("go", "build", "-o", program, "./testdata/"+filepath.Base(dir)).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	workspace := workspace(t, `
-- go.mod --
module m
-- a/a.go --
package a
import "m/b"
type T struct{}
func (T) M() { b.F() }
-- b/b.go --
package b
func F() {}
-- c/c.go --
package c
import "m/d"
-- d/d.go --
package d
var Global int
`)
	for query, want := range map[string]string{
		"m/a": "public type T\npublic function T.M\nsupplied: function GenTable\nloaded: 2\n",
		"c":   "refused: d: refused by validator no-globals: d/d.go:2:5: the public variable Global\n",
	} {
		out, err := exec.Command(program, workspace, query).CombinedOutput()
		if err != nil || string(out) != want {
			t.Errorf("%s: %v, got\n%swant\n%s", query, err, out, want)
		}
	}
}

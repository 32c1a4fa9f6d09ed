//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// A tree that means harm: each problem is a diagnostic, the exit code is that of
// the findings, and nothing hangs.
func TestHostileTree(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	write := func(name, text string) {
		t.Helper()
		must(os.MkdirAll(filepath.Dir(path(name)), 0o755))
		must(os.WriteFile(path(name), []byte(text), 0o644))
	}

	// A cycle that must be found among all this.
	write("a.ts", `import "./b";`)
	write("b.ts", `import "./a";`)
	// Links in circles, to nothing, to the folder above, to itself: no fault, as
	// long as nothing imports them.
	must(os.Symlink(".", path("loop")))
	must(os.Symlink("..", path("up")))
	must(os.Symlink("y.ts", path("x.ts")))
	must(os.Symlink("x.ts", path("y.ts")))
	must(os.Symlink("gone.ts", path("dangling.ts")))
	// What nobody writes to never ends a read.
	must(syscall.Mkfifo(path("pipe.ts"), 0o644))
	// Long lines, and bytes that are no text.
	write("long.ts", "export const s = '"+strings.Repeat("x", 50<<20)+"';\nimport './a';")
	write("long.py", "import os; "+strings.Repeat("x = 1; ", 150_000)+"import sys\n")
	write("nul.ts", "\x00\x00import './a';\x00\xff\xfe")
	write("nul.go", "package a\x00\nimport \"fmt\"\n")
	write("nul.py", "import os\x00\n\xff\n")
	write("half.go", "package a\n\nimport (\n\t\"fmt\"\n\t\"unterminated\n")
	write("deep.ts", strings.Repeat("(", 100_000)+"import('./a')"+strings.Repeat("[{", 100_000))
	write("go.mod", "module \x00 ((")
	write("tsconfig.json", "{\"extends\": \"./tsconfig.json\", \"compilerOptions\": {{{")
	write("package.json", strings.Repeat("[", 100_000))
	write("pyproject.toml", "[project\n")
	// Names.
	for _, name := range []string{"with space.ts", "new\nline.ts", "naïve 文.ts", "caf\xe9.ts", "-v.ts", "\x1b[2J.ts", "a:b.ts", "npm:react.ts"} {
		write(name, `import "./a";`)
	}
	// 5,000 folders, one in the other: deeper than a path may be long, so each
	// is made from the one before.
	deep := deepFolders(t, path("nest"), 5000)

	// Root may read it all the same: then it must be read.
	write("locked/c.ts", `import "../a";`)
	write("secret.ts", `import "./a";`)
	must(os.Chmod(path("locked"), 0))
	must(os.Chmod(path("secret.ts"), 0))
	t.Cleanup(func() { _ = os.Chmod(path("locked"), 0o755) })
	_, readErr := os.ReadFile(path("secret.ts"))

	code, stdout, stderr := capture(t, "-C", dir, "--no-config", "check", "--verbose")
	if code != exitFound {
		t.Fatalf("exit code %d\n%s", code, stderr)
	}
	want := []string{"  → b.ts ", "half.go:5:", "nul.go:1:", "tsconfig.json:", "go.mod", "pyproject.toml:", "nul.py:"}
	if errors.Is(readErr, os.ErrPermission) {
		want = append(want, "locked", "secret.ts")
	}
	for _, text := range want {
		if !strings.Contains(stdout, text) {
			t.Errorf("not a word of %s in\n%s", text, shorten(stdout))
		}
	}
	if strings.Contains(stdout, "\x1b") || strings.Contains(stdout, "\x00") {
		t.Errorf("control characters in\n%q", shorten(stdout))
	}

	// What is found can be written and read back.
	file := filepath.Join(t.TempDir(), "g.json")
	if code, _, stderr := capture(t, "-C", dir, "--no-config", "graph", "--format", "json", "-o", file); code != exitOK {
		t.Fatalf("graph: exit code %d\n%s", code, stderr)
	}
	doc, err := os.ReadFile(file)
	must(err)
	if _, again, _ := capture(t, "--from", file, "graph", "--format", "json"); !bytes.Equal(doc, []byte(again)) {
		t.Error("the JSON reads back as another graph")
	}

	_, modules, _ := capture(t, "--from", file, "modules")
	for _, id := range []string{"long.ts", "deep.ts", "nul.ts", `new\nline.ts`, `caf\xe9.ts`, "long.py"} {
		if !strings.Contains("\n"+modules, "\n"+id+"\n") {
			t.Errorf("no module %s", id)
		}
	}
	if readErr == nil && !strings.Contains(modules, "\nlocked/c.ts\n") {
		t.Error("locked/c.ts could be read and was not")
	}
	if !strings.Contains(modules, strings.Repeat("d/", deep)) && !strings.Contains(stdout, "nest/") {
		t.Error("the folders below nest are neither read nor told of")
	}
}

// deepFolders makes n folders named d, one in the other, with a file in the
// last, and returns how many there are.
func deepFolders(t *testing.T, top string, n int) int {
	t.Helper()
	if err := os.Mkdir(top, 0o755); err != nil {
		t.Fatal(err)
	}
	at, err := os.OpenRoot(top)
	if err != nil {
		t.Fatal(err)
	}
	for range n {
		if err := at.Mkdir("d", 0o755); err != nil {
			t.Fatal(err)
		}
		next, err := at.OpenRoot("d")
		if err != nil {
			t.Fatal(err)
		}
		at.Close()
		at = next
	}
	defer at.Close()
	if err := at.WriteFile("leaf.ts", []byte("export {};\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	return n
}

// Files that come and go while they are read are no failure.
func TestDisappearingFiles(t *testing.T) {
	dir := t.TempDir()
	for i := range 200 {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("keep%d.ts", i)), []byte(`import "./keep0";`), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	done := make(chan struct{})
	var churn sync.WaitGroup
	churn.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-done:
				return
			default:
			}
			name := filepath.Join(dir, fmt.Sprintf("flick%d.ts", i%50))
			_ = os.WriteFile(name, []byte(`import "./keep1";`), 0o644)
			_ = os.Remove(filepath.Join(dir, fmt.Sprintf("flick%d.ts", (i+25)%50)))
		}
	})
	defer churn.Wait()
	defer close(done)
	for range 20 {
		code, _, stderr := capture(t, "-C", dir, "--no-config", "check")
		// keep0 imports itself: one cycle.
		if code != exitFound || !strings.Contains(stderr, "1 cycle,") {
			t.Fatalf("exit code %d\n%s", code, stderr)
		}
	}
}

func shorten(s string) string { return s[:min(len(s), 4000)] }

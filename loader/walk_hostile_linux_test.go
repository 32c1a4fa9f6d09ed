package loader

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/eddy-build/eddy/internal/fsys"
)

func TestWalkOfAHostileTree(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"plain.go", "with space/a b.go", "new\nline/x\n.go", "ünï/cödé.py", "bad\xff\xfe/\xff.ts", "closed/x", "-/--"} {
		putFile(t, filepath.Join(dir, name), "")
	}
	for link, to := range map[string]string{"loop": "loop", "up": ".", "with space/up": "..", "gone": "nowhere", "ring/a": "../ring"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, link)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o644); err != nil {
		t.Fatal(err)
	}
	const depth = 5000
	last := nest(t, dir, depth)
	tree, diags, err := Walk(t.Context(), fsys.OS(dir), WalkOptions{})
	if err != nil || len(diags) > 0 {
		t.Fatal(err, diags)
	}
	if !tree.File(last) || len(tree.Folders()) < depth {
		t.Errorf("%d folders, and the file in the deepest: %v", len(tree.Folders()), tree.File(last))
	}
	for _, name := range []string{"plain.go", "with space/a b.go", "new\nline/x\n.go", "ünï/cödé.py", "bad\xff\xfe/\xff.ts", "up/up/with space/up/plain.go", "ring/a/a"} {
		if !tree.File(name) && !tree.Dir(name) {
			t.Errorf("%q is lost", name)
		}
	}
	for _, name := range []string{"loop", "gone", "pipe"} {
		if reason, ok := tree.Ignored(name); !ok || reason == "" {
			t.Errorf("%q is left out without a reason", name)
		}
	}
}

// nest makes nested folders, and a file in the last whose path it returns.
func nest(t *testing.T, dir string, depth int) string {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	var path strings.Builder
	for range depth {
		if err := root.Mkdir("d", 0o755); err != nil {
			t.Fatal(err)
		}
		next, err := root.OpenRoot("d")
		if err != nil {
			t.Fatal(err)
		}
		root.Close()
		root = next
		path.WriteString("d/")
	}
	defer root.Close()
	if err := root.WriteFile("end.go", nil, 0o644); err != nil {
		t.Fatal(err)
	}
	return path.String() + "end.go"
}

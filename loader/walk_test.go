package loader

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/eddy-build/eddy/internal/fsys"
)

func TestWalkHonoursIgnoreFilesAndLinks(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(".gitignore", "*.log\nbuild/\n!keep.log\n")
	write("a/b.ts", "")
	write("a/x.log", "")
	write("a/keep.log", "")
	write("build/gen/out.js", "")
	write("node_modules/p/index.js", "")
	for link, to := range map[string]string{"l": "a", "a/up": "..", "f.ts": "a/b.ts", "gone": "nowhere"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	tree, diags, err := Walk(t.Context(), fsys.OS(dir), WalkOptions{})
	if err != nil || len(diags) > 0 {
		t.Fatal(err, diags)
	}
	for path, want := range map[string]bool{
		"a/b.ts": true, "a/x.log": false, "a/keep.log": true, "build/gen/out.js": false, "f.ts": true,
		"l/b.ts": true, "a/up/a/up/l/b.ts": true, "gone": false, "node_modules/p/index.js": false,
	} {
		if got := tree.File(path); got != want {
			t.Errorf("File(%q) = %v, want %v", path, got, want)
		}
	}
	for path, want := range map[string]string{
		"a/x.log":          ".gitignore:1: *.log",
		"build/gen/out.js": "in build: .gitignore:2: build/",
		"gone":             "a symbolic link that leads nowhere: no such file or directory",
		"a/b.ts":           "",
	} {
		if got, _ := tree.Ignored(path); got != want {
			t.Errorf("Ignored(%q) = %q, want %q", path, got, want)
		}
	}
	if got := tree.Real("a/up/l/b.ts"); got != "a/b.ts" {
		t.Errorf("Real = %q, want a/b.ts", got)
	}
	r := NewResolution(tree)
	if !r.File("build/gen/out.js") || r.File("build/gen/none.js") || r.File("node_modules/p/index.js") {
		t.Error("ignored files are found, others not")
	}
}

// rapidContext is the context of a test or of a rapid check.
func rapidContext(t fataler) context.Context {
	if c, ok := t.(interface{ Context() context.Context }); ok {
		return c.Context()
	}
	return context.Background()
}

package golang

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/loader"
)

// TestUpdate makes one edit after the other, and compares each update with a
// fresh load. What is resolved again is counted.
func TestUpdate(t *testing.T) {
	fs := fsys.MemOfText(`
-- go.mod --
module example.com/m

require example.com/x v1.0.0
-- m.go --
package m

import (
	_ "example.com/m/a"
	_ "example.com/m/b"
	_ "example.com/m/testdata"
	_ "example.com/m/none"
	_ "example.com/x"
	_ "example.com/y"
	_ "example.com/m/away"
)
-- away/go.mod --
module example.com/away
-- a/a.go --
package a
-- b/b.go --
package b
-- b/b2.go --
package b
-- e/e.go --
package e

import _ "embed"

//go:embed files
var x string
-- e/files/a.txt --
-- testdata/t.txt --
-- other/o.go --
package other

import _ "example.com/m/b"
`)
	edits := []struct {
		name     string
		path     string
		text     string // empty to remove
		resolved int    // modules that are resolved again
	}{
		{"another path of a module without packages", "away/go.mod", "module example.com/elsewhere\n", 1},
		{"an import comes", "a/a.go", "package a\nimport _ \"fmt\"\n", 1},
		{"a file for another system", "b/b.go", "//go:build windows\n\npackage b\n", 1},
		{"the package with it", "b/b2.go", "//go:build windows\n\npackage b\n", 2},
		{"its reason changes", "b/b.go", "//go:build plan9\n\npackage b\n", 2},
		{"and back", "b/b.go", "package b\n", 3},
		{"a file to embed", "e/files/b.txt", "b", 1},
		{"a module among them", "e/files/sub/go.mod", "module example.com/sub\n", 1},
		{"a file in it", "e/files/sub/x.txt", "x", 0},
		{"and no module", "e/files/sub/go.mod", "", 1},
		{"a folder that is passed over", "testdata/t.go", "package t\n", 1},
		{"a package", "none/n.go", "package none\n", 2},
		{"a file beside it", "none/n2.go", "package none\n", 1},
		{"no package", "none/n.go", "", 1},
		{"nor a file", "none/n2.go", "", 1},
		{"a requirement", "go.mod", "module example.com/m\n\nrequire example.com/y v1.0.0\n", 5},
		{"another path", "go.mod", "module example.com/new\n", 5},
		{"a go.work above", "../go.work", "use ./root\n", 5},
		{"something else", "README", "nothing\n", 0},
	}
	ctx := context.Background()
	config := loader.Config{Root: fs.Root(), FS: fs, Frontends: []loader.Frontend{&frontend{host: linux}}, Digests: true}
	result, err := loader.Load(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	for _, edit := range edits {
		if edit.text == "" {
			fs.Remove(edit.path)
		} else {
			fs.Write(edit.path, edit.text)
		}
		next, _, err := loader.Update(ctx, config, result, loader.Changes{Paths: []string{edit.path}})
		if err != nil {
			t.Fatal(err)
		}
		fresh, err := loader.Load(ctx, config)
		if err != nil {
			t.Fatal(err)
		}
		if have, want := dump(next), dump(fresh); have != want {
			t.Errorf("%s: the update gives\n%s\na fresh load\n%s", edit.name, have, want)
		}
		if have := next.Stats.Work.Resolved; have != edit.resolved {
			t.Errorf("%s: %d modules were resolved again, want %d", edit.name, have, edit.resolved)
		}
		result = next
	}
}

func dump(r *loader.Result) string {
	var b strings.Builder
	for _, m := range r.Set.Modules {
		fmt.Fprintf(&b, "%+v\n", *m)
	}
	fmt.Fprintf(&b, "%v\n%v\n", r.Skipped, r.Set.Diagnostics)
	return b.String()
}

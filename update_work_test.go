package eddy

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// TestUpdateDoesOnlyWhatAChangeTouches edits one file after the other of a
// workspace of four packages of five modules in each language, and asserts how many
// files were parsed and how many modules resolved. That the result is right is
// what TestIncrementalEqualsFresh is for.
func TestUpdateDoesOnlyWhatAChangeTouches(t *testing.T) {
	const packages, modules = 4, 5
	files := map[string]string{
		"package.json": `{"workspaces": ["ts/*"]}`,
		"go.work":      "go 1.24\nuse ./go/m0\nuse ./go/m1\nuse ./go/m2\nuse ./go/m3\n",
	}
	manifests := map[string]func(p int, more string) (string, string){
		"package.json": func(p int, more string) (string, string) {
			return fmt.Sprintf("ts/p%d/package.json", p), fmt.Sprintf(`{"name": "@w/p%d", "main": "m0.ts", "dependencies": {"@w/p%d": "*"%s}}`, p, (p+1)%packages, more)
		},
		"tsconfig.json": func(p int, more string) (string, string) {
			return fmt.Sprintf("ts/p%d/tsconfig.json", p), fmt.Sprintf(`{"compilerOptions": {"baseUrl": "."%s}}`, more)
		},
		"go.mod": func(p int, more string) (string, string) {
			return fmt.Sprintf("go/m%d/go.mod", p), fmt.Sprintf("module example.com/m%d\n%s", p, more)
		},
		"pyproject.toml": func(p int, more string) (string, string) {
			return fmt.Sprintf("py/p%d/pyproject.toml", p), fmt.Sprintf("[project]\nname = \"p%d\"\n%s", p, more)
		},
	}
	for p := range packages {
		for _, manifest := range manifests {
			path, text := manifest(p, "")
			files[path] = text
		}
		files[fmt.Sprintf("py/p%d/src/q%d/__init__.py", p, p)] = ""
		for m := range modules {
			files[fmt.Sprintf("ts/p%d/m%d.ts", p, m)] = fmt.Sprintf("import { a } from %q\nimport { b } from \"@w/p%d\"\n", fmt.Sprintf("./m%d", m/2), (p+1)%packages)
			files[fmt.Sprintf("go/m%d/k%d/f.go", p, m)] = fmt.Sprintf("package k%d\nimport _ \"fmt\"\nimport _ \"example.com/m%d/k%d\"\n", m, (p+1)%packages, m)
			if m > 0 {
				files[fmt.Sprintf("py/p%d/src/q%d/m%d.py", p, p, m)] = fmt.Sprintf("from . import m%d\nimport q%d.m%d\n", max(m-1, 1), (p+1)%packages, m)
			}
		}
	}
	change := func(name, more string) [2]string {
		path, text := manifests[name](2, more)
		return [2]string{path, text}
	}
	edits := []struct {
		name             string
		write            [2]string // path and text; no text to remove
		parsed, resolved int
	}{
		{"a comment, TypeScript", [2]string{"ts/p1/m3.ts", "// text\n" + files["ts/p1/m3.ts"]}, 1, 1}, // the imports moved
		{"a comment at the end", [2]string{"ts/p1/m3.ts", "// text\n" + files["ts/p1/m3.ts"] + "// more\n"}, 1, 0},
		{"an import more, TypeScript", [2]string{"ts/p1/m2.ts", files["ts/p1/m2.ts"] + "import \"./m4\"\n"}, 1, 1},
		{"an import more, Go", [2]string{"go/m1/k1/f.go", files["go/m1/k1/f.go"] + "import _ \"os\"\n"}, 1, 1},
		{"an import more, Python", [2]string{"py/p1/src/q1/m2.py", files["py/p1/src/q1/m2.py"] + "import os\n"}, 1, 1},
		{"a file more, TypeScript", [2]string{"ts/p1/new.ts", "import \"./m1\"\n"}, 1, 1},
		{"a file more in a package, Go", [2]string{"go/m1/k1/g.go", "package k1\n"}, 1, 1},
		{"a package more, Go", [2]string{"go/m1/k9/f.go", "package k9\n"}, 1, 1},
		{"a file more, Python", [2]string{"py/p1/src/q1/new.py", "import os\n"}, 1, 1},
		{"a file less, TypeScript", [2]string{"ts/p1/new.ts", ""}, 0, 0},
		{"a package less, Go", [2]string{"go/m1/k9/f.go", ""}, 0, 0},
		{"a file less, Python", [2]string{"py/p1/src/q1/new.py", ""}, 0, 0},
		{"a file less that others import", [2]string{"ts/p1/m4.ts", ""}, 0, 1},
		{"a text file", [2]string{"notes.txt", "text"}, 0, 0},
		{"a dependency in one package.json", change("package.json", `, "x": "1"`), 0, 2*modules - 1}, // its files, and who imports the package
		{"another order of lines there", change("package.json", `,  "x": "1"`), 0, 0},
		{"an alias in one tsconfig.json", change("tsconfig.json", `, "paths": {"@/*": ["./*"]}`), 0, modules},
		{"a comment in one go.mod", change("go.mod", "// text\n"), 0, 0},
		{"a version in one pyproject.toml", change("pyproject.toml", "version = \"2\"\n"), 0, 0},
		{"another name there", [2]string{"py/p2/pyproject.toml", "[project]\nname = \"other\"\n"}, 0, modules},
	}
	for _, detail := range []loader.Detail{loader.DetailImports, loader.DetailExports} {
		ctx := context.Background()
		mem := fsys.MemOf(files)
		e := open(t, mem.Root(), withFS(mem), WithEnv(nil), WithDigests(), WithDetail(detail))
		load(t, e)
		for _, edit := range edits {
			before := e.Snapshot()
			if edit.write[1] == "" {
				mem.Remove(edit.write[0])
			} else {
				mem.Write(edit.write[0], edit.write[1])
			}
			after, delta, err := e.Update(ctx, edit.write[0])
			if err != nil {
				t.Fatal(err)
			}
			if w := delta.Work; w.Parsed != edit.parsed || w.Resolved != edit.resolved {
				t.Errorf("%s: %d files parsed and %d modules resolved, want %d and %d", edit.name, w.Parsed, w.Resolved, edit.parsed, edit.resolved)
			}
			shared(t, edit.name, before, after, delta)
		}
	}
}

// shared holds that what the delta does not name is one value in both snapshots,
// and the lists too where it names nothing.
func shared(t *testing.T, name string, before, after *Snapshot, delta *module.Delta) {
	t.Helper()
	changed := delta.Changed()
	for _, m := range after.Modules() {
		if old, ok := before.Module(m.ID); ok && old != m && !slices.Contains(changed, m.ID) {
			relinked := slices.ContainsFunc(delta.Relinked, func(id module.ID) bool { return id == m.ID })
			if !relinked {
				t.Errorf("%s: %s is another value, and the delta does not name it", name, m.ID)
			}
		}
	}
	if delta.Empty() && len(delta.Relinked) == 0 && &before.Modules()[0] != &after.Modules()[0] {
		t.Errorf("%s: the list of modules was copied", name)
	}
	if len(before.Diagnostics()) > 0 && len(after.Diagnostics()) > 0 && delta.Empty() && &before.Diagnostics()[0] != &after.Diagnostics()[0] {
		t.Errorf("%s: the diagnostics were gathered again", name)
	}
}

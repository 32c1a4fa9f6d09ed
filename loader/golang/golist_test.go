package golang

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/module"
)

// TestGoListTrees holds small trees of several modules against go list, run in
// the folder of each go.mod: go.work, replacements, nested modules and odd
// folders. What an import leads to is compared by folder.
func TestGoListTrees(t *testing.T) {
	needGo(t)
	names, err := filepath.Glob("testdata/golist/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no trees: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			root, err := filepath.EvalSymlinks(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range archive.Files {
				path := filepath.Join(root, filepath.FromSlash(f.Name))
				if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, f.Data, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			compareTree(t, root)
		})
	}
}

func compareTree(t *testing.T, root string) {
	t.Helper()
	l := load(t, fsys.OS(root), filepath.ToSlash(root), "linux/amd64,cgo", linux)
	env := []string{"GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=1"}
	have := map[module.ID]*module.Module{}
	modules := map[string]bool{}
	for _, m := range l.resolver.Modules() {
		have[m.ID] = m
		modules[string(m.ID)] = true
	}
	for _, folder := range l.Tree.Folders() {
		if passedOver(folder.Path) != "" || !slices.Contains(folder.Files, "go.mod") {
			continue
		}
		dir := filepath.Join(root, filepath.FromSlash(folder.Path))
		moduleEnv := env
		if slices.Contains(folder.Files, "outside-work") {
			moduleEnv = append(slices.Clip(env), "GOWORK=off")
		}
		dirs := map[string]string{} // by import path
		for _, p := range goList(t, dir, moduleEnv, "-deps", "./...") {
			dirs[p.ImportPath] = p.Dir
		}
		for _, p := range goList(t, dir, moduleEnv, "-deps", "-test", "./...") {
			if path, _, _ := strings.Cut(p.ImportPath, " "); dirs[path] == "" {
				dirs[path] = p.Dir
			}
		}
		for _, p := range goList(t, dir, moduleEnv, "./...") {
			if p.Dir == "" {
				continue // no package matches ./...
			}
			rel, err := filepath.Rel(root, p.Dir)
			if err != nil {
				t.Fatal(err)
			}
			rel = filepath.ToSlash(rel)
			imports := func(id module.ID, files, imports, assets []string, withAssets bool) {
				m := have[id]
				delete(have, id)
				if m == nil {
					if len(files) > 0 {
						t.Errorf("%s: no such module; go list has %q", id, files)
					}
					return
				}
				equal(t, id, "files", slices.Clone(m.Files), prefixed(rel, files))
				var want []string
				for _, path := range imports {
					if target, err := filepath.Rel(root, dirs[path]); err == nil && modules[filepath.ToSlash(target)] {
						path = filepath.ToSlash(target)
					}
					want = append(want, path)
				}
				var names, embedded []string
				for _, r := range l.resolve(m) {
					names, embedded = appendTargets(names, embedded, r)
				}
				equal(t, id, "imports", names, want)
				if withAssets {
					equal(t, id, "embedded files", embedded, prefixed(rel, assets))
				}
			}
			imports(module.ID(rel), slices.Concat(p.GoFiles, p.CgoFiles, p.InvalidGoFiles), p.Imports, p.EmbedFiles, true)
			imports(module.ID(rel+testSuffix), slices.Concat(p.TestGoFiles, p.XTestGoFiles), slices.Concat(p.TestImports, p.XTestImports), nil, false)
		}
	}
	for id := range have {
		t.Errorf("%s is no package of go list", id)
	}
}

// appendTargets adds what one import leads to: a folder for a module of the
// workspace, else the import path.
func appendTargets(names, assets []string, r resolved) (_, _ []string) {
	switch {
	case r.imp == nil:
	case r.Reason != "" && r.imp.Flags&module.Pattern == 0:
		names = append(names, r.imp.Specifier)
	case r.imp.Specifier == "C":
		names = append(names, "C")
	}
	for _, target := range r.Targets {
		switch {
		case r.imp == nil:
		case r.imp.Flags&module.Pattern != 0:
			assets = append(assets, string(target.ID))
		case target.External == nil:
			names = append(names, string(target.ID))
		default:
			names = append(names, target.External.Name)
		}
	}
	return names, assets
}

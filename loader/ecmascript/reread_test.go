package ecmascript

import (
	"fmt"
	"testing"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/loader"
)

// Edits of configs that govern a file by other ways than by lying above it, each
// held against a fresh load.
func TestRereadOfConfigsElsewhere(t *testing.T) {
	const many = 60 // files that the edits do not concern, so that not all is indexed anew
	for _, test := range []struct {
		name, path, text string
		resolved         int // modules that are resolved again; 0 for any number
		files            map[string]string
	}{
		{
			name: "the options of a config beside the nearest", path: "tsconfig.test.json",
			text: `{"include": ["test"], "compilerOptions": {"paths": {"@/*": ["./b/*"]}}}`, resolved: 1,
			files: map[string]string{
				"tsconfig.json":      `{"include": ["src"]}`,
				"tsconfig.test.json": `{"include": ["test"], "compilerOptions": {"paths": {"@/*": ["./a/*"]}}}`,
				"test/t.ts":          "import '@/x'\n", "a/x.ts": "", "b/x.ts": "",
			},
		},
		{
			name: "what a config beside the nearest lists", path: "tsconfig.test.json",
			text: `{"include": ["none"], "compilerOptions": {"paths": {"@/*": ["./a/*"]}}}`,
			files: map[string]string{
				"tsconfig.json":      `{"include": ["src"]}`,
				"tsconfig.test.json": `{"include": ["test"], "compilerOptions": {"paths": {"@/*": ["./a/*"]}}}`,
				"test/t.ts":          "import '@/x'\n", "a/x.ts": "",
			},
		},
		{
			name: "a config beside the nearest lists what it held by default", path: "tsconfig.test.json",
			text: `{"include": ["**/*"], "compilerOptions": {"paths": {"@/*": ["./a/*"]}}}`,
			files: map[string]string{
				"tsconfig.json":      `{"include": ["src"]}`,
				"tsconfig.test.json": `{"compilerOptions": {"paths": {"@/*": ["./a/*"]}}}`,
				"test/t.ts":          "import '@/x'\n", "a/x.ts": "",
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.files["package.json"] = `{"name": "root"}`
			for i := range many {
				test.files[fmt.Sprintf("src/f%d.ts", i)] = ""
			}
			mem := fsys.MemOf(test.files)
			cfg := loader.Config{Root: mem.Root(), FS: mem, Frontends: []loader.Frontend{New()}, Digests: true}
			result, err := loader.Load(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			mem.Write(test.path, test.text)
			next, _, err := loader.Update(t.Context(), cfg, result, loader.Changes{Paths: []string{test.path}})
			if err != nil {
				t.Fatal(err)
			}
			fresh, err := loader.Load(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			if all := loader.Differences(next, fresh); len(all) > 0 {
				t.Errorf("the update and a fresh load: %q", all)
			}
			if all := loader.Differences(result, fresh); len(all) == 0 {
				t.Error("the edit changes nothing")
			}
			if n := next.Stats.Work.Resolved; test.resolved > 0 && n != test.resolved {
				t.Errorf("%d modules were resolved again, want %d", n, test.resolved)
			}
		})
	}
}

// What is taken for equal within a circle of references is not, once the circle has
// turned out to lead to something else.
func TestSameConfigInACircle(t *testing.T) {
	circle := func(files ...string) (a, b *tsconfig) {
		a, b = &tsconfig{path: "a", opts: defaultOptions()}, &tsconfig{path: "b", opts: defaultOptions()}
		a.references, b.references = []*tsconfig{b, {path: "c", opts: defaultOptions(), files: files}}, []*tsconfig{a}
		return a, b
	}
	a, b := circle("x.ts")
	sameA, sameB := circle("x.ts")
	otherA, otherB := circle("y.ts")
	c := newComparison()
	if !c.sameConfig(a, sameA) || !c.sameConfig(b, sameB) {
		t.Error("equal configs are not the same")
	}
	if c.sameConfig(a, otherA) || c.sameConfig(b, otherB) {
		t.Error("configs are the same that refer to others")
	}
}

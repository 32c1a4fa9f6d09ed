package ecmascript

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// updatePaths and updateTexts are what the trees of TestUpdateEqualsLoad are
// made of: few enough to collide.
var (
	updatePaths = []string{
		"a.ts", "a.d.ts", "a.js", "a/index.ts", "b.tsx", "src/a.ts", "src/b.ts", "src/index.ts", "src/a/b.ts", "dist/a.js",
		"p/index.ts", "p/src/index.ts", "p/src/a.tsx", "p/a.ts", "p/b.vue", "p/data.json", "types/x.d.ts", "q/src/a.ios.ts", "q/b.js",
	}
	updateManifests = map[string][]string{
		"package.json":   {`{"workspaces": ["p", "q"], "dependencies": {"react": "1"}}`, `{"name": "root"}`},
		"p/package.json": {`{"name": "p", "exports": {".": "./dist/index.js", "./*": "./dist/*.js"}}`, `{"name": "p", "main": "src"}`, `{`},
		"q/package.json": {`{"name": "q", "dependencies": {"p": "*"}, "imports": {"#a": "./lib/a.js"}}`},
		"tsconfig.json": {
			`{"compilerOptions": {"paths": {"@/*": ["./src/*", "./p/*"]}, "outDir": "dist", "rootDir": "src"}}`,
			`{"extends": "./p/tsconfig.json", "compilerOptions": {"rootDirs": ["src", "p"], "moduleSuffixes": [".ios", ""]}}`,
			`{"files": ["a.ts"], "references": [{"path": "./p"}, {"path": "./tsconfig.test.json"}]}`,
		},
		"tsconfig.test.json": {
			`{"include": ["src"], "compilerOptions": {"paths": {"@/*": ["./p/*"]}}}`, `{"include": ["src/a", "q"], "compilerOptions": {"paths": {"@/*": ["./*"]}}}`,
			`{"compilerOptions": {"paths": {"@/*": ["./src/*"]}}}`,
		},
		"p/tsconfig.json": {
			`{"compilerOptions": {"module": "nodenext", "baseUrl": "."}}`, `{"extends": "../tsconfig.json"}`,
			`{"include": ["src"], "references": [{"path": ".."}], "compilerOptions": {"paths": {"@/*": ["./*"]}}}`,
		},
	}
	updateSpecifiers = []string{
		"./a", "./a.js", "../a", "./b", "./src/a", "@/a", "@/b", "@/a/b", "p", "p/a", "p/src/a", "q", "q/b", "#a", "react", "x", "..",
		"./dist/a.js", "../dist/a", "./data.json", "a", "src/a", "./b.vue", "/a", "@/data.json?raw", "./types/x", "./gone/a",
	}
)

// TestUpdateEqualsLoad edits trees at random and holds what an update makes of
// each edit against a fresh load.
func TestUpdateEqualsLoad(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mem := fsys.NewMem()
		there := make(map[string]bool)
		source := func() string {
			text := ""
			for range rapid.IntRange(0, 4).Draw(t, "imports") {
				form := rapid.SampledFrom([]string{"import %q;\n", "import type {T} from %q;\n", "require(%q);\n", "import.meta.glob(%q);\n"}).Draw(t, "form")
				text += fmt.Sprintf(form, rapid.SampledFrom(updateSpecifiers).Draw(t, "specifier"))
			}
			if rapid.IntRange(0, 9).Draw(t, "ambient") == 0 {
				text += "declare module \"x\" { }\n"
			}
			return text
		}
		edit := func() {
			if rapid.IntRange(0, 4).Draw(t, "manifest") == 0 {
				name := rapid.SampledFrom(slices.Sorted(maps.Keys(updateManifests))).Draw(t, "name")
				if there[name] && rapid.Bool().Draw(t, "remove") {
					mem.Remove(name)
					delete(there, name)
					return
				}
				mem.Write(name, rapid.SampledFrom(updateManifests[name]).Draw(t, "text"))
				there[name] = true
				return
			}
			name := rapid.SampledFrom(updatePaths).Draw(t, "path")
			if there[name] && rapid.Bool().Draw(t, "remove") {
				mem.Remove(name)
				delete(there, name)
				return
			}
			mem.Write(name, source())
			there[name] = true
		}
		for range rapid.IntRange(4, 20).Draw(t, "files") {
			edit()
		}
		cfg := loader.Config{Root: mem.Root(), FS: mem, Frontends: []loader.Frontend{New()}, Workers: 2, Digests: true}
		result, err := loader.Load(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(1, 6).Draw(t, "batches") {
			for range rapid.IntRange(1, 3).Draw(t, "edits") {
				edit()
			}
			if result, _, err = loader.Update(t.Context(), cfg, result, loader.Changes{Rescan: true}); err != nil {
				t.Fatal(err)
			}
			fresh, err := loader.Load(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			compareSets(t, result.Set, fresh.Set)
		}
	})
}

func compareSets(t *rapid.T, got, want *module.Set) {
	if fmt.Sprint(got.Diagnostics) != fmt.Sprint(want.Diagnostics) {
		t.Fatalf("diagnostics:\n got %v\nwant %v", got.Diagnostics, want.Diagnostics)
	}
	if len(got.Modules) != len(want.Modules) {
		t.Fatalf("%d modules, want %d", len(got.Modules), len(want.Modules))
	}
	for i, g := range got.Modules {
		// As text, in which an empty list is like none.
		if g, w := fmt.Sprintf("%+v", *g), fmt.Sprintf("%+v", *want.Modules[i]); g != w {
			t.Fatalf("\n got %s\nwant %s", g, w)
		}
	}
}

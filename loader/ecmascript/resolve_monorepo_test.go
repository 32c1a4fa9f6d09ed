package ecmascript

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestResolveMonorepoEqualsTypeScript resolves a generated monorepo whose output
// is not built. The compiler resolves the same tree with the output put in
// place; its answers in there are mapped back to what they were built from.
func TestResolveMonorepoEqualsTypeScript(t *testing.T) {
	g := generateMonorepo(52)
	bare, built := t.TempDir(), t.TempDir()
	g.write(t, bare, g.files)
	g.write(t, built, g.files)
	g.write(t, built, g.output)
	for name, folder := range g.packages {
		link := filepath.Join(built, "node_modules", name)
		if err := os.MkdirAll(filepath.Dir(link), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.Join(built, folder), link); err != nil {
			t.Fatal(err)
		}
	}
	compareWithTypeScript(t, built, bare, g.back)
}

// monorepo is a tree with what its builds would write.
type monorepo struct {
	files    map[string]string
	output   map[string]string
	back     map[string]string // from output to source
	packages map[string]string // folders by name
	shapes   []shape
}

// shape is one way to lay out a package.
type shape struct {
	name     string
	manifest string            // of package.json, after the name
	configs  map[string]string // other files, %s stands for the package's number
	out      map[string]string // output folders, and the extension that they use
	root     string            // what the output mirrors
	nodenext bool
	exported []string // subpaths that others import
	inner    []string // further specifiers that the package's own files import
	extra    map[string]string
}

func shapes() []shape {
	plain := map[string]string{"tsconfig.json": `{"extends": "../../tsconfig.base.json", "include": ["src", "test"]}`}
	return []shape{
		{name: "source", manifest: `"main": "./src/index.ts"`, configs: plain, exported: []string{"", "/src/a", "/src/b"}},
		{
			name: "dist", nodenext: true, root: "src", out: map[string]string{"dist": ".js"}, exported: []string{"", "/a", "/none"},
			manifest: `"type": "module", "exports": {".": {"types": "./dist/index.d.ts", "import": "./dist/index.js"}, "./a": "./dist/a.js"}`,
			configs:  map[string]string{"tsconfig.json": `{"compilerOptions": {"module": "nodenext", "outDir": "dist", "rootDir": "src"}, "include": ["src"]}`},
		},
		{
			name: "patterns", root: "src", out: map[string]string{"lib": ".js"},
			exported: []string{"", "/b/index", "/c", "/internal/i", "/f/a.js", "/f/c.js"},
			manifest: `"exports": {".": "./lib/index.js", "./*": "./lib/*.js", "./internal/*": null, "./f/*.js": {"types": "./lib/*.d.ts", "default": "./lib/*.js"}}`,
			configs:  map[string]string{"tsconfig.json": `{"extends": "../../tsconfig.base.json", "compilerOptions": {"outDir": "./lib", "rootDir": "./src"}}`},
		},
		{
			name: "dual", root: "src", out: map[string]string{"dist/esm": ".js", "dist/cjs": ".cjs"}, exported: []string{"", "/c"},
			manifest: `"exports": {".": {"import": {"types": "./dist/esm/index.d.ts", "default": "./dist/esm/index.js"}, "require": "./dist/cjs/index.cjs"},
				"./c": {"require": "./dist/cjs/c.cjs", "default": "./dist/esm/c.js"}}`,
			configs: map[string]string{
				"tsconfig.json":     `{"files": [], "references": [{"path": "./tsconfig.esm.json"}, {"path": "./tsconfig.cjs.json"}]}`,
				"tsconfig.esm.json": `{"extends": "../../tsconfig.base.json", "compilerOptions": {"outDir": "dist/esm", "rootDir": "src", "composite": true}, "include": ["src"]}`,
				"tsconfig.cjs.json": `{"extends": "./tsconfig.esm.json", "compilerOptions": {"outDir": "dist/cjs"}, "include": ["test"]}`,
			},
		},
		{
			name: "main", root: "src", out: map[string]string{"build": ".js"}, exported: []string{"", "/build/a", "/build/b"},
			manifest: `"main": "build/index.js", "types": "build/index.d.ts"`,
			configs:  map[string]string{"tsconfig.json": `{"extends": "../../tsconfig.base.json", "compilerOptions": {"outDir": "build", "declarationDir": "build", "rootDir": "src"}}`},
		},
		{
			name: "base", manifest: `"main": "src/index"`, exported: []string{"", "/src/c"}, inner: []string{"a", "b", "internal/i", "shared/s", "react"},
			configs: map[string]string{"tsconfig.json": `{"extends": "../../tsconfig.base.json", "compilerOptions": {"baseUrl": "./src", "paths": {"shared/*": ["../extra/*"]}}}`},
			extra:   map[string]string{"extra/s.ts": ""},
		},
		{
			name: "rootdirs", manifest: `"module": "src/index.ts", "types": "src/index.ts"`, exported: []string{""}, inner: []string{"./generated", "./deep/g"},
			configs: map[string]string{"tsconfig.json": `{"compilerOptions": {"module": "preserve", "rootDirs": ["./src", "./gen"]}}`},
			extra:   map[string]string{"gen/generated.ts": "import './a'; import './b';", "gen/deep/g.d.ts": ""},
		},
		{
			name: "suffixes", manifest: `"main": "./src/index"`, exported: []string{""}, inner: []string{"./s", "./s.js", "./only"},
			configs: map[string]string{"tsconfig.json": `{"compilerOptions": {"module": "esnext", "moduleResolution": "bundler", "moduleSuffixes": [".web", ""]}}`},
			extra:   map[string]string{"src/s.ts": "", "src/s.web.ts": "", "src/only.web.tsx": ""},
		},
		{
			name: "versions", manifest: `"types": "./index.d.ts", "typesVersions": {"<4": {"*": ["old/*"]}, "*": {"index.d.ts": ["./src/index.ts"], "x/*": ["src/*", "extra/*"]}}`,
			configs: plain, exported: []string{"", "/x/a", "/x/b", "/x/e", "/src/c"}, extra: map[string]string{"extra/e.d.ts": "", "index.d.ts": ""},
		},
		{
			name: "imports", nodenext: true, exported: []string{"", "/a", "/b", "/nested"}, inner: []string{"#i/i", "#one", "#other", "#none", "#cond", "@g/p%s", "@g/p%s/a", "@g/p%s/x"},
			manifest: `"type": "module", "exports": {".": "./src/index.ts", "./*": ["./src/missing/*.ts", "./src/*.ts"], "./b": "./src/b/index.ts",
				"./nested": {"node": {"require": "./src/a.ts", "import": "./src/c.tsx"}, "default": "./src/index.ts"}},
				"imports": {"#i/*": "./src/internal/*.ts", "#one": "./src/a.ts", "#other": "@g/p0", "#cond": {"require": "./src/a.ts", "default": "./src/c.tsx"}}`,
			configs: map[string]string{"tsconfig.json": `{"compilerOptions": {"module": "node16"}}`},
		},
		{
			name: "chain", manifest: `"main": "./src"`, exported: []string{"", "/src"}, inner: []string{"~/a", "~/b", "~deep/i", "exact", "@/c"},
			configs: map[string]string{
				"tsconfig.json":      `{"extends": ["./config/one.json", "./config/two"], "exclude": ["src/internal"]} // the end`,
				"config/one.json":    `{"extends": "./zero.json", "compilerOptions": {"paths": {"lost": ["../src/a"]}, }}`,
				"config/two.json":    `{"compilerOptions": {"paths": {"~/*": ["../src/*"], "~deep/*": ["${configDir}/src/internal/*"], "exact": ["../src/missing", "../src/c.tsx"], "@/*": ["../none/*", "../src/*"]}}}`,
				"config/zero.json":   `{"compilerOptions": {"module": "esnext", "moduleResolution": "bundler"}}`,
				"internal.config.ts": "import './src/a';",
			},
		},
		{
			name: "node10", manifest: `"main": "./src/index.ts", "exports": {".": "./src/a.ts"}`, exported: []string{"", "/src/b"},
			configs: map[string]string{"tsconfig.json": `{"compilerOptions": {"module": "commonjs", "moduleResolution": "node10"}}`},
		},
		{
			name: "javascript", manifest: `"main": "./src/plain.js"`, exported: []string{"", "/src/typed.js", "/src/plain"}, inner: []string{"./typed", "./typed.js", "./data.json", "./only"},
			configs: map[string]string{"jsconfig.json": `{"compilerOptions": {"module": "esnext", "moduleResolution": "bundler"}}`},
			extra: map[string]string{
				"src/plain.js": "require('./typed'); import('./a');", "src/typed.js": "", "src/typed.d.ts": "", "src/data.json": "{}",
				"src/only.d.ts": "",
			},
		},
	}
}

// generateMonorepo makes n packages of all shapes. The same n gives the same tree.
func generateMonorepo(n int) *monorepo {
	g := &monorepo{
		files: make(map[string]string), output: make(map[string]string), back: make(map[string]string),
		packages: make(map[string]string), shapes: shapes(),
	}
	g.files["package.json"] = `{"private": true, "workspaces": ["packages/*"]}`
	paths := make([]string, 0, n)
	for i := 0; i < n; i += len(g.shapes) {
		paths = append(paths, fmt.Sprintf(`"@paths/p%d": ["./packages/p%d/src/index.ts"], "@paths/p%d/*": ["./packages/p%d/src/*"]`, i, i, i, i))
	}
	g.files["tsconfig.base.json"] = `{"compilerOptions": {"module": "esnext", "moduleResolution": "bundler", "paths": {` + strings.Join(paths, ", ") + `}}}`
	for i := range n {
		g.addPackage(i, n)
	}
	return g
}

func (g *monorepo) addPackage(i, n int) {
	s := g.shapes[i%len(g.shapes)]
	number := fmt.Sprint(i)
	dir := "packages/p" + number
	g.packages["@g/p"+number] = dir
	g.files[dir+"/package.json"] = fmt.Sprintf(`{"name": "@g/p%d", %s}`, i, s.manifest)
	for name, content := range s.configs {
		g.files[dir+"/"+name] = content
	}
	for name, content := range s.extra {
		g.files[dir+"/"+name] = content
	}
	ext := ""
	if s.nodenext {
		ext = ".js"
	}
	var index strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&index, format+"\n", args...) }
	line(`import "./a%s"; export * from "./c%s"; import type { T } from "./internal/i%s"; import("./b/index%s");`, ext, ext, ext, ext)
	line(`import "./none%s"; import "fs"; import react from "react"; let x: import("./a%s").X;`, ext, ext)
	if !s.nodenext {
		line(`import "./b"; import ".."; import "."; require("./b/index.js"); import "./c.jsx"; import "./a.ts";`)
	}
	for _, specifier := range s.inner {
		if strings.Contains(specifier, "%s") {
			specifier = fmt.Sprintf(specifier, number)
		}
		line(`import %q; require(%q);`, specifier, specifier)
	}
	for k := 1; k <= 6; k++ {
		to := (i + k*k*5 + k) % n
		for _, sub := range g.shapes[to%len(g.shapes)].exported {
			line(`import v%d from "@g/p%d%s"; import type { U } from "@g/p%d%s"; require("@g/p%d%s"); import("@g/p%d%s");`, k, to, sub, to, sub, to, sub, to, sub)
		}
		if to%len(g.shapes) == 0 {
			line(`import "@paths/p%d"; import "@paths/p%d/a"; import "@paths/p%d/none";`, to, to, to)
		}
	}
	text := index.String()
	source := map[string]string{
		"index.ts": text, "a.ts": `import "./b/index` + ext + `"; export {};`, "b/index.ts": `import "../c` + ext + `"; import "..";`,
		"c.tsx": `import type { X } from "./index` + ext + `";`, "internal/i.ts": `export {} from "../a` + ext + `";`,
	}
	for name, content := range source {
		g.files[dir+"/src/"+name] = content
	}
	g.files[dir+"/test/t.test.ts"] = `import "../src/index` + ext + `"; ` + text
	for _, out := range slices.Sorted(maps.Keys(s.out)) {
		outExt := s.out[out]
		g.files[dir+"/bin/cli.js"] = `require("../` + out + `/index` + outExt + `"); require("../` + out + `/b");`
		for name := range source {
			stem := strings.TrimSuffix(strings.TrimSuffix(name, ".tsx"), ".ts")
			types := ".d" + strings.Replace(outExt, "js", "ts", 1)
			for _, e := range []string{outExt, types} {
				built := dir + "/" + out + "/" + stem + e
				g.output[built] = ""
				g.back[built] = dir + "/" + s.root + "/" + name
			}
		}
	}
}

func (g *monorepo) write(t testing.TB, root string, files map[string]string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		full := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(files[name]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

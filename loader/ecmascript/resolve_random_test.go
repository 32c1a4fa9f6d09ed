package ecmascript

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"path"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/loader"
)

// randomTree is a workspace of a few packages that hold what manifests, configs
// and file names can say, in whatever combination.
type randomTree struct {
	files map[string]string
	// links are the packages as an installation links them, folders by the path
	// of the link.
	links    map[string]string
	packages []randomPackage
	// build are the configs whose output the compiler has before it, and Eddy not.
	build []string
}

type randomPackage struct{ name, dir string }

// drawTree draws the workspace of a number.
func drawTree(seed uint64) *randomTree {
	d := drawer{rand.New(rand.NewPCG(seed, 0))}
	tree := &randomTree{files: make(map[string]string), links: make(map[string]string)}
	tree.packages = []randomPackage{{"@s/a", "packages/a"}, {"b", "packages/b"}, {"@s/w", "apps/w"}}[:d.upTo(1, 3)]
	for _, p := range append([]randomPackage{{"root", "."}}, tree.packages...) {
		tree.drawFiles(d, p)
		tree.drawManifest(d, p)
		tree.drawConfigs(d, p)
		if p.dir != "." {
			tree.links["node_modules/"+p.name] = p.dir
		}
	}
	names := slices.Sorted(maps.Keys(tree.files))
	for _, name := range names {
		if strings.HasSuffix(name, ".json") || strings.HasSuffix(name, ".css") {
			continue
		}
		var text strings.Builder
		for range d.upTo(3, 9) {
			text.WriteString(fmt.Sprintf(d.of(
				"import %q;\n", "import %q;\n", "import { x } from %q;\n", "export * from %q;\n", "import type { X } from %q;\n", "import(%q);\n", "require(%q);\n",
			), tree.drawSpecifier(d, name, names)))
		}
		tree.files[name] = text.String()
	}
	return tree
}

// drawer draws from small alphabets, so that names meet.
type drawer struct{ *rand.Rand }

func (d drawer) of(list ...string) string { return list[d.IntN(len(list))] }

func (d drawer) upTo(least, most int) int { return least + d.IntN(most-least+1) }

// one reports true once in n times.
func (d drawer) one(n int) bool { return d.IntN(n) == 0 }

var (
	randomFolders = []string{"", "src/", "src/", "src/lib/", "lib/", "a/", "src/a/", "dist/", "types/", "test/"}
	randomStems   = []string{"a", "index", "b", "c", "x.y", "A"}
	randomExts    = []string{".ts", ".ts", ".ts", ".tsx", ".js", ".d.ts", ".jsx", ".mts", ".cts", ".mjs", ".cjs", ".json", ".d.json.ts", ".d.mts", ".d.cts", ".css", ".d.css.ts", ".ios.ts"}
)

func (tree *randomTree) drawFiles(d drawer, p randomPackage) {
	for range d.upTo(2, 12) {
		name := loader.Join(p.dir, d.of(randomFolders...)+d.of(randomStems...)+d.of(randomExts...))
		tree.files[name] = "{}"
	}
}

func (tree *randomTree) drawManifest(d drawer, p randomPackage) {
	m := map[string]any{"name": p.name}
	if p.dir == "." {
		m = map[string]any{"private": true, "workspaces": []string{"packages/*", "apps/*"}}
		if d.one(4) {
			delete(m, "workspaces")
			tree.files["pnpm-workspace.yaml"] = "packages:\n  - packages/*\n  - apps/*\n"
		}
		if d.one(4) {
			m["name"] = p.name
		}
	}
	for _, field := range []string{"main", "types", "typings", "module"} {
		if d.one(3) {
			m[field] = d.of("./src/index.ts", "src", "./lib/a.js", "lib/a", "./dist/index.js", "./index", "./src/", "a.js", "./types/index.d.ts", "./src/x.y", "src/index.js", "./a")
		}
	}
	if d.one(3) {
		m["type"] = d.of("module", "commonjs")
	}
	if d.one(2) {
		m["exports"] = d.exports()
	}
	if d.one(3) {
		imports := make(ordered, 0, 3)
		for range d.upTo(1, 3) {
			key := d.of("#a", "#lib/*", "#src/*.js", "#lib/a", "#dir/")
			if !slices.ContainsFunc(imports, func(e entry) bool { return e.key == key }) {
				imports = append(imports, entry{key, d.target(0, true)})
			}
		}
		m["imports"] = imports
	}
	if d.one(5) {
		paths := ordered{{d.of("*", "src/*", "index", "lib/a", "a*"), []string{d.of("src/*", "./types/*", "dist/index.d.ts", "src/a.ts"), "lib/*"}[:d.upTo(1, 2)]}}
		m["typesVersions"] = ordered{{d.of("*", ">=4", "<4", ">=5.0.0"), paths}}
	}
	tree.put(loader.Join(p.dir, "package.json"), m)
	if d.one(6) {
		tree.put(loader.Join(p.dir, d.of("src", "a", "lib", "src/a")+"/package.json"), ordered{{d.of("main", "type", "types"), d.of("module", "./a.ts", "../src/index", "b")}})
	}
}

// ordered is an object whose keys keep their order.
type ordered []entry

type entry struct {
	key   string
	value any
}

func (o ordered) MarshalJSON() ([]byte, error) {
	parts := make([]string, len(o))
	for i, e := range o {
		key, _ := json.Marshal(e.key)
		value, err := json.Marshal(e.value)
		if err != nil {
			return nil, err
		}
		parts[i] = string(key) + ":" + string(value)
	}
	return []byte("{" + strings.Join(parts, ",") + "}"), nil
}

func (tree *randomTree) put(name string, value any) {
	text, err := json.MarshalIndent(value, "", " ")
	if err != nil {
		panic(err)
	}
	tree.files[name] = string(text)
}

func (d drawer) exports() any {
	if d.one(5) {
		return d.target(0, false)
	}
	var list ordered
	for range d.upTo(1, 5) {
		key := d.of(".", "./a", "./*", "./lib/*", "./src/*.js", "./src/*", "./package.json", "./x/", "./lib/a", "./*.ts")
		if !slices.ContainsFunc(list, func(e entry) bool { return e.key == key }) {
			list = append(list, entry{key, d.target(0, false)})
		}
	}
	return list
}

// target draws what an entry of "exports" or "imports" leads to.
func (d drawer) target(depth int, imports bool) any {
	kind := d.upTo(0, 9)
	switch {
	case kind == 9:
		return nil
	case kind == 8 && depth < 3:
		return []any{d.target(depth+1, imports), d.target(depth+1, imports)}
	case kind >= 4 && kind < 8 && depth < 3:
		var list ordered
		for range d.upTo(1, 3) {
			key := d.of("types", "import", "require", "default", "node", "custom", "browser", "types@>=5", "types@<5")
			if !slices.ContainsFunc(list, func(e entry) bool { return e.key == key }) {
				list = append(list, entry{key, d.target(depth+1, imports)})
			}
		}
		return list
	}
	if imports && depth == 0 && d.one(4) {
		return d.of("b", "@s/a", "@s/a/lib/a", "b/src/index", "#a", "#lib/a", "fs", "react")
	}
	path := d.of("./src/index.ts", "./src/*.ts", "./src/*", "./lib/*.js", "./lib/*", "./dist/*.js", "./*", "./src/a.ts", "./src/index.js", "./types/index.d.ts",
		"./src/*/index.ts", "./x/", "./src/", "./a.d.ts", "./../b", "src/a.ts", "./src/*.mjs", "./package.json", "./src/a")
	if imports && !strings.HasPrefix(path, "./") {
		return "./" + path // a package, in imports
	}
	return path
}

func (tree *randomTree) drawConfigs(d drawer, p randomPackage) {
	if d.one(4) {
		return
	}
	base := loader.Join(p.dir, "tsconfig.json")
	config := ordered{}
	switch {
	case p.dir == ".":
	case d.one(3):
		config = append(config, entry{"extends", "../../tsconfig.base.json"})
	case d.one(6):
		config = append(config, entry{"extends", []string{"../../tsconfig.base", "./tsconfig.common.json"}})
	}
	if d.one(3) {
		config = append(config, entry{"compilerOptions", d.options()})
		tree.put(loader.Join(p.dir, "tsconfig.common.json"), ordered{{"compilerOptions", d.options()}})
	} else {
		config = append(config, entry{"compilerOptions", d.options()})
	}
	config = append(config, d.lists()...)
	if d.one(4) {
		tree.put(loader.Join(p.dir, "tsconfig.other.json"), append(ordered{{"compilerOptions", d.options()}}, d.lists()...))
		config = append(config, entry{"references", []any{map[string]string{"path": d.of("./tsconfig.other.json", "./tsconfig.other.json", "../../packages/a", "packages/a")}}})
		if d.one(2) {
			config = append(config, entry{"files", []string{}})
		}
	}
	tree.put(base, config)
	if p.dir == "." || tree.files["tsconfig.base.json"] == "" {
		tree.put("tsconfig.base.json", ordered{{"compilerOptions", d.options()}})
	}
}

// lists draws what says which files a config holds.
func (d drawer) lists() (list ordered) {
	if d.one(3) {
		list = append(list, entry{"include", []string{d.of("src", "src/**/*", "*", "**/*.ts", "test", "./src/*.ts", "src/lib/**/*.tsx", "packages/*/src", "src/index.ts")}})
	}
	if d.one(5) {
		list = append(list, entry{"exclude", []string{d.of("dist", "**/*.d.ts", "src/lib", "**/a", "test/**", "lib", "src/a.ts")}})
	}
	return list
}

func (d drawer) options() ordered {
	var o ordered
	add := func(key string, value any) { o = append(o, entry{key, value}) }
	switch d.upTo(0, 7) {
	case 0, 1:
		add("module", "esnext")
		add("moduleResolution", "bundler")
	case 2:
		add("module", "nodenext")
	case 3:
		add("module", d.of("node16", "node18", "node20"))
	case 4:
		add("module", "commonjs")
	case 5:
		add("module", "esnext")
		add("moduleResolution", "node")
	case 6:
		add("module", "preserve")
	}
	if d.one(3) {
		add("baseUrl", d.of(".", "src", "./src/lib", "..", "../.."))
	}
	if d.one(3) {
		var paths ordered
		for range d.upTo(1, 3) {
			key := d.of("@/*", "~lib/*", "*", "@s/*", "b", "@s/a", "lib/a", "@/a", "b/*", "*.js")
			if !slices.ContainsFunc(paths, func(e entry) bool { return e.key == key }) {
				targets := []string{d.of("./src/*", "src/lib/*", "./lib/*", "./*", "./packages/*/src", "../*/src/index.ts", "../b", "./src/a.ts", "./src/index", "${configDir}/src/*", "./src/*.ts"), d.of("./src/*", "./dist/*", "./types/*.d.ts")}
				if strings.Count(key, "*") == 0 {
					for i := range targets {
						targets[i] = strings.ReplaceAll(targets[i], "*", "a")
					}
				}
				paths = append(paths, entry{key, targets[:d.upTo(1, 2)]})
			}
		}
		add("paths", paths)
	}
	if d.one(8) {
		add("rootDirs", []string{d.of("src", "."), d.of("lib", "types", "dist"), "test"})
	}
	if d.one(6) {
		add("outDir", d.of("dist", "./lib"))
	}
	if d.one(8) {
		add("declarationDir", d.of("types", "dist"))
	}
	if d.one(6) {
		add("rootDir", d.of("src", ".", "../.."))
	}
	if d.one(8) {
		add("composite", true)
	}
	if d.one(4) {
		add("allowJs", !d.one(3))
	}
	if d.one(5) {
		add("customConditions", []string{"custom"})
	}
	if d.one(10) {
		add("moduleSuffixes", []string{".ios", ""})
	}
	if d.one(12) {
		add("resolvePackageJsonExports", false)
	}
	if d.one(12) {
		add("resolvePackageJsonImports", false)
	}
	return o
}

// drawSpecifier draws what a file imports: mostly a way to write a file that is
// there.
func (tree *randomTree) drawSpecifier(d drawer, from string, names []string) string {
	if !d.one(3) {
		to := names[d.upTo(0, len(names)-1)]
		if d.one(2) { // of the same package
			dir, _ := loader.Split(from)
			top := strings.Join(strings.Split(dir+"/./.", "/")[:2], "/")
			near := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !strings.HasPrefix(n, top+"/") })
			if len(near) > 0 {
				to = near[d.upTo(0, len(near)-1)]
			}
		}
		return tree.drawSpelling(d, from, to)
	}
	return d.of(".", "..", "./", "../", "./index", "./index.js", "../a", "./a/", "@s/a", "b", "@s/w", "@s/a/a", "@s/a/lib/a", "@s/a/src/a.js", "b/src/index", "b/x/a", "b/a.ts", "@s/w/package.json",
		"@/a", "@/index.js", "~lib/a", "lib/a", "#a", "#lib/a", "#src/a.js", "#lib/b", "#dir/a.ts", "a", "index", "src/a", "root", "root/a", "./x.y", "./A", "react", "fs", "./a?raw", "b/index.js", "@s/b", "./src", "#")
}

// drawSpelling writes an import of a file: relative, or by its package, in full or
// with less.
func (tree *randomTree) drawSpelling(d drawer, from, to string) string {
	stem, ext := splitExtension(to)
	switch d.upTo(0, 5) {
	case 0, 1:
		to = stem
	case 2, 3:
		to = stem + map[string]string{".ts": ".js", ".tsx": ".js", ".mts": ".mjs", ".cts": ".cjs", ".d.ts": ".js", ".d.mts": ".mjs", ".d.cts": ".cjs", ".jsx": ".jsx", ".json": ".json"}[ext]
	case 4:
		if dir, _ := loader.Split(to); path.Base(stem) == "index" && dir != "." {
			to = dir
		}
	}
	if d.one(3) {
		for _, p := range tree.packages {
			if rest, ok := below(p.dir, to); ok {
				if d.one(3) {
					if _, in, ok := strings.Cut(rest, "/"); ok {
						rest = in
					}
				}
				return strings.TrimSuffix(p.name+"/"+rest, "/.")
			}
		}
	}
	dir, _ := loader.Split(from)
	return relativeTo(dir, to)
}

func relativeTo(dir, to string) string {
	up := ""
	for {
		if rest, ok := below(dir, to); ok {
			switch {
			case rest == "." && up == "":
				return "."
			case rest == ".":
				return strings.TrimSuffix(up, "/")
			case up == "":
				return "./" + rest
			}
			return up + rest
		}
		dir, _ = loader.Split(dir)
		up += "../"
	}
}

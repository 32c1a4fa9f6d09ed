package ecmascript

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/loader"
)

// drawUnbuilt draws the workspace of a number whose packages are to be built: their
// manifests name output that is not there.
func drawUnbuilt(seed uint64) *randomTree {
	d := drawer{rand.New(rand.NewPCG(seed, 1))}
	tree := &randomTree{files: make(map[string]string), links: make(map[string]string)}
	tree.packages = []randomPackage{{"@s/a", "packages/a"}, {"b", "packages/b"}, {"@s/c", "libs/c"}}
	tree.put("package.json", map[string]any{"private": true, "workspaces": []string{"packages/*", "libs/*"}})
	module := d.of("bundler", "nodenext", "node")
	tree.put("tsconfig.base.json", ordered{{"compilerOptions", d.moduleOptions(module)}})
	exported := make(map[string][]string) // specifiers by package, and of its tests
	for _, p := range tree.packages {
		tree.links["node_modules/"+p.name] = p.dir
		exported[p.name], exported["test of "+p.name] = tree.drawBuild(d, p, module)
	}
	for _, name := range slices.Sorted(maps.Keys(tree.files)) {
		if strings.HasSuffix(name, ".json") {
			continue
		}
		var text strings.Builder
		for range d.upTo(3, 7) {
			p := tree.packages[d.upTo(0, len(tree.packages)-1)]
			specifier := d.of(exported[p.name]...)
			for _, own := range tree.packages {
				if strings.HasPrefix(name, own.dir+"/test/") && d.one(3) {
					specifier = d.of(exported["test of "+own.name]...)
				}
			}
			fmt.Fprintf(&text, d.of("import %q;\n", "import { x } from %q;\n", "import type { X } from %q;\n", "import(%q);\n", "require(%q);\n"), specifier)
		}
		tree.files[name] = text.String()
	}
	return tree
}

func (d drawer) moduleOptions(module string) ordered {
	switch module {
	case "nodenext":
		return ordered{{"module", "nodenext"}}
	case "node":
		return ordered{{"module", "commonjs"}, {"moduleResolution", "node"}}
	}
	return ordered{{"module", "esnext"}, {"moduleResolution", "bundler"}}
}

// drawBuild draws a package and returns the specifiers of its entries, and those by
// which its tests name its output.
func (tree *randomTree) drawBuild(d drawer, p randomPackage, module string) (entries, tests []string) {
	up := strings.Repeat("../", strings.Count(p.dir, "/")+1)
	out := d.of("dist", "lib", "build", "dist/esm", "out", "target/js")
	// What of the source's path the output repeats: what lies below rootDir, below
	// the config's folder of a composite project, else below where all sources meet.
	source, root, kept := "src", d.of("src", "src", ".", "", "composite"), ""
	if root == "." || root == "composite" {
		kept = "src/"
	}
	config := d.of("tsconfig.json", "tsconfig.json", "tsconfig.build.json")
	options := ordered{{"outDir", "./" + out}}
	switch root {
	case "composite":
		options = append(options, entry{"composite", true})
	case "src", ".":
		options = append(options, entry{"rootDir", "./" + root})
	}
	declarations := out
	if d.one(4) {
		declarations = d.of("types", "dist/dts")
		options = append(options, entry{"declarationDir", "./" + declarations})
	}
	build := ordered{{"extends", up + "tsconfig.base.json"}, {"compilerOptions", options}, {"include", []string{"src"}}}
	tree.put(loader.Join(p.dir, config), build)
	tree.build = append(tree.build, loader.Join(p.dir, config))
	if config != "tsconfig.json" {
		tree.put(loader.Join(p.dir, "tsconfig.json"), ordered{{"extends", up + "tsconfig.base.json"}})
	}
	stems := []string{"index", "a", "b/index", "b/c", "x.y"}[:d.upTo(2, 5)]
	for _, stem := range stems {
		tree.files[path.Join(p.dir, source, stem+d.of(".ts", ".ts", ".tsx"))] = ""
	}
	tree.files[path.Join(p.dir, "test/t.ts")] = ""
	js := func(stem string) string { return "./" + path.Join(out, kept, stem) + ".js" }
	dts := func(stem string) string { return "./" + path.Join(declarations, kept, stem) + ".d.ts" }
	target := func(stem string) any {
		switch d.upTo(0, 3) {
		case 0:
			return js(stem)
		case 1:
			return ordered{{"types", dts(stem)}, {"default", js(stem)}}
		case 2:
			return ordered{{"import", ordered{{"types", dts(stem)}, {"default", js(stem)}}}, {"require", js(stem)}}
		}
		return ordered{{"types", dts(stem)}, {"import", js(stem)}, {"require", js(stem)}}
	}
	manifest := map[string]any{"name": p.name}
	entries = []string{p.name}
	for _, stem := range stems {
		tests = append(tests, "."+js(stem))
	}
	if d.one(2) && module != "node" {
		exports := ordered{{".", target("index")}}
		if d.one(2) {
			exports = append(exports, entry{"./*", target("*")})
			for _, stem := range stems {
				entries = append(entries, p.name+"/"+stem)
			}
		} else {
			exports = append(exports, entry{"./a", target("a")})
			entries = append(entries, p.name+"/a")
		}
		manifest["exports"] = exports
	} else {
		manifest["main"] = js("index")
		if d.one(2) {
			manifest["types"] = dts("index")
		}
		for _, stem := range stems {
			entries = append(entries, p.name+"/"+path.Join(out, kept, stem))
		}
	}
	if d.one(2) {
		manifest["type"] = "module"
	}
	tree.put(loader.Join(p.dir, "package.json"), manifest)
	return entries, tests
}

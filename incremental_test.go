package eddy

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/eddy-build/eddy/cache"
	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/loader/ecmascript"
	"github.com/eddy-build/eddy/loader/golang"
	"github.com/eddy-build/eddy/loader/python"
	"github.com/eddy-build/eddy/module"
	"github.com/eddy-build/eddy/render"
	"pgregory.net/rapid"
)

// A script of edits, one a line:
//
//	exports                 on the first line: read exports too
//	write PATH LINE¦LINE…   make a file or replace its bytes
//	remove PATH             a file, or a folder with all that is in it
//	rename FROM TO
//	touch PATH              a new stamp, the same bytes
//	link TARGET PATH        a symbolic link
//	chmod MODE PATH
//	update                  end of a batch; the engine is told of the paths
//	update folders          so, but of their folders
//	update oddly            so, but twice, backwards and with others
//	update some             so, but of the first half; of the others in the next batch
//	rescan                  end of a batch; it is not
//
// What cannot be done, such as a file below a file, is passed over.
const newLine = "¦"

// polyglot is the tree that scripts begin with.
func polyglot(t testing.TB) string {
	t.Helper()
	data, err := os.ReadFile("testdata/incremental/tree.txtar")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestIncrementalCases runs the scripts that have found a bug.
func TestIncrementalCases(t *testing.T) {
	files, err := filepath.Glob("testdata/incremental/*.script")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts", err)
	}
	tree := polyglot(t)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".script"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			runScript(t, tree, string(data), t.TempDir())
		})
	}
}

// TestIncrementalEqualsFresh runs random scripts over all front-ends together.
// After each batch of edits the updated snapshot, a start out of a store and a
// fresh load give the same bytes, and no file is parsed whose bytes are known.
// What it prints of a failure can be kept as testdata/incremental/NAME.script.
func TestIncrementalEqualsFresh(t *testing.T) {
	tree := polyglot(t)
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		script := drawScript(t)
		defer func() {
			if t.Failed() {
				t.Logf("the script:\n%s", script)
			}
		}()
		if err := os.RemoveAll(filepath.Join(dir, "store")); err != nil {
			t.Fatal(err)
		}
		runScript(t, tree, script, filepath.Join(dir, "store"))
	})
}

// tester is a [testing.T] or a [rapid.T].
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
	Fatal(args ...any)
}

func runScript(t tester, tree, script, storeDir string) {
	t.Helper()
	mem := fsys.MemOfText(tree)
	ctx := context.Background()
	detail := loader.DetailImports
	if strings.HasPrefix(script, "exports\n") {
		detail = loader.DetailExports
	}
	open := func(log *parseLog, opts ...Option) *Engine {
		t.Helper()
		opts = append([]Option{withFS(mem), WithEnv(nil), WithWorkers(2), WithDigests(), WithDetail(detail), WithFrontends(
			newLogged(golang.New(), log), newLogged(ecmascript.New(), log), newLogged(python.New(), log))}, opts...)
		e, err := Open(mem.Root(), opts...)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	store := cache.OpenStore(storeDir)
	parsed := &parseLog{}
	resident := open(parsed)
	defer resident.Close()
	load := func(e *Engine) *Snapshot {
		t.Helper()
		s, err := e.Load(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		return s
	}
	if _, err := resident.Load(ctx); err != nil {
		t.Fatal(err)
	}
	load(open(&parseLog{}, WithStore(store)))

	known := parsed.take()
	var paths []string
	for number, line := range strings.Split(script, "\n") {
		verb, rest, _ := strings.Cut(line, " ")
		if verb != "update" && verb != "rescan" {
			paths = append(paths, apply(mem, verb, rest)...)
			continue
		}
		var updated *Snapshot
		var delta *module.Delta
		var err error
		before := resident.Snapshot()
		if rest == "some" {
			// As a watch does that is told of changes while others are made.
			half := len(paths) / 2
			if updated, delta, err = resident.Update(ctx, paths[:half]...); err != nil {
				t.Fatal(err)
			}
			paths = paths[half:]
			checkSharing(t, before, updated, delta)
			parsed.take()
			known = nil // that the engine has, and a fresh load has not
			continue
		}
		if verb == "update" {
			updated, delta, err = resident.Update(ctx, told(rest, paths)...)
		} else {
			updated, delta, err = resident.Rescan(ctx)
		}
		if err != nil {
			t.Fatal(err)
		}
		paths = nil
		log := &parseLog{}
		fresh := load(open(log))
		now, work, warmWork := log.take(), parsed.take(), &parseLog{}
		warm := load(open(warmWork, WithStore(store)))
		for _, other := range []struct {
			name     string
			snapshot *Snapshot
		}{{"the update", updated}, {"the start out of the store", warm}} {
			if lines := loader.Differences(other.snapshot.loaded(), fresh.loaded()); len(lines) > 0 {
				t.Fatalf("line %d: %s differs from a fresh load:\n%s", number+1, other.name, strings.Join(lines, "\n"))
			}
			if got, want := jsonOf(t, other.snapshot), jsonOf(t, fresh); got != want {
				t.Fatalf("line %d: %s gives\n%s\nand a fresh load\n%s", number+1, other.name, got, want)
			}
		}
		for _, files := range []map[string]module.Digest{work, warmWork.take()} {
			for file, digest := range files {
				if known[file] == digest {
					t.Fatalf("line %d: %s was parsed again, and its bytes are the same", number+1, file)
				}
			}
		}
		checkSharing(t, before, updated, delta)
		known = now
	}
}

// told is how the engine is told of paths: as they are, by the folders that they
// lie in, or backwards, twice, and with others that do not exist.
func told(how string, paths []string) []string {
	switch how {
	case "folders":
		folders := make([]string, len(paths))
		for i, p := range paths {
			folders[i] = path.Dir(p)
		}
		return folders
	case "oddly":
		list := slices.Concat(paths, []string{"none", "web/none/of/it", "main.go/x", "./web//b.ts"}, paths)
		slices.Reverse(list)
		return list
	}
	return paths
}

// checkSharing holds that a delta names just the modules that are other values,
// and that those are not equal.
func checkSharing(t tester, before, after *Snapshot, delta *module.Delta) {
	t.Helper()
	named := map[module.ID]bool{}
	for _, m := range delta.Modified {
		named[m.ID] = true
	}
	for _, id := range delta.Relinked {
		named[id] = true
	}
	for _, m := range after.Modules() {
		old, ok := before.Module(m.ID)
		switch {
		case !ok && !slices.Contains(delta.Added, m.ID):
			t.Fatalf("%s is new and not among the added", m.ID)
		case ok && (old != m) != named[m.ID]:
			t.Fatalf("%s: modified %t, another value %t", m.ID, named[m.ID], old != m)
		}
	}
}

func jsonOf(t tester, s *Snapshot) string {
	t.Helper()
	var b bytes.Buffer
	if err := render.JSON(&b, s.Set(), s.Graph()); err != nil {
		t.Fatal(err)
	}
	for _, d := range s.Diagnostics() {
		fmt.Fprintln(&b, d)
	}
	return b.String()
}

// apply makes one edit and returns the paths that it is about.
func apply(mem *fsys.Mem, verb, rest string) (paths []string) {
	first, second, _ := strings.Cut(rest, " ")
	defer func() {
		if recover() != nil { // the edit cannot be made, or in part: folders above
			paths = []string{first, second}
		}
	}()
	switch verb {
	case "write":
		mem.Write(first, strings.ReplaceAll(second, newLine, "\n"))
	case "remove":
		mem.Remove(first)
	case "rename":
		if first == second || strings.HasPrefix(second, first+"/") {
			return nil
		}
		mem.Rename(first, second)
		return []string{first, second}
	case "touch":
		data, _, err := mem.ReadFile(first, nil)
		if err != nil {
			return nil
		}
		mem.Write(first, string(data))
	case "link":
		mem.Symlink(first, second)
		return []string{second}
	case "chmod":
		mode, _ := strconv.ParseUint(first, 8, 32)
		mem.Chmod(second, fs.FileMode(mode))
		return []string{second}
	default:
		return nil
	}
	return []string{first}
}

// parseLog notes which files were parsed, and with what bytes.
type parseLog struct {
	mu    sync.Mutex
	files map[string]module.Digest
}

func (l *parseLog) take() map[string]module.Digest {
	files := l.files
	l.files = nil
	return files
}

// logged is a front-end whose parsers tell. It has the powers of a built-in one.
type logged struct {
	builtin
	log *parseLog
}

type builtin interface {
	loader.Frontend
	loader.ExportReader
	loader.Reindexer
}

func newLogged(fe loader.Frontend, log *parseLog) logged { return logged{fe.(builtin), log} }

// Environment is that of the front-end, if it has one.
func (f logged) Environment() string {
	if env, ok := f.builtin.(loader.EnvironmentReader); ok {
		return env.Environment()
	}
	return ""
}

func (f logged) NewParser() loader.Parser { return loggedParser{f.builtin.NewParser(), f.log} }

type loggedParser struct {
	loader.Parser
	log *parseLog
}

func (p loggedParser) Parse(path string, src []byte, detail loader.Detail) *module.Facts {
	p.log.mu.Lock()
	if p.log.files == nil {
		p.log.files = map[string]module.Digest{}
	}
	p.log.files[path] = module.DigestOf(src)
	p.log.mu.Unlock()
	return p.Parser.Parse(path, src, detail)
}

// The words of random scripts.
var (
	scriptSources = map[string][]string{
		".go": {
			"", "// a comment", `import "example.com/m/internal/b"`, `import "example.com/m/internal/a"`, `import "fmt"`,
			`import "example.com/sub"`, `import "example.com/other/x"`, `import "C"`, "//go:build windows", "import \"unclosed",
			"import \"embed\"¦//go:embed *.txt¦var x embed.FS", `import "example.com/m/moved"`,
		},
		".ts": {
			"", "// a comment", `import { b } from "./b"`, `import "./lib"`, `import type { T } from "@ui"`, `export * from "@lib/x"`,
			`import "ui"`, `import "react"`, `const x = require("../web/app")`, `import("./later")`, `import data from "./data.json"`,
			`import "unclosed`, `declare module "ambient" {}`, `import "ambient"`, `/// <reference path="./types.d.ts" />`, `import "../moved/app"`,
			`import "#internal"`, `const g = import.meta.glob("./lib/*.ts")`, `import "node:fs"`,
			`import "../../above"`, `import "web/x"`, `import "../dist/out"`, `import "@config/base"`, `declare module "*.css" {}`, `import "./s.css"`, `import "lib"`, `declare module "react" {}`,
		},
		".py": {
			"", "# a comment", "import pkg", "import pkg.a", "from pkg import a, sub", "from . import b", "from .sub import c", "from .. import a",
			"import os", "import numpy", "import tools.run", "from pkg.sub.c import *", "def f():¦    import pkg.b", "from moved import a", "import (",
			"__all__ = ['a']", "if TYPE_CHECKING:¦    import pkg.sub",
		},
	}
	scriptFiles = []string{
		"main.go", "internal/a/a.go", "internal/a/a_test.go", "internal/a/x_test.go", "internal/b/b.go", "internal/b/b_windows.go", "sub/s.go", "testdata/t.go",
		"web/app.ts", "web/b.ts", "web/b.tsx", "web/lib/index.ts", "web/lib/x.ts", "web/later.js", "web/types.d.ts", "packages/ui/src/index.ts", "packages/ui/src/deep.ts",
		"src/pkg/__init__.py", "src/pkg/a.py", "src/pkg/b.py", "src/pkg/a.pyi", "src/pkg/sub/__init__.py", "src/pkg/sub/c.py", "tools/run.py", "pkg/a.py", "pkg/__init__.py", "numpy.py",
		"__init__.py", "src/__init__.py", "tools/__init__.py", "src/pkg/sub.py", "src/numpy.py", "src/tools/run.py", "dist/out.ts", "dist/x.py", "web/global.d.ts", "web/lib/x.js", "web/lib/x.d.ts", "web/lib.ts", "internal/a/a/a.go", "_x/y.go", "vendor/example.com/other/x/x.go", "web/s.css", "conftest.py", "src/pkg/a/__init__.py",
	}
	scriptConfigs = map[string][]string{
		"go.mod":                                  {"module example.com/m¦go 1.22", "module example.com/other¦go 1.22", "module example.com/m¦require example.com/other v1.0.0", "module", "module example.com/m¦replace example.com/sub => ./sub¦require example.com/sub v0.0.0"},
		"sub/go.mod":                              {"module example.com/sub", "module example.com/m/sub"},
		"go.work":                                 {"go 1.22¦use .¦use ./sub", "go 1.22¦use ./sub", "use ("},
		"tsconfig.json":                           {`{"compilerOptions": {"baseUrl": ".", "paths": {"@lib/*": ["web/lib/*"], "@ui": ["packages/ui/src"]}}}`, `{"compilerOptions": {"paths": {"@lib/*": ["./src/*"]}}}`, `{"extends": "./web/tsconfig.json"}`, "{}", "{"},
		"web/tsconfig.json":                       {`{"extends": "../tsconfig.json"}`, `{"compilerOptions": {"baseUrl": "./lib"}}`, `{"compilerOptions": {"allowJs": true}, "references": [{"path": "../packages/ui"}]}`},
		"packages/ui/tsconfig.json":               {`{"compilerOptions": {"rootDir": "src", "outDir": "dist", "composite": true}}`},
		"web/tsconfig.test.json":                  {`{"include": ["lib"], "compilerOptions": {"paths": {"@lib/*": ["../src/*"]}}}`, `{"include": ["app", "lib"]}`, `{"files": []}`},
		"package.json":                            {`{"name": "root", "workspaces": ["packages/*"], "dependencies": {"react": "1"}}`, `{"name": "root", "imports": {"#internal": "./web/b.ts"}}`, `{}`, `{"type": "module"`},
		"packages/ui/package.json":                {`{"name": "ui", "exports": {".": "./src/index.ts"}}`, `{"name": "ui", "main": "src/deep.ts"}`, `{"name": "web", "main": "dist/index.js"}`},
		"pnpm-workspace.yaml":                     {"packages:¦  - packages/*", ""},
		"pyproject.toml":                          {"[project]¦name = \"x\"¦dependencies = [\"numpy\"]", "[tool.setuptools.packages.find]¦where = [\"src\"]", "[tool.setuptools]¦package-dir = {\"\" = \"src\"}", "[broken"},
		"src/pyproject.toml":                      {"[project]¦name = \"y\""},
		"setup.cfg":                               {"[options]¦package_dir =¦  = src", ""},
		"requirements.txt":                        {"numpy", "react"},
		".gitignore":                              {"lib/", "*.py", "web/b.ts¦!web/lib", "", "/src", "sub/*¦!sub/s.go", "*.json"},
		"web/.gitignore":                          {"lib", "*.ts¦!b.ts", ""},
		".ignore":                                 {"!web/lib", "packages"},
		".git/HEAD":                               {"ref: refs/heads/main"},
		".git/info/exclude":                       {"*.tsx", "tools"},
		"internal/a/notes.txt":                    {"text"},
		"web/lib/data.json":                       {"{}", "1"},
		"../package.json":                         {`{"name": "above", "workspaces": ["root/packages/*"]}`, "{}"},
		"../tsconfig.json":                        {`{"compilerOptions": {"baseUrl": "root/web"}}`},
		"../go.work":                              {"go 1.22¦use ./root"},
		"../.gitignore":                           {"tools", "*.pyi"},
		"node_modules/react/index.js":             {""},
		"web/tsconfig.base.json":                  {`{"compilerOptions": {"baseUrl": ".", "paths": {"@lib/*": ["lib/*"]}}}`, `{"extends": "./tsconfig.json"}`, "{}"},
		"web/lib/tsconfig.json":                   {`{"extends": "../tsconfig.base"}`, `{"extends": ["@config/base", "../../../base.json"]}`, `{"extends": "@config/base/other"}`, `{"extends": "ui/tsconfig.json"}`},
		"web/lib/jsconfig.json":                   {`{"compilerOptions": {"baseUrl": ".."}}`},
		"../base.json":                            {`{"compilerOptions": {"baseUrl": "./root", "paths": {"@ui": ["web/b"]}}}`, "{}"},
		"node_modules/@config/base/package.json":  {`{"name": "@config/base", "tsconfig": "other.json"}`, `{"exports": {"./other": "./tsconfig.json"}}`, "{}"},
		"node_modules/@config/base/tsconfig.json": {`{"compilerOptions": {"paths": {"@lib/*": ["../../../web/*"]}}}`},
		"node_modules/@config/base/other.json":    {`{"compilerOptions": {"baseUrl": "../../../packages"}}`, "{}"},
		"web/node_modules/@config/base/tsconfig.json": {`{"compilerOptions": {"paths": {"@ui": ["../../../app"]}}}`},
		"web/node_modules/react/package.json":         {`{"name": "react", "version": "1.0.0"}`},
		"web/package.json":                            {`{"name": "web", "exports": {".": "./app.ts", "./*": "./lib/*.ts"}}`, `{"name": "ui", "main": "b.ts"}`, `{"name": "web", "type": "module"}`},
		"packages/package.json":                       {`{"name": "packages"}`},
		"../go.mod":                                   {"module example.com", "module example.com/m"},
		"../pyproject.toml":                           {"[project]¦name = \"above\"¦dependencies = [\"numpy\"]", "[tool.setuptools]¦package-dir = {\"\" = \"root/tools\"}"},
		"../__init__.py":                              {""},
		"../.git/HEAD":                                {"ref: refs/heads/main"},
		"../.git/info/exclude":                        {"*.tsx", "tools"},
		"../.ignore":                                  {"web/lib", "!tools"},
		"web/.git/HEAD":                               {"ref: x"},
		"web/.git/info/exclude":                       {"lib/x.ts"},
		"src/.git":                                    {"gitdir: ../sub/gd"},
		"sub/gd/HEAD":                                 {"x"},
		"sub/gd/commondir":                            {"../gc", "."},
		"sub/gd/info/exclude":                         {"a.py"},
		"sub/gc/info/exclude":                         {"b.py"},
		"web/.ignore":                                 {"b.ts", "!b.ts"},
		"../above.ts":                                 {""},
		"../above/index.ts":                           {""},
		"../above/package.json":                       {`{"main": "./q.ts"}`},
		"vendor/modules.txt":                          {"# example.com/other v1.0.0"},
		"src/setup.py":                                {"from setuptools import setup¦setup(package_dir={'': 'pkg'})", ""},
		"src/pkg/pyproject.toml":                      {"[project]¦name = \"z\"", "[tool.pytest.ini_options]¦pythonpath = [\"sub\"]"},
		"src/pkg/sub/data.json":                       {"{}"},
		"lib/x.toml":                                  {""},
	}
	scriptFolders = []string{"web", "web/lib", "src", "src/pkg", "src/pkg/sub", "internal", "internal/a", "packages", "packages/ui", "sub", "moved", "moved/app", "tools", "pkg", ".git"}
)

func drawScript(t *rapid.T) string {
	var script strings.Builder
	say := func(words ...string) { script.WriteString(strings.Join(words, " ") + "\n") }
	if rapid.Bool().Draw(t, "exports") {
		say("exports")
	}
	configs := slices.Sorted(mapKeys(scriptConfigs))
	anything := slices.Concat(scriptFiles, scriptFolders, configs)
	write := func(file string) {
		kind := filepath.Ext(file)
		lines, ok := scriptSources[kind]
		if !ok {
			lines = scriptSources[".ts"]
			if kind == ".pyi" {
				lines = scriptSources[".py"]
			}
		}
		text := rapid.SliceOfN(rapid.SampledFrom(lines), 0, 4).Draw(t, "lines")
		if kind == ".go" {
			text = append([]string{"package " + rapid.SampledFrom([]string{"a", "b", "main", "a_test"}).Draw(t, "package")}, text...)
		}
		say("write", file, strings.Join(text, newLine))
	}
	edit := func() {
		switch rapid.SampledFrom([]string{
			"write", "write", "write", "write", "config", "config", "remove", "rename", "touch", "link", "chmod",
		}).Draw(t, "verb") {
		case "write":
			write(rapid.SampledFrom(scriptFiles).Draw(t, "file"))
		case "config":
			file := rapid.SampledFrom(configs).Draw(t, "config")
			say("write", file, rapid.SampledFrom(scriptConfigs[file]).Draw(t, "text"))
		case "remove":
			say("remove", rapid.SampledFrom(anything).Draw(t, "path"))
		case "rename":
			say("rename", rapid.SampledFrom(anything).Draw(t, "from"), rapid.SampledFrom(anything).Draw(t, "to"))
		case "touch":
			say("touch", rapid.SampledFrom(anything).Draw(t, "path"))
		case "link":
			say("link", rapid.SampledFrom([]string{".", "..", "lib", "../web", "b.ts", "../src/pkg", "/mem/above", "/mem/outside", "a.go", "nowhere", "../lib/index.ts"}).Draw(t, "target"), rapid.SampledFrom(anything).Draw(t, "path"))
		case "chmod":
			say("chmod", rapid.SampledFrom([]string{"0", "644", "755"}).Draw(t, "mode"), rapid.SampledFrom(anything).Draw(t, "path"))
		}
	}
	batches := rapid.IntRange(1, 4).Draw(t, "batches")
	for i := range batches {
		edits := rapid.IntRange(1, 3).Draw(t, "edits")
		if rapid.IntRange(0, 7).Draw(t, "branch") == 0 { // another branch
			edits = 20
		}
		for range edits {
			edit()
		}
		ends := []string{"update", "update", "update folders", "update oddly", "rescan", "update some"}
		if i == batches-1 {
			ends = ends[:5] // of the rest nobody would tell
		}
		say(rapid.SampledFrom(ends).Draw(t, "end"))
	}
	return script.String()
}

func mapKeys[V any](m map[string]V) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

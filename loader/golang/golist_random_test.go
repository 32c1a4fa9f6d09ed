package golang

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/internal/oracle"
)

// TestGoListRandomTrees holds random workspaces against go list. As go list takes
// its time to start, they are few and have many packages.
func TestGoListRandomTrees(t *testing.T) {
	needGo(t)
	oracle.Dir(t, "go") // seconds: where the other oracles are compared with as well
	for seed := range uint64(oracle.Cases(5)) {
		root, err := filepath.EvalSymlinks(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		files := drawWorkspace(seed)
		for name, text := range files {
			full := filepath.Join(root, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(full), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(full, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		compareTree(t, root)
		if t.Failed() {
			for _, name := range slices.Sorted(maps.Keys(files)) {
				t.Logf("-- %s --\n%s", name, files[name])
			}
			t.Fatalf("tree %d", seed)
		}
	}
}

// drawWorkspace draws the files of a workspace of several modules.
func drawWorkspace(seed uint64) map[string]string {
	r := rand.New(rand.NewPCG(seed, 0))
	of := func(list ...string) string { return list[r.IntN(len(list))] }
	one := func(n int) bool { return r.IntN(n) == 0 }
	files := map[string]string{}
	modules := []struct{ dir, path string }{
		{"a", "example.com/a"}, {"b", "example.com/b/v2"}, {"a/nested", "example.com/a/nested"}, {"c", "example.com/a/other"}, {"tools/gen", "tools.example.com"},
	}
	modules = modules[:2+r.IntN(len(modules)-1)]
	work := !one(3)
	if work {
		text := "go 1.24\n"
		for i, m := range modules {
			if i == 0 || !one(4) {
				text += "use ./" + m.dir + "\n"
			} else {
				files[m.dir+"/outside-work"] = ""
			}
		}
		files["go.work"] = text
	}
	for _, m := range modules {
		text := "module " + m.path + "\n\ngo 1.24\n"
		for _, other := range modules {
			if other != m && one(3) {
				version := "v1.2.3"
				if strings.HasSuffix(other.path, "/v2") {
					version = "v2.3.4"
				}
				up := strings.Repeat("../", strings.Count(m.dir, "/")+1)
				text += fmt.Sprintf("require %s %s\nreplace %s => %s%s\n", other.path, version, other.path, up, other.dir)
			}
		}
		if one(4) {
			text += "ignore ./" + of("lib", "static", "cmd/x") + "\n"
		}
		files[m.dir+"/go.mod"] = text
		for range 4 + r.IntN(10) {
			dir := path.Join(m.dir, of(".", "lib", "lib/x", "cmd/x", "internal/y", "testdata/z", "_skip", ".hidden", "sub", "nested/q", "lib/vendor/example.com/v", "static", "v2"))
			pkg := path.Base(dir)
			if pkg == "." || strings.HasPrefix(pkg, "_") || strings.HasPrefix(pkg, ".") {
				pkg = "p"
			}
			if strings.HasPrefix(path.Base(path.Dir(dir)), "cmd") {
				pkg = "main"
			}
			for range 1 + r.IntN(4) {
				stem := of("a", "b", "c", "x_linux", "x_windows", "x_arm64", "x_linux_amd64", "doc", "a_test", "b_test", "x_linux_test", "_ignored", "x_unix")
				name := pkg
				if strings.HasSuffix(stem, "_test") && one(2) {
					name += "_test"
				}
				var text strings.Builder
				if one(4) {
					fmt.Fprintf(&text, "//go:build %s\n\n", of("linux", "!linux", "windows || darwin", "linux && amd64", "cgo", "!cgo", "ignore", "unix", "go1.18", "go1.99", "(linux || windows) && !arm64", "integration"))
				}
				fmt.Fprintf(&text, "package %s\n\n", name)
				embeds := one(5)
				if embeds {
					text.WriteString("import _ \"embed\"\n")
				}
				for range r.IntN(4) {
					other := modules[r.IntN(len(modules))]
					spec := of("fmt", "net/http", "C", "encoding/json", other.path, path.Join(other.path, of("lib", "lib/x", "internal/y", "sub", "testdata/z", "none", "nested", "nested/q", "static", "v2", "_skip")), "example.org/not/there", "nodot/x", "example.com/v", "example.com/a/nested/lib")
					if spec == "C" && strings.HasSuffix(stem, "_test") {
						spec = "os" // cgo is an error in tests
					}
					fmt.Fprintf(&text, "import %s%q\n", of("", "_ ", "x "), spec)
				}
				if embeds {
					fmt.Fprintf(&text, "\n//go:embed %s\nvar f string\n", of("data.txt", "static", "*.txt", "all:static", "static/*.txt data.txt", `"data.txt"`))
					files[path.Join(dir, "data.txt")] = "x"
					files[path.Join(dir, "static/one.txt")] = "x"
					files[path.Join(dir, "static/.two.txt")] = "x"
				}
				files[path.Join(dir, stem+".go")] = text.String()
			}
		}
	}
	// A module that go list reads with -mod=vendor.
	files["vendored/go.mod"] = "module example.com/vendored\n\ngo 1.24\n\nrequire example.com/v v1.0.0\n"
	files["vendored/outside-work"] = ""
	files["vendored/vendor/modules.txt"] = "# example.com/v v1.0.0\n## explicit; go 1.24\nexample.com/v\nexample.com/v/sub\n"
	files["vendored/vendor/example.com/v/v.go"] = "package v\n"
	files["vendored/vendor/example.com/v/sub/sub.go"] = "package sub\n\nimport _ \"example.com/v\"\n"
	files["vendored/x.go"] = "package vendored\n\nimport (\n\t_ \"example.com/v\"\n\t_ \"example.com/v/sub\"\n\t_ \"example.com/vendored/lib\"\n)\n"
	files["vendored/lib/vendor/old/old.go"] = "package old\n"
	files["vendored/lib/lib.go"] = "package lib\n"
	return files
}

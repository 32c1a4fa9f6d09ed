package ecmascript

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/tools/txtar"

	"github.com/eddy-build/eddy/loader"
)

// FuzzManifests resolves with whatever stands in the manifests: nothing panics,
// and every answer is a module that is there, or a reason.
func FuzzManifests(f *testing.F) {
	f.Add(`{"exports": {".": {"import": ["./a.js", null]}, "./*": "./*.ts"}, "name": "p"}`, `{"compilerOptions": {"paths": {"*": ["./*"]}},}`, "p/a")
	f.Add(`{"imports": {"#a/*": "./*", "#b": "#b", "#c": "p"}, "name": "p", "exports": "./a"}`, `{"extends": "./tsconfig.json"}`, "#b")
	f.Add(`{"main": "..", "typesVersions": {"*": {"*": ["../*"]}}, "workspaces": {"packages": ["**", "!p", "["]}}`, `// x
{"include": ["**/**/../*", "/"], "exclude": ["?"], "references": [{"path": ""}, {"path": "."}]}`, "./../p/./")
	f.Add(`{"name": "@", "dependencies": {"": "file:", "a": "link:../../..", "b": "workspace:@"}, "browser": {"a": "./"}}`,
		`{"compilerOptions": {"baseUrl": "../..", "rootDirs": ["/", ""], "outDir": "${configDir}", "moduleSuffixes": ["/"]}}`, "b")
	f.Add(`[]`, "\xef\xbb\xbf{", "!!x!./a?y")
	f.Fuzz(func(t *testing.T, manifest, config, specifier string) {
		archive := &txtar.Archive{Files: []txtar.File{
			{Name: "package.json", Data: []byte(manifest)},
			{Name: "p/package.json", Data: []byte(manifest)},
			{Name: "tsconfig.json", Data: []byte(config)},
			{Name: "p/tsconfig.json", Data: []byte(config)},
			{Name: "pnpm-workspace.yaml", Data: []byte(manifest)},
			{Name: "a.ts"}, {Name: "p/a.ts"}, {Name: "p/src/index.tsx"}, {Name: "p/b.d.ts"}, {Name: "p/b.js"},
		}}
		resolver, tree := indexOf(t, archive, map[string][]string{"p/b.d.ts": {specifier}})
		r := loader.NewResolution(tree)
		for _, m := range resolver.Modules() {
			for _, word := range []string{"static", "type", "require", "deferred", "path", "url", "types", "glob"} {
				r.Reset()
				resolver.Resolve(m, importOf(t, word, specifier, string(m.ID)), r)
				if r.Reason != "" && len(r.Targets) > 0 {
					t.Fatalf("%s %q: a reason and targets: %s, %v", word, specifier, r.Reason, r.Targets)
				}
				for _, target := range r.Targets {
					if target.External == nil && !tree.File(string(target.ID)) {
						t.Fatalf("%s %q: no file %q", word, specifier, target.ID)
					}
					if target.External != nil && target.ID == "" {
						t.Fatalf("%s %q: an empty ID", word, specifier)
					}
				}
				if len(r.Targets) == 0 && r.Reason == "" && word != "url" && word != "glob" && word != "path" {
					t.Fatalf("%s %q: neither an answer nor a reason", word, specifier)
				}
			}
		}
		for _, d := range resolver.Diagnostics() {
			if d.Span.File == "" || d.Message == "" {
				t.Fatalf("diagnostic without a file or a message: %v", d)
			}
		}
	})
}

// FuzzGlob compares the linear matcher of "include" with a plain recursive one,
// where no name is hidden.
func FuzzGlob(f *testing.F) {
	f.Add("**/a/*.ts", "b/a/c.ts")
	f.Add("a/**/b/**/c", "a/x/b/b/c")
	f.Add("?*/**", "ab/c")
	f.Fuzz(func(t *testing.T, pattern, path string) {
		if len(pattern) > 60 || len(path) > 60 || strings.Contains(path, ".") || strings.Contains(path, "//") || path == "" ||
			strings.HasPrefix(path, "/") || strings.HasSuffix(path, "/") || strings.Count(pattern, "*") > 8 ||
			strings.Contains(path, "modules") || strings.Contains(path, "components") || !utf8.ValidString(pattern) {
			return
		}
		g := newGlob(pattern)
		if g.up > 0 {
			return
		}
		names := strings.Split(path, "/")
		// An inclusion that ends in "**" is an error to the compiler and holds nothing.
		open := g.segments[len(g.segments)-1] == "**"
		if got, want := matchInclude(g.segments, path), !open && naive(g.segments, names, false); got != want {
			t.Errorf("include %q of %q: %v, want %v", g.segments, path, got, want)
		}
		if got, want := matchExclude(g.segments, path), naive(g.segments, names, true); got != want {
			t.Errorf("exclude %q of %q: %v, want %v", g.segments, path, got, want)
		}
	})
}

func naive(segments, names []string, prefix bool) bool {
	switch {
	case len(segments) == 0:
		return prefix || len(names) == 0
	case segments[0] == "**":
		if len(segments) == 1 && prefix {
			return true
		}
		return naive(segments[1:], names, prefix) || len(names) > 0 && naive(segments, names[1:], prefix)
	case len(names) == 0:
		return false
	}
	return matchSegment(segments[0], names[0]) && naive(segments[1:], names[1:], prefix)
}

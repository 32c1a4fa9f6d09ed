package ecmascript

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

var update = flag.Bool("update-resolve", false, "write what is resolved into testdata/resolve")

// TestResolve runs the cases of testdata/resolve. A case is a tree and, before
// it, lines that ask how a file's import is resolved and tell the answer:
//
//	src/a.ts static ./b -> src/b.ts | relative path
//	src/a.ts type react -> npm:react (runtime) | package that package.json declares
//	src/a.ts require ./no -> unresolved | there is no such file
//
// The second word is a kind, or require, require-deferred, path (of a reference
// or URL), types (of a reference) or glob. A target of another kind than asked
// for has that kind before it. A line "ambient FILE NAME" gives a file a fact;
// "config FILE" tells its config; "diagnostics" begins the list of them; others
// are comments.
func TestResolve(t *testing.T) {
	files, err := filepath.Glob("testdata/resolve/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			want := string(archive.Comment)
			archive.Comment = []byte(answer(t, archive))
			if *update {
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			got := strings.Split(string(archive.Comment), "\n")
			for i, line := range strings.Split(want, "\n") {
				if i >= len(got) || got[i] != line {
					t.Errorf("%s:%d:\n got %s\nwant %s", name, i+1, got[min(i, len(got)-1)], line)
				}
			}
			if n := strings.Count(want, "\n"); len(got) != n+1 {
				t.Errorf("%d lines, want %d", len(got), n+1)
			}
		})
	}
}

// answer rewrites the lines of a case with what is resolved.
func answer(t *testing.T, archive *txtar.Archive) string {
	lines := strings.Split(strings.TrimSuffix(string(archive.Comment), "\n"), "\n")
	ambients := make(map[string][]string)
	for _, line := range lines {
		if w := strings.Fields(line); len(w) == 3 && w[0] == "ambient" {
			ambients[w[1]] = append(ambients[w[1]], w[2])
		}
	}
	resolver, tree := indexOf(t, archive, ambients)
	byID := make(map[string]*module.Module)
	for _, m := range resolver.Modules() {
		byID[string(m.ID)] = m
	}
	r := loader.NewResolution(tree)
	var out bytes.Buffer
	for _, line := range lines {
		question, _, asked := strings.Cut(line, " -> ")
		w := strings.Fields(question)
		switch {
		case len(w) == 2 && w[0] == "config":
			fmt.Fprintf(&out, "%s -> %s\n", question, configOf(resolver.(*index), w[1]))
		case asked && len(w) == 3 && byID[w[0]] != nil:
			r.Reset()
			imp := importOf(t, w[1], w[2], w[0])
			resolver.Resolve(byID[w[0]], imp, r)
			fmt.Fprintf(&out, "%s -> %s\n", question, resolved(r, imp))
		case asked:
			t.Errorf("cannot read the line %q", line)
		case line == "diagnostics":
			fmt.Fprintln(&out, line)
			for _, d := range module.SortDiagnostics(slices.Clone(resolver.Diagnostics())) {
				fmt.Fprintf(&out, "  %s\n", d)
			}
		case strings.HasPrefix(line, "  "): // of an earlier list
		default:
			fmt.Fprintln(&out, line)
		}
	}
	return out.String()
}

func configOf(ix *index, path string) string {
	s := ix.sources[module.ID(path)]
	switch {
	case s == nil || s.config == nil:
		return "none"
	case !s.included:
		return s.config.path + " | nearest"
	}
	return s.config.path + " | includes it"
}

func importOf(t *testing.T, word, specifier, file string) *module.Import {
	imp := &module.Import{Specifier: specifier, Span: module.Span{File: file, Line: 1, Column: 1}}
	switch word {
	case "static":
	case "type":
		imp.Kind = module.Type
	case "deferred":
		imp.Kind = module.Deferred
	case "require":
		imp.Flags = module.Require
	case "require-deferred":
		imp.Kind, imp.Flags = module.Deferred, module.Require
	case "path":
		imp.Kind, imp.Flags = module.Type, module.FileRef
	case "url":
		imp.Kind, imp.Flags = module.Deferred, module.FileRef
	case "types":
		imp.Kind, imp.Flags = module.Type, module.TypeRef
	case "glob":
		imp.Kind, imp.Flags = module.Deferred, module.Pattern
	default:
		t.Fatalf("unknown kind of import %q", word)
	}
	return imp
}

func resolved(r *loader.Resolution, imp *module.Import) string {
	if r.Reason != "" {
		return "unresolved | " + r.Reason
	}
	if len(r.Targets) == 0 {
		return "nothing"
	}
	var words []string
	for _, target := range r.Targets {
		word := string(target.ID)
		if target.Kind != imp.Kind {
			word = target.Kind.String() + " " + word
		}
		if target.Declared != module.DeclaredUnknown {
			word += " (" + target.Declared.String() + ")"
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ") + " | " + r.Rule
}

// indexOf indexes the tree of an archive.
func indexOf(t testing.TB, archive *txtar.Archive, ambients map[string][]string) (loader.Resolver, *loader.Tree) {
	t.Helper()
	mem := fsys.NewMem()
	ws := &loader.Workspace{Root: mem.Root(), FS: mem}
	var paths []string
	for _, f := range archive.Files {
		mem.Write(f.Name, string(f.Data))
		if strings.HasPrefix(f.Name, "../") || strings.Contains(f.Name, "node_modules/") {
			continue
		}
		paths = append(paths, f.Name)
		if New().Claim(f.Name) == loader.ClaimSource {
			ws.Files = append(ws.Files, loader.File{Path: f.Name, Facts: &module.Facts{Ambient: ambients[f.Name]}})
		}
	}
	slices.SortFunc(ws.Files, func(a, b loader.File) int { return strings.Compare(a.Path, b.Path) })
	ws.Tree = loader.TreeOf(paths...)
	resolver, err := New().Index(context.Background(), ws)
	if err != nil {
		t.Fatal(err)
	}
	return resolver, ws.Tree
}

package ecmascript

import (
	"context"
	"encoding/json"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/internal/oracle"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// oracleImport is one import as the compiler resolves it.
type oracleImport struct {
	From, Specifier, Kind, Config string
	To, Run                       *string
}

// beyond are the rules by which Eddy answers where the compiler does not, each
// with its line in docs/limits.md.
func beyond(rule string) bool {
	switch rule {
	case ruleExact, ruleQuery, rulePlatform, ruleOutDir, ruleUsual, ruleBundle, ruleIgnored:
		return true
	}
	for _, part := range []string{
		"(source)", "(under another condition)", "unlisted package", "customary alias", "as nothing names another",
		"entry by ", againstConfig, "ambient module", "absolute path from the root of the package",
		"path, in ", "workspace root", byExactName, withCustomExtension,
	} {
		if strings.Contains(rule, part) {
			return true
		}
	}
	return false
}

// TestResolveEqualsTypeScript resolves every import of published packages as the
// compiler does, each package as a workspace of its own.
func TestResolveEqualsTypeScript(t *testing.T) {
	dir := oracle.Dir(t, "ecmascript", "packages")
	oracle.Dir(t, "ecmascript", "resolve.mjs")
	names := []string{
		"rxjs", "effect", "zod", "@tanstack/query-core", "three", "eslint", "webpack", "@babel/core", "svelte", "preact",
		"date-fns", "@trpc/server",
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			compareWithTypeScript(t, filepath.Join(dir, name), filepath.Join(dir, name), nil)
		})
	}
}

// compareWithTypeScript resolves what the compiler resolved below root. The tree
// that Eddy sees may be another, on which back maps the compiler's answers.
func compareWithTypeScript(t *testing.T, root, seen string, back map[string]string) {
	script := oracle.Dir(t, "ecmascript", "resolve.mjs")
	out, err := exec.CommandContext(t.Context(), "node", script, root).Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var want []oracleImport
	if err := json.Unmarshal(out, &want); err != nil {
		t.Fatal(err)
	}
	ix, tree := indexDisk(t, seen)
	r := loader.NewResolution(tree)
	inside, wrong, more := 0, 0, 0
	for _, w := range want {
		if back[w.From] != "" {
			continue // a file of output: Eddy's tree has only the source
		}
		from, ok := slices.BinarySearchFunc(ix.modules, module.ID(w.From), func(m *module.Module, id module.ID) int { return m.ID.Compare(id) })
		if !ok {
			t.Errorf("%s is no module", w.From)
			continue
		}
		if config := ix.sources[module.ID(w.From)].config; config != nil && config.path != w.Config || config == nil && w.Config != "" {
			t.Errorf("%s: config %v, want %s", w.From, config, w.Config)
			continue
		}
		r.Reset()
		imp := importOf(t, w.Kind, w.Specifier, w.From)
		ix.modules[from].Imports = nil
		ix.Resolve(ix.modules[from], imp, r)
		if problem := compareAnswer(w, imp, r, back); problem != "" {
			if wrong++; wrong <= 20 {
				t.Errorf("%s: %s %q: %s; got %s", w.From, w.Kind, w.Specifier, problem, resolved(r, imp))
			}
		}
		if w.To != nil {
			inside++
		} else if beyond(r.Rule) {
			more++
		}
	}
	if len(want) == 0 {
		t.Error("the compiler found no import")
	}
	t.Logf("%d imports, %d of them inside; %d differ; %d answered beyond the compiler", len(want), inside, wrong, more)
}

// compareAnswer says how a resolution differs from the compiler's.
func compareAnswer(w oracleImport, imp *module.Import, r *loader.Resolution, back map[string]string) string {
	mapped := func(p *string) string {
		if p == nil {
			return ""
		}
		if source := back[*p]; source != "" {
			return source
		}
		return *p
	}
	var local []string
	for _, target := range r.Targets {
		if target.External == nil {
			local = append(local, target.Kind.String()+" "+string(target.ID))
		}
	}
	to, run := mapped(w.To), mapped(w.Run)
	kind := imp.Kind.String() + " "
	switch {
	case to == "":
		if len(local) > 0 && !beyond(r.Rule) {
			return "the compiler finds nothing"
		}
	case isDeclaration(to) && imp.Kind != module.Type && run != "" && !isDeclaration(run):
		if !slices.Equal(local, []string{kind + run, "type " + to}) {
			return "want " + run + " and for types " + to
		}
	case len(local) == 2 && isDeclaration(to) && local[1] == "type "+to && beyond(r.Rule):
		// Code that the compiler does not know answers too.
	case !slices.Equal(local, []string{kind + to}) && !slices.Equal(local, []string{"type " + to}):
		return "want " + to
	}
	return ""
}

// indexDisk indexes a folder on disk.
func indexDisk(t testing.TB, root string) (*index, *loader.Tree) {
	t.Helper()
	ws := &loader.Workspace{Root: root, FS: fsys.OS(root)}
	var paths []string
	err := filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, p)
		switch {
		case err != nil:
			return err
		case e.IsDir():
			if e.Name() == "node_modules" {
				return fs.SkipDir
			}
		case e.Type().IsRegular():
			rel = filepath.ToSlash(rel)
			paths = append(paths, rel)
			if New().Claim(rel) == loader.ClaimSource {
				ws.Files = append(ws.Files, loader.File{Path: rel, Facts: &module.Facts{}})
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(ws.Files, func(a, b loader.File) int { return strings.Compare(a.Path, b.Path) })
	ws.Tree = loader.TreeOf(paths...)
	resolver, err := New().Index(context.Background(), ws)
	if err != nil {
		t.Fatal(err)
	}
	return resolver.(*index), ws.Tree
}

// TestBuiltinsAreThoseOfNode compares the table with the installed Node. A newer
// one has at most more names that need the prefix.
func TestBuiltinsAreThoseOfNode(t *testing.T) {
	oracle.Dir(t, "ecmascript")
	out, err := exec.CommandContext(t.Context(), "node", "-p", `require("module").builtinModules.join(" ")`).Output()
	if err != nil {
		t.Fatal(err)
	}
	have := make(map[string]bool)
	for _, name := range strings.Fields(string(out)) {
		have[name] = true
		if builtins[name] == nil && !strings.HasPrefix(name, "node:") {
			t.Errorf("%s is missing", name)
		}
	}
	for name := range builtins {
		if !have[name] {
			t.Errorf("%s is none of Node's", name)
		}
	}
}

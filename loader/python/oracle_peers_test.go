package python

import (
	"encoding/json"
	"maps"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/internal/oracle"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// TestContainsWhatPeersReport compares with ruff and grimp: each dependency that
// one of them reports on a package must be in the graph, save those that
// docs/limits.md lists.
func TestContainsWhatPeersReport(t *testing.T) {
	venv := filepath.Join(oracle.Dir(t, "python", "venv"), "bin")
	script, err := filepath.Abs(filepath.Join("..", "..", "internal", "oracle", "python", "grimp_graph.py"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range selected() {
		t.Run(name, func(t *testing.T) {
			root := oracle.Dir(t, "python", name)
			r, err := loader.Load(t.Context(), loader.Config{Root: root, FS: fsys.OS(root), Frontends: []loader.Frontend{New()}})
			if err != nil {
				t.Fatal(err)
			}
			modules := map[string]*module.Module{}
			for _, m := range r.Set.Modules {
				modules[string(m.ID)] = m
			}
			ruff := exec.Command(filepath.Join(venv, "ruff"), "analyze", "graph", "--isolated", "--no-preview", "--quiet", ".")
			ruff.Dir = root
			contains(t, "ruff", ruff, modules)
			if name == "mypy" {
				return // grimp refuses a package of which __init__ is compiled
			}
			contains(t, "grimp", exec.Command(filepath.Join(venv, "python"), "-I", script, root), modules)
		})
	}
}

func contains(t *testing.T, peer string, cmd *exec.Cmd, modules map[string]*module.Module) {
	t.Helper()
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v", peer, err)
	}
	var graph map[string][]string
	if err := json.Unmarshal(out, &graph); err != nil {
		t.Fatalf("%s: %v", peer, err)
	}
	edges, missing := 0, 0
	for _, from := range slices.Sorted(maps.Keys(graph)) {
		m := modules[from]
		for _, to := range graph[from] {
			edges++
			if m != nil && slices.ContainsFunc(m.Deps, func(d module.Dep) bool { return string(d.To) == to }) {
				continue
			}
			if excused(m, to, modules) {
				continue
			}
			if missing++; missing <= 20 {
				t.Errorf("%s reports %s → %s", peer, from, to)
			}
		}
	}
	t.Logf("%s: %d dependencies, %d missing", peer, edges, missing)
	if edges == 0 {
		t.Errorf("%s reports nothing", peer)
	}
}

// excused holds the differences of docs/limits.md: a stub's import leads to the
// stub alone, where ruff has the source beside it too; what is imported from a
// package may be a compiled module, or missing, where the peers have the package;
// and ruff takes a standard module for a package's own of that name.
func excused(m *module.Module, to string, modules map[string]*module.Module) bool {
	if m == nil {
		return false
	}
	dir, _ := loader.Split(to)
	stem := withoutSuffix(to)
	name := path.Base(strings.TrimSuffix(stem, "/__init__"))
	if len(m.Unresolved) > 0 && stem == withoutSuffix(string(m.ID)) {
		return true
	}
	return slices.ContainsFunc(m.Deps, func(dep module.Dep) bool {
		d := modules[string(dep.To)]
		at, _ := loader.Split(string(d.ID))
		return d.Kind == module.KindStandard && d.Name == name ||
			d.Kind == module.KindAsset && at == dir && stem == dir+"/__init__" ||
			strings.HasSuffix(to, ".py") && string(d.ID) == stem+".pyi"
	})
}

func withoutSuffix(path string) string {
	return strings.TrimSuffix(strings.TrimSuffix(path, ".pyi"), ".py")
}

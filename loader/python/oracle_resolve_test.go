package python

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/internal/oracle"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// TestResolutionAgainstReference holds the resolver against a short one that
// shares nothing with it, on whole packages.
func TestResolutionAgainstReference(t *testing.T) {
	python := interpreter(t)
	t.Run("stdlib", func(t *testing.T) {
		compareResolution(t, python, standardLibrary(t, python), true)
	})
	for _, name := range selected() {
		t.Run(name, func(t *testing.T) { compareResolution(t, python, oracle.Dir(t, "python", name), false) })
	}
}

func compareResolution(t *testing.T, python, root string, first bool) {
	cfg := loader.Config{Root: root, FS: fsys.OS(root), Frontends: []loader.Frontend{New()}}
	args := []string{root}
	if first {
		cfg.Options.PythonRoots = []string{"."}
		args = append(args, "first")
	}
	cfg.Walk.Exclude = []string{"site-packages/", "dist-packages/"}
	got, err := loader.Load(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	modules := map[string]*module.Module{}
	for _, m := range got.Set.Modules {
		modules[string(m.ID)] = m
	}
	compared, unanswered, differences := 0, 0, 0
	run(t, python, "resolve.py", args, sources(t, root), func(line []byte) {
		var want struct {
			Path    string
			Targets [][][2]string
		}
		if err := json.Unmarshal(line, &want); err != nil {
			t.Fatal(err)
		}
		m := modules[want.Path]
		if m == nil || len(want.Targets) != len(m.Imports) {
			return // rejected by Python; the comparison of imports tells of all others
		}
		for i, targets := range want.Targets {
			compared++
			have := targetsOf(m, int32(i))
			if targets == nil {
				unanswered++
				if d := spurious(m, i, have); d == "" {
					continue
				}
			} else if slices.EqualFunc(have, targets, sameTarget) || fromItself(m, i, targets) {
				continue
			}
			if differences++; differences <= 40 {
				im := m.Imports[i]
				t.Errorf("%s: %s %v leads to %v, want %v", im.Span, im.Specifier, im.Names, have, targets)
			}
		}
	})
	t.Logf("%d imports, %d of them lead nowhere, %d differences", compared, unanswered, differences)
	if compared == 0 {
		t.Error("nothing was compared")
	}
}

func targetsOf(m *module.Module, imp int32) [][2]string {
	var list [][2]string
	for _, d := range m.Deps {
		if d.Import == imp {
			list = append(list, [2]string{string(d.To), d.Kind.String()})
		}
	}
	slices.SortFunc(list, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
	return list
}

// sameTarget lets the embedded list of standard modules, which is that of all
// versions, know more than the list of one interpreter.
func sameTarget(have, want [2]string) bool {
	if have == want {
		return true
	}
	name, ok := strings.CutPrefix(have[0], "python:")
	return ok && want[0] == "pypi:"+name && standardModules[name]
}

// fromItself reports whether a package imports from itself what is no submodule:
// the reference believes that it is an attribute (docs/limits.md).
func fromItself(m *module.Module, imp int, targets [][2]string) bool {
	itself := slices.ContainsFunc(targets, func(t [2]string) bool { return t[0] == string(m.ID) && t[1] != "implicit" })
	return itself && slices.ContainsFunc(m.Unresolved, func(u module.Unresolved) bool { return u.Import == int32(imp) })
}

// spurious returns what is wrong with the targets of an import for which no
// module answers: it may have none, or, where a package on its way may have an
// attribute of the name, that package.
func spurious(m *module.Module, imp int, have [][2]string) string {
	for _, u := range m.Unresolved {
		if u.Import == int32(imp) && len(have) == 0 {
			return ""
		}
	}
	for _, h := range have {
		if strings.HasPrefix(h[0], "pypi:") {
			continue // the rest of a namespace package is elsewhere
		}
		stem := strings.TrimSuffix(strings.TrimSuffix(h[0], filepath.Ext(h[0])), "/__init__")
		if dotted := strings.ReplaceAll(stem, "/", "."); !strings.HasPrefix(m.Imports[imp].Specifier, dotted) && !strings.HasPrefix(m.Imports[imp].Specifier, ".") {
			return fmt.Sprintf("leads to %s", h[0])
		}
	}
	return ""
}

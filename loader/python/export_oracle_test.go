package python

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/eddy-build/eddy/internal/oracle"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// TestExportsAgainstAST holds the names, kinds and documentation of exports
// against CPython's own parser.
func TestExportsAgainstAST(t *testing.T) {
	python := interpreter(t)
	t.Run("stdlib", func(t *testing.T) { compareExports(t, python, standardLibrary(t, python)) })
	for _, name := range selected() {
		t.Run(name, func(t *testing.T) { compareExports(t, python, oracle.Dir(t, "python", name)) })
	}
}

func compareExports(t *testing.T, python, root string) {
	files, names, differences := 0, 0, 0
	p := newParser()
	run(t, python, "exports.py", []string{root}, sources(t, root), func(line []byte) {
		var want struct {
			Path, Error string
			Exports     [][6]any
		}
		if err := json.Unmarshal(line, &want); err != nil {
			t.Fatal(err)
		}
		src, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(want.Path)))
		if err != nil {
			t.Fatal(err)
		}
		got := p.Parse(want.Path, src, loader.DetailExports)
		checkExports(t, src, got)
		if want.Error != "" {
			return
		}
		files++
		names += len(want.Exports)
		var a, b []string
		for _, e := range got.Exports {
			a = append(a, fmt.Sprint(e.Name, " ", astKind(&e), " ", e.Imported, " ", e.Doc))
		}
		for _, e := range want.Exports {
			b = append(b, fmt.Sprint(e[2], " ", e[3], " ", e[4], " ", e[5]))
		}
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			if differences++; differences <= 40 {
				t.Errorf("%s: only ours %q, only theirs %q", want.Path, without(a, b), without(b, a))
			}
		}
	})
	t.Logf("%d files, %d names, %d files differ", files, names, differences)
	if names == 0 {
		t.Error("nothing was compared")
	}
}

// astKind is a kind as far as a syntax tree tells it: constants are a custom of
// spelling, and so are the types that are assigned.
func astKind(e *module.Export) string {
	if e.Kind == module.SymbolConstant {
		return "variable"
	}
	return e.Kind.String()
}

// without returns the elements of a that b, sorted as a is, has not.
func without(a, b []string) []string {
	var list []string
	for len(a) > 0 {
		switch {
		case len(b) > 0 && a[0] == b[0]:
			a, b = a[1:], b[1:]
		case len(b) > 0 && b[0] < a[0]:
			b = b[1:]
		default:
			list = append(list, a[0])
			a = a[1:]
		}
	}
	return list
}

package loader

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/eddy-build/eddy/module"
)

// TestExportSorter compares the sorting by number with the stable one of the
// standard library.
func TestExportSorter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var x exportSorter
		for range 2 {
			var list []module.Export
			for n, name := range rapid.SliceOfN(rapid.StringMatching("[a-c]{0,2}|prefixed[a-c]{0,2}"), 0, 40).Draw(t, "names") {
				line := rapid.Int32Range(1, 3).Draw(t, "line")
				list = append(list, module.Export{Name: name, Span: module.Span{Line: line}, Import: int32(n)})
			}
			want := slices.Clone(list)
			slices.SortStableFunc(want, func(a, b module.Export) int {
				if c := strings.Compare(a.Name, b.Name); c != 0 {
					return c
				}
				return a.Span.Compare(b.Span)
			})
			if x.sort(list); !slices.Equal(list, want) {
				t.Fatalf("have %v, want %v", list, want)
			}
		}
	})
}

// TestExportsAreShared holds that a module of one file has the very exports of its
// facts.
func TestExportsAreShared(t *testing.T) {
	facts := &module.Facts{Exports: []module.Export{{Name: "a"}, {Name: "b"}}}
	r := &Result{frontends: []Frontend{nil}, sources: []*source{{path: "a.x", facts: facts}}}
	m := &module.Module{Files: []string{"a.x"}}
	r.fill(m, DetailExports)
	if len(m.Exports) != 2 || &m.Exports[0] != &facts.Exports[0] {
		t.Fatalf("%v is a copy", m.Exports)
	}
}

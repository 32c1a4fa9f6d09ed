package graph_test

import (
	"slices"
	"testing"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/module"
)

// A dependency that no import gives is an edge without occurrences, in whatever
// order the set is.
func TestImpliedDependency(t *testing.T) {
	modules := []*module.Module{
		{ID: "dag"},
		{ID: "dag:test", Deps: []module.Dep{{To: "dag", Import: module.NoImport, Kind: module.Implicit}}},
	}
	for range 2 {
		g := graph.Of(&module.Set{Modules: modules})
		if list := g.Occurrences(0); len(list) != 0 || g.ImportCount(0, module.AllKinds) != 0 {
			t.Errorf("%d occurrences, %d imports", len(list), g.ImportCount(0, module.AllKinds))
		}
		if g.Kinds(0) != module.Of(module.Implicit) {
			t.Errorf("kinds %s", g.Kinds(0))
		}
		slices.Reverse(modules)
	}
}

package loader

import (
	"context"
	"slices"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/module"
	"github.com/eddy-build/eddy/symbols"
)

// check looks for the names that modules import and their targets do not have.
// What a module's check depends on is the module and its targets, whose
// interfaces have in them what they pass on: where those are the same values as
// in prev, so is the finding. Few look further, and are never done with.
func (r *Result) check(ctx context.Context, cfg Config, t *turn) error {
	todo := r.unchecked(t)
	r.Stats.Work.Checked = len(todo)
	if len(todo) == 0 {
		return nil
	}
	x := symbols.New(r.Set)
	if len(todo) < len(r.own)/8 {
		x = symbols.Sparse(r.Set)
	}
	x.Folder = r.Tree.Dir
	findings := make([][]module.Diagnostic, len(todo))
	wide := make([]bool, len(todo))
	var failed error
	err := parallel(ctx, cfg.Workers, len(todo), newTicker(cfg.Progress, StageLink, len(todo)), func() func(int) {
		return func(i int) { findings[i], wide[i] = x.Examine(r.own[todo[i]].id()) }
	}, func(_ int, err error) { failed = err })
	if err == nil {
		err = failed
	}
	for i, at := range todo {
		if o := r.own[at]; !o.checked || wide[i] || len(o.findings)+len(findings[i]) > 0 {
			o = t.writable(r, at)
			o.findings, o.checked = findings[i], !wide[i]
		}
	}
	return err
}

// unchecked lists the places of the modules to check, ascending: those that were
// not yet, and those of which the module itself or one that it leads to is
// another. Who leads to a module that was there before is read off the graph of
// prev; the modules that have other dependencies now are others themselves.
func (r *Result) unchecked(t *turn) []int32 {
	prev := t.prev
	var todo []int32
	if prev.restored != nil || len(prev.own) == 0 || prev.Detail < DetailExports {
		for at := range r.own {
			todo = append(todo, int32(at))
		}
		return todo
	}
	for at, o := range r.own {
		if !o.checked {
			todo = append(todo, int32(at))
		}
	}
	add := func(id module.ID) {
		if at, ok := findOwned(r.own, id); ok {
			todo = append(todo, int32(at))
		}
	}
	var g *graph.Graph
	differences(prev.Set.Modules, r.Set.Modules, byID, func(a, b *module.Module) {
		if b != nil {
			add(b.ID)
		}
		if a == nil {
			return
		}
		if g == nil {
			g = prev.Graph()
		}
		if n, ok := g.Lookup(a.ID); ok {
			for _, importer := range g.In(n) {
				add(g.ID(importer))
			}
		}
	})
	slices.Sort(todo)
	return slices.Compact(todo)
}

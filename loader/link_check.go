package loader

import (
	"context"
	"slices"

	"github.com/eddy-build/eddy/module"
	"github.com/eddy-build/eddy/symbols"
)

// check looks for the names that modules import and their targets do not have.
// What a module's check depends on is the module and its targets, whose
// interfaces have in them what they pass on: where those are the same values as
// in prev, so is the finding.
func (r *Result) check(ctx context.Context, cfg Config, prev *Result) error {
	changed := map[module.ID]struct{}{}
	merge(prev.Set.Modules, r.Set.Modules, byID, func(a, b *module.Module) {
		if a != b {
			changed[cmpID(a, b)] = struct{}{}
		}
	})
	var todo []int32
	for i := range r.own {
		if o := &r.own[i]; !o.checked || o.touched(changed) {
			todo = append(todo, int32(i))
		}
	}
	r.Stats.Work.Checked = len(todo)
	x := symbols.New(r.Set)
	var failed error
	err := parallel(ctx, cfg.Workers, len(todo), newTicker(cfg.Progress, StageLink, len(todo)), func() func(int) {
		return func(i int) {
			o := &r.own[todo[i]]
			o.findings, o.checked = x.Check(o.module.ID), true
		}
	}, func(_ int, err error) { failed = err })
	if err == nil {
		err = failed
	}
	return err
}

func cmpID(a, b *module.Module) module.ID {
	if a != nil {
		return a.ID
	}
	return b.ID
}

// touched reports whether a module or one that it leads to is in a set.
func (o *owned) touched(changed map[module.ID]struct{}) bool {
	if len(changed) == 0 {
		return false
	}
	if _, ok := changed[o.module.ID]; ok {
		return true
	}
	return slices.ContainsFunc(o.module.Deps, func(d module.Dep) bool {
		_, ok := changed[d.To]
		return ok
	})
}

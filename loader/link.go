package loader

import (
	"context"
	"slices"

	"github.com/eddy-build/eddy/module"
)

// link makes the set. Where exports are asked for, the modules get their
// interface digests, and the names that they import are checked.
func (r *Result) link(ctx context.Context, cfg Config, prev *Result, outside map[module.ID]*module.Module, fresh []bool) error {
	if cfg.Detail >= DetailExports {
		if err := r.linkInterfaces(ctx, cfg, prev, fresh); err != nil {
			return err
		}
	}
	r.Set = &module.Set{Root: cfg.Root, Modules: linkModules(r.own, prev.Set.Modules, outside)}
	if cfg.Detail >= DetailExports {
		if err := r.check(ctx, cfg, prev); err != nil {
			return err
		}
		if cfg.Visit != nil {
			if err := r.visit(ctx, cfg, prev); err != nil {
				return err
			}
		}
	}
	r.Set.Diagnostics = r.diagnostics()
	return nil
}

// linkModules puts the front-ends' own modules and those outside that they lead to
// together, sorted by ID. An outside module that is as it was in prev, which is
// sorted too, is taken from there.
func linkModules(own []owned, prev []*module.Module, found map[module.ID]*module.Module) []*module.Module {
	known := make(map[module.ID]struct{}, len(own)+len(found))
	all := make([]*module.Module, 0, len(own)+len(found))
	for i := range own {
		all = append(all, own[i].module)
		known[own[i].module.ID] = struct{}{}
	}
	for i := range own {
		for _, dep := range own[i].module.Deps {
			if _, ok := known[dep.To]; ok {
				continue
			}
			known[dep.To] = struct{}{}
			m := found[dep.To]
			if n, ok := slices.BinarySearchFunc(prev, dep.To, compareID); ok && (m == nil || sameDescription(prev[n], m)) {
				m = prev[n]
			}
			all = append(all, m)
		}
	}
	slices.SortFunc(all, byID)
	return all
}

func compareID(m *module.Module, id module.ID) int { return m.ID.Compare(id) }

package loader

import (
	"context"
	"slices"

	"github.com/eddy-build/eddy/module"
)

// link makes the set. Where exports are asked for, the modules get their
// interface digests, and the names that they import are checked.
func (r *Result) link(ctx context.Context, cfg Config, t *turn) error {
	if cfg.Detail >= DetailExports {
		if err := r.linkInterfaces(ctx, cfg, t); err != nil {
			return err
		}
	}
	r.assembleSet(cfg.Root, t)
	r.graph = t.prev.graph.next(r.Set)
	if cfg.Detail >= DetailExports {
		if err := r.check(ctx, cfg, t); err != nil {
			return err
		}
		if cfg.Visit != nil {
			if err := r.visit(ctx, cfg, t); err != nil {
				return err
			}
		}
	}
	r.gatherDiagnostics(t)
	return nil
}

// assembleSet puts the front-ends' own modules and those outside that they lead to
// together, sorted by ID.
func (r *Result) assembleSet(root string, t *turn) {
	prev := t.prev
	r.Set = &module.Set{Root: root}
	if prev.restored != nil || len(prev.own) == 0 || !r.updateForeign(t) {
		r.countForeign(t)
		all := make([]*module.Module, 0, len(r.own)+len(r.foreign))
		for _, o := range r.own {
			all = append(all, o.module)
		}
		for _, f := range r.foreign {
			all = append(all, f.module)
		}
		slices.SortFunc(all, byID)
		r.Set.Modules = all
		return
	}
	var changes []replacement[module.ID, module.Module]
	note := func(id module.ID, m *module.Module) {
		changes = append(changes, replacement[module.ID, module.Module]{id, m})
	}
	differences(prev.own, r.own, byOwnedID, func(old, new *owned) {
		switch {
		case new == nil:
			note(old.module.ID, nil)
		case old == nil || old.module != new.module:
			note(new.module.ID, new.module)
		}
	})
	differences(prev.foreign, r.foreign, func(a, b *foreign) int { return byID(a.module, b.module) }, func(old, new *foreign) {
		switch {
		case new == nil:
			note(old.module.ID, nil)
		case old == nil || old.module != new.module:
			note(new.module.ID, new.module)
		}
	})
	if len(changes) == 0 {
		r.Set.Modules = prev.Set.Modules
		return
	}
	// A module may go from the front-ends' own to those outside, or come from there.
	r.Set.Modules = patched(prev.Set.Modules, ordered(changes, module.ID.Compare), compareID)
}

func compareID(m *module.Module, id module.ID) int { return m.ID.Compare(id) }

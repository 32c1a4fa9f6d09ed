package loader

import (
	"slices"

	"github.com/eddy-build/eddy/module"
)

// foreign is a module outside the front-ends' own, an external one or an asset,
// and how many of these depend on it: it is in the set while one does.
type foreign struct {
	module *module.Module
	uses   int32
}

func compareForeign(f *foreign, id module.ID) int { return f.module.ID.Compare(id) }

// visitForeign visits each module that a module depends on and own has not, once.
func visitForeign(m *module.Module, own func(module.ID) bool, visit func(module.ID)) {
	for i := range m.Deps {
		if to := m.Deps[i].To; (i == 0 || to != m.Deps[i-1].To) && !own(to) {
			visit(to)
		}
	}
}

// countForeign fills in r.foreign from the dependencies of all modules. What is as
// it was in prev is taken from there. O(deps).
func (r *Result) countForeign(t *turn) {
	own := r.ownership(len(r.own))
	uses := map[module.ID]int32{}
	for _, o := range r.own {
		visitForeign(o.module, own, func(id module.ID) { uses[id]++ })
	}
	list := make([]foreign, 0, len(uses))
	for id, n := range uses {
		m := t.describe(id)
		list = append(list, foreign{m, n})
	}
	slices.SortFunc(list, func(a, b foreign) int { return byID(a.module, b.module) })
	r.foreign = pointers(list)
}

// describe returns the module of an ID outside the front-ends: the one of prev
// where what was found now is the same.
func (t *turn) describe(id module.ID) *module.Module {
	var found *module.Module
	if n, ok := slices.BinarySearchFunc(t.found, id, compareID); ok {
		found = t.found[n]
	}
	if n, ok := slices.BinarySearchFunc(t.prev.Set.Modules, id, compareID); ok {
		if before := t.prev.Set.Modules[n]; found == nil || sameDescription(before, found) {
			return before
		}
	}
	return found
}

// updateForeign is countForeign that looks at the modules alone whose
// dependencies are others than in prev. It reports false where they do not tell:
// where one that was not resolved again depends on a module that came to the
// front-ends' own or went from them.
func (r *Result) updateForeign(t *turn) bool {
	prev := t.prev
	var turned []module.ID // own in one result and not in the other
	changes := map[module.ID]int32{}
	before := func(id module.ID) bool { _, ok := findOwned(prev.own, id); return ok }
	now := func(id module.ID) bool { _, ok := findOwned(r.own, id); return ok }
	differences(prev.own, r.own, byOwnedID, func(old, new *owned) {
		switch {
		case old == nil:
			turned = append(turned, new.module.ID)
		case new == nil:
			turned = append(turned, old.module.ID)
		case old.module == new.module:
			return
		}
		if old != nil {
			visitForeign(old.module, before, func(id module.ID) { changes[id]-- })
		}
		if new != nil {
			visitForeign(new.module, now, func(id module.ID) { changes[id]++ })
		}
	})
	if len(turned) > maxTurned || len(turned) > 0 && r.dependsOn(t, turned) {
		return false
	}
	var replaced []replacement[module.ID, foreign]
	for id, n := range changes {
		var next foreign
		at, had := slices.BinarySearchFunc(prev.foreign, id, compareForeign)
		if had {
			next = *prev.foreign[at]
		}
		if next.uses += n; next.uses < 0 {
			return false
		}
		m := t.describe(id)
		switch {
		case next.uses == 0 && had:
			replaced = append(replaced, replacement[module.ID, foreign]{id, nil})
		case next.uses > 0 && m == nil:
			return false
		case next.uses > 0 && (n != 0 || next.module != m):
			next.module = m
			replaced = append(replaced, replacement[module.ID, foreign]{id, &next})
		}
	}
	// What was found may be described otherwise now, also where no count is another.
	for _, m := range t.found {
		at, had := slices.BinarySearchFunc(prev.foreign, m.ID, compareForeign)
		if _, counted := changes[m.ID]; had && !counted && !sameDescription(prev.foreign[at].module, m) {
			replaced = append(replaced, replacement[module.ID, foreign]{m.ID, &foreign{m, prev.foreign[at].uses}})
		}
	}
	r.foreign = prev.foreign
	if len(replaced) > 0 {
		slices.SortFunc(replaced, func(a, b replacement[module.ID, foreign]) int { return a.key.Compare(b.key) })
		r.foreign = patched(prev.foreign, replaced, compareForeign)
	}
	return true
}

// maxTurned is how many modules may come and go before counting all dependencies
// is no dearer than looking for these in each.
const maxTurned = 16

// dependsOn reports whether a module that is the one of prev depends on one of
// some IDs.
func (r *Result) dependsOn(t *turn, ids []module.ID) bool {
	for at, o := range r.own {
		if t.fresh[at] {
			continue
		}
		for i := range o.module.Deps {
			if to := o.module.Deps[i].To; slices.Contains(ids, to) {
				return true
			}
		}
	}
	return false
}

package loader

import (
	"slices"

	"github.com/eddy-build/eddy/module"
)

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

package graph

import "github.com/eddy-build/eddy/module"

// Of returns the graph of a set: a node for each module and an edge for each
// pair of an importer and a module that its Deps lead to. It shares the IDs and
// the imports with the modules. A dep that leads to no module of the set is
// left out. O(V + D) for D deps.
func Of(set *module.Set) *Graph {
	edges, ordered := scan(set.Modules)
	if !ordered {
		return build(set.Modules)
	}
	g := &Graph{
		ids:      make([]module.ID, len(set.Modules)),
		modules:  make([]*module.Module, len(set.Modules)),
		outStart: make([]EdgeID, len(set.Modules)+1),
		target:   make([]NodeID, 0, edges),
		kinds:    make([]module.ImportKinds, 0, edges),
		imports:  imports{first: make([]int32, 0, edges)},
	}
	for n, m := range set.Modules {
		g.ids[n], g.modules[n] = m.ID, m
	}
	index := newIndex(g.ids)
	for n, m := range set.Modules {
		g.outStart[n] = EdgeID(len(g.target))
		last := -1 // the edge that the dep before led to, or -1 where it led to no node
		for i := range m.Deps {
			dep := &m.Deps[i]
			if i == 0 || dep.To != m.Deps[i-1].To {
				last = -1
				if to := index.find(g.ids, dep.To, index.hash(dep.To)); to >= 0 {
					last = len(g.target)
					g.target = append(g.target, to)
					g.kinds = append(g.kinds, 0)
					g.imports.first = append(g.imports.first, int32(i))
				}
			}
			if last >= 0 {
				g.kinds[last] |= module.Of(dep.Kind)
			}
		}
	}
	g.outStart[len(set.Modules)] = EdgeID(len(g.target))
	g.complete(storage{})
	return g
}

// scan returns how many edges the modules have at most, and whether they and
// their deps are in the order that module.Set promises.
func scan(modules []*module.Module) (edges int, ordered bool) {
	for n, m := range modules {
		if n > 0 && modules[n-1].ID >= m.ID {
			return 0, false
		}
		for i := range m.Deps {
			if i > 0 && m.Deps[i-1].To > m.Deps[i].To {
				return 0, false
			}
			if i == 0 || m.Deps[i-1].To != m.Deps[i].To {
				edges++
			}
		}
	}
	return edges, true
}

// build is Of for modules in any order, such as a test writes by hand.
func build(modules []*module.Module) *Graph {
	b := NewBuilder()
	for _, m := range modules {
		b.Module(m)
	}
	index := newIndex(b.ids)
	for _, m := range modules {
		from := b.Node(m.ID)
		for _, dep := range m.Deps {
			to := index.find(b.ids, dep.To, index.hash(dep.To))
			if to < 0 {
				continue
			}
			var imp *module.Import
			if dep.Import != module.NoImport {
				imp = &m.Imports[dep.Import]
			}
			b.Edge(from, Handle(to), dep.Kind, imp)
		}
	}
	return b.Build()
}

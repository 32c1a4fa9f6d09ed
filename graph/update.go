package graph

import (
	"slices"

	"github.com/eddy-build/eddy/module"
)

// Update returns the graph of a set, as [Of] does, from the graph of an earlier
// set whose modules it shares where they are the same values: only the edges of
// the others are looked up. What did not change is shared with old, the edges
// altogether where no module has others than it had.
//
// The set must be ordered as [module.Set] promises, with a module for each
// target of a dependency, and old be a graph of Of or Update; it may be nil.
// O(V) in comparisons of pointers, and O(V + E) where an edge changed.
func Update(old *Graph, set *module.Set) *Graph {
	if old == nil || old.imports.list != nil || len(old.modules) == 0 || len(old.imports.first) != len(old.target) {
		return Of(set)
	}
	u := updater{old: old, modules: set.Modules}
	if !u.compare() {
		return Of(set)
	}
	if !u.moved && !u.otherEdges() {
		g := *old
		g.modules = set.Modules
		return &g
	}
	return u.build()
}

// updater makes one graph of another.
type updater struct {
	old     *Graph
	modules []*module.Module
	ids     []module.ID
	fresh   []NodeID // nodes whose module is another than it was, or is new; ascending
	moved   bool     // nodes were added or removed, and so the numbers are others
	// Where they are, the new number of each old node, or -1, and the old of each
	// new one:
	after, before []NodeID
}

// compare finds the modules that are new. It reports false where that is most of
// them.
func (u *updater) compare() bool {
	old := u.old.modules
	if len(old) == len(u.modules) {
		same := true
		for n, m := range u.modules {
			if old[n] == m {
				continue
			}
			if old[n].ID != m.ID {
				same = false
				break
			}
			u.fresh = append(u.fresh, NodeID(n))
		}
		if same {
			u.ids = u.old.ids
			return len(u.fresh) <= len(old)/4+16
		}
		u.fresh = u.fresh[:0]
	}
	u.moved = true
	u.ids = make([]module.ID, len(u.modules))
	u.after = make([]NodeID, len(old))
	u.before = make([]NodeID, len(u.modules))
	i := 0
	for n, m := range u.modules {
		u.ids[n] = m.ID
		for i < len(old) && old[i] != m && old[i].ID < m.ID {
			u.after[i] = -1
			i++
		}
		if i < len(old) && (old[i] == m || old[i].ID == m.ID) {
			if old[i] != m {
				u.fresh = append(u.fresh, NodeID(n))
			}
			u.after[i], u.before[n] = NodeID(n), NodeID(i)
			i++
			continue
		}
		u.before[n] = -1
		u.fresh = append(u.fresh, NodeID(n))
	}
	for ; i < len(old); i++ {
		u.after[i] = -1
	}
	return len(u.fresh) <= len(old)/4+16
}

// edge is one edge of a row.
type edge struct {
	to    NodeID
	kinds module.ImportKinds
	first int32
}

// row appends the edges of a module, by target.
func (u *updater) row(dst []edge, m *module.Module) []edge {
	last := -1
	for i := range m.Deps {
		dep := &m.Deps[i]
		if i == 0 || dep.To != m.Deps[i-1].To {
			last = -1
			if to, ok := slices.BinarySearch(u.ids, dep.To); ok {
				last = len(dst)
				dst = append(dst, edge{to: NodeID(to), first: int32(i)})
			}
		}
		if last >= 0 {
			dst[last].kinds |= module.Of(dep.Kind)
		}
	}
	return dst
}

// otherEdges reports whether a module that is another has other edges; the nodes
// are those of old.
func (u *updater) otherEdges() bool {
	g := u.old
	var row []edge
	for _, n := range u.fresh {
		row = u.row(row[:0], u.modules[n])
		first, end := g.OutEdges(n)
		if len(row) != int(end-first) {
			return true
		}
		for i, e := range row {
			at := first + EdgeID(i)
			if g.target[at] != e.to || g.kinds[at] != e.kinds || g.imports.first[at] != e.first {
				return true
			}
		}
	}
	return false
}

// build puts the rows together: those of fresh nodes anew, the others from old.
func (u *updater) build() *Graph {
	old := u.old
	more := 0
	for _, n := range u.fresh {
		more += len(u.modules[n].Deps)
	}
	size := len(old.target) + more
	g := &Graph{
		ids: u.ids, modules: u.modules,
		outStart: make([]EdgeID, len(u.modules)+1),
		target:   make([]NodeID, 0, size),
		kinds:    make([]module.ImportKinds, 0, size),
		imports:  imports{first: make([]int32, 0, size)},
	}
	fresh := u.fresh
	var row []edge
	for n := range NodeID(len(u.modules)) {
		g.outStart[n] = EdgeID(len(g.target))
		if len(fresh) > 0 && fresh[0] == n {
			fresh = fresh[1:]
			row = u.row(row[:0], u.modules[n])
			for _, e := range row {
				g.target = append(g.target, e.to)
				g.kinds = append(g.kinds, e.kinds)
				g.imports.first = append(g.imports.first, e.first)
			}
			continue
		}
		from := n
		if u.moved {
			from = u.before[n]
		}
		first, end := old.OutEdges(from)
		if !u.moved {
			g.target = append(g.target, old.target[first:end]...)
			g.kinds = append(g.kinds, old.kinds[first:end]...)
			g.imports.first = append(g.imports.first, old.imports.first[first:end]...)
			continue
		}
		for e := first; e < end; e++ {
			// A target that is gone is none of a module that was not resolved again.
			if to := u.after[old.target[e]]; to >= 0 {
				g.target = append(g.target, to)
				g.kinds = append(g.kinds, old.kinds[e])
				g.imports.first = append(g.imports.first, old.imports.first[e])
			}
		}
	}
	g.outStart[len(u.modules)] = EdgeID(len(g.target))
	g.complete(storage{})
	return g
}

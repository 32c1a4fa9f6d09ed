// Package symbols says what a name means: which module declares it, on which
// way through re-exports it comes from there, who may use it and who does.
//
// Input: a [module.Set] whose modules have their exports. Output: a [Resolution]
// with every hop of the way, the uses of a name, the diagnostics of a module's
// imports. Invariant: what cannot be bounded is never reported: an import that
// led nowhere, a module outside the workspace and an open module may have any
// name.
//
// The rules are the languages' own. ECMAScript: a module's own exports come
// before those of its export *, a name that two of these have in different
// meanings is no export, and "default" passes through none. Python: a module's
// attributes are what it defines and imports, and the submodules of a package. Go:
// a package's declarations, and the methods of its types as "T.M".
package symbols

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/eddy-build/eddy/module"
)

// Index answers questions about the names of a set. It is safe for concurrent
// use, and works out what a question needs when it is asked.
type Index struct {
	// Folder tells Check whether a path is a folder, which is a namespace package
	// to Python even where no module lies in it; nil where that is not known. It
	// must be safe for concurrent use, and set before the index is used.
	Folder func(path string) bool

	modules   []*module.Module
	numbers   map[module.ID]int32 // nil for a sparse index
	links     []atomic.Pointer[links]
	importers func() *importers
}

// New returns the index of a set, whose modules must be sorted by ID. O(n) for n
// modules.
func New(set *module.Set) *Index {
	x := Sparse(set)
	x.numbers = make(map[module.ID]int32, len(set.Modules))
	for i, m := range set.Modules {
		x.numbers[m.ID] = int32(i)
	}
	return x
}

// Sparse returns an index for few questions: it is made without a look at each
// module, and each look-up of an ID takes O(log n).
func Sparse(set *module.Set) *Index {
	x := &Index{modules: set.Modules, links: make([]atomic.Pointer[links], len(set.Modules))}
	x.importers = sync.OnceValue(x.findImporters)
	return x
}

// number returns the place of a module in the set.
func (x *Index) number(id module.ID) (int32, bool) {
	if x.numbers != nil {
		n, ok := x.numbers[id]
		return n, ok
	}
	n, ok := slices.BinarySearchFunc(x.modules, id, func(m *module.Module, id module.ID) int { return m.ID.Compare(id) })
	if !ok {
		return 0, false
	}
	return int32(n), true
}

// place is number of a module that is in the set.
func (x *Index) place(id module.ID) int32 {
	n, _ := x.number(id)
	return n
}

// links are the targets of a module's imports.
type links struct {
	first   []int32 // the targets of import i are targets[first[i]:first[i+1]]
	targets []target
	plain   bool // the module has the names that its exports list, and no others
}

// target is a module that an import leads to.
type target struct {
	module  int32
	implied bool // a package passed on the way, not what is meant
}

// targets returns where an import leads. The first call for a module takes O(n)
// in its imports and deps.
func (x *Index) targets(m, imp int32) []target {
	l := x.linksOf(m)
	return l.targets[l.first[imp]:l.first[imp+1]]
}

func (x *Index) linksOf(m int32) *links {
	l := x.links[m].Load()
	if l == nil {
		l = x.link(x.modules[m])
		x.links[m].Store(l) // of two that were made at once, either will do
	}
	return l
}

// lacks reports that a module certainly has no export of a name, without a search
// through what it passes on. False means nothing.
func (x *Index) lacks(m int32, name string) bool {
	return name != "default" && x.linksOf(m).plain && len(exportsOf(x.modules[m], name)) == 0
}

func (x *Index) link(m *module.Module) *links {
	l := &links{first: make([]int32, len(m.Imports)+1)}
	l.plain = ecmascript(m.Language) && bounded(m) && len(exportsOf(m, whole)) == 0 && len(exportsOf(m, exportAssignment)) == 0
	for _, dep := range m.Deps {
		if _, ok := x.number(dep.To); ok && dep.Import >= 0 {
			l.first[dep.Import+1]++
		}
	}
	for i := range m.Imports {
		l.first[i+1] += l.first[i]
	}
	l.targets = make([]target, l.first[len(m.Imports)])
	next := slices.Clone(l.first)
	for _, dep := range m.Deps {
		if to, ok := x.number(dep.To); ok && dep.Import >= 0 {
			implied := dep.Kind == module.Implicit && m.Imports[dep.Import].Kind != module.Implicit
			l.targets[next[dep.Import]] = target{to, implied}
			next[dep.Import]++
		}
	}
	return l
}

// exportsOf returns the exports of a name, by place.
func exportsOf(m *module.Module, name string) []module.Export {
	// By hand: an export is too large to be handed to a comparison.
	first, end := 0, len(m.Exports)
	for first < end {
		if half := int(uint(first+end) / 2); m.Exports[half].Name < name {
			first = half + 1
		} else {
			end = half
		}
	}
	for end < len(m.Exports) && m.Exports[end].Name == name {
		end++
	}
	if first == end {
		return nil
	}
	return m.Exports[first:end]
}

// bounded reports whether a module has no names but its exports.
func bounded(m *module.Module) bool {
	return !m.Open && (m.Kind == module.KindSource || m.Kind == module.KindTest)
}

func ecmascript(l module.Language) bool {
	switch l {
	case module.TypeScript, module.JavaScript, module.Vue, module.Svelte, module.Astro:
		return true
	}
	return false
}

// importers are the modules that lead to each module.
type importers struct {
	first []int32
	from  []importer
}

type importer struct{ module, imp int32 }

func (x *Index) findImporters() *importers {
	r := &importers{first: make([]int32, len(x.modules)+1)}
	each := func(visit func(to int32, from importer)) {
		for n, m := range x.modules {
			for _, dep := range m.Deps {
				if to, ok := x.number(dep.To); ok && dep.Import >= 0 {
					visit(to, importer{int32(n), dep.Import})
				}
			}
		}
	}
	each(func(to int32, _ importer) { r.first[to+1]++ })
	for i := range x.modules {
		r.first[i+1] += r.first[i]
	}
	r.from = make([]importer, r.first[len(x.modules)])
	next := slices.Clone(r.first)
	each(func(to int32, from importer) {
		r.from[next[to]] = from
		next[to]++
	})
	return r
}

func (r *importers) of(n int32) []importer { return r.from[r.first[n]:r.first[n+1]] }

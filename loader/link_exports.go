package loader

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/module"
)

// fill gives a module what its files export, which are sorted each; with its only
// file it shares them. A file that could not be read
// wholly, or that declares the names of other modules, makes it open.
func (r *Result) fill(m *module.Module, detail Detail) {
	if detail < DetailExports {
		return
	}
	var list []module.Export
	imports := int32(0)
	for _, file := range m.Files {
		i, ok := r.findSource(file)
		if !ok {
			continue
		}
		s := r.sources[i]
		_, reads := r.frontends[s.frontend].(ExportReader)
		m.Open = m.Open || !reads || s.facts.Open || len(s.facts.Ambient) > 0 || len(s.errors()) > 0
		m.Aside = appendAside(m.Aside, s.facts)
		if s.facts.All != nil {
			m.All = append(m.All, s.facts.All...)
			if m.All == nil {
				m.All = []string{}
			}
		}
		if len(m.Files) == 1 {
			list = slices.Clip(s.facts.Exports)
			break
		}
		if list == nil {
			list = make([]module.Export, 0, r.exportsOf(m))
		}
		for n := range s.facts.Exports {
			list = append(list, s.facts.Exports[n])
			if e := &list[len(list)-1]; e.Import > 0 {
				e.Import += imports
			}
		}
		imports += int32(len(s.facts.Imports))
	}
	if len(m.Files) > 1 {
		new(exportSorter).sort(list)
	}
	m.Exports = list
}

// exportsOf counts the exports of a module's files.
func (r *Result) exportsOf(m *module.Module) int {
	total := 0
	for _, file := range m.Files {
		if i, ok := r.findSource(file); ok {
			total += len(r.sources[i].facts.Exports)
		}
	}
	return total
}

// exportSorter sorts exports. It keeps its memory from file to file.
type exportSorter struct{ order []sortKey }

// sortKey stands for an export: the first bytes of its name, which decide most
// comparisons, and its number.
type sortKey struct {
	head uint64
	n    int32
}

// sort sorts exports by name, then place; those that are equal in both keep their
// order. It moves each once: an export is large.
func (x *exportSorter) sort(list []module.Export) {
	compare := func(a, b sortKey) int {
		if a.head != b.head {
			return cmp.Compare(a.head, b.head)
		}
		p, q := &list[a.n], &list[b.n]
		if c := strings.Compare(p.Name, q.Name); c != 0 {
			return c
		}
		if c := p.Span.Compare(q.Span); c != 0 {
			return c
		}
		return cmp.Compare(a.n, b.n)
	}
	order := slices.Grow(x.order[:0], len(list))
	sorted := true
	for n := range list {
		order = append(order, sortKey{bits.ReverseBytes64(load8(list[n].Name)), int32(n)})
		sorted = sorted && (n == 0 || compare(order[n-1], order[n]) < 0)
	}
	x.order = order
	if sorted {
		return
	}
	slices.SortFunc(order, compare)
	// Follow the circles of what takes whose place.
	for n := range order {
		if order[n].n == int32(n) {
			continue
		}
		first := list[n]
		at := n
		for order[at].n != int32(n) {
			from := int(order[at].n)
			list[at], order[at].n = list[from], int32(at)
			at = from
		}
		list[at], order[at].n = first, int32(at)
	}
}

// clause is what stands before the name of a Go package in [module.Module.Aside].
const clause = "package "

// appendAside adds what a file says beside its names.
func appendAside(list []string, f *module.Facts) []string {
	if f.Package != "" && !slices.Contains(list, clause+f.Package) {
		list = append(list, clause+f.Package)
	}
	if f.Aside != "" {
		list = append(list, f.Aside)
	}
	return list
}

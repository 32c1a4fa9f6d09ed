package loader

import (
	"slices"
	"strings"

	"github.com/eddy-build/eddy/module"
)

// fill gives a module what its files export. A file that could not be read
// wholly, or that declares the names of other modules, makes it open.
func (r *Result) fill(m *module.Module, detail Detail) {
	if detail < DetailExports {
		return
	}
	total := 0
	for _, file := range m.Files {
		if i, ok := r.findSource(file); ok {
			total += len(r.sources[i].facts.Exports)
		}
	}
	if total > 0 {
		m.Exports = make([]module.Export, 0, total)
	}
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
		for _, e := range s.facts.Exports {
			if e.Import > 0 {
				e.Import += imports
			}
			m.Exports = append(m.Exports, e)
		}
		imports += int32(len(s.facts.Imports))
	}
	slices.SortStableFunc(m.Exports, func(a, b module.Export) int {
		if c := strings.Compare(a.Name, b.Name); c != 0 {
			return c
		}
		return a.Span.Compare(b.Span)
	})
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

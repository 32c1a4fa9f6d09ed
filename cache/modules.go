package cache

import (
	"slices"
	"strings"

	"github.com/eddy-build/eddy/module"
)

// module writes a module. Its imports are most often just those of its files'
// facts, one file after the other; then they are not written again.
func (e *encoder) module(m *module.Module, sources []Source) {
	e.string(string(m.ID))
	e.string(m.Name)
	e.string(string(m.Language))
	e.byte(uint8(m.Kind))
	e.string(m.Package)
	e.list(m.Files)
	if numbers, ok := importsOfFacts(m, sources); ok {
		e.bool(true)
		e.uint(uint64(len(numbers)))
		for _, n := range numbers {
			e.uint(uint64(n))
		}
		if len(numbers) > 1 {
			e.count.imports += uint64(len(m.Imports))
		}
	} else {
		e.bool(false)
		e.imports(m.Imports, "")
	}
	e.uint(uint64(len(m.Deps)))
	e.count.deps += uint64(len(m.Deps))
	for _, dep := range m.Deps {
		e.string(string(dep.To))
		e.int(int64(dep.Import))
		e.byte(uint8(dep.Kind))
		e.byte(uint8(dep.Declared))
	}
	e.uint(uint64(len(m.Unresolved)))
	e.count.unresolved += uint64(len(m.Unresolved))
	for _, u := range m.Unresolved {
		e.int(int64(u.Import))
		e.string(u.Reason)
		e.list(u.Probed)
	}
	e.exports(m.Exports, "")
	e.list(m.All)
	e.bool(m.Open)
	e.digest(m.Content)
	e.digest(m.Interface)
}

// importsOfFacts returns the numbers of the sources whose imports, one after the
// other, are the module's.
func importsOfFacts(m *module.Module, sources []Source) ([]int, bool) {
	var numbers []int
	rest := m.Imports
	for _, file := range m.Files {
		n, ok := slices.BinarySearchFunc(sources, file, func(s Source, path string) int { return strings.Compare(s.Path, path) })
		if !ok {
			continue // not a source: an asset has none
		}
		imports := sources[n].Facts.Imports
		if len(imports) == 0 {
			continue
		}
		if len(imports) > len(rest) || !slices.EqualFunc(imports, rest[:len(imports)], sameImport) {
			return nil, false
		}
		rest = rest[len(imports):]
		numbers = append(numbers, n)
	}
	return numbers, len(rest) == 0
}

func sameImport(a, b module.Import) bool {
	return a.Specifier == b.Specifier && a.Kind == b.Kind && a.Flags == b.Flags && a.Span == b.Span &&
		slices.Equal(a.Names, b.Names)
}

func (d *decoder) module(m *module.Module, sources []Source) {
	m.ID = module.ID(d.string())
	m.Name = d.string()
	m.Language = module.Language(d.string())
	m.Kind = module.Kind(d.byte())
	m.Package = d.string()
	m.Files = d.list()
	if d.bool() {
		m.Imports = d.importsOfFacts(sources)
	} else {
		m.Imports = d.imports("")
	}
	if n := d.length(); n > 0 {
		m.Deps = take(d, &d.slabs.deps, n)
		for i := range m.Deps {
			m.Deps[i] = module.Dep{
				To: module.ID(d.string()), Import: d.int32(), Kind: module.ImportKind(d.byte()),
				Declared: module.Declared(d.byte()),
			}
			if imp := m.Deps[i].Import; imp < module.NoImport || int(imp) >= len(m.Imports) {
				d.fail()
			}
		}
	}
	if n := d.length(); n > 0 {
		m.Unresolved = take(d, &d.slabs.unresolved, n)
		for i := range m.Unresolved {
			m.Unresolved[i] = module.Unresolved{Import: d.int32(), Reason: d.string(), Probed: d.list()}
			if imp := m.Unresolved[i].Import; imp < 0 || int(imp) >= len(m.Imports) {
				d.fail()
			}
		}
	}
	m.Exports = d.exports("")
	m.All = d.list()
	m.Open = d.bool()
	m.Content = d.digest()
	m.Interface = d.digest()
}

func (d *decoder) importsOfFacts(sources []Source) []module.Import {
	n := d.length()
	var all []module.Import
	total := 0
	start := d.at
	for range n { // once for the length, once for the copy
		i := d.uint()
		if i >= uint64(len(sources)) {
			d.fail()
			return nil
		}
		total += len(sources[i].Facts.Imports)
		if n == 1 {
			return sources[i].Facts.Imports
		}
	}
	if n == 0 || d.failed {
		return nil
	}
	d.at = start
	all = take(d, &d.slabs.imports, total)[:0]
	for range n {
		all = append(all, sources[d.uint()].Facts.Imports...)
	}
	return all
}

package symbols

import (
	"slices"

	"github.com/eddy-build/eddy/internal/spell"
	"github.com/eddy-build/eddy/module"
)

// nearest returns the names most like one that is not there.
func (x *Index) nearest(name string, list []string) []string {
	slices.Sort(list)
	return spell.Nearest(name, slices.DeleteFunc(slices.Compact(list), func(s string) bool { return s == "" || s == whole }))
}

// names lists the names of a module that user may use, those through stars too.
// What cannot be bounded is left out.
func (x *Index) names(user, n int32) []string {
	var list []string
	seen := map[int32]bool{}
	var visit func(n int32, star bool)
	visit = func(n int32, star bool) {
		if seen[n] {
			return
		}
		seen[n] = true
		m := x.modules[n]
		for i := range m.Exports {
			e := &m.Exports[i]
			switch {
			case e.Name == whole && e.Import > 0:
				for _, t := range x.targets(n, e.Import-1) {
					if !t.implied {
						visit(t.module, true)
					}
				}
			case star && (m.Language == module.Python && !passesStar(m, e.Name) || ecmascript(m.Language) && e.Name == "default"):
			case hidden(x.modules[user], m, e) == "":
				list = append(list, e.Name)
			}
		}
	}
	visit(n, false)
	return list
}

// localNames lists the names that can be written in a module.
func (x *Index) localNames(n int32) []string {
	m := x.modules[n]
	list := x.names(n, n)
	for i := range m.Imports {
		if passes(m, &m.Imports[i]) {
			continue
		}
		for k := range m.Imports[i].Names {
			if name := &m.Imports[i].Names[k]; name.Name != whole {
				list = append(list, localName(name))
			}
		}
		list = append(list, binding(x, n, int32(i)))
	}
	return list
}

// Symbols lists the names that a module has for others, by name: its own and
// those that it passes on, each with what it means. With all set, its private
// names too. A name whose meaning is beyond what was loaded is in the list with
// what is known of it.
func (x *Index) Symbols(id module.ID, all bool) ([]Named, error) {
	n, ok := x.number(id)
	if !ok {
		return nil, &module.NotFoundError{Query: string(id)}
	}
	m := x.modules[n]
	names := x.names(n, n)
	slices.Sort(names)
	var list []Named
	for _, name := range slices.Compact(names) {
		named := Named{Name: name}
		own := exportsOf(m, name)
		if len(own) > 0 {
			named.Visibility = own[0].Visibility
			if !all && named.Visibility == module.Private {
				continue
			}
		}
		q := &query{Index: x}
		if q.export(n, n, name, module.Span{}) == missing {
			if len(own) == 0 {
				continue // two stars have it, in different meanings
			}
			q.symbol = module.Symbol{Module: id, Export: own[0]}
			named.Lost = true
		}
		named.Symbol = q.symbol
		list = append(list, named)
	}
	return list, nil
}

// Named is a name of a module and what it means.
type Named struct {
	Name       string // in the module that was asked for
	Visibility module.Visibility
	Symbol     module.Symbol
	Lost       bool // it is passed on from where there is no such name
}

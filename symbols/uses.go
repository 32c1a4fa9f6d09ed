package symbols

import (
	"cmp"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/module"
)

// Use is an import that takes a name.
type Use struct {
	Module module.ID
	Name   string      // as the module calls it; its binding of the whole target where Whole is set
	Span   module.Span // of the import's specifier
	Via    module.ID   // the module that the import leads to: the one asked about, or one that passes the name on
	// Whole says that the import takes the target as a whole, so that the name may
	// be used behind it: a namespace, a Go package.
	Whole bool
}

// Uses lists the imports that take a name of a module, from it or from a module
// that passes it on, by module and place. O(importers) of all the modules that
// pass it on.
func (x *Index) Uses(id module.ID, name string) ([]Use, error) {
	n, ok := x.number(id)
	if !ok {
		return nil, &module.NotFoundError{Query: string(id)}
	}
	q := &query{Index: x}
	if q.export(n, n, name, module.Span{}) == missing {
		if q.denied != nil {
			return nil, q.denied
		}
		return nil, &module.SymbolError{Module: id, Symbol: name, Suggestions: x.nearest(name, x.names(n, n))}
	}
	uses := []Use{}
	queue := []place{{n, name}}
	seen := map[place]bool{queue[0]: true}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, from := range x.importers().of(at.module) {
			for _, alias := range x.passesOn(from, at) {
				if p := (place{from.module, alias}); !seen[p] {
					seen[p] = true
					queue = append(queue, p)
				}
			}
			uses = append(uses, x.usesIn(from, at)...)
		}
	}
	slices.SortFunc(uses, func(a, b Use) int {
		return cmp.Or(a.Module.Compare(b.Module), a.Span.Compare(b.Span), strings.Compare(a.Name, b.Name), a.Via.Compare(b.Via))
	})
	return slices.Compact(uses), nil
}

// usesIn lists the uses of a name in one import of the module that has it.
func (x *Index) usesIn(from importer, at place) []Use {
	m := x.modules[from.module]
	imp := &m.Imports[from.imp]
	if x.implied(from, at.module) {
		return nil
	}
	var uses []Use
	for k := range imp.Names {
		in := &imp.Names[k]
		use := Use{Module: m.ID, Span: imp.Span, Via: x.modules[at.module].ID}
		switch in.Name {
		case at.name:
			use.Name = localName(in)
		case whole:
			if use.Name = binding(x, from.module, from.imp); use.Name == "" && m.Language != module.Python {
				continue
			}
			use.Whole = true
			if m.Language == module.Go && len(exportsOf(x.modules[at.module], at.name)) > 0 &&
				hidden(m, x.modules[at.module], &exportsOf(x.modules[at.module], at.name)[0]) != "" {
				continue
			}
		default:
			continue
		}
		uses = append(uses, use)
	}
	return uses
}

func (x *Index) implied(from importer, to int32) bool {
	for _, t := range x.targets(from.module, from.imp) {
		if t.module == to {
			return t.implied
		}
	}
	return true
}

// passesOn lists the names by which an importer passes a name on.
func (x *Index) passesOn(from importer, at place) []string {
	m := x.modules[from.module]
	if x.implied(from, at.module) && m.Language != module.Python {
		return nil
	}
	var names []string
	for i := range m.Exports {
		e := &m.Exports[i]
		if e.Import != from.imp+1 {
			continue
		}
		switch {
		case e.Imported == at.name:
			names = append(names, e.Name)
		case e.Name == whole && len(exportsOf(m, at.name)) == 0 && (at.name != "default" || !ecmascript(m.Language)) &&
			(m.Language != module.Python || passesStar(x.modules[at.module], at.name)):
			names = append(names, at.name)
		}
	}
	return names
}

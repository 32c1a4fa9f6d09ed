package symbols

import (
	"path"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/module"
)

// attribute searches for a name that "from m import name" takes: an attribute of
// m, else a submodule.
func (q *query) attribute(n, imp int32, name string) outcome {
	m := q.modules[n]
	i := &m.Imports[imp]
	var bases, subs []int32
	through := int32(-1)
	for _, t := range q.targets(n, imp) {
		switch o := q.modules[t.module]; {
		case !t.implied && submoduleOf(o, i.Specifier, name):
			subs = append(subs, t.module)
		case !t.implied && !submoduleOfAny(o, i):
			bases = append(bases, t.module)
		case through < 0 && passed(o, i.Specifier):
			through = t.module
		}
	}
	if len(bases) == 0 && through >= 0 {
		bases = append(bases, through)
	}
	best := missing
	mark := len(q.chain)
	var open []Hop
	var symbol module.Symbol
	for _, base := range bases {
		if base == n {
			continue
		}
		q.chain = q.chain[:mark]
		// One that has the name is enough: a stub does not list all that its source has.
		switch o := q.export(n, base, name, i.Span); {
		case o == found:
			q.denied = nil
			return found
		case o > best:
			best, open, symbol = o, slices.Clone(q.chain), q.symbol
		}
	}
	if best == unbounded {
		q.denied = nil
	} else if q.denied != nil {
		return missing
	}
	for _, t := range subs {
		q.chain = q.chain[:mark]
		return q.moduleItself(t)
	}
	switch {
	case slices.Contains(bases, n): // a package's own __init__ imports from it
		return q.export(n, n, name, i.Span)
	case len(bases) == 0:
		return q.nowhere(n, imp, name)
	case best == unbounded:
		q.chain, q.symbol = open, symbol
	}
	return best
}

// stem is the name of a Python file as a module: that of its folder for a
// package.
func stem(id module.ID) string {
	name := strings.TrimSuffix(path.Base(string(id)), path.Ext(string(id)))
	if name == "__init__" {
		return path.Base(path.Dir(string(id)))
	}
	name, _, _ = strings.Cut(name, ".") // compiled: x.cpython-312-linux-gnu.so
	return name
}

// submoduleOf reports whether a module is the submodule name of what a specifier
// means.
func submoduleOf(m *module.Module, specifier, name string) bool {
	if stem(m.ID) != name {
		return false
	}
	spec := strings.TrimLeft(specifier, ".")
	return spec == "" || m.Name == name || m.Name == spec+"."+name || strings.HasSuffix(m.Name, "."+spec+"."+name) ||
		m.Name != spec && !strings.HasSuffix(m.Name, "."+spec)
}

func submoduleOfAny(m *module.Module, imp *module.Import) bool {
	return slices.ContainsFunc(imp.Names, func(n module.ImportedName) bool { return submoduleOf(m, imp.Specifier, n.Name) })
}

// passed reports whether a package that an import went through is the one that
// its specifier means.
func passed(m *module.Module, specifier string) bool {
	spec := strings.TrimLeft(specifier, ".")
	return spec == "" || m.Name == spec || strings.HasSuffix(m.Name, "."+spec)
}

// submodule returns the module of a name in a Python package.
func (x *Index) submodule(m *module.Module, name string) (int32, bool) {
	if m.Language != module.Python || !strings.HasPrefix(path.Base(string(m.ID)), "__init__.") {
		return 0, false
	}
	dir := path.Dir(string(m.ID))
	for _, suffix := range [...]string{".py", "/__init__.py", ".pyi", "/__init__.pyi"} {
		if n, ok := x.number(module.ID(path.Join(dir, name) + suffix)); ok {
			return n, true
		}
	}
	return 0, false
}

// folder reports whether a name is that of a folder in a Python package, which
// is a package too, though without a file.
func (x *Index) folder(m *module.Module, name string) bool {
	return x.Folder != nil && m.Language == module.Python && strings.HasPrefix(path.Base(string(m.ID)), "__init__.") &&
		x.Folder(path.Join(path.Dir(string(m.ID)), name))
}

// passesStar reports whether a Python module gives a name to "import *".
func passesStar(m *module.Module, name string) bool {
	if m.All != nil {
		return m.Open || slices.Contains(m.All, name)
	}
	return !strings.HasPrefix(name, "_") || !bounded(m) && m.Kind.Local()
}

// always reports whether a bounded module has a name that nothing declares: those
// that Python gives to every module, those that __all__ promises, and what
// CommonJS and components are to a default import.
func always(m *module.Module, name string) bool {
	switch {
	case m.Language == module.Python:
		return len(name) > 4 && strings.HasPrefix(name, "__") && strings.HasSuffix(name, "__") || slices.Contains(m.All, name)
	case name == "default" && ecmascript(m.Language):
		return m.Language != module.TypeScript && !strings.HasSuffix(string(m.ID), ".mjs") ||
			strings.HasSuffix(string(m.ID), ".cts") || declares(m)
	}
	return false
}

// declares reports whether a module is a declaration file.
func declares(m *module.Module) bool {
	id := string(m.ID)
	return strings.HasSuffix(id, ".d.ts") || strings.HasSuffix(id, ".d.mts") || strings.HasSuffix(id, ".d.cts") || strings.Contains(path.Base(id), ".d.")
}

package symbols

import (
	"fmt"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/module"
)

// The codes of the diagnostics of Check.
const (
	CodeUnknown    = "unknown-symbol"
	CodeNotVisible = "not-visible"
)

// Check reports the names that a module imports and that their target does not
// have or does not let it use. An import that may fail without harm (Python's
// try and except ImportError) or passes over what is missing is not looked at. The order is that of the imports.
func (x *Index) Check(id module.ID) []module.Diagnostic {
	n, ok := x.number(id)
	if !ok {
		return nil
	}
	m := x.modules[n]
	var list []module.Diagnostic
	for i := range m.Imports {
		imp := &m.Imports[i]
		if imp.Flags&(module.Optional|module.Pattern|module.Lenient) != 0 {
			continue
		}
		if made(m, imp) || m.Language == module.JavaScript && x.typesAlone(n, int32(i)) {
			continue
		}
		if m.Language == module.Go {
			if d, ok := x.checkFolder(n, int32(i)); ok {
				list = append(list, d)
			}
			continue
		}
		for k := range imp.Names {
			if name := imp.Names[k].Name; name != whole {
				if d, ok := x.checkName(n, int32(i), name); ok {
					list = append(list, d)
				}
			}
		}
	}
	return list
}

// typesElsewhere reports whether a name is imported as a type from a module that
// is no TypeScript: its types are in comments, or in a declaration file that the
// import does not lead to.
func typesElsewhere(imp *module.Import, name string, target *module.Module) bool {
	if !ecmascript(target.Language) || target.Language == module.TypeScript {
		return false
	}
	return imp.Kind == module.Type || slices.ContainsFunc(imp.Names, func(n module.ImportedName) bool { return n.Name == name && n.Type })
}

// typesAlone reports whether an import of JavaScript is of types alone: one in a
// comment, which nothing reads unless the user asks the compiler to, or one that
// leads to declarations without their code, which may have more.
func (x *Index) typesAlone(n, imp int32) bool {
	if x.modules[n].Imports[imp].Kind == module.Type {
		return true
	}
	targets := x.targets(n, imp)
	return len(targets) > 0 && !slices.ContainsFunc(targets, func(t target) bool { return !declares(x.modules[t.module]) })
}

// Wide reports whether what Check finds in a module depends on more than the
// module and those that it leads to.
func Wide(m *module.Module) bool {
	return m.Language == module.JavaScript && m.Package != "" &&
		slices.ContainsFunc(m.Imports, func(imp module.Import) bool { return imp.Specifier == m.Package })
}

// remapped reports whether JavaScript takes a name from its own package, by the
// package's name, that another module of the package exports. Node and bundlers
// go to the package's entry, but a page says in its import map where the name
// leads, and may say another module.
func (x *Index) remapped(user *module.Module, imp *module.Import, name string) bool {
	if user.Language != module.JavaScript || imp.Specifier != user.Package || user.Package == "" {
		return false
	}
	for _, m := range x.modules {
		if m.Package != user.Package || !m.Kind.Local() {
			continue
		}
		if list := exportsOf(m, name); len(list) > 0 && !private(&list[0], m) {
			return true
		}
	}
	return false
}

// checkFolder applies the rule of Go's internal folders to an import.
func (x *Index) checkFolder(n, imp int32) (module.Diagnostic, bool) {
	user := x.modules[n]
	for _, t := range x.targets(n, imp) {
		owner := x.modules[t.module]
		if t.implied || owner.Language != module.Go {
			continue
		}
		if reason := hiddenFolder(user, owner); reason != "" {
			return module.Diagnostic{
				Severity: module.Error, Code: CodeNotVisible, Span: user.Imports[imp].Span,
				Message: fmt.Sprintf("%s may not import %s: %s", user.Name, owner.Name, reason),
			}, true
		}
	}
	return module.Diagnostic{}, false
}

// checkName looks for one imported name. Of a name that the target passes on, it
// is the target's own import that is checked, and not this one.
func (x *Index) checkName(n, imp int32, name string) (module.Diagnostic, bool) {
	user := x.modules[n]
	single := true
	var denied *module.VisibilityError
	var target int32 = -1
	for _, t := range x.targets(n, imp) {
		if t.implied {
			continue
		}
		if user.Language == module.Python && submoduleOfAny(x.modules[t.module], &user.Imports[imp]) {
			continue
		}
		single = target < 0
		target = t.module
		m := x.modules[t.module]
		list := exportsOf(m, name)
		for k := range list {
			e := &list[k]
			if private(e, m) && m.Open {
				return module.Diagnostic{}, false
			}
			if reason := hidden(user, m, e); reason != "" {
				denied = &module.VisibilityError{From: user.ID, Module: m.ID, Symbol: name, Visibility: e.Visibility, Reason: reason}
				break
			}
			return module.Diagnostic{}, false
		}
	}
	if target < 0 || typesElsewhere(&user.Imports[imp], name, x.modules[target]) {
		return module.Diagnostic{}, false
	}
	q := &query{Index: x}
	if q.imported(n, imp, name) != missing && q.denied == nil {
		return module.Diagnostic{}, false
	}
	if q.denied != nil {
		denied = q.denied
	}
	d := module.Diagnostic{Severity: module.Error, Span: user.Imports[imp].Span}
	if denied == nil && (x.folder(x.modules[target], name) || x.remapped(user, &user.Imports[imp], name)) {
		return module.Diagnostic{}, false
	}
	if denied != nil {
		denied.Span = module.Span{}
		d.Code, d.Message = CodeNotVisible, denied.Error()
		return d, true
	}
	owner := x.modules[target].ID
	d.Code = CodeUnknown
	if q.ambiguous {
		d.Message = fmt.Sprintf("%s passes on %s from two modules, which mean different things by it; export one of them by name", owner, name)
		return d, true
	}
	d.Message = fmt.Sprintf("%s does not export %s", owner, name)
	if !single {
		d.Message = fmt.Sprintf("nothing that %s leads to exports %s", user.Imports[imp].Specifier, name)
	}
	if near := x.nearest(name, x.names(n, target)); len(near) > 0 {
		d.Message += "; did you mean " + strings.Join(near, ", ") + "?"
	}
	return d, true
}

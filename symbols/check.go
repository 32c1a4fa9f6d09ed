package symbols

import (
	"fmt"
	"strings"

	"github.com/eddy-build/eddy/module"
)

// The codes of the diagnostics of Check.
const (
	CodeUnknown    = "unknown-symbol"
	CodeNotVisible = "not-visible"
)

// Check reports the names that a module imports and that their target does not
// have or does not let it use, and the imports of modules that their package
// closes. An import that may fail without harm (Python's try and except
// ImportError) or passes over what is missing is not looked at. The order is that
// of the imports.
func (x *Index) Check(id module.ID) []module.Diagnostic {
	list, _ := x.Examine(id)
	return list
}

// Examine is Check, and reports whether more modules than this one and its
// targets were asked: those that may bring what a target has not.
func (x *Index) Examine(id module.ID) (list []module.Diagnostic, wide bool) {
	n, ok := x.number(id)
	if !ok {
		return nil, false
	}
	m := x.modules[n]
	for i := range m.Imports {
		imp := &m.Imports[i]
		if imp.Flags&(module.Optional|module.Pattern|module.Lenient) != 0 {
			continue
		}
		if made(m, imp) || m.Language == module.JavaScript && x.typesAlone(n, int32(i)) {
			continue
		}
		if u := closedImport(m, int32(i)); u != nil {
			list = append(list, module.Diagnostic{
				Severity: module.Error, Code: CodeNotVisible, Span: imp.Span, Message: u.Reason,
			})
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
				d, ok, asked := x.checkName(n, int32(i), name)
				if wide = wide || asked; ok {
					list = append(list, d)
				}
			}
		}
	}
	return list, wide
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
// is the target's own import that is checked, and not this one. It reports whether
// there is a finding, and whether more modules than the targets were asked.
func (x *Index) checkName(n, imp int32, name string) (d module.Diagnostic, found, wide bool) {
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
				return d, false, false
			}
			if reason := hidden(user, m, e); reason != "" {
				denied = &module.VisibilityError{From: user.ID, Module: m.ID, Symbol: name, Visibility: e.Visibility, Reason: reason}
				break
			}
			return d, false, false
		}
	}
	if target < 0 || typesElsewhere(&user.Imports[imp], name, x.modules[target]) {
		return d, false, false
	}
	q := &query{Index: x}
	if q.imported(n, imp, name) != missing && q.denied == nil {
		return d, false, false
	}
	if q.denied != nil {
		denied = q.denied
	}
	if denied == nil {
		wide = ecmascript(user.Language)
		if x.folder(x.modules[target], name) || wide && (x.remapped(user, &user.Imports[imp], name) || x.augmented(n, imp, name)) {
			return d, false, wide
		}
	}
	d.Severity, d.Span = module.Error, user.Imports[imp].Span
	if denied != nil {
		denied.Span = module.Span{}
		d.Code, d.Message = CodeNotVisible, denied.Error()
		return d, true, wide
	}
	owner := x.modules[target].ID
	d.Code = CodeUnknown
	if q.ambiguous {
		d.Message = fmt.Sprintf("%s passes on %s from two modules, which mean different things by it; export one of them by name", owner, name)
		return d, true, wide
	}
	d.Message = fmt.Sprintf("%s does not export %s", owner, name)
	if !single {
		d.Message = fmt.Sprintf("nothing that %s leads to exports %s", user.Imports[imp].Specifier, name)
	}
	if near := x.nearest(name, x.names(n, target)); len(near) > 0 {
		d.Message += "; did you mean " + strings.Join(near, ", ") + "?"
	}
	return d, true, wide
}

package loader

import (
	"reflect"
	"slices"

	"github.com/eddy-build/eddy/module"
)

// deltaOf compares two results module by module. What is invalidated downstream
// needs the graph and is left to the caller.
func deltaOf(old, new *Result) *module.Delta {
	d := &module.Delta{Work: new.Stats.Work}
	differences(old.Set.Modules, new.Set.Modules, byID, func(a, b *module.Module) {
		switch {
		case b == nil:
			d.Removed = append(d.Removed, a.ID)
		case a == nil:
			d.Added = append(d.Added, b.ID)
		case relinked(a, b):
			d.Relinked = append(d.Relinked, b.ID)
		default:
			reason := changeOf(a, b)
			if reason != module.ChangedInterface {
				d.Work.SameInterface++
			}
			d.Modified = append(d.Modified, module.Modification{ID: b.ID, Reason: reason})
		}
	})
	d.Failed = failures(old, new)
	return d
}

// relinked reports whether two versions of a module are equal but for their
// interface. Where they are, they share all that is long.
func relinked(a, b *module.Module) bool {
	c := *b
	c.Interface = a.Interface
	return a.Interface != b.Interface && reflect.DeepEqual(a, &c)
}

// changeOf says what of a module changed. Without interface digests any change
// may be one that importers observe.
func changeOf(a, b *module.Module) module.ChangeReason {
	switch {
	case a.Interface != b.Interface || a.Interface.IsZero():
		return module.ChangedInterface
	case !slices.Equal(a.Deps, b.Deps) || !slices.EqualFunc(a.Unresolved, b.Unresolved, equalUnresolved):
		return module.ChangedDependencies
	}
	return module.ChangedContent
}

// failures lists the modules of which a file has errors that it did not have.
func failures(old, new *Result) []module.Failure {
	byFile := map[string][]module.Diagnostic{}
	differences(old.sources, new.sources, bySourcePath, func(a, b *source) {
		if b == nil || (a != nil && a.facts == b.facts) {
			return
		}
		if errs := b.errors(); len(errs) > 0 {
			byFile[b.path] = errs
		}
	})
	if len(byFile) == 0 {
		return nil
	}
	var list []module.Failure
	for i := range new.own {
		m := new.own[i].module
		var errs []module.Diagnostic
		for _, file := range m.Files {
			errs = append(errs, byFile[file]...)
		}
		if len(errs) > 0 {
			list = append(list, module.Failure{ID: m.ID, Diagnostics: module.SortDiagnostics(errs)})
		}
	}
	return list
}

// errors lists the file's diagnostics that say that it could not be read whole:
// errors, and what is wrong with its syntax, which is a warning where a front-end
// does not claim to know all of the language's.
func (s *source) errors() []module.Diagnostic {
	var list []module.Diagnostic
	for _, d := range s.facts.Diagnostics {
		if d.Severity == module.Error || d.Code == "syntax" {
			list = append(list, d)
		}
	}
	if s.problem != nil {
		list = append(list, *s.problem)
	}
	return list
}

func sameDiagnostic(a, b module.Diagnostic) bool {
	return a.Compare(b) == 0 && slices.Equal(a.Notes, b.Notes)
}

func pointers[T any](list []T) []*T {
	out := make([]*T, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	return out
}

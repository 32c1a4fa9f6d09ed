package eddy

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/module"
)

// MaxDependencies refuses a module that depends on more than n others, those
// outside the workspace and those that the language implies included. The position
// is that of the import that is one too many. An n below zero is zero.
func MaxDependencies(n int) Validator {
	n = max(n, 0)
	return ValidatorFunc{"max-dependencies", func(_ context.Context, m *module.Module) error {
		byPlace := slices.Clone(m.Deps)
		slices.SortStableFunc(byPlace, func(a, b module.Dep) int { return int(a.Import - b.Import) })
		seen := map[module.ID]struct{}{}
		excess := module.Span{}
		for _, d := range byPlace {
			if _, ok := seen[d.To]; ok {
				continue
			}
			if seen[d.To] = struct{}{}; len(seen) == n+1 && d.Import >= 0 {
				excess = m.Imports[d.Import].Span
			}
		}
		if len(seen) > n {
			return fmt.Errorf("%s: it depends on %s, more than %d", orStart(excess, m), counted(len(seen), "module"), n)
		}
		return nil
	}}
}

func counted(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprint(n, " ", noun)
}

// orStart returns a position, or the start of a module where there is none.
func orStart(s module.Span, m *module.Module) module.Span {
	if s.File == "" && len(m.Files) > 0 {
		s = module.Span{File: m.Files[0], Line: 1, Column: 1}
	}
	return s
}

// MaxExports refuses a module with more than n names that others can see. The
// position is that of the name that is one too many, by file and line. An n below
// zero is zero.
func MaxExports(n int) Validator {
	n = max(n, 0)
	return ValidatorFunc{"max-exports", func(_ context.Context, m *module.Module) error {
		first := map[string]module.Span{}
		for _, e := range m.Exports { // of one name, by place
			if _, ok := first[e.Name]; !ok && e.Visibility != module.Private {
				first[e.Name] = e.Span
			}
		}
		if len(first) <= n {
			return nil
		}
		places := slices.SortedFunc(maps.Values(first), module.Span.Compare)
		return fmt.Errorf("%s: it exports %s, more than %d", places[n], counted(len(first), "name"), n)
	}}
}

// RequireExports refuses a module that certainly does not export one of these
// names. Which modules it is about is for match to say; nil is all.
func RequireExports(match func(*module.Module) bool, names ...string) Validator {
	return ValidatorFunc{"required-exports", func(_ context.Context, m *module.Module) error {
		if m.Open || match != nil && !match(m) {
			return nil
		}
		var missing []string
		for _, name := range names {
			visible := func(e module.Export) bool {
				return (e.Name == name || e.Name == "*") && e.Visibility != module.Private
			}
			if !slices.ContainsFunc(m.Exports, visible) {
				missing = append(missing, name)
			}
		}
		if len(missing) > 0 {
			return fmt.Errorf("%s: it does not export %s", orStart(module.Span{}, m), strings.Join(missing, ", "))
		}
		return nil
	}}
}

// NoDuplicateImports refuses a module of which one file imports one name of one
// module twice in the same way. What functions import when they run is theirs, and
// what may fail is tried more than once.
func NoDuplicateImports() Validator {
	type key struct {
		file, specifier, name, alias string
		kind                         module.ImportKind
		flags                        module.ImportFlags
	}
	return ValidatorFunc{"duplicate-imports", func(_ context.Context, m *module.Module) error {
		seen := map[key]module.Span{}
		var problems []error
		for _, imp := range m.Imports {
			if imp.Kind == module.Deferred || imp.Kind == module.Implicit || imp.Flags&module.Optional != 0 {
				continue
			}
			names := imp.Names
			if len(names) == 0 {
				names = []module.ImportedName{{}}
			}
			for _, n := range names {
				k := key{imp.Span.File, imp.Specifier, n.Name, n.Alias, imp.Kind, imp.Flags}
				if first, ok := seen[k]; ok {
					problems = append(problems, fmt.Errorf("%s: %q is imported before, at %s", imp.Span, imp.Specifier, first))
					break
				}
				seen[k] = imp.Span
			}
		}
		return errors.Join(problems...)
	}}
}

// NoPrivateReexport refuses a module that passes on, under a public name, what
// its target marks as private by a leading underscore or "#". "__version__" and
// the like are not private.
func NoPrivateReexport() Validator {
	return ValidatorFunc{"private-reexport", func(_ context.Context, m *module.Module) error {
		var problems []error
		for _, e := range m.Exports {
			reserved := len(e.Imported) > 4 && strings.HasPrefix(e.Imported, "__") && strings.HasSuffix(e.Imported, "__")
			hidden := strings.HasPrefix(e.Imported, "_") && !reserved || strings.HasPrefix(e.Imported, "#")
			if e.Import > 0 && hidden && e.Visibility == module.Public {
				problems = append(problems, fmt.Errorf("%s: %s passes on %s, which is private where it comes from", e.Span, e.Name, e.Imported))
			}
		}
		return errors.Join(problems...)
	}}
}

// NoDeprecatedPrivate refuses a module that keeps a private name that is
// deprecated: nobody else can use it, so it can go.
func NoDeprecatedPrivate() Validator {
	return ValidatorFunc{"deprecated-private", func(_ context.Context, m *module.Module) error {
		var problems []error
		for _, e := range m.Exports {
			if e.Deprecated != "" && e.Visibility == module.Private {
				problems = append(problems, fmt.Errorf("%s: %s is private and deprecated (%s); remove it", e.Span, e.Name, e.Deprecated))
			}
		}
		return errors.Join(problems...)
	}}
}

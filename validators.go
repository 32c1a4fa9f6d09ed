package eddy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/Masterminds/semver/v3"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// MaxDependencies refuses a module that depends on more than n others, those
// outside the workspace and those that the language implies included.
func MaxDependencies(n int) Validator {
	return ValidatorFunc{"max-dependencies", func(_ context.Context, m *module.Module) error {
		count := 0
		var last module.ID
		for _, d := range m.Deps { // sorted by target
			if d.To != last || count == 0 {
				count, last = count+1, d.To
			}
		}
		if count > n {
			return fmt.Errorf("it depends on %d modules, more than %d", count, n)
		}
		return nil
	}}
}

// MaxExports refuses a module with more than n names that others can see.
func MaxExports(n int) Validator {
	return ValidatorFunc{"max-exports", func(_ context.Context, m *module.Module) error {
		count := 0
		var last string
		for _, e := range m.Exports { // sorted by name
			if e.Visibility != module.Private && (e.Name != last || count == 0) {
				count, last = count+1, e.Name
			}
		}
		if count > n {
			return fmt.Errorf("it exports %d names, more than %d", count, n)
		}
		return nil
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
			return fmt.Errorf("it does not export %s", strings.Join(missing, ", "))
		}
		return nil
	}}
}

// NoDuplicateImports refuses a module of which one file imports one name of one
// module twice in the same way.
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
// its target marks as private by a leading underscore or "#".
func NoPrivateReexport() Validator {
	return ValidatorFunc{"private-reexport", func(_ context.Context, m *module.Module) error {
		var problems []error
		for _, e := range m.Exports {
			hidden := strings.HasPrefix(e.Imported, "_") && !strings.HasPrefix(e.Imported, "__") || strings.HasPrefix(e.Imported, "#")
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

// MatchVersions refuses a module whose package.json asks for another version of
// a package of the workspace than that package has, with a
// [module.VersionError]: a package manager then installs a published one beside
// it. Ranges without a version ("workspace:*", a folder, a tag) match any. It
// reads the manifests of the engine's workspace. It is for LoadModule: while the
// workspace itself is loaded for the first time, its packages are not known yet,
// and it says nothing.
func (e *Engine) MatchVersions() Validator {
	var mu sync.Mutex
	var of *Snapshot
	var files map[string]string // of a package of the workspace, one
	packages := func(s *Snapshot) map[string]string {
		mu.Lock()
		defer mu.Unlock()
		if of != s {
			of, files = s, map[string]string{}
			for _, m := range s.Modules() {
				if m.Kind.Local() && m.Package != "" && len(m.Files) > 0 && files[m.Package] == "" {
					files[m.Package] = m.Files[0]
				}
			}
		}
		return files
	}
	return ValidatorFunc{"declared-versions", func(_ context.Context, m *module.Module) error {
		s := e.Snapshot()
		if s == nil || len(m.Files) == 0 {
			return nil
		}
		own, err := nearestManifest(e.config.FS, m.Files[0])
		if own == nil || err != nil {
			return err
		}
		var problems []error
		told := map[string]bool{}
		for _, dep := range m.Deps {
			target, ok := s.Module(dep.To)
			if !ok || target.Package == m.Package {
				continue
			}
			file, want := packages(s)[target.Package], own.wants(target.Package)
			if file == "" || want == "" || told[target.Package] {
				continue
			}
			told[target.Package] = true
			other, err := nearestManifest(e.config.FS, file)
			if err != nil {
				problems = append(problems, err)
			} else if other != nil && !versionFits(want, other.Version) {
				problems = append(problems, &module.VersionError{Module: dep.To, Want: want, Have: other.Version})
			}
		}
		return errors.Join(problems...)
	}}
}

// manifest is what MatchVersions reads of a package.json.
type manifest struct {
	Name                 string            `json:"name"`
	Version              string            `json:"version"`
	Dependencies         map[string]string `json:"dependencies"`
	DevDependencies      map[string]string `json:"devDependencies"`
	PeerDependencies     map[string]string `json:"peerDependencies"`
	OptionalDependencies map[string]string `json:"optionalDependencies"`
}

// wants returns the range that is declared for a package, or nothing.
func (m *manifest) wants(name string) string {
	for _, list := range []map[string]string{m.Dependencies, m.OptionalDependencies, m.DevDependencies, m.PeerDependencies} {
		if want, ok := list[name]; ok {
			return want
		}
	}
	return ""
}

// nearestManifest reads the package.json that governs a file; nil where there is
// none.
func nearestManifest(files fsys.FS, file string) (*manifest, error) {
	for dir, _ := loader.Split(file); ; dir, _ = loader.Split(dir) {
		path := loader.Join(dir, "package.json")
		data, _, err := files.ReadFile(path, nil)
		if err == nil {
			m := &manifest{}
			if err := json.Unmarshal(data, m); err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
			return m, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if dir == "." {
			return nil, nil
		}
	}
}

// versionFits reports whether a version is in a range, or one of them says none.
func versionFits(want, have string) bool {
	want = strings.TrimPrefix(want, "workspace:")
	c, err := semver.NewConstraint(want)
	if err != nil {
		return true
	}
	v, err := semver.NewVersion(have)
	if err != nil {
		return true
	}
	c.IncludePrerelease = true
	return c.Check(v)
}

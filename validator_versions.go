package eddy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"github.com/Masterminds/semver/v3"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// MatchVersions refuses a module whose package.json asks for another version of
// a package of the workspace than that package has, with a
// [module.VersionError]: a package manager then installs a published one beside
// it. Ranges without a version ("workspace:*", a folder, a tag) match any. It
// must know all packages of the workspace, and so it is called by LoadModule
// alone, whatever a load of the workspace reads.
func MatchVersions() Validator { return &matchVersions{} }

// matchVersions is the validator of an engine, once that has it.
type matchVersions struct {
	engine *Engine

	mu    sync.Mutex
	of    *Snapshot
	files map[string]string // of a package of the workspace, one
}

// bind is called when a validator is added to an engine.
func (*matchVersions) bind(e *Engine) Validator { return &matchVersions{engine: e} }

// String returns the name.
func (*matchVersions) String() string { return "declared-versions" }

// packages gives one file of each package of a snapshot.
func (v *matchVersions) packages(s *Snapshot) map[string]string {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.of != s {
		v.of, v.files = s, map[string]string{}
		for _, m := range s.Modules() {
			if m.Kind.Local() && m.Package != "" && len(m.Files) > 0 && v.files[m.Package] == "" {
				v.files[m.Package] = m.Files[0]
			}
		}
	}
	return v.files
}

// Validate compares the version of each package that m imports.
func (v *matchVersions) Validate(_ context.Context, m *module.Module) error {
	if v.engine == nil {
		return errors.New("it is of no engine: add it with WithValidator")
	}
	s := v.engine.Snapshot()
	if s == nil || len(m.Files) == 0 {
		return nil
	}
	files := v.engine.config.FS
	own, err := nearestManifest(files, m.Files[0])
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
		file, want := v.packages(s)[target.Package], own.wants(target.Package)
		if file == "" || want == "" || told[target.Package] {
			continue
		}
		told[target.Package] = true
		other, err := nearestManifest(files, file)
		if err != nil {
			problems = append(problems, err)
		} else if other != nil && !versionFits(want, other.Version) {
			mismatch := &module.VersionError{Module: dep.To, Want: want, Have: other.Version}
			if dep.Import >= 0 {
				mismatch.Span = m.Imports[dep.Import].Span
			}
			problems = append(problems, mismatch)
		}
	}
	return errors.Join(problems...)
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

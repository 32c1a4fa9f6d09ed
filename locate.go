package eddy

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/module"
)

// AddSearchPath adds a folder of the workspace in which LoadModule looks for a
// module by a name relative to it, after those added before. Below the folder
// "lib", "d" means lib/d, lib/d.py, lib/d.ts and the like, or the file of the
// folder lib/d that stands for it, such as lib/d/index.ts; "d.e" means lib/d/e.py
// as well. A folder outside the workspace is an error: nothing is loaded from there.
func (e *Engine) AddSearchPath(folder string) error {
	clean := e.relative([]string{folder})[0]
	if clean == ".." || strings.HasPrefix(clean, "../") || path.IsAbs(clean) {
		return fmt.Errorf("eddy: the search path %s is outside the workspace %s", folder, e.config.Root)
	}
	r := e.registry
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.Contains(r.searchPaths, clean) {
		r.searchPaths = append(r.searchPaths, clean)
	}
	return nil
}

// locate finds the one module that a query names. What a search path knows is
// asked for last, and decides where the names alone are ambiguous.
func (e *Engine) locate(s *Snapshot, query string) (module.ID, error) {
	if filepath.IsAbs(query) {
		query = e.relative([]string{query})[0]
	}
	ids, err := s.Find(query)
	if err == nil && len(ids) == 1 {
		return ids[0], nil
	}
	e.registry.mu.Lock()
	folders := slices.Clone(e.registry.searchPaths)
	e.registry.mu.Unlock()
	for _, folder := range folders {
		if query == "" {
			break
		}
		switch found := s.below(folder, query); len(found) {
		case 0:
		case 1:
			return found[0], nil
		default:
			return "", &module.AmbiguousError{Query: query, IDs: found}
		}
	}
	if err != nil {
		return "", err
	}
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return "", &module.AmbiguousError{Query: query, IDs: ids}
}

// below returns the modules that a name relative to a folder means, sorted.
func (s *Snapshot) below(folder, name string) []module.ID {
	full := path.Join(folder, name)
	if _, ok := s.Module(module.ID(full)); ok {
		return []module.ID{module.ID(full)}
	}
	if ids := s.withoutExtension(full); len(ids) > 0 {
		return ids
	}
	if !strings.ContainsAny(name, "/\\") && strings.Contains(strings.Trim(name, "."), ".") {
		return s.withoutExtension(path.Join(folder, strings.ReplaceAll(name, ".", "/")))
	}
	return nil
}

// withoutExtension returns the modules whose file has a path but for the ending,
// else those that stand for the folder of that path.
func (s *Snapshot) withoutExtension(want string) []module.ID {
	for _, stem := range []string{want, want + "/index", want + "/__init__"} {
		var found []module.ID
		first, _ := slices.BinarySearchFunc(s.Modules(), stem+".", func(m *module.Module, at string) int {
			return strings.Compare(string(m.ID), at)
		})
		for _, m := range s.Modules()[first:] {
			ending, ok := strings.CutPrefix(string(m.ID), stem+".")
			if !ok {
				break
			}
			if m.Kind.Local() && m.Kind != module.KindAsset && !strings.ContainsAny(ending, "./:") {
				found = append(found, m.ID)
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

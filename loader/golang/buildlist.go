package golang

import (
	"path"
	"slices"
	"strings"
)

// buildList is what the go command calls the modules that take part in a build,
// as far as manifests alone tell: those of a go.work, or one module, with what
// they require. Modules that share a go.work share a build list.
type buildList struct {
	where    string               // the manifest that decides, for messages
	work     *workFile            // nil without one
	local    map[string]*goModule // in the workspace, by module path
	required map[string]bool      // elsewhere, by module path
	unused   map[string]bool      // replaced, but not required
	minor    int
}

// buildLists gives each module of the workspace its build list and its standard
// library.
func (m *manifests) buildLists() {
	shared := map[*workFile]*buildList{}
	for _, mod := range m.sorted {
		mod.std = m.standardLibrary(mod)
		w := m.workOf(mod)
		if w == nil {
			mod.list = m.buildList(mod.file(), nil, []*goModule{mod}, mod.replaces, mod.minor)
			continue
		}
		if shared[w] == nil {
			replaces := w.replaces
			var mains []*goModule
			for _, dir := range w.uses {
				mains = append(mains, m.modules[dir])
				replaces = append(slices.Clip(replaces), m.modules[dir].replaces...)
			}
			shared[w] = m.buildList(w.file(), w, mains, replaces, w.minor)
		}
		mod.list = shared[w]
	}
}

// required collects the required modules of all build lists.
func (m *manifests) required() map[string]bool {
	all := map[string]bool{}
	for _, mod := range m.sorted {
		for modulePath := range mod.list.required {
			all[modulePath] = true
		}
	}
	return all
}

// workOf returns the go.work that a module is built with: the nearest at or
// above it, if that uses it.
func (m *manifests) workOf(mod *goModule) *workFile {
	for dir := mod.dir; ; {
		if w := m.works[dir]; w != nil {
			if slices.Contains(w.uses, mod.dir) {
				return w
			}
			return nil
		}
		if dir == "." || strings.HasPrefix(dir, "..") {
			if strings.Count(dir, "..") >= len(m.above) {
				return nil
			}
			dir = path.Join(dir, "..")
			continue
		}
		dir = path.Dir(dir)
	}
}

// standardLibrary returns the module std whose source tree a module belongs to,
// nil for the toolchain's own. The tree of a Go distribution has std in its src,
// and other modules beside and below.
func (m *manifests) standardLibrary(mod *goModule) *goModule {
	for _, std := range m.sorted {
		if std.path != "std" || strings.HasPrefix(std.dir, "..") {
			continue
		}
		tree := std.dir
		if path.Base(tree) == "src" {
			tree = path.Dir(tree)
		}
		if tree == "." || mod.dir == tree || strings.HasPrefix(mod.dir, tree+"/") {
			return std
		}
	}
	return nil
}

// buildList collects the main modules, what they require, and local
// replacements with what those require.
func (m *manifests) buildList(where string, w *workFile, mains []*goModule, replaces []replace, minor int) *buildList {
	list := &buildList{
		where: where, work: w, minor: max(minor, goMinor),
		local: map[string]*goModule{}, required: map[string]bool{}, unused: map[string]bool{},
	}
	for _, mod := range mains {
		list.add(mod.path, mod)
	}
	for _, r := range replaces {
		list.unused[r.path] = true
	}
	// Replacements bring requirements of their own, which may be replaced too.
	for queue := slices.Clone(mains); len(queue) > 0; queue = queue[1:] {
		for _, req := range queue[0].requires {
			delete(list.unused, req.Path)
			if list.required[req.Path] || list.local[req.Path] != nil {
				continue
			}
			target := m.replacement(replaces, req.Path, req.Version)
			if target == nil {
				list.required[req.Path] = true
				continue
			}
			list.add(req.Path, target)
			queue = append(queue, target)
		}
	}
	return list
}

// add notes a module by its path. One that lies outside the workspace is as
// external as a required one.
func (l *buildList) add(modulePath string, mod *goModule) {
	switch {
	case modulePath == "":
	case strings.HasPrefix(mod.dir, "../") && !isAncestor(mod.dir):
		l.required[modulePath] = true
	default:
		l.local[modulePath] = mod
	}
}

// isAncestor reports whether a folder named from the root lies above it: "..",
// "../..".
func isAncestor(dir string) bool {
	return strings.Trim(dir, "./") == "" && strings.HasPrefix(dir, "..")
}

// replacement returns the module in the folder that replaces a requirement, nil
// where nothing does or another module does.
func (m *manifests) replacement(replaces []replace, modulePath, version string) *goModule {
	for _, r := range replaces {
		if r.path == modulePath && (r.version == "" || r.version == version) && r.dir != "" {
			return m.module(r.dir)
		}
	}
	return nil
}

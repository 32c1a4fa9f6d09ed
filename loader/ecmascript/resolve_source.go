package ecmascript

import (
	"slices"
	"strings"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// source is what resolution knows of one file.
type source struct {
	dir    int32 // its folder; see index.dirOf
	path   string
	opts   *options
	config *tsconfig // nil where none governs the file
	// included says that the config's own lists hold the file.
	included bool
	format   format
}

// dirOf returns the folder of a source: a source outlives changes of the listing,
// a folder does not.
func (ix *index) dirOf(s *source) *folder { return ix.all[s.dir] }

// scopeOf returns the nearest package.json of a source, or nil.
func (ix *index) scopeOf(s *source) *manifest { return ix.all[s.dir].scope }

// sourceOf returns the source of a module, or nil.
func (ix *index) sourceOf(id module.ID) *source {
	if len(ix.edited) > 0 {
		if s, ok := ix.edited[id]; ok {
			return s
		}
	}
	return ix.sources[id]
}

// format is the module system that a file's name or package says it uses.
type format uint8

const (
	formatNone format = iota // what is written decides
	formatESM
	formatCommonJS
)

// addSources makes the modules.
func (ix *index) addSources(files []loader.File) {
	ix.files = files
	states := make([]source, len(files))
	modules := make([]module.Module, len(files))
	for i, f := range files {
		dirPath, name := loader.Split(f.Path)
		d := ix.folders[dirPath]
		if d == nil {
			continue // a file that the tree does not hold cannot be imported
		}
		ix.initSource(&states[i], d, f.Path, name)
		if k, ok := slices.BinarySearch(d.files, name); ok {
			d.paths[k] = f.Path
		}
		m := &modules[i]
		initModule(m, d, f, name)
		if f.Facts != nil {
			for _, name := range f.Facts.Ambient {
				ix.ambient = append(ix.ambient, ambient{name, m.ID})
			}
		}
		ix.sources[m.ID] = &states[i]
		ix.modules = append(ix.modules, m)
	}
	slices.SortFunc(ix.ambient, func(a, b ambient) int {
		if c := strings.Compare(a.name, b.name); c != 0 {
			return c
		}
		return a.id.Compare(b.id)
	})
}

// initSource fills in what resolution knows of a file.
func (ix *index) initSource(s *source, d *folder, path, name string) {
	s.dir, s.path = d.num, path
	s.config, s.included = ix.governing(d, path)
	switch {
	case s.config != nil:
		s.opts = s.config.opts
	case ix.aboveTS != nil:
		s.opts = ix.aboveTS.opts
	default:
		s.opts = ix.defaults
	}
	s.format = formatOf(name, d.scope, s.opts)
}

// initModule fills in the module of a file.
func initModule(m *module.Module, d *folder, f loader.File, name string) {
	*m = module.Module{
		ID: module.ID(f.Path), Name: f.Path, Language: languageOf(name), Kind: kindOf(f.Path),
		Files: []string{f.Path},
	}
	if named := namedScope(d.scope); named != nil {
		m.Package = named.name
		if rel, ok := below(named.dir.path, f.Path); ok {
			m.Name = named.name + "/" + rel
		}
	}
	if f.Facts != nil {
		m.Imports = f.Facts.Imports
	}
}

// namedScope is the nearest package.json that has a name.
func namedScope(m *manifest) *manifest {
	for ; m != nil; m = m.parent {
		if m.name != "" {
			return m
		}
	}
	return nil
}

// governing finds the config of a file: the nearest one that includes it, itself
// or through its references; or else one beside the nearest that lists it, such as
// tsconfig.test.json; or else the nearest, since the tools that build a file outside
// every list read that one.
func (ix *index) governing(d *folder, path string) (*tsconfig, bool) {
	var nearest *tsconfig
	scope := d.scope
	for ; d != nil; d = d.parent {
		t := d.project
		if t == nil {
			continue
		}
		if found := t.projectOf(ix.paths, path); found != nil {
			return found, true
		}
		if nearest == nil {
			if nearest = t; t.solution() {
				nearest = t.references[0]
			}
		}
	}
	if t := ix.aboveTS; t != nil {
		if found := t.projectOf(ix.paths, path); found != nil {
			return found, true
		}
		if nearest == nil {
			nearest = t
		}
	}
	if nearest != nil && scope != nil {
		for _, t := range scope.outputs {
			if t.listed && t.dir == nearest.dir && t.includes(ix.paths, path) {
				return t, true
			}
		}
	}
	return nearest, false
}

// formatOf tells the module system of a file.
func formatOf(name string, scope *manifest, o *options) format {
	_, ext := splitExtension(name)
	switch ext {
	case ".mts", ".mjs", ".d.mts":
		return formatESM
	case ".cts", ".cjs", ".d.cts":
		return formatCommonJS
	case ".ts", ".tsx", ".js", ".jsx", ".d.ts":
		if o.resolution == resolveNode16 {
			if scope != nil && scope.esm {
				return formatESM
			}
			return formatCommonJS
		}
	}
	return formatNone
}

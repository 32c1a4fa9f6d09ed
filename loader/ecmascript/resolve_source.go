package ecmascript

import (
	"slices"
	"strings"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// source is what resolution knows of one file.
type source struct {
	dir    *folder
	path   string
	opts   *options
	config *tsconfig // nil where none governs the file
	// included says that the config's own lists hold the file.
	included bool
	format   format
}

func (s *source) scope() *manifest { return s.dir.scope }

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
	defaults := defaultOptions()
	if ix.aboveTS != nil {
		defaults = ix.aboveTS.opts
	}
	states := make([]source, len(files))
	modules := make([]module.Module, len(files))
	for i, f := range files {
		dirPath, name := loader.Split(f.Path)
		d := ix.folders[dirPath]
		if d == nil {
			continue // a file that the tree does not hold cannot be imported
		}
		s := &states[i]
		s.dir, s.path, s.opts = d, f.Path, defaults
		s.config, s.included = ix.governing(d, f.Path)
		if s.config != nil {
			s.opts = s.config.opts
		}
		s.format = formatOf(name, d.scope, s.opts)
		if k, ok := slices.BinarySearch(d.files, name); ok {
			d.paths[k] = f.Path
		}
		m := &modules[i]
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
			for _, name := range f.Facts.Ambient {
				ix.ambient = append(ix.ambient, ambient{name, m.ID})
			}
		}
		ix.sources[m.ID] = s
		ix.modules = append(ix.modules, m)
	}
	slices.SortFunc(ix.ambient, func(a, b ambient) int {
		if c := strings.Compare(a.name, b.name); c != 0 {
			return c
		}
		return a.id.Compare(b.id)
	})
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
// or through its references; or else the nearest, since the tools that build a
// file outside every list read that one.
func (ix *index) governing(d *folder, path string) (*tsconfig, bool) {
	var nearest *tsconfig
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

package loader

import (
	"errors"
	"slices"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/module"
)

// Reading is a module with all that its files say.
type Reading struct {
	Module      *module.Module // with exports
	Diagnostics []module.Diagnostic
	files       []string
	stamps      []fsys.Stamp // of the files; zero for one that could not be read
}

// ErrChanged says that a file has other imports now than the result knows: an
// update must come first.
var ErrChanged = errors.New("the file changed since the workspace was loaded")

// Read reads the files of one of the result's own modules at the level of
// exports, or takes them from the result where it has them. It is safe for
// concurrent use, and does no other module's work.
func (r *Result) Read(cfg Config, m *module.Module) (*Reading, error) {
	if r.Detail >= DetailExports && r.complete() {
		return r.reading(m), nil
	}
	cfg.Detail, cfg.Digests = DetailExports, true
	reader := fileReader{Config: &cfg, began: cfg.now(), parsers: make([]Parser, len(cfg.Frontends))}
	scratch := &Result{frontends: r.frontends}
	out := &Reading{}
	var imports []module.Import
	var content []byte
	for _, file := range m.Files {
		i, ok := r.findSource(file)
		if !ok {
			continue // an asset of the module has nothing to read
		}
		s, _ := reader.renew(&source{path: file, frontend: r.sources[i].frontend})
		scratch.sources = append(scratch.sources, s)
		imports = append(imports, s.facts.Imports...)
		content = append(content, s.content[:]...)
		out.files, out.stamps = append(out.files, file), append(out.stamps, s.stamp)
		out.Diagnostics = append(out.Diagnostics, s.facts.Diagnostics...)
		if s.problem != nil {
			out.Diagnostics = append(out.Diagnostics, *s.problem)
		}
	}
	if !slices.EqualFunc(imports, m.Imports, equalImports) {
		return nil, ErrChanged
	}
	full := *m
	full.Exports, full.Open, full.All, full.Aside = nil, false, nil, nil
	scratch.fill(&full, DetailExports)
	if full.Content.IsZero() {
		full.Content = module.DigestOf(content)
	}
	out.Module = &full
	return out, nil
}

// reading is that of a module whose exports the result, which is complete, has read
// already.
func (r *Result) reading(m *module.Module) *Reading {
	out := &Reading{Module: m}
	for _, file := range m.Files {
		i, ok := r.findSource(file)
		if !ok {
			continue
		}
		s := r.sources[i]
		out.files, out.stamps = append(out.files, file), append(out.stamps, s.stamp)
		out.Diagnostics = append(out.Diagnostics, s.facts.Diagnostics...)
		if s.problem != nil {
			out.Diagnostics = append(out.Diagnostics, *s.problem)
		}
	}
	return out
}

// Changed reports whether a file of a module has another stamp than when it was
// read, or may have changed without one.
func (g *Reading) Changed(fs fsys.FS) bool {
	for i, file := range g.files {
		// A file that is gone has the zero stamp as well.
		if g.stamps[i] == (fsys.Stamp{}) || stampOf(fs, file) != g.stamps[i] {
			return true
		}
	}
	return false
}

// Grown reports whether a module that is a folder has a file of its language that
// the result does not know, and which folder that is: an update of it tells
// whether the file is of the module.
func (r *Result) Grown(cfg Config, m *module.Module) (folder string, grown bool) {
	if len(m.Files) == 0 || slices.Contains(m.Files, string(m.ID)) {
		return "", false // a file
	}
	first, ok := r.findSource(m.Files[0])
	if !ok {
		return "", false
	}
	folder, _ = Split(m.Files[0])
	entries, err := cfg.FS.ReadDir(folder)
	if err != nil {
		return folder, true
	}
	for _, entry := range entries {
		path := Join(folder, entry.Name)
		if entry.Type.IsDir() || claimant(path, r.frontends) != r.sources[first].frontend {
			continue
		}
		if _, known := r.findSource(path); !known {
			return folder, true
		}
	}
	return folder, false
}

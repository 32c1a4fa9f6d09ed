package loader

import (
	"context"
	"slices"

	"github.com/eddy-build/eddy/cache"
	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/module"
)

// index is one front-end's view of the workspace.
type index struct {
	resolver Resolver // nil where the front-end has no file
	inputs   []input  // sorted by path
	renewed  bool     // its manifests changed: every conclusion may be another
}

// input is a manifest that a resolver read or looked for.
type input struct {
	path  string
	stamp fsys.Stamp // zero where there was none, doubtful where an equal one would not mean equal bytes
}

// owned is a module of a front-end.
type owned struct {
	module   *module.Module
	frontend int
	probes   []uint64 // hashes of the paths that its resolution asked for

	// At the level of detail that reads exports:
	face     *face
	checked  bool // whether findings holds
	findings []module.Diagnostic
	visited  bool  // whether refused holds
	refused  error // by Config.Visit
}

// index lets each front-end that has files, and of which something changed,
// index them.
func (r *Result) index(ctx context.Context, cfg Config, prev *Result, changes Changes, changed map[string]struct{}, listing *listingChange, began int64) error {
	files := make([][]File, len(cfg.Frontends))
	dirty := make([]bool, len(cfg.Frontends))
	for i := range r.sources {
		s := &r.sources[i]
		files[s.frontend] = append(files[s.frontend], File{Path: s.path, Facts: s.facts})
		if _, ok := changed[s.path]; ok {
			dirty[s.frontend] = true
		}
	}
	r.indexes = make([]index, len(cfg.Frontends))
	for i, fe := range cfg.Frontends {
		if len(files[i]) == 0 {
			continue
		}
		var old index
		if i < len(prev.indexes) {
			old = prev.indexes[i] // without a resolver where prev came out of a store
		}
		renewed := old.resolver == nil || r.inputsChanged(cfg.FS, old.inputs, changes, listing) || manifestsChanged(fe, listing)
		if !renewed && !dirty[i] && listing.empty() {
			old.renewed = false
			r.indexes[i] = old
			continue
		}
		ws := &Workspace{Root: cfg.Root, FS: cfg.FS, Tree: r.Tree, Files: files[i], Options: cfg.Options}
		if again, ok := fe.(Reindexer); ok && !renewed && listing.empty() {
			resolver, err := again.Reindex(ctx, ws, old.resolver)
			if err != nil {
				return err
			}
			r.Stats.Work.Indexed++
			c, ok := resolver.(ComparableResolver)
			r.indexes[i] = index{resolver: resolver, inputs: old.inputs, renewed: ok && !c.ConcludesAs(old.resolver)}
			continue
		}
		resolver, err := fe.Index(ctx, ws)
		if err != nil {
			return err
		}
		r.Stats.Work.Indexed++
		if c, ok := resolver.(ComparableResolver); ok && !renewed {
			renewed = !c.ConcludesAs(old.resolver)
		}
		r.indexes[i] = index{resolver: resolver, inputs: stampInputs(cfg.FS, resolver.Inputs(), began), renewed: renewed}
	}
	return nil
}

// inputsChanged reports whether one of the manifests may be another than it was.
func (r *Result) inputsChanged(fs fsys.FS, inputs []input, changes Changes, listing *listingChange) bool {
	// Where there are symbolic links a manifest may be known by another name than
	// the one that the changes tell.
	all := changes.Rescan || len(r.Tree.linked)+len(r.Tree.aliases) > 0
	for _, in := range inputs {
		if _, ok := slices.BinarySearch(listing.paths, in.path); ok || listing.links {
			return true
		}
		if !all && !changes.concern(in.path) {
			continue
		}
		if stampOf(fs, in.path) != in.stamp {
			return true
		}
	}
	return false
}

// manifestsChanged reports whether a manifest appeared or vanished.
func manifestsChanged(fe Frontend, listing *listingChange) bool {
	return slices.ContainsFunc(listing.paths, func(p string) bool { return fe.Claim(p) == ClaimConfig })
}

// doubtful is the stamp of a manifest that may have changed since it was read:
// no file has it.
var doubtful = fsys.Stamp{Size: -1}

// stampInputs is called when the manifests have been read, some time after
// began: one that changed since then, or just before, is doubtful.
func stampInputs(fs fsys.FS, paths []string, began int64) []input {
	list := make([]input, len(paths))
	for i, p := range paths {
		list[i] = input{p, stampOf(fs, p)}
		if s := list[i].stamp; s != (fsys.Stamp{}) && !cache.Stamp(s).Trusted(began) {
			list[i].stamp = doubtful
		}
	}
	return list
}

// stampOf returns the stamp of a file, zero where there is none.
func stampOf(fs fsys.FS, path string) fsys.Stamp {
	info, err := fs.Stat(path)
	if err != nil {
		return fsys.Stamp{}
	}
	return info.Stamp
}

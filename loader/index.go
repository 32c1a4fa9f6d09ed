package loader

import (
	"context"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/module"
)

// index is one front-end's view of the workspace.
type index struct {
	resolver Resolver // nil where the front-end has no file
	files    []File   // that the front-end claims, sorted by path
	inputs   []input  // sorted by path
	renewed  bool     // every conclusion may be another
	changed  hashes   // of the keys under which something else is now
}

// owned is a module of a front-end. It does not change once its result is there:
// a later one shares it or has another.
type owned struct {
	listed   *module.Module // as the resolver lists it; nil where it came out of a store
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
func (r *Result) index(ctx context.Context, cfg Config, prev *Result, changes Changes, listing *listingChange, began int64) error {
	r.indexes = make([]index, len(cfg.Frontends))
	edits := r.divide(prev)
	for i, fe := range cfg.Frontends {
		files := edits[i].files
		if len(files) == 0 {
			continue
		}
		var old index
		if i < len(prev.indexes) {
			old = prev.indexes[i] // without a resolver where prev came out of a store
		}
		anew := old.resolver == nil || manifestsChanged(fe, listing)
		renewed := anew || r.inputsChanged(cfg.FS, old.inputs, changes, listing)
		if !renewed && edits[i].empty() && listing.empty() {
			old.renewed, old.changed, old.files = false, hashes{}, files
			r.indexes[i] = old
			continue
		}
		reading := &inputReader{FS: cfg.FS}
		ws := &Workspace{Root: cfg.Root, FS: reading, Tree: r.Tree, Files: files, Options: cfg.Options}
		var resolver Resolver
		var err error
		inputs, read := old.inputs, renewed // whether it reads the manifests
		if again, ok := fe.(Reindexer); ok && !anew && !listing.links {
			edits[i].Listing, edits[i].Manifests = listing.paths, renewed
			resolver, err = again.Reindex(ctx, ws, old.resolver, edits[i].Edit)
		}
		if resolver == nil && err == nil {
			resolver, err = fe.Index(ctx, ws)
			read = true
		}
		if err != nil {
			return err
		}
		if read {
			inputs = reading.stamps(resolver.Inputs(), began)
		}
		r.Stats.Work.Indexed++
		x := index{resolver: resolver, files: files, inputs: inputs, renewed: renewed}
		if c, ok := resolver.(ComparableResolver); ok && old.resolver != nil {
			keys, comparable := c.Differences(old.resolver)
			x.renewed = !comparable
			changed := make([]uint64, len(keys))
			for i, key := range keys {
				changed[i] = key.probeHash()
			}
			x.changed = newHashes(changed)
		}
		r.indexes[i] = x
	}
	return nil
}

// frontendEdit is what of a front-end's files is not as it was.
type frontendEdit struct {
	files []File // as they are
	Edit
}

func (e *frontendEdit) empty() bool { return len(e.Changed)+len(e.Added)+len(e.Removed) == 0 }

// divide gives each front-end its files, and says what of them is not as in prev.
func (r *Result) divide(prev *Result) []frontendEdit {
	edits := make([]frontendEdit, len(r.frontends))
	if prev.restored != nil || len(prev.indexes) != len(r.frontends) {
		for _, s := range r.sources {
			e := &edits[s.frontend]
			e.files = append(e.files, File{Path: s.path, Facts: s.facts})
			e.Added = append(e.Added, s.path)
		}
		return edits
	}
	type change struct {
		path  string
		facts *module.Facts // nil for a file that is gone
	}
	changes := make([][]change, len(edits))
	differences(prev.sources, r.sources, bySourcePath, func(old, new *source) {
		switch {
		case new == nil:
			changes[old.frontend] = append(changes[old.frontend], change{old.path, nil})
			edits[old.frontend].Removed = append(edits[old.frontend].Removed, old.path)
		case old == nil:
			changes[new.frontend] = append(changes[new.frontend], change{new.path, new.facts})
			edits[new.frontend].Added = append(edits[new.frontend].Added, new.path)
		case old.facts != new.facts:
			changes[new.frontend] = append(changes[new.frontend], change{new.path, new.facts})
			edits[new.frontend].Changed = append(edits[new.frontend].Changed, new.path)
		}
	})
	for i := range edits {
		rest := prev.indexes[i].files
		if len(changes[i]) == 0 {
			edits[i].files = rest
			continue
		}
		files := make([]File, 0, len(rest)+len(edits[i].Added))
		for _, c := range changes[i] {
			at, had := FindFile(rest, c.path)
			files = append(files, rest[:at]...)
			if rest = rest[at:]; had {
				rest = rest[1:]
			}
			if c.facts != nil {
				files = append(files, File{Path: c.path, Facts: c.facts})
			}
		}
		edits[i].files = append(files, rest...)
	}
	return edits
}

// FindFile returns the place of a path in a list of files that is sorted by path,
// or where it would be. O(log n).
func FindFile(files []File, path string) (int, bool) {
	return slices.BinarySearchFunc(files, path, func(f File, path string) int { return strings.Compare(f.Path, path) })
}

// inputsChanged reports whether one of the manifests may be another than it was.
func (r *Result) inputsChanged(fs fsys.FS, inputs []input, changes Changes, listing *listingChange) bool {
	// Where there are symbolic links a manifest may be known by another name than
	// the one that the changes tell.
	all := changes.Rescan || len(r.Tree.linked)+len(r.Tree.aliases) > 0
	changed := newPathSet(changes.Paths)
	for _, in := range inputs {
		if _, ok := slices.BinarySearch(listing.paths, in.path); ok || listing.links {
			return true
		}
		if !all && !changed.within(in.path) {
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

package loader

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"slices"
	"sync"

	"github.com/eddy-build/eddy/cache"
	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/module"
)

// restored is what a result out of a store has in place of a tree and resolvers.
type restored struct {
	listing, files module.Digest
	asked          []cache.Asked
	inputs         []cache.Input
	folders        []cache.Folder
	asks           []cache.Ask
	// dated tells that the files hold and the stamps of the folders do not.
	dated bool
	// complete gives the sources their facts, which few runs need. It reports
	// false where they are damaged.
	complete func() bool
	// indexes is what the front-ends make of the workspace, worked out when
	// something asks; nil before the result was compared with the workspace.
	indexes func() []index
}

// State is the result as plain data, to be stored and restored.
func (r *Result) State() *cache.State {
	r.complete()
	s := &cache.State{
		Root:        r.Set.Root,
		Listing:     r.Tree.digest(),
		Files:       r.filesDigest(),
		Modules:     r.Set.Modules,
		Walked:      r.walked,
		Diagnostics: r.unvisited(),
		Sources:     make([]cache.Source, len(r.sources)),
		Facts: func() []*module.Facts {
			facts := make([]*module.Facts, len(r.sources))
			for i := range r.sources {
				facts[i] = r.sources[i].facts
			}
			return facts
		},
	}
	for i := range r.sources {
		src := r.sources[i]
		s.Sources[i] = cache.Source{Path: src.path, Frontend: uint8(src.frontend), Stamp: cache.Stamp(src.stamp), Content: src.content}
		if src.problem != nil {
			s.Sources[i].Problem = []module.Diagnostic{*src.problem}
		}
	}
	for fe, x := range r.indexes {
		for _, in := range x.inputs {
			s.Inputs = append(s.Inputs, cache.Input{Path: in.path, Frontend: uint8(fe), Stamp: cache.Stamp(in.stamp)})
		}
	}
	for _, path := range r.Tree.outside.asked() {
		s.Asked = append(s.Asked, cache.Asked{Path: path, Answer: uint8(r.Tree.presence(path))})
	}
	for _, skip := range r.Skipped {
		s.Skipped = append(s.Skipped, cache.Skipped(skip))
	}
	if s.Folders = r.Tree.stamped(); s.Folders != nil {
		s.Asks = r.Tree.asks
	}
	return s
}

// unvisited lists the diagnostics but those of visits, which are made again.
func (r *Result) unvisited() []module.Diagnostic {
	of := func(d module.Diagnostic) bool { return d.Code == CodeRefused }
	if !slices.ContainsFunc(r.Set.Diagnostics, of) {
		return r.Set.Diagnostics
	}
	return slices.DeleteFunc(slices.Clone(r.Set.Diagnostics), of)
}

// Restore makes a result of what State returned. It holds for the workspace as
// it was; an update with Rescan brings it up to date and reads only what
// changed since.
func Restore(s *cache.State, frontends []Frontend) *Result {
	r := &Result{
		Set:       &module.Set{Root: s.Root, Modules: s.Modules, Diagnostics: s.Diagnostics},
		Tree:      NewTree(nil),
		frontends: frontends,
		walked:    s.Walked,
		sources:   make([]*source, len(s.Sources)),
		restored:  &restored{listing: s.Listing, files: s.Files, asked: s.Asked, inputs: s.Inputs, folders: s.Folders, asks: s.Asks},
	}
	r.graph = newLazyGraph(r.Set)
	sources := make([]source, len(s.Sources))
	for i := range s.Sources {
		src := &s.Sources[i]
		r.sources[i] = &sources[i]
		sources[i] = source{path: src.Path, frontend: int(src.Frontend), content: src.Content, stamp: fsys.Stamp(src.Stamp)}
		if len(src.Problem) > 0 {
			r.sources[i].problem = &src.Problem[0]
		}
	}
	for _, skip := range s.Skipped {
		r.Skipped = append(r.Skipped, Skipped(skip))
	}
	r.restored.complete = sync.OnceValue(func() bool {
		facts := s.Facts()
		if len(facts) != len(r.sources) {
			return false
		}
		for i, f := range facts {
			r.sources[i].facts = f
		}
		for _, m := range r.Set.Modules {
			if fe, ok := r.frontendOf(m); ok {
				r.own = append(r.own, &owned{module: m, frontend: fe})
			}
		}
		return true
	})
	return r
}

// complete makes the facts of a result out of a store be there. It reports false
// where they are damaged. Safe for concurrent use.
func (r *Result) complete() bool {
	return r.restored == nil || r.restored.complete()
}

// frontendOf returns the number of the front-end that a module is one of.
func (r *Result) frontendOf(m *module.Module) (int, bool) {
	if len(m.Files) == 0 || (m.Kind != module.KindSource && m.Kind != module.KindTest) {
		return 0, false
	}
	i, ok := r.findSource(m.Files[0])
	if !ok {
		return 0, false
	}
	return r.sources[i].frontend, true
}

// findSource returns the place of a file among the sources.
func (r *Result) findSource(path string) (int, bool) {
	return findSource(r.sources, path)
}

// compareListing compares the workspace's names with those of a later walk.
func (r *Result) compareListing(tree *Tree) *listingChange {
	if r.restored == nil || r.restored.indexes != nil {
		return diffTrees(r.Tree, tree)
	}
	for _, a := range r.restored.asked {
		if uint8(tree.presence(a.Path)) != a.Answer {
			return everything()
		}
	}
	if tree.digest() != r.restored.listing {
		return everything()
	}
	return &listingChange{}
}

// holds reports whether nothing has changed since a result was stored, as far as
// a walk with stamps and the stamps of the manifests tell.
func (r *Result) holds(next *Result, cfg Config, listing *listingChange) bool {
	return r.restored != nil && r.restored.indexes == nil && listing.empty() &&
		next.Tree.filesDigest() == r.restored.files &&
		slices.EqualFunc(r.walked, next.walked, sameDiagnostic) && r.restored.inputsHold(cfg.FS)
}

// inputsHold reports whether every manifest is as it was.
func (r *restored) inputsHold(fs fsys.FS) bool {
	return !slices.ContainsFunc(r.inputs, func(in cache.Input) bool {
		return stampOf(fs, in.Path) != fsys.Stamp(in.Stamp)
	})
}

// keep makes r the result of prev, which came out of a store and was found to
// hold. The front-ends index the workspace only when something asks for it.
func (r *Result) keep(cfg Config, prev *Result) {
	r.Set, r.Skipped, r.graph = prev.Set, prev.Skipped, prev.graph
	if r.sources == nil {
		r.sources = prev.sources
	}
	r.indexes = make([]index, len(cfg.Frontends))
	for _, in := range prev.restored.inputs {
		x := &r.indexes[in.Frontend]
		x.inputs = append(x.inputs, input{in.Path, fsys.Stamp(in.Stamp)})
	}
	kept := *prev.restored
	if folders := r.Tree.stamped(); folders != nil {
		kept.dated = !slices.Equal(folders, kept.folders) || !slices.Equal(r.Tree.asks, kept.asks)
	}
	kept.complete = sync.OnceValue(func() bool {
		if !prev.restored.complete() {
			return false
		}
		r.own = prev.own
		return true
	})
	kept.indexes = sync.OnceValue(func() []index {
		if !r.complete() {
			return r.indexes
		}
		scratch := &Result{frontends: cfg.Frontends, Tree: r.Tree, sources: r.sources}
		// Without a context of the caller: the work is that of one load's index.
		if err := scratch.index(context.Background(), cfg, Nothing(cfg.Root), Changes{Rescan: true}, everything(), cfg.now()); err != nil {
			return r.indexes
		}
		return scratch.indexes
	})
	r.restored = &kept
	r.Stats.Folders, r.Stats.Files = len(r.Tree.Folders()), len(r.sources)
	for _, m := range r.Set.Modules {
		r.Stats.Imports += len(m.Imports)
	}
}

// indexed returns the front-ends' views, made now where the result came out of a
// store.
func (r *Result) indexed() []index {
	if r.restored != nil && r.restored.indexes != nil {
		return r.restored.indexes()
	}
	return r.indexes
}

// digest stands for the names and kinds of all that the walk saw. O(n).
func (t *Tree) digest() module.Digest {
	d := newDigester()
	for _, f := range t.list {
		d.text(f.Path)
		d.number(len(f.Files))
		for _, name := range f.Files {
			d.text(name)
		}
		d.number(len(f.skipped))
		for _, s := range f.skipped {
			d.text(s.name)
			d.number(int(s.kind))
		}
	}
	links := make([]string, 0, len(t.aliases))
	for from := range t.aliases {
		links = append(links, from)
	}
	slices.Sort(links)
	for _, from := range links {
		d.text(from)
		d.text(t.aliases[from])
	}
	return d.sum()
}

// filesDigest stands for the stamps of all files that were asked for them. Of two
// trees with equal names it tells whether the same files have the same stamps.
func (t *Tree) filesDigest() module.Digest {
	d := newDigester()
	for n, f := range t.list {
		for i, s := range f.stamps {
			if s != (fsys.Stamp{}) {
				d.file(n, i, s)
			}
		}
	}
	return d.sum()
}

// filesDigest is that of the tree as it is, if the sources are as they were
// read. A source without a stamp makes it differ from that of any tree.
func (r *Result) filesDigest() module.Digest {
	d := newDigester()
	next := 0 // where the next file most likely is among the sources
	for n, f := range r.Tree.list {
		for i, name := range f.Files {
			path := Join(f.Path, name)
			at, ok := next, next < len(r.sources) && r.sources[next].path == path
			if !ok {
				at, ok = r.findSource(path)
			}
			if ok {
				d.file(n, i, r.sources[at].stamp)
				next = at + 1
			}
		}
	}
	return d.sum()
}

// digester makes the digest of a sequence of texts and numbers.
type digester struct {
	hash hash.Hash
	buf  []byte
}

func newDigester() *digester {
	return &digester{hash: sha256.New(), buf: make([]byte, 0, 16<<10)}
}

func (d *digester) text(s string) {
	d.number(len(s))
	d.buf = append(d.buf, s...)
}

func (d *digester) number(n int) {
	if len(d.buf) > 8<<10 {
		d.hash.Write(d.buf)
		d.buf = d.buf[:0]
	}
	d.buf = binary.AppendUvarint(d.buf, uint64(n))
}

// file adds the stamp of file i of folder n.
func (d *digester) file(n, i int, s fsys.Stamp) {
	d.number(n)
	d.number(i)
	d.number(int(s.Size))
	d.number(int(s.MTime))
	d.number(int(s.CTime))
	d.number(int(s.Inode))
	d.number(int(s.Mode))
}

func (d *digester) sum() module.Digest {
	d.hash.Write(d.buf)
	return module.Digest(d.hash.Sum(nil))
}

// Fresh reports whether the result holds something that the one it was restored
// from does not, so that it is worth storing.
func (r *Result) Fresh() bool {
	return len(r.problems) == 0 && (r.restored == nil || r.restored.dated || r.Stats.Work.SameContent+r.Stats.Work.SameFacts > 0)
}

package loader

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"
	"sync"

	"github.com/eddy-build/eddy/cache"
	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/module"
)

// restored is what a result out of a store has in place of a tree and resolvers.
type restored struct {
	listing module.Digest
	asked   []cache.Asked
	inputs  []cache.Input
	// indexes is what the front-ends make of the workspace, worked out when
	// something asks; nil before the result was compared with the workspace.
	indexes func() []index
}

// State is the result as plain data, to be stored and restored.
func (r *Result) State() *cache.State {
	s := &cache.State{
		Root:        r.Set.Root,
		Listing:     r.Tree.digest(),
		Modules:     r.Set.Modules,
		Walked:      r.walked,
		Diagnostics: r.Set.Diagnostics,
		Sources:     make([]cache.Source, len(r.sources)),
	}
	for i := range r.sources {
		src := &r.sources[i]
		s.Sources[i] = cache.Source{Path: src.path, Frontend: uint8(src.frontend), Stamp: cache.Stamp(src.stamp), Content: src.content, Facts: src.facts}
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
	return s
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
		sources:   make([]source, len(s.Sources)),
		restored:  &restored{listing: s.Listing, asked: s.Asked, inputs: s.Inputs},
	}
	for i := range s.Sources {
		src := &s.Sources[i]
		r.sources[i] = source{path: src.Path, frontend: int(src.Frontend), stamp: fsys.Stamp(src.Stamp), content: src.Content, facts: src.Facts}
		if len(src.Problem) > 0 {
			r.sources[i].problem = &src.Problem[0]
		}
	}
	for _, skip := range s.Skipped {
		r.Skipped = append(r.Skipped, Skipped(skip))
	}
	for _, m := range s.Modules {
		if fe, ok := r.frontendOf(m); ok {
			r.own = append(r.own, owned{module: m, frontend: fe})
		}
	}
	return r
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
	return slices.BinarySearchFunc(r.sources, path, func(s source, path string) int { return strings.Compare(s.path, path) })
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

// inputsHold reports whether every manifest is as it was.
func (r *restored) inputsHold(fs fsys.FS) bool {
	return !slices.ContainsFunc(r.inputs, func(in cache.Input) bool {
		return stampOf(fs, in.Path) != fsys.Stamp(in.Stamp)
	})
}

// keep makes r the result of prev, which came out of a store and was found to
// hold. The front-ends index the workspace only when something asks for it.
func (r *Result) keep(cfg Config, prev *Result) {
	r.Set, r.Skipped = prev.Set, prev.Skipped
	r.own = prev.own
	r.indexes = make([]index, len(cfg.Frontends))
	for _, in := range prev.restored.inputs {
		x := &r.indexes[in.Frontend]
		x.inputs = append(x.inputs, input{in.Path, fsys.Stamp(in.Stamp)})
	}
	kept := *prev.restored
	kept.indexes = sync.OnceValue(func() []index {
		scratch := &Result{frontends: cfg.Frontends, Tree: r.Tree, sources: r.sources}
		// Without a context of the caller: the work is that of one load's index.
		if err := scratch.index(context.Background(), cfg, Nothing(cfg.Root), Changes{Rescan: true}, nil, everything(), cfg.Now().UnixNano()); err != nil {
			return r.indexes
		}
		return scratch.indexes
	})
	r.restored = &kept
	r.count()
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
	h := sha256.New()
	buf := make([]byte, 0, 4096)
	text := func(s string) {
		buf = binary.AppendUvarint(buf, uint64(len(s)))
		buf = append(buf, s...)
		if len(buf) > 3000 {
			h.Write(buf)
			buf = buf[:0]
		}
	}
	count := func(n int) { buf = binary.AppendUvarint(buf, uint64(n)) }
	for _, f := range t.list {
		text(f.Path)
		count(len(f.Files))
		for _, name := range f.Files {
			text(name)
		}
		count(len(f.skipped))
		for _, s := range f.skipped {
			text(s.name)
			count(int(s.kind))
		}
	}
	links := make([]string, 0, len(t.aliases))
	for from := range t.aliases {
		links = append(links, from)
	}
	slices.Sort(links)
	for _, from := range links {
		text(from)
		text(t.aliases[from])
	}
	h.Write(buf)
	return module.Digest(h.Sum(nil))
}

// Fresh reports whether the result holds something that the one it was restored
// from does not, so that it is worth storing.
func (r *Result) Fresh() bool {
	return len(r.problems) == 0 && (r.restored == nil || r.Stats.Work.SameContent+r.Stats.Work.SameFacts > 0)
}

package loader

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/eddy-build/eddy/module"
)

// ProbingResolver is an optional power of a [Resolver]: what it concludes of an
// import depends on its Inputs, on the module itself, on the paths that it asked
// the [Resolution] for and on the keys that it consulted, and on nothing else.
// Then a file that appears or vanishes makes only those imports be resolved again
// that asked for it.
type ProbingResolver interface {
	Probing()
}

// turn is what an update has replaced so far of what the front-ends own. Places
// are those in Result.own.
type turn struct {
	prev  *Result
	mine  []bool           // by place: the entry is not one of prev, and may be written to
	fresh []bool           // by place: nor is its module one of prev
	found []*module.Module // that resolution led to outside the front-ends' own modules
	moved bool             // modules came or went, and so places are others than in prev
}

// writable returns an entry of own that may be written to.
func (t *turn) writable(r *Result, at int32) *owned {
	if !t.mine[at] {
		o := *r.own[at]
		r.own[at], t.mine[at] = &o, true
	}
	return r.own[at]
}

// resolve fills in r.own: with the entries of prev where they still hold, else by
// resolving the imports of modules.
func (r *Result) resolve(ctx context.Context, cfg Config, prev *Result, changed *edits, listing *listingChange) (*turn, error) {
	t, todo := r.takeOver(prev, changed.facts, listing)
	r.Stats.Work.Resolved = len(todo)
	known := r.ownership(len(todo))
	var mu sync.Mutex
	outside := map[module.ID]*module.Module{}
	// Copies, because a resolver may have handed the same modules to prev.
	copies := make([]module.Module, len(todo))
	ticker := newTicker(cfg.Progress, StageResolve, len(todo))
	err := parallel(ctx, cfg.Workers, len(todo), ticker, func() func(int) {
		w := resolveWorker{res: NewResolution(r.Tree), known: known, seen: map[module.ID]struct{}{}}
		return func(i int) {
			o := r.own[todo[i]]
			copies[i] = *o.listed
			o.module = &copies[i]
			r.fill(o.module, cfg.Detail)
			w.resolve(r.indexes[o.frontend].resolver, o)
			if len(w.found) > 0 {
				mu.Lock()
				for _, m := range w.found {
					outside[m.ID] = m
				}
				mu.Unlock()
			}
		}
	}, func(i int, err error) {
		m := r.own[todo[i]].module
		mu.Lock()
		defer mu.Unlock()
		r.problems = append(r.problems, module.Diagnostic{
			Severity: module.Error, Code: "internal", Span: module.Span{File: m.Files[0]},
			Message: "the resolver failed on " + string(m.ID) + "; its dependencies are missing, please report it",
			Notes:   []string{err.Error()},
		})
	})
	if err != nil {
		return nil, err
	}
	t.found = slices.SortedFunc(maps.Values(outside), byID)
	if cfg.Digests {
		r.digest(t, todo, changed.content)
	}
	for _, at := range todo {
		t.fresh[at] = !r.share(t, at)
	}
	return t, nil
}

// ownership returns what tells whether an ID is that of a module of the
// front-ends, for so many modules to be resolved.
func (r *Result) ownership(todo int) func(module.ID) bool {
	if todo < len(r.own)/8 {
		return func(id module.ID) bool { _, ok := findOwned(r.own, id); return ok }
	}
	known := make(map[module.ID]struct{}, len(r.own))
	for _, o := range r.own {
		known[o.id()] = struct{}{}
	}
	return func(id module.ID) bool { _, ok := known[id]; return ok }
}

// digest fills in Content: of the modules that were resolved, and of copies of
// those that were taken over and of which a file has other bytes.
func (r *Result) digest(t *turn, todo []int32, content map[string]struct{}) {
	for _, at := range todo {
		m := r.own[at].module
		m.Content = r.contentOf(m)
	}
	for _, at := range r.holders(content) {
		digest := r.contentOf(r.own[at].module)
		if digest == r.own[at].module.Content {
			continue
		}
		o := t.writable(r, at)
		m := *o.module
		m.Content = digest
		o.module, t.fresh[at] = &m, true
		if m.Open {
			o.face = nil // its content is its interface
		}
	}
}

// holders returns the places of the modules that have some files, ascending.
func (r *Result) holders(files map[string]struct{}) []int32 {
	var list []int32
	holds := func(id module.ID, file string) bool {
		at, ok := findOwned(r.own, id)
		if ok {
			if _, ok = slices.BinarySearch(r.own[at].module.Files, file); ok {
				list = append(list, int32(at))
			}
		}
		return ok
	}
	for file := range files {
		// A file belongs to one module, most often of its own name or its folder's.
		if dir, _ := Split(file); holds(module.ID(file), file) || holds(module.ID(dir), file) || holds(module.ID(dir+":test"), file) {
			continue
		}
		for at, o := range r.own {
			if slices.Contains(o.module.Files, file) {
				list = append(list, int32(at))
				break
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// contentOf returns the digest of the bytes of a module's files.
func (r *Result) contentOf(m *module.Module) module.Digest {
	var all []byte
	for _, file := range m.Files {
		if i, ok := r.findSource(file); ok {
			all = append(all, r.sources[i].content[:]...)
		}
	}
	return module.DigestOf(all)
}

// share replaces the entry of a module that was resolved again to the same end by
// what prev has of it, so that equal modules of two snapshots are one value. It
// reports whether it did.
func (r *Result) share(t *turn, at int32) bool {
	o := r.own[at]
	n, ok := findOwned(t.prev.own, o.module.ID)
	if !ok {
		return false
	}
	before := t.prev.own[n]
	old, m := before.module, o.module
	if before.frontend != o.frontend || !sameDescription(old, m) || !slices.EqualFunc(old.Imports, m.Imports, equalImports) ||
		!slices.Equal(old.Deps, m.Deps) || !slices.EqualFunc(old.Unresolved, m.Unresolved, equalUnresolved) ||
		old.Content != m.Content || old.Open != m.Open || !slices.Equal(old.Exports, m.Exports) ||
		!slices.Equal(old.Aside, m.Aside) || !slices.Equal(old.All, m.All) || (old.All == nil) != (m.All == nil) {
		return false
	}
	if before.listed == o.listed && slices.Equal(before.probes, o.probes) {
		r.own[at], t.mine[at] = before, false
		return true
	}
	listed, probes := o.listed, o.probes
	*o = *before
	o.listed, o.probes = listed, probes
	o.checked = false // what its check looks for in the tree may be what changed
	return true
}

func equalImports(a, b module.Import) bool {
	return a.Specifier == b.Specifier && a.Kind == b.Kind && a.Flags == b.Flags && a.Span == b.Span && slices.Equal(a.Names, b.Names)
}

func equalUnresolved(a, b module.Unresolved) bool {
	return a.Import == b.Import && a.Reason == b.Reason && a.Closed == b.Closed && slices.Equal(a.Probed, b.Probed)
}

// takeOver fills in r.own with the entries of prev, but for modules that the
// resolvers list anew, and takes the conclusions of prev over where only the
// listing is new. It returns the places of the modules that must be resolved.
func (r *Result) takeOver(prev *Result, changed map[string]struct{}, listing *listingChange) (*turn, []int32) {
	all := make([]bool, len(r.indexes)) // by front-end: every module must be resolved
	for i, x := range r.indexes {
		_, probing := x.resolver.(ProbingResolver)
		all[i] = x.renewed || (!listing.empty() && !probing)
	}
	base := prev.own
	if prev.restored != nil {
		base = nil // no resolver listed these
	}
	var entries []replacement[module.ID, owned]
	for i := range r.indexes {
		var before, after []*module.Module
		if base != nil && i < len(prev.indexes) && prev.indexes[i].resolver != nil {
			before = prev.indexes[i].resolver.Modules()
		}
		if x := r.indexes[i].resolver; x != nil {
			after = x.Modules()
		}
		var slab []owned
		if len(before) == 0 {
			slab = make([]owned, len(after))
			entries = slices.Grow(entries, len(after))
		}
		differences(before, after, byID, func(was, is *module.Module) {
			if is == nil {
				entries = append(entries, replacement[module.ID, owned]{was.ID, nil})
				return
			}
			var o *owned
			if len(slab) > 0 {
				o, slab = &slab[0], slab[1:]
			} else {
				o = new(owned)
			}
			o.listed, o.module, o.frontend = is, is, i
			entries = append(entries, replacement[module.ID, owned]{is.ID, o})
		})
	}
	return r.assemble(prev, base, entries, all, changed, listing)
}

// assemble makes r.own of base and of what replaces its entries.
func (r *Result) assemble(prev *Result, base []*owned, entries []replacement[module.ID, owned], all []bool, changed map[string]struct{}, listing *listingChange) (*turn, []int32) {
	// One ID may go from one front-end to another.
	entries = ordered(entries, module.ID.Compare)
	t := &turn{prev: prev}
	r.own = base
	if len(entries) > 0 {
		r.own = patched(base, entries, compareOwned)
	}
	t.mine, t.fresh = make([]bool, len(r.own)), make([]bool, len(r.own))
	t.moved = len(r.own) != len(prev.own)
	var todo []int32
	old, at := prev.own, 0
	for _, e := range entries {
		n, was := findOwned(old, e.key)
		if e.next == nil {
			t.moved = true
			continue
		}
		i, _ := findOwned(r.own[at:], e.key)
		at += i
		o := e.next
		t.mine[at] = true
		t.moved = t.moved || !was
		if was && old[n].frontend == o.frontend && sameFacts(old[n].module, o.listed, changed) &&
			!all[o.frontend] && !listing.touches(old[n].probes, &r.indexes[o.frontend].changed) {
			listed := o.listed
			*o = *old[n]
			o.listed = listed
		} else {
			todo = append(todo, int32(at))
		}
		old = old[n:]
	}
	if len(entries) == 0 {
		r.own = slices.Clone(r.own) // entries may yet be replaced
	}
	keys := slices.ContainsFunc(r.indexes, func(x index) bool { return len(x.changed.sorted) > 0 })
	if slices.Contains(all, true) || keys || !listing.empty() {
		for i, o := range r.own {
			if t.mine[i] || !all[o.frontend] && !listing.touches(o.probes, &r.indexes[o.frontend].changed) {
				continue
			}
			r.own[i], t.mine[i] = &owned{listed: o.listed, module: o.listed, frontend: o.frontend}, true
			todo = append(todo, int32(i))
		}
		slices.Sort(todo)
	}
	return t, todo
}

// sameFacts reports whether a module is made of the same facts as before.
func sameFacts(a, b *module.Module, changed map[string]struct{}) bool {
	if !sameDescription(a, b) || len(a.Imports) != len(b.Imports) {
		return false
	}
	for _, file := range b.Files {
		if _, ok := changed[file]; ok {
			return false
		}
	}
	return true
}

func sameDescription(a, b *module.Module) bool {
	return a.Name == b.Name && a.Kind == b.Kind && a.Language == b.Language && a.Package == b.Package && slices.Equal(a.Files, b.Files)
}

// resolveWorker resolves modules one after the other.
type resolveWorker struct {
	res        *Resolution
	known      func(module.ID) bool   // the front-ends' own modules
	seen       map[module.ID]struct{} // outside modules that were found already
	found      []*module.Module       // outside modules that the current module is the first to lead to
	deps       []module.Dep
	unresolved []module.Unresolved
	probes     []uint64
}

func (w *resolveWorker) resolve(r Resolver, o *owned) {
	w.found, w.deps, w.unresolved, w.probes = w.found[:0], w.deps[:0], w.unresolved[:0], w.probes[:0]
	m := o.module
	for i := range m.Imports {
		w.res.Reset()
		r.Resolve(m, &m.Imports[i], w.res)
		w.take(int32(i))
	}
	w.res.Reset()
	r.Implicit(m, w.res)
	w.take(module.NoImport)

	slices.SortFunc(w.deps, compareDeps)
	m.Deps = slices.Clone(slices.Compact(w.deps))
	m.Unresolved = slices.Clone(w.unresolved)
	slices.Sort(w.probes)
	o.probes = slices.Clone(slices.Compact(w.probes))
}

// take turns the resolution of one import into conclusions.
func (w *resolveWorker) take(imp int32) {
	w.probes = append(w.probes, w.res.probes...)
	if w.res.Reason != "" {
		w.unresolved = append(w.unresolved, module.Unresolved{Import: imp, Reason: w.res.Reason, Probed: slices.Clone(w.res.Probed), Closed: w.res.Closed})
	}
	for _, t := range w.res.Targets {
		w.deps = append(w.deps, module.Dep{To: t.ID, Import: imp, Kind: t.Kind, Declared: t.Declared})
		if w.known(t.ID) {
			continue
		}
		if _, ok := w.seen[t.ID]; ok {
			continue
		}
		w.seen[t.ID] = struct{}{}
		o := t.External
		if o == nil {
			o = &module.Module{ID: t.ID, Name: string(t.ID), Kind: module.KindAsset, Files: []string{string(t.ID)}}
		}
		w.found = append(w.found, o)
	}
}

func compareDeps(a, b module.Dep) int {
	return cmp.Or(strings.Compare(string(a.To), string(b.To)), cmp.Compare(a.Import, b.Import),
		cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Declared, b.Declared))
}

// findOwned returns the place of a module among those of the front-ends.
func findOwned(own []*owned, id module.ID) (int, bool) {
	return slices.BinarySearchFunc(own, id, compareOwned)
}

func compareOwned(o *owned, id module.ID) int { return o.id().Compare(id) }

func byOwnedID(a, b *owned) int { return a.id().Compare(b.id()) }

// id does not read what resolution writes.
func (o *owned) id() module.ID {
	if o.listed != nil {
		return o.listed.ID
	}
	return o.module.ID
}

package loader

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/eddy-build/eddy/module"
)

// ProbingResolver is an optional power of a [Resolver]: what it concludes of an
// import depends on its Inputs, on the module itself and on the paths that it
// asked the [Resolution] for, and on nothing else. Then a file that appears or
// vanishes makes only those imports be resolved again that asked for it.
type ProbingResolver interface {
	Probing()
}

// resolve fills in r.own: with the modules of prev where they still hold, else
// by resolving their imports. It returns what was found outside the front-ends'
// own modules, external ones and assets, and which of r.own prev does not share.
func (r *Result) resolve(ctx context.Context, cfg Config, prev *Result, changed *edits, listing *listingChange) (outside map[module.ID]*module.Module, fresh []bool, err error) {
	for i, x := range r.indexes {
		if x.resolver == nil {
			continue
		}
		for _, m := range x.resolver.Modules() {
			r.own = append(r.own, owned{module: m, frontend: i})
		}
	}
	slices.SortFunc(r.own, func(a, b owned) int { return byID(a.module, b.module) })
	todo := r.takeOver(prev, changed.facts, listing)
	r.Stats.Work.Resolved = len(todo)

	known := make(map[module.ID]struct{}, len(r.own))
	for i := range r.own {
		known[r.own[i].module.ID] = struct{}{}
	}
	var mu sync.Mutex
	outside = map[module.ID]*module.Module{}
	// Copies, because a resolver may have handed the same modules to prev.
	copies := make([]module.Module, len(todo))
	ticker := newTicker(cfg.Progress, StageResolve, len(todo))
	err = parallel(ctx, cfg.Workers, len(todo), ticker, func() func(int) {
		w := resolveWorker{res: NewResolution(r.Tree), known: known, seen: map[module.ID]struct{}{}}
		return func(i int) {
			o := &r.own[todo[i]]
			copies[i] = *o.module
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
	if cfg.Digests {
		r.digest(todo, changed.content)
	}
	fresh = make([]bool, len(r.own))
	for _, i := range todo {
		fresh[i] = !r.own[i].share(prev.own)
	}
	return outside, fresh, err
}

// digest fills in Content: of the modules that were resolved, and of copies of
// those that were taken over and of which a file has other bytes.
func (r *Result) digest(todo []int32, content map[string]struct{}) {
	for _, i := range todo {
		m := r.own[i].module
		m.Content = r.contentOf(m)
	}
	if len(content) == 0 {
		return
	}
	edited := func(file string) bool { _, ok := content[file]; return ok }
	for i := range r.own {
		o := &r.own[i]
		if !slices.ContainsFunc(o.module.Files, edited) {
			continue
		}
		if digest := r.contentOf(o.module); digest != o.module.Content {
			m := *o.module
			m.Content = digest
			o.module = &m
			if m.Open {
				o.face = nil // its content is its interface
			}
		}
	}
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

// share replaces a module that was resolved again to the same end by the one of
// before, so that equal modules of two snapshots are one value. It reports
// whether it did.
func (o *owned) share(prev []owned) bool {
	n, ok := findOwned(prev, o.module.ID)
	if !ok {
		return false
	}
	old, m := prev[n].module, o.module
	if prev[n].frontend == o.frontend && sameDescription(old, m) && slices.EqualFunc(old.Imports, m.Imports, equalImports) &&
		slices.Equal(old.Deps, m.Deps) && slices.EqualFunc(old.Unresolved, m.Unresolved, equalUnresolved) &&
		old.Content == m.Content && old.Open == m.Open && slices.Equal(old.Exports, m.Exports) &&
		slices.Equal(old.Aside, m.Aside) && slices.Equal(old.All, m.All) && (old.All == nil) == (m.All == nil) {
		frontend, probes := o.frontend, o.probes
		*o = prev[n]
		o.frontend, o.probes = frontend, probes
		return true
	}
	return false
}

func equalImports(a, b module.Import) bool {
	return a.Specifier == b.Specifier && a.Kind == b.Kind && a.Flags == b.Flags && a.Span == b.Span && slices.Equal(a.Names, b.Names)
}

func equalUnresolved(a, b module.Unresolved) bool {
	return a.Import == b.Import && a.Reason == b.Reason && slices.Equal(a.Probed, b.Probed)
}

// takeOver replaces the modules of r.own that are as they were by those of prev,
// and takes the conclusions of prev over where only the facts are new and no
// import is. It returns the numbers of the modules that must be resolved.
func (r *Result) takeOver(prev *Result, changed map[string]struct{}, listing *listingChange) []int32 {
	all := make([]bool, len(r.indexes)) // by front-end: every module must be resolved
	for i, x := range r.indexes {
		_, probing := x.resolver.(ProbingResolver)
		all[i] = x.renewed || (!listing.empty() && !probing)
	}
	var todo []int32
	old := prev.own
	for i := range r.own {
		o := &r.own[i]
		for len(old) > 0 && old[0].module.ID < o.module.ID {
			old = old[1:]
		}
		if len(old) == 0 || old[0].module.ID != o.module.ID || old[0].frontend != o.frontend ||
			!sameFacts(old[0].module, o.module, changed) {
			todo = append(todo, int32(i))
			continue
		}
		if all[o.frontend] || listing.touches(old[0].probes) {
			todo = append(todo, int32(i))
			continue
		}
		*o = old[0]
	}
	return todo
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
	known      map[module.ID]struct{} // the front-ends' own modules
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
		w.unresolved = append(w.unresolved, module.Unresolved{Import: imp, Reason: w.res.Reason, Probed: slices.Clone(w.res.Probed)})
	}
	for _, t := range w.res.Targets {
		w.deps = append(w.deps, module.Dep{To: t.ID, Import: imp, Kind: t.Kind, Declared: t.Declared})
		if _, ok := w.known[t.ID]; ok {
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
func findOwned(own []owned, id module.ID) (int, bool) {
	return slices.BinarySearchFunc(own, id, func(o owned, id module.ID) int { return o.module.ID.Compare(id) })
}

package loader

import (
	"context"
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/module"
	"github.com/eddy-build/eddy/scheduler"
)

// linkInterfaces gives each of r.own its interface digest: that of its face and,
// bottom-up, of the interfaces that belong to it. Modules that belong to each
// other's interfaces in a circle have one digest of all their faces in theirs.
//
// It works over the graph of what belongs to whose interface, a part of the
// dependency graph: a module that is imported and not observable through its
// importer says nothing of the importer's interface. A module whose face and
// whose leads' interfaces are those of prev keeps its digest; after a small change
// only what is downstream of it in that graph is looked at.
func (r *Result) linkInterfaces(ctx context.Context, cfg Config, t *turn) error {
	if err := r.makeFaces(ctx, cfg, t); err != nil {
		return err
	}
	if r.relinkInterfaces(t) {
		return nil
	}
	n := len(r.own)
	ids := make([]module.ID, n)
	for i, o := range r.own {
		ids[i] = o.module.ID
	}
	b := graph.NewBuilder()
	handles := make([]graph.Handle, n)
	for i, id := range ids {
		handles[i] = b.Node(id)
	}
	l := &interfaceLinker{
		faces: make([]*face, n), leads: make([][]int32, n), lost: make([]bool, n),
		before: t.prev.interfaces(ids), after: make([]module.Digest, n),
	}
	for i, o := range r.own {
		l.faces[i] = o.face
		for _, id := range o.face.unnamed {
			to, ok := slices.BinarySearch(ids, id)
			if !ok {
				continue
			}
			if name := packageName(r.own[to].module); o.face.mentions(name) {
				l.leads[i] = append(l.leads[i], int32(to))
				b.Edge(handles[i], handles[to], module.Static, nil)
			}
			l.lost[i] = l.lost[i] || packageName(r.own[to].module) != l.before[to].name
		}
		for _, id := range o.face.leads {
			if to, ok := slices.BinarySearch(ids, id); ok {
				l.leads[i] = append(l.leads[i], int32(to))
				b.Edge(handles[i], handles[to], module.Static, nil)
			} else if _, ok := findOwned(t.prev.own, id); ok {
				l.lost[i] = true
			}
		}
	}
	l.parts = b.Build().Condensation(module.AllKinds)
	plan, err := scheduler.NewPlan(l.parts, scheduler.WithNames(func(u scheduler.Unit) string {
		return string(ids[l.parts.Members(int(u))[0]])
	}))
	if err != nil {
		return err
	}
	if _, err := scheduler.Run(ctx, plan, cfg.Workers, func(_ context.Context, u scheduler.Unit) error {
		l.unit(int(u))
		return nil
	}); err != nil {
		return err
	}
	for i := range r.own {
		r.setInterface(t, int32(i), l.before[i], l.after[i])
	}
	return nil
}

// setInterface makes a digest the interface of a module, and counts the module
// where that is work.
func (r *Result) setInterface(t *turn, at int32, before known, after module.Digest) {
	o := r.own[at]
	if before.face != o.face || after != before.digest {
		r.Stats.Work.Linked++
	}
	if o.module.Interface == after {
		return
	}
	if !t.fresh[at] {
		copied := *o.module
		o = t.writable(r, at)
		o.module = &copied
	}
	o.module.Interface = after
}

// makeFaces works out the faces that were not taken over.
func (r *Result) makeFaces(ctx context.Context, cfg Config, t *turn) error {
	var todo []int32
	for i, mine := range t.mine {
		if mine && r.own[i].face == nil {
			todo = append(todo, int32(i))
		}
	}
	var failed error
	err := parallel(ctx, cfg.Workers, len(todo), newTicker(cfg.Progress, StageLink, len(todo)), func() func(int) {
		f := newFacer()
		return func(i int) {
			o := r.own[todo[i]]
			o.face = f.of(o.module)
		}
	}, func(_ int, err error) { failed = err })
	if err == nil {
		err = failed
	}
	return err
}

// known is what an earlier load knew of a module's interface.
type known struct {
	face   *face
	digest module.Digest
	name   string // of a Go package
}

// packageName returns the name that a Go package gives itself, else "".
func packageName(m *module.Module) string {
	if m.Language == module.Go && len(m.Aside) > 0 {
		return strings.TrimPrefix(m.Aside[0], clause)
	}
	return ""
}

// interfaces returns what r knows of some modules, sorted by ID.
func (r *Result) interfaces(ids []module.ID) []known {
	list := make([]known, len(ids))
	old := r.own
	for i, id := range ids {
		for len(old) > 0 && old[0].module.ID < id {
			old = old[1:]
		}
		if len(old) > 0 && old[0].module.ID == id {
			list[i] = known{old[0].face, old[0].module.Interface, packageName(old[0].module)}
		}
	}
	return list
}

// interfaceLinker is the state of one run over some modules, numbered in the order
// of their IDs. A unit writes to the entries of its own members, and reads those
// of units that are done.
type interfaceLinker struct {
	faces  []*face
	leads  [][]int32       // a number, or -1-i for beyond[i]
	beyond []module.Digest // of leads that are not among the modules, and keep their interface
	lost   []bool          // a lead was a module of the front-ends and is none now, or has another name
	parts  *graph.Condensation
	before []known
	after  []module.Digest
}

// unit works out the interfaces of a component.
func (l *interfaceLinker) unit(u int) {
	members := l.parts.Members(u)
	if l.holds(u, members) {
		for _, n := range members {
			l.after[n] = l.before[n].digest
		}
		return
	}
	var text []byte
	for _, n := range members {
		text = append(text, l.faces[n].base[:]...)
		for _, to := range l.leads[n] {
			switch {
			case to < 0:
				text = append(text, l.beyond[-1-to][:]...)
			case l.parts.Of(graph.NodeID(to)) != u:
				text = append(text, l.after[to][:]...)
			}
		}
	}
	all := sha256.Sum256(text)
	for _, n := range members {
		base := l.faces[n].base
		l.after[n] = sha256.Sum256(append(base[:], all[:]...))
	}
}

// holds reports whether nothing changed that a component's interfaces are made
// of.
func (l *interfaceLinker) holds(u int, members []graph.NodeID) bool {
	for _, n := range members {
		old := &l.before[n]
		if old.digest.IsZero() || old.face == nil || l.lost[n] || !old.face.equal(l.faces[n]) {
			return false
		}
		for _, to := range l.leads[n] {
			if to >= 0 && l.after[to] != l.before[to].digest && l.parts.Of(graph.NodeID(to)) != u {
				return false
			}
		}
	}
	return true
}

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
// whose leads' interfaces are those of prev keeps its digest.
//
// fresh tells the modules that are not shared with prev and may be written to;
// of the others a copy is made where the digest is another.
func (r *Result) linkInterfaces(ctx context.Context, cfg Config, prev *Result, fresh []bool) error {
	if err := r.makeFaces(ctx, cfg); err != nil {
		return err
	}
	n := len(r.own)
	ids := make([]module.ID, n)
	for i := range r.own {
		ids[i] = r.own[i].module.ID
	}
	b := graph.NewBuilder()
	handles := make([]graph.Handle, n)
	for i, id := range ids {
		handles[i] = b.Node(id)
	}
	leads := make([][]int32, n)
	lost := make([]bool, n)
	before := prev.interfaces(ids)
	for i := range r.own {
		face := r.own[i].face
		for _, id := range face.unnamed {
			to, ok := slices.BinarySearch(ids, id)
			if !ok {
				continue
			}
			if name := packageName(r.own[to].module); face.mentions(name) {
				leads[i] = append(leads[i], int32(to))
				b.Edge(handles[i], handles[to], module.Static, nil)
			}
			lost[i] = lost[i] || packageName(r.own[to].module) != before[to].name
		}
		for _, id := range r.own[i].face.leads {
			if to, ok := slices.BinarySearch(ids, id); ok {
				leads[i] = append(leads[i], int32(to))
				b.Edge(handles[i], handles[to], module.Static, nil)
			} else if _, ok := findOwned(prev.own, id); ok {
				lost[i] = true
			}
		}
	}
	parts := b.Build().Condensation(module.AllKinds)
	plan, err := scheduler.NewPlan(parts, scheduler.WithNames(func(u scheduler.Unit) string {
		return string(ids[parts.Members(int(u))[0]])
	}))
	if err != nil {
		return err
	}
	l := &interfaceLinker{Result: r, leads: leads, lost: lost, parts: parts, before: before, after: make([]module.Digest, n)}
	if _, err := scheduler.Run(ctx, plan, cfg.Workers, func(_ context.Context, u scheduler.Unit) error {
		l.unit(int(u))
		return nil
	}); err != nil {
		return err
	}
	for i := range r.own {
		o := &r.own[i]
		if l.before[i].face != o.face || l.after[i] != l.before[i].digest {
			r.Stats.Work.Linked++
		}
		if o.module.Interface == l.after[i] {
			continue
		}
		if !fresh[i] {
			copied := *o.module
			o.module = &copied
		}
		o.module.Interface = l.after[i]
	}
	return nil
}

// makeFaces works out the faces that were not taken over.
func (r *Result) makeFaces(ctx context.Context, cfg Config) error {
	var todo []int32
	for i := range r.own {
		if r.own[i].face == nil {
			todo = append(todo, int32(i))
		}
	}
	var failed error
	err := parallel(ctx, cfg.Workers, len(todo), newTicker(cfg.Progress, StageLink, len(todo)), func() func(int) {
		f := newFacer()
		return func(i int) {
			o := &r.own[todo[i]]
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

// interfaceLinker is the state of one run. A unit writes to the entries of its
// own members, and reads those of units that are done.
type interfaceLinker struct {
	*Result
	leads  [][]int32
	lost   []bool // a lead was a module of the front-ends and is none now, or has another name
	parts  *graph.Condensation
	before []known
	after  []module.Digest
}

// unit works out the interfaces of a component.
func (l *interfaceLinker) unit(u int) {
	members := l.parts.Members(u)
	if l.holds(members) {
		for _, n := range members {
			l.after[n] = l.before[n].digest
		}
		return
	}
	var text []byte
	for _, n := range members {
		text = append(text, l.own[n].face.base[:]...)
		for _, to := range l.leads[n] {
			if l.parts.Of(graph.NodeID(to)) != u {
				text = append(text, l.after[to][:]...)
			}
		}
	}
	all := sha256.Sum256(text)
	for _, n := range members {
		base := l.own[n].face.base
		l.after[n] = sha256.Sum256(append(base[:], all[:]...))
	}
}

// holds reports whether nothing changed that a component's interfaces are made
// of.
func (l *interfaceLinker) holds(members []graph.NodeID) bool {
	for _, n := range members {
		old := &l.before[n]
		if old.digest.IsZero() || old.face == nil || l.lost[n] || old.face.base != l.own[n].face.base ||
			!slices.Equal(old.face.unnamed, l.own[n].face.unnamed) {
			return false
		}
		for _, to := range l.leads[n] {
			if l.after[to] != l.before[to].digest && !slices.Contains(members, graph.NodeID(to)) {
				return false
			}
		}
	}
	return true
}

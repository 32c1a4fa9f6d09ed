package loader

import (
	"slices"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/module"
)

// relinkInterfaces is linkInterfaces for a small change: it looks at the modules
// alone whose face is another, and at those whose interfaces theirs belong to,
// downstream. It reports false where that is most of them, or where prev has no
// interfaces or no graph.
//
// Who leads to a module is read off the graph of prev, since what belongs to a
// module's interface it also depends on; the modules that are new or others are
// asked themselves.
func (r *Result) relinkInterfaces(t *turn) bool {
	prev := t.prev
	if prev.restored != nil || len(prev.own) == 0 || prev.Detail < DetailExports {
		return false
	}
	c := &leadCone{Result: r, turn: t, graph: prev.Graph(), leaders: map[module.ID][]int32{}, places: map[int32]struct{}{}}
	var turned []module.ID // came to the front-ends' own, or went, or have another name
	var mine, again []int32
	for i, m := range t.mine {
		if m {
			mine = append(mine, int32(i))
		}
	}
	if len(mine) > len(r.own)/4+16 {
		return false
	}
	for _, at := range mine {
		o := r.own[at]
		old, was := prev.entry(o.id())
		if !was {
			turned = append(turned, o.id())
		}
		if was && old.face == o.face && !old.module.Interface.IsZero() {
			if t.fresh[at] {
				o.module.Interface = old.module.Interface
			}
			continue
		}
		for _, ids := range [][]module.ID{o.face.leads, o.face.unnamed} {
			for _, id := range ids {
				c.leaders[id] = append(c.leaders[id], at)
			}
		}
		if was && packageName(old.module) != packageName(o.module) {
			turned = append(turned, o.id()) // for who imports it by its own name
		}
		if was && old.face != nil && old.face.equal(o.face) && !old.module.Interface.IsZero() {
			if t.fresh[at] {
				o.module.Interface = old.module.Interface
			}
			again = append(again, at)
			continue
		}
		c.add(at)
	}
	if t.moved {
		differences(prev.own, r.own, byOwnedID, func(old, new *owned) {
			if new == nil {
				turned = append(turned, old.id())
			}
		})
	}
	for _, id := range turned {
		c.addLeaders(id)
	}
	if !c.close() {
		return false // what was written is what linkInterfaces writes
	}
	for _, at := range again {
		if _, ok := c.places[at]; !ok {
			r.Stats.Work.Linked++ // its face was made anew, and is the same
		}
	}
	c.link()
	return true
}

// entry returns what the result has of a module of the front-ends.
func (r *Result) entry(id module.ID) (*owned, bool) {
	n, ok := findOwned(r.own, id)
	if !ok {
		return nil, false
	}
	return r.own[n], true
}

// leadCone is the set of modules whose interface may be another: a set of places
// that is closed under who leads to them.
type leadCone struct {
	*Result
	turn    *turn
	graph   *graph.Graph          // of the result before
	leaders map[module.ID][]int32 // of the modules whose face is another: who leads to an ID
	places  map[int32]struct{}
	queue   []int32
}

func (c *leadCone) add(at int32) {
	if _, ok := c.places[at]; !ok {
		c.places[at] = struct{}{}
		c.queue = append(c.queue, at)
	}
}

// addLeaders adds the modules whose interface that of an ID belongs to.
func (c *leadCone) addLeaders(id module.ID) {
	was, is := c.names(id)
	for _, at := range c.leaders[id] {
		if c.own[at].leadsTo(id, was, is) {
			c.add(at)
		}
	}
	n, ok := c.graph.Lookup(id)
	if !ok {
		return
	}
	for _, importer := range c.graph.In(n) {
		if at, ok := findOwned(c.own, c.graph.ID(importer)); ok && c.own[at].leadsTo(id, was, is) {
			c.add(int32(at))
		}
	}
}

// names returns the name that a Go package gave itself before, and gives now.
func (c *leadCone) names(id module.ID) (was, is string) {
	if o, ok := c.turn.prev.entry(id); ok {
		was = packageName(o.module)
	}
	if o, ok := c.entry(id); ok {
		is = packageName(o.module)
	}
	return was, is
}

// leadsTo reports whether the interface of a module, whose package's name was and
// is the ones given, may belong to that of o, or may have.
func (o *owned) leadsTo(id module.ID, was, is string) bool {
	if _, ok := slices.BinarySearch(o.face.leads, id); ok {
		return true
	}
	_, ok := slices.BinarySearch(o.face.unnamed, id)
	return ok && (was != is || o.face.mentions(is))
}

// close adds all that leads to what is in the set. It reports false where the set
// becomes large.
func (c *leadCone) close() bool {
	for len(c.queue) > 0 {
		at := c.queue[len(c.queue)-1]
		c.queue = c.queue[:len(c.queue)-1]
		if len(c.places) > len(c.own)/4+16 {
			return false
		}
		c.addLeaders(c.own[at].id())
	}
	return true
}

// link works out the interfaces of the set, whose other leads keep theirs.
func (c *leadCone) link() {
	if len(c.places) == 0 {
		return
	}
	places := make([]int32, 0, len(c.places))
	for at := range c.places {
		places = append(places, at)
	}
	slices.Sort(places)
	ids := make([]module.ID, len(places))
	b := graph.NewBuilder()
	handles := make([]graph.Handle, len(places))
	for i, at := range places {
		ids[i] = c.own[at].id()
		handles[i] = b.Node(ids[i])
	}
	n := len(places)
	l := &interfaceLinker{
		faces: make([]*face, n), leads: make([][]int32, n), lost: make([]bool, n), before: make([]known, n), after: make([]module.Digest, n),
	}
	for i, at := range places {
		l.faces[i] = c.own[at].face
		if old, ok := c.turn.prev.entry(ids[i]); ok {
			l.before[i] = known{old.face, old.module.Interface, packageName(old.module)}
		}
		lead := func(id module.ID) bool {
			if to, ok := slices.BinarySearch(ids, id); ok {
				l.leads[i] = append(l.leads[i], int32(to))
				b.Edge(handles[i], handles[to], module.Static, nil)
				return true
			}
			o, ok := c.entry(id)
			if ok {
				l.beyond = append(l.beyond, o.module.Interface)
				l.leads[i] = append(l.leads[i], -int32(len(l.beyond)))
			}
			return ok
		}
		for _, id := range l.faces[i].unnamed {
			if _, ok := c.entry(id); !ok {
				continue
			}
			was, is := c.names(id)
			if l.faces[i].mentions(is) {
				lead(id)
			}
			l.lost[i] = l.lost[i] || was != is
		}
		for _, id := range l.faces[i].leads {
			if !lead(id) {
				_, was := c.turn.prev.entry(id)
				l.lost[i] = l.lost[i] || was
			}
		}
	}
	l.parts = b.Build().Condensation(module.AllKinds)
	for _, u := range dependenciesFirst(l.parts) {
		l.unit(u)
	}
	for i, at := range places {
		c.setInterface(c.turn, at, l.before[i], l.after[i])
	}
}

// dependenciesFirst lists the components in an order in which each comes after
// those that it depends on.
func dependenciesFirst(c *graph.Condensation) []int {
	order := make([]int, 0, c.Len())
	waits := make([]int, c.Len())
	for u := range c.Len() {
		if waits[u] = len(c.Deps(u)); waits[u] == 0 {
			order = append(order, u)
		}
	}
	for i := 0; i < len(order); i++ {
		for _, u := range c.Dependents(order[i]) {
			if waits[u]--; waits[u] == 0 {
				order = append(order, u)
			}
		}
	}
	return order
}

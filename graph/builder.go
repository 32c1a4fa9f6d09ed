package graph

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"github.com/eddy-build/eddy/module"
)

// Handle names a node in the [Builder] that returned it.
type Handle int32

// Builder collects nodes and edges, in any order, for one Graph. It is for one
// goroutine.
//
// Nodes that come in ascending order of their IDs are neither hashed nor sorted.
type Builder struct {
	ids      []module.ID
	modules  []*module.Module // by handle; nil until one is given
	index    index            // empty while every ID was above the one before it
	unsorted bool

	// One entry an edge; the nodes are handles.
	from, to []NodeID
	kinds    []module.ImportKinds
	imports  []*module.Import // nil until one is given
}

// NewBuilder returns an empty builder.
func NewBuilder() *Builder { return &Builder{} }

// Grow makes room for so many more nodes and edges. It is a hint: exact numbers
// save time and halve the peak of memory.
func (b *Builder) Grow(nodes, edges int) {
	b.ids = slices.Grow(b.ids, nodes)
	b.from = slices.Grow(b.from, edges)
	b.to = slices.Grow(b.to, edges)
	b.kinds = slices.Grow(b.kinds, edges)
}

// Node returns the node of an ID, which it adds where it is new. It keeps the
// string.
func (b *Builder) Node(id module.ID) Handle {
	last := len(b.ids) - 1
	if b.index.slots == nil {
		switch {
		case last < 0 || b.ids[last] < id:
			return b.add(id)
		case b.ids[last] == id:
			return Handle(last)
		}
		b.index = newIndex(b.ids)
	}
	hash := b.index.hash(id)
	if n := b.index.find(b.ids, id, hash); n >= 0 {
		return Handle(n)
	}
	b.unsorted = b.unsorted || id < b.ids[last]
	b.index.insert(last+1, hash)
	return b.add(id)
}

func (b *Builder) add(id module.ID) Handle {
	if len(b.ids) == math.MaxInt32 {
		panic("graph: more than 2^31-1 nodes")
	}
	b.ids = append(b.ids, id)
	if b.modules != nil {
		b.modules = append(b.modules, nil)
	}
	return Handle(len(b.ids) - 1)
}

// Module returns the node of a module's ID and makes it the node's module.
func (b *Builder) Module(m *module.Module) Handle {
	h := b.Node(m.ID)
	if b.modules == nil {
		b.modules = make([]*module.Module, len(b.ids), cap(b.ids))
	}
	b.modules[h] = m
	return h
}

// Edge adds an import of a kind, with its place where that is known: imp may be
// nil. Edges of the same ends become one.
func (b *Builder) Edge(from, to Handle, kind module.ImportKind, imp *module.Import) {
	b.addEdge(from, to, module.Of(kind), imp)
}

func (b *Builder) addEdge(from, to Handle, kinds module.ImportKinds, imp *module.Import) {
	if len(b.from) == math.MaxInt32 {
		panic("graph: more than 2^31-1 edges")
	}
	if imp != nil && b.imports == nil {
		b.imports = make([]*module.Import, len(b.from), cap(b.from))
	}
	b.from = append(b.from, NodeID(from))
	b.to = append(b.to, NodeID(to))
	b.kinds = append(b.kinds, kinds)
	if b.imports != nil {
		b.imports = append(b.imports, imp)
	}
}

// Build returns the graph and leaves the builder empty, for the graph takes
// over its memory. O(V log V + E log d) for d edges a node, and O(V + E) where
// nodes came in order.
func (b *Builder) Build() *Graph {
	b.rank()
	b.index = index{}
	g := &Graph{ids: b.ids, modules: b.modules}
	order := b.sortBySource(g)
	b.mergeRows(g, order)
	g.complete(storage{source: b.from, inSource: b.to, inEdges: order})
	*b = Builder{}
	return g
}

// rank numbers the nodes in the order of their IDs, in the edges too.
func (b *Builder) rank() {
	if !b.unsorted {
		return
	}
	type named struct {
		id     module.ID
		handle NodeID
	}
	nodes := make([]named, len(b.ids))
	for h, id := range b.ids {
		nodes[h] = named{id, NodeID(h)}
	}
	slices.SortFunc(nodes, func(a, b named) int { return cmp.Compare(a.id, b.id) })
	rank := make([]NodeID, len(nodes))
	for n, node := range nodes {
		b.ids[n] = node.id
		rank[node.handle] = NodeID(n)
	}
	if b.modules != nil {
		old := slices.Clone(b.modules)
		for n, node := range nodes {
			b.modules[n] = old[node.handle]
		}
	}
	for i := range b.from {
		b.from[i] = rank[b.from[i]]
		b.to[i] = rank[b.to[i]]
	}
}

// sortBySource returns the numbers of the added edges by source, and sets
// outStart to the ranges. A counting sort.
func (b *Builder) sortBySource(g *Graph) []EdgeID {
	start := make([]EdgeID, len(b.ids)+1)
	for _, from := range b.from {
		start[from+1]++
	}
	for n := range b.ids {
		start[n+1] += start[n]
	}
	order := make([]EdgeID, len(b.from))
	for i, from := range b.from {
		order[start[from]] = EdgeID(i)
		start[from]++
	}
	unshift(start)
	g.outStart = start
	return order
}

// mergeRows sorts the edges of each node by target and makes one of those that
// are equal. It sets target, kinds, the imports, and outStart anew.
func (b *Builder) mergeRows(g *Graph, order []EdgeID) {
	target := make([]NodeID, len(order))
	kinds := make([]module.ImportKinds, len(order))
	withImports := 0
	for _, imp := range b.imports {
		if imp != nil {
			withImports++
		}
	}
	var list []Occurrence
	var first []int32
	if withImports > 0 {
		list = make([]Occurrence, 0, withImports)
		first = make([]int32, len(order)+1)
	}

	var keys []uint64 // of one row: the target, then the number of the added edge
	end := EdgeID(0)
	edges := 0
	for n := range b.ids {
		row := order[end:g.outStart[n+1]]
		end = g.outStart[n+1]
		g.outStart[n] = EdgeID(edges)
		keys = keys[:0]
		for _, i := range row {
			keys = append(keys, uint64(b.to[i])<<32|uint64(i))
		}
		slices.Sort(keys)
		previous := NodeID(-1)
		for _, key := range keys {
			to, i := NodeID(key>>32), uint32(key)
			if to != previous {
				target[edges] = to
				if list != nil {
					sortOccurrences(list, first, edges)
					first[edges] = int32(len(list))
				}
				previous = to
				edges++
			}
			kinds[edges-1] |= b.kinds[i]
			if list != nil && b.imports[i] != nil {
				list = append(list, Occurrence{b.imports[i], kindOf(b.kinds[i])})
			}
		}
	}
	g.outStart[len(b.ids)] = EdgeID(edges)
	if list != nil {
		sortOccurrences(list, first, edges)
		first[edges] = int32(len(list))
		first = shrink(first[:edges+1])
	}
	g.target = shrink(target[:edges])
	g.kinds = shrink(kinds[:edges])
	g.imports = imports{first: first, list: list}
}

// sortOccurrences sorts the imports of the edge before this one, which end the
// list.
func sortOccurrences(list []Occurrence, first []int32, edge int) {
	if edge > 0 {
		slices.SortStableFunc(list[first[edge-1]:], compareOccurrences)
	}
}

// shrink gives back memory where a slice leaves much of its own unused.
func shrink[T any](s []T) []T {
	if cap(s) > len(s)+len(s)/8 {
		return slices.Clone(s)
	}
	return s[:len(s):len(s)]
}

// kindOf returns the kind of a mask that has one.
func kindOf(kinds module.ImportKinds) module.ImportKind {
	return module.ImportKind(bits.TrailingZeros8(uint8(kinds)))
}

package graph

import "unsafe"

// Bytes returns the memory that a graph's slices hold: what is there for each
// node, for each edge, and for the imports of all. Modules and IDs are not in
// it, their headers and pointers are.
func (g *Graph) Bytes() (nodes, edges, imports int) {
	nodes = size(g.ids) + size(g.modules) + size(g.outStart) + size(g.inStart)
	edges = size(g.source) + size(g.target) + size(g.kinds) + size(g.inEdges) + size(g.inSource) + size(g.imports.first)
	return nodes, edges, size(g.imports.list)
}

func size[T any](s []T) int {
	var element T
	return cap(s) * int(unsafe.Sizeof(element))
}

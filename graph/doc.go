// Package graph keeps the dependency graph of a workspace and answers from it.
//
// Its input is a [module.Set], or the calls of a [Builder]; its output is a
// [Graph] and the results of the algorithms on it: components, cycles, what to
// cut, order, reach, paths, reductions, groups, differences. An edge leads from
// the importer to the imported module.
//
// Invariants: a Graph never changes once built, so any number of goroutines may
// read it without locks, and nobody writes to a slice that it returned. Nodes
// are numbered in the bytewise order of their module IDs and edges in the order
// of (source, target), so everything that is ordered by number is ordered the
// same in every run. No algorithm recurses or ranges over a map, and each works on
// a few flat slices, however large the graph.
//
// Complexities are given in V, the number of nodes, and E, the number of edges,
// of the graph or, where a method takes members, of the subgraph that they span.
package graph

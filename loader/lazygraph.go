package loader

import (
	"sync"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/module"
)

// lazyGraph is the graph of a set, made when something asks for it.
type lazyGraph struct {
	mu    sync.Mutex
	set   *module.Set
	graph *graph.Graph
}

func newLazyGraph(set *module.Set) *lazyGraph { return &lazyGraph{set: set} }

func (l *lazyGraph) get() *graph.Graph {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.graph == nil {
		l.graph = graph.Of(l.set)
	}
	return l.graph
}

// next returns the graph of a later set: at once, by what is another, where l is
// made, because to keep l for later would keep all that is before it.
func (l *lazyGraph) next(set *module.Set) *lazyGraph {
	n := newLazyGraph(set)
	l.mu.Lock()
	made := l.graph
	l.mu.Unlock() // those who read it must not wait for the next one
	if made != nil {
		n.graph = graph.Update(made, set)
	}
	return n
}

// Graph returns the graph of the result's set. The first call may build it; it is
// safe for concurrent use.
func (r *Result) Graph() *graph.Graph { return r.graph.get() }

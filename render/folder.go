package render

import (
	"path"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/module"
)

// folder is one cluster of a drawing: a folder of the workspace, or a registry.
// A folder that would hold one thing alone is no cluster: its name becomes a
// part of that thing's.
type folder struct {
	path    string
	parent  string // the path that its label leaves out
	nodes   []graph.NodeID
	folders []*folder // sorted by path
}

// folderTree sorts the nodes of a graph into the folders of their IDs.
func folderTree(g *graph.Graph) *folder {
	root := &folder{}
	index := map[string]*folder{"": root}
	var find func(string) *folder
	find = func(p string) *folder {
		if f := index[p]; f != nil {
			return f
		}
		parent := find(parentOf(p))
		f := &folder{path: p}
		parent.folders = append(parent.folders, f)
		index[p] = f
		return f
	}
	// A Go package may be a folder and hold others: it stands among them.
	holds := map[string]bool{}
	for n := range graph.NodeID(g.NodeCount()) {
		for p := placeOf(g, n); p != "" && !holds[p]; p = parentOf(p) {
			holds[p] = true
		}
	}
	for n := range graph.NodeID(g.NodeCount()) {
		p := placeOf(g, n)
		if id := strings.TrimSuffix(string(g.ID(n)), ":test"); holds[id] {
			p = id
		}
		f := find(p)
		f.nodes = append(f.nodes, n)
	}
	root.fold()
	return root
}

// registryPrefix begins the path of a cluster that is no folder. No path of a
// workspace begins with a slash.
const registryPrefix = "/"

// placeOf is the path of the folder that a module lies in, or of its registry.
func placeOf(g *graph.Graph, n graph.NodeID) string {
	id := string(g.ID(n))
	if m := g.Module(n); m != nil && !m.Kind.Local() {
		registry, _, _ := strings.Cut(id, ":")
		return registryPrefix + registry
	}
	return parentOf(id)
}

func parentOf(p string) string {
	if i := strings.LastIndexByte(p, '/'); i > 0 {
		return p[:i]
	}
	return ""
}

// fold dissolves the folders that hold a single thing. It works through the
// tree from the leaves up without recursion, for trees of any depth.
func (f *folder) fold() {
	order := []*folder{f}
	for i := 0; i < len(order); i++ {
		order = append(order, order[i].folders...)
	}
	for _, f := range slices.Backward(order) {
		var kept []*folder
		for _, sub := range f.folders {
			registry := strings.HasPrefix(sub.path, registryPrefix)
			switch {
			case len(sub.nodes) == 1 && len(sub.folders) == 0 && !registry:
				f.nodes = append(f.nodes, sub.nodes[0])
			case len(sub.nodes) == 0 && len(sub.folders) == 1:
				kept = append(kept, sub.folders[0])
			default:
				kept = append(kept, sub)
			}
		}
		slices.Sort(f.nodes)
		slices.SortFunc(kept, func(a, b *folder) int { return strings.Compare(a.path, b.path) })
		f.folders = kept
	}
	order = append(order[:0], f)
	for i := 0; i < len(order); i++ {
		for _, sub := range order[i].folders {
			sub.parent = order[i].path
			order = append(order, sub)
		}
	}
}

// label is the folder's path below the folder around it.
func (f *folder) label() string {
	if registry, ok := strings.CutPrefix(f.path, registryPrefix); ok {
		return registry
	}
	return below(f.parent, f.path)
}

// shorten is a module's ID as the folder's cluster shows it.
func (f *folder) shorten(id module.ID) string {
	if registry, ok := strings.CutPrefix(f.path, registryPrefix); ok {
		return strings.TrimPrefix(string(id), registry+":")
	}
	bare, isTest := strings.CutSuffix(string(id), ":test")
	if bare == f.path && bare != "" {
		bare = path.Base(bare)
	} else {
		bare = below(f.path, bare)
	}
	if isTest {
		return bare + ":test"
	}
	return bare
}

func below(dir, p string) string {
	if dir == "" {
		return p
	}
	return strings.TrimPrefix(p, dir+"/")
}

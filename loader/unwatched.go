package loader

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/cache"
)

// Unwatched lists the paths that the result depends on and of whose changes a
// watch of the tree's folders tells nothing, sorted: what lies outside the
// workspace or in a folder that was left out, the files that symbolic links lead
// to, and the ignore files and settings of git that are looked for above the
// root. Not all of them exist.
func (r *Result) Unwatched() []string {
	list := map[string]struct{}{}
	add := func(name string) {
		if r.Tree.dirs[path.Dir(name)] == nil {
			list[name] = struct{}{}
		}
	}
	for _, name := range r.Tree.ignoreFiles {
		add(name)
	}
	for _, name := range r.Tree.outside.asked() {
		add(name)
	}
	for _, x := range r.indexes {
		for _, in := range x.inputs {
			if !isHead(in.path) { // the folder ".git" is told of, and listed below
				add(in.path)
			}
		}
	}
	for _, names := range [][]string{r.Tree.linked, r.Tree.dangling} {
		for _, name := range names {
			list[name] = struct{}{}
		}
	}
	// An ignore file that is made between the root and the repository's top, or
	// a repository around the root.
	for up := ".."; strings.Count(up, "..") <= maxAbove; up += "/.." {
		for _, name := range []string{gitDirName, gitIgnoreName, plainIgnoreName} {
			list[up+"/"+name] = struct{}{}
		}
	}
	return slices.Sorted(maps.Keys(list))
}

// Holds reports whether what the walk asked beside the entries of folders is
// answered as it was: where git's settings and ignore files are, what they say,
// which folders are repositories, where symbolic links lead. No watch of folders
// tells of these. O(questions), most of which are links.
func (r *Result) Holds(cfg Config) bool {
	cfg.setDefaults()
	return !slices.ContainsFunc(r.Tree.asks, func(q cache.Ask) bool { return !answered(cfg.FS, cfg.Walk.Env, q) })
}

// maxAbove is how many folders above the root are looked at for a new ignore
// file.
const maxAbove = 8

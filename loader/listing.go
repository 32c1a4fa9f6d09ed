package loader

import (
	"cmp"
	"context"
	"hash/maphash"
	"maps"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/module"
)

// walk makes the tree.
func (r *Result) walk(ctx context.Context, cfg Config, from origin, changes Changes) error {
	// What could not be read before is tried again.
	if !changes.Rescan && from.prev != nil && len(from.prev.walked) == 0 {
		if tree, listed, ok := from.prev.Tree.relist(ctx, cfg.FS, changes.Paths); ok {
			r.Tree = tree
			r.Stats.Work.Listed = listed
			return nil
		}
	}
	stamped := from.stamped(changes)
	if stamped {
		cfg.Walk.stamped = func(path string) bool { return claimant(path, cfg.Frontends) >= 0 }
	}
	tree, diagnostics, err := Walk(ctx, cfg.FS, cfg.Walk)
	if err != nil {
		return err
	}
	r.Tree, r.walked = tree, diagnostics
	r.Stats.Work.Listed = len(tree.Folders())
	return nil
}

// listingChange is what appeared in a tree and what vanished from it.
type listingChange struct {
	paths  []string // files and folders, sorted
	probed hashes   // of what they answer
	links  bool     // a symbolic link leads elsewhere, and so may any path below it
}

// everything is the change of which nothing is known.
func everything() *listingChange { return &listingChange{links: true} }

func (c *listingChange) empty() bool { return len(c.paths) == 0 && !c.links }

// hashes is a set of hashes to look many others up in, most of which are not there.
type hashes struct {
	sorted []uint64
	bits   []uint64 // a bit for each hash, by its lowest bits; a power of two in length
}

func newHashes(list []uint64) hashes {
	if len(list) == 0 {
		return hashes{}
	}
	slices.Sort(list)
	h := hashes{sorted: slices.Compact(list)}
	size := 1
	for 4*size < len(h.sorted) { // 16 bits a hash at least
		size *= 2
	}
	h.bits = make([]uint64, size)
	for _, v := range h.sorted {
		h.bits[v>>6&uint64(size-1)] |= 1 << (v & 63)
	}
	return h
}

// anyOf reports whether one of some hashes is in the set.
func (h *hashes) anyOf(list []uint64) bool {
	if len(h.bits) == 0 {
		return false
	}
	mask := uint64(len(h.bits) - 1)
	for _, v := range list {
		if h.bits[v>>6&mask]&(1<<(v&63)) != 0 {
			if _, ok := slices.BinarySearch(h.sorted, v); ok {
				return true
			}
		}
	}
	return false
}

// touches reports whether a module's probes may have another answer now, because
// of the listing or of the changed keys of its front-end.
func (c *listingChange) touches(probes []uint64, keys *hashes) bool {
	return c.links || c.probed.anyOf(probes) || keys.anyOf(probes)
}

// probeSeed makes the hashes of probes, which never leave the process.
var probeSeed = maphash.MakeSeed()

// probeHash stands for a path that a resolver asked for. Two paths of one hash
// only make a module be resolved once too often.
func probeHash(path string) uint64 { return maphash.String(probeSeed, path) }

// diffTrees compares two trees, and the answers of the file system that the old
// one remembers with those of today. O(n) in their entries.
func diffTrees(old, new *Tree) *listingChange {
	c := &listingChange{}
	if old == new {
		return c
	}
	if len(old.list) == 0 {
		return everything()
	}
	c.links = !maps.Equal(old.aliases, new.aliases)
	add := func(path string) { c.paths = append(c.paths, path) }
	differences(old.list, new.list, func(a, b *Folder) int { return strings.Compare(a.Path, b.Path) }, func(a, b *Folder) {
		switch {
		case b == nil:
			add(a.Path)
			for _, name := range a.Files {
				add(Join(a.Path, name))
			}
		case a == nil:
			add(b.Path)
			for _, name := range b.Files {
				add(Join(b.Path, name))
			}
		default:
			merge(a.Files, b.Files, strings.Compare, func(x, y string) {
				if x != y {
					add(Join(a.Path, cmp.Or(x, y)))
				}
			})
			merge(a.skipped, b.skipped, bySkippedName, func(x, y skipped) {
				if x.name != y.name || x.kind != y.kind {
					add(Join(a.Path, cmp.Or(x.name, y.name)))
				}
			})
		}
	})
	old.outside.answers.Range(func(path, answer any) bool {
		// Asking puts the path among those that the next update compares.
		if p := path.(string); new.presence(p) != answer.(presence) {
			add(p)
		}
		return true
	})
	slices.Sort(c.paths)
	probed := make([]uint64, 0, 3*len(c.paths))
	for _, p := range c.paths {
		dir, _ := Split(p)
		// The path, what is in it if it is a folder, and the listing of its folder.
		probed = append(probed, probeHash(p), probeHash(p+"/"), probeHash(dir+"/"))
	}
	c.probed = newHashes(probed)
	return c
}

func bySkippedName(a, b skipped) int { return strings.Compare(a.name, b.name) }

// merge walks two sorted lists side by side; the zero value stands for what one
// of them lacks.
func merge[T any](a, b []T, compare func(T, T) int, visit func(a, b T)) {
	var zero T
	for len(a) > 0 || len(b) > 0 {
		order := 0
		switch {
		case len(a) == 0:
			order = 1
		case len(b) == 0:
			order = -1
		default:
			order = compare(a[0], b[0])
		}
		switch {
		case order < 0:
			visit(a[0], zero)
			a = a[1:]
		case order > 0:
			visit(zero, b[0])
			b = b[1:]
		default:
			visit(a[0], b[0])
			a, b = a[1:], b[1:]
		}
	}
}

// byID orders modules.
func byID(a, b *module.Module) int { return a.ID.Compare(b.ID) }

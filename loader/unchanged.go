package loader

import (
	"context"
	"sync/atomic"

	"github.com/eddy-build/eddy/cache"
	"github.com/eddy-build/eddy/internal/fsys"
)

// Unchanged reports whether a workspace is what it was when a result was stored:
// whether each folder and each source has its stamp, and all that was asked of
// the file system beside has its answer. A walk would find what it found then,
// and a load read no file; no folder is listed to know it. A false answer may
// have any reason, and most often a change that was met first.
//
// The stamp of a folder stands for its entries: to make, remove, rename or
// replace one changes it, on the file systems of [fsys.FolderComparer].
func Unchanged(ctx context.Context, cfg Config, s *cache.Stored) bool {
	cfg.setDefaults()
	files, ok := cfg.FS.(fsys.FolderComparer)
	if !ok || s.Folders() == 0 {
		return false
	}
	outside := outside{fs: cfg.FS}
	inputs := restored{inputs: s.Inputs}
	var changed atomic.Bool
	// The questions come first: they are few, and each may take a while.
	asks := len(s.Asks)
	err := parallel(ctx, cfg.Workers, asks+s.Folders(), newTicker(cfg.Progress, StageWalk, asks+s.Folders()), func() func(int) {
		return func(i int) {
			if !changed.Load() && !(i < asks && answered(cfg.FS, cfg.Walk.Env, s.Asks[i]) || i >= asks && sameFolder(files, s, i-asks)) {
				changed.Store(true)
			}
		}
	}, func(int, error) { changed.Store(true) })
	if err != nil || changed.Load() || !inputs.inputsHold(cfg.FS) {
		return false
	}
	for _, a := range s.Asked {
		if uint8(outside.stat(a.Path)) != a.Answer {
			return false
		}
	}
	return true
}

// sameFolder compares a folder and the sources in it.
func sameFolder(files fsys.FolderComparer, s *cache.Stored, i int) bool {
	folder, first, end := s.Folder(i)
	skip := len(folder.Path) + 1
	if folder.Path == "." {
		skip = 0
	}
	return files.SameFolder(folder.Path, fsys.Stamp(folder.Stamp), end-first, func(n int) (string, fsys.Stamp) {
		path, stamp := s.Listed(first + n)
		return path[skip:], fsys.Stamp(stamp)
	})
}

// stamped returns the folders of the tree with their stamps, nil where one of
// them has none that can be relied on or something else cannot be compared later.
func (t *Tree) stamped() []cache.Folder {
	if t.doubt || len(t.list) == 0 {
		return nil
	}
	folders := make([]cache.Folder, len(t.list))
	for i, f := range t.list {
		if f.partial || f.stamp == (fsys.Stamp{}) {
			return nil
		}
		folders[i] = cache.Folder{Path: f.Path, Stamp: cache.Stamp(f.stamp)}
	}
	return folders
}

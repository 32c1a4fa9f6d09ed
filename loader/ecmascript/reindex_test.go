package ecmascript

import (
	"fmt"
	"testing"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// Folders that come and go under ever new names leave nothing for good, and the
// workspace is seldom indexed anew for it.
func TestReindexDropsFoldersThatAreGone(t *testing.T) {
	mem, fe := fsys.NewMem(), frontend{}
	workspace := func(paths ...string) *loader.Workspace {
		ws := &loader.Workspace{Root: mem.Root(), FS: mem, Tree: loader.TreeOf(paths...)}
		for _, p := range paths {
			ws.Files = append(ws.Files, loader.File{Path: p, Facts: &module.Facts{}})
		}
		return ws
	}
	now, err := fe.Index(t.Context(), workspace("a.ts"))
	if err != nil {
		t.Fatal(err)
	}
	const rounds = 500
	laid, anew := now.(*index).laid, 0
	step := func(ws *loader.Workspace, edit loader.Edit) {
		next, err := fe.Reindex(t.Context(), ws, now, edit)
		if err == nil && next == nil {
			anew++
			next, err = fe.Index(t.Context(), ws)
		}
		if err != nil {
			t.Fatal(err)
		}
		now = next
		if n := len(now.(*index).all); n > 3*laid+128 {
			t.Fatalf("%d folders are kept, of %d", n, len(ws.Tree.Folders()))
		}
	}
	for i := range rounds {
		dir := fmt.Sprintf("tmp%d", i)
		file := dir + "/b.ts"
		step(workspace("a.ts", file), loader.Edit{Added: []string{file}, Listing: []string{dir, file}})
		if got := len(now.Modules()); got != 2 {
			t.Fatalf("%d modules, want 2", got)
		}
		step(workspace("a.ts"), loader.Edit{Removed: []string{file}, Listing: []string{dir, file}})
	}
	if anew == 0 || anew > rounds/20 {
		t.Errorf("indexed anew %d times in %d rounds", anew, rounds)
	}
}

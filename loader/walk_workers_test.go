package loader

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"syscall"
	"testing"

	"github.com/eddy-build/eddy/internal/fsys"
)

// A tree of all that a walk knows, drawn from a seed.
func randomTree(seed uint64, folders int) *fsys.Mem {
	rnd := rand.New(rand.NewPCG(seed, 1))
	m := fsys.NewMem()
	dirs := []string{".", "../out"}
	for i := range folders {
		dir := Join(dirs[rnd.IntN(len(dirs))], fmt.Sprintf("d%d", i))
		dirs = append(dirs, dir)
		m.Mkdir(dir)
		for range rnd.IntN(5) {
			m.Write(Join(dir, fmt.Sprintf("f%d.%c", rnd.IntN(30), 'a'+rnd.IntN(4))), "")
		}
		switch rnd.IntN(12) {
		case 0:
			m.Write(Join(dir, ".gitignore"), fmt.Sprintf("*.%c\n!f1?.*\nd*%d/\n", 'a'+rnd.IntN(4), rnd.IntN(10)))
		case 1, 2:
			m.Symlink("/mem/home/root/"+dirs[rnd.IntN(len(dirs))], Join(dir, "link"))
		case 3:
			m.Symlink(fmt.Sprintf("../f%d.a", rnd.IntN(30)), Join(dir, "file"))
		case 4:
			m.Write(Join(dir, ".git/HEAD"), "")
		case 5:
			m.Fail(dir, syscall.EACCES)
		}
	}
	return m
}

func TestWalkIsTheSameForAnyNumberOfWorkers(t *testing.T) {
	for seed := range uint64(20) {
		m := randomTree(seed, 600)
		serial, wantDiags, err := Walk(t.Context(), m, WalkOptions{Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		want := listing(serial)
		for _, workers := range []int{2, 5, 16} {
			tree, diags, err := Walk(t.Context(), m, WalkOptions{Workers: workers})
			if err != nil {
				t.Fatal(err)
			}
			if got := listing(tree); got != want {
				t.Fatalf("seed %d, %d workers: another tree", seed, workers)
			}
			if !reflect.DeepEqual(diags, wantDiags) || !slices.Equal(tree.IgnoreFiles(), serial.IgnoreFiles()) {
				t.Errorf("seed %d, %d workers: other diagnostics or ignore files", seed, workers)
			}
		}
		once(t, seed, m, serial)
	}
}

// once holds that no folder was walked under two names.
func once(t *testing.T, seed uint64, m *fsys.Mem, tree *Tree) {
	t.Helper()
	seen := make(map[string]string)
	for _, f := range tree.Folders() {
		m.Fail(f.Path, nil)
		real, err := m.RealPath(f.Path)
		if err != nil {
			t.Fatal(err)
		}
		if at, ok := seen[real]; ok {
			t.Errorf("seed %d: %s is walked as %s and as %s", seed, real, at, f.Path)
		}
		seen[real] = f.Path
	}
}

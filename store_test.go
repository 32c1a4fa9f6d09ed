package eddy

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/eddy-build/eddy/cache"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// later is a clock by which every file of a test is old enough to be trusted.
func later() time.Time { return time.Now().Add(time.Hour) }

func TestWarmStart(t *testing.T) {
	dir := workspace(t, demo)
	store := cache.OpenStore(t.TempDir())
	run := func() *Snapshot {
		t.Helper()
		e := open(t, dir, WithStore(store), withClock(later))
		s := load(t, e)
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		return s
	}
	same := func(a, b *Snapshot) {
		t.Helper()
		ids := func(s *Snapshot) (ids []module.ID) {
			for _, m := range s.Modules() {
				ids = append(ids, m.ID)
				for _, d := range m.Deps {
					ids = append(ids, d.To)
				}
			}
			return ids
		}
		if !slices.Equal(ids(a), ids(b)) {
			t.Errorf("the warm start found another graph: %v, %v", ids(a), ids(b))
		}
	}
	cold := run()
	if n := cold.Stats().Work.Parsed; n != 5 {
		t.Errorf("the cold start parsed %d files, want 5", n)
	}
	warm := run()
	if w := warm.Stats().Work; w.Parsed != 0 || w.Indexed != 0 || w.Resolved != 0 || w.SameStamp != 5 {
		t.Errorf("the warm start did %+v", w)
	}
	if listed := warm.Stats().Work.Listed; listed != 0 && cold.loaded().State().Folders != nil {
		t.Errorf("the warm start listed %d folders", listed)
	}
	if warm.Stats().Imports != cold.Stats().Imports || warm.Stats().Folders != cold.Stats().Folders || warm.Stats().Files != cold.Stats().Files {
		t.Errorf("the warm start counts %+v, the cold one %+v", warm.Stats(), cold.Stats())
	}
	for _, s := range []*Snapshot{cold, warm} {
		if list := s.Unresolved(); len(list) != 1 || list[0].ID != "web/app.ts" || len(list[0].Unresolved) != 1 {
			t.Errorf("the modules with imports that lead nowhere are %v", list)
		}
		if local, outside := s.Count(); local != 5 || outside != 0 {
			t.Errorf("%d modules, and %d outside", local, outside)
		}
	}
	same(cold, warm)
	if got, want := warm.Explain("web/app.ts"), cold.Explain("web/app.ts"); !slices.Equal(got, want) {
		t.Errorf("explain says %q after a warm start, want %q", got, want)
	}

	if err := os.WriteFile(filepath.Join(dir, "web", "c.ts"), []byte("export const y = 1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	edited := run()
	if w := edited.Stats().Work; w.Parsed != 1 || w.SameStamp != 4 {
		t.Errorf("after one edit a start did %+v", w)
	}
	fresh, err := open(t, dir).Load(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	same(fresh, edited)
}

// What an engine has been updated to is what the next one starts from; the
// snapshots of imports and of exports are apart.
func TestCloseStoresUpdates(t *testing.T) {
	dir := workspace(t, demo)
	store := cache.OpenStore(t.TempDir())
	e := open(t, dir, WithStore(store), withClock(later), WithDetail(loader.DetailExports))
	load(t, e)
	if err := os.WriteFile(filepath.Join(dir, "web", "c.ts"), []byte("export const y = 1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, _, err := e.Update(t.Context(), "web/c.ts"); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if s := load(t, open(t, dir, WithStore(store), withClock(later))); s.Start().Warm {
		t.Errorf("a load of imports started from one of exports: %s", s.Start())
	}
	e = open(t, dir, WithStore(store), withClock(later), WithDetail(loader.DetailExports))
	if s := load(t, e); s.Start().String() != "warm start: nothing has changed since the last run" {
		t.Error(s.Start())
	}
	if s := e.Snapshot(); s.stored == nil && e.stored != s.loaded() {
		t.Error("the snapshot counts as one that is still to be stored")
	}
}

// TestStoreFails holds that a store that cannot be written costs no answer.
func TestStoreFails(t *testing.T) {
	dir := workspace(t, demo)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	e := open(t, dir, WithStore(cache.OpenStore(filepath.Join(file, "below"))))
	if s := load(t, e); len(s.Modules()) < 5 {
		t.Errorf("%d modules", len(s.Modules()))
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}

func TestStoreKeyCoversOptions(t *testing.T) {
	dir := t.TempDir()
	base := open(t, dir).storeKey()
	for name, opt := range map[string]Option{
		"platform": WithPlatform("all"), "exclude": WithExclude("x"), "roots": WithPythonRoots("src"),
		"detail": WithDetail(1), "front-ends": WithFrontends(), "digests": WithDigests(),
	} {
		if open(t, dir, opt).storeKey() == base {
			t.Errorf("the key does not depend on %s", name)
		}
	}
	if open(t, dir, WithWorkers(7)).storeKey() != base {
		t.Error("the key depends on the number of workers")
	}
}

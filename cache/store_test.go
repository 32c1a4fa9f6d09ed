package cache

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/eddy-build/eddy/module"
	"pgregory.net/rapid"
)

// fill sets every field of a value to something drawn, so that a field that the
// codec forgets makes the round trip fail.
func fill(t *rapid.T, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(rapid.SampledFrom([]string{"", "a", "src/b.ts", "pkg", "ü\xff"}).Draw(t, "s"))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "b"))
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(int64(rapid.Int32Range(0, 1<<30).Draw(t, "i")))
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(rapid.Uint8().Draw(t, "u")))
	case reflect.Array:
		if rapid.Bool().Draw(t, "zero") {
			return
		}
		for i := range v.Len() {
			fill(t, v.Index(i))
		}
	case reflect.Slice:
		n := rapid.IntRange(0, 3).Draw(t, "n")
		if n == 0 {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			fill(t, v.Index(i))
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem())
	case reflect.Func: // the facts, see drawState
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i))
		}
	default:
		t.Fatalf("a state has a %s: teach the codec and this test", v.Kind())
	}
}

// valid mends what fill cannot know: import numbers in range, sorted paths and
// IDs.
func valid(s *State) *State {
	for i := range s.Sources {
		s.Sources[i].Path = string(rune('a'+i)) + ".go"
	}
	for i := range s.Folders {
		s.Folders[i].Path = []string{".", "d", "e"}[i]
	}
	for i, m := range s.Modules {
		m.ID = module.ID(string(rune('a'+i)) + ".go")
		m.Kind %= 5
	}
	for _, m := range s.Modules {
		slices.SortFunc(m.Deps, func(a, b module.Dep) int { return a.To.Compare(b.To) })
		for i := range m.Deps {
			m.Deps[i].Kind %= 4
			m.Deps[i].Import = module.NoImport
			if len(m.Imports) > 0 {
				m.Deps[i].Import = int32(i % len(m.Imports))
			}
		}
		if len(m.Imports) == 0 {
			m.Unresolved = nil
		}
		for i := range m.Unresolved {
			m.Unresolved[i].Import = int32(i % len(m.Imports))
		}
	}
	return s
}

func drawState(t *rapid.T) *State {
	s := &State{}
	fill(t, reflect.ValueOf(s).Elem())
	valid(s)
	facts := make([]*module.Facts, len(s.Sources))
	for i := range facts {
		facts[i] = &module.Facts{}
		fill(t, reflect.ValueOf(facts[i]).Elem())
	}
	s.Facts = func() []*module.Facts { return facts }
	if len(s.Modules) > 0 && len(s.Sources) > 1 { // a module of several files
		m := s.Modules[0]
		m.Files = []string{s.Sources[0].Path, s.Sources[1].Path}
		m.Imports = append(append([]module.Import(nil), facts[0].Imports...), facts[1].Imports...)
		m.Deps, m.Unresolved = nil, nil
	}
	return s
}

func TestStateRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawState(t)
		key := module.DigestOf([]byte("key"))
		data := Encode(want, key)
		stored, reason := decode(data, key)
		if stored == nil {
			t.Fatal(reason)
		}
		single := map[int]*module.Module{}
		for i := range want.Modules {
			if rapid.Bool().Draw(t, "alone") {
				single[i] = stored.Module(i)
			}
		}
		got, ok := stored.State()
		if !ok {
			t.Fatal("damaged")
		}
		for i, m := range got.Modules {
			if one := single[i]; one != nil && one != m || stored.Module(i) != m {
				t.Fatalf("module %d is there twice", i)
			}
		}
		sameLinks(t, want.Modules, stored)
		again := Encode(got, key)
		if string(again) != string(data) {
			t.Fatalf("a second round trip differs:\n%#v\n%#v", want, got)
		}
		for i, m := range want.Modules {
			if !reflect.DeepEqual(normal(*m), normal(*got.Modules[i])) {
				t.Fatalf("module differs:\n%#v\n%#v", *m, *got.Modules[i])
			}
		}
		for i, src := range want.Sources {
			if !reflect.DeepEqual(src, got.Sources[i]) {
				t.Fatalf("source differs:\n%#v\n%#v", src, got.Sources[i])
			}
			if a, b := want.Facts()[i], got.Facts()[i]; !reflect.DeepEqual(a, b) {
				t.Fatalf("facts differ:\n%#v\n%#v", a, b)
			}
		}
		if !reflect.DeepEqual(want.Folders, got.Folders) || !reflect.DeepEqual(want.Asks, nilIfEmpty(got.Asks)) {
			t.Fatalf("folders differ: %v %v, %v %v", want.Folders, want.Asks, got.Folders, got.Asks)
		}
		if !reflect.DeepEqual(want.Inputs, nilIfEmpty(got.Inputs)) || !reflect.DeepEqual(want.Asked, nilIfEmpty(got.Asked)) || want.Listing != got.Listing || want.Files != got.Files ||
			!reflect.DeepEqual(want.Skipped, nilIfEmpty(got.Skipped)) || !reflect.DeepEqual(want.Walked, got.Walked) || !reflect.DeepEqual(want.Diagnostics, nilIfEmpty(got.Diagnostics)) {
			t.Fatal("the head of the state differs")
		}
	})
}

// sameLinks holds the columns of a snapshot against its modules.
func sameLinks(t *rapid.T, modules []*module.Module, s *Stored) {
	l := s.Links()
	for i, m := range modules {
		if s.ID(i) != m.ID || s.Kind(i) != m.Kind || s.Unresolved(i) != (len(m.Unresolved) > 0) {
			t.Fatalf("module %d is %s %s, want %s %s", i, s.ID(i), s.Kind(i), m.ID, m.Kind)
		}
		row := l.Start[i]
		for n, d := range m.Deps {
			target := slices.IndexFunc(modules, func(o *module.Module) bool { return o.ID == d.To })
			if target < 0 || n > 0 && d.To == m.Deps[n-1].To {
				continue
			}
			count, kinds := 0, module.ImportKinds(0)
			for _, e := range m.Deps {
				if e.To == d.To {
					kinds |= module.Of(e.Kind)
					if e.Import != module.NoImport {
						count++
					}
				}
			}
			if kinds&(kinds-1) != 0 {
				count = CountMixed
			}
			if l.Target[row] != int32(target) || l.First[row] != int32(n) || l.Kinds[row] != kinds || int(l.Count[row]) != count {
				t.Fatalf("link %d of %s is to %d from %d on, %v, %d; want %d, %d, %v, %d", row, m.ID,
					l.Target[row], l.First[row], l.Kinds[row], l.Count[row], target, n, kinds, count)
			}
			row++
		}
		if row != l.Start[i+1] {
			t.Fatalf("%s has %d links too many", m.ID, l.Start[i+1]-row)
		}
	}
	at := 0
	for i := range s.Folders() {
		f, first, end := s.Folder(i)
		if first != at || end < first {
			t.Fatalf("folder %s has the sources from %d to %d, want those from %d on", f.Path, first, end, at)
		}
		at = end
		for n := first; n < end; n++ {
			if path, _ := s.Listed(n); folderOf(path) != f.Path {
				t.Fatalf("%s is listed in %s", path, f.Path)
			}
		}
	}
	if s.Folders() > 0 && at != s.Sources() {
		t.Fatalf("%d of %d sources are listed", at, s.Sources())
	}
}

// normal makes no difference between no imports and an empty list of them.
func normal(m module.Module) module.Module {
	m.Imports = nilIfEmpty(m.Imports)
	return m
}

func nilIfEmpty[T any](l []T) []T {
	if len(l) == 0 {
		return nil
	}
	return l
}

// TestDamage cuts a snapshot at every byte and flips bits of it: each time a
// miss with a reason.
func TestDamage(t *testing.T) {
	key := module.DigestOf([]byte("key"))
	data := Encode(rapid.Custom(drawState).Example(7), key)
	for n := range data {
		if s, reason := decode(data[:n:n], key); s != nil || reason == "" {
			t.Fatalf("cut at %d of %d: state %v, reason %q", n, len(data), s != nil, reason)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		bad := append([]byte(nil), data...)
		bad[random.IntN(len(bad))] ^= 1 << random.IntN(8)
		if s, reason := decode(bad, key); s != nil || reason == "" {
			t.Fatalf("a flipped bit went unseen: reason %q", reason)
		}
	}
}

// FuzzDecode gives decode bodies whose checksum is right: it must not panic, nor
// ask for memory out of proportion.
func FuzzDecode(f *testing.F) {
	key := module.DigestOf(nil)
	for seed := range 3 {
		f.Add(Encode(rapid.Custom(drawState).Example(seed), key)[countsAt:])
	}
	f.Fuzz(func(t *testing.T, tail []byte) {
		data := append(make([]byte, keyAt), key[:]...)
		data = append(data, tail...)
		seal(data)
		readAll(data, key)
	})
}

// readAll reads all of a snapshot that may be one of nonsense.
func readAll(data []byte, key module.Digest) {
	stored, _ := decode(data, key)
	if stored == nil {
		return
	}
	for i := range stored.Len() {
		stored.Module(i)
		stored.ID(i)
	}
	for i := range stored.Folders() {
		for _, first, end := stored.Folder(i); first < end; first++ {
			stored.Listed(first)
		}
	}
	if s, ok := stored.State(); ok {
		s.Facts()
	}
}

// TestNonsense changes each byte of a snapshot and makes the checksum right
// again: what is read then may be anything, and must not panic.
func TestNonsense(t *testing.T) {
	key := module.DigestOf(nil)
	for seed := range 4 {
		data := Encode(rapid.Custom(drawState).Example(seed), key)
		for at := countsAt; at < len(data); at++ {
			for _, change := range []byte{1, 0x80, 0xff} {
				data[at] ^= change
				seal(data)
				readAll(data, key)
				data[at] ^= change
			}
		}
	}
}

func TestStore(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "when", "needed")
	store := OpenStore(dir)
	key := module.DigestOf([]byte("key"))
	want := rapid.Custom(drawState).Example(3)
	want.Root = "/w"

	miss := func(root string, key module.Digest) string {
		t.Helper()
		s, err := store.Load(root, key)
		var ce *module.CacheError
		if s != nil || !errors.As(err, &ce) {
			t.Fatalf("got %v, %v; want a CacheError", s, err)
		}
		return ce.Reason
	}
	if reason := miss("/w", key); reason != "no snapshot yet" {
		t.Error(reason)
	}
	if err := store.Save("/w", key, want); err != nil {
		t.Fatal(err)
	}
	got, err := store.Load("/w", key)
	if err != nil {
		t.Fatal(err)
	}
	if state, ok := got.State(); !ok || string(Encode(state, key)) != string(Encode(want, key)) {
		t.Fatal("loaded another state than saved")
	}
	if reason := miss("/w", module.Digest{1}); reason != "those of this workspace are of another version of Eddy or of other options" {
		t.Error(reason)
	}
	if err := os.Rename(store.path("/w", key), store.path("/w", module.Digest{1})); err != nil {
		t.Fatal(err)
	}
	if reason := miss("/w", module.Digest{1}); reason != "made by another version of Eddy or with other options" {
		t.Error(reason)
	}
	if err := os.Rename(store.path("/w", module.Digest{1}), store.path("/v", key)); err != nil {
		t.Fatal(err)
	}
	if reason := miss("/v", key); reason != "belongs to another workspace, /w" {
		t.Error(reason)
	}
}

func TestTrim(t *testing.T) {
	store := OpenStore(t.TempDir())
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	age := func(path string, d time.Duration) {
		t.Helper()
		if err := os.Chtimes(path, now.Add(-d), now.Add(-d)); err != nil {
			t.Fatal(err)
		}
	}
	for i, root := range []string{"/a", "/b", "/c"} {
		if err := store.Save(root, module.Digest{}, &State{Root: root, Facts: func() []*module.Facts { return nil }}); err != nil {
			t.Fatal(err)
		}
		age(store.path(root, module.Digest{}), time.Duration(i+1)*time.Hour)
	}
	for name, d := range map[string]time.Duration{"tmp-dead": 2 * time.Hour, "tmp-alive": time.Minute, "foreign": 9 * time.Hour} {
		path := filepath.Join(store.dir, name)
		if err := os.WriteFile(path, []byte("12345"), 0o600); err != nil {
			t.Fatal(err)
		}
		age(path, d)
	}
	entries, err := store.Entries()
	if err != nil || len(entries) != 3 || entries[0].Path != store.path("/c", module.Digest{}) {
		t.Fatalf("entries %v, %v: want three, the longest unused first", entries, err)
	}
	freed, err := store.Trim(2*entries[0].Size, now)
	if err != nil || freed != entries[0].Size+5 {
		t.Errorf("freed %d, %v: want one snapshot and the dead process's file", freed, err)
	}
	left, _ := os.ReadDir(store.dir)
	var names []string
	for _, d := range left {
		names = append(names, d.Name())
	}
	want := []string{filepath.Base(store.path("/a", module.Digest{})), filepath.Base(store.path("/b", module.Digest{})), "foreign", "tmp-alive"}
	if len(names) != len(want) {
		t.Errorf("left %v, want %v in any order", names, want)
	}
}

// TestTrimWorkspace holds that many builds and options do not fill the store with
// one workspace.
func TestTrimWorkspace(t *testing.T) {
	store := OpenStore(t.TempDir())
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for i := range byte(perWorkspace + 3) {
		key := module.Digest{i}
		if err := store.Save("/a", key, &State{Root: "/a", Facts: func() []*module.Facts { return nil }}); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(store.path("/a", key), now, now.Add(time.Duration(i)*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := store.Trim(1<<30, now); err != nil {
		t.Fatal(err)
	}
	for i := range byte(perWorkspace + 3) {
		if _, err := store.Load("/a", module.Digest{i}); (err == nil) != (i >= 3) {
			t.Errorf("snapshot %d: %v", i, err)
		}
	}
}

func TestStampTrusted(t *testing.T) {
	const second = 1e9
	for _, tt := range []struct {
		name    string
		stamp   Stamp
		written int64
		want    bool
	}{
		{"long before", Stamp{MTime: 1*second + 5, CTime: 1*second + 5}, 100 * second, true},
		{"at the same tick", Stamp{MTime: 5*second + 1, CTime: 5*second + 1}, 5*second + 1, false},
		{"within a timer tick", Stamp{MTime: 5*second + 1, CTime: 5*second + 1}, 5*second + 9e6, false},
		{"mtime set back, inode changed just now", Stamp{MTime: 1, CTime: 5*second + 1}, 5*second + 2, false},
		{"mtime in the future", Stamp{MTime: 50*second + 1}, 5 * second, false},
		{"whole seconds, the same second", Stamp{MTime: 5 * second, CTime: 5 * second}, 5*second + 9e8, false},
		{"whole seconds, long before", Stamp{MTime: 5 * second, CTime: 5 * second}, 8 * second, true},
	} {
		if got := tt.stamp.Trusted(tt.written); got != tt.want {
			t.Errorf("%s: trusted %v, want %v", tt.name, got, tt.want)
		}
	}
}

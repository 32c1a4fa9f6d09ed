package fsys

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// systems are the implementations, each with a way to make files in it; the
// same tests hold for both.
func systems(t *testing.T, test func(t *testing.T, f FS, m maker)) {
	t.Run("os", func(t *testing.T) {
		root, err := filepath.EvalSymlinks(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		root = filepath.Join(root, "root")
		if err := os.Mkdir(root, 0o755); err != nil {
			t.Fatal(err)
		}
		test(t, OS(root), diskMaker{t, root})
	})
	t.Run("mem", func(t *testing.T) {
		m := NewMem()
		test(t, m, m)
	})
}

type maker interface {
	Write(name, data string)
	Mkdir(name string)
	Symlink(target, name string)
	Remove(name string)
	Rename(from, to string)
}

// diskMaker does on disk what [Mem] does in memory.
type diskMaker struct {
	t    *testing.T
	root string
}

func (d diskMaker) path(name string) string {
	p := filepath.Join(d.root, filepath.FromSlash(name))
	d.must(os.MkdirAll(filepath.Dir(p), 0o755))
	return p
}

func (d diskMaker) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d diskMaker) Write(name, data string) {
	d.must(os.WriteFile(d.path(name), []byte(data), 0o644))
}
func (d diskMaker) Mkdir(name string)      { d.must(os.MkdirAll(d.path(name), 0o755)) }
func (d diskMaker) Remove(name string)     { d.must(os.RemoveAll(d.path(name))) }
func (d diskMaker) Rename(from, to string) { d.must(os.Rename(d.path(from), d.path(to))) }
func (d diskMaker) Symlink(to, name string) {
	if err := os.Symlink(filepath.FromSlash(to), d.path(name)); err != nil {
		d.t.Skip("symbolic links cannot be made here: ", err)
	}
}

func TestReadDirIsSortedAndTyped(t *testing.T) {
	systems(t, func(t *testing.T, f FS, m maker) {
		names := []string{"b", "a b", "ä", "Z"}
		if runtime.GOOS == "linux" {
			names = append(names, "new\nline", "bad\xff")
		}
		for _, n := range names {
			m.Write("d/"+n, "")
		}
		m.Mkdir("d/sub")
		m.Symlink("sub", "d/link")
		got, err := f.ReadDir("d")
		if err != nil {
			t.Fatal(err)
		}
		var want []DirEntry
		for _, n := range names {
			want = append(want, DirEntry{Name: n})
		}
		want = append(want, DirEntry{"sub", fs.ModeDir}, DirEntry{"link", fs.ModeSymlink})
		slices.SortFunc(want, func(a, b DirEntry) int { return strings.Compare(a.Name, b.Name) })
		if !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestReadDirOfManyNames(t *testing.T) {
	systems(t, func(t *testing.T, f FS, m maker) {
		var want []string
		for i := range 2000 {
			name := strings.Repeat("n", 1+i%50) + string(rune('a'+i%26)) + strings.Repeat("x", i/26)
			want = append(want, name)
			m.Write("many/"+name, "")
		}
		slices.Sort(want)
		want = slices.Compact(want)
		got, err := f.ReadDir("many")
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range got {
			if i >= len(want) || e.Name != want[i] {
				t.Fatalf("entry %d is %q", i, e.Name)
			}
		}
		if len(got) != len(want) {
			t.Fatalf("%d entries, want %d", len(got), len(want))
		}
	})
}

func TestErrorsNameThePath(t *testing.T) {
	systems(t, func(t *testing.T, f FS, m maker) {
		m.Write("file", "x")
		m.Mkdir("dir")
		m.Symlink("nowhere", "dangling")
		m.Symlink("loop", "loop")
		for _, tt := range []struct {
			op, name string
			want     error
		}{
			{"readdir", "none", fs.ErrNotExist},
			{"readfile", "none", fs.ErrNotExist},
			{"stat", "none", fs.ErrNotExist},
			{"lstat", "none/none", fs.ErrNotExist},
			{"realpath", "none", fs.ErrNotExist},
			{"stat", "dangling", fs.ErrNotExist},
			{"readfile", "dir", ErrNotRegular},
			{"readprefix", "dir", ErrNotRegular},
			{"readdir", "file", syscall.ENOTDIR},
			{"stat", "file/x", syscall.ENOTDIR},
			{"readfile", "loop", syscall.ELOOP},
			{"stat", "nul\x00", syscall.EINVAL},
		} {
			if runtime.GOOS == "windows" && !errors.Is(tt.want, fs.ErrNotExist) && tt.want != ErrNotRegular {
				continue // its own error numbers
			}
			err := call(f, tt.op, tt.name)
			var e *fs.PathError
			if !errors.Is(err, tt.want) || !errors.As(err, &e) || e.Path != tt.name {
				t.Errorf("%s %q: %v, want %v", tt.op, tt.name, err, tt.want)
			}
		}
	})
}

func call(f FS, op, name string) (err error) {
	switch op {
	case "readdir":
		_, err = f.ReadDir(name)
	case "readfile":
		_, _, err = f.ReadFile(name, nil)
	case "readprefix":
		_, _, _, err = f.ReadPrefix(name, 10, nil)
	case "stat":
		_, err = f.Stat(name)
	case "lstat":
		_, err = f.Lstat(name)
	case "realpath":
		_, err = f.RealPath(name)
	}
	return err
}

func TestReadFileFillsTheBuffer(t *testing.T) {
	systems(t, func(t *testing.T, f FS, m maker) {
		var buf []byte
		for _, size := range []int{0, 1, 511, 512, 4096, 100_000, 3} {
			text := strings.Repeat("x", size)
			m.Write("f", text)
			data, stamp, err := f.ReadFile("f", buf)
			if err != nil || string(data) != text || stamp.Size != int64(size) {
				t.Fatalf("size %d: read %d bytes, stamp %+v, %v", size, len(data), stamp, err)
			}
			buf = data
			info, err := f.Stat("f")
			if err != nil || info.Stamp != stamp || !info.Mode.IsRegular() {
				t.Fatalf("stat %+v, %v; read %+v", info, err, stamp)
			}
		}
		if _, ok := f.(*disk); ok && runtime.GOOS == "linux" {
			if n := testing.AllocsPerRun(20, func() { buf, _, _ = f.ReadFile("f", buf) }); n > 2 {
				t.Errorf("%v allocations a read into a buffer that is large enough", n)
			}
		}
	})
}

func TestReadPrefix(t *testing.T) {
	systems(t, func(t *testing.T, f FS, m maker) {
		m.Write("f", "12345")
		for n, want := range map[int]string{0: "", 1: "1", 4: "1234", 5: "12345", 6: "12345", 1 << 20: "12345"} {
			data, whole, stamp, err := f.ReadPrefix("f", n, nil)
			if err != nil || string(data) != want || whole != (n >= 5) || stamp.Size != 5 {
				t.Errorf("%d: %q %v %+v %v", n, data, whole, stamp, err)
			}
		}
		m.Write("empty", "")
		if data, whole, _, err := f.ReadPrefix("empty", 0, nil); err != nil || len(data) != 0 || !whole {
			t.Errorf("empty: %q %v %v", data, whole, err)
		}
	})
}

func TestLinksAndPathsAbove(t *testing.T) {
	systems(t, func(t *testing.T, f FS, m maker) {
		m.Write("../above", "up")
		m.Write("real/dir/f", "in")
		m.Symlink("real", "a")
		m.Symlink("../a/dir/f", "real/b")
		m.Symlink("../above", "out")
		for name, want := range map[string]string{
			".": ".", "a": "real", "a/dir/f": "real/dir/f", "real/b": "real/dir/f",
			"../above": parent(f.Root()) + "/above", "out": parent(f.Root()) + "/above", "..": parent(f.Root()),
			f.Root() + "/a": "real",
		} {
			if got, err := f.RealPath(name); err != nil || got != want {
				t.Errorf("RealPath(%q) = %q, %v, want %q", name, got, err, want)
			}
		}
		for name, want := range map[string]string{
			"real/b": "in", "out": "up", "../above": "up", f.Root() + "/real/b": "in",
		} {
			if got, _, err := f.ReadFile(name, nil); err != nil || string(got) != want {
				t.Errorf("ReadFile(%q) = %q, %v, want %q", name, got, err, want)
			}
		}
		l, err1 := f.Lstat("out")
		s, err2 := f.Stat("out")
		if err1 != nil || err2 != nil || l.Mode&fs.ModeSymlink == 0 || !s.Mode.IsRegular() {
			t.Errorf("Lstat %v %v, Stat %v %v", l, err1, s, err2)
		}
	})
}

func parent(slash string) string { return slash[:strings.LastIndexByte(slash, '/')] }

func TestStampsTellVersionsApart(t *testing.T) {
	systems(t, func(t *testing.T, f FS, m maker) {
		stamp := func() Stamp {
			i, err := f.Stat("f")
			if err != nil {
				t.Fatal(err)
			}
			return i.Stamp
		}
		m.Write("f", "one")
		first := stamp()
		if again := stamp(); again != first || first == (Stamp{}) {
			t.Errorf("%+v then %+v", first, again)
		}
		m.Write("f", "three")
		second := stamp()
		m.Write("g", "eleven")
		m.Rename("g", "f")
		third := stamp()
		if first == second || second == third {
			t.Errorf("%+v, %+v, %+v", first, second, third)
		}
		m.Remove("f")
		if _, err := f.Stat("f"); !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
	})
}

// A file whose size says nothing, as the kernel's own, is read to its end.
func TestReadFileWithoutASize(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs /proc")
	}
	want, err := os.ReadFile("/proc/self/limits")
	if err != nil {
		t.Skip(err)
	}
	got, _, err := OS("/").ReadFile("proc/self/limits", nil)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%d bytes, %v; want %d", len(got), err, len(want))
	}
	head, whole, _, err := OS("/").ReadPrefix("proc/self/limits", 10, nil)
	if err != nil || whole || !bytes.Equal(head, want[:10]) {
		t.Errorf("%q %v %v", head, whole, err)
	}
}

// A file of 2 GiB is refused before it is read; this one takes no room on disk.
func TestReadFileTooLarge(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "huge")
	if err := os.WriteFile(name, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, 1<<31); err != nil {
		t.Skip("sparse files cannot be made here: ", err)
	}
	if _, _, err := OS(dir).ReadFile("huge", nil); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
	if data, whole, _, err := OS(dir).ReadPrefix("huge", 5, nil); err != nil || whole || len(data) != 5 {
		t.Error(len(data), whole, err)
	}
}

func TestMemFaultsAndHooks(t *testing.T) {
	m := MemOfText(`
-- a/f.txt --
text
-- link --
-> a/f.txt
-- closed/f --
`)
	m.Special("pipe", fs.ModeNamedPipe)
	m.Chmod("closed", 0)
	if _, err := m.ReadDir("closed"); !errors.Is(err, fs.ErrPermission) {
		t.Error(err)
	}
	if _, err := m.Stat("closed/f"); !errors.Is(err, fs.ErrPermission) {
		t.Error(err)
	}
	if _, _, err := m.ReadFile("pipe", nil); !errors.Is(err, ErrNotRegular) {
		t.Error(err)
	}
	m.Fail("a/f.txt", syscall.EIO)
	if _, _, err := m.ReadFile("a/f.txt", nil); !errors.Is(err, syscall.EIO) {
		t.Error(err)
	}
	m.Fail("a/f.txt", nil)
	var calls []string
	m.Before(func(op, name string) {
		calls = append(calls, op+" "+name)
		if op == "readfile" {
			m.Remove(name)
		}
	})
	if _, err := m.ReadDir("a"); err != nil {
		t.Error(err)
	}
	if _, _, err := m.ReadFile("a/f.txt", nil); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if want := []string{"readdir a", "readfile a/f.txt"}; !slices.Equal(calls, want) {
		t.Errorf("calls %q", calls)
	}
	m.Before(nil)
	at := time.Date(2020, 2, 2, 2, 2, 2, 2, time.UTC)
	m.SetClock(func() time.Time { return at })
	m.Write("new", "")
	if i, err := m.Stat("new"); err != nil || i.Stamp.MTime != at.UnixNano() {
		t.Error(i, err)
	}
}

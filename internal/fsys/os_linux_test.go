package fsys

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestPipesAndSocketsAreNotWaitedFor(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o644); err != nil {
		t.Fatal(err)
	}
	f := OS(dir)
	if _, _, err := f.ReadFile("pipe", nil); !errors.Is(err, ErrNotRegular) {
		t.Error(err)
	}
	if entries, err := f.ReadDir("."); err != nil || len(entries) != 1 || entries[0].Type != fs.ModeNamedPipe {
		t.Error(entries, err)
	}
	if _, _, err := OS("/dev").ReadFile("null", nil); !errors.Is(err, ErrNotRegular) {
		t.Error(err)
	}
}

// A path longer than the kernel takes is reached all the same.
func TestPathsBeyondPathMax(t *testing.T) {
	dir := t.TempDir()
	name := strings.Repeat("d", 200)
	const depth = 60
	makeDeep(t, dir, name, depth)
	f := OS(dir)
	path := strings.TrimSuffix(strings.Repeat(name+"/", depth), "/")
	entries, err := f.ReadDir(path)
	if err != nil || len(entries) != 1 || entries[0].Name != "f" {
		t.Fatal(entries, err)
	}
	data, stamp, err := f.ReadFile(path+"/f", nil)
	if err != nil || string(data) != "deep" {
		t.Fatal(string(data), err)
	}
	for _, stat := range []func(string) (Info, error){f.Stat, f.Lstat} {
		if info, err := stat(path + "/f"); err != nil || info.Stamp != stamp {
			t.Error(info, err)
		}
	}
	if _, err := f.Stat(path + "/none"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if _, err := f.Stat(strings.Repeat("x", 5000)); !errors.Is(err, syscall.ENAMETOOLONG) {
		t.Error(err)
	}
}

// makeDeep makes nested folders with a file "f" in the last.
func makeDeep(t *testing.T, dir, name string, depth int) {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	for range depth {
		if err := root.Mkdir(name, 0o755); err != nil {
			t.Fatal(err)
		}
		next, err := root.OpenRoot(name)
		if err != nil {
			t.Fatal(err)
		}
		root.Close()
		root = next
	}
	defer root.Close()
	if err := root.WriteFile("f", []byte("deep"), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestNoDescriptorIsLeft(t *testing.T) {
	count := func() int {
		list, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Skip(err)
		}
		return len(list)
	}
	dir := t.TempDir()
	f := OS(dir)
	before := count()
	for _, name := range []string{".", "none", strings.Repeat("dd/", 3000) + "x"} {
		f.ReadDir(name)
		f.ReadFile(name, nil)
		f.ReadPrefix(name, 1, nil)
		f.Stat(name)
	}
	if after := count(); after != before {
		t.Errorf("%d descriptors open, %d before", after, before)
	}
}

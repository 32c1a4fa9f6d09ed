package fsys

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The benchmarks go over some packages of GOROOT/src, beside package os on the
// same files.

func sources(b *testing.B) (root string, dirs, files []string) {
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		b.Skip("go is not installed: ", err)
	}
	root = filepath.Join(strings.TrimSpace(string(goroot)), "src")
	f := OS(root)
	for _, dir := range []string{"net", "net/http", "os", "runtime", "cmd/go/internal/load"} {
		dirs = append(dirs, dir)
		entries, err := f.ReadDir(dir)
		if err != nil {
			b.Skip(err)
		}
		for _, e := range entries {
			if e.Type.IsRegular() {
				files = append(files, dir+"/"+e.Name)
			}
		}
	}
	return root, dirs, files
}

func BenchmarkReadFile(b *testing.B) {
	root, _, files := sources(b)
	f := OS(root)
	b.Run("fsys", func(b *testing.B) {
		b.ReportAllocs()
		var buf []byte
		for b.Loop() {
			for _, name := range files {
				buf, _, _ = f.ReadFile(name, buf)
			}
		}
	})
	b.Run("os", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for _, name := range files {
				os.ReadFile(filepath.Join(root, name))
			}
		}
	})
	b.Run("prefix", func(b *testing.B) {
		b.ReportAllocs()
		var buf []byte
		for b.Loop() {
			for _, name := range files {
				buf, _, _, _ = f.ReadPrefix(name, 4096, buf)
			}
		}
	})
}

func BenchmarkStat(b *testing.B) {
	root, _, files := sources(b)
	f := OS(root)
	b.Run("fsys", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for _, name := range files {
				f.Stat(name)
			}
		}
	})
	b.Run("os", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for _, name := range files {
				os.Stat(filepath.Join(root, name))
			}
		}
	})
}

func BenchmarkReadDir(b *testing.B) {
	root, dirs, _ := sources(b)
	f := OS(root)
	b.Run("fsys", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for _, name := range dirs {
				f.ReadDir(name)
			}
		}
	})
	b.Run("os", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for _, name := range dirs {
				os.ReadDir(filepath.Join(root, name))
			}
		}
	})
}

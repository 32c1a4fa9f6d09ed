package loader

import (
	"io/fs"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/eddy-build/eddy/internal/fsys"
)

// BenchmarkWalk lists GOROOT/src; WalkDir is what the standard library needs
// for the same folders.
func BenchmarkWalk(b *testing.B) {
	root := filepath.Join(runtime.GOROOT(), "src")
	b.Run("Walk", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			tree, _, err := Walk(b.Context(), fsys.OS(root), WalkOptions{})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(len(tree.Folders())), "folders")
		}
	})
	b.Run("Walk1", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, _, err := Walk(b.Context(), fsys.OS(root), WalkOptions{Workers: 1}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("WalkDir", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			n := 0
			err := filepath.WalkDir(root, func(_ string, d fs.DirEntry, err error) error {
				if d.IsDir() {
					n++
				}
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(n), "folders")
		}
	})
}

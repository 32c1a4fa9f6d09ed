package ecmascript

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/internal/oracle"
	"github.com/eddy-build/eddy/loader"
)

// BenchmarkScan measures the parser on the sources of packages, in bytes of
// source a second on one core, and its allocations a file.
func BenchmarkScan(b *testing.B) {
	root := oracle.Dir(b, "ecmascript", "node_modules")
	for _, corpus := range []struct{ name, folder, ext string }{
		{"TypeScript/effect", "effect/src", ".ts"},
		{"TypeScript/rxjs", "rxjs/src", ".ts"},
		{"TypeScript/zod", "zod/src", ".ts"},
		{"declarations/effect", "effect/dist", ".d.ts"},
		{"declarations/typescript", "typescript/lib", ".d.ts"},
		{"JavaScript/webpack", "webpack/lib", ".js"},
		{"JavaScript/three", "three/src", ".js"},
		{"JavaScript/typescript", "typescript/lib", ".js"},
	} {
		b.Run(corpus.name, func(b *testing.B) {
			var files [][]byte
			var paths []string
			size := 0
			err := filepath.WalkDir(filepath.Join(root, corpus.folder), func(path string, d os.DirEntry, err error) error {
				if err != nil || d.IsDir() || !strings.HasSuffix(path, corpus.ext) {
					return err
				}
				src, err := os.ReadFile(path)
				files, paths, size = append(files, src), append(paths, filepath.ToSlash(path)), size+len(src)
				return err
			})
			if err != nil || size == 0 {
				b.Fatalf("no corpus in %s: %v", corpus.folder, err)
			}
			p := newParser()
			b.SetBytes(int64(size))
			b.ReportAllocs()
			b.ResetTimer()
			for b.Loop() {
				for i, src := range files {
					p.Parse(paths[i], src, loader.DetailImports)
				}
			}
			b.ReportMetric(float64(len(files)), "files")
		})
	}
}

package ecmascript

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/internal/oracle"
	"github.com/eddy-build/eddy/loader"
)

// BenchmarkDetail measures what exports cost over imports alone, in bytes of
// source a second on one core.
func BenchmarkDetail(b *testing.B) {
	root := oracle.Dir(b, "ecmascript", "node_modules")
	for _, corpus := range []struct{ name, folder, ext string }{
		{"TypeScript/effect", "effect/src", ".ts"},
		{"TypeScript/rxjs", "rxjs/src", ".ts"},
		{"declarations/effect", "effect/dist", ".d.ts"},
		{"JavaScript/webpack", "webpack/lib", ".js"},
		{"JavaScript/three", "three/src", ".js"},
	} {
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
		for name, detail := range map[string]loader.Detail{"imports": loader.DetailImports, "exports": loader.DetailExports} {
			b.Run(corpus.name+"/"+name, func(b *testing.B) {
				p := newParser()
				b.SetBytes(int64(size))
				b.ReportAllocs()
				for b.Loop() {
					for i, src := range files {
						p.Parse(paths[i], src, detail)
					}
				}
			})
		}
	}
}

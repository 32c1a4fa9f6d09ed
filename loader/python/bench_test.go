package python

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/eddy-build/eddy/internal/oracle"
	"github.com/eddy-build/eddy/loader"
)

// BenchmarkParse reads all files of a published package, one after the other,
// on one core.
func BenchmarkParse(b *testing.B) {
	for _, name := range []string{"django", "sqlalchemy", "sympy"} {
		for _, detail := range []loader.Detail{loader.DetailImports, loader.DetailExports} {
			b.Run(fmt.Sprintf("%s/detail=%d", name, detail), func(b *testing.B) {
				root := oracle.Dir(b, "python", name)
				var files [][]byte
				var paths []string
				size := int64(0)
				for _, path := range sources(b, root) {
					data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
					if err != nil {
						b.Fatal(err)
					}
					files, paths, size = append(files, data), append(paths, path), size+int64(len(data))
				}
				p := newParser()
				b.SetBytes(size)
				b.ReportAllocs()
				for b.Loop() {
					for i, f := range files {
						p.Parse(paths[i], f, detail)
					}
				}
				b.ReportMetric(float64(len(files)), "files/op")
			})
		}
	}
}

package golang

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/loader"
)

// BenchmarkParse parses the head of every file of the standard library, from
// memory; bytes are those of the heads.
func BenchmarkParse(b *testing.B) {
	src := filepath.Join(goroot(b), "src")
	l := load(b, fsys.OS(src), filepath.ToSlash(src), "linux/amd64", linux)
	files := make([][]byte, len(l.Files))
	bytes := 0
	for i, f := range l.Files {
		data, err := os.ReadFile(filepath.Join(src, f.Path))
		if err != nil {
			b.Fatal(err)
		}
		files[i] = data[:min(len(data), 8<<10)]
		if n := len(f.Facts.Imports); n > 0 {
			bytes += int(f.Facts.Imports[n-1].Span.End)
		}
	}
	p := newParser()
	b.SetBytes(int64(bytes))
	b.ReportAllocs()
	for b.Loop() {
		for i, data := range files {
			p.ParseHeader(l.Files[i].Path, data)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(files)), "ns/file")
}

// BenchmarkIndex groups the standard library into modules.
func BenchmarkIndex(b *testing.B) {
	src := filepath.Join(goroot(b), "src")
	l := load(b, fsys.OS(src), filepath.ToSlash(src), "linux/amd64", linux)
	frontend := &frontend{host: linux}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := frontend.Index(context.Background(), l.Workspace); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkResolve resolves each import of the standard library.
func BenchmarkResolve(b *testing.B) {
	src := filepath.Join(goroot(b), "src")
	l := load(b, fsys.OS(src), filepath.ToSlash(src), "linux/amd64", linux)
	res := loader.NewResolution(l.Tree)
	imports := 0
	b.ReportAllocs()
	for b.Loop() {
		imports = 0
		for _, m := range l.resolver.Modules() {
			for i := range m.Imports {
				res.Reset()
				l.resolver.Resolve(m, &m.Imports[i], res)
				imports++
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(imports), "ns/import")
}

// BenchmarkParseExports reads the declarations of every file of the standard
// library, too; bytes are those of the whole files.
func BenchmarkParseExports(b *testing.B) {
	src := filepath.Join(goroot(b), "src")
	l := load(b, fsys.OS(src), filepath.ToSlash(src), "linux/amd64", linux)
	files := make([][]byte, len(l.Files))
	bytes := 0
	for i, f := range l.Files {
		data, err := os.ReadFile(filepath.Join(src, f.Path))
		if err != nil {
			b.Fatal(err)
		}
		files[i] = data
		bytes += len(data)
	}
	p := newParser()
	b.SetBytes(int64(bytes))
	b.ReportAllocs()
	for b.Loop() {
		for i, data := range files {
			p.Parse(l.Files[i].Path, data, loader.DetailExports)
		}
	}
}

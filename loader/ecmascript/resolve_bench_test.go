package ecmascript

import (
	"context"
	"fmt"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// BenchmarkResolve measures one import of each common sort.
func BenchmarkResolve(b *testing.B) {
	g := generateMonorepo(520)
	archive := new(txtar.Archive)
	for name, content := range g.files {
		archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(content)})
	}
	resolver, tree := indexOf(b, archive, nil)
	byID := make(map[module.ID]*module.Module)
	for _, m := range resolver.Modules() {
		byID[m.ID] = m
	}
	from := byID["packages/p0/src/index.ts"]
	js := byID["packages/p12/src/plain.js"]
	for _, c := range []struct {
		name, specifier string
		from            *module.Module
	}{
		{"relative", "./a", from},
		{"relative-parent", "../src/b/index.js", from},
		{"relative-folder", "./b", from},
		{"relative-javascript", "./typed", js},
		{"paths", "@paths/p13", from},
		{"package", "@g/p13", from},
		{"package-unbuilt", "@g/p1", from},
		{"external", "react", from},
		{"builtin", "node:fs", from},
		{"unresolved", "./none", from},
	} {
		b.Run(c.name, func(b *testing.B) {
			r := loader.NewResolution(tree)
			imp := &module.Import{Specifier: c.specifier}
			b.ReportAllocs()
			for b.Loop() {
				r.Reset()
				resolver.Resolve(c.from, imp, r)
			}
			if len(r.Targets) == 0 && c.name != "unresolved" {
				b.Fatal(r.Reason)
			}
		})
	}
}

// BenchmarkIndex measures what a load pays before its first import.
func BenchmarkIndex(b *testing.B) {
	for _, n := range []int{52, 520} {
		b.Run(fmt.Sprint(n, "-packages"), func(b *testing.B) {
			mem := fsys.NewMem()
			ws := &loader.Workspace{Root: mem.Root(), FS: mem}
			var paths []string
			for name, content := range generateMonorepo(n).files {
				mem.Write(name, content)
				paths = append(paths, name)
				if New().Claim(name) == loader.ClaimSource {
					ws.Files = append(ws.Files, loader.File{Path: name, Facts: &module.Facts{}})
				}
			}
			ws.Tree = loader.TreeOf(paths...)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := New().Index(context.Background(), ws); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(ws.Files)), "files")
		})
	}
}

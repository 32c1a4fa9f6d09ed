package loader

import (
	"bytes"
	"fmt"
	"io/fs"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/internal/fsys"
)

// BenchmarkWalk lists GOROOT/src; WalkDir is what the standard library needs
// for the same folders.
func BenchmarkWalk(b *testing.B) {
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		b.Skip("go is not installed: ", err)
	}
	root := filepath.Join(strings.TrimSpace(string(goroot)), "src")
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
	b.Run("WalkSerial", func(b *testing.B) {
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

// BenchmarkPatterns matches one path against an ignore file of 180 lines, of
// which none applies: the usual case.
func BenchmarkPatterns(b *testing.B) {
	var lines []string
	for i := range 60 {
		lines = append(lines, fmt.Sprintf("dir%d/", i), fmt.Sprintf("*.e%d", i), fmt.Sprintf("/a%d/*/b", i))
	}
	p := patternList("bench", lines)
	path := []byte("src/cmd/compile/main.go")
	nameAt := bytes.LastIndexByte(path, '/') + 1
	b.ReportAllocs()
	for b.Loop() {
		if p.match(path, nameAt, false) != nil {
			b.Fatal("matched")
		}
	}
}

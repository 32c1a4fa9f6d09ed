package ecmascript

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/internal/oracle"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// compilerFacts is a line of internal/oracle/ecmascript/scan.mjs.
type compilerFacts struct {
	File    string
	Broken  bool
	Error   string
	Imports [][8]any
	Dynamic []int
	Ambient []string
}

// sampleShare is the part of the large corpus that is compared where all of it
// is not asked for: one file in so many, chosen by its path.
const sampleShare = 8

// TestScannerAgreesWithTheCompiler compares the imports of each file of some
// packages, and of a sample of a large corpus, with those in the TypeScript
// compiler's syntax tree: specifier, kind, flags, offsets, line, column, names.
// What the compiler reads without a complaint gives no diagnostic either.
func TestScannerAgreesWithTheCompiler(t *testing.T) {
	compiler := oracle.Dir(t, "ecmascript", "node_modules", "typescript")
	for _, c := range []struct {
		folder       string
		least, share uint32
	}{
		{"node_modules", 10_000, 1},
		{"corpus", 20_000, sampleShare},
	} {
		t.Run(c.folder, func(t *testing.T) {
			root := oracle.Dir(t, "ecmascript", c.folder)
			if oracle.Full() {
				c.share = 1
			}
			files := corpusFiles(t, root, c.share)
			if len(files) < int(c.least/c.share) {
				t.Fatalf("%d files in %s: the oracle is incomplete; remove it and run make oracle-ecmascript", len(files), root)
			}
			agree(t, compiler, root, files)
		})
	}
}

// agree compares the facts of files below root with the compiler's.
func agree(t *testing.T, compiler, root string, files []string) {
	compared, imports, broken, differences := 0, 0, 0, 0
	p := newParser()
	askCompiler(t, compiler, root, files, func(want compilerFacts) {
		src, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(want.File)))
		if err != nil {
			t.Error(err)
			return
		}
		if want.Error != "" {
			t.Errorf("%s: the compiler failed: %s", want.File, want.Error)
			return
		}
		facts := p.Parse(want.File, src, loader.DetailImports)
		if want.Broken {
			broken++
			return
		}
		compared++
		imports += len(facts.Imports)
		diff := difference(want.lines(), factLines(facts))
		for _, d := range facts.Diagnostics {
			diff = append(diff, "+ "+d.String())
		}
		if len(diff) == 0 {
			return
		}
		if differences++; differences <= 40 {
			t.Errorf("%s: - compiler, + scanner:\n%s", want.File, strings.Join(diff[:min(len(diff), 8)], "\n"))
		}
	})
	t.Logf("%d of %d files agree, with %d imports; the compiler finds syntax errors in %d more", compared-differences, compared, imports, broken)
}

// corpusFiles lists one in share of the scripts below a folder, as slash paths
// relative to it.
func corpusFiles(t *testing.T, root string, share uint32) []string {
	var files []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !d.Type().IsRegular() {
			return err
		}
		switch filepath.Ext(path) {
		case ".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs":
		default:
			return nil
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		h := fnv.New32a()
		h.Write([]byte(rel))
		if h.Sum32()%share == 0 {
			files = append(files, rel)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(files)
	return files
}

// askCompiler runs the compiler over files below root and hands on its answers.
func askCompiler(t *testing.T, compiler, root string, files []string, each func(compilerFacts)) {
	script, err := filepath.Abs("../../internal/oracle/ecmascript/scan.mjs")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", "--max-old-space-size=3072", script, compiler)
	cmd.Dir = root
	cmd.Stdin = strings.NewReader(strings.Join(files, "\n") + "\n")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 64<<20)
	n := 0
	for lines.Scan() {
		var facts compilerFacts
		decoder := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		decoder.UseNumber() // offsets beyond a million print as they are
		if err := decoder.Decode(&facts); err != nil {
			t.Fatal(err)
		}
		n++
		each(facts)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if n != len(files) {
		t.Fatalf("the compiler answered for %d of %d files", n, len(files))
	}
}

// lines shows the compiler's facts as factLines does.
func (c *compilerFacts) lines() []string {
	var lines []string
	for _, im := range c.Imports {
		names := []string{}
		for _, n := range im[7].([]any) {
			names = append(names, n.(string))
		}
		lines = append(lines, fmt.Sprintf("%q %v %v [%v,%v] %v:%v %s", im[0], im[1], im[2], im[3], im[4], im[5], im[6], strings.Join(names, " ")))
	}
	for _, d := range c.Dynamic {
		lines = append(lines, fmt.Sprintf("dynamic %d", d))
	}
	for _, a := range c.Ambient {
		lines = append(lines, fmt.Sprintf("ambient %q", a))
	}
	return lines
}

// factLines shows facts as a line for each import, dynamic import and ambient
// module.
func factLines(f *module.Facts) []string {
	var lines []string
	for _, im := range f.Imports {
		var flags strings.Builder
		for _, l := range []struct {
			flag   module.ImportFlags
			letter byte
		}{
			{module.Pattern, 'P'}, {module.Reexport, 'R'}, {module.TypeRef, 'T'},
			{module.Require, 'Q'}, {module.FileRef, 'F'}, {module.Optional, 'O'},
		} {
			if im.Flags&l.flag != 0 {
				flags.WriteByte(l.letter)
			}
		}
		names := []string{}
		for _, n := range im.Names {
			text := n.Name
			if n.Alias != "" {
				text += ":" + n.Alias
			}
			if n.Type {
				text += "!"
			}
			names = append(names, text)
		}
		sp := im.Span
		lines = append(lines, fmt.Sprintf("%q %s %s [%d,%d] %d:%d %s", im.Specifier, im.Kind, flags.String(), sp.Offset, sp.End, sp.Line, sp.Column, strings.Join(names, " ")))
	}
	for _, d := range f.Dynamic {
		lines = append(lines, fmt.Sprintf("dynamic %d", d.Offset))
	}
	for _, a := range f.Ambient {
		lines = append(lines, fmt.Sprintf("ambient %q", a))
	}
	return lines
}

// difference lists the lines of one list alone, - for want and + for have.
func difference(want, have []string) []string {
	var diff []string
	for _, w := range want {
		if !slices.Contains(have, w) {
			diff = append(diff, "- "+w)
		}
	}
	for _, h := range have {
		if !slices.Contains(want, h) {
			diff = append(diff, "+ "+h)
		}
	}
	if len(diff) == 0 && !slices.Equal(want, have) {
		diff = append(diff, "the same lines in another order or number")
	}
	return diff
}

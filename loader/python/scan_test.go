package python

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write what the tests of testdata compare with")

// TestScan reads the sources of testdata/scan, each followed by a file "want".
func TestScan(t *testing.T) {
	archives(t, "testdata/scan/*.txtar", func(t *testing.T, a *txtar.Archive) {
		for i := 0; i+1 < len(a.Files); i += 2 {
			src, want := a.Files[i], &a.Files[i+1]
			t.Run(src.Name, func(t *testing.T) {
				if want.Name != "want" {
					t.Fatalf("%s is followed by %s, not by want", src.Name, want.Name)
				}
				check(t, want, factsText(newParser().Parse(src.Name, src.Data, loader.DetailImports)))
			})
		}
	})
}

// archives runs a test for each archive and writes it back with -update.
func archives(t *testing.T, pattern string, test func(t *testing.T, a *txtar.Archive)) {
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatal("no test data: ", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			test(t, a)
			if *update {
				if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func check(t *testing.T, want *txtar.File, got string) {
	t.Helper()
	if *update {
		want.Data = []byte(got)
	} else if got != string(want.Data) {
		t.Errorf("got:\n%s\nwant:\n%s", got, want.Data)
	}
}

// factsText renders facts, one a line: imports, dynamic imports, __all__,
// whether the file is open, diagnostics.
func factsText(f *module.Facts) string {
	var b strings.Builder
	for _, im := range f.Imports {
		fmt.Fprintf(&b, "%d:%d %s %s", im.Span.Line, im.Span.Column, im.Kind, im.Specifier)
		for _, n := range im.Names {
			b.WriteString(" " + n.Name)
			if n.Alias != "" {
				b.WriteString("=" + n.Alias)
			}
		}
		if im.Flags&module.Optional != 0 {
			b.WriteString(" (optional)")
		}
		if im.Flags&module.Reexport != 0 {
			b.WriteString(" (reexport)")
		}
		b.WriteString("\n")
	}
	for _, s := range f.Dynamic {
		fmt.Fprintf(&b, "%d:%d dynamic\n", s.Line, s.Column)
	}
	if f.All != nil {
		fmt.Fprintf(&b, "all %q\n", f.All)
	}
	if f.Open {
		b.WriteString("open\n")
	}
	for _, d := range f.Diagnostics {
		fmt.Fprintf(&b, "%d:%d %s %s: %s\n", d.Span.Line, d.Span.Column, d.Severity, d.Code, d.Message)
	}
	return b.String()
}

// seeds are the sources of testdata/scan.
func seeds(tb testing.TB) [][]byte {
	paths, err := filepath.Glob("testdata/scan/*.txtar")
	if err != nil || len(paths) == 0 {
		tb.Fatal("no test data: ", err)
	}
	var list [][]byte
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			tb.Fatal(err)
		}
		for _, f := range a.Files {
			if f.Name != "want" {
				list = append(list, f.Data)
			}
		}
	}
	return list
}

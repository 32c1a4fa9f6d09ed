package golang

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/loader"
)

var update = flag.Bool("update", false, "write what the tests found into testdata")

// TestResolve reads testdata/resolve/*.txtar. Each is a tree with a file "want":
// what the resolver says of it. Lines of the comment that begin with
// "platform:" and "explain:" set options.
func TestResolve(t *testing.T) {
	names, err := filepath.Glob("testdata/resolve/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			last := len(archive.Files) - 1
			if last < 0 || archive.Files[last].Name != "want" {
				t.Fatal("the last file is not \"want\"")
			}
			want := &archive.Files[last].Data

			var goPlatform string
			var explain []string
			for line := range strings.Lines(string(archive.Comment)) {
				line = strings.TrimSpace(line)
				if value, ok := strings.CutPrefix(line, "platform: "); ok {
					goPlatform = value
				} else if value, ok := strings.CutPrefix(line, "explain: "); ok {
					explain = strings.Fields(value)
				}
			}
			fs := fsys.NewMem()
			for _, f := range archive.Files[:last] {
				fs.Write(f.Name, string(f.Data))
			}
			l := load(t, fs, fs.Root(), goPlatform, linux)
			have := l.String()
			for _, path := range explain {
				for _, line := range l.resolver.(loader.Explainer).Explain(path) {
					have += "explain " + path + ": " + line + "\n"
				}
			}
			if *update {
				*want = []byte(have)
				if err := os.WriteFile(name, txtar.Format(archive), 0o666); err != nil {
					t.Fatal(err)
				}
			} else if have != string(*want) {
				t.Errorf("have:\n%s\nwant:\n%s", have, *want)
			}
		})
	}
}

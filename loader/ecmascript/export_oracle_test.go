package ecmascript

import (
	"bufio"
	"encoding/json"
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

// checkerExports is a line of internal/oracle/ecmascript/exports.mjs.
type checkerExports struct {
	File     string
	Broken   bool
	Module   bool
	Assigned bool
	Exports  []string
}

// TestExportsAgreeWithTheChecker compares the names and kinds that each file of
// some packages exports with what TypeScript's checker says of it.
func TestExportsAgreeWithTheChecker(t *testing.T) {
	compiler := oracle.Dir(t, "ecmascript", "node_modules", "typescript")
	for _, c := range []struct {
		folder       string
		least, share uint32
	}{
		{"node_modules", 10_000, 4},
		{"corpus", 20_000, sampleShare},
	} {
		t.Run(c.folder, func(t *testing.T) {
			root := oracle.Dir(t, "ecmascript", c.folder)
			if oracle.Full() {
				c.share = 1
			}
			files := corpusFiles(t, root, c.share)
			if len(files) < int(c.least/c.share) {
				t.Fatalf("%d files, want at least %d", len(files), c.least/c.share)
			}
			exportsAgree(t, compiler, root, files)
		})
	}
}

func exportsAgree(t *testing.T, compiler, root string, files []string) {
	compared, names, open, bad := 0, 0, 0, 0
	p := newParser()
	askChecker(t, compiler, root, files, func(want checkerExports) {
		if want.Broken {
			return
		}
		src, err := os.ReadFile(filepath.Join(root, want.File))
		if err != nil {
			t.Fatal(err)
		}
		facts := p.Parse(want.File, src, loader.DetailExports)
		checkExports(t, want.File, src, facts)
		compared++
		names += len(want.Exports)
		if want.Assigned && facts.Open {
			open++
			return
		}
		if facts.Open && !want.Module || len(facts.Ambient) > 0 {
			open++
			return
		}
		missing, extra := exportDifference(want, facts)
		if slices.ContainsFunc(facts.Exports, func(e module.Export) bool { return e.Name == exportAssignment && e.Import > 0 }) {
			extra = nil // of what is added to another module the checker knows no more
		}
		if len(missing)+len(extra) > 0 {
			if bad++; bad <= 40 {
				t.Errorf("%s: missing %q, extra %q", want.File, missing, extra)
			}
		}
	})
	t.Logf("%d files compared, %d names, %d open, %d differ", compared, names, open, bad)
}

// exportDifference returns what the checker has and the facts have not, and the
// other way round.
func exportDifference(want checkerExports, f *module.Facts) (missing, extra []string) {
	have := map[string]bool{}
	for _, e := range f.Exports {
		if e.Visibility == module.Private || e.Name == nameAll || e.Name == exportAssignment {
			continue
		}
		kind := e.Kind.String()
		if e.Import > 0 {
			kind = "passed"
		}
		if !want.Module {
			kind = "?"
		}
		line := e.Name + " " + kind
		if strings.HasPrefix(e.Signature, "/**") &&
			!slices.ContainsFunc(want.Exports, func(w string) bool { return strings.HasPrefix(w, e.Name+" ") }) {
			continue // a @typedef that stands where the compiler does not look
		}
		have[line] = false
	}
	for _, w := range want.Exports {
		if name, _, _ := strings.Cut(w, " "); !want.Module {
			w = name + " ?"
		}
		if _, ok := have[w]; !ok {
			missing = append(missing, w)
		}
		have[w] = true
	}
	for h, found := range have {
		if !found {
			extra = append(extra, h)
		}
	}
	slices.Sort(extra)
	return missing, extra
}

// askChecker runs the script of the oracle on files and calls each with its
// lines.
func askChecker(t *testing.T, compiler, root string, files []string, each func(checkerExports)) {
	script, err := filepath.Abs("../../internal/oracle/ecmascript/exports.mjs")
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
	answered := 0
	for lines.Scan() {
		var c checkerExports
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatalf("%s: %v", lines.Bytes(), err)
		}
		answered++
		each(c)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if answered != len(files) {
		t.Fatalf("%d answers for %d files", answered, len(files))
	}
}

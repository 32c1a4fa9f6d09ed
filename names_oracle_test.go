package eddy

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/internal/oracle"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
	"github.com/eddy-build/eddy/symbols"
)

// Corpora that work hold no wrong import, so each report of a name there is one
// too many, unless the language's own tool says the same.

// corpus is a workspace whose imported names are checked, and how much of that
// there must be to look at: fewer names would mean that the check looks away.
type corpus struct {
	dir     string
	names   int      // at least
	exclude []string // patterns of what is no part of it
}

// finding is a report on an imported name.
type finding struct {
	at       module.Span
	code     string
	from     *module.Module
	imp      *module.Import
	target   module.ID // what has no such name, or does not let it be used
	name     string    // empty where it is the import as a whole that may not be
	rendered string
}

var hiddenMessage = regexp.MustCompile(`^(\S+) of (\S+) is (?:private|internal|protected) and not visible`)

var unknownMessage = regexp.MustCompile(`^(\S+) does not export (\S+?)(;|$)|^nothing that (\S+) leads to exports (\S+?)(;|$)`)

// findings loads a corpus with its exports and returns the snapshot and the
// reports on imported names.
func findings(t *testing.T, c corpus) (*Snapshot, []finding) {
	t.Helper()
	s := load(t, open(t, c.dir, WithDetail(loader.DetailExports), WithExclude(c.exclude...)))
	names := len(lookedUp(s))
	t.Logf("%s: %d names looked up", filepath.Base(c.dir), names)
	if names < c.names {
		t.Errorf("%s: %d names looked up, want at least %d", c.dir, names, c.names)
	}
	return s, findingsOf(t, s)
}

func findingsOf(t *testing.T, s *Snapshot) []finding {
	t.Helper()
	var list []finding
	for _, d := range s.Diagnostics() {
		if d.Code != symbols.CodeUnknown && d.Code != symbols.CodeNotVisible {
			continue
		}
		f := finding{at: d.Span, code: d.Code, rendered: d.String()}
		if m := unknownMessage.FindStringSubmatch(d.Message); m != nil {
			f.target, f.name = module.ID(m[1]), m[2]+m[5]
		} else if m := hiddenMessage.FindStringSubmatch(d.Message); m != nil {
			f.target, f.name = module.ID(m[2]), m[1]
		}
		for _, id := range s.ownersOf(d.Span.File) {
			m, _ := s.Module(id)
			for i := range m.Imports {
				if m.Imports[i].Span == d.Span {
					f.from, f.imp = m, &m.Imports[i]
				}
			}
		}
		if f.imp == nil {
			t.Errorf("no import is at the place of %s", d)
			continue
		}
		list = append(list, f)
	}
	return list
}

// lookedUp lists the imported names that a check can report: those taken by name
// from a module of the workspace that has no names but its exports.
func lookedUp(s *Snapshot) []lookup {
	var list []lookup
	for _, m := range s.Modules() {
		if m.Language == module.Go {
			continue
		}
		for _, d := range m.Deps {
			if d.Import < 0 || d.Kind == module.Implicit {
				continue
			}
			imp := &m.Imports[d.Import]
			target, ok := s.Module(d.To)
			if m.Language == module.JavaScript && (imp.Kind == module.Type || strings.Contains(path.Base(string(d.To)), ".d.")) {
				continue
			}
			if !ok || !target.Kind.Local() || target.Kind == module.KindAsset || target.Open || imp.Flags&(module.Optional|module.Pattern|module.Lenient) != 0 {
				continue
			}
			for _, n := range imp.Names {
				if n.Name != "*" {
					list = append(list, lookup{m, imp, target, n})
				}
			}
		}
	}
	return list
}

type lookup struct {
	from   *module.Module
	imp    *module.Import
	target *module.Module
	name   module.ImportedName
}

// TestGoCorporaHaveNoWrongImports holds the rule of internal folders against
// what the go command builds.
func TestGoCorporaHaveNoWrongImports(t *testing.T) {
	dir := oracle.Dir(t, "go")
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	list, err := filepath.Glob(filepath.Join(dir, "*", "go.mod"))
	if err != nil || len(list) < 9 {
		t.Fatalf("%d modules (%v), want at least 9", len(list), err)
	}
	roots := []string{filepath.Join(strings.TrimSpace(string(goroot)), "src")}
	for _, mod := range list {
		roots = append(roots, filepath.Dir(mod))
	}
	imports := 0
	for _, root := range roots {
		s, list := findings(t, corpus{dir: root})
		for _, f := range list {
			t.Errorf("%s: %s", root, f.rendered)
		}
		for _, m := range s.Modules() {
			for _, d := range m.Deps {
				if strings.Contains("/"+string(d.To)+"/", "/internal/") {
					imports++
				}
			}
		}
	}
	t.Logf("%d imports of internal packages", imports)
	if imports < 10_000 {
		t.Errorf("%d imports of internal packages were looked at, want at least 10000", imports)
	}
}

// TestTypeScriptCorporaHaveNoWrongNames asks TypeScript's checker about each
// report.
func TestTypeScriptCorporaHaveNoWrongNames(t *testing.T) {
	dir := oracle.Dir(t, "ecmascript")
	roots, err := filepath.Glob(filepath.Join(dir, "packages", "*"))
	if err != nil || len(roots) < 12 {
		t.Fatalf("%d packages (%v), want at least 12", len(roots), err)
	}
	published, err := filepath.Glob(filepath.Join(dir, "corpus", "*", "package.json"))
	if err != nil || len(published) < 18 {
		t.Fatalf("%d packages in the corpus (%v), want at least 18", len(published), err)
	}
	for _, file := range published {
		roots = append(roots, filepath.Dir(file))
	}
	names := 0
	var all []finding
	for _, root := range roots {
		s, list := findings(t, corpus{dir: root})
		names += len(lookedUp(s))
		for _, f := range list {
			f.at.File = filepath.Join(root, filepath.FromSlash(f.at.File))
			all = append(all, f)
		}
	}
	t.Logf("%d names in %d packages, %d reports", names, len(roots), len(all))
	if names < 60_000 {
		t.Errorf("%d names were looked up, want at least 60000", names)
	}
	for i, answer := range askChecker(t, dir, all) {
		want := "no"
		if all[i].name == "" {
			want = "nowhere" // a package closes what is there
		}
		if answer != want {
			t.Errorf("%s\nbut the compiler says %s to %q in %q", all[i].rendered, answer, all[i].name, all[i].imp.Specifier)
		}
	}
}

// askChecker asks TypeScript's checker whether the target of each report has the
// name.
func askChecker(t *testing.T, dir string, list []finding) []string {
	t.Helper()
	if len(list) == 0 {
		return nil
	}
	var in bytes.Buffer
	for _, f := range list {
		fmt.Fprintf(&in, "%s\t%s\t%s\n", f.at.File, f.imp.Specifier, f.name)
	}
	script, err := filepath.Abs("internal/oracle/ecmascript/names.mjs")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", "--max-old-space-size=3072", script, filepath.Join(dir, "node_modules", "typescript"))
	cmd.Stdin, cmd.Stderr = &in, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	answers := strings.Fields(string(out))
	if len(answers) != len(list) {
		t.Fatalf("%d answers to %d questions", len(answers), len(list))
	}
	return answers
}

// TestPythonCorporaHaveNoWrongNames asks CPython about each report.
func TestPythonCorporaHaveNoWrongNames(t *testing.T) {
	dir := oracle.Dir(t, "python")
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Fatal(err)
	}
	library, err := exec.Command(python, "-I", "-c", "import sysconfig; print(sysconfig.get_path('stdlib'))").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []corpus{
		{strings.TrimSpace(string(library)), 2_500, []string{"site-packages", "dist-packages"}},
		{filepath.Join(dir, "django"), 4_500, nil},
		{filepath.Join(dir, "sqlalchemy"), 5_000, nil},
	} {
		s, list := findings(t, c)
		for _, f := range list {
			if answer := askPython(t, python, c.dir, s, f); answer != "missing" {
				t.Errorf("%s\nbut CPython says %s", f.rendered, answer)
			} else {
				t.Logf("CPython agrees: %s", f.rendered)
			}
		}
	}
}

// askPython imports the target of a report, in CPython, and looks for the name.
func askPython(t *testing.T, python, root string, s *Snapshot, f finding) string {
	t.Helper()
	target, ok := s.Module(f.target)
	if f.code != symbols.CodeUnknown || !ok {
		return "nothing: it is no question of names"
	}
	const script = `
import importlib, sys
sys.path.insert(0, sys.argv[1])
try:
    m = importlib.import_module(sys.argv[2])
    hasattr(m, sys.argv[3]) or importlib.import_module(sys.argv[2] + "." + sys.argv[3])
    print("present")
except ImportError as e:
    print("missing")
`
	out, err := exec.CommandContext(t.Context(), python, "-I", "-W", "ignore", "-c", script, root, target.Name, f.name).Output()
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(out))
}

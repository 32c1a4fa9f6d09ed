package golang

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/internal/oracle"
	"github.com/eddy-build/eddy/module"
)

// listed is what go list prints of a package.
type listed struct {
	Dir, ImportPath                    string
	GoFiles, CgoFiles, TestGoFiles     []string
	XTestGoFiles, IgnoredGoFiles       []string
	InvalidGoFiles                     []string
	Imports, TestImports, XTestImports []string
	EmbedFiles                         []string
	EmbedPatterns, TestEmbedPatterns   []string
	XTestEmbedPatterns                 []string
}

// goList runs go list -e -json in a folder. It needs no network: see bareModule.
func goList(t *testing.T, dir string, env []string, args ...string) []listed {
	t.Helper()
	const fields = "-json=Dir,ImportPath,GoFiles,CgoFiles,TestGoFiles,XTestGoFiles,IgnoredGoFiles,InvalidGoFiles," +
		"Imports,TestImports,XTestImports,EmbedFiles,EmbedPatterns,TestEmbedPatterns,XTestEmbedPatterns"
	cmd := exec.Command("go", append([]string{"list", "-e", "-deps=false", "-pgo=off", fields}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), append([]string{"GOFLAGS=", "GOPROXY=off", "GOTOOLCHAIN=local", "GOEXPERIMENT="}, env...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list in %s: %v\n%s", dir, err, stderr.String())
	}
	var list []listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
}

// needGo skips a test where go list cannot be the oracle: there is no go
// command, or not the release that the tables describe.
func needGo(t *testing.T) {
	t.Helper()
	out, err := exec.Command("go", "env", "GOVERSION").Output()
	problem := ""
	if err != nil {
		problem = "no go command: " + err.Error()
	} else if version := strings.TrimSpace(string(out)); minorVersion(strings.TrimPrefix(version, "go")) != goMinor {
		problem = fmt.Sprintf("the tables are of go1.%d, and go is %s; run go generate", goMinor, version)
	}
	switch {
	case problem == "":
	case os.Getenv("EDDY_ORACLE") == "required":
		t.Fatal(problem)
	default:
		t.Skip(problem)
	}
}

// variant is a platform, said to both.
type variant struct {
	platform string
	env      []string
	args     []string
}

var variants = []variant{
	{platform: ""},
	{platform: "linux/arm64", env: []string{"GOOS=linux", "GOARCH=arm64"}},
	{platform: "windows/arm64,purego", env: []string{"GOOS=windows", "GOARCH=arm64"}, args: []string{"-tags=purego"}},
	{platform: "js/wasm", env: []string{"GOOS=js", "GOARCH=wasm"}},
	{platform: "plan9/386,race,integration", env: []string{"GOOS=plan9", "GOARCH=386"}, args: []string{"-tags=race,integration"}},
	{platform: "ios/arm64,cgo", env: []string{"GOOS=ios", "GOARCH=arm64", "CGO_ENABLED=1"}},
	{platform: "illumos/amd64", env: []string{"GOOS=illumos", "GOARCH=amd64"}},
	{platform: "aix/ppc64,ignore", env: []string{"GOOS=aix", "GOARCH=ppc64"}, args: []string{"-tags=ignore"}},
}

// TestGoList holds the modules, files and dependencies of whole repositories
// against go list: the Go distribution's own source, and modules of the oracle
// folder. Not only local dependencies are compared but the names of all.
func TestGoList(t *testing.T) {
	needGo(t)
	t.Run("std", func(t *testing.T) {
		src := filepath.Join(goroot(t), "src")
		compareVariants(t, src, func(t *testing.T, v variant) []listed {
			// These words mean vendored packages too, unlike ./..., but no
			// vendored command.
			return goList(t, src, v.env, append(v.args, "std", "cmd", "cmd/vendor/golang.org/x/tools/cmd/bisect")...)
		})
	})
	t.Run("modules", func(t *testing.T) {
		root := oracle.Dir(t, "go")
		entries, err := os.ReadDir(root)
		if err != nil {
			t.Fatal(err)
		}
		count := 0
		for _, entry := range entries {
			dir := filepath.Join(root, entry.Name())
			if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
				continue
			}
			count++
			t.Run(entry.Name(), func(t *testing.T) {
				bare := bareModule(t, dir)
				compareVariants(t, dir, func(t *testing.T, v variant) []listed {
					return goList(t, dir, append(v.env, "GOWORK=off"), append(v.args, "-modfile="+bare, "-mod=mod", "./...")...)
				})
			})
		}
		if count < 6 {
			t.Errorf("%d modules in %s, want at least 6; run make oracle-go", count, root)
		}
	})
}

// bareModule writes a go.mod without requirements, which go list can read
// without a network. Imports are listed as they are written all the same.
func bareModule(t *testing.T, dir string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	file, err := modfile.Parse("go.mod", data, nil)
	if err != nil {
		t.Fatal(err)
	}
	text := "module " + file.Module.Mod.Path + "\n"
	if file.Go != nil {
		text += "go " + file.Go.Version + "\n"
	}
	for _, ignore := range file.Ignore {
		text += "ignore " + modfile.AutoQuote(ignore.Path) + "\n"
	}
	name := filepath.Join(t.TempDir(), "go.mod")
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

// compareVariants loads a repository once and indexes it for each platform.
func compareVariants(t *testing.T, dir string, list func(*testing.T, variant) []listed) {
	host := hostPlatform(os.Getenv, exec.LookPath)
	l := load(t, fsys.OS(dir), filepath.ToSlash(dir), "", host)
	for _, f := range l.Files {
		for _, d := range f.Facts.Diagnostics {
			t.Logf("%s", d)
		}
	}
	for _, v := range variants {
		name := strings.NewReplacer("/", "_", ",", "+").Replace(v.platform)
		if name == "" {
			name = "host"
		}
		t.Run(name, func(t *testing.T) {
			l.Options.GoPlatform = v.platform
			l.index(t, &frontend{host: host})
			for _, d := range l.resolver.Diagnostics() {
				t.Logf("%s", d)
			}
			compareGoList(t, l, dir, list(t, v))
		})
	}
}

// compareGoList holds a load against what go list prints.
func compareGoList(t *testing.T, l *loaded, dir string, packages []listed) {
	t.Helper()
	have := map[module.ID]*module.Module{}
	for _, m := range l.resolver.Modules() {
		have[m.ID] = m
	}
	dependencies := 0
	for i := range packages {
		p := &packages[i]
		rel, err := filepath.Rel(dir, p.Dir)
		if err != nil {
			t.Fatal(err)
		}
		rel = filepath.ToSlash(rel)
		dependencies += compareModule(t, l, have, module.ID(rel), rel, p.ImportPath,
			slices.Concat(p.GoFiles, p.CgoFiles), p.Imports, p.EmbedPatterns, p.EmbedFiles)
		dependencies += compareModule(t, l, have, module.ID(rel+testSuffix), rel, p.ImportPath+".test",
			slices.Concat(p.TestGoFiles, p.XTestGoFiles), slices.Concat(p.TestImports, p.XTestImports),
			slices.Concat(p.TestEmbedPatterns, p.XTestEmbedPatterns), nil)

		// go list tells of ignored files only in folders that have others.
		ignored := map[string]bool{}
		for _, name := range p.IgnoredGoFiles {
			ignored[name] = true
			if path := joinPath(rel, name); l.skipped[path] == "" {
				t.Errorf("%s is ignored by go list, and not skipped", path)
			}
		}
		if folder := l.Tree.Folder(rel); folder != nil {
			for _, name := range folder.Files {
				if reason := l.skipped[joinPath(rel, name)]; reason != "" && !ignored[name] {
					t.Errorf("%s is skipped (%s), and not ignored by go list", joinPath(rel, name), reason)
				}
			}
		}
	}
	for id := range have {
		t.Errorf("%s is no package of go list", id)
	}
	t.Logf("%d packages, %d dependencies", len(packages), dependencies)
}

func joinPath(dir, name string) string { return strings.TrimPrefix(dir+"/"+name, "./") }

// compareModule compares one module and takes it out of those to come. It
// returns the number of dependencies compared.
func compareModule(t *testing.T, l *loaded, modules map[module.ID]*module.Module, id module.ID, dir, name string, files, imports, patterns, embeds []string) int {
	t.Helper()
	m := modules[id]
	delete(modules, id)
	if m == nil {
		if len(files) > 0 {
			t.Errorf("%s: no such module; go list has %q", id, files)
		}
		return 0
	}
	if m.Name != name {
		t.Errorf("%s: name %s, go list has %s", id, m.Name, name)
	}
	equal(t, id, "files", slices.Clone(m.Files), prefixed(dir, files))

	var names, assets, written []string
	for _, r := range l.resolve(m) {
		if r.Reason != "" {
			// go list names what is missing as well; only programs that no
			// build takes in may lack anything.
			names = append(names, r.imp.Specifier)
			if !strings.Contains(l.Options.GoPlatform, "ignore") {
				t.Errorf("%s: %s: %s", r.imp.Span, r.imp.Specifier, r.Reason)
			}
		}
		if r.imp != nil && r.imp.Flags&module.Pattern != 0 {
			written = append(written, r.imp.Specifier)
		}
		for _, target := range r.Targets {
			switch {
			case target.Kind == module.Implicit && r.imp != nil:
				assets = append(assets, string(target.ID))
			case target.Kind == module.Implicit:
				if id != target.ID+testSuffix {
					t.Errorf("%s: implies %s", id, target.ID)
				}
			case target.External != nil:
				names = append(names, target.External.Name)
			default:
				names = append(names, l.nameOf(target.ID))
			}
		}
	}
	imports = slices.DeleteFunc(imports, func(path string) bool { return path == "C" })
	equal(t, id, "imports", names, imports)
	equal(t, id, "patterns", written, patterns)
	if m.Kind == module.KindSource { // go list does not expand those of tests
		equal(t, id, "embedded files", assets, prefixed(dir, embeds))
	}
	return len(imports)
}

func (l *loaded) nameOf(id module.ID) string {
	modules := l.resolver.Modules()
	i, ok := slices.BinarySearchFunc(modules, id, func(m *module.Module, id module.ID) int { return m.ID.Compare(id) })
	if !ok {
		return "no module " + string(id)
	}
	return modules[i].Name
}

func prefixed(dir string, names []string) []string {
	paths := make([]string, len(names))
	for i, name := range names {
		paths[i] = joinPath(dir, name)
	}
	return paths
}

// equal compares two lists as sets.
func equal(t *testing.T, id module.ID, what string, have, want []string) {
	t.Helper()
	slices.Sort(have)
	slices.Sort(want)
	have, want = slices.Compact(have), slices.Compact(want)
	if slices.Equal(have, want) {
		return
	}
	only := func(a, b []string) []string {
		return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
	}
	t.Errorf("%s: %s: only eddy %q, only go list %q", id, what, only(have, want), only(want, have))
}

package golang

import (
	"errors"
	"go/ast"
	goparser "go/parser"
	gotoken "go/token"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestHostPlatform(t *testing.T) {
	native := portOf(runtime.GOOS, runtime.GOARCH)
	other := "plan9"
	if runtime.GOOS == other {
		other = "linux"
	}
	tests := []struct {
		name     string
		env      map[string]string
		compiler bool
		want     platform
	}{
		{"native, with a compiler", nil, true, platform{port: native, cgo: native.cgo}},
		{"native, without", nil, false, platform{port: native}},
		{"a compiler is named", map[string]string{"CC": "tcc"}, false, platform{port: native, cgo: native.cgo}},
		{"cgo off", map[string]string{"CGO_ENABLED": "0"}, true, platform{port: native}},
		{"cgo on", map[string]string{"CGO_ENABLED": "1"}, false, platform{port: native, cgo: true}},
		{"another system", map[string]string{"GOOS": other, "GOARCH": "386"}, true, platform{port: portOf(other, "386")}},
		{"another system, cgo on", map[string]string{"GOOS": other, "GOARCH": "386", "CGO_ENABLED": "1"}, true, platform{port: portOf(other, "386"), cgo: true}},
	}
	for _, test := range tests {
		have := hostPlatform(func(name string) string { return test.env[name] }, func(string) (string, error) {
			if test.compiler {
				return "/bin/cc", nil
			}
			return "", errors.New("not found")
		})
		if have.port != test.want.port || have.cgo != test.want.cgo {
			t.Errorf("%s: have %+v, want %+v", test.name, have, test.want)
		}
	}
}

func TestParsePlatforms(t *testing.T) {
	tests := []struct {
		value, want string // the platforms with their cgo, or the error
	}{
		{"", "linux/amd64 cgo"},
		{"host,a,b.c", "linux/amd64,a,b.c cgo"},
		{"linux/amd64, a", "linux/amd64,a cgo"},
		{"linux/arm64", "linux/arm64"},
		{"linux/arm64,cgo", "linux/arm64 cgo"},
		{"linux/amd46", "is no platform"},
		{"linux", "is no platform"},
		{"race", "is no platform"},
		{"linux/amd64,", `"" is no build tag`},
		{"linux/amd64,a b", `"a b" is no build tag`},
		{"all,!a", `"!a" is no build tag`},
	}
	for _, test := range tests {
		have := ""
		p, err := parsePlatforms(test.value, linux)
		if err != nil {
			have = err.Error()
		} else {
			for _, p := range p.list {
				have += p.String()
				if p.cgo {
					have += " cgo"
				}
			}
		}
		if err == nil && have != test.want || !strings.Contains(have, test.want) {
			t.Errorf("%q: have %s, want %s", test.value, have, test.want)
		}
		if (CheckPlatform(test.value) == nil) != (err == nil) {
			t.Errorf("CheckPlatform(%q) does not agree", test.value)
		}
	}
	all, err := parsePlatforms("all,a", linux)
	if err != nil || len(all.list) <= len(ports) || !slices.Equal(all.free, []string{"a"}) {
		t.Errorf("all: %d platforms, free %q, %v", len(all.list), all.free, err)
	}
}

// TestTables holds tables.go against the toolchain.
func TestTables(t *testing.T) {
	needGo(t)
	known := map[string]bool{}
	for _, path := range standardPackages {
		known[path] = true
		dir := filepath.Join(goroot(t), "src", path)
		if files, err := filepath.Glob(filepath.Join(dir, "*.go")); err != nil || len(files) == 0 {
			t.Errorf("%s: no Go files in %s; run go generate", path, dir)
		}
	}
	for _, env := range [][]string{nil, {"GOOS=windows", "GOARCH=amd64"}, {"GOOS=js", "GOARCH=wasm"}, {"GOOS=darwin", "GOARCH=arm64"}} {
		for _, p := range goList(t, goroot(t), env, "std") {
			if !known[p.ImportPath] && !strings.HasPrefix(p.ImportPath, "vendor/") {
				t.Errorf("%s is missing, on %q; run go generate", p.ImportPath, env)
			}
		}
	}
	cmd := exec.Command("go", "tool", "dist", "list")
	cmd.Env = append(os.Environ(), "GOTOOLCHAIN=local")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, p := range ports {
		have = append(have, p.goos+"/"+p.goarch)
	}
	if want := strings.Fields(string(out)); !slices.Equal(have, want) {
		t.Errorf("ports: have %q, want %q; run go generate", have, want)
	}
}

// TestKnownNames holds the names that file names may carry against the
// toolchain's own list.
func TestKnownNames(t *testing.T) {
	needGo(t)
	path := filepath.Join(goroot(t), "src/internal/syslist/syslist.go")
	file, err := goparser.ParseFile(gotoken.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	lists := map[string][]string{"KnownOS": knownSystems[:], "UnixOS": unixSystems[:], "KnownArch": knownArchitectures[:]}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		var want []string
		for _, elem := range spec.Values[0].(*ast.CompositeLit).Elts {
			name, err := strconv.Unquote(elem.(*ast.KeyValueExpr).Key.(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, name)
		}
		have := slices.Sorted(slices.Values(lists[spec.Names[0].Name]))
		slices.Sort(want)
		if !slices.Equal(have, want) {
			t.Errorf("%s: have %q, want %q", spec.Names[0].Name, have, want)
		}
		delete(lists, spec.Names[0].Name)
		return false
	})
	if len(lists) > 0 {
		t.Errorf("not found in %s: %v", path, lists)
	}
}

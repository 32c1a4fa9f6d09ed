package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	got, err := Parse("eddy.toml", []byte(`
exclude = ["gen/", "*.pb.go"] # generated
workers = 4

[go]
platform = "linux/arm64,integration"

[python]
roots = ["src", "./tools/"]
`))
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		Exclude:     []string{"gen/", "*.pb.go"},
		Workers:     4,
		Platform:    "linux/arm64,integration",
		PythonRoots: []string{"src", "tools"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// Each line of an error is told with the place and, for a key, the nearest one.
func TestErrors(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{`exlude = ["a"]`, `f:1:1: unknown key "exlude"; did you mean "exclude"?`},
		{"[go]\nplatfrom = \"all\"", `f:2:1: unknown key "go.platfrom"; did you mean "go.platform"?`},
		{"[golang]\nplatform = \"all\"", `f:1:2: unknown key "golang"; the keys here are exclude, workers, go, python`},
		{"[run]\ncmd = \"x\"", `f:1:2: unknown key "run"; the keys here are exclude, workers, go, python`},
		{"zzzzzz = 1\nexclud = []", "f:1:1: unknown key \"zzzzzz\"; the keys here are exclude, workers, go, python\n" +
			"f:2:1: unknown key \"exclud\"; did you mean \"exclude\"?"},
		{`workers = -1`, `f:1:11: wrong value for "workers": want a whole number from 0 to 65535`},
		{`workers = 70000`, `f:1:11: wrong value for "workers": want a whole number from 0 to 65535`},
		{`workers = "4"`, `f:1:11: wrong value for "workers": want a whole number from 0 to 65535`},
		{`exclude = "gen"`, `f:1:11: wrong value for "exclude": want a list of patterns, as in .gitignore, none of them empty`},
		{`exclude = ["gen", ""]`, `f:1:19: wrong value for "exclude": want a list of patterns, as in .gitignore, none of them empty`},
		{"[go]\nplatform = \"Linux\"", `f:2:12: wrong value for "go.platform": want "linux/arm64", with build tags as in "linux/arm64,tag1,tag2", or "all"`},
		{"[python]\nroots = [\"src\", \"../x\"]", `f:2:17: wrong value for "python.roots": want a list of folders inside the workspace`},
		{"[python]\nroots = [\"/x\"]", `f:2:10: wrong value for "python.roots": want a list of folders inside the workspace`},
		{`go = "linux"`, `f:1:6: wrong value for "go": want a table`},
		{`workers = `, `f:1:10: `},
		{"exclude = [\"a\"", `f:1:14: `},
		{"workers = 1\nworkers = 2", `f:2:1: `},
	} {
		_, err := Parse("f", []byte(test.text))
		if err == nil {
			t.Errorf("%q: no error", test.text)
			continue
		}
		got := err.Error()
		if strings.HasSuffix(test.want, ": ") { // the decoder's own words
			got = got[:min(len(got), len(test.want))]
		}
		if got != test.want {
			t.Errorf("%q:\n got %s\nwant %s", test.text, err, test.want)
		}
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	if c, err := Load(dir); err != nil || !reflect.DeepEqual(c, Config{}) {
		t.Errorf("without a file: %+v, %v", c, err)
	}
	file := filepath.Join(dir, FileName)
	if err := os.WriteFile(file, []byte("workers = 3"), 0o644); err != nil {
		t.Fatal(err)
	}
	if c, err := Load(dir); err != nil || c.Workers != 3 {
		t.Errorf("with a file: %+v, %v", c, err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(file, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), "eddy.toml") {
		t.Errorf("a folder of that name: %v", err)
	}
}

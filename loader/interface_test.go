package loader_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/loader/ecmascript"
	"github.com/eddy-build/eddy/loader/golang"
	"github.com/eddy-build/eddy/loader/python"
	"github.com/eddy-build/eddy/module"
)

// edit is a row of testdata/interface/LANGUAGE.txt:
//
//	== what is edited: equal
//	the text of the module
//	-- OTHER --
//	the text of a file beside it
//	=>
//	the text after the edit; what is not there stays
//
// "equal" says that importers of the module observe no difference, "different"
// that they do. A Go text has its package clause put before it, which is "package
// m", unless it has one.
type edit struct {
	name          string
	differs       bool
	before, after map[string]string
}

// languages are the tables, each with the module that its rows are about.
var interfaceTables = []struct {
	language, file string
	module         module.ID
}{
	{"go", "m/m.go", "m"},
	{"typescript", "m.ts", "m.ts"},
	{"javascript", "m.js", "m.js"},
	{"python", "m.py", "m.py"},
}

func readEdits(t testing.TB, language, file string) []edit {
	t.Helper()
	data, err := os.ReadFile("testdata/interface/" + language + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	var list []edit
	for i, row := range strings.Split("\n"+string(data), "\n== ") {
		head, text, _ := strings.Cut(row, "\n")
		name, verdict, ok := strings.Cut(head, ": ")
		before, after, arrow := strings.Cut(text, "\n=>\n")
		if i == 0 && strings.TrimSpace(row) == "" {
			continue
		}
		if !ok || !arrow || verdict != "equal" && verdict != "different" {
			t.Fatalf("%s.txt: %q is no row", language, head)
		}
		e := edit{name: name, differs: verdict == "different", before: editedFiles(file, before)}
		e.after = editedFiles(file, after)
		for path, text := range e.before {
			if e.after[path] == "" {
				e.after[path] = text
			}
		}
		list = append(list, e)
	}
	return list
}

// editedFiles reads one side of a row.
func editedFiles(file, text string) map[string]string {
	a := txtar.Parse([]byte(text))
	files := map[string]string{}
	add := func(path string, data []byte) {
		text := string(data)
		if strings.TrimSpace(text) == "" {
			return
		}
		if strings.HasSuffix(path, ".go") && !strings.Contains("\n"+text, "\npackage ") {
			dir, _, _ := strings.Cut(path, "/")
			text = "package " + dir + "\n\n" + text
		}
		files[path] = text
	}
	add(file, a.Comment)
	for _, f := range a.Files {
		add(f.Name, f.Data)
	}
	return files
}

// interfaceOf returns the digest of a module in a tree.
func interfaceOf(t rapid.TB, id module.ID, files map[string]string) module.Digest {
	t.Helper()
	tree := map[string]string{"go.mod": "module example.com/x\n\ngo 1.24\n", "package.json": `{"name": "x"}`}
	for path, text := range files {
		tree[path] = text
	}
	mem := fsys.MemOf(tree)
	r, err := loader.Load(context.Background(), loader.Config{
		Root: mem.Root(), FS: mem, Workers: 1, Detail: loader.DetailExports, Digests: true,
		Frontends: []loader.Frontend{golang.New(), ecmascript.New(), python.New()}, Options: loader.Options{GoPlatform: "linux/amd64"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range r.Set.Diagnostics {
		if d.Severity == module.Error {
			t.Fatalf("%s: %s", d.Span, d.Message)
		}
	}
	for _, m := range r.Set.Modules {
		if m.ID == id {
			return m.Interface
		}
	}
	t.Fatalf("there is no module %s", id)
	return module.Digest{}
}

// TestInterfaces makes the edits of the tables: those that importers observe
// change the interface, the others do not.
func TestInterfaces(t *testing.T) {
	for _, table := range interfaceTables {
		t.Run(table.language, func(t *testing.T) {
			edits := readEdits(t, table.language, table.file)
			if len(edits) < 40 {
				t.Errorf("%d rows", len(edits))
			}
			for _, e := range edits {
				t.Run(e.name, func(t *testing.T) {
					differs := interfaceOf(t, table.module, e.before) != interfaceOf(t, table.module, e.after)
					if differs != e.differs {
						t.Errorf("the interface differs: %t, want %t", differs, e.differs)
					}
				})
			}
		})
	}
}

// A private name is followed also where it stands behind what is kept of a long
// signature.
func TestInterfaceOfALongText(t *testing.T) {
	class := "class C:\n" + strings.Repeat("    def m(self, first: int, second: str) -> int: pass\n", 200) + "    def z(self) -> __T: pass\n"
	before := interfaceOf(t, "m.py", map[string]string{"m.py": "class __T:\n    a = 1\n" + class})
	after := interfaceOf(t, "m.py", map[string]string{"m.py": "class __T:\n    a = ''\n" + class})
	if before == after {
		t.Error("the interface is the same")
	}
}

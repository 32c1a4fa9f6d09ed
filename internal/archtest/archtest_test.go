// Package archtest holds the import table of docs/architecture.md against the
// code.
package archtest

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

const modulePath = "github.com/eddy-build/eddy"

func TestImportTable(t *testing.T) {
	repo := os.DirFS("../..")
	text, err := fs.ReadFile(repo, "docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	table, err := parseTable(string(text))
	if err != nil {
		t.Fatal(err)
	}
	imports, err := readImports(repo)
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range compare(table, imports) {
		t.Error(problem)
	}
}

// row is what the table says of one package.
type row struct {
	mayImport []string // packages of this module, by their folder
	stdOnly   bool     // no library either
}

var codeSpan = regexp.MustCompile("`([^`]+)`")

// parseTable reads the Markdown table whose header begins with "package".
func parseTable(text string) (map[string]row, error) {
	table := map[string]row{}
	inside := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		cells := strings.Split(strings.Trim(line, "|"), "|")
		switch {
		case !strings.HasPrefix(line, "|"):
			inside = false
		case strings.TrimSpace(cells[0]) == "package":
			inside = true
		case inside && !strings.HasPrefix(line, "|-"):
			if len(cells) != 3 {
				return nil, fmt.Errorf("docs/architecture.md: want 3 cells, have %d: %s", len(cells), line)
			}
			names := codeSpan.FindAllStringSubmatch(cells[0], -1)
			if len(names) == 0 {
				return nil, fmt.Errorf("docs/architecture.md: no package in the first cell: %s", line)
			}
			r := row{stdOnly: strings.Contains(cells[2], "standard library")}
			for _, m := range codeSpan.FindAllStringSubmatch(cells[2], -1) {
				r.mayImport = append(r.mayImport, m[1])
			}
			for _, m := range names {
				if _, twice := table[m[1]]; twice {
					return nil, fmt.Errorf("docs/architecture.md: package %s has two rows", m[1])
				}
				table[m[1]] = r
			}
		}
	}
	if len(table) == 0 {
		return nil, fmt.Errorf("docs/architecture.md: no table of packages")
	}
	return table, nil
}

// readImports returns the imports of each package that has code, by the
// package's folder and then by import path, with a place where it is written.
// Files of every platform count, tests do not.
func readImports(repo fs.FS) (map[string]map[string]string, error) {
	packages := map[string]map[string]string{}
	files := token.NewFileSet()
	err := fs.WalkDir(repo, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := entry.Name()
		if entry.IsDir() {
			if name != "." && (base == "testdata" || base[0] == '.' || base[0] == '_') {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(base, ".go") || strings.HasSuffix(base, "_test.go") {
			return nil
		}
		src, err := fs.ReadFile(repo, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(files, name, src, parser.ImportsOnly)
		if err != nil {
			return err
		}
		dir := path.Dir(name)
		if packages[dir] == nil {
			packages[dir] = map[string]string{}
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			packages[dir][imported] = files.Position(spec.Pos()).String()
		}
		return nil
	})
	return packages, err
}

// compare returns what is wrong, sorted.
func compare(table map[string]row, packages map[string]map[string]string) []string {
	var problems []string
	for dir, imports := range packages {
		row, listed := table[dir]
		if !listed {
			problems = append(problems, fmt.Sprintf("%s: not in the table of docs/architecture.md; add a row", dir))
			continue
		}
		for imported, place := range imports {
			local, isLocal := localPackage(imported)
			switch {
			case isLocal && !slices.Contains(row.mayImport, local):
				problems = append(problems, fmt.Sprintf("%s: %s may not import %s by the table of docs/architecture.md", place, dir, local))
			case !isLocal && row.stdOnly && !isStandard(imported):
				problems = append(problems, fmt.Sprintf("%s: %s may import the standard library alone, not %s", place, dir, imported))
			}
		}
	}
	for dir, row := range table {
		if packages[dir] == nil {
			problems = append(problems, fmt.Sprintf("docs/architecture.md: no package %s; remove its row", dir))
		}
		for _, imported := range row.mayImport {
			if _, listed := table[imported]; !listed {
				problems = append(problems, fmt.Sprintf("docs/architecture.md: %s may import %s, which has no row", dir, imported))
			}
		}
	}
	slices.Sort(problems)
	return problems
}

// localPackage returns the folder of a package of this module.
func localPackage(importPath string) (dir string, ok bool) {
	if importPath == modulePath {
		return ".", true
	}
	return strings.CutPrefix(importPath, modulePath+"/")
}

// isStandard reports whether a path is of the standard library: its first
// element has no dot.
func isStandard(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return !strings.Contains(first, ".")
}

func TestCompare(t *testing.T) {
	const header = "| package | role | may import |\n|---|---|---|\n"
	tests := []struct {
		name  string
		table string
		files map[string]string
		want  []string
	}{
		{
			name:  "all as listed",
			table: "| `a` | r | – |\n| `.` | r | `a` |\n",
			files: map[string]string{
				"x.go":            `package x; import ("fmt"; "example.com/lib"; "github.com/eddy-build/eddy/a")`,
				"a/a.go":          `package a`,
				"a/a_test.go":     `package a; import _ "github.com/eddy-build/eddy"`,
				"a/testdata/t.go": `package t; import _ "github.com/eddy-build/eddy"`,
			},
		},
		{
			name:  "import not listed, on another platform",
			table: "| `a`, `b` | r | – |\n",
			files: map[string]string{
				"a/a_windows.go": "package a\nimport _ \"github.com/eddy-build/eddy/b\"",
				"b/b.go":         `package b`,
			},
			want: []string{"a/a_windows.go:2:8: a may not import b by the table of docs/architecture.md"},
		},
		{
			name:  "library where none may be",
			table: "| `a` | r | standard library |\n",
			files: map[string]string{"a/a.go": `package a; import ("fmt"; "example.com/lib")`},
			want:  []string{"a/a.go:1:27: a may import the standard library alone, not example.com/lib"},
		},
		{
			name:  "row and package apart",
			table: "| `a` | r | `c` |\n",
			files: map[string]string{"b/b.go": `package b`},
			want: []string{
				"b: not in the table of docs/architecture.md; add a row",
				"docs/architecture.md: a may import c, which has no row",
				"docs/architecture.md: no package a; remove its row",
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			table, err := parseTable(header + test.table)
			if err != nil {
				t.Fatal(err)
			}
			repo := fstest.MapFS{}
			for name, src := range test.files {
				repo[name] = &fstest.MapFile{Data: []byte(src)}
			}
			imports, err := readImports(repo)
			if err != nil {
				t.Fatal(err)
			}
			if got := compare(table, imports); !slices.Equal(got, test.want) {
				t.Errorf("got:\n\t%s\nwant:\n\t%s", strings.Join(got, "\n\t"), strings.Join(test.want, "\n\t"))
			}
		})
	}
}

func TestParseTable(t *testing.T) {
	table, err := parseTable("| word | x |\n|---|---|\n| `no` | x |\n\n" +
		"| package | role | may import |\n|---|---|---|\n| `a`, `b/c` | r | `d`, gonum |\nend\n| `no` | r | – |\n")
	if err != nil {
		t.Fatal(err)
	}
	if got := slices.Sorted(maps.Keys(table)); !slices.Equal(got, []string{"a", "b/c"}) {
		t.Errorf("packages %q", got)
	}
	if got := table["b/c"].mayImport; !slices.Equal(got, []string{"d"}) {
		t.Errorf("b/c may import %q", got)
	}
	for _, bad := range []string{
		"",
		"| package | role | may import |\n|---|---|---|\n| `a` | r |\n",
		"| package | role | may import |\n|---|---|---|\n| a | r | – |\n",
		"| package | role | may import |\n|---|---|---|\n| `a` | r | – |\n| `a` | r | – |\n",
	} {
		if _, err := parseTable(bad); err == nil {
			t.Errorf("no error for %q", bad)
		}
	}
}

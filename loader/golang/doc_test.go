package golang

import (
	"go/ast"
	"go/doc"
	goparser "go/parser"
	gotoken "go/token"
	"path/filepath"
	"slices"
	"testing"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/internal/oracle"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// TestExportsEqualGoDoc loads the standard library and compares what each package
// lets others use, methods too, with what go/doc documents of the same files.
func TestExportsEqualGoDoc(t *testing.T) {
	oracle.Dir(t, "go")
	root := filepath.Join(goroot(t), "src")
	result, err := loader.Load(t.Context(), loader.Config{Root: root, FS: fsys.OS(root), Frontends: []loader.Frontend{New()}, Detail: loader.DetailExports})
	if err != nil {
		t.Fatal(err)
	}
	packages, names := 0, 0
	for _, m := range result.Set.Modules {
		if m.Kind != module.KindSource || m.Name == "builtin" { // go/doc shows builtin's lower-case names
			continue
		}
		fset := gotoken.NewFileSet()
		var files []*ast.File
		for _, name := range m.Files {
			file, err := goparser.ParseFile(fset, filepath.Join(root, filepath.FromSlash(name)), nil, goparser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, file)
		}
		p, err := doc.NewFromFiles(fset, files, m.Name)
		if err != nil {
			t.Fatal(err)
		}
		want := documented(p)
		var got []string
		for _, e := range m.Exports {
			if e.Visibility != module.Private {
				got = append(got, e.Kind.String()+" "+e.Name)
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n got %q\nwant %q", m.Name, got, want)
		}
		packages++
		names += len(want)
	}
	t.Logf("%d names in %d packages", names, packages)
	if packages < 300 || names < 15_000 {
		t.Errorf("%d names in %d packages were compared: too few", names, packages)
	}
}

// documented lists the kinds and names that a package's documentation has.
func documented(p *doc.Package) []string {
	var list []string
	values := func(kind module.SymbolKind, values []*doc.Value) {
		for _, v := range values {
			for _, name := range v.Names {
				if ast.IsExported(name) {
					list = append(list, kind.String()+" "+name)
				}
			}
		}
	}
	functions := func(prefix string, funcs []*doc.Func) {
		for _, f := range funcs {
			if f.Level == 0 { // deeper ones are had by embedding
				list = append(list, module.SymbolFunction.String()+" "+prefix+f.Name)
			}
		}
	}
	values(module.SymbolConstant, p.Consts)
	values(module.SymbolVariable, p.Vars)
	functions("", p.Funcs)
	for _, t := range p.Types {
		list = append(list, module.SymbolType.String()+" "+t.Name)
		values(module.SymbolConstant, t.Consts)
		values(module.SymbolVariable, t.Vars)
		functions("", t.Funcs)
		functions(t.Name+".", t.Methods)
	}
	return list
}

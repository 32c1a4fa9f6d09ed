package loader_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// notes is a language of its own: each line of a .note file names another one.
type notes struct{ modules []*module.Module }

func (notes) Name() string { return "notes" }

func (notes) Claim(path string) loader.Claim {
	if strings.HasSuffix(path, ".note") {
		return loader.ClaimSource
	}
	return loader.ClaimNone
}

func (notes) NewParser() loader.Parser { return notes{} }

func (notes) Parse(path string, src []byte, _ loader.Detail) *module.Facts {
	facts := &module.Facts{}
	for i, line := range strings.Split(string(src), "\n") {
		if line != "" {
			span := module.Span{File: path, Line: int32(i + 1), Column: 1}
			facts.Imports = append(facts.Imports, module.Import{Specifier: line, Span: span})
		}
	}
	return facts
}

func (notes) Index(_ context.Context, ws *loader.Workspace) (loader.Resolver, error) {
	var r notes
	for _, file := range ws.Files {
		r.modules = append(r.modules, &module.Module{
			ID: module.ID(file.Path), Name: strings.TrimSuffix(file.Path, ".note"), Language: "notes",
			Files: []string{file.Path}, Imports: file.Facts.Imports,
		})
	}
	return r, nil
}

func (r notes) Modules() []*module.Module                   { return r.modules }
func (r notes) Skipped() []loader.Skipped                   { return nil }
func (r notes) Implicit(*module.Module, *loader.Resolution) {}
func (r notes) Diagnostics() []module.Diagnostic            { return nil }
func (r notes) Inputs() []string                            { return nil }

func (r notes) Resolve(from *module.Module, imp *module.Import, res *loader.Resolution) {
	dir, _ := loader.Split(from.Files[0])
	target := loader.Join(dir, imp.Specifier+".note")
	if !res.File(target) { // looks, and remembers that it looked
		res.Fail("no such note")
		return
	}
	res.To(module.ID(target), module.Static, "beside the note")
}

// A front-end is all that a language needs. An engine takes it by WithFrontends.
func ExampleFrontend() {
	root, err := os.MkdirTemp("", "eddy-example-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(root)
	for name, text := range map[string]string{"home.note": "work\ngarden\n", "work.note": "home\n"} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			log.Fatal(err)
		}
	}
	result, err := loader.Load(context.Background(), loader.Config{Root: root, Frontends: []loader.Frontend{notes{}}})
	if err != nil {
		log.Fatal(err)
	}
	for _, m := range result.Set.Modules {
		fmt.Println(m.ID, "by the name of", m.Name)
		for _, dep := range m.Deps {
			fmt.Println("  on", dep.To)
		}
		for _, u := range m.Unresolved {
			fmt.Println(" ", m.Imports[u.Import].Span, u.Reason)
		}
	}
	// Output:
	// home.note by the name of home
	//   on work.note
	//   home.note:2:1 no such note
	// work.note by the name of work
	//   on home.note
}

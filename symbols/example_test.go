package symbols_test

import (
	"errors"
	"fmt"
	"log"

	"github.com/eddy-build/eddy/module"
	"github.com/eddy-build/eddy/symbols"
)

// A name that one module passes on under another name.
func Example() {
	span := func(file string, line int32) module.Span { return module.Span{File: file, Line: line, Column: 1} }
	set := &module.Set{Modules: []*module.Module{
		{
			ID: "index.ts", Language: module.TypeScript, Files: []string{"index.ts"},
			Imports: []module.Import{{Specifier: "./price", Names: []module.ImportedName{{Name: "total"}}, Flags: module.Reexport, Span: span("index.ts", 1)}},
			Deps:    []module.Dep{{To: "price.ts"}},
			Exports: []module.Export{{Name: "sum", Import: 1, Imported: "total", Span: span("index.ts", 1)}},
		},
		{
			ID: "price.ts", Language: module.TypeScript, Files: []string{"price.ts"},
			Exports: []module.Export{{Name: "total", Kind: module.SymbolFunction, Signature: "function total(): number", Span: span("price.ts", 7)}},
		},
	}}
	index := symbols.New(set)
	answer, err := index.Resolve("index.ts", "sum")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.Symbol.Signature)
	for _, hop := range answer.Chain {
		fmt.Println(hop.Module, hop.Name, hop.Span)
	}
	_, err = index.Resolve("index.ts", "sun")
	fmt.Println(errors.Is(err, module.ErrSymbol), err)
	// Output:
	// function total(): number
	// index.ts sum index.ts:1:1
	// price.ts total price.ts:7:1
	// true index.ts has no symbol "sun"; did you mean sum?
}

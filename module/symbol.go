package module

// SymbolKind says what a name stands for.
type SymbolKind uint8

// The kinds of a symbol.
const (
	SymbolVariable SymbolKind = iota
	SymbolConstant
	SymbolFunction
	SymbolType
	SymbolModule
)

var symbolKindNames = [...]string{"variable", "constant", "function", "type", "module"}

// String returns "variable", "constant", "function", "type" or "module".
func (k SymbolKind) String() string {
	if int(k) < len(symbolKindNames) {
		return symbolKindNames[k]
	}
	return "unknown"
}

// Visibility says who may use a symbol.
type Visibility uint8

// The visibilities, from the widest.
const (
	Public    Visibility = iota // anyone
	Internal                    // modules of the same package or below the same folder
	Protected                   // by convention, modules of the same package: Python's _name
	Private                     // the module that declares it
)

var visibilityNames = [...]string{"public", "internal", "protected", "private"}

// String returns "public", "internal", "protected" or "private".
func (v Visibility) String() string {
	if int(v) < len(visibilityNames) {
		return visibilityNames[v]
	}
	return "unknown"
}

// Export is one name that a file declares or passes on: a fact. In
// [Module.Exports] are those of all files of the module, by name, then place; a
// module of one file shares them with its [Facts].
//
// A name may be there more than once (overloads, declarations that merge, an if
// and its else): the first by place stands for it as a symbol, all of them count
// as what importers observe. A Go package is the union of its files.
//
// A name that the file passes on has Import and Imported set; its kind and
// signature are those of its target, and left zero here but for SymbolModule
// where Imported is "*". The forms:
//
//	Go          func (T) M(), func (*T) M()        Name "T.M", beside "T"; no "_", no init; nothing is passed on
//	ECMAScript  export default …                   Name "default"
//	            export { a as b }                  Name "b", with what the file knows of its own a
//	            export { x as y } from "m"         Name "y", Imported "x"; "default" for the default export
//	            import { x } … export { x as y }   the same
//	            export * as ns from "m"            Name "ns", Imported "*"
//	            import * as ns … export { ns }     the same
//	            export * from "m"                  Name "*", Imported "*": all its names but "default"
//	            export =, module.exports = e       Name "export="; [Facts.Open] unless e's names are exports of their own
//	            module.exports = require("m")      Name "export=", Imported "*": the module is the other one
//	            a declaration that is not exported Name, Private; only where no export has that name
//	Python      from m import a as b               Name "b", Imported "a"
//	            import m.n as b                    Name "b", Imported "*"
//	            import m.n                         Name "m", Imported "*": the first part of the name
//	            from m import *                    Name "*", Imported "*": what __all__ of m lists, or its public names
//
// What runs only when a function is called exports nothing.
type Export struct {
	Name       string
	Kind       SymbolKind
	Visibility Visibility
	// Signature is the declaration's text up to the body of a function, white
	// space and comments folded to single spaces. It must differ whenever what an
	// importer can observe of the name differs: what a declaration does not say,
	// such as a type that is inferred or the value of a constant, is in it as the
	// whole expression. A type's has the members too, unless they are exports of
	// their own ("T.M").
	Signature  string
	Doc        string // the first line of its documentation
	Deprecated string // why, or "deprecated" where no reason is given; empty where it is not
	Span       Span   // of the name

	// Import is the index into Imports plus one of the import that a name is
	// passed on from, and 0 where the file declares it itself. In Facts it counts
	// in the file's imports, in Module in the module's.
	Import   int32
	Imported string // the name in the import's target; "*" for the target as a whole
}

// Symbol is a conclusion: a name with the module that declares it.
type Symbol struct {
	Module ID
	Export
}

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

// Export is one name that a file declares or passes on: a fact.
type Export struct {
	Name       string // "*" for all names of the import it passes on; "T.M" for a member
	Kind       SymbolKind
	Visibility Visibility
	Signature  string // the declaration's text up to its body, white space folded
	Doc        string // the first line of its documentation
	Deprecated string // why, or "deprecated" where no reason is given; empty where it is not
	Span       Span   // of the name

	// A name that is passed on from an import.
	Import   int32  // index into Imports plus one; 0 where the file declares the name itself
	Imported string // the name in the import's target; "*" for the target as a whole
}

// Symbol is a conclusion: a name with the module that declares it.
type Symbol struct {
	Module ID
	Export
}

package module

// Facts is all that a parser saw in one file. It is a pure function of the
// file's path and bytes and of the level of detail asked for: nothing of other
// files, of the platform or of the configuration is in it, and so it can be
// cached by content.
type Facts struct {
	Package     string   // the package clause of a Go file
	Constraint  string   // the build constraint of a Go file, as a //go:build expression
	Imports     []Import // by position
	Dynamic     []Span   // imports whose specifier is not a literal and cannot be read
	Ambient     []string // module names that the file declares for others: declare module "x"
	Exports     []Export // by position out of a parser, in a result by name, then place; only at the level of detail that reads exports
	All         []string // what Python's __all__ lists; nil where there is none, or it cannot be read
	Open        bool     // any name may exist: __getattr__, exports[key] = …, an __all__ that cannot be read
	Aside       string   // what importers observe beside the names: see [Module.Aside]
	Diagnostics []Diagnostic
}

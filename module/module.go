// Package module is the vocabulary of Eddy: the values that every other
// package speaks in. A [Module] is one node of the dependency graph; an
// [Import] is one written occurrence of an import, the fact that a parser saw;
// a [Dep] or an [Unresolved] is what became of it, the conclusion.
//
// The package does no I/O and imports the standard library alone. Its values
// are plain and, once a loader has returned them, immutable: share them freely
// between goroutines, never write to them.
package module

import "strings"

// ID names a module for good: its slash-separated path from the workspace root
// ("web/app.ts", "internal/dag", "." for a Go package at the root),
// "internal/dag:test" for the tests of a Go package, or, for a module that is
// not in the workspace, a purl-like type and a name: "golang:golang.org/x/mod",
// "npm:react", "pypi:numpy", and "golang:fmt", "node:fs", "python:os" for the
// standard libraries. IDs are ordered bytewise.
type ID string

// Compare orders IDs bytewise, as cmp.Compare does.
func (id ID) Compare(other ID) int { return strings.Compare(string(id), string(other)) }

// Kind says what a module is.
type Kind uint8

// The kinds of a module.
const (
	KindSource   Kind = iota // code of the workspace
	KindTest                 // tests of the workspace that form a module of their own
	KindAsset                // a file that code depends on and no front-end reads
	KindStandard             // part of a language's standard library
	KindExternal             // a package from outside the workspace
)

var kindNames = [...]string{"source", "test", "asset", "standard", "external"}

// String returns the name used in every format: "source", "test", "asset",
// "standard" or "external".
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown"
}

// ParseKind is the inverse of [Kind.String].
func ParseKind(s string) (Kind, bool) {
	for i, name := range kindNames {
		if name == s {
			return Kind(i), true
		}
	}
	return 0, false
}

// Local reports whether modules of this kind are files of the workspace.
func (k Kind) Local() bool { return k <= KindAsset }

// Language names the language that a module is written in; empty where there
// is none, as for assets.
type Language string

// The languages that the built-in front-ends report.
const (
	Go         Language = "go"
	TypeScript Language = "typescript"
	JavaScript Language = "javascript"
	Vue        Language = "vue"
	Svelte     Language = "svelte"
	Astro      Language = "astro"
	Python     Language = "python"
)

// Module is one node of the dependency graph. It is immutable once loaded.
type Module struct {
	ID       ID
	Name     string // what the language calls it: an import path, a dotted name
	Language Language
	Kind     Kind
	Package  string   // the distribution it belongs to: a Go module path, a package.json name, …
	Files    []string // its files, slash paths from the workspace root, sorted

	Imports    []Import     // facts: every import, by file and position
	Deps       []Dep        // conclusions, sorted by To, then Import, then Kind
	Unresolved []Unresolved // conclusions, sorted by Import

	Exports []Export // sorted by Name, then Span; only where exports were asked for
	All     []string // what Python's __all__ lists, of all there is to import by a star; nil for no such list
	Open    bool     // exports cannot be bounded: any name may exist
	// Aside is what importers observe of the module beside its names, as text, by
	// file and without repetitions: the package clause of Go; what TypeScript adds
	// to other modules and to the global scope; the conditions around Python's
	// definitions, and what it deletes and sets later. But for Go, names in it count
	// as mentioned.
	Aside []string

	Content   Digest // of the bytes that its facts came from
	Interface Digest // of what importers can observe
}

// Dep is the conclusion that an import led to a module.
type Dep struct {
	To       ID
	Import   int32      // index into the importer's Imports, or NoImport
	Kind     ImportKind // the import's kind, or implicit where the language adds the dependency
	Declared Declared   // what the importer's manifest says of the target's package
}

// Declared says how the manifest that governs an importer declares the package
// that an import leads to.
type Declared uint8

// The ways of a declaration.
const (
	DeclaredUnknown  Declared = iota // no manifest governs the importer, or the target needs no declaration
	DeclaredRuntime                  // an ordinary dependency
	DeclaredDev                      // for development alone
	DeclaredPeer                     // to be brought by the user of the package
	DeclaredOptional                 // may be missing
	Undeclared                       // a manifest governs the importer and does not name the package
)

var declaredNames = [...]string{"", "runtime", "dev", "peer", "optional", "undeclared"}

// String returns "", "runtime", "dev", "peer", "optional" or "undeclared".
func (d Declared) String() string {
	if int(d) < len(declaredNames) {
		return declaredNames[d]
	}
	return "unknown"
}

// NoImport is the Import of a [Dep] that no written import gives, such as that
// of a Go test module on the package it tests.
const NoImport = -1

// Unresolved is the conclusion that an import led nowhere.
type Unresolved struct {
	Import int32    // index into the importer's Imports
	Reason string   // lower case, what was looked for and why it was not found
	Probed []string // the paths that were tried, in order
	// Closed is the module of the workspace that the import would lead to, if its
	// package did not close it: the path behind a package's name is not among the
	// "exports" of its package.json. Empty where there is none.
	Closed ID
}

// Set is everything that one load returned.
type Set struct {
	Root        string       // the workspace root, an absolute path of the operating system
	Modules     []*Module    // sorted by ID; each Dep.To is one of them
	Diagnostics []Diagnostic // sorted
}

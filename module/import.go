package module

import (
	"fmt"
	"strings"
)

// ImportKind says when an import takes effect.
type ImportKind uint8

// The kinds of an import.
const (
	Static   ImportKind = iota // runs when the importer loads; re-exports and side-effect imports too
	Type                       // erased before run time
	Deferred                   // runs later, if at all: import(), or an import inside a function
	Implicit                   // implied by the language: parent packages, embedded files
)

var importKindNames = [...]string{"static", "type", "deferred", "implicit"}

// String returns "static", "type", "deferred" or "implicit".
func (k ImportKind) String() string {
	if int(k) < len(importKindNames) {
		return importKindNames[k]
	}
	return "unknown"
}

// ImportKinds is a set of import kinds.
type ImportKinds uint8

// The sets that are asked for most.
const (
	StaticOnly ImportKinds = 1 << Static
	AllKinds   ImportKinds = 1<<Static | 1<<Type | 1<<Deferred | 1<<Implicit
)

// Of returns the set that holds just these kinds.
func Of(kinds ...ImportKind) ImportKinds {
	var set ImportKinds
	for _, k := range kinds {
		set |= 1 << k
	}
	return set
}

// Has reports whether k is in the set.
func (s ImportKinds) Has(k ImportKind) bool { return s&(1<<k) != 0 }

// Strings returns the names of the kinds in the set, in their declared order.
func (s ImportKinds) Strings() []string {
	names := make([]string, 0, len(importKindNames))
	for k := Static; k <= Implicit; k++ {
		if s.Has(k) {
			names = append(names, k.String())
		}
	}
	return names
}

// String joins the names of the kinds with commas: "static,type".
func (s ImportKinds) String() string { return strings.Join(s.Strings(), ",") }

// ParseImportKinds reads a comma-separated list of kinds, or "all".
func ParseImportKinds(list string) (ImportKinds, error) {
	if list == "all" {
		return AllKinds, nil
	}
	var set ImportKinds
	for name := range strings.SplitSeq(list, ",") {
		k, ok := parseImportKind(strings.TrimSpace(name))
		if !ok {
			return 0, fmt.Errorf("unknown import kind %q: want a comma-separated list of %s, or all",
				strings.TrimSpace(name), strings.Join(importKindNames[:], ", "))
		}
		set |= 1 << k
	}
	return set, nil
}

func parseImportKind(name string) (ImportKind, bool) {
	for i, n := range importKindNames {
		if n == name {
			return ImportKind(i), true
		}
	}
	return 0, false
}

// ImportFlags are marks on an import beside its kind.
type ImportFlags uint8

// The flags of an import.
const (
	Reexport ImportFlags = 1 << iota // its names are exported again by the importer
	Optional                         // its failure is expected: try/except ImportError, require in try
	Pattern                          // the specifier is a pattern of files: go:embed, import.meta.glob
	Require                          // resolved as require does: require(), import x = require(), resolution-mode "require"
	FileRef                          // the specifier is a path or URL beside the file even without "./": /// <reference path>, new URL()
	TypeRef                          // the specifier names a package of types: /// <reference types>
	Lenient                          // a name that the target has not is passed over: the fromlist of Python's __import__
)

// Import is one written occurrence of an import: what the parser saw, with
// nothing concluded. Where one statement names several modules, each is an
// import of its own.
type Import struct {
	Specifier string // as the language reads it: unquoted, escapes resolved
	Kind      ImportKind
	Flags     ImportFlags
	Names     []ImportedName // nil for an import for its side effects alone
	Span      Span           // of the specifier, with its quotes where it has any
}

// ImportedName is one name that an import takes from its target.
type ImportedName struct {
	Name  string // in the target: "default" for a default import, "*" for all of it
	Alias string // in the importer; empty where it is the same
	Type  bool   // this name alone is imported for its type
}

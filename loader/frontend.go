// Package loader turns a tree of source files into a [module.Set]: walk, parse,
// index, resolve, link. What is particular to a language is behind [Frontend];
// everything else is here.
//
// One direction: a stage takes the value of the stage before and returns a new
// one. Workers return values, one goroutine owns the tables; so the same input
// gives the same set at any number of workers.
package loader

import (
	"context"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/module"
)

// Frontend is what the loader knows of a family of languages. It holds no state
// of a load: one value may serve many loads at once.
type Frontend interface {
	// Name is the front-end's name: "golang", "ecmascript", "python".
	Name() string
	// Claim says, by its path alone, what the front-end wants with a file.
	Claim(path string) Claim
	// NewParser returns a parser. The loader makes one for each worker, so a
	// parser may keep buffers from file to file.
	NewParser() Parser
	// Index reads the manifests, groups the parsed files into modules and
	// returns what resolves their imports. All names of the workspace are known
	// when it is called, and frozen. Problems of the user's manifests are
	// diagnostics of the result; an error is only for ctx and for bugs.
	Index(ctx context.Context, ws *Workspace) (Resolver, error)
}

// Claim is a front-end's interest in a file.
type Claim uint8

// The claims, from the weakest.
const (
	ClaimNone   Claim = iota
	ClaimConfig       // a manifest that the front-end's Index reads itself
	ClaimSource       // source code, to be parsed
)

// Detail says how much a parser reads of a file.
type Detail uint8

// The levels of detail.
const (
	DetailImports Detail = iota // imports alone
	DetailExports               // imports and exports
)

// Parser turns the bytes of a file into facts.
//
// Parse is a pure function of its arguments: no other file's contents, no
// option and no platform leaks in, and so the result is cached by content. It
// never fails: bad input gives what could be read, and diagnostics. The result
// must not keep src, which is reused; a parser is used by one goroutine.
type Parser interface {
	Parse(path string, src []byte, detail Detail) *module.Facts
}

// HeaderParser is an optional power of a [Parser] whose imports stand at the
// head of a file: it makes the loader read the rest only where it is needed.
type HeaderParser interface {
	// ParseHeader parses the first bytes of a file. It reports false where
	// they do not hold all imports; then the loader reads more and calls again,
	// or Parse when it has the whole file.
	ParseHeader(path string, prefix []byte) (*module.Facts, bool)
}

// Workspace is what a front-end sees of the tree: frozen, read-only, safe for
// concurrent use.
type Workspace struct {
	Root    string  // absolute path of the operating system, for messages alone
	FS      fsys.FS // for manifests, and for probes outside the workspace
	Tree    *Tree   // every file and folder that the walk saw
	Files   []File  // the files that this front-end claims as source, sorted by path
	Options Options
}

// File is one parsed file.
type File struct {
	Path  string
	Facts *module.Facts
}

// Options are what the user may say to the front-ends. A front-end reads its
// own part.
type Options struct {
	GoPlatform  string   // "" for the host, "linux/arm64,tag1,tag2", or "all"
	PythonRoots []string // source roots beside those that are found
}

// Resolver is one load's view of a front-end's modules. It is immutable after
// Index: Resolve is called from many goroutines at once.
type Resolver interface {
	// Modules lists the modules that the front-end's files form, sorted by ID:
	// ID, Name, Language, Kind, Package, Files and Imports are filled in. Two
	// modules share no import. The loader fills in the rest.
	Modules() []*module.Module
	// Skipped lists the claimed files that belong to no module, with the
	// reason, sorted by path.
	Skipped() []Skipped
	// Resolve concludes what one import of from means and says so to r.
	Resolve(from *module.Module, imp *module.Import, r *Resolution)
	// Implicit tells of the dependencies that a module has without an import,
	// such as those of a Go test module on the package it tests.
	Implicit(from *module.Module, r *Resolution)
	// Diagnostics are the problems of the manifests, in any order.
	Diagnostics() []module.Diagnostic
	// Inputs lists the manifests that were read or looked for, sorted: a change
	// to one of them makes this resolver out of date.
	Inputs() []string
}

// Skipped is a file that no module holds, and why.
type Skipped struct {
	Path   string
	Reason string
}

// EnvironmentReader is an optional power of a [Frontend] whose view of a
// workspace depends on more than its files and the [Options]: on what the machine
// builds for, say. While Environment is the same text, so is the view.
type EnvironmentReader interface {
	Environment() string
}

// ExportReader is an optional power of a [Frontend]: its parsers read exports at
// [DetailExports]. Without it nothing is known of the names of its modules, and so
// they are open: no name is reported as missing, and the interface of a module is
// its content.
type ExportReader interface {
	ReadsExports()
}

// Explainer is an optional power of a [Resolver]: lines for "eddy explain" on a
// path, such as the source root or the manifest that governs it.
type Explainer interface {
	Explain(path string) []string
}

// ComparableResolver is an optional power of a [Resolver] whose conclusions
// depend on more than the module and the paths that it asked the [Resolution]
// for: on manifests, or on what it indexed of other files, such as whether a
// folder is a Go package. It names each such thing by a key, which it gives to
// [Resolution.Consult] when a conclusion takes it into account. Without this power
// a change of a manifest makes every import be resolved again, and that of another
// file none.
type ComparableResolver interface {
	// Differences lists the keys under which something means other than to prev. It
	// reports false where any import may mean something else.
	Differences(prev Resolver) ([]Key, bool)
}

// Key names something that conclusions depend on: what kind of thing, in an
// alphabet of the front-end's own, and which.
type Key struct {
	Kind byte
	Name string
}

// Reindexer is an optional power of a [Frontend]: to index a workspace again of
// which a little changed, with less work than all of it.
type Reindexer interface {
	// Reindex is Index where no manifest of the tree has come or gone and no
	// symbolic link leads elsewhere than it did. The modules that are as they were
	// must be the very ones of prev: the loader tells what changed by comparing
	// pointers. It may return nil, which makes the loader call Index.
	Reindex(ctx context.Context, ws *Workspace, prev Resolver, edit Edit) (Resolver, error)
}

// Edit is what changed of a front-end's workspace. Each list is sorted.
type Edit struct {
	Changed []string // files that have other facts than they had
	Added   []string // files that are new
	Removed []string // files that are gone
	Listing []string // all files and folders of the tree that appeared or vanished, whoever claims them
	// Manifests says that one of the Inputs of the resolver before may have changed,
	// or be there where it was not, or the other way round.
	Manifests bool
}

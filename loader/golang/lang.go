// Package golang is the front-end for Go.
//
// Input: the .go files of a tree, each read up to the end of its imports (a file
// that imports embed is read wholly), and the tree's go.mod and go.work files.
// Output: a module for each package, one for the tests of each package, and
// what every import and every //go:embed pattern leads to.
//
// The stages, each a file: lang.go claims files by path; scan.go turns bytes to
// tokens; parse.go, constraint.go and directive.go turn tokens to facts;
// platform.go decides which files a platform builds; manifests.go reads go.mod
// and go.work; packages.go groups files into modules; resolve.go and embed.go
// conclude what imports and patterns mean.
//
// Invariant: on the packages that the go command accepts, the modules, their
// files and their dependencies are those of "go list"; docs/limits.md lists the
// exceptions.
package golang

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/eddy-build/eddy/loader"
)

//go:generate go run gen.go

// New returns the front-end. It asks the environment once, as the go command
// does, for the platform that is meant where the options name none: GOOS and
// GOARCH, else the system's; CGO_ENABLED, else on if a C compiler is there.
func New() loader.Frontend {
	return &frontend{host: hostPlatform(os.Getenv, exec.LookPath)}
}

type frontend struct {
	host platform
}

// Environment implements [loader.EnvironmentReader].
func (f *frontend) Environment() string {
	return fmt.Sprintf("%s cgo=%t", f.host, f.host.cgo)
}

// Name returns "golang".
func (*frontend) Name() string { return "golang" }

// ReadsExports says that the parser reads exports.
func (*frontend) ReadsExports() {}

// Claim wants .go files as source, go.mod and go.work as manifests. What lies
// in a folder that "go list ./..." passes over is not even read: such folders
// hold broken code on purpose. A vendor folder is no such folder, because that
// of the standard library holds packages.
func (*frontend) Claim(path string) loader.Claim {
	dir, name := loader.Split(path)
	claim := loader.ClaimNone
	switch {
	case strings.HasSuffix(name, ".go"):
		claim = loader.ClaimSource
	case name == "go.mod" || name == "go.work":
		claim = loader.ClaimConfig
	}
	if claim != loader.ClaimNone && passedOver(dir) != "" {
		return loader.ClaimNone
	}
	return claim
}

// passedOver returns the first element of a folder's path which makes the go
// command's patterns pass over the folder, or the empty string.
func passedOver(dir string) string {
	if dir == "." {
		return ""
	}
	for elem := range strings.SplitSeq(dir, "/") {
		if elem == "testdata" || strings.HasPrefix(elem, "_") || strings.HasPrefix(elem, ".") && elem != ".." {
			return elem
		}
	}
	return ""
}

// NewParser returns a parser with buffers of its own.
func (*frontend) NewParser() loader.Parser { return newParser() }

// Index reads the manifests, chooses files for the platform and groups them.
func (f *frontend) Index(ctx context.Context, ws *loader.Workspace) (loader.Resolver, error) {
	return index(ctx, f.host, ws)
}

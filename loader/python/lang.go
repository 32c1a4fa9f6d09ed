// Package python is the Python front-end: it turns .py and .pyi files into
// facts and their imports into dependencies.
//
// The input is bytes and paths alone; no Python is run. A scanner reads logical
// lines in one pass, without a syntax tree, and tells of every import with its
// kind and place. Roots are found in the manifests and in the layout of the
// tree, and imports are resolved on them in the order of Python's own path.
//
// Each file is one module: its ID is its path, its name the dotted name under
// its root. Facts depend on a file's path and bytes alone; work is linear in
// the size of a file.
package python

import (
	"strings"

	"github.com/eddy-build/eddy/loader"
)

// New returns the front-end.
func New() loader.Frontend { return frontend{} }

type frontend struct{}

func (frontend) Name() string { return "python" }

func (frontend) NewParser() loader.Parser { return newParser() }

// The manifests that Index reads. setup.py is one too, but is claimed as source.
var manifestNames = []string{"pyproject.toml", "setup.cfg", "pyvenv.cfg"}

func (frontend) Claim(path string) loader.Claim {
	_, name := loader.Split(path)
	if strings.HasSuffix(name, ".py") || strings.HasSuffix(name, ".pyi") || strings.HasSuffix(name, ".pyw") {
		return loader.ClaimSource
	}
	for _, m := range manifestNames {
		if name == m {
			return loader.ClaimConfig
		}
	}
	return loader.ClaimNone
}

// stubPath reports whether a file is a stub, which no interpreter runs.
func stubPath(path string) bool { return strings.HasSuffix(path, ".pyi") }

package ecmascript

import (
	"path"
	"strings"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// New returns the front-end. It holds no state.
func New() loader.Frontend { return frontend{} }

type frontend struct{}

func (frontend) Name() string { return "ecmascript" }

func (frontend) NewParser() loader.Parser { return newParser() }

// ReadsExports says that the parser reads exports.
func (frontend) ReadsExports() {}

// Claim claims sources by their extension and manifests by their name.
func (frontend) Claim(path string) loader.Claim {
	_, name := loader.Split(path)
	if languageOf(name) != "" {
		return loader.ClaimSource
	}
	if isManifest(name) {
		return loader.ClaimConfig
	}
	return loader.ClaimNone
}

// languageOf tells the language of a file by its name, "" where it is none of
// this front-end's.
func languageOf(name string) module.Language {
	switch path.Ext(name) {
	case ".ts", ".tsx", ".mts", ".cts":
		return module.TypeScript
	case ".js", ".jsx", ".mjs", ".cjs":
		return module.JavaScript
	case ".vue":
		return module.Vue
	case ".svelte":
		return module.Svelte
	case ".astro":
		return module.Astro
	}
	return ""
}

func isManifest(name string) bool {
	switch name {
	case "package.json", "pnpm-workspace.yaml", "lerna.json":
		return true
	}
	return strings.HasSuffix(name, ".json") &&
		(strings.HasPrefix(name, "tsconfig") || strings.HasPrefix(name, "jsconfig"))
}

// kindOf tells tests from other sources by the two customs that the common
// runners share: a name with .test. or .spec., and a folder __tests__.
func kindOf(path string) module.Kind {
	_, name := loader.Split(path)
	if strings.Contains(name, ".test.") || strings.Contains(name, ".spec.") ||
		strings.HasPrefix(path, "__tests__/") || strings.Contains(path, "/__tests__/") {
		return module.KindTest
	}
	return module.KindSource
}

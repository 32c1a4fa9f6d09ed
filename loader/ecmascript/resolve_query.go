package ecmascript

import (
	"strings"

	"github.com/eddy-build/eddy/module"
)

// withoutQuery strips what bundlers put around a path: "x.svg?raw", "x#icon",
// "!!raw-loader!./x". It reports false where there is nothing of the kind.
func withoutQuery(specifier string) (string, bool) {
	path := specifier
	if i := strings.LastIndexByte(path, '!'); i >= 0 {
		path = path[i+1:]
	}
	if i := strings.IndexAny(path, "?#"); i > 0 {
		path = path[:i]
	}
	return path, path != specifier && path != ""
}

// resolveQuery answers for a specifier that withoutQuery has stripped.
func (ix *index) resolveQuery(l lookup, path string, imp *module.Import) {
	bare := *imp
	bare.Specifier = path
	ix.specifier(l, &bare)
	if l.r.Reason == "" {
		l.r.Rule = ruleQuery
	}
}

// specifier resolves a specifier that stands for another.
func (ix *index) specifier(l lookup, imp *module.Import) {
	if isRelative(imp.Specifier) {
		ix.resolveRelative(l, imp.Specifier, imp)
		return
	}
	ix.resolveBare(l, imp.Specifier, imp)
}

// installed is the name of the package that a path into node_modules leads to,
// or "".
func installed(path string) string {
	const folder = "node_modules/"
	i := strings.LastIndex(path, folder)
	if i < 0 || i > 0 && path[i-1] != '/' {
		return ""
	}
	name, _ := packageName(path[i+len(folder):])
	if !isPackageName(name) {
		return ""
	}
	return name
}

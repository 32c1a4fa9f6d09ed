package ecmascript

import (
	"github.com/eddy-build/eddy/module"
)

// Explain implements [loader.Explainer]: what governs the imports of a file.
func (ix *index) Explain(path string) []string {
	s := ix.sourceOf(module.ID(path))
	if s == nil {
		return nil
	}
	var lines []string
	switch {
	case s.config == nil:
		lines = append(lines, "config: none; specifiers are read as bundlers do")
	case s.included:
		lines = append(lines, "config: "+s.config.path+" includes it; specifiers are read as "+s.opts.resolution.String()+" does")
	default:
		lines = append(lines, "config: "+s.config.path+" is the nearest, though no config includes the file; specifiers are read as "+
			s.opts.resolution.String()+" does")
	}
	scope := ix.scopeOf(s)
	if scope == nil {
		return append(lines, "package: none")
	}
	line := "package: " + scope.path
	if named := namedScope(scope); named != nil {
		line = "package: " + named.name + " (" + named.path + ")"
		scope = named
	}
	if scope.space != nil {
		line += ", in the workspace of the folder " + scope.space.dir
	}
	return append(lines, line)
}

// String returns the config's word for it.
func (m moduleResolution) String() string {
	switch m {
	case resolveNode10:
		return "node10"
	case resolveNode16:
		return "node16"
	}
	return "bundler"
}

package ecmascript

import (
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// resolveTypeReference answers for /// <reference types="x" />.
func (ix *index) resolveTypeReference(s *source, imp *module.Import, r *loader.Resolution) {
	l := ix.newLookup(s, imp, r)
	l.exts = extDeclaration
	l.strict = false
	if isRelative(imp.Specifier) {
		ix.resolveRelative(l, imp.Specifier, imp)
		return
	}
	for _, root := range s.opts.typeRoots {
		if f := l.relative(ix.root.walk(loader.Join(root, imp.Specifier))); f.ok() {
			l.to(f, imp, "tsconfig typeRoots")
			return
		}
	}
	name, rest := packageName(imp.Specifier)
	if m, how := ix.packageByName(s, name, r); m != nil {
		if f := l.inPackage(m, rest); f.ok() {
			l.to(f, imp, how+" types")
			ix.declare(s, name, imp, r)
			return
		}
		if f, rule := l.packageLeniently(m, rest, how); f.ok() {
			l.to(f, imp, rule)
			ix.declare(s, name, imp, r)
			return
		}
	}
	if !isPackageName(name) {
		r.Fail("it cannot be the name of a package of types")
		return
	}
	if _, _, ok := ix.scopeOf(s).dependency(name); !ok {
		types := typesPackage(name)
		if _, _, ok := ix.scopeOf(s).dependency(types); ok || builtins[name] != nil || name == "node" {
			name = types
		}
	}
	r.External(external(name), imp.Kind, "package of types")
	ix.declare(s, name, imp, r)
}

// resolveFileReference answers for a path that needs no "./": that of
// /// <reference path="x" />, or a URL relative to the module.
func (ix *index) resolveFileReference(s *source, imp *module.Import, r *loader.Resolution) {
	specifier := imp.Specifier
	if _, ok := scheme(specifier); ok {
		return // a URL of the network is no dependency
	}
	if imp.Kind != module.Type {
		specifier, _ = withoutQuery(specifier)
	}
	l := ix.newLookup(s, imp, r)
	l.strict = false
	if strings.HasPrefix(specifier, "/") {
		ix.resolveAbsolute(l, specifier, imp)
		return
	}
	p := ix.dirOf(s).walk(specifier)
	if f := l.exact(p); f.ok() {
		l.to(f, imp, ruleRelative)
		return
	}
	if l.folderAt(p) != nil && imp.Kind != module.Type {
		return // the URL of a folder names no module
	}
	ix.resolveRelative(l, "./"+specifier, imp)
}

// resolvePattern answers for import.meta.glob: every file that matches.
func (ix *index) resolvePattern(s *source, imp *module.Import, r *loader.Resolution) {
	pattern := imp.Specifier
	var base *folder
	switch {
	case strings.HasPrefix(pattern, "!"):
		return // it takes away from another pattern, and adds nothing
	case strings.HasPrefix(pattern, "/"):
		base, pattern = ix.root, pattern[1:]
		if scope := ix.scopeOf(s); scope != nil && scope.dir.scope != nil {
			base = scope.dir
		}
	case isRelative(pattern):
		base = ix.dirOf(s)
	default:
		p, rest, ok := bestPattern(s.opts.paths, pattern)
		if !ok || len(p.targets) == 0 {
			r.Fail("the pattern is neither relative nor absolute, and no alias matches it")
			return
		}
		base, pattern = ix.root, strings.Replace(p.targets[0], "*", rest, 1)
	}
	full := cleanPath(base.path + "/" + pattern)
	static, rest := doublestar.SplitPattern(full)
	l := ix.newLookup(s, imp, r)
	p := ix.root.walk(static)
	d := l.folderAt(p)
	if d == nil {
		l.missPlace(p)
		r.Fail("there is no folder " + static)
		return
	}
	if !doublestar.ValidatePattern(rest) {
		r.Fail("the pattern is not valid")
		return
	}
	l.eachMatch(d, "", rest, func(f file) {
		if id := f.path(); id != imp.Span.File {
			r.To(module.ID(id), imp.Kind, "files that match the pattern")
		}
	})
	if len(r.Targets) == 0 {
		r.Fail("no file matches the pattern")
	}
}

// eachMatch visits the files below a folder that match a pattern, sorted.
func (l *lookup) eachMatch(d *folder, prefix, pattern string, visit func(file)) {
	l.r.Folder(d.path) // another file in it can match
	for i, name := range d.files {
		if ok, _ := doublestar.Match(pattern, prefix+name); ok {
			visit(file{d, i})
		}
	}
	for i, name := range d.dirs {
		if !strings.HasPrefix(name, ".") {
			l.eachMatch(d.kids[i], prefix+name+"/", pattern, visit)
		}
	}
}

// resolveFramework answers for the names that a framework which package.json
// declares gives to its own modules and to folders of the project.
func (ix *index) resolveFramework(l lookup, specifier string, imp *module.Import) bool {
	head, rest, _ := strings.Cut(specifier, "/")
	uses := func(name string) bool {
		_, _, ok := ix.scopeOf(l.from).dependency(name)
		return ok
	}
	folder := func(bases ...string) bool {
		for m := ix.scopeOf(l.from); m != nil && m.dir.scope != nil; m = m.parent {
			for _, base := range bases {
				p := m.dir.walk(base + rest)
				f := l.relative(p)
				if !f.ok() {
					f = l.exact(p)
				}
				if !f.ok() && p.dir != nil {
					f = l.customExtension(p)
				}
				if f.ok() {
					l.to(f, imp, "folder that the framework names "+head)
					return true
				}
			}
		}
		return false
	}
	switch head {
	case "$lib":
		return uses("@sveltejs/kit") && folder("src/lib/")
	case "$app", "$env", "$service-worker":
		if uses("@sveltejs/kit") {
			ix.frameworkModule(l, "@sveltejs/kit", imp)
			return true
		}
	case "~", "@":
		return uses("nuxt") && folder("app/", "src/", "")
	case "~~", "@@":
		return uses("nuxt") && folder("")
	case "#imports", "#app", "#build", "#components":
		if uses("nuxt") {
			ix.frameworkModule(l, "nuxt", imp)
			return true
		}
	}
	return false
}

// resolveRouteTypes answers for the types that a framework writes for each route
// of a project, beside it by rootDirs.
func (ix *index) resolveRouteTypes(l lookup, specifier string, imp *module.Import) bool {
	name := ""
	switch {
	case strings.HasPrefix(specifier, "./$types"):
		name = "@sveltejs/kit"
	case strings.HasPrefix(specifier, "./+types/"):
		name = "@react-router/dev"
	default:
		return false
	}
	if _, _, ok := ix.scopeOf(l.from).dependency(name); !ok {
		return false
	}
	ix.frameworkModule(l, name, imp)
	return true
}

// frameworkModule concludes a dependency on a module that a framework makes up.
func (ix *index) frameworkModule(l lookup, name string, imp *module.Import) {
	l.r.External(external(name), imp.Kind, "module that the framework "+name+" provides")
	ix.declare(l.from, name, imp, l.r)
}

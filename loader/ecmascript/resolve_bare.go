package ecmascript

import (
	"slices"
	"strings"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// resolveBare answers for every specifier that is not relative.
func (ix *index) resolveBare(l lookup, specifier string, imp *module.Import) {
	ix.answerBare(l, specifier, imp)
	ix.declaredBeside(l, specifier)
}

func (ix *index) answerBare(l lookup, specifier string, imp *module.Import) {
	f, rule := l.bareFile(specifier)
	if f.ok() {
		ix.concludeFile(l, f, specifier, imp, rule)
		return
	}
	if l.away != nil {
		ix.concludeAway(l.from, l.away, imp, l.r, rule)
		return
	}
	if specifier[0] == '/' {
		ix.resolveAbsolute(l, specifier, imp)
		return
	}
	if specifier[0] != '#' && strings.ContainsAny(specifier, "!?") {
		if bare, ok := withoutQuery(specifier); ok {
			ix.resolveQuery(l, bare, imp)
			return
		}
	}
	if m := builtins[specifier]; m != nil {
		l.r.External(m, imp.Kind, "module of Node")
		return
	}
	if prefix, ok := scheme(specifier); ok {
		m, rule := byScheme(prefix, specifier)
		l.r.External(m, imp.Kind, rule)
		return
	}
	if ix.resolveFramework(l, specifier, imp) {
		return
	}
	if f, rule := l.configuredLeniently(specifier); f.ok() {
		l.to(f, imp, rule)
		return
	}
	if specifier[0] == '#' {
		ix.resolveImportsLeniently(l, specifier, imp)
		return
	}
	ix.resolvePackage(l, specifier, imp)
}

// resolvePackage answers for a package by its name where the compiler finds no
// file.
func (ix *index) resolvePackage(l lookup, specifier string, imp *module.Import) {
	name, rest := packageName(specifier)
	m, how := ix.packageByName(l.from, name, l.r)
	if m == nil {
		if scope := namedScope(ix.scopeOf(l.from)); scope != nil && scope.name == name && scope.dir.scope != nil {
			m, how = scope, "package refers to itself"
		}
	}
	if m != nil {
		if f, rule := l.packageLeniently(m, rest, how); f.ok() {
			l.to(f, imp, rule)
			ix.declare(l.from, name, imp, l.r)
			return
		}
		if m.exports != nil && l.exports {
			if t, star, isStar := m.exports.entry(subpathOf(rest)); t == nil || len(t.paths(star, isStar, nil)) == 0 {
				if f := l.closed(m, rest); f.ok() {
					path := f.path()
					l.r.Found(path)
					l.r.Close(module.ID(path), path+" is there, but the exports of "+m.path+" do not list "+subpathOf(rest)+
						": import "+m.exports.listed()+", or list it")
					return
				}
				l.r.Fail("the package " + name + " (" + m.path + ") does not export " + subpathOf(rest))
				return
			}
			l.r.Fail("no file answers to what the package " + name + " (" + m.path + ") exports as " + subpathOf(rest))
			return
		}
		if rest == "" {
			l.r.Fail("the package " + name + " (" + m.path + ") names no entry whose source is there")
			return
		}
		l.r.Fail("the package " + name + " (" + m.path + ") has no file " + rest)
		return
	}
	_, _, declared := ix.scopeOf(l.from).dependency(name)
	if !declared && ix.resolveUndeclared(l, specifier, imp) {
		return
	}
	if !isPackageName(name) {
		l.r.Fail("no alias matches, and it cannot be the name of a package")
		return
	}
	if !declared {
		if p, rest, ok := bestPattern(l.opts.paths, specifier); ok && p.key != "*" {
			for _, t := range p.targets {
				if other := installed(strings.Replace(t, "*", rest, 1)); other != "" {
					l.r.External(external(other), imp.Kind, p.rule+", into node_modules")
					ix.declare(l.from, other, imp, l.r)
					return
				}
			}
			l.r.Fail("no file answers to " + p.rule + ", and no package.json declares " + name)
			return
		}
	}
	ix.concludeAway(l.from, ix.outside(l.from, specifier), imp, l.r, "package")
}

// concludeFile concludes a dependency on a file that a bare specifier leads to,
// and where it holds declarations alone, on the code they stand for.
func (ix *index) concludeFile(l lookup, f file, specifier string, imp *module.Import, rule string) {
	name, rest := packageName(specifier)
	if imp.Kind == module.Type || !isDeclaration(f.name()) {
		l.to(f, imp, rule)
		ix.declare(l.from, name, imp, l.r)
		return
	}
	run := l.runtime(imp)
	g, runRule := run.bareFile(specifier)
	if !g.ok() && run.away == nil && builtins[specifier] == nil {
		if m, how := ix.packageByName(l.from, name, l.r); m != nil { // its declarations are there, its code is not built
			g, runRule = run.packageLeniently(m, rest, how)
		}
	}
	if g.ok() && !isDeclaration(g.name()) {
		l.both(g, f, imp, runRule)
	} else if away := ix.runtimeAway(&run, specifier); away != nil {
		l.r.External(away, imp.Kind, rule)
		l.r.To(module.ID(f.path()), module.Type, rule)
	} else {
		l.to(f, imp, rule)
	}
	ix.declare(l.from, name, imp, l.r)
}

// runtimeAway is the module outside the workspace that runs where the config
// gives a package declarations of the workspace.
func (ix *index) runtimeAway(run *lookup, specifier string) *module.Module {
	if run.away != nil {
		return run.away
	}
	if m := builtins[specifier]; m != nil {
		return m
	}
	name, _ := packageName(specifier)
	if _, _, ok := ix.scopeOf(run.from).dependency(name); !ok {
		return nil
	}
	if m, _ := ix.packageByName(run.from, name, run.r); m != nil {
		return nil
	}
	return ix.outside(run.from, specifier)
}

// concludeAway concludes a dependency on a module outside the workspace.
func (ix *index) concludeAway(from *source, m *module.Module, imp *module.Import, r *loader.Resolution, rule string) {
	r.External(m, imp.Kind, rule)
	if m.Package != "" {
		name, _ := packageName(imp.Specifier)
		if imp.Specifier[0] == '#' || isRelative(imp.Specifier) {
			name = m.Package
		}
		ix.declare(from, name, imp, r)
	}
}

// declare says of all targets so far how a package is declared.
func (ix *index) declare(from *source, name string, imp *module.Import, r *loader.Resolution) {
	scope := ix.scopeOf(from)
	if scope == nil || !isPackageName(name) {
		return
	}
	declared := module.Undeclared
	if dep, _, ok := scope.dependency(name); ok {
		declared = dep.declared
	} else if dep, _, ok := scope.dependency(typesPackage(name)); ok && imp.Kind == module.Type {
		declared = dep.declared
	} else if named := namedScope(scope); named != nil && named.name == name {
		return
	} else if m, _ := ix.packageByName(from, name, r); m == nil && !slices.ContainsFunc(r.Targets, isAway) {
		return // an alias of the config, no package
	}
	for i := range r.Targets {
		r.Targets[i].Declared = declared
	}
}

func isAway(t loader.Target) bool { return t.External != nil }

// typesPackage is the package of DefinitelyTyped that describes another.
func typesPackage(name string) string {
	if scope, rest, ok := strings.Cut(name, "/"); ok && strings.HasPrefix(scope, "@") {
		return "@types/" + scope[1:] + "__" + rest
	}
	return "@types/" + name
}

// resolveAbsolute answers for "/x": a path of the machine, or else, as the
// servers of bundlers read it, one from the root of the package.
func (ix *index) resolveAbsolute(l lookup, specifier string, imp *module.Import) {
	clean, _ := withoutQuery(specifier)
	if rel := ix.paths.rel(".", clean); !strings.HasPrefix(rel, "../") {
		if f := l.relative(ix.root.walk(rel)); f.ok() {
			l.to(f, imp, ruleWorkspaceAbs)
			return
		}
	}
	bases := []string{"public", "."}
	for m := ix.scopeOf(l.from); m != nil; m = m.parent {
		for _, base := range bases {
			p := m.dir.walk(base + clean)
			if f := l.relative(p); f.ok() {
				l.to(f, imp, "absolute path from the root of the package")
				return
			}
			if f := l.exact(p); f.ok() {
				l.to(f, imp, "absolute path from the root of the package")
				return
			}
		}
	}
	l.r.Fail("there is no such file from the root of the package or of the workspace")
}

// configuredLeniently follows "paths" and "baseUrl" to files that the compiler
// takes no notice of, and from output to source.
func (l *lookup) configuredLeniently(specifier string) (file, string) {
	try := func(target, rule string) (file, string) {
		p := l.ix.root.walk(target)
		if f := l.exact(p); f.ok() {
			return f, rule + byExactName
		}
		if l.strict {
			loose := *l
			loose.strict = false
			if f := loose.relative(p); f.ok() {
				return f, rule + againstConfig
			}
		}
		if p.dir != nil {
			if f := l.customExtension(p); f.ok() {
				return f, rule + withCustomExtension
			}
		}
		return l.fromOutput(target)
	}
	if pattern, rest, ok := bestPattern(l.opts.paths, specifier); ok {
		for _, t := range pattern.targets {
			if f, rule := try(strings.Replace(t, "*", rest, 1), pattern.rule); f.ok() {
				return f, rule
			}
		}
	}
	if l.opts.hasBaseURL {
		return try(loader.Join(l.opts.baseURL, specifier), "tsconfig baseUrl")
	}
	return file{}, ""
}

// resolveImportsLeniently answers for "#x" where the compiler does not.
func (ix *index) resolveImportsLeniently(l lookup, specifier string, imp *module.Import) {
	scope := ix.scopeOf(l.from)
	for scope != nil && scope.imports == nil {
		scope = scope.parent
	}
	if scope == nil || scope.dir.parent == nil && scope.dir != ix.root {
		l.r.Fail("no package.json maps it: there are no imports")
		return
	}
	t, key, rest, star := scope.imports.match(specifier)
	if t == nil {
		l.r.Fail("the imports of " + scope.path + " do not map it")
		return
	}
	if f, rule := l.targetLeniently(scope, t, rest, star, "package imports "+key); f.ok() {
		l.to(f, imp, rule)
		return
	}
	l.r.Fail("no file answers to " + key + " in the imports of " + scope.path)
}

// resolveUndeclared answers for a bare specifier that no package.json declares
// by what the workspace itself offers under it.
func (ix *index) resolveUndeclared(l lookup, specifier string, imp *module.Import) bool {
	if ix.resolveAmbient(l, specifier, imp) {
		return true
	}
	scope := ix.scopeOf(l.from)
	if scope == nil {
		return false
	}
	if mapped, ok := scope.browser[specifier]; ok && isRelative(mapped) {
		if f := l.relative(scope.dir.walk(mapped)); f.ok() {
			l.to(f, imp, "package.json browser")
			return true
		}
	}
	for _, alias := range [...]string{"@/", "~/"} {
		rest, ok := strings.CutPrefix(specifier, alias)
		if !ok {
			continue
		}
		for m := scope; m != nil && m.dir.scope != nil; m = m.parent {
			for _, base := range [...]string{"src/", "app/", ""} {
				p := m.dir.walk(base + rest)
				for _, load := range [...]func(place) file{l.relative, l.exact} {
					if f := load(p); f.ok() {
						l.to(f, imp, "customary alias "+alias+" of the package's source folder")
						return true
					}
				}
				if p.dir != nil {
					if f := l.customExtension(p); f.ok() {
						l.to(f, imp, "customary alias "+alias+" of the package's source folder")
						return true
					}
				}
			}
		}
	}
	return false
}

// declaredBeside adds the files that declare a module of exactly the name that
// led to a module of the workspace: to the compiler the declaration is what the
// name means, whatever file answers to it.
func (ix *index) declaredBeside(l lookup, specifier string) {
	i, found := ix.declaring(specifier)
	if !found || len(l.r.Targets) == 0 {
		return
	}
	led := func(id module.ID) bool {
		return slices.ContainsFunc(l.r.Targets, func(t loader.Target) bool { return t.ID == id })
	}
	if l.r.Targets[0].External != nil || led(ix.ambient[i].id) {
		return
	}
	for ; i < len(ix.ambient) && ix.ambient[i].name == specifier; i++ {
		if id := ix.ambient[i].id; !led(id) && string(id) != l.from.path {
			l.r.To(id, module.Type, "")
		}
	}
}

// declaring returns the place of the first declaration of a module of a name.
func (ix *index) declaring(specifier string) (int, bool) {
	return slices.BinarySearchFunc(ix.ambient, specifier, func(a ambient, name string) int { return strings.Compare(a.name, name) })
}

// resolveAmbient finds the files that declare a module of that name.
func (ix *index) resolveAmbient(l lookup, specifier string, imp *module.Import) bool {
	i, found := ix.declaring(specifier)
	if found {
		for ; i < len(ix.ambient) && ix.ambient[i].name == specifier; i++ {
			l.r.To(ix.ambient[i].id, imp.Kind, "ambient module declaration")
		}
		return true
	}
	best := -1
	for i, a := range ix.ambient {
		prefix, suffix, star := strings.Cut(a.name, "*")
		if !star || len(specifier) < len(prefix)+len(suffix) ||
			!strings.HasPrefix(specifier, prefix) || !strings.HasSuffix(specifier, suffix) {
			continue
		}
		if best < 0 || len(prefix) > len(before(ix.ambient[best].name)) {
			best = i
		}
	}
	if best < 0 {
		return false
	}
	for _, a := range ix.ambient {
		if a.name == ix.ambient[best].name {
			l.r.To(a.id, imp.Kind, "ambient module declaration "+a.name)
		}
	}
	return true
}

// before is the part of a pattern before its star.
func before(pattern string) string {
	prefix, _, _ := strings.Cut(pattern, "*")
	return prefix
}

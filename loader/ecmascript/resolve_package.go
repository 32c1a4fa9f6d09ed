package ecmascript

import (
	"slices"
	"strings"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// inPackage loads the entry of a package, or a path in it, as an import by its
// name does: types first, over all that the package says, and then code.
func (l *lookup) inPackage(m *manifest, rest string) file {
	for _, exts := range [...]extensions{l.exts & extTypes, l.exts &^ extTypes} {
		if exts == 0 {
			continue
		}
		pass := *l
		pass.exts = exts
		if f := pass.packagePass(m, rest); f.ok() {
			return f
		}
	}
	return file{}
}

func (l *lookup) packagePass(m *manifest, rest string) file {
	var p place
	if rest != "" {
		p = m.dir.walk(rest)
		// A folder with a package.json of its own, in a package without exports.
		if sub := l.folderAt(p); l.manifestOf(sub) != nil && (!l.exports || m.exports == nil) {
			if p.name != "" {
				if f := l.fileAt(p); f.ok() {
					return f
				}
			}
			return l.folderFile(sub, sub.own)
		}
	}
	if m.exports != nil && l.exports {
		return l.exported(m, subpathOf(rest))
	}
	if rest == "" {
		if f := l.folderFile(m.dir, m); f.ok() || !l.strict || m.exports != nil {
			return f
		}
		return l.fileAt(place{dir: m.dir, name: "index.js"})
	}
	load := func(p place) file {
		if p.name != "" || p.dir == nil {
			if f := l.fileAt(p); f.ok() {
				return f
			}
		}
		if sub := l.folderAt(p); sub != nil {
			return l.folderFile(sub, m)
		}
		return file{}
	}
	if m.hasTypesVersions {
		if pattern, star, ok := bestPattern(m.typesVersions, rest); ok {
			return l.mapped(pattern, star, m.dir, load)
		}
	}
	return load(p)
}

func subpathOf(rest string) string {
	if rest == "" {
		return "."
	}
	return "./" + rest
}

// exported loads what a package exports under a subpath.
func (l *lookup) exported(m *manifest, subpath string) file {
	t, rest, star := m.exports.entry(subpath)
	if t == nil {
		return file{}
	}
	return l.target(m, t, rest, star, false)
}

// entry finds the entry of "exports" for "." or "./x".
func (e *exportMap) entry(subpath string) (t *target, rest string, star bool) {
	if subpath == "." {
		return e.main, "", false
	}
	if !e.subpaths {
		return nil, "", false
	}
	t, _, rest, star = e.match(subpath)
	return t, rest, star
}

// target loads what a target of "exports" or "imports" leads to: the first path,
// in the order of its conditions, that is there.
func (l *lookup) target(m *manifest, t *target, rest string, star, imports bool) file {
	switch t.kind {
	case targetPath:
		return l.targetPath(m, t, rest, star, imports)
	case targetList, targetObject:
		for i := range t.list {
			if t.kind == targetObject && !l.cond.holds(t.keys[i]) {
				continue
			}
			if f := l.target(m, &t.list[i], rest, star, imports); f.ok() || l.away != nil {
				return f
			}
		}
	}
	return file{}
}

func (l *lookup) targetPath(m *manifest, t *target, rest string, star, imports bool) file {
	p, ok := t.expand(rest, star)
	if !ok {
		return file{}
	}
	if !strings.HasPrefix(t.path, "./") {
		if imports && !strings.HasPrefix(t.path, "../") && !strings.HasPrefix(t.path, "/") {
			return l.importedPackage(m, p)
		}
		return file{}
	}
	if !staysInside(t.path) || !staysInside(rest) {
		return file{}
	}
	if f := l.inputFile(m, p); f.ok() {
		return f
	}
	return l.fieldFileAt(m.dir.walk(p))
}

// maxImportsDepth bounds "imports" that lead to "imports".
const maxImportsDepth = 8

// importedPackage answers for an "imports" target that is a bare specifier.
func (l *lookup) importedPackage(m *manifest, specifier string) file {
	if l.depth >= maxImportsDepth {
		return file{}
	}
	sub := *l
	sub.depth++
	sub.from = &source{dir: m.dir.num, opts: l.from.opts, config: l.from.config, format: l.from.format}
	f, _ := sub.bareFile(specifier)
	l.away = sub.away
	if !f.ok() && l.away == nil {
		l.away = l.ix.outside(sub.from, specifier)
	}
	return f
}

// inputFile maps a target in the output folder of the importer's own config back
// to the source, whether or not the output is there, as the compiler does.
func (l *lookup) inputFile(m *manifest, target string) file {
	o := l.opts
	if o.outDir == "" && o.declarationDir == "" {
		return file{}
	}
	if _, ok := below(m.dir.path, o.config); !ok {
		return file{}
	}
	final := cleanPath(m.dir.path + "/" + target)
	for _, guess := range o.sourceRoots(l.ix.dirOf(l.from).path, m.dir.path) {
		for _, out := range [...]string{o.declarationDir, o.outDir} {
			fragment, ok := below(out, final)
			if out == "" || !ok || fragment == "." {
				continue
			}
			p := l.ix.root.walk(loader.Join(guess, fragment))
			if p.dir == nil || p.name == "" {
				l.missPlace(p)
				continue
			}
			stem, ext := splitExtension(p.name)
			for _, input := range inputExtensions(ext) {
				if l.exts&extensionSet(input) == 0 {
					continue
				}
				if f := p.dir.find(stem, "", input); f.ok() {
					return l.fieldFileAt(place{dir: p.dir, name: f.name()})
				}
				l.miss(p.dir, stem, "", input)
			}
		}
	}
	return file{}
}

// sourceRoots lists the folders that the output may mirror: the one that the
// config names, or every folder from the root down to where the files of the
// package meet.
func (o *options) sourceRoots(from, packageDir string) []string {
	if o.rootDir != "" {
		return []string{o.rootDir}
	}
	if o.composite {
		dir, _ := loader.Split(o.config)
		return []string{dir}
	}
	common := packageDir
	for common != "." {
		if _, ok := below(common, from); ok {
			break
		}
		common, _ = loader.Split(common)
	}
	list := []string{common}
	for common != "." {
		common, _ = loader.Split(common)
		list = append(list, common)
	}
	slices.Reverse(list)
	return list
}

// inputExtensions lists what a file of some extension may be compiled from.
func inputExtensions(ext string) []string {
	switch ext {
	case ".mjs", ".d.mts":
		return []string{".mts", ".mjs"}
	case ".cjs", ".d.cts":
		return []string{".cts", ".cjs"}
	case ".js", ".d.ts", ".json":
		return []string{".tsx", ".ts", ".jsx", ".js"}
	}
	return nil
}

func extensionSet(ext string) extensions {
	switch ext {
	case ".ts", ".tsx", ".mts", ".cts":
		return extTypeScript
	case ".js", ".jsx", ".mjs", ".cjs":
		return extJavaScript
	}
	return 0
}

// bareFile loads the file of the workspace that a specifier other than a relative
// one means to the compiler, and says by which rule.
func (l *lookup) bareFile(specifier string) (file, string) {
	rule := ""
	for _, exts := range l.passes() {
		pass := *l
		pass.exts = exts
		var f file
		if f, rule = pass.bareFilePass(specifier); f.ok() {
			return f, rule
		}
		l.away = pass.away
	}
	return file{}, rule
}

func (l *lookup) bareFilePass(specifier string) (file, string) {
	if pattern, rest, ok := bestPattern(l.opts.paths, specifier); ok {
		if f := l.mapped(pattern, rest, l.ix.root, l.relative); f.ok() {
			return f, pattern.rule
		}
	} else if l.opts.hasBaseURL && specifier[0] != '/' {
		if f := l.relative(l.ix.root.walk(loader.Join(l.opts.baseURL, specifier))); f.ok() {
			return f, "tsconfig baseUrl"
		}
	}
	scope := l.ix.scopeOf(l.from)
	if specifier[0] == '#' && l.opts.imports {
		if scope == nil || scope.imports == nil || specifier == "#" || strings.HasPrefix(specifier, "#/") {
			return file{}, ""
		}
		t, key, rest, star := scope.imports.match(specifier)
		if t == nil {
			return file{}, ""
		}
		return l.target(scope, t, rest, star, true), "package imports " + key
	}
	name, rest := packageName(specifier)
	if scope != nil && name != "" && scope.name == name && scope.exports != nil && l.selfNamed() {
		if f := l.self(scope, subpathOf(rest)); f.ok() {
			return f, "package refers to itself, exports " + subpathOf(rest)
		}
	}
	if _, ok := builtins[specifier]; ok {
		return file{}, ""
	}
	if m, how := l.ix.packageByName(l.from, name, l.r); m != nil {
		if f := l.inPackage(m, rest); f.ok() {
			return f, packageRule(m, how, rest, l)
		}
	}
	for _, root := range l.opts.typeRoots {
		types := *l
		types.exts &= extDeclaration
		if p := l.ix.root.walk(loader.Join(root, specifier)); types.exts != 0 {
			if f := types.relative(p); f.ok() {
				return f, "tsconfig typeRoots"
			}
		}
	}
	return file{}, ""
}

// selfNamed reports whether the config's module resolution lets a package import
// itself by its name.
func (l *lookup) selfNamed() bool { return l.opts.resolution != resolveNode10 }

// self loads what a package exports to itself. Where JavaScript is no source,
// types are preferred over all conditions.
func (l *lookup) self(m *manifest, subpath string) file {
	if l.opts.allowJS {
		return l.exported(m, subpath)
	}
	for _, exts := range [...]extensions{l.exts & extTypes, l.exts &^ extTypes} {
		pass := *l
		pass.exts = exts
		if f := pass.exported(m, subpath); exts != 0 && f.ok() {
			return f
		}
	}
	return file{}
}

// packageRule names the rule by which a package answers.
func packageRule(m *manifest, how, rest string, l *lookup) string {
	if m.exports != nil && l.exports {
		return how + " exports " + subpathOf(rest) + " (" + l.cond[0] + ")"
	}
	if rest != "" {
		return how + " path"
	}
	return how + " entry"
}

// outside returns the module outside the workspace that a bare specifier means,
// or nil.
func (ix *index) outside(from *source, specifier string) *module.Module {
	if m := builtins[specifier]; m != nil {
		return m
	}
	if prefix, ok := scheme(specifier); ok {
		m, _ := byScheme(prefix, specifier)
		return m
	}
	name, _ := packageName(specifier)
	if !isPackageName(name) {
		return nil
	}
	if dep, _, ok := ix.scopeOf(from).dependency(name); ok {
		if real, ok := alias(dep.spec); ok {
			return external(real)
		}
	}
	if m := ix.away[name]; m != nil {
		return m
	}
	return external(name)
}

package ecmascript

import (
	"slices"
	"strings"

	"github.com/eddy-build/eddy/loader"
)

// sourceConditions name, by custom, the source of a package.
var sourceConditions = conditions{"source", "development"}

// packageLeniently finds the source of a package's entry, or of a path in it,
// where no file is where the compiler looks: the output is not built.
func (l *lookup) packageLeniently(m *manifest, rest, how string) (file, string) {
	loose := *l
	loose.strict, loose.exports = false, true
	if f := loose.inPackage(m, rest); f.ok() {
		return f, packageRule(m, how, rest, &loose) + againstConfig
	}
	if m.exports != nil {
		t, star, isStar := m.exports.entry(subpathOf(rest))
		if t == nil {
			return file{}, ""
		}
		if f, rule := l.targetLeniently(m, t, star, isStar, how+" exports "+subpathOf(rest)); f.ok() {
			return f, rule
		}
	} else if f, rule := l.pathLeniently(m, rest, how); f.ok() {
		return f, rule
	}
	if rest != "" {
		return file{}, ""
	}
	for _, p := range [...]string{"src/index", "index", "lib/index", "src/main", "src/public-api", "src/public_api"} {
		if f := l.sourceAt(m.dir.walk(p)); f.ok() {
			return f, how + " entry: " + p + ", as nothing names another"
		}
	}
	return file{}, ""
}

// targetLeniently finds the source behind a target of "exports" or "imports".
func (l *lookup) targetLeniently(m *manifest, t *target, rest string, star bool, rule string) (file, string) {
	// A condition that names the source, then the conditions that hold, then
	// those that would hold elsewhere.
	for _, p := range t.paths(rest, star, slices.Concat(sourceConditions, l.cond)) {
		if f := l.present(m, p); f.ok() {
			return f, rule + " (source)"
		}
	}
	for _, c := range [...]conditions{l.cond, nil} {
		paths := t.paths(rest, star, c)
		if c == nil {
			for _, p := range paths {
				if f := l.present(m, p); f.ok() {
					return f, rule + " (under another condition)"
				}
			}
		}
		for _, p := range paths {
			if f, rule := l.fromOutput(cleanPath(m.dir.path + "/" + p)); f.ok() {
				return f, rule
			}
		}
	}
	return file{}, ""
}

// pathLeniently finds the source of the entry of a package without exports, or
// of a path in it.
func (l *lookup) pathLeniently(m *manifest, rest, how string) (file, string) {
	if rest != "" {
		p := m.dir.walk(rest)
		if f := l.exact(p); f.ok() {
			return f, how + " path" + byExactName
		}
		if f, rule := l.fromOutput(cleanPath(m.dir.path + "/" + rest)); f.ok() {
			return f, rule
		}
		if m.publishDir != "" {
			if f, rule := l.fromOutput(cleanPath(m.dir.path + "/" + m.publishDir + "/" + rest)); f.ok() {
				return f, rule
			}
		}
		if f := l.sourceAt(m.dir.walk("src/" + rest)); f.ok() {
			return f, how + " path, in src"
		}
		if l.folderAt(p) != nil { // a folder that ng-packagr makes an entry of
			for _, entry := range [...]string{"src/public-api", "src/public_api", "src/index", "public-api", "public_api"} {
				if f := l.sourceAt(m.dir.walk(rest + "/" + entry)); f.ok() {
					return f, how + " path, in " + rest
				}
			}
		}
		return file{}, ""
	}
	types := m.types
	if l.exts&extDeclaration == 0 {
		types = ""
	}
	fields := [...]struct{ name, value string }{
		{"source", m.source}, {"types", types}, {"main", m.main}, {"module", m.module}, {"browser", m.browserMain},
	}
	for _, f := range fields {
		if f.value == "" {
			continue
		}
		if found := l.present(m, f.value); found.ok() {
			return found, how + " entry by " + f.name
		}
	}
	for _, f := range fields {
		if f.value == "" {
			continue
		}
		if found, rule := l.fromOutput(cleanPath(m.dir.path + "/" + f.value)); found.ok() {
			return found, rule
		}
	}
	if replaced := m.browser["./"+strings.TrimPrefix(m.main, "./")]; replaced != "" {
		if found := l.present(m, replaced); found.ok() {
			return found, how + " entry by browser"
		}
	}
	return file{}, ""
}

// present loads a path of a package if it is there, with the extensions of
// source; one without an extension is read as bundlers read a relative one.
func (l *lookup) present(m *manifest, p string) file {
	at := m.dir.walk(p)
	loose := *l
	loose.strict = false
	if f := loose.fieldFileAt(at); f.ok() {
		return f
	}
	if f := loose.exact(at); f.ok() {
		return f
	}
	if _, ext := splitExtension(p); isCodeExtension(ext) {
		return file{}
	}
	return loose.relative(at) // "./src/*": "./src/*"
}

// The rules by which a path in an output folder leads to its source.
const (
	ruleOutDir = "output mapped to source by the package's outDir"
	ruleUsual  = "output mapped to source by the customary folders"
	ruleBundle = "bundle of the package's name mapped to its entry"
)

// fromOutput maps a path of the workspace that is not there to its source.
func (l *lookup) fromOutput(target string) (file, string) {
	target = cleanPath(target)
	if strings.HasPrefix(target, "../") {
		return file{}, ""
	}
	m := l.ix.scopeAt(target)
	if m == nil {
		return file{}, ""
	}
	l.r.Consult(keyManifest, m.dir.path)
	for _, t := range m.outputs {
		for _, out := range [...]string{t.opts.declarationDir, t.opts.outDir} {
			rest, ok := below(out, target)
			if out == "" || out == m.dir.path || !ok || rest == "." {
				continue
			}
			for _, root := range t.roots() {
				if f := l.sourceAt(l.ix.root.walk(loader.Join(root, rest))); f.ok() {
					return f, ruleOutDir
				}
			}
		}
	}
	if rel, ok := below(m.dir.path, target); ok {
		// A file that only passes the output on is not the source of it.
		if f := l.usualSource(m, rel); f.ok() && f.path() != l.from.path {
			return f, ruleUsual
		}
		if f := l.bundled(m, rel); f.ok() && f.path() != l.from.path {
			return f, ruleBundle
		}
	}
	return file{}, ""
}

// scopeAt is the package that a path belongs to, whether or not it is there.
func (ix *index) scopeAt(p string) *manifest {
	d := ix.root
	for {
		seg, rest, more := strings.Cut(p, "/")
		next := d.kid(seg)
		if next == nil || !more {
			break
		}
		d, p = next, rest
	}
	if d.scope == nil || d.scope.dir.scope == nil {
		return nil // above the workspace
	}
	return namedOr(d.scope)
}

// namedOr prefers a package with a name: one without only says the type of a
// folder's files.
func namedOr(m *manifest) *manifest {
	if named := namedScope(m); named != nil && named.dir.scope != nil {
		return named
	}
	return m
}

// roots lists the folders that a config's output may mirror, the likeliest
// first.
func (t *tsconfig) roots() []string {
	if t.opts.rootDir != "" {
		return []string{t.opts.rootDir}
	}
	list := []string{t.dir}
	if t.opts.composite {
		return list
	}
	for i := range t.include {
		if root, ok := t.include[i].root(); ok && !slices.Contains(list, root) {
			list = slices.Insert(list, len(list)-1, root)
		}
	}
	return list
}

// root is the folder before the first wildcard of a pattern.
func (g *glob) root() (string, bool) {
	if g.up > 0 {
		return "", false
	}
	i := slices.IndexFunc(g.segments, func(s string) bool { return strings.ContainsAny(s, "*?") })
	if i < 0 {
		i = len(g.segments) - 1
	}
	if i == 0 {
		return ".", true
	}
	return strings.Join(g.segments[:i], "/"), true
}

// outputNames are the folders that builds customarily write to.
var outputNames = []string{
	"dist", "lib", "build", "out", "output", "esm", "cjs", "es", "es6", "es2015", "es2017", "es2020", "es2022", "esnext",
	"esnode", "module", "modules", "commonjs", "umd", "types", "typings", "dts", "bundle", "bundles", "browser", "node",
	"modern", "legacy", "development", "production", "import", "require", "fesm2015", "fesm2022", "_esm", "_cjs", "_types",
	"dist-types", "dist-esm", "dist-cjs", "dist-node", "dist-web", "dist-src", "build-types", "build-module", "lib-esm", "lib-cjs",
}

// sourceNames are the folders that sources customarily live in, relative to a
// package.
var sourceNames = [...]string{"src", ".", "source", "lib"}

// usualSource finds the one source that a path in a customary output folder can
// come from; none where several fit.
func (l *lookup) usualSource(m *manifest, rel string) file {
	rest := rel
	var found []file
	for {
		head, tail, more := strings.Cut(rest, "/")
		if !more || !slices.Contains(outputNames, head) {
			break
		}
		rest = tail
		for _, base := range sourceNames {
			candidate := cleanPath(base + "/" + rest)
			if strings.HasPrefix(candidate, head+"/") && base != "." {
				continue // the output folder itself
			}
			f := l.sourceAt(m.dir.walk(candidate))
			if !f.ok() {
				f = l.sourceAt(m.dir.walk(withoutFlavour(candidate)))
			}
			if !f.ok() || slices.Contains(found, f) {
				continue
			}
			l.r.Found(f.path())
			if base == "." && !isTypeScript(f.name()) {
				continue // at the root of a package JavaScript passes the output on
			}
			found = append(found, f)
		}
	}
	if len(found) != 1 {
		return file{}
	}
	return found[0]
}

// bundled is the entry of a package whose bundle has the package's own name:
// dist/vue.cjs.js, dist/vue.global.prod.js.
func (l *lookup) bundled(m *manifest, rel string) file {
	head, _, more := strings.Cut(rel, "/")
	if !more || m.name == "" || !slices.Contains(outputNames, head) {
		return file{}
	}
	_, own := loader.Split(m.name)
	_, name := loader.Split(rel)
	rest, ok := strings.CutPrefix(name, own+".")
	if _, ext := splitExtension("." + rest); !ok || !isCodeExtension(ext) || ext == ".json" {
		return file{}
	}
	return l.sourceAt(m.dir.walk("src/index"))
}

// withoutFlavour takes a bundle's flavour out of its name: index.esm.js,
// index.min.js.
func withoutFlavour(p string) string {
	dir, name := loader.Split(p)
	stem, ext := splitExtension(name)
	if base, flavour, ok := strings.Cut(stem, "."); ok {
		switch flavour {
		case "min", "esm", "es", "cjs", "umd", "iife", "mjs", "prod", "production", "dev", "development", "modern", "module", "bundle",
			"global", "browser", "node", "common", "esm.min", "umd.min", "cjs.js", "es.js", "esm-browser", "esm-bundler":
			return loader.Join(dir, base+ext)
		}
	}
	return p
}

// sourceAt loads the source that a path of output comes from: the same name with
// an extension of source. A path without one may be a folder.
func (l *lookup) sourceAt(p place) file {
	if p.dir == nil || p.name == "" {
		if p.dir != nil {
			return l.anyOf(p.dir, "index", sourceExtensions(""))
		}
		l.missPlace(p)
		return file{}
	}
	stem, ext := splitExtension(p.name)
	if f := l.anyOf(p.dir, stem, sourceExtensions(ext)); f.ok() {
		return f
	}
	if f := l.exact(p); f.ok() {
		return f
	}
	if isCodeExtension(ext) {
		return file{}
	}
	if f := l.anyOf(p.dir, p.name, sourceExtensions("")); f.ok() {
		return f
	}
	if d := l.folderAt(p); d != nil {
		return l.anyOf(d, "index", sourceExtensions(""))
	}
	return file{}
}

// anyOf finds the first of some files.
func (l *lookup) anyOf(d *folder, stem string, exts []string) file {
	for _, ext := range exts {
		if f := d.find(stem, "", ext); f.ok() {
			return f
		}
		l.miss(d, stem, "", ext)
	}
	return file{}
}

// sourceExtensions lists what an output of some extension may come from. A
// bundler gives its output any of them.
func sourceExtensions(ext string) []string {
	switch ext {
	case "", ".js", ".jsx", ".d.ts":
		return []string{".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs", ".vue"}
	case ".mjs", ".d.mts":
		return []string{".mts", ".ts", ".tsx", ".mjs", ".js", ".jsx"}
	case ".cjs", ".d.cts":
		return []string{".cts", ".ts", ".tsx", ".cjs", ".js", ".jsx"}
	case ".css":
		return []string{".css", ".scss", ".sass", ".less", ".styl"}
	}
	return nil
}

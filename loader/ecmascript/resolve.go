package ecmascript

import (
	"maps"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// Modules implements [loader.Resolver].
func (ix *index) Modules() []*module.Module { return ix.modules }

// Skipped implements [loader.Resolver]: every file is a module.
func (ix *index) Skipped() []loader.Skipped { return nil }

// Implicit implements [loader.Resolver]: these languages imply nothing. All that a
// file imports depends on its config and on the manifests above it.
func (ix *index) Implicit(from *module.Module, r *loader.Resolution) {
	s := ix.sourceOf(from.ID)
	if s == nil {
		return
	}
	r.Consult(keySource, s.path)
	for m := ix.scopeOf(s); m != nil; m = m.parent {
		r.Consult(keyManifest, m.dir.path)
	}
}

// Diagnostics implements [loader.Resolver].
func (ix *index) Diagnostics() []module.Diagnostic { return ix.diags }

// Inputs implements [loader.Resolver].
func (ix *index) Inputs() []string { return slices.Sorted(maps.Keys(ix.inputs)) }

// Probing implements [loader.ProbingResolver].
func (ix *index) Probing() {}

// Resolve implements [loader.Resolver].
func (ix *index) Resolve(from *module.Module, imp *module.Import, r *loader.Resolution) {
	s := ix.sourceOf(from.ID)
	if s == nil {
		r.Fail("the importing file is not in the tree")
		return
	}
	specifier := imp.Specifier
	switch {
	case specifier == "":
		r.Fail("the specifier is empty")
		return
	case imp.Flags&module.Pattern != 0:
		ix.resolvePattern(s, imp, r)
		return
	case imp.Flags&module.TypeRef != 0:
		ix.resolveTypeReference(s, imp, r)
		return
	case imp.Flags&module.FileRef != 0:
		ix.resolveFileReference(s, imp, r)
		return
	}
	l := ix.newLookup(s, imp, r)
	if isRelative(specifier) {
		ix.resolveRelative(l, specifier, imp)
		return
	}
	ix.resolveBare(l, specifier, imp)
}

// newLookup begins the lookup that the compiler makes for an import.
func (ix *index) newLookup(s *source, imp *module.Import, r *loader.Resolution) lookup {
	l := lookup{ix: ix, r: r, opts: s.opts, from: s, exts: extAll, exports: s.opts.exports}
	l.cond, l.strict = s.mode(imp, true)
	return l
}

// mode tells the conditions that hold for an import, and whether it must name
// its file in full.
func (s *source) mode(imp *module.Import, types bool) (conditions, bool) {
	o := s.opts
	esm := true
	switch {
	case imp.Flags&module.Require != 0:
		esm = false
	case imp.Kind == module.Deferred && o.dynamicESM:
	case s.format == formatCommonJS:
		esm = false
	case s.format == formatNone:
		esm = !o.commonJS
	}
	strict := esm && o.resolution == resolveNode16 && s.format != formatNone
	switch {
	case esm && types:
		return o.importTypes, strict
	case esm:
		return o.importRuntime, strict
	case types:
		return o.requireTypes, strict
	}
	return o.requireRuntime, strict
}

// againstConfig marks an answer that a laxer module resolution than the config's
// gives.
const againstConfig = ", against the config's module resolution"

// What a rule ends with where a path answers of which the compiler takes no notice.
const (
	byExactName         = ", file of that exact name"
	withCustomExtension = ", with an extension that bundlers add"
)

// The rules that answer for relative specifiers.
const (
	ruleRelative     = "relative path"
	ruleRootDirs     = "tsconfig rootDirs"
	ruleDeclared     = "declaration beside the code"
	ruleExact        = "file of that exact name"
	ruleQuery        = "file, without the bundler's query or loader"
	ruleNoExtension  = "relative path" + againstConfig
	ruleCustom       = "relative path" + withCustomExtension
	rulePlatform     = "relative path, one file a platform"
	ruleIgnored      = "relative path of a file that the walk leaves out"
	ruleWorkspaceAbs = "absolute path in the workspace"
)

// resolveRelative answers for "./x" and "../x".
func (ix *index) resolveRelative(l lookup, specifier string, imp *module.Import) {
	p := ix.dirOf(l.from).walk(specifier)
	if f := l.relativeOrRootDirs(p, specifier); f.ok() {
		rule := ruleRelative
		if imp.Kind != module.Type && isDeclaration(f.name()) {
			run := l.runtime(imp)
			if g := run.relativeOrRootDirs(p, specifier); g.ok() && !isDeclaration(g.name()) {
				l.both(g, f, imp, rule)
				return
			}
			if g := run.exact(p); g.ok() {
				l.both(g, f, imp, ruleExact)
				return
			}
		}
		l.to(f, imp, rule)
		return
	}
	if f, rule := l.relativeLeniently(p, specifier); f.ok() {
		l.to(f, imp, rule)
		return
	}
	if l.platforms(p, imp) {
		return
	}
	if path, ok := withoutQuery(specifier); ok {
		ix.resolveQuery(l, path, imp)
		return
	}
	if name := installed(specifier); name != "" {
		ix.concludeAway(l.from, external(name), imp, l.r, "path into node_modules")
		return
	}
	if l.ignored(specifier, imp) {
		return
	}
	if ix.resolveRouteTypes(l, specifier, imp) {
		return
	}
	switch {
	case p.dir == nil && p.missing == "":
		l.r.Fail("the path leads out of the workspace")
	case p.dir == nil:
		l.r.Fail("there is no folder " + p.missing)
	case l.folderAt(p) != nil:
		l.r.Fail("the folder has no index file and no package.json that names its entry")
	default:
		l.r.Fail("there is no such file")
	}
}

// relativeOrRootDirs loads a relative path, in the virtual folder that the
// config's rootDirs make of several too.
func (l *lookup) relativeOrRootDirs(p place, specifier string) file {
	for _, exts := range l.passes() {
		pass := *l
		pass.exts = exts
		if len(l.opts.rootDirs) > 0 {
			candidate := cleanTarget(l.ix.dirOf(l.from).path + "/" + specifier)
			if f := pass.inRootDirs(candidate); f.ok() {
				return f
			}
		}
		if f := pass.relative(p); f.ok() {
			return f
		}
	}
	return file{}
}

// inRootDirs loads a path in one of the rootDirs from each of them. A path to such
// a folder itself means that folder alone, unless it ends with a slash.
func (l *lookup) inRootDirs(candidate string) file {
	best, rest := -1, ""
	if candidate == ".." || strings.HasPrefix(candidate, "../") {
		return file{} // out of the workspace
	}
	for i, root := range l.opts.rootDirs {
		if sub, ok := below(root, candidate); ok && sub != "." && (best < 0 || len(root) > len(l.opts.rootDirs[best])) {
			best, rest = i, sub
		}
	}
	if best < 0 {
		return file{}
	}
	if f := l.relative(l.ix.root.walk(candidate)); f.ok() {
		return f
	}
	for i, root := range l.opts.rootDirs {
		if i == best {
			continue
		}
		if f := l.relative(l.ix.root.walk(loader.Join(root, rest))); f.ok() {
			return f
		}
	}
	return file{}
}

// runtime is the lookup for what an import loads when the program runs: no
// declarations, and no condition or field for types.
func (l *lookup) runtime(imp *module.Import) lookup {
	run := *l
	run.exts = extRuntime
	run.cond, run.strict = l.from.mode(imp, false)
	return run
}

// exact loads the very file that a place names.
func (l *lookup) exact(p place) file {
	if p.dir == nil || p.name == "" {
		l.missPlace(p)
		return file{}
	}
	f := p.dir.find(p.name, "", "")
	if !f.ok() {
		l.miss(p.dir, p.name, "", "")
	}
	return f
}

// to concludes a dependency on a file.
func (l *lookup) to(f file, imp *module.Import, rule string) {
	path := f.path()
	l.r.Found(path)
	l.r.To(module.ID(path), imp.Kind, rule)
}

// both concludes the dependencies on a file and on the declarations that stand
// for it when types are checked.
func (l *lookup) both(code, types file, imp *module.Import, rule string) {
	l.to(code, imp, rule)
	path := types.path()
	l.r.Found(path)
	l.r.To(module.ID(path), module.Type, ruleDeclared)
}

// relativeLeniently finds what a path means to run times and bundlers where it
// means nothing to the compiler.
func (l *lookup) relativeLeniently(p place, specifier string) (file, string) {
	if f := l.exact(p); f.ok() {
		return f, ruleExact
	}
	if l.strict {
		loose := *l
		loose.strict = false
		if f := loose.relative(p); f.ok() {
			return f, ruleNoExtension
		}
	}
	if p.dir != nil {
		if f := l.customExtension(p); f.ok() {
			return f, ruleCustom
		}
	}
	if d := l.folderAt(p); l.manifestOf(d) != nil {
		if f, rule := l.pathLeniently(d.own, "", "folder"); f.ok() {
			return f, rule
		}
	}
	if f, rule := l.fromOutput(loader.Join(l.ix.dirOf(l.from).path, specifier)); f.ok() {
		return f, rule
	}
	return file{}, ""
}

// customExtensions are those that the common bundlers add where the compiler
// does not.
var customExtensions = [...]string{".mjs", ".mts", ".cjs", ".cts", ".json", ".vue", ".svelte", ".astro"}

func (l *lookup) customExtension(p place) file {
	if p.name != "" {
		if f := l.anyOf(p.dir, p.name, customExtensions[:]); f.ok() {
			return f
		}
	}
	d := l.folderAt(p)
	if d == nil {
		return file{}
	}
	return l.anyOf(d, "index", customExtensions[:])
}

// platforms concludes a dependency on each file that React Native would choose
// from by the platform it builds for.
func (l *lookup) platforms(p place, imp *module.Import) bool {
	if p.dir == nil || p.name == "" {
		return false
	}
	stem := p.name
	if s, ext := splitExtension(stem); ext == ".js" || ext == ".ts" || ext == ".jsx" || ext == ".tsx" {
		stem = s
	}
	found := false
	for _, platform := range [...]string{".android", ".ios", ".native", ".web"} {
		for _, ext := range [...]string{".ts", ".tsx", ".js", ".jsx"} {
			if f := p.dir.find(stem, platform, ext); f.ok() {
				l.to(f, imp, rulePlatform)
				found = true
				break
			}
			l.miss(p.dir, stem, platform, ext)
		}
	}
	return found
}

// ignored concludes a dependency on a file that the walk leaves out, such as one
// that a tool generates: it is an asset, as nothing reads it.
func (l *lookup) ignored(specifier string, imp *module.Import) bool {
	target := cleanPath(loader.Join(l.ix.dirOf(l.from).path, specifier))
	if strings.HasPrefix(target, "../") || target == ".." || target == "." {
		return false
	}
	stem, ext := splitExtension(target)
	names := []string{target}
	switch ext {
	case ".js", ".jsx":
		names = append(names, stem+".ts", stem+".tsx", stem+".d.ts")
	case ".mjs":
		names = append(names, stem+".mts", stem+".d.mts")
	case ".cjs":
		names = append(names, stem+".cts", stem+".d.cts")
	}
	for _, base := range [...]string{target, target + "/index"} {
		for _, ext := range [...]string{".ts", ".tsx", ".d.ts", ".js", ".jsx", ".json"} {
			names = append(names, base+ext)
		}
	}
	for _, name := range names {
		if l.r.File(name) {
			l.r.To(module.ID(name), imp.Kind, ruleIgnored)
			return true
		}
	}
	return false
}

package ecmascript

import (
	"strings"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// extensions is a set of the sorts of files that a lookup accepts.
type extensions uint8

const (
	extTypeScript extensions = 1 << iota
	extJavaScript
	extDeclaration
	extJSON

	extTypes = extTypeScript | extDeclaration
	extAll   = extTypes | extJavaScript | extJSON
	// extRuntime leaves out what does not exist at run time.
	extRuntime = extTypeScript | extJavaScript | extJSON
)

// lookup is the state of one attempt to resolve one import. It lives on the
// stack of Resolve.
type lookup struct {
	ix   *index
	r    *loader.Resolution
	opts *options
	from *source
	cond conditions
	exts extensions
	// strict asks for file names as they are: no extension is added, no folder
	// stands for its index. Node wants it of ECMAScript modules.
	strict  bool
	exports bool // package.json "exports" count
	depth   int  // of "imports" that lead to packages
	// searched is the folder of the last miss.
	searched *folder
	// away is the module outside the workspace that an "imports" map leads to.
	away *module.Module
}

// passes lists the sets of files that are looked for one after the other, each
// over all that a specifier can mean: node10 wants types before code, wherever
// they are.
func (l *lookup) passes() []extensions {
	if l.opts.resolution != resolveNode10 {
		return []extensions{l.exts}
	}
	return []extensions{l.exts & extTypes, l.exts &^ extTypes}
}

// fileAt loads the file that a place names, by the compiler's order of
// extensions; the place must not be a folder's.
func (l *lookup) fileAt(p place) file {
	if p.dir == nil {
		l.missPlace(p)
		return file{}
	}
	if stem, ext := splitExtension(p.name); ext != "" {
		if f := l.tryExtensions(p.dir, stem, ext, l.exts); f.ok() {
			return f
		}
	}
	if l.strict {
		return file{}
	}
	return l.tryExtensions(p.dir, p.name, "", l.exts)
}

// substitutedFileAt is fileAt without adding an extension.
func (l *lookup) substitutedFileAt(p place) file {
	if p.dir == nil || p.name == "" {
		l.missPlace(p)
		return file{}
	}
	stem, ext := splitExtension(p.name)
	if ext == "" {
		return file{}
	}
	return l.tryExtensions(p.dir, stem, ext, l.exts)
}

// fieldFileAt loads what a field of package.json names: a TypeScript file as it
// is written, others by substitution.
func (l *lookup) fieldFileAt(p place) file {
	if p.dir == nil || p.name == "" {
		l.missPlace(p)
		return file{}
	}
	if l.exts&extTypeScript != 0 && isTypeScript(p.name) || l.exts&extDeclaration != 0 && isDeclaration(p.name) {
		_, ext := splitExtension(p.name)
		return l.tryFile(p.dir, strings.TrimSuffix(p.name, ext), ext)
	}
	return l.substitutedFileAt(p)
}

// tryExtensions tries the files that a specifier stem+ext may mean. ext is the
// extension as written, or "".
func (l *lookup) tryExtensions(d *folder, stem, ext string, exts extensions) file {
	var try [5]string
	n := 0
	add := func(set extensions, names ...string) {
		if exts&set != 0 {
			n += copy(try[n:], names)
		}
	}
	switch ext {
	case ".mjs", ".mts", ".d.mts":
		add(extTypeScript, ".mts")
		add(extDeclaration, ".d.mts")
		add(extJavaScript, ".mjs")
	case ".cjs", ".cts", ".d.cts":
		add(extTypeScript, ".cts")
		add(extDeclaration, ".d.cts")
		add(extJavaScript, ".cjs")
	case ".json":
		if exts&extDeclaration != 0 {
			if f := l.tryFile(d, stem+".d.json", ".ts"); f.ok() {
				return f
			}
		}
		add(extJSON, ".json")
	case ".tsx", ".jsx":
		add(extTypeScript, ".tsx", ".ts")
		add(extDeclaration, ".d.ts")
		add(extJavaScript, ".jsx", ".js")
	case ".ts", ".d.ts", ".js", "":
		add(extTypeScript, ".ts", ".tsx")
		add(extDeclaration, ".d.ts")
		add(extJavaScript, ".js", ".jsx")
	default:
		if exts&extDeclaration != 0 {
			return l.tryFile(d, stem+".d"+ext, ".ts")
		}
	}
	for _, e := range try[:n] {
		if f := l.tryFile(d, stem, e); f.ok() {
			return f
		}
	}
	return file{}
}

// tryFile looks for one file, under each of the config's moduleSuffixes.
func (l *lookup) tryFile(d *folder, stem, ext string) file {
	if len(l.opts.moduleSuffixes) == 0 {
		f := d.find(stem, "", ext)
		if !f.ok() {
			l.miss(d, stem, "", ext)
		}
		return f
	}
	for _, suffix := range l.opts.moduleSuffixes {
		if f := d.find(stem, suffix, ext); f.ok() {
			return f
		}
		l.miss(d, stem, suffix, ext)
	}
	return file{}
}

// relative loads a file or a folder, as a relative specifier or a target of
// "paths" names them.
func (l *lookup) relative(p place) file {
	if p.dir == nil {
		l.missPlace(p)
		return file{}
	}
	if p.name != "" {
		if f := l.fileAt(p); f.ok() {
			return f
		}
	}
	if l.strict {
		return file{}
	}
	d := l.folderAt(p)
	if d == nil {
		return file{}
	}
	return l.folderFile(d, l.manifestOf(d))
}

// folderFile loads the file that a folder stands for: what its package.json
// says, or else its index. The manifest may be that of a package further up, of
// which "typesVersions" count alone.
func (l *lookup) folderFile(d *folder, m *manifest) file {
	var field place
	var named bool
	if m != nil {
		main := ""
		if m.dir == d {
			main = m.main
			if l.exts&extDeclaration != 0 && m.types != "" {
				main = m.types
			}
		}
		if main != "" {
			field, named = d.walk(main), true
		}
		if m.hasTypesVersions {
			if f, done := l.typesVersions(d, m, main); done {
				return f
			}
		}
	}
	if named {
		if f := l.fromField(field, m); f.ok() {
			return f
		}
	}
	if l.strict {
		return file{}
	}
	return l.tryExtensions(d, "index", "", l.exts)
}

// fromField loads the file or folder that a field such as "main" names.
func (l *lookup) fromField(p place, m *manifest) file {
	if f := l.fieldFileAt(p); f.ok() {
		return f
	}
	sub := *l
	if sub.exts == extDeclaration {
		sub.exts = extTypes
	}
	if m == nil || !m.esm {
		sub.strict = false
	}
	if p.dir == nil {
		return file{}
	}
	if p.name != "" {
		if f := sub.fileAt(p); f.ok() {
			return f
		}
	}
	if sub.strict {
		return file{}
	}
	d := l.folderAt(p)
	if d == nil {
		return file{}
	}
	return sub.folderFile(d, nil)
}

// typesVersions maps the entry of a package by its "typesVersions". It reports
// whether that decides the lookup.
func (l *lookup) typesVersions(d *folder, m *manifest, main string) (file, bool) {
	name := "index"
	if main != "" {
		if name = cleanPath(main); strings.HasPrefix(name, "../") {
			return file{}, false
		}
	}
	pattern, rest, ok := bestPattern(m.typesVersions, name)
	if !ok {
		return file{}, false
	}
	return l.mapped(pattern, rest, d, func(p place) file { return l.fromField(p, m) }), true
}

// mapped loads what the star of a pattern stands for from each of its targets. A
// star that stands for nothing stays one, as the compiler has it.
func (l *lookup) mapped(pattern *pathPattern, rest string, base *folder, load func(place) file) file {
	for _, t := range pattern.targets {
		_, ext := splitExtension(t)
		if rest != "" {
			t = strings.Replace(t, "*", rest, 1)
		}
		p := base.walk(cleanTarget(t))
		if isCodeExtension(ext) && p.dir != nil && p.name != "" {
			if f := l.tryFile(p.dir, strings.TrimSuffix(p.name, ext), ext); f.ok() {
				return f
			}
		}
		if f := load(p); f.ok() {
			return f
		}
	}
	return file{}
}

// miss records a file or folder that was looked for and is not there, and the
// folder that it was looked for in: without it other paths would be missing.
func (l *lookup) miss(d *folder, stem, suffix, ext string) {
	if l.searched != d {
		l.searched = d
		l.r.Found(d.path)
	}
	if d.path == "." {
		l.r.Missed(stem, suffix, ext)
		return
	}
	l.r.Missed(d.path, "/", stem, suffix, ext)
}

// missPlace records a place whose folder is not there.
func (l *lookup) missPlace(p place) {
	if p.missing != "" {
		l.r.Missed(p.missing)
	}
}

// folderAt is the folder that a place names, or nil.
func (l *lookup) folderAt(p place) *folder {
	if p.dir == nil || p.name == "" {
		return p.dir
	}
	d := p.dir.kid(p.name)
	if d == nil {
		l.miss(p.dir, p.name, "", "")
		return nil
	}
	l.r.Found(d.path)
	return d
}

// splitExtension splits a file name before its extension; a declaration's has
// two parts. A name without a dot has none.
func splitExtension(name string) (stem, ext string) {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return name, ""
	}
	switch name[i:] {
	case ".ts", ".mts", ".cts":
		if strings.HasSuffix(name[:i], ".d") {
			i -= len(".d")
		}
	}
	return name[:i], name[i:]
}

// isCodeExtension reports whether ext is one that the compiler knows.
func isCodeExtension(ext string) bool {
	switch ext {
	case ".d.ts", ".d.mts", ".d.cts", ".mjs", ".mts", ".cjs", ".cts", ".ts", ".js", ".tsx", ".jsx", ".json":
		return true
	}
	return false
}

func isTypeScript(name string) bool {
	return strings.HasSuffix(name, ".ts") || strings.HasSuffix(name, ".tsx") ||
		strings.HasSuffix(name, ".mts") || strings.HasSuffix(name, ".cts")
}

// isDeclaration reports whether a file holds declarations alone: a.d.ts,
// a.d.mts, a.d.cts, a.d.json.ts.
func isDeclaration(name string) bool {
	stem, ok := strings.CutSuffix(name, ".ts")
	if !ok {
		return strings.HasSuffix(name, ".d.mts") || strings.HasSuffix(name, ".d.cts")
	}
	if strings.HasSuffix(stem, ".d") {
		return true
	}
	// a.d.json.ts, a.d.css.ts
	i := strings.LastIndexByte(stem, '.')
	return i > 0 && strings.HasSuffix(stem[:i], ".d")
}

// manifestOf returns the manifest in a folder itself, or nil, and notes that it
// counts.
func (l *lookup) manifestOf(d *folder) *manifest {
	if d == nil || d.own == nil {
		return nil
	}
	l.r.Consult(keyManifest, d.path)
	return d.own
}

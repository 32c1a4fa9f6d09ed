package ecmascript

import (
	"bytes"
	"encoding/json"
	"path"
	"strings"

	"github.com/eddy-build/eddy/module"
)

// moduleResolution is how a config says that specifiers are read.
type moduleResolution uint8

const (
	resolveBundler moduleResolution = iota // the default, where nothing is configured
	resolveNode10
	resolveNode16 // and nodenext
)

// options are the compiler options that resolution depends on, with what a
// config extends merged in. Paths are relative to the workspace root.
type options struct {
	resolution       moduleResolution
	commonJS         bool // what is emitted: ES imports become require
	dynamicESM       bool // import() is never turned into require
	baseURL          string
	hasBaseURL       bool
	paths            []pathPattern
	rootDirs         []string
	typeRoots        []string
	moduleSuffixes   []string
	customConditions []string
	exports, imports bool // resolvePackageJsonExports and …Imports
	outDir           string
	declarationDir   string
	rootDir          string
	composite        bool
	allowJS          bool
	config           string // the path of the config file; "" where there is none

	// The conditions of each way to import, with and without "types".
	importTypes, importRuntime   conditions
	requireTypes, requireRuntime conditions
}

// defaultOptions hold for a file that no config governs.
func defaultOptions() *options {
	o := &options{allowJS: true, exports: true, imports: true}
	o.setConditions()
	return o
}

// setConditions fills in the conditions that follow from the rest.
func (o *options) setConditions() {
	make := func(form string, types bool) conditions {
		list := conditions{form}
		if types {
			list = append(list, "types")
		}
		if o.resolution != resolveBundler {
			list = append(list, "node")
		}
		return append(list, o.customConditions...)
	}
	o.importTypes, o.importRuntime = make("import", true), make("import", false)
	o.requireTypes, o.requireRuntime = make("require", true), make("require", false)
}

// rawOptions are compiler options as they are written, a raw value a key, each
// with the folder of the config that writes it.
type rawOptions map[string]rawOption

type rawOption struct {
	value json.RawMessage
	dir   string
}

// newOptions reads the options of a config in a folder. Values of a wrong type
// count as absent: the compiler's own message tells the user more.
func (c *configs) newOptions(raw rawOptions, configPath, configDir string) *options {
	o := &options{config: configPath}
	str := func(key string) string { return strings.ToLower(text(raw[key].value)) }
	flag := func(key string, otherwise bool) bool {
		switch string(raw[key].value) {
		case "true":
			return true
		case "false":
			return false
		}
		return otherwise
	}
	folder := func(key string) string {
		if p := text(raw[key].value); p != "" {
			return c.at(configDir, raw[key].dir, p)
		}
		return ""
	}
	mod := str("module")
	o.resolution, o.commonJS = resolutionOf(str("moduleresolution"), mod, str("target"))
	o.dynamicESM = o.resolution == resolveNode16 || mod == "preserve"
	if o.baseURL = folder("baseurl"); o.baseURL != "" {
		o.hasBaseURL = true
	}
	folders := func(key string) (list []string) {
		for _, p := range stringList(raw[key].value) {
			list = append(list, c.at(configDir, raw[key].dir, p))
		}
		return list
	}
	o.rootDirs, o.typeRoots = folders("rootdirs"), folders("typeroots")
	o.moduleSuffixes = suffixList(raw["modulesuffixes"].value)
	o.customConditions = stringList(raw["customconditions"].value)
	// node16 takes no notice of what these say, and node10 of the maps.
	o.exports = o.resolution == resolveNode16 || o.resolution == resolveBundler && flag("resolvepackagejsonexports", true)
	o.imports = o.resolution == resolveNode16 || o.resolution == resolveBundler && flag("resolvepackagejsonimports", true)
	o.outDir, o.declarationDir, o.rootDir = folder("outdir"), folder("declarationdir"), folder("rootdir")
	o.composite = flag("composite", false)
	o.allowJS = flag("allowjs", flag("checkjs", isJSConfig(configPath)))
	o.paths = c.pathPatterns(raw["paths"], o, configDir)
	o.setConditions()
	return o
}

// pathsKey is a value of "paths" and the folder that its targets are relative to.
type pathsKey struct {
	value *byte
	base  string
}

// pathPatterns reads the option "paths". The packages of a monorepo inherit one
// list from a config above them, which is read once.
func (c *configs) pathPatterns(raw rawOption, o *options, configDir string) []pathPattern {
	if len(raw.value) == 0 {
		return nil
	}
	base := raw.dir
	if o.hasBaseURL {
		base = o.baseURL
	}
	key := pathsKey{&raw.value[0], base}
	if bytes.Contains(raw.value, []byte(configDirVariable)) {
		key.base += "\x00" + configDir
	}
	if list, ok := c.patternLists[key]; ok {
		return list
	}
	var list []pathPattern
	if t, ok := parseTarget(raw.value); ok && t.kind == targetObject {
		for i, name := range t.keys {
			var targets []string
			for _, v := range t.list[i].list {
				if v.kind == targetPath {
					targets = append(targets, c.at(configDir, base, v.path))
				}
			}
			list = append(list, newPathPattern(name, targets))
		}
	}
	c.patternLists[key] = list
	return list
}

// configDirVariable stands for the folder of the config that is read, also in
// those that it extends.
const configDirVariable = "${configDir}"

// at reads a path that is written in a config of a folder.
func (c *configs) at(configDir, dir, p string) string {
	if rest, ok := strings.CutPrefix(p, configDirVariable); ok {
		return c.paths.rel(configDir, "./"+rest)
	}
	return c.paths.rel(dir, p)
}

// suffixList is stringList that keeps the empty string, which stands for no
// suffix.
func suffixList(raw json.RawMessage) []string {
	var list []string
	if len(raw) == 0 || json.Unmarshal(raw, &list) != nil {
		return nil
	}
	return list
}

// resolutionOf derives how specifiers are read, and whether imports become
// require, from the three options that say so. "classic" is read as bundler.
func resolutionOf(resolution, mod, target string) (moduleResolution, bool) {
	commonJS := mod == "commonjs"
	if mod == "" && resolution != "" {
		switch target {
		case "", "es3", "es5":
			commonJS = true
		}
	}
	switch resolution {
	case "node", "node10":
		return resolveNode10, commonJS
	case "node16", "nodenext":
		return resolveNode16, commonJS
	case "bundler":
		return resolveBundler, commonJS
	}
	switch mod {
	case "node16", "node18", "node20", "nodenext":
		return resolveNode16, false
	case "commonjs":
		return resolveNode10, true
	}
	return resolveBundler, false
}

func isJSConfig(p string) bool { return strings.HasPrefix(path.Base(p), "jsconfig") }

// pathPattern is one entry of "paths" or "typesVersions".
type pathPattern struct {
	key            string
	prefix, suffix string
	star           bool
	targets        []string
	rule           string
}

func newPathPattern(key string, targets []string) pathPattern {
	prefix, suffix, star := strings.Cut(key, "*")
	return pathPattern{key: key, prefix: prefix, suffix: suffix, star: star, targets: targets, rule: "tsconfig paths " + key}
}

// bestPattern finds the pattern that answers to a name, an exact one before
// those with a star, and of these the one with the longest prefix; and what the
// star stands for.
func bestPattern(list []pathPattern, name string) (best *pathPattern, rest string, ok bool) {
	for i := range list {
		p := &list[i]
		switch {
		case !p.star:
			if p.key == name {
				return p, "", true
			}
		case len(name) >= len(p.prefix)+len(p.suffix) &&
			strings.HasPrefix(name, p.prefix) && strings.HasSuffix(name, p.suffix):
			if best == nil || len(p.prefix) > len(best.prefix) {
				best, rest = p, name[len(p.prefix):len(name)-len(p.suffix)]
			}
		}
	}
	return best, rest, best != nil
}

// diagnosticAt is a problem of a manifest.
func diagnosticAt(severity module.Severity, span module.Span, message string) module.Diagnostic {
	return module.Diagnostic{Severity: severity, Code: "manifest", Span: span, Message: message}
}

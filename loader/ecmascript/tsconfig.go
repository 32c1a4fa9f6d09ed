package ecmascript

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// tsconfig is one tsconfig.json or jsconfig.json, with all that it extends.
type tsconfig struct {
	path       string
	dir        string
	opts       *options
	files      []string // exact paths
	include    []glob
	exclude    []glob
	references []*tsconfig
	listed     bool // it says itself what it holds, which is not all below its folder
}

// configFile is the shape of a tsconfig.json.
type configFile struct {
	Extends         json.RawMessage            `json:"extends"`
	Files           json.RawMessage            `json:"files"`
	Include         json.RawMessage            `json:"include"`
	Exclude         json.RawMessage            `json:"exclude"`
	References      json.RawMessage            `json:"references"`
	CompilerOptions map[string]json.RawMessage `json:"compilerOptions"`
}

// layer is a config with its bases merged in, before its paths are read.
type layer struct {
	options                 rawOptions
	files, include, exclude *pathList
}

// pathList is a list of patterns and the folder that they are relative to.
type pathList struct {
	dir  string
	list []string
}

// configs reads configs, each once.
type configs struct {
	paths  *paths
	read   map[string]*tsconfig // complete configs by path; nil while one is being read
	layers map[string]*layer    // nil while one is being read
	files  map[string]*configFile
	source map[string][]byte
	// packageDir finds the folder of a package that a config extends.
	packageDir   func(name string) (string, bool)
	patternLists map[pathsKey][]pathPattern
	inputs       map[string]bool
	diags        []module.Diagnostic
}

func newConfigs(p *paths, packageDir func(name string) (string, bool)) *configs {
	return &configs{
		paths: p, packageDir: packageDir,
		read: make(map[string]*tsconfig), layers: make(map[string]*layer),
		files: make(map[string]*configFile), source: make(map[string][]byte),
		inputs: make(map[string]bool), patternLists: make(map[pathsKey][]pathPattern),
	}
}

// load reads a config and those that it extends and references. It returns nil
// where there is no such file.
func (c *configs) load(configPath string) *tsconfig {
	if t, ok := c.read[configPath]; ok {
		return t
	}
	f := c.file(configPath)
	if f == nil {
		c.read[configPath] = nil
		return nil
	}
	dir, _ := loader.Split(configPath)
	t := &tsconfig{path: configPath, dir: dir}
	c.read[configPath] = t // a reference back to it is no loop to follow
	l := c.layer(configPath)
	t.opts = c.newOptions(l.options, configPath, dir)
	c.patterns(t, l)
	var references []struct {
		Path string `json:"path"`
	}
	if len(f.References) > 0 && json.Unmarshal(f.References, &references) == nil {
		for _, ref := range references {
			if ref.Path == "" {
				continue
			}
			target := c.paths.rel(dir, ref.Path)
			if !strings.HasSuffix(target, ".json") {
				target = loader.Join(target, "tsconfig.json")
			}
			if r := c.load(target); r != nil && r != t {
				t.references = append(t.references, r)
			} else if r == nil {
				c.report(module.Warning, configPath, ref.Path,
					fmt.Sprintf("the reference %q leads to no config: there is no %s", ref.Path, target))
			}
		}
	}
	return t
}

// patterns turns the lists of files into what includes them.
func (c *configs) patterns(t *tsconfig, l *layer) {
	each := func(list *pathList, do func(string)) {
		if list == nil {
			return
		}
		for _, p := range list.list {
			do(c.at(t.dir, list.dir, p))
		}
	}
	t.listed = l.files != nil || l.include != nil
	each(l.files, func(p string) { t.files = append(t.files, p) })
	if l.include == nil && l.files == nil {
		t.include = append(t.include, newGlob(loader.Join(t.dir, "**/*")))
	}
	each(l.include, func(p string) { t.include = append(t.include, newGlob(p)) })
	if l.exclude == nil {
		for _, out := range [...]string{t.opts.outDir, t.opts.declarationDir} {
			// An output folder that is the config's own would exclude everything.
			if out != "" && out != t.dir {
				t.exclude = append(t.exclude, newGlob(out))
			}
		}
	}
	each(l.exclude, func(p string) { t.exclude = append(t.exclude, newGlob(p)) })
}

// file reads one config, nil where there is none or it cannot be read.
func (c *configs) file(configPath string) *configFile {
	if f, ok := c.files[configPath]; ok {
		return f
	}
	c.inputs[configPath] = true
	src, found := c.paths.read(configPath)
	if !found {
		c.files[configPath] = nil
		return nil
	}
	f := new(configFile)
	if len(bytes.TrimSpace(src)) > 0 { // the compiler takes an empty config for {}
		c.diags = append(c.diags, decodeJSON(configPath, src, f)...)
	}
	c.files[configPath], c.source[configPath] = f, src
	return f
}

// layer merges a config over its bases.
func (c *configs) layer(configPath string) *layer {
	if l, ok := c.layers[configPath]; ok {
		return l
	}
	c.layers[configPath] = nil
	f := c.file(configPath)
	dir, _ := loader.Split(configPath)
	l := &layer{options: make(rawOptions)}
	for _, base := range extendsList(f.Extends) {
		target, ok := c.extended(configPath, dir, base)
		if !ok {
			continue
		}
		b := c.layer(target)
		if b == nil {
			c.report(module.Error, configPath, base, fmt.Sprintf("%q extends itself through %s", configPath, target))
			continue
		}
		for key, value := range b.options {
			l.options[key] = value
		}
		for _, list := range [...]struct{ to, from **pathList }{
			{&l.files, &b.files}, {&l.include, &b.include}, {&l.exclude, &b.exclude},
		} {
			if *list.from != nil {
				*list.to = *list.from
			}
		}
	}
	for key, value := range f.CompilerOptions {
		l.options[strings.ToLower(key)] = rawOption{value, dir}
	}
	for _, list := range [...]struct {
		to  **pathList
		raw json.RawMessage
	}{{&l.files, f.Files}, {&l.include, f.Include}, {&l.exclude, f.Exclude}} {
		if len(list.raw) > 0 && list.raw[0] == '[' {
			*list.to = &pathList{dir, stringList(list.raw)}
		}
	}
	c.layers[configPath] = l
	return l
}

// extendsList reads the field "extends", a string or a list.
func extendsList(raw json.RawMessage) []string {
	if s := text(raw); s != "" {
		return []string{s}
	}
	return stringList(raw)
}

// extended finds the config that one extends.
func (c *configs) extended(configPath, dir, base string) (string, bool) {
	if isRelative(base) || path.IsAbs(base) {
		target := c.paths.rel(dir, base)
		if c.file(target) != nil {
			return target, true
		}
		if !strings.HasSuffix(target, ".json") && c.file(target+".json") != nil {
			return target + ".json", true
		}
		severity := module.Error
		// Frameworks write their part of the config into a hidden folder when
		// they build.
		if strings.HasPrefix(target, ".") && !strings.HasPrefix(target, "../") || strings.Contains(target, "/.") {
			severity = module.Info
		}
		c.report(severity, configPath, base, fmt.Sprintf("the config extends %q, but there is no %s", base, target))
		return "", false
	}
	name, rest := packageName(base)
	if found, ok := c.packageDir(name); ok {
		if target, ok := c.inPackage(found, rest); ok {
			return target, true
		}
	}
	for d := dir; ; d, _ = loader.Split(d) {
		if target, ok := c.inPackage(c.paths.rel(d, "node_modules/"+name), rest); ok {
			return target, true
		}
		if d == "." || d == ".." || strings.HasSuffix(d, "/..") {
			break
		}
	}
	c.report(module.Info, configPath, base,
		fmt.Sprintf("the config extends %q, which is not installed: its options do not count", base))
	return "", false
}

// inPackage finds a config in the folder of a package.
func (c *configs) inPackage(dir, rest string) (string, bool) {
	candidates := []string{rest, rest + ".json", rest + "/tsconfig.json"}
	if rest == "" {
		candidates = []string{"tsconfig.json"}
	}
	manifestPath := loader.Join(dir, "package.json")
	c.inputs[manifestPath] = true // also where there is none yet: it may lead to another config
	if src, ok := c.paths.read(manifestPath); ok {
		var f struct {
			TSConfig string `json:"tsconfig"`
		}
		m, _ := parseManifest(manifestPath, src)
		if rest == "" && json.Unmarshal(src, &f) == nil && f.TSConfig != "" {
			candidates = []string{f.TSConfig, f.TSConfig + ".json"}
		}
		if m.exports != nil && rest != "" {
			if t, _, star, open := m.exports.match("./" + rest); t != nil {
				for _, p := range t.paths(star, open, conditions{"node", "require", "import"}) {
					candidates = slices.Insert(candidates, 0, p)
				}
			}
		}
	}
	for _, candidate := range candidates {
		if strings.HasSuffix(candidate, ".json") {
			if target := c.paths.rel(dir, candidate); c.file(target) != nil {
				return target, true
			}
		}
	}
	return "", false
}

// report adds a diagnostic at the place in a config where a value is written.
func (c *configs) report(severity module.Severity, configPath, value, message string) {
	src := c.source[configPath]
	span := module.Span{File: configPath}
	quoted, _ := json.Marshal(value)
	if i := bytes.Index(src, quoted); i >= 0 {
		span = spanAt(configPath, src, i)
		span.End = span.Offset + int32(len(quoted))
	}
	c.diags = append(c.diags, diagnosticAt(severity, span, message))
}

// includes reports whether a config's own lists hold a file.
func (t *tsconfig) includes(p *paths, file string) bool {
	if slices.Contains(t.files, file) {
		return true
	}
	return matchesAny(t.include, p, file, false) && !matchesAny(t.exclude, p, file, true)
}

// projectOf finds the config among t and those that it references which holds a
// file, or nil.
func (t *tsconfig) projectOf(p *paths, file string) *tsconfig {
	if t.includes(p, file) {
		return t
	}
	return t.referenced(p, file, map[*tsconfig]bool{t: true})
}

func (t *tsconfig) referenced(p *paths, file string, seen map[*tsconfig]bool) *tsconfig {
	for _, r := range t.references {
		if seen[r] {
			continue
		}
		seen[r] = true
		if r.includes(p, file) {
			return r
		}
		if found := r.referenced(p, file, seen); found != nil {
			return found
		}
	}
	return nil
}

// solution reports whether a config holds no file itself and only names others.
func (t *tsconfig) solution() bool {
	return len(t.files) == 0 && len(t.include) == 0 && len(t.references) > 0
}

package ecmascript

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/tidwall/jsonc"

	"github.com/eddy-build/eddy/module"
)

// manifest is what resolution needs of one package.json.
type manifest struct {
	path   string // of the package.json
	dir    *folder
	parent *manifest // the next package.json above

	name    string
	version string
	esm     bool // "type": "module"
	// cjs says that the package says "type": "commonjs" itself; without a type
	// the syntax of a file decides, for bundlers.
	cjs bool

	main, module, source string
	types                string
	browserMain          string
	browser              map[string]string // the object form of "browser"
	publishDir           string            // publishConfig.directory
	exports, imports     *exportMap        // nil where there is none
	typesVersions        []pathPattern     // of the range that holds typescriptVersion
	hasTypesVersions     bool
	deps                 map[string]dependency
	workspaces           []string

	space *workspace // that the package is a member or the root of
	// outputs are the configs that tell where the package's output comes from.
	outputs []*tsconfig
}

// dependency is one entry of a manifest's lists of dependencies.
type dependency struct {
	spec     string // "^1.2.0", "workspace:*", "file:../x"
	declared module.Declared
}

// packageFile is the shape of a package.json. Fields that other tools fill with
// values of another type than npm's are raw, so that one of them does not spoil
// the rest.
type packageFile struct {
	Name                 string          `json:"name"`
	Version              json.RawMessage `json:"version"`
	Type                 json.RawMessage `json:"type"`
	Main                 json.RawMessage `json:"main"`
	Module               json.RawMessage `json:"module"`
	Source               json.RawMessage `json:"source"`
	Types                json.RawMessage `json:"types"`
	Typings              json.RawMessage `json:"typings"`
	Browser              json.RawMessage `json:"browser"`
	PublishConfig        json.RawMessage `json:"publishConfig"`
	Exports              json.RawMessage `json:"exports"`
	Imports              json.RawMessage `json:"imports"`
	TypesVersions        json.RawMessage `json:"typesVersions"`
	Dependencies         json.RawMessage `json:"dependencies"`
	DevDependencies      json.RawMessage `json:"devDependencies"`
	PeerDependencies     json.RawMessage `json:"peerDependencies"`
	OptionalDependencies json.RawMessage `json:"optionalDependencies"`
	Workspaces           json.RawMessage `json:"workspaces"`
}

// parseManifest reads a package.json. It returns what could be read, and what is
// wrong with it.
func parseManifest(path string, src []byte) (*manifest, []module.Diagnostic) {
	m := &manifest{path: path}
	var f packageFile
	diags := decodeJSON(path, src, &f)
	m.name = f.Name
	m.version = text(f.Version)
	m.esm = text(f.Type) == "module"
	m.cjs = text(f.Type) == "commonjs"
	m.main, m.module, m.source = text(f.Main), text(f.Module), text(f.Source)
	// The compiler reads the old name first.
	if m.types = text(f.Typings); m.types == "" {
		m.types = text(f.Types)
	}
	if m.browserMain = text(f.Browser); m.browserMain == "" && len(f.Browser) > 0 {
		m.browser = stringMap(f.Browser)
	}
	var publish struct {
		Directory string `json:"directory"`
	}
	if len(f.PublishConfig) > 0 && json.Unmarshal(f.PublishConfig, &publish) == nil {
		m.publishDir = publish.Directory
	}
	m.exports = parseExports(f.Exports)
	m.imports = parseImports(f.Imports)
	m.typesVersions, m.hasTypesVersions = parseTypesVersions(f.TypesVersions)
	m.workspaces = parseWorkspaces(f.Workspaces)
	m.deps = make(map[string]dependency)
	// The later list wins: what a package needs at run time is stronger than
	// what it needs for its development.
	for _, list := range []struct {
		raw      json.RawMessage
		declared module.Declared
	}{
		{f.DevDependencies, module.DeclaredDev},
		{f.PeerDependencies, module.DeclaredPeer},
		{f.Dependencies, module.DeclaredRuntime},
		{f.OptionalDependencies, module.DeclaredOptional},
	} {
		for name, spec := range stringMap(list.raw) {
			d := dependency{spec: spec, declared: list.declared}
			// "workspace:*" of a peer or dev list says more than a range.
			if old, ok := m.deps[name]; ok && isLocalSpec(old.spec) && !isLocalSpec(spec) {
				d.spec = old.spec
			}
			m.deps[name] = d
		}
	}
	return m, diags
}

// dependency finds the nearest declaration of a package, from m upwards.
func (m *manifest) dependency(name string) (dependency, *manifest, bool) {
	for ; m != nil; m = m.parent {
		if d, ok := m.deps[name]; ok {
			return d, m, true
		}
	}
	return dependency{}, nil, false
}

// decodeJSON reads JSON with comments, trailing commas and a byte order mark
// into v, as far as it can.
func decodeJSON(path string, src []byte, v any) []module.Diagnostic {
	src = bytes.TrimPrefix(src, []byte("\xef\xbb\xbf"))
	err := json.Unmarshal(src, v)
	if _, ok := errors.AsType[*json.SyntaxError](err); ok {
		err = json.Unmarshal(jsonc.ToJSON(src), v)
	}
	if err == nil {
		return nil
	}
	span := module.Span{File: path}
	message := err.Error()
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		span = spanAt(path, src, int(e.Offset)-1)
		message = strings.TrimPrefix(message, "json: ")
	}
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		span = spanAt(path, src, int(e.Offset)-1)
		message = fmt.Sprintf("%q should not be %s", e.Field, article(e.Value))
		return []module.Diagnostic{{Severity: module.Warning, Code: "manifest", Span: span, Message: message}}
	}
	return []module.Diagnostic{{Severity: module.Error, Code: "manifest", Span: span, Message: message}}
}

func article(noun string) string {
	if strings.HasPrefix(noun, "array") || strings.HasPrefix(noun, "object") {
		return "an " + noun
	}
	return "a " + noun
}

// spanAt is the place of a byte offset of src.
func spanAt(path string, src []byte, offset int) module.Span {
	offset = max(0, min(offset, len(src)))
	head := src[:offset]
	return module.Span{
		File:   path,
		Line:   int32(bytes.Count(head, []byte("\n")) + 1),
		Column: int32(offset - bytes.LastIndexByte(head, '\n')),
		Offset: int32(offset),
		End:    int32(offset),
	}
}

// text returns the string that raw holds, or "".
func text(raw json.RawMessage) string {
	if len(raw) == 0 || raw[0] != '"' {
		return ""
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// stringMap returns the entries of an object whose values are strings.
func stringMap(raw json.RawMessage) map[string]string {
	if len(raw) == 0 || raw[0] != '{' {
		return nil
	}
	var exact map[string]string
	if json.Unmarshal(raw, &exact) == nil {
		return exact
	}
	var loose map[string]json.RawMessage
	if json.Unmarshal(raw, &loose) != nil {
		return nil
	}
	exact = make(map[string]string, len(loose))
	for key, value := range loose {
		if s := text(value); s != "" {
			exact[key] = s
		}
	}
	return exact
}

// stringList returns the strings of an array.
func stringList(raw json.RawMessage) []string {
	if len(raw) == 0 || raw[0] != '[' {
		return nil
	}
	var values []json.RawMessage
	if json.Unmarshal(raw, &values) != nil {
		return nil
	}
	var list []string
	for _, v := range values {
		if s := text(v); s != "" {
			list = append(list, s)
		}
	}
	return list
}

// parseWorkspaces reads the array form, and the object form of yarn.
func parseWorkspaces(raw json.RawMessage) []string {
	if len(raw) > 0 && raw[0] == '{' {
		var object struct {
			Packages json.RawMessage `json:"packages"`
		}
		if json.Unmarshal(raw, &object) != nil {
			return nil
		}
		raw = object.Packages
	}
	return stringList(raw)
}

// packageName splits a bare specifier into the name of its package and the path
// in it.
func packageName(specifier string) (name, rest string) {
	i := strings.IndexByte(specifier, '/')
	if i >= 0 && specifier[0] == '@' {
		if k := strings.IndexByte(specifier[i+1:], '/'); k >= 0 {
			i += 1 + k
		} else {
			i = -1
		}
	}
	if i < 0 {
		return specifier, ""
	}
	return specifier[:i], specifier[i+1:]
}

// isPackageName reports whether name could be the name of an npm package.
func isPackageName(name string) bool {
	if name == "" || name[0] == '.' || name[0] == '_' {
		return false
	}
	if name[0] == '@' {
		scope, rest, ok := strings.Cut(name[1:], "/")
		return ok && scope != "" && rest != "" && plainName(scope) && plainName(rest)
	}
	return plainName(name)
}

// plainName reports whether s has the characters of a package name. Old names
// have capitals, so these pass.
func plainName(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case c == '-' || c == '_' || c == '.':
		default:
			return false
		}
	}
	return true
}

// isLocalSpec reports whether a dependency names a folder of the repository.
func isLocalSpec(spec string) bool {
	for _, protocol := range [...]string{"workspace:", "file:", "link:", "portal:"} {
		if strings.HasPrefix(spec, protocol) {
			return true
		}
	}
	return false
}

// external is the module of an npm package.
func external(name string) *module.Module {
	return &module.Module{ID: module.ID("npm:" + name), Name: name, Kind: module.KindExternal, Package: name}
}

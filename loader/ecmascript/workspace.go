package ecmascript

import (
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/goccy/go-yaml"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// workspace is a set of packages that are linked to each other by name: those
// of npm, yarn, pnpm, bun or lerna.
type workspace struct {
	dir     string
	members map[string]*manifest
}

// findWorkspaces finds every workspace of the tree and what its patterns name,
// and says to each package which one is its own. The innermost wins.
func (ix *index) findWorkspaces(manifests []*manifest) {
	for _, d := range ix.sorted {
		patterns := ix.workspacePatterns(d)
		if patterns == nil {
			continue
		}
		w := &workspace{dir: d.path, members: make(map[string]*manifest)}
		for _, m := range manifests {
			rel, ok := below(d.path, m.dir.path)
			if !ok || rel != "." && !isMember(patterns, rel) {
				continue
			}
			m.space = w // folders come parents first, so the innermost stays
			if m.name == "" {
				continue
			}
			if other := w.members[m.name]; other == nil {
				w.members[m.name] = m
			} else {
				ix.diags = append(ix.diags, diagnosticAt(module.Warning, module.Span{File: m.path},
					"the name "+m.name+" is also that of "+other.path+"; imports of it lead there"))
			}
		}
		ix.workspaces = append(ix.workspaces, w)
	}
}

// workspacePatterns returns the patterns that make a folder the root of a
// workspace, nil where it is none.
func (ix *index) workspacePatterns(d *folder) []string {
	if f := d.find("pnpm-workspace", "", ".yaml"); f.ok() {
		var y struct {
			Packages []string `yaml:"packages"`
		}
		p := f.path()
		ix.inputs[p] = true
		src, _ := ix.paths.read(p)
		if err := yaml.Unmarshal(src, &y); err != nil {
			ix.diags = append(ix.diags, yamlDiagnostic(p, err))
		}
		if y.Packages != nil {
			return y.Packages
		}
		// Without a list it is a workspace of the root alone, unless
		// package.json knows more.
	}
	if d.own != nil && d.own.workspaces != nil {
		return d.own.workspaces
	}
	if f := d.find("lerna", "", ".json"); f.ok() {
		var l struct {
			Packages []string `json:"packages"`
		}
		p := f.path()
		ix.inputs[p] = true
		src, _ := ix.paths.read(p)
		ix.diags = append(ix.diags, decodeJSON(p, src, &l)...)
		if l.Packages == nil {
			return []string{"packages/*"}
		}
		return l.Packages
	}
	return nil
}

// isMember reports whether a folder matches the patterns of a workspace; a later
// one can take back what an earlier one gives.
func isMember(patterns []string, rel string) bool {
	member := false
	for _, p := range patterns {
		negated := strings.HasPrefix(p, "!")
		p = strings.TrimPrefix(strings.TrimPrefix(p, "!"), "./")
		p = strings.TrimPrefix(strings.TrimSuffix(p, "/"), "/")
		if member != negated {
			continue
		}
		if ok, _ := doublestar.Match(p, rel); ok {
			member = !negated
		}
	}
	return member
}

// below returns the path of a folder relative to one above it.
func below(dir, p string) (string, bool) {
	switch {
	case dir == p:
		return ".", true
	case dir == ".":
		return p, true
	case strings.HasPrefix(p, dir) && p[len(dir)] == '/':
		return p[len(dir)+1:], true
	}
	return "", false
}

// yamlDiagnostic says what is wrong with a YAML file, and where.
func yamlDiagnostic(p string, err error) module.Diagnostic {
	span := module.Span{File: p}
	message := err.Error()
	if e, ok := err.(yaml.Error); ok {
		message = e.GetMessage()
		if t := e.GetToken(); t != nil && t.Position != nil {
			span.Line, span.Column = int32(t.Position.Line), int32(t.Position.Column)
		}
	}
	return diagnosticAt(module.Error, span, message)
}

// packageByName finds the package of the repository that a bare import means, as
// an installation would link it. It reports false with a manifest that declares
// the name as a package from elsewhere.
func (ix *index) packageByName(from *source, name string, r *loader.Resolution) (*manifest, string) {
	r.Consult(keyName, name)
	dep, owner, declared := ix.scopeOf(from).dependency(name)
	if declared {
		if m, ok := ix.linked(dep.spec, owner, r); ok {
			if m != nil {
				r.Consult(keyManifest, m.dir.path)
				return m, "package"
			}
			return nil, ""
		}
	}
	for _, w := range slices.Backward(ix.workspaces) {
		if _, ok := below(w.dir, ix.dirOf(from).path); !ok {
			continue
		}
		m := w.members[name]
		if m == nil {
			continue
		}
		r.Consult(keyManifest, m.dir.path)
		if declared && (owner.space != w || !satisfies(m.version, dep.spec)) {
			return nil, ""
		}
		if m.dir.path == w.dir {
			return m, "workspace root"
		}
		return m, "workspace package"
	}
	if declared {
		return nil, ""
	}
	// Nobody declares it: the one package of that name, if there is just one.
	if list := ix.byName[name]; len(list) == 1 {
		r.Consult(keyManifest, list[0].dir.path)
		return list[0], "unlisted package"
	}
	return nil, ""
}

// linked follows a dependency that names a folder of the repository, or another
// package of the workspace. It reports false for a mere range of versions.
func (ix *index) linked(spec string, owner *manifest, r *loader.Resolution) (*manifest, bool) {
	protocol, rest, ok := strings.Cut(spec, ":")
	if !ok {
		return nil, false
	}
	switch protocol {
	case "file", "link", "portal":
		return ix.manifestAt(owner, rest), true
	case "workspace":
		if strings.HasPrefix(rest, ".") || strings.Contains(rest, "/") && !strings.HasPrefix(rest, "@") {
			return ix.manifestAt(owner, rest), true
		}
		// workspace:name@range stands for another package.
		if i := strings.LastIndexByte(rest, '@'); i > 0 && owner.space != nil {
			r.Consult(keyName, rest[:i])
			return owner.space.members[rest[:i]], true
		}
		return nil, false
	case "npm", "jsr", "git", "git+ssh", "git+https", "github", "http", "https":
		return nil, true
	}
	return nil, false
}

// manifestAt returns the package in a folder, or nil.
func (ix *index) manifestAt(owner *manifest, rel string) *manifest {
	if owner.dir == nil {
		return nil
	}
	p := owner.dir.walk(strings.TrimPrefix(rel, "//"))
	if p.dir != nil && p.name != "" {
		p.dir = p.dir.kid(p.name)
	}
	if p.dir == nil {
		return nil
	}
	return p.dir.own
}

// alias returns the package that a dependency such as "npm:other@^1" really is.
func alias(spec string) (string, bool) {
	rest, ok := strings.CutPrefix(spec, "npm:")
	if !ok {
		return "", false
	}
	if i := strings.LastIndexByte(rest, '@'); i > 0 {
		rest = rest[:i]
	}
	return rest, isPackageName(rest)
}

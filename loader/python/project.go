package python

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"

	"github.com/pelletier/go-toml/v2"
	"gopkg.in/ini.v1"
)

// project is what the manifests of one folder say.
type project struct {
	dir   string
	name  string // of the distribution; "" where none is given
	roots []declaredRoot
	// Packages whose folder is not named after them: dotted name to folder.
	mapped map[string]string
}

// declaredRoot is a source root and the setting that declares it.
type declaredRoot struct{ dir, setting string }

func (p *project) root(rel, setting string) {
	if dir, ok := within(p.dir, rel); ok {
		p.add(dir, setting)
	}
}

func (p *project) add(dir, setting string) {
	if !slices.ContainsFunc(p.roots, func(r declaredRoot) bool { return r.dir == dir }) {
		p.roots = append(p.roots, declaredRoot{dir, setting})
	}
}

// pkg declares where a package lies: the folder above is a root where it is
// named after the package, else the package is mapped.
func (p *project) pkg(name, rel, setting string) {
	dir, ok := within(p.dir, rel)
	if !ok {
		return
	}
	slash := strings.ReplaceAll(name, ".", "/")
	if dir == slash {
		p.add(".", setting)
	} else if root, ok := strings.CutSuffix(dir, "/"+slash); ok {
		p.add(root, setting)
	} else {
		if p.mapped == nil {
			p.mapped = map[string]string{}
		}
		p.mapped[name] = dir
	}
}

// within joins a path of a manifest to its folder. It reports false for paths
// that leave the workspace.
func within(dir, rel string) (string, bool) {
	rel = strings.ReplaceAll(rel, `\`, "/")
	if path.IsAbs(rel) {
		return "", false
	}
	joined := path.Join(dir, rel)
	return joined, joined != ".." && !strings.HasPrefix(joined, "../")
}

// manifests reads the manifests of all folders.
type manifests struct {
	fs          fsys.FS
	buf         []byte
	inputs      []string
	diagnostics []module.Diagnostic
}

func (m *manifests) read(name string) ([]byte, bool) {
	m.inputs = append(m.inputs, name)
	data, _, err := m.fs.ReadFile(name, m.buf)
	m.buf = data
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			m.problem(name, 0, "unreadable", err.Error())
		}
		return nil, false
	}
	return data, true
}

func (m *manifests) problem(file string, line int, code, msg string) {
	span := module.Span{File: file}
	if line > 0 {
		span.Line, span.Column = int32(line), 1
	}
	m.diagnostics = append(m.diagnostics, module.Diagnostic{Severity: module.Error, Code: code, Span: span, Message: msg})
}

// project reads what a folder says of itself; nil where it has no manifest. In a
// package setup.py is a module like any other.
func (m *manifests) project(f *loader.Folder, isPackage bool) *project {
	p := &project{dir: f.Path}
	found := false
	for _, name := range []string{"pyproject.toml", "setup.cfg", "setup.py"} {
		if _, ok := slices.BinarySearch(f.Files, name); !ok {
			continue
		}
		if name == "setup.py" && isPackage {
			continue
		}
		file := loader.Join(f.Path, name)
		data, ok := m.read(file)
		if !ok || name == "setup.py" && !setupCall.Match(data) {
			continue
		}
		found = true
		switch name {
		case "pyproject.toml":
			m.pyproject(p, file, data)
		case "setup.cfg":
			m.setupCfg(p, file, data)
		case "setup.py":
			setupPy(p, data)
		}
	}
	if !found {
		return nil
	}
	return p
}

// pyproject reads the tables of the build back-ends. A value of another type
// than expected is for the back-end to complain about; here it is not there.
func (m *manifests) pyproject(p *project, file string, data []byte) {
	var doc map[string]any
	if err := toml.Unmarshal(data, &doc); err != nil {
		line := 0
		var at *toml.DecodeError
		if errors.As(err, &at) {
			line, _ = at.Position()
		}
		m.problem(file, line, "manifest", fmt.Sprintf("cannot be read: %v", err))
		return
	}
	t := table(doc)
	p.name = firstOf(p.name, t.text("project", "name"), t.text("tool", "poetry", "name"), t.text("tool", "flit", "metadata", "dist-name"), t.text("tool", "flit", "metadata", "module"))

	packageDirs := t.table("tool", "setuptools", "package-dir")
	for _, name := range packageDirs.keys() {
		if dir := packageDirs.text(name); name == "" {
			p.root(dir, "tool.setuptools.package-dir in "+file)
		} else {
			p.pkg(name, dir, "tool.setuptools.package-dir in "+file)
		}
	}
	for _, dir := range t.texts("tool", "setuptools", "packages", "find", "where") {
		p.root(dir, "tool.setuptools.packages.find in "+file)
	}
	for _, dir := range t.texts("tool", "setuptools", "packages", "find-namespace", "where") {
		p.root(dir, "tool.setuptools.packages.find-namespace in "+file)
	}
	for _, pkg := range t.tables("tool", "poetry", "packages") {
		if from := pkg.text("from"); from != "" {
			p.root(from, "tool.poetry.packages in "+file)
		} else if pkg.text("include") != "" {
			p.root(".", "tool.poetry.packages in "+file)
		}
	}
	for _, target := range [][]string{{"tool", "hatch", "build"}, {"tool", "hatch", "build", "targets", "wheel"}} {
		b := t.table(target...)
		setting := strings.Join(target, ".") + " in " + file
		for _, dir := range b.texts("packages") {
			p.pkg(path.Base(dir), dir, setting)
		}
		sources := b.table("sources")
		for _, dir := range sources.keys() {
			if name := sources.text(dir); name == "" {
				p.root(dir, setting)
			} else {
				p.pkg(strings.ReplaceAll(strings.Trim(name, "/"), "/", "."), dir, setting)
			}
		}
		for _, dir := range b.texts("sources") {
			p.root(dir, setting)
		}
		for _, dir := range b.texts("dev-mode-dirs") {
			p.root(dir, setting)
		}
	}
	for _, key := range [][]string{{"tool", "pdm", "build", "package-dir"}, {"tool", "pdm", "package-dir"}, {"tool", "maturin", "python-source"}} {
		if dir := t.text(key...); dir != "" {
			p.root(dir, strings.Join(key, ".")+" in "+file)
		}
	}
	if backend := t.table("tool", "uv", "build-backend"); backend != nil {
		dir := "src"
		if _, ok := backend["module-root"]; ok {
			dir = firstOf(backend.text("module-root"), ".")
		}
		p.root(dir, "tool.uv.build-backend in "+file)
	}
	for _, dir := range t.texts("tool", "scikit-build", "wheel", "packages") {
		p.pkg(path.Base(dir), dir, "tool.scikit-build.wheel.packages in "+file)
	}
	scikit := t.table("tool", "scikit-build", "wheel", "packages")
	for _, name := range scikit.keys() {
		p.pkg(strings.ReplaceAll(name, "/", "."), scikit.text(name), "tool.scikit-build.wheel.packages in "+file)
	}
	for _, dir := range t.texts("tool", "pytest", "ini_options", "pythonpath") {
		p.root(dir, "tool.pytest.ini_options.pythonpath in "+file)
	}
}

// setupCfg reads setup.cfg as Python's configparser does.
func (m *manifests) setupCfg(p *project, file string, data []byte) {
	cfg, err := ini.LoadSources(ini.LoadOptions{
		AllowPythonMultilineValues: true, SkipUnrecognizableLines: true,
		IgnoreInlineComment: true, AllowNestedValues: true,
	}, slices.Clone(data))
	if err != nil {
		m.problem(file, 0, "manifest", fmt.Sprintf("cannot be read: %v", err))
		return
	}
	p.name = firstOf(p.name, cfg.Section("metadata").Key("name").String())
	for _, line := range listOf(cfg.Section("options").Key("package_dir").String()) {
		name, dir, ok := strings.Cut(line, "=")
		if !ok {
			continue
		}
		if name = strings.TrimSpace(name); name == "" {
			p.root(strings.TrimSpace(dir), "options.package_dir in "+file)
		} else {
			p.pkg(name, strings.TrimSpace(dir), "options.package_dir in "+file)
		}
	}
	for _, dir := range listOf(cfg.Section("options.packages.find").Key("where").String()) {
		p.root(dir, "options.packages.find in "+file)
	}
	for _, dir := range strings.Fields(cfg.Section("tool:pytest").Key("pythonpath").String()) {
		p.root(dir, "tool:pytest.pythonpath in "+file)
	}
}

var (
	setupCall          = regexp.MustCompile(`(?m)^(?:[ \t]*|.*[^\w.])(?:\w+\.)?setup\s*\(`)
	packageDirArgument = regexp.MustCompile(`\bpackage_dir\s*=\s*(?:\{([^{}]*)\}|dict\(([^()]*)\))`)
	packageDirItem     = regexp.MustCompile(`(?:["']([^"']*)["']\s*:|(\w+)\s*=)\s*["']([^"']*)["']`)
	findPackages       = regexp.MustCompile(`\bfind_(?:namespace_)?packages\(\s*(?:where\s*=\s*)?["']([^"']+)["']`)
	nameArgument       = regexp.MustCompile(`\bname\s*=\s*["']([^"']+)["']`)
)

// setupPy reads the arguments of setup that are literals. It is a program, and
// no program is run.
func setupPy(p *project, data []byte) {
	const file = "setup.py"
	if m := nameArgument.FindSubmatch(data); m != nil {
		p.name = firstOf(p.name, string(m[1]))
	}
	setting := "package_dir in " + loader.Join(p.dir, file)
	for _, m := range packageDirArgument.FindAllSubmatch(data, -1) {
		for _, item := range packageDirItem.FindAllSubmatch(append(m[1], m[2]...), -1) {
			if name := string(item[1]) + string(item[2]); name == "" {
				p.root(string(item[3]), setting)
			} else {
				p.pkg(name, string(item[3]), setting)
			}
		}
	}
	for _, m := range findPackages.FindAllSubmatch(data, -1) {
		p.root(string(m[1]), "find_packages in "+loader.Join(p.dir, file))
	}
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// listOf splits a value of setup.cfg: one item a line, or commas.
func listOf(value string) []string {
	var list []string
	for _, s := range strings.FieldsFunc(value, func(r rune) bool { return r == '\n' || r == ',' }) {
		if s = strings.TrimSpace(s); s != "" {
			list = append(list, s)
		}
	}
	return list
}

package golang

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"
	gomodule "golang.org/x/mod/module"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// goModule is a Go module: a go.mod file and what lies below it. Folders without
// a go.mod above them form modules without a path.
type goModule struct {
	dir      string // of its go.mod; begins with ".." outside the workspace
	path     string // as it declares itself; empty for folders without a go.mod
	minor    int    // N of the Go 1.N that it asks for, 0 if none
	requires []gomodule.Version
	replaces []replace
	ignore   []string // the patterns of its ignore directives, "/x/" or "./x/"

	list *buildList
	std  *goModule // the module of the standard library that it is built with, if in the workspace
}

// file returns the path of the module's go.mod.
func (m *goModule) file() string { return path.Join(m.dir, "go.mod") }

// replace is a replace directive.
type replace struct {
	path    string
	version string // empty for all versions
	dir     string // the folder that stands in; empty where another module does
}

// workFile is a go.work file.
type workFile struct {
	dir      string
	minor    int
	uses     []string // folders
	replaces []replace
}

// file returns the path of the go.work.
func (w *workFile) file() string { return path.Join(w.dir, "go.work") }

// manifests are all go.mod and go.work files that govern a workspace.
type manifests struct {
	ws      *loader.Workspace
	above   []string // the names of the folders above the workspace and its own, from the top
	modules map[string]*goModule
	works   map[string]*workFile
	sorted  []*goModule // by folder
	// governed is, by folder of the tree, the folder of the go.mod whose module it
	// belongs to, "." too where there is none.
	governed map[string]string
	loose    *goModule // what has no go.mod above it, or nil
	// The folders of the tree that have a go.mod, and a go.work.
	modFolders, workFolders []string

	inputs      []string
	diagnostics []module.Diagnostic
	buf         []byte
}

// readManifests reads the manifests in the tree and those above the root. It
// reads each at most once.
func readManifests(ctx context.Context, ws *loader.Workspace) (*manifests, error) {
	m := newManifests(ws)
	for _, folder := range ws.Tree.Folders() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if passedOver(folder.Path) != "" {
			continue
		}
		if _, ok := slices.BinarySearch(folder.Files, "go.mod"); ok {
			m.modFolders = append(m.modFolders, folder.Path)
			m.module(folder.Path)
		}
		if _, ok := slices.BinarySearch(folder.Files, "go.work"); ok {
			m.workFolders = append(m.workFolders, folder.Path)
			m.work(folder.Path)
		}
	}
	m.lookAbove()
	m.governed = map[string]string{}
	for _, folder := range ws.Tree.Folders() {
		m.governFolder(folder.Path)
	}
	m.finish()
	return m, nil
}

func newManifests(ws *loader.Workspace) *manifests {
	return &manifests{
		ws:      ws,
		above:   strings.FieldsFunc(ws.Root, func(r rune) bool { return r == '/' || r == '\\' }),
		modules: map[string]*goModule{},
		works:   map[string]*workFile{},
	}
}

// rereadManifests reads the manifests of old again, for the same tree. It reports
// false where another folder is one of a module or of a go.work now.
func rereadManifests(ws *loader.Workspace, old *manifests) (*manifests, bool) {
	m := newManifests(ws)
	m.modFolders, m.workFolders, m.governed = old.modFolders, old.workFolders, old.governed
	// In the order of readManifests, for the sake of the diagnostics.
	for _, dir := range mergeSorted(m.modFolders, m.workFolders) {
		if _, ok := slices.BinarySearch(m.modFolders, dir); ok {
			m.module(dir)
		}
		if _, ok := slices.BinarySearch(m.workFolders, dir); ok {
			m.work(dir)
		}
	}
	m.lookAbove()
	if old.loose != nil {
		m.loose = &goModule{dir: "."}
	}
	m.finish()
	same := len(m.modules) == len(old.modules) && len(m.works) == len(old.works)
	for dir := range m.modules {
		same = same && old.modules[dir] != nil
	}
	for dir := range m.works {
		same = same && old.works[dir] != nil
	}
	return m, same
}

// mergeSorted returns what is in two sorted lists, sorted.
func mergeSorted(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// finish reads the modules that the go.work files name, and sorts all.
func (m *manifests) finish() {
	for _, w := range m.worksByFolder() {
		for _, dir := range w.uses {
			m.module(dir)
		}
	}
	for _, mod := range m.modules {
		m.sorted = append(m.sorted, mod)
	}
	slices.SortFunc(m.sorted, func(a, b *goModule) int { return strings.Compare(a.dir, b.dir) })
}

// lookAbove finds the go.mod and the go.work that stand nearest above the root.
// The go command reads them as well when it runs in the root.
func (m *manifests) lookAbove() {
	haveModule, haveWork := m.modules["."] != nil, m.works["."] != nil
	dir := ".."
	for range m.above {
		if !haveModule {
			haveModule = m.module(dir) != nil
		}
		if !haveWork {
			haveWork = m.work(dir) != nil
		}
		if haveModule && haveWork {
			return
		}
		dir += "/.."
	}
}

// governFolder notes which module a folder belongs to: that of the nearest
// go.mod at or above it.
func (m *manifests) governFolder(dir string) {
	if m.modules[dir] != nil {
		m.governed[dir] = dir
		return
	}
	if dir != "." {
		parent, _ := loader.Split(dir)
		m.governed[dir] = m.governed[parent]
		return
	}
	for i := range m.above {
		if up := strings.Repeat("../", i) + ".."; m.modules[up] != nil {
			m.governed[dir] = up
			return
		}
	}
	// No go.mod: a module without a path.
	m.loose = &goModule{dir: "."}
	m.governed[dir] = "."
}

// moduleIn returns the module of the go.mod in a folder, or else the one without.
func (m *manifests) moduleIn(dir string) *goModule {
	if mod := m.modules[dir]; mod != nil {
		return mod
	}
	return m.loose
}

// governing returns the module that a folder of the tree belongs to, nil for a
// path that is none. One that came after the manifests were read belongs to the
// module of the folder above it.
func (r *resolver) governing(dir string) *goModule {
	if folder := r.ws.Tree.Folder(dir); folder == nil || folder.Path != dir {
		return nil
	}
	for {
		if at, ok := r.manifests.governed[dir]; ok {
			return r.manifests.moduleIn(at)
		}
		if dir == "." {
			return nil
		}
		dir, _ = loader.Split(dir)
	}
}

// worksByFolder returns the go.work files, sorted by folder.
func (m *manifests) worksByFolder() []*workFile {
	list := make([]*workFile, 0, len(m.works))
	for _, w := range m.works {
		list = append(list, w)
	}
	slices.SortFunc(list, func(a, b *workFile) int { return strings.Compare(a.dir, b.dir) })
	return list
}

// clean returns a folder's one name: "../work" is "." in a workspace of that
// name.
func (m *manifests) clean(dir string) string {
	dir = path.Clean(dir)
	elems := strings.Split(dir, "/")
	ups := 0
	for ups < len(elems) && elems[ups] == ".." {
		ups++
	}
	down := elems[ups:]
	for ups > 0 && ups <= len(m.above) && len(down) > 0 && down[0] == m.above[len(m.above)-ups] {
		ups--
		down = down[1:]
	}
	if dir = strings.Repeat("../", ups) + strings.Join(down, "/"); dir == "" {
		return "."
	}
	return strings.TrimSuffix(dir, "/")
}

// below returns the path of a folder of the workspace relative to a folder above
// it, which may be above the root: "." for the same.
func (m *manifests) below(top, dir string) string {
	if rest, above := strings.CutPrefix(top, ".."); above {
		ups := 1 + strings.Count(rest, "..")
		if ups > len(m.above) {
			return dir
		}
		return path.Join(strings.Join(m.above[len(m.above)-ups:], "/"), dir)
	}
	switch {
	case top == ".":
		return dir
	case dir == top:
		return "."
	}
	return strings.TrimPrefix(dir, top+"/")
}

// read reads a manifest and notes it as an input. It reports false where there
// is none.
func (m *manifests) read(name string) ([]byte, bool) {
	m.inputs = append(m.inputs, name)
	data, _, err := m.ws.FS.ReadFile(name, m.buf)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			m.warn("unreadable", module.Span{File: name}, "cannot read the manifest: "+err.Error())
		}
		return nil, false
	}
	m.buf = data
	return data, true
}

// module reads the go.mod of a folder, once. Nil means that there is none.
func (m *manifests) module(dir string) *goModule {
	if mod, ok := m.modules[dir]; ok {
		return mod
	}
	mod := &goModule{dir: dir}
	name := mod.file()
	data, ok := m.read(name)
	if !ok {
		return nil
	}
	m.modules[dir] = mod
	file, err := modfile.Parse(name, data, canonicalVersion)
	if err != nil {
		m.invalid(name, err)
		// The lax reading leaves out what it does not know, replace directives
		// too, but mostly it gives the module's path.
		if file, err = modfile.ParseLax(name, data, canonicalVersion); err != nil {
			mod.path = modfile.ModulePath(data)
			return mod
		}
	}
	if file.Module == nil {
		m.warn("manifest", module.Span{File: name}, "the go.mod has no module directive; add one: module example.com/name")
	} else {
		mod.path = file.Module.Mod.Path
	}
	for _, r := range file.Require {
		mod.requires = append(mod.requires, r.Mod)
	}
	mod.replaces = m.replaces(dir, name, file.Replace)
	mod.minor = minorOf(file.Go, file.Toolchain)
	for _, ignore := range file.Ignore {
		mod.ignore = append(mod.ignore, ignore.Path)
	}
	return mod
}

// work reads the go.work of a folder, once.
func (m *manifests) work(dir string) *workFile {
	if w, ok := m.works[dir]; ok {
		return w
	}
	w := &workFile{dir: dir}
	name := w.file()
	data, ok := m.read(name)
	if !ok {
		return nil
	}
	m.works[dir] = w
	file, err := modfile.ParseWork(name, data, canonicalVersion)
	if err != nil {
		m.invalid(name, err)
		return w
	}
	w.minor = minorOf(file.Go, file.Toolchain)
	w.replaces = m.replaces(dir, name, file.Replace)
	for _, use := range file.Use {
		if path.IsAbs(use.Path) {
			m.warn("manifest", spanOf(name, use.Syntax),
				"use "+use.Path+": an absolute path is not followed; write it relative to the go.work")
			continue
		}
		used := m.clean(path.Join(dir, use.Path))
		if m.module(used) == nil {
			m.warn("manifest", spanOf(name, use.Syntax),
				"use "+use.Path+": there is no go.mod in that folder; add one, or drop it: go work edit -dropuse="+use.Path)
			continue
		}
		w.uses = append(w.uses, used)
	}
	return w
}

// replaces reads the replace directives of the manifest of a folder. A folder
// without a go.mod replaces nothing.
func (m *manifests) replaces(dir, name string, directives []*modfile.Replace) []replace {
	var list []replace
	for _, d := range directives {
		r := replace{path: d.Old.Path, version: d.Old.Version}
		if d.New.Version == "" && !path.IsAbs(d.New.Path) && modfile.IsDirectoryPath(d.New.Path) {
			r.dir = m.clean(path.Join(dir, d.New.Path))
			if m.module(r.dir) == nil {
				m.warn("manifest", spanOf(name, d.Syntax),
					"replace "+r.path+" => "+d.New.Path+": there is no go.mod in that folder; add one or mend the path")
				r.dir = ""
			}
		}
		list = append(list, r)
	}
	return list
}

// canonicalVersion lets a version be anything: Eddy asks no registry what a
// branch name stands for.
func canonicalVersion(_, version string) (string, error) {
	if gomodule.CanonicalVersion(version) == "" {
		return "v0.0.0", nil
	}
	return version, nil
}

// minorOf returns N of the Go 1.N that a manifest asks for, 0 where it does not.
func minorOf(goLine *modfile.Go, toolchain *modfile.Toolchain) int {
	minor := 0
	if goLine != nil {
		minor = minorVersion(goLine.Version)
	}
	if toolchain != nil {
		minor = max(minor, minorVersion(strings.TrimPrefix(toolchain.Name, "go")))
	}
	return minor
}

// minorVersion reads "1.N", with anything that is no digit after it.
func minorVersion(version string) int {
	rest, ok := strings.CutPrefix(version, "1.")
	if !ok {
		return 0
	}
	end := 0
	for end < len(rest) && '0' <= rest[end] && rest[end] <= '9' {
		end++
	}
	n, err := strconv.Atoi(rest[:end])
	if err != nil {
		return 0
	}
	return n
}

// invalid turns the errors of modfile into diagnostics.
func (m *manifests) invalid(name string, err error) {
	var list modfile.ErrorList
	if !errors.As(err, &list) {
		m.warn("manifest", module.Span{File: name}, err.Error())
		return
	}
	for _, e := range list {
		span := module.Span{File: name}
		if e.Pos.Line > 0 {
			span.Line, span.Column = int32(e.Pos.Line), int32(max(e.Pos.LineRune, 1))
			span.Offset, span.End = int32(e.Pos.Byte), int32(e.Pos.Byte)
		}
		message := e.Err.Error()
		if e.Verb != "" {
			message = e.Verb + " " + e.ModPath + ": " + message
		}
		m.warn("manifest", span, message)
	}
}

func spanOf(name string, line *modfile.Line) module.Span {
	start, end := line.Span()
	return module.Span{
		File: name, Line: int32(start.Line), Column: int32(start.LineRune),
		Offset: int32(start.Byte), End: int32(end.Byte),
	}
}

func (m *manifests) warn(code string, span module.Span, message string) {
	m.diagnostics = append(m.diagnostics, module.Diagnostic{
		Severity: module.Warning, Code: code, Span: span, Message: message,
	})
}

// ignores reports whether an ignore directive takes a folder, named relative to
// the module, out of the patterns of the go command.
func (m *goModule) ignores(rel string) bool {
	if rel == "." {
		return false
	}
	rel = "/" + rel + "/"
	for _, pattern := range m.ignore {
		trimmed, relative := strings.CutPrefix(pattern, "./")
		trimmed = "/" + strings.Trim(trimmed, "/") + "/"
		if relative && strings.HasPrefix(rel, trimmed) || !relative && strings.Contains(rel, trimmed) {
			return true
		}
	}
	return false
}

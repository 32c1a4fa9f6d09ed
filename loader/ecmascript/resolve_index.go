package ecmascript

import (
	"context"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// index is the frozen view of a workspace that resolves its imports. Index fills
// it in; nothing writes to it afterwards.
type index struct {
	paths      *paths
	root       *folder
	all        []*folder          // by number
	laid       int                // how many of them Index laid out; later ones may be gone
	outer      map[string]*folder // above the workspace, by path
	order      []int32            // numbers of the tree's folders by path; nil where they are to be looked up
	folders    map[string]*folder // by path, while Index runs
	sorted     []*folder          // by path, while Index runs
	sources    map[module.ID]*source
	edited     map[module.ID]*source     // those that are not as in sources, nil where there is none
	manifests  []*manifest               // of the package.json files of the tree
	defaults   *options                  // of files that no config governs
	modules    []*module.Module          // sorted
	files      []loader.File             // that the modules were made of
	workspaces []*workspace              // by path
	byName     map[string][]*manifest    // every named package of the tree
	ambient    []ambient                 // sorted by name, then file
	above      *manifest                 // the package.json files above the workspace
	aboveTS    *tsconfig                 // the nearest config above the workspace
	away       map[string]*module.Module // the external package of each name that a manifest declares
	inputs     map[string]bool
	diags      []module.Diagnostic

	// An index that Reindex made knows whether it has read the manifests again, and
	// which files they govern otherwise than before.
	version, before *version
	read            bool
	governed        []string
}

// version tells an index from others, without keeping it.
type version struct{ _ byte }

// ambient is one module that a file declares for others.
type ambient struct {
	name string
	id   module.ID
}

// Index implements [loader.Frontend].
func (frontend) Index(ctx context.Context, ws *loader.Workspace) (loader.Resolver, error) {
	ix, err := newIndex(ctx, ws, nil)
	if err != nil {
		return nil, err
	}
	ix.sources = make(map[module.ID]*source, len(ws.Files))
	ix.addSources(ws.Files)
	ix.folders, ix.sorted, ix.laid = nil, nil, len(ix.all)
	return ix, nil
}

// newIndex reads the manifests of a workspace. The sources are still to come. Its
// folders are those of old, under the same numbers, unless old is nil.
func newIndex(ctx context.Context, ws *loader.Workspace, old *index) (*index, error) {
	ix := &index{
		paths: newPaths(ws), defaults: defaultOptions(), version: new(version), outer: map[string]*folder{},
		byName: make(map[string][]*manifest), away: make(map[string]*module.Module), inputs: make(map[string]bool),
	}
	if old == nil {
		ix.newFolders(ws.Tree)
	} else {
		ix.takeFolders(old, ws.Tree)
	}
	manifests, err := ix.readManifests(ctx)
	if err != nil {
		return nil, err
	}
	ix.manifests = manifests
	ix.readAbove()
	for _, m := range manifests {
		for name := range m.deps {
			if ix.away[name] == nil {
				ix.away[name] = external(name)
			}
		}
	}
	ix.spreadScopes(ix.root, ix.above)
	ix.findWorkspaces(manifests)
	ix.readConfigs(manifests)
	return ix, ctx.Err()
}

// readManifests reads every package.json of the tree, in parallel.
func (ix *index) readManifests(ctx context.Context) ([]*manifest, error) {
	var found []file
	for _, d := range ix.sorted {
		if f := d.find("package", "", ".json"); f.ok() {
			found = append(found, f)
		}
	}
	type result struct {
		m     *manifest
		diags []module.Diagnostic
	}
	results := make([]result, len(found))
	var next sync.Mutex
	taken := 0
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(found)) {
		wg.Go(func() {
			for ctx.Err() == nil {
				next.Lock()
				i := taken
				taken++
				next.Unlock()
				if i >= len(found) {
					return
				}
				p := found[i].path()
				src, ok := ix.paths.read(p)
				if !ok {
					results[i].diags = []module.Diagnostic{diagnosticAt(module.Error, module.Span{File: p}, "cannot be read")}
				}
				if len(src) > 0 {
					results[i].m, results[i].diags = parseManifest(p, src)
				}
			}
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var list []*manifest
	for i, r := range results {
		ix.inputs[found[i].path()] = true
		ix.diags = append(ix.diags, r.diags...)
		if r.m == nil {
			continue
		}
		r.m.dir = found[i].dir
		found[i].dir.own = r.m
		list = append(list, r.m)
		if r.m.name != "" {
			ix.byName[r.m.name] = append(ix.byName[r.m.name], r.m)
		}
	}
	return list, nil
}

// readAbove reads the manifests above the workspace, up to the root of its
// repository: a part of a monorepo is governed by them too.
func (ix *index) readAbove() {
	if ix.paths.fs == nil || ix.root.find(".git", "", "").ok() {
		return
	}
	var innermost *manifest
	dir := "."
	for range ix.paths.above {
		if ix.repository(dir) {
			return
		}
		if dir == "." {
			dir = ".."
		} else {
			dir += "/.."
		}
		p := dir + "/package.json"
		ix.inputs[p] = true
		src, ok := ix.paths.read(p)
		if !ok {
			continue
		}
		m, diags := parseManifest(p, src)
		ix.diags = append(ix.diags, diags...)
		if m.dir = ix.outer[dir]; m.dir == nil {
			m.dir = &folder{path: dir}
			ix.add(m.dir)
			ix.outer[dir] = m.dir
		}
		if innermost == nil {
			ix.above = m
		} else {
			innermost.parent = m
		}
		innermost = m
	}
}

// repository reports whether a folder is the root of a repository: there is a file
// ".git", as a worktree has it, or a folder with a HEAD. That one is made or removed
// decides what is read above it, so HEAD is an input, which is there or not; the
// folder itself is none, because every command of git changes it.
func (ix *index) repository(dir string) bool {
	git := loader.Join(dir, ".git")
	ix.inputs[git+"/HEAD"] = true
	info, err := ix.paths.fs.Stat(git)
	if err == nil && info.Mode.IsDir() {
		_, err = ix.paths.fs.Stat(git + "/HEAD")
	}
	return err == nil
}

// spreadScopes tells each folder its nearest package.json.
func (ix *index) spreadScopes(d *folder, scope *manifest) {
	if d.own != nil {
		d.own.parent = scope
		scope = d.own
	}
	d.scope = scope
	for _, kid := range d.kids {
		ix.spreadScopes(kid, scope)
	}
}

// readConfigs reads the tsconfig.json or jsconfig.json of each folder, and
// collects for each package the configs that tell where its output comes from.
func (ix *index) readConfigs(manifests []*manifest) {
	c := newConfigs(ix.paths, func(name string) (string, bool) {
		if list := ix.byName[name]; len(list) > 0 {
			return list[0].dir.path, true
		}
		return "", false
	})
	for _, d := range ix.sorted {
		for _, stem := range [...]string{"tsconfig", "jsconfig"} {
			if f := d.find(stem, "", ".json"); f.ok() {
				d.project = c.load(f.path())
				break
			}
		}
	}
	ix.aboveTS = ix.readConfigAbove(c)
	for _, m := range manifests {
		m.outputs = packageConfigs(c, m)
	}
	ix.diags = append(ix.diags, c.diags...)
	maps.Copy(ix.inputs, c.inputs)
}

// readConfigAbove finds the nearest config above the workspace, within its
// repository.
func (ix *index) readConfigAbove(c *configs) *tsconfig {
	if ix.paths.fs == nil || ix.root.find(".git", "", "").ok() {
		return nil
	}
	dir := "."
	for range ix.paths.above {
		if ix.repository(dir) {
			return nil
		}
		if dir == "." {
			dir = ".."
		} else {
			dir += "/.."
		}
		for _, name := range [...]string{"/tsconfig.json", "/jsconfig.json"} {
			if t := c.load(dir + name); t != nil {
				return t
			}
		}
	}
	return nil
}

// packageConfigs lists the configs that may tell where the output of a package
// comes from: those in its folder, by any of the customary names, and those that
// these reference below it.
func packageConfigs(c *configs, m *manifest) []*tsconfig {
	var list []*tsconfig
	var add func(t *tsconfig)
	add = func(t *tsconfig) {
		if t == nil || slices.Contains(list, t) {
			return
		}
		if _, ok := below(m.dir.path, t.dir); !ok {
			return
		}
		list = append(list, t)
		for _, r := range t.references {
			add(r)
		}
	}
	add(m.dir.project)
	for _, name := range m.dir.files {
		if strings.HasPrefix(name, "tsconfig") && strings.HasSuffix(name, ".json") {
			add(c.load(loader.Join(m.dir.path, name)))
		}
	}
	return list
}

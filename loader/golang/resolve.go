package golang

import (
	"cmp"
	"context"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// conclusion is what an import path means in a module: a package of the
// workspace, an external one, a reason why it is neither, or nothing at all for
// import "C".
type conclusion struct {
	id        module.ID
	external  *module.Module
	rule      string
	reason    string
	missing   []string     // folders that were looked for in vain
	listed    string       // a folder whose listing decided; empty if none did
	required  bool         // by the manifest
	consulted []loader.Key // what else it takes into account, beside the importer's module
	asked     []string     // and which folders; with a slash at the end what is in one
}

// The kinds of what conclusions take into account.
const (
	keyPackage  = 'p' // of a folder: whether it is a package, and of which module
	keyModule   = 'm' // of a go.mod's folder: all that its module's imports mean
	keyRequired = 'r' // of a module path: whether some module requires it
)

func failed(reason string, missing ...string) *conclusion {
	return &conclusion{reason: reason, missing: missing}
}

// concludeAll concludes each import path of each module once, so that Resolve
// only has to look it up.
func (r *resolver) concludeAll(ctx context.Context) error {
	noting := &concluding{resolver: r}
	for _, m := range r.modules {
		if err := ctx.Err(); err != nil {
			return err
		}
		mod := r.owner(m.ID).mod
		if mod.list == nil {
			continue // without a go.mod a path means something else in each folder
		}
		conclusions := r.conclusions[mod]
		if conclusions == nil {
			conclusions = map[string]*conclusion{}
			r.conclusions[mod] = conclusions
		}
		for i := range m.Imports {
			imp := &m.Imports[i]
			if imp.Flags&module.Pattern != 0 {
				continue
			}
			if _, done := conclusions[imp.Specifier]; !done {
				conclusions[imp.Specifier] = noting.concludeNoting(mod, imp.Specifier)
			}
		}
	}
	return nil
}

// Resolve concludes what an import path or a //go:embed pattern of a module
// means. One look-up for an import path; a pattern reads the folders it names.
func (r *resolver) Resolve(from *module.Module, imp *module.Import, res *loader.Resolution) {
	p := r.owner(from.ID)
	if p == nil {
		res.Fail("no Go package owns module " + string(from.ID))
		return
	}
	if imp.Flags&module.Pattern != 0 {
		r.embed(p, imp.Specifier, res)
		return
	}
	mod := r.manifests.moduleIn(p.mod.dir)
	c := r.conclusions[mod][imp.Specifier]
	if c == nil {
		if mod.list == nil {
			noting := &concluding{resolver: r, mod: mod}
			c = noting.noted(noting.concludeLoose(p, imp.Specifier))
		} else {
			noting := &concluding{resolver: r}
			c = noting.concludeNoting(mod, imp.Specifier)
		}
	}
	for _, key := range c.consulted {
		res.Consult(key.Kind, key.Name)
	}
	for _, dir := range c.asked {
		if listed, ok := strings.CutSuffix(dir, "/"); ok {
			res.Folder(listed)
		} else {
			res.Found(dir)
		}
	}
	for _, dir := range c.missing {
		res.Dir(dir)
	}
	if c.listed != "" {
		res.Folder(c.listed)
	}
	switch {
	case c.reason != "":
		res.Fail(c.reason)
	case c.external != nil:
		res.External(c.external, imp.Kind, c.rule)
		if c.required {
			res.Targets[len(res.Targets)-1].Declared = module.DeclaredRuntime
		}
	case c.id != "":
		res.To(c.id, imp.Kind, c.rule)
	}
}

// Implicit makes the tests of a package depend on the package.
func (r *resolver) Implicit(from *module.Module, res *loader.Resolution) {
	p := r.owner(from.ID)
	if p == nil {
		return
	}
	res.Consult(keyModule, p.mod.dir)
	res.Consult(keyPackage, p.dir)
	if from.Kind == module.KindTest && p.source() {
		res.To(p.id(), module.Implicit, "the package that the tests are of")
	}
}

// Probing says that a conclusion depends on the listing of the tree only as far
// as the resolution was asked for it.
func (*resolver) Probing() {}

// concluding is the search for conclusions, one after the other. It notes what it
// asks beside the importer's module, which Implicit consults.
type concluding struct {
	*resolver
	mod       *goModule // of the importer
	consulted []loader.Key
	asked     []string
}

func (c *concluding) concludeNoting(mod *goModule, spec string) *conclusion {
	c.mod, c.consulted, c.asked = mod, c.consulted[:0], c.asked[:0]
	return c.noted(c.conclude(mod, spec))
}

func (c *concluding) noted(found *conclusion) *conclusion {
	if len(c.consulted) > 0 {
		found.consulted = slices.Clone(c.consulted)
	}
	if len(c.asked) > 0 {
		found.asked = slices.Clone(c.asked)
	}
	return found
}

// consult notes a key, once where it is asked for again at once.
func (c *concluding) consult(kind byte, name string) {
	key := loader.Key{Kind: kind, Name: name}
	if n := len(c.consulted); n == 0 || c.consulted[n-1] != key {
		c.consulted = append(c.consulted, key)
	}
}

// packageIn returns the package of a folder, or nil, and notes the question.
func (c *concluding) packageIn(dir string) *pkg {
	c.consult(keyPackage, dir)
	return c.resolver.packageIn(dir)
}

// governing returns the module that a folder belongs to, or nil, and notes the
// question.
func (c *concluding) governing(dir string) *goModule {
	mod := c.resolver.governing(dir)
	c.consult(keyPackage, dir)
	if mod != nil && mod != c.mod {
		c.consult(keyModule, mod.dir)
	}
	return mod
}

// conclude decides what an import path means in a module, by the rules of the go
// command: the standard library first, then the modules of the workspace by the
// longest path, then the required ones.
func (r *concluding) conclude(mod *goModule, spec string) *conclusion {
	switch {
	case spec == "C":
		return &conclusion{}
	case isRelative(spec):
		return failed(strconv.Quote(spec) + " is relative, which a module's imports cannot be; write the whole import path")
	case !validPath(spec):
		return failed("malformed import path " + strconv.Quote(spec))
	}
	if c := r.concludeStandard(mod, spec); c != nil {
		return c
	}

	var found, miss *conclusion // the package, or what is wrong with the nearest folder
	for prefix := spec; prefix != ""; prefix = parentPath(prefix) {
		target := mod.list.local[prefix]
		if target == nil {
			continue
		}
		c := r.concludeLocal(target, prefix, spec)
		switch {
		case c.reason != "":
			miss = cmp.Or(miss, c)
		case found == nil:
			found = c
		default:
			return failed("two modules have the package: " + found.rule + " and " + c.rule + "; remove it from one of them")
		}
	}
	if found != nil {
		return found
	}
	if longestPrefix(spec, func(prefix string) bool { return mod.list.required[prefix] }) != "" {
		return r.requiredPackage(spec)
	}
	switch {
	case miss != nil:
		return miss
	case !dotted(spec):
		return failed("package " + spec + " is not in the standard library of Go 1." + strconv.Itoa(goMinor) + ", and no module of that path is required in " + mod.list.where)
	}
	if replaced := longestPrefix(spec, func(prefix string) bool { return mod.list.unused[prefix] }); replaced != "" {
		return failed("module " + replaced + " is replaced but not required in " + mod.list.where + "; to require it: go get " + replaced)
	}
	return failed("no module that " + mod.list.where + " requires provides package " + spec + "; to add one: go get " + spec)
}

// concludeStandard looks in the standard library: the toolchain's, or that of
// the workspace. The latter's own modules have vendored packages as well.
func (r *concluding) concludeStandard(mod *goModule, spec string) *conclusion {
	if mod.std == nil {
		if isStandard(spec) {
			return standardPackage(spec)
		}
		return nil
	}
	dir := loader.Join(mod.std.dir, spec)
	if r.governing(dir) == mod.std {
		if c := r.concludeFolder(mod.std, dir, "standard library of the workspace"); c.reason == "" || isStandard(spec) {
			return c
		}
	} else if r.asked = append(r.asked, dir); isStandard(spec) {
		return failed("the standard library of the workspace has no folder "+dir, dir)
	}
	if mod.path == "std" || mod.path == "cmd" {
		vendor := loader.Join(mod.dir, "vendor/"+spec)
		if p := r.packageIn(vendor); p != nil && p.source() {
			return &conclusion{id: p.id(), rule: "vendored by " + mod.path}
		}
	}
	return nil
}

// concludeLocal looks for a package in a module of the workspace that is known
// by the path prefix.
func (r *concluding) concludeLocal(target *goModule, prefix, spec string) *conclusion {
	rel := strings.TrimPrefix(strings.TrimPrefix(spec, prefix), "/")
	dir := r.ws.Tree.Real(r.manifests.clean(path.Join(target.dir, rel)))
	if strings.HasPrefix(dir, "..") {
		return externalPackage(spec, prefix, "a package of the module, outside the workspace")
	}
	if !r.ws.Tree.Dir(dir) {
		r.asked = append(r.asked, dir)
		if reason, ignored := r.ws.Tree.Ignored(dir); ignored {
			c := externalPackage(spec, prefix, "module "+prefix+", in an ignored folder: "+reason)
			c.missing = []string{dir}
			return c
		}
		return failed("module "+prefix+" is in the workspace, and has no folder "+dir+"; correct the import path or add the package", dir)
	}
	if owner := r.governing(dir); owner != target {
		return failed("folder " + dir + " belongs to module " + owner.path + ", which " + target.list.where + " does not use; to require it: go get " + owner.path)
	}
	return r.concludeFolder(target, dir, "module "+prefix)
}

// concludeFolder decides whether a folder of a module is a package.
func (r *concluding) concludeFolder(mod *goModule, dir, rule string) *conclusion {
	p := r.packageIn(dir)
	if p == nil {
		r.asked = append(r.asked, dir+"/")
	}
	switch {
	case p != nil && p.source():
		return &conclusion{id: p.id(), rule: rule}
	case r.unread(mod, dir):
		// It can be imported, but Eddy does not read it.
		c := externalPackage(r.manifests.importPath(mod, dir), mod.path, rule+", in a folder that the go command's patterns pass over")
		c.listed = dir
		return c
	case p == nil:
		c := failed("folder " + dir + " has no Go files; correct the import path or add the package")
		c.listed = dir
		return c
	case p.excluded != "":
		return failed("no file of the package in folder " + dir + " is built: " + p.excluded)
	}
	return failed("folder " + dir + " has test files alone, and tests cannot be imported")
}

// unread reports whether a folder holds Go files that are passed over.
func (r *resolver) unread(mod *goModule, dir string) bool {
	if passedOver(dir) == "" && !mod.ignores(r.manifests.below(mod.dir, dir)) {
		return false
	}
	folder := r.ws.Tree.Folder(dir)
	return folder != nil && slices.ContainsFunc(folder.Files, func(name string) bool {
		return strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go")
	})
}

// concludeLoose decides what an import path means in a folder without a go.mod:
// relative paths are relative to the folder, others to the folder named src
// above it, as below a GOPATH, or else to the root.
func (r *concluding) concludeLoose(p *pkg, spec string) *conclusion {
	var candidates []string
	switch {
	case spec == "C":
		return &conclusion{}
	case isRelative(spec):
		candidates = append(candidates, path.Join(p.dir, spec))
	case !validPath(spec):
		return failed("malformed import path " + strconv.Quote(spec))
	case isStandard(spec):
		return standardPackage(spec)
	default:
		if base, ok := r.manifests.sourceRoot(p.dir); ok {
			candidates = append(candidates, r.manifests.clean(path.Join(base, spec)))
		}
		candidates = append(candidates, path.Clean(spec))
	}
	for _, dir := range candidates {
		if p := r.packageIn(dir); p != nil && p.source() {
			return &conclusion{id: p.id(), rule: "folder, without a go.mod"}
		}
	}
	if dotted(spec) && !isRelative(spec) {
		return externalPackage(spec, "", "an external package, without a go.mod")
	}
	return failed("no go.mod governs folder "+p.dir+", and there is no package in "+strings.Join(candidates, " or ")+
		"; to make the folder a module: go mod init", candidates...)
}

// standardPackage concludes a package of the toolchain's standard library.
func standardPackage(spec string) *conclusion {
	return &conclusion{rule: "standard library", external: &module.Module{
		ID: module.ID("golang:" + spec), Name: spec, Language: module.Go, Kind: module.KindStandard, Package: "std",
	}}
}

// requiredPackage concludes a package of a required module: the one with the
// longest path among all that are required anywhere in the workspace, so that a
// package is described in one way alone.
func (r *concluding) requiredPackage(spec string) *conclusion {
	owner := longestPrefix(spec, func(prefix string) bool {
		r.consult(keyRequired, prefix)
		return r.required[prefix]
	})
	c := externalPackage(spec, owner, "required module "+owner)
	c.required = true
	return c
}

func externalPackage(spec, owner, rule string) *conclusion {
	return &conclusion{rule: rule, external: &module.Module{
		ID: module.ID("golang:" + spec), Name: spec, Language: module.Go, Kind: module.KindExternal, Package: owner,
	}}
}

// isStandard reports whether a path is one of the toolchain's standard library.
func isStandard(spec string) bool {
	_, ok := slices.BinarySearch(standardPackages[:], spec)
	return ok
}

func isRelative(spec string) bool {
	return spec == "." || spec == ".." || strings.HasPrefix(spec, "./") || strings.HasPrefix(spec, "../")
}

// dotted reports whether the first element of a path has a dot, as every path
// that can be fetched has.
func dotted(spec string) bool {
	first, _, _ := strings.Cut(spec, "/")
	return strings.Contains(first, ".")
}

// longestPrefix returns the longest of a path's own prefixes, by whole elements,
// that is known; empty if none is.
func longestPrefix(spec string, known func(string) bool) string {
	for prefix := spec; prefix != ""; prefix = parentPath(prefix) {
		if known(prefix) {
			return prefix
		}
	}
	return ""
}

// parentPath returns a path without its last element.
func parentPath(p string) string {
	return p[:max(strings.LastIndexByte(p, '/'), 0)]
}

package golang

import (
	"maps"
	"slices"

	gomodule "golang.org/x/mod/module"

	"github.com/eddy-build/eddy/loader"
)

// reread is Reindex where the files are as they were and a manifest may say
// something else: all are read, and the packages of the modules are grouped again
// for which that makes a difference.
func (r *resolver) reread(ws *loader.Workspace, edit loader.Edit) (loader.Resolver, error) {
	if len(edit.Changed)+len(edit.Added)+len(edit.Removed)+len(edit.Listing) > 0 {
		return nil, nil
	}
	m, ok := rereadManifests(ws, r.manifests)
	if !ok {
		return nil, nil
	}
	m.buildLists()
	next := new(resolver)
	*next = *r
	next.ws, next.manifests, next.required = ws, m, m.required()
	next.version, next.before, next.differences = new(version), r.version, nil
	if next.edited = maps.Clone(r.edited); next.edited == nil {
		next.edited = map[string]*pkg{}
	}
	others := map[string]bool{} // folders of modules
	for dir, mod := range m.modules {
		if !next.groupsAs(mod, r.manifests.modules[dir]) {
			others[dir] = true
		}
	}
	var dirs []string
	if len(others) > 0 {
		r.eachPackage(func(p *pkg) {
			if others[p.mod.dir] {
				dirs = append(dirs, p.dir)
			}
		})
	}
	if len(dirs) > maxEdited {
		return nil, nil
	}
	slices.Sort(dirs)
	g := next.grouping()
	for _, dir := range dirs {
		g.again(dir, r)
	}
	next.declaredOtherwise(r, func(kind byte, name string) {
		next.differences = append(next.differences, loader.Key{Kind: kind, Name: name})
	})
	next.carryConclusions(r)
	next.settle()
	return next, nil
}

// groupsAs reports whether two versions of a module make the same packages and
// names of files.
func (r *resolver) groupsAs(a, b *goModule) bool {
	return a.path == b.path && r.minor(a) == r.minor(b) && slices.Equal(a.ignore, b.ignore) &&
		slices.EqualFunc(a.requires, b.requires, func(x, y gomodule.Version) bool { return x.Path == y.Path })
}

// carryConclusions takes over from old the conclusions of the modules for which
// everything is as it was, but for those that took into account what is not.
func (r *resolver) carryConclusions(old *resolver) {
	r.conclusions = nil
	otherwise := map[loader.Key]bool{}
	for _, key := range r.differences {
		if key.Kind != keyModule {
			return // they may be about any module
		}
		otherwise[key] = true
	}
	stale := func(_ string, c *conclusion) bool {
		return slices.ContainsFunc(c.consulted, func(key loader.Key) bool { return otherwise[key] })
	}
	r.conclusions = make(map[*goModule]map[string]*conclusion, len(old.conclusions))
	for mod, conclusions := range old.conclusions {
		now := r.manifests.modules[mod.dir]
		if now == nil || otherwise[loader.Key{Kind: keyModule, Name: mod.dir}] {
			continue
		}
		for spec, c := range conclusions {
			if stale(spec, c) {
				conclusions = maps.Clone(conclusions)
				maps.DeleteFunc(conclusions, stale)
				break
			}
		}
		r.conclusions[now] = conclusions
	}
}

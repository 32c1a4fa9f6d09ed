package ecmascript

import (
	"reflect"
	"slices"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// The kinds of what conclusions take into account.
const (
	keySource   = 'c' // of a file: the options and the module system that govern it
	keyManifest = 'm' // of a folder: what its package.json says, and the configs of its output
	keyName     = 'n' // of a package: which manifests have the name
)

// Differences implements [loader.ComparableResolver]. Of the facts of other files
// only the modules count that they declare. A package.json that came or went may
// mean anything to everyone below it; of others, and of all configs, it is told
// what they say otherwise.
func (ix *index) Differences(prev loader.Resolver) ([]loader.Key, bool) {
	old, ok := prev.(*index)
	if !ok || !slices.Equal(ix.ambient, old.ambient) {
		return nil, false
	}
	again := ix.before != nil && ix.before == old.version
	if again && !ix.read {
		return nil, true
	}
	samePlace := func(a, b *manifest) bool { return a.path == b.path }
	if !slices.EqualFunc(ix.manifests, old.manifests, samePlace) ||
		!slices.EqualFunc(ix.workspaces, old.workspaces, func(a, b *workspace) bool { return a.dir == b.dir }) {
		return nil, false
	}
	c := newComparison()
	for a, b := ix.above, old.above; a != nil || b != nil; a, b = a.parent, b.parent {
		if a == nil || b == nil || !c.manifests(a, b) {
			return nil, false
		}
	}
	for i, m := range ix.manifests {
		if !c.manifests(m, old.manifests[i]) {
			c.differ(keyManifest, m.dir.path)
		}
	}
	c.names(ix, old)
	if again {
		for _, path := range ix.governed {
			c.differ(keySource, path)
		}
		return c.keys, true
	}
	for _, f := range ix.files {
		s, was := ix.sourceOf(module.ID(f.Path)), old.sourceOf(module.ID(f.Path))
		if s == nil || was == nil || s.format != was.format || !c.sameOptions(s.opts, was.opts) ||
			!sameManifestPlace(ix.scopeOf(s), old.scopeOf(was)) {
			c.differ(keySource, f.Path)
		}
	}
	return c.keys, true
}

// comparison collects what two indexes have otherwise.
type comparison struct {
	keys    []loader.Key
	options map[[2]*options]bool // pairs that were compared, and whether they are equal
	configs map[[2]*tsconfig]bool
	// While configs are compared: how deep in references, and the pairs that are
	// equal as long as one that they lead back to is.
	depth    int
	supposed [][2]*tsconfig
}

func newComparison() *comparison {
	return &comparison{options: map[[2]*options]bool{}, configs: map[[2]*tsconfig]bool{}}
}

func (c *comparison) differ(kind byte, name string) {
	c.keys = append(c.keys, loader.Key{Kind: kind, Name: name})
}

// names notes the names of packages that lead to other manifests.
func (c *comparison) names(ix, old *index) {
	for name, list := range ix.byName {
		if !slices.EqualFunc(list, old.byName[name], sameManifestPlace) {
			c.differ(keyName, name)
		}
	}
	for name := range old.byName {
		if len(ix.byName[name]) == 0 {
			c.differ(keyName, name)
		}
	}
	for i, w := range ix.workspaces {
		was := old.workspaces[i]
		for name, m := range w.members {
			if !sameManifestPlace(m, was.members[name]) {
				c.differ(keyName, name)
			}
		}
		for name := range was.members {
			if w.members[name] == nil {
				c.differ(keyName, name)
			}
		}
	}
}

func sameManifestPlace(a, b *manifest) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.path == b.path
}

// manifests compares what two versions of a manifest say, what is above them and
// the workspace that they are in.
func (c *comparison) manifests(a, b *manifest) bool {
	if !sameManifestPlace(a.parent, b.parent) || (a.space == nil) != (b.space == nil) || a.space != nil && a.space.dir != b.space.dir ||
		!slices.EqualFunc(a.outputs, b.outputs, sameOutput) {
		return false
	}
	x, y := *a, *b
	for _, m := range []*manifest{&x, &y} {
		m.dir, m.parent, m.space, m.outputs = nil, nil, nil, nil
	}
	return reflect.DeepEqual(x, y)
}

// sameOutput compares where two configs have their output from.
func sameOutput(a, b *tsconfig) bool {
	return a.path == b.path && a.opts.outDir == b.opts.outDir && a.opts.declarationDir == b.opts.declarationDir && slices.Equal(a.roots(), b.roots())
}

func (c *comparison) sameOptions(a, b *options) bool {
	if a == b {
		return true
	}
	pair := [2]*options{a, b}
	same, known := c.options[pair]
	if !known {
		same = reflect.DeepEqual(a, b)
		c.options[pair] = same
	}
	return same
}

// sameConfig compares all that two configs say, and those that they reference.
func (c *comparison) sameConfig(a, b *tsconfig) bool {
	if a == nil || b == nil {
		return a == b
	}
	pair := [2]*tsconfig{a, b}
	same, known := c.configs[pair]
	if !known {
		c.configs[pair] = true // for references that lead back
		c.depth++
		same = a.path == b.path && a.dir == b.dir && a.listed == b.listed && c.sameOptions(a.opts, b.opts) && slices.Equal(a.files, b.files) &&
			reflect.DeepEqual(a.include, b.include) && reflect.DeepEqual(a.exclude, b.exclude) &&
			slices.EqualFunc(a.references, b.references, c.sameConfig)
		c.configs[pair] = same
		c.depth--
		switch {
		case c.depth > 0 && same:
			c.supposed = append(c.supposed, pair)
		case c.depth == 0:
			if !same {
				for _, pair := range c.supposed {
					delete(c.configs, pair)
				}
			}
			c.supposed = c.supposed[:0]
		}
	}
	return same
}

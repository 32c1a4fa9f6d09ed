package loader

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/module"
)

// face is what a module alone says of its interface: a digest of all that
// importers can observe of its own text, and the modules whose interfaces
// belong to it too, because it passes their names on or because a declaration
// that is observable mentions one of their names.
//
// It is sound by construction. It begins with every name that is not private,
// and follows the words of their signatures: a private declaration that is
// mentioned is observable through what mentions it, an import that is mentioned
// brings its target's interface, under the name that it has there. What a module
// cannot bound takes its content as a whole, and all that it imports.
type face struct {
	base  module.Digest
	leads []module.ID // sorted
	// Of Go, unnamed are the modules that are imported by the names that they have
	// themselves, sorted, and words what is mentioned as the name of a package, and
	// may be one of those: only the linker knows.
	unnamed []module.ID
	words   []string // sorted
}

// equal reports whether two faces of a module tell the same.
func (f *face) equal(g *face) bool {
	return f.base == g.base && slices.Equal(f.unnamed, g.unnamed)
}

// mentions reports whether a package of some name is mentioned.
func (f *face) mentions(name string) bool {
	_, ok := slices.BinarySearch(f.words, name)
	return ok
}

// facer makes faces. It keeps buffers from module to module.
type facer struct {
	m        *module.Module
	hash     hash.Hash
	text     []byte     // not hashed yet
	included []bool     // by export
	queue    []int32    // exports whose signatures are to be read
	known    vocabulary // the local names of imports, and the parts of private names
	nameless bool       // the imports that bind no name have been taken
	taken    []bool     // by import
	local    []bool     // by import: a Go package of the workspace
	used     []bound    // what was mentioned of the imports
	leads    []module.ID
	words    map[string]struct{}
}

// bound is a name of an import, or the import as a whole.
type bound struct{ imp, name int32 }

const wholly = -1 // the name of an import that is taken as a whole

func newFacer() *facer {
	return &facer{hash: sha256.New(), words: map[string]struct{}{}}
}

func (f *facer) of(m *module.Module) *face {
	f.m = m
	f.hash.Reset()
	f.text, f.queue, f.leads, f.used, f.nameless = f.text[:0], f.queue[:0], f.leads[:0], f.used[:0], false
	clear(f.words)
	f.included = zeroed(f.included, len(m.Exports))
	f.taken = zeroed(f.taken, len(m.Imports))

	f.string(string(m.Language))
	if m.Open {
		f.everything()
	} else {
		f.bind()
		f.begin()
		for len(f.queue) > 0 {
			n := f.queue[len(f.queue)-1]
			f.queue = f.queue[:len(f.queue)-1]
			f.mentions(m.Exports[n].Signature)
		}
	}
	// In the order of the names, whatever led to them.
	for n := range m.Exports {
		if f.included[n] {
			f.export(&m.Exports[n])
		}
	}
	f.number(len(m.All))
	if m.All == nil {
		f.number(1)
	}
	for _, name := range m.All {
		f.string(name)
	}
	for _, text := range m.Aside {
		f.string(text)
	}
	f.imports()
	own := &face{}
	for i := range m.Deps {
		dep := &m.Deps[i]
		switch {
		case dep.Import < 0 || dep.To == m.ID:
		case f.taken[dep.Import]:
			f.leads = append(f.leads, dep.To)
		case f.unnamed(dep):
			own.unnamed = append(own.unnamed, dep.To)
		}
	}
	own.unnamed = slices.Compact(own.unnamed)
	if len(own.unnamed) > 0 {
		own.words = slices.Sorted(maps.Keys(f.words))
	}
	slices.Sort(f.leads)
	leads := slices.Clone(slices.Compact(f.leads))
	for _, id := range leads {
		f.string(string(id))
	}
	f.hash.Write(f.text)
	f.hash.Sum(own.base[:0])
	own.leads = leads
	return own
}

// unnamed reports whether a dependency is one on a Go package of the workspace
// under the name that it has itself.
func (f *facer) unnamed(dep *module.Dep) bool {
	if f.m.Language != module.Go || dep.Kind == module.Implicit || strings.HasPrefix(string(dep.To), outsideGo) || len(f.m.Imports[dep.Import].Names) == 0 {
		return false
	}
	names := f.m.Imports[dep.Import].Names
	return names[0].Alias == ""
}

// outsideGo is what the IDs of Go packages outside the workspace begin with.
const outsideGo = "golang:"

func zeroed(list []bool, n int) []bool {
	list = slices.Grow(list[:0], n)[:n]
	clear(list)
	return list
}

// everything takes a module whole.
func (f *facer) everything() {
	f.text = append(f.text, f.m.Content[:]...)
	for i := range f.taken {
		f.taken[i] = true
	}
}

func (f *facer) string(s string) {
	f.number(len(s))
	for {
		n := min(len(s), maxUnhashed)
		f.text = append(f.text, s[:n]...)
		if len(f.text) >= maxUnhashed {
			f.hash.Write(f.text)
			f.text = f.text[:0]
		}
		if s = s[n:]; s == "" {
			return
		}
	}
}

// maxUnhashed bounds the text that waits to be hashed: the signatures of a module
// can be megabytes.
const maxUnhashed = 16 << 10

func (f *facer) number(n int) { f.text = binary.AppendUvarint(f.text, uint64(n)) }

func (f *facer) export(e *module.Export) {
	f.string(e.Name)
	f.number(int(e.Kind))
	f.number(int(e.Visibility))
	f.string(e.Signature)
	f.string(e.Imported)
	if e.Import > 0 {
		imp := &f.m.Imports[e.Import-1]
		f.string(imp.Specifier)
		typed := slices.ContainsFunc(imp.Names, func(n module.ImportedName) bool { return n.Type && n.Name == e.Imported })
		f.kind(imp, typed)
	}
}

// kind adds what of an import changes the meaning of a name.
func (f *facer) kind(imp *module.Import, typed bool) {
	f.number(int(imp.Kind))
	f.number(int(imp.Flags))
	if typed {
		f.number(1)
	}
}

// imports adds what was mentioned of the imports, in an order that does not
// depend on where they stand.
func (f *facer) imports() {
	name := func(b bound) module.ImportedName {
		if b.name == wholly {
			return module.ImportedName{}
		}
		return f.m.Imports[b.imp].Names[b.name]
	}
	compare := func(a, b bound) int {
		i, k := &f.m.Imports[a.imp], &f.m.Imports[b.imp]
		m, n := name(a), name(b)
		return cmp.Or(strings.Compare(i.Specifier, k.Specifier), strings.Compare(m.Name, n.Name), strings.Compare(m.Alias, n.Alias),
			cmp.Compare(i.Kind, k.Kind), cmp.Compare(i.Flags, k.Flags), compareBool(m.Type, n.Type))
	}
	slices.SortFunc(f.used, compare)
	f.used = slices.CompactFunc(f.used, func(a, b bound) bool { return compare(a, b) == 0 })
	f.number(len(f.used))
	for _, b := range f.used {
		imp, n := &f.m.Imports[b.imp], name(b)
		f.string(imp.Specifier)
		f.string(n.Name)
		f.string(n.Alias)
		f.kind(imp, n.Type)
	}
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// take counts a name of an import as mentioned.
func (f *facer) take(b bound) {
	f.taken[b.imp] = true
	f.used = append(f.used, b)
}

// bind notes which words mean which imports and private declarations.
func (f *facer) bind() {
	f.known.clear()
	for i := range f.m.Imports {
		imp := &f.m.Imports[i]
		for k := range imp.Names {
			n, at := &imp.Names[k], bound{int32(i), int32(k)}
			switch {
			case n.Alias == "." || n.Name == "*" && n.Alias == "" && f.m.Language != module.Go:
				f.take(at) // binds what cannot be told
			case n.Alias == "_" && f.m.Language == module.Go:
			case n.Alias != "":
				name, _, _ := strings.Cut(n.Alias, ".")
				f.known.add(name, meaning{bound: at})
			case n.Name != "*":
				f.known.add(n.Name, meaning{bound: at})
			}
		}
		if len(imp.Names) == 0 && ecmascript(f.m.Language) && imp.Kind != module.Deferred {
			f.take(bound{int32(i), wholly}) // what it adds to the global scope may be mentioned
		}
	}
	f.local = zeroed(f.local, len(f.m.Imports))
	if f.m.Language == module.Go {
		for _, dep := range f.m.Deps {
			if dep.Import >= 0 && !strings.HasPrefix(string(dep.To), outsideGo) {
				f.local[dep.Import] = true
			}
		}
		for i := range f.m.Imports {
			if f.local[i] {
				continue
			}
			for _, name := range goNames(&f.m.Imports[i]) {
				f.known.add(name, meaning{bound: bound{int32(i), wholly}})
			}
		}
	}
	for n := range f.m.Exports {
		e := &f.m.Exports[n]
		if e.Visibility != module.Private {
			continue
		}
		for part := range strings.SplitSeq(e.Name, ".") {
			f.known.add(part, meaning{private: int32(n) + 1})
		}
	}
	if ecmascript(f.m.Language) { // import("./x").T
		f.known.add("import", meaning{nameless: true})
		f.known.add("require", meaning{nameless: true})
	}
}

func ecmascript(l module.Language) bool {
	switch l {
	case module.TypeScript, module.JavaScript, module.Vue, module.Svelte, module.Astro:
		return true
	}
	return false
}

// goNames are the words that an import of a Go package from outside without a
// name of its own most likely binds.
func goNames(imp *module.Import) []string {
	if len(imp.Names) == 0 || imp.Names[0].Alias != "" {
		return nil
	}
	base := path.Base(imp.Specifier)
	return []string{base, path.Base(path.Dir(imp.Specifier))}
}

// begin includes what every importer can see.
func (f *facer) begin() {
	for n := range f.m.Exports {
		if f.m.Exports[n].Visibility != module.Private {
			f.include(int32(n))
		}
	}
	for _, name := range f.m.All {
		f.mention(name)
	}
	if f.m.Language != module.Go { // the name of a package mentions nothing
		for _, text := range f.m.Aside {
			f.mentions(text)
		}
	}
}

func (f *facer) include(n int32) {
	if f.included[n] {
		return
	}
	f.included[n] = true
	e := &f.m.Exports[n]
	if e.Import > 0 {
		f.taken[e.Import-1] = true
	}
	f.queue = append(f.queue, n)
}

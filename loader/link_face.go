package loader

import (
	"crypto/sha256"
	"encoding/binary"
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
// brings its target's interface. What a module cannot bound takes its content as
// a whole, and all that it imports.
type face struct {
	base  module.Digest
	leads []module.ID // sorted
}

// facer makes faces. It keeps buffers from module to module.
type facer struct {
	m        *module.Module
	text     []byte
	included []bool             // by export
	queue    []int32            // exports whose signatures are to be read
	private  map[string][]int32 // private exports by the parts of their names
	bindings map[string][]int32 // imports by the local names that they bind
	read     map[string]struct{}
	taken    []bool // by import
	leads    []module.ID
}

func newFacer() *facer {
	return &facer{private: map[string][]int32{}, bindings: map[string][]int32{}, read: map[string]struct{}{}}
}

func (f *facer) of(m *module.Module) *face {
	f.m = m
	f.text, f.queue, f.leads = f.text[:0], f.queue[:0], f.leads[:0]
	clear(f.private)
	clear(f.bindings)
	clear(f.read)
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
	for _, dep := range m.Deps {
		if dep.Import >= 0 && f.taken[dep.Import] && dep.To != m.ID {
			f.leads = append(f.leads, dep.To)
		}
	}
	slices.Sort(f.leads)
	leads := slices.Clone(slices.Compact(f.leads))
	for _, id := range leads {
		f.string(string(id))
	}
	return &face{base: sha256.Sum256(f.text), leads: leads}
}

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
	f.text = append(f.text, s...)
}

func (f *facer) number(n int) { f.text = binary.AppendUvarint(f.text, uint64(n)) }

func (f *facer) export(e *module.Export) {
	f.string(e.Name)
	f.number(int(e.Kind))
	f.number(int(e.Visibility))
	f.string(e.Signature)
	f.string(e.Imported)
	if e.Import > 0 {
		f.string(f.m.Imports[e.Import-1].Specifier)
	}
}

// bind notes which words mean which imports and private declarations.
func (f *facer) bind() {
	for i := range f.m.Imports {
		imp := &f.m.Imports[i]
		for _, n := range imp.Names {
			switch {
			case n.Alias == "." || n.Name == "*" && n.Alias == "" && f.m.Language != module.Go:
				f.taken[i] = true // binds what cannot be told
			case n.Alias != "":
				name, _, _ := strings.Cut(n.Alias, ".")
				f.bindings[name] = append(f.bindings[name], int32(i))
			case n.Name != "*":
				f.bindings[n.Name] = append(f.bindings[n.Name], int32(i))
			}
		}
		if f.m.Language == module.Go {
			for _, name := range goNames(imp) {
				f.bindings[name] = append(f.bindings[name], int32(i))
			}
		}
	}
	for n := range f.m.Exports {
		e := &f.m.Exports[n]
		if e.Visibility != module.Private {
			continue
		}
		for part := range strings.SplitSeq(e.Name, ".") {
			f.private[part] = append(f.private[part], int32(n))
		}
	}
}

// goNames are the words that an import of a Go package without a name of its own
// most likely binds.
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

// mentions follows each word of a signature, those in strings and comments too:
// too many are harmless.
func (f *facer) mentions(text string) {
	for i := 0; i < len(text); {
		if !wordByte(text[i]) {
			i++
			continue
		}
		start := i
		for i < len(text) && wordByte(text[i]) {
			i++
		}
		word := text[start:i]
		_, bound := f.bindings[word]
		if !bound && f.m.Language == module.Go && i < len(text) && text[i] == '.' && word[0] > '9' {
			f.nameless() // a package whose name is not that of its folder
		}
		f.mention(word)
	}
}

func wordByte(c byte) bool {
	return c == '_' || c == '$' || c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func (f *facer) mention(word string) {
	if _, ok := f.read[word]; ok {
		return
	}
	f.read[word] = struct{}{}
	for _, n := range f.private[word] {
		f.include(n)
	}
	for _, i := range f.bindings[word] {
		f.taken[i] = true
		if f.m.Language == module.Go && f.m.Imports[i].Specifier == "C" {
			f.everything() // the preamble says what C has
		}
	}
	if word == "import" || word == "require" {
		f.nameless() // import("./x").T
	}
}

// nameless includes every import that binds no name of its own.
func (f *facer) nameless() {
	for i := range f.m.Imports {
		if imp := &f.m.Imports[i]; len(imp.Names) == 0 || imp.Names[0].Alias == "" {
			f.taken[i] = true
		}
	}
}

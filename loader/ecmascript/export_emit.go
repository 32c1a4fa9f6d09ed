package ecmascript

import (
	"bytes"
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/eddy-build/eddy/module"
)

// addExports takes over what a script declares and exports. All texts of a
// script are parts of one string.
func (b *factsBuilder) addExports(r *exportReader) {
	for n := range r.items {
		it := &r.items[n]
		r.name(it)
		r.cut()
		if it.to > it.from && !r.shares(n) {
			r.text = append(r.text, it.prefix...)
			r.fold(int(it.from), int(it.to))
		}
		r.cut()
		doc, _ := r.documentation(int(it.doc))
		first, deprecated := summary(doc)
		r.text = append(r.text, first...)
		r.cut()
		r.text = append(r.text, deprecated...)
		r.cut()
	}
	all := string(r.text)
	begin := int32(0)
	list := make([]module.Export, len(r.items))
	next := func(n int) string {
		end := r.ends[n]
		text := all[begin:end]
		begin = end
		return text
	}
	base := int32(r.s.base)
	for n := range list {
		it, e := &r.items[n], &list[n]
		*e = module.Export{
			Name: next(4 * n), Signature: next(4*n + 1), Doc: next(4*n + 2), Deprecated: next(4*n + 3),
			Kind: it.kind, Imported: it.imported,
			Span: module.Span{File: b.path, Offset: base + it.at.start, End: base + it.at.end},
		}
		if r.shares(n) {
			e.Signature = list[n-1].Signature
		}
		if it.spec != 0 {
			e.Import = base + it.spec
		}
		if _, internal := r.documentation(int(it.doc)); internal {
			e.Visibility = module.Internal
		}
	}
	r.link(list)
	public := make(map[string]struct{}, len(list))
	for n := range list {
		if r.items[n].public && !r.items[n].void {
			public[list[n].Name] = struct{}{}
		}
	}
	for n := range list {
		it := &r.items[n]
		_, known := public[list[n].Name]
		switch {
		case it.hidden, (!it.public || it.void) && known:
			continue
		case !it.public:
			list[n].Visibility = module.Private
		}
		b.facts.Exports = append(b.facts.Exports, list[n])
	}
	b.facts.Open = b.facts.Open || r.open
}

func (r *exportReader) name(it *item) {
	if it.fixed != "" {
		r.text = append(r.text, it.fixed...)
	} else {
		r.text = appendDecoded(r.text, r.s.src[it.at.start:it.at.end])
	}
}

// shares reports whether an item has the declaration of the one before: they are
// names of one pattern, or of one chain of assignments.
func (r *exportReader) shares(n int) bool {
	if n == 0 {
		return false
	}
	a, b := &r.items[n-1], &r.items[n]
	return b.to > b.from && a.from == b.from && a.to == b.to && a.prefix == b.prefix
}

func (r *exportReader) cut() { r.ends = append(r.ends, int32(len(r.text))) }

// link gives the names that stand for others of the file what is known of those.
func (r *exportReader) link(list []module.Export) {
	var byName map[string][]int
	var bound map[string]binding
	for n := range r.items {
		it := &r.items[n]
		if it.local == (span{}) {
			continue
		}
		if byName == nil {
			byName = make(map[string][]int, len(list))
			for k := range list {
				// A member of a name is what can be observed of it too.
				if o := &r.items[k]; o.local == (span{}) && o.spec == 0 && o.fixed == "" {
					byName[list[k].Name] = append(byName[list[k].Name], k)
				}
			}
		}
		e := &list[n]
		local := decode(r.s.src[it.local.start:it.local.end])
		found := byName[local]
		if len(found) == 0 {
			if bound == nil {
				bound = r.bindings()
			}
			if to, ok := bound[local]; ok {
				e.Kind, e.Imported, e.Import = 0, to.imported, int32(r.s.base)+to.spec
				if to.imported == nameAll {
					e.Kind = module.SymbolModule
				}
			} else {
				e.Signature = local
			}
			continue
		}
		first := &list[found[0]]
		e.Kind = first.Kind
		e.Visibility = max(e.Visibility, first.Visibility)
		e.Doc, e.Deprecated = cmp.Or(e.Doc, first.Doc), cmp.Or(e.Deprecated, first.Deprecated)
		e.Signature = first.Signature
		if len(found) > 1 {
			texts := make([]string, len(found))
			for k, f := range found {
				texts[k] = list[f].Signature
			}
			e.Signature = strings.Join(texts, "; ")
		}
	}
}

// binding is what an import binds a name to.
type binding struct {
	spec     int32 // one more than the offset of its specifier
	imported string
}

// bindings reads the import declarations again, for the names that they bind.
func (r *exportReader) bindings() map[string]binding {
	s := r.s
	bound := map[string]binding{}
	mark := s.mark()
	for _, w := range r.imports {
		s.importDeclaration(int(w) + len("import"))
		for _, rec := range s.records[mark.records:] {
			for _, n := range s.names[rec.names:rec.nameEnd] {
				imported := n.fixed
				if imported == "" {
					imported = decode(s.src[n.name.start:n.name.end])
				}
				at := n.alias
				if at == (span{}) {
					at = n.name
				}
				bound[decode(s.src[at.start:at.end])] = binding{rec.start + 1, imported}
			}
		}
		s.reset(mark)
	}
	return bound
}

// fold appends the text of src[from:to] with white space and comments folded to
// single spaces, without the bodies of functions that say what they return.
// Literals are copied as they are.
func (r *exportReader) fold(from, to int) {
	src, marks, bodies := r.s.src, r.s.trace.marks, r.s.trace.bodies
	m := r.markAt(from)
	b := sort.Search(len(bodies), func(n int) bool { return int(bodies[n].open) >= from })
	begin, space, line := len(r.text), false, false
	put := func(text []byte) {
		if space && len(r.text) > begin {
			// A line that ends behind return ends the statement.
			if line && (bytes.HasSuffix(r.text[begin:], []byte("return")) || bytes.HasSuffix(r.text[begin:], []byte("yield"))) {
				r.text = append(r.text, ';')
			}
			r.text = append(r.text, ' ')
		}
		r.text = append(r.text, text...)
		space, line = false, false
	}
	for i := from; i < to; {
		stop := to
		for m < len(marks) && int(marks[m].end) <= i {
			m++
		}
		marked := m < len(marks) && int(marks[m].start) < stop
		if marked {
			stop = max(int(marks[m].start), i)
		}
		for b < len(bodies) && (int(bodies[b].open) < i || !bodies[b].typed) {
			b++
		}
		dropped := b < len(bodies) && int(bodies[b].open) < stop
		if dropped {
			stop = int(bodies[b].open)
		}
		for i < stop {
			if c := src[i]; class[c]&clSpace != 0 {
				space = true
				line = line || c == '\n' || c == '\r'
				i++
				continue
			}
			j := i + 1
			for j < stop && (class[src[j]]&clSpace == 0 || src[j] == ' ' && j+1 < stop && class[src[j+1]]&clSpace == 0) {
				j++
			}
			put(src[i:j])
			i = j
		}
		switch {
		case dropped:
			i = int(bodies[b].end)
		case marked && marks[m].comment:
			i = int(marks[m].end)
			text := src[marks[m].start:marks[m].end]
			if r.s.lang.docs && typedComment(text) {
				for word := range bytes.FieldsSeq(text) {
					space = true
					put(word)
				}
			}
			space = true
			line = line || bytes.IndexByte(text, '\n') >= 0
		case marked:
			i = min(int(marks[m].end), to)
			put(src[max(int(marks[m].start), from):i])
		}
	}
}

// finishExports sorts the exports, and turns the offsets of specifiers into the
// numbers of their imports.
func (b *factsBuilder) finishExports() {
	f := b.facts
	byOffset := func(a, b module.Export) int { return cmp.Compare(a.Span.Offset, b.Span.Offset) }
	if !slices.IsSortedFunc(f.Exports, byOffset) {
		slices.SortStableFunc(f.Exports, byOffset)
	}
	at := position{src: b.src, line: 1}
	for n := range f.Exports {
		e := &f.Exports[n]
		at.place(&e.Span)
		if e.Import == 0 {
			continue
		}
		k, found := slices.BinarySearchFunc(f.Imports, e.Import-1, func(im module.Import, offset int32) int {
			return cmp.Compare(im.Span.Offset, offset)
		})
		if found {
			e.Import = int32(k) + 1
		} else {
			// The specifier is not one that imports, as in broken sources.
			e.Import, e.Imported = 0, ""
			f.Open = true
		}
	}
}

// component gives the file of a component what every such file exports: the
// component. What else it does is up to its framework.
func (b *factsBuilder) component() {
	f := b.facts
	f.Open = true
	if !slices.ContainsFunc(f.Exports, func(e module.Export) bool { return e.Name == nameDefault }) {
		f.Exports = append(f.Exports, module.Export{Name: nameDefault, Kind: module.SymbolType, Span: module.Span{File: b.path}})
	}
}

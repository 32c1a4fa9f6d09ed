package ecmascript

import (
	"cmp"
	"slices"

	"github.com/eddy-build/eddy/module"
)

// emitted is what is made of an item: ranges of the texts of the script, which
// become one string in the end, and what may be taken over from another item.
type emitted struct {
	name, signature, doc, deprecated, imported span

	kind     module.SymbolKind
	internal bool
	spec     int32 // as in item
	number   int32 // of its name in exportReader.names
	next     int32 // the next item that has the name as a declaration of the file, or -1
}

// declared is what is known of a name.
type declared struct {
	public      bool  // an item exports it
	first, last int32 // the items that declare it in the file, or -1
	joined      span  // the signatures of all these, once something asked for them
}

// addExports takes over what a script declares and exports. All texts of a
// script are parts of one string.
func (b *factsBuilder) addExports(r *exportReader) {
	b.facts.Open = b.facts.Open || r.open
	if len(r.items) == 0 {
		return
	}
	r.nameItems()
	r.describeItems()
	r.link()
	kept := r.kept()
	texts := string(r.text)
	text := func(s span) string { return texts[s.start:s.end] }
	b.facts.Exports = slices.Grow(b.facts.Exports, len(kept))
	base := int32(r.s.base)
	for _, n := range kept {
		it, em := &r.items[n], &r.emitted[n]
		b.facts.Exports = append(b.facts.Exports, module.Export{
			Name: text(em.name), Signature: text(em.signature), Doc: text(em.doc), Deprecated: text(em.deprecated),
			Kind: em.kind, Imported: it.imported,
			Span: module.Span{File: b.path, Offset: base + it.at.start, End: base + it.at.end},
		})
		e := &b.facts.Exports[len(b.facts.Exports)-1]
		if em.imported != (span{}) {
			e.Imported = text(em.imported)
		}
		if em.spec != 0 {
			e.Import = base + em.spec
		}
		switch {
		case !it.public:
			e.Visibility = module.Private
		case em.internal:
			e.Visibility = module.Internal
		}
	}
}

// nameItems gives the items their names, and notes which items have which name.
func (r *exportReader) nameItems() {
	r.names.reset(len(r.items))
	r.declared = r.declared[:0]
	r.emitted = slices.Grow(r.emitted[:0], len(r.items))[:len(r.items)]
	for n := range r.items {
		it, em := &r.items[n], &r.emitted[n]
		*em = emitted{kind: it.kind, spec: it.spec, next: -1}
		if it.fixed != "" {
			em.name = r.append([]byte(it.fixed))
		} else {
			em.name = r.decoded(it.at)
		}
		var fresh bool
		em.number, fresh = r.names.add(r.text[em.name.start:])
		if fresh {
			r.declared = append(r.declared, declared{first: -1, last: -1})
		}
		d := &r.declared[em.number]
		d.public = d.public || it.public && !it.void
		// A member of a name is what can be observed of it too.
		if it.local == (span{}) && it.spec == 0 && it.fixed == "" {
			if d.first < 0 {
				d.first = int32(n)
			} else {
				r.emitted[d.last].next = int32(n)
			}
			d.last = int32(n)
		}
	}
}

// describeItems gives the items their signatures and documentation.
func (r *exportReader) describeItems() {
	for n := range r.items {
		it, em := &r.items[n], &r.emitted[n]
		switch {
		case it.to <= it.from:
		case r.shares(n):
			em.signature = r.emitted[n-1].signature
		default:
			begin := len(r.text)
			r.typedDoc(int(it.doc), int(it.from))
			r.text = append(r.text, it.prefix...)
			r.fold(int(it.from), int(it.to))
			em.signature = span{int32(begin), int32(len(r.text))}
		}
		if it.original != (span{}) {
			em.imported = r.decoded(it.original)
		}
		if n > 0 && r.items[n-1].doc == it.doc {
			last := &r.emitted[n-1]
			em.doc, em.deprecated, em.internal = last.doc, last.deprecated, last.internal
			continue
		}
		doc, internal := r.documentation(int(it.doc))
		em.internal = internal
		if doc.text != nil {
			first, deprecated := doc.summary()
			em.doc, em.deprecated = r.append(first), r.append(deprecated)
		}
	}
}

// append appends a text and returns its range.
func (r *exportReader) append(text []byte) span {
	begin := len(r.text)
	r.text = append(r.text, text...)
	return span{int32(begin), int32(len(r.text))}
}

// decoded appends what a name in the source is and returns its range.
func (r *exportReader) decoded(name span) span {
	begin := len(r.text)
	r.text = appendDecoded(r.text, r.s.src[name.start:name.end])
	return span{int32(begin), int32(len(r.text))}
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

// link gives the names that stand for others of the file what is known of those.
func (r *exportReader) link() {
	bound := false
	for n := range r.items {
		it, em := &r.items[n], &r.emitted[n]
		if it.local == (span{}) {
			continue
		}
		r.local = appendDecoded(r.local[:0], r.s.src[it.local.start:it.local.end])
		if d := r.names.find(r.local); d >= 0 && r.declared[d].first >= 0 {
			r.take(em, &r.declared[d])
			continue
		}
		if !bound {
			r.bind()
			bound = true
		}
		k := r.bindings.find(r.local)
		if k < 0 {
			em.signature = r.append(r.local)
			continue
		}
		to := &r.bound[k]
		em.kind, em.spec, it.imported = 0, to.spec, to.fixed
		if to.fixed == "" {
			em.imported = r.decoded(to.name)
		}
		if to.fixed == nameAll || string(r.text[em.imported.start:em.imported.end]) == nameAll {
			em.kind = module.SymbolModule
		}
	}
}

// take makes an item another name of what the file declares under one.
func (r *exportReader) take(em *emitted, d *declared) {
	first := &r.emitted[d.first]
	em.kind, em.signature = first.kind, first.signature
	em.internal = em.internal || first.internal
	if em.doc.start == em.doc.end {
		em.doc = first.doc
	}
	if em.deprecated.start == em.deprecated.end {
		em.deprecated = first.deprecated
	}
	if first.next < 0 {
		return
	}
	if d.joined == (span{}) {
		begin := len(r.text)
		for n := d.first; n >= 0; n = r.emitted[n].next {
			if n != d.first {
				r.text = append(r.text, "; "...)
			}
			s := r.emitted[n].signature
			r.text = append(r.text, r.text[s.start:s.end]...)
		}
		d.joined = span{int32(begin), int32(len(r.text))}
	}
	em.signature = d.joined
}

// binding is what an import binds a name to.
type binding struct {
	spec  int32  // one more than the offset of its specifier
	fixed string // its name there, where it is not written
	name  span
}

// bind reads the import declarations again, for the names that they bind.
func (r *exportReader) bind() {
	s := r.s
	r.bindings.reset(len(r.imports))
	r.bound = r.bound[:0]
	mark := s.mark()
	for _, w := range r.imports {
		s.importDeclaration(int(w) + len("import"))
		for _, rec := range s.records[mark.records:] {
			for _, n := range s.names[rec.names:rec.nameEnd] {
				at := n.alias
				if at == (span{}) {
					at = n.name
				}
				r.key = appendDecoded(r.key[:0], s.src[at.start:at.end])
				k, fresh := r.bindings.add(r.key)
				if fresh {
					r.bound = append(r.bound, binding{})
				}
				r.bound[k] = binding{rec.start + 1, n.fixed, n.name}
			}
		}
		s.reset(mark)
	}
}

// kept lists the items that are exports, by position. What is found by its name
// alone is none, nor is a private declaration of a name that an export has.
func (r *exportReader) kept() []int32 {
	r.order = r.order[:0]
	sorted, last := true, int32(-1)
	for n := range r.items {
		it := &r.items[n]
		if it.hidden || (!it.public || it.void) && r.declared[r.emitted[n].number].public {
			continue
		}
		sorted = sorted && it.at.start >= last
		last = it.at.start
		r.order = append(r.order, int32(n))
	}
	if !sorted {
		slices.SortFunc(r.order, func(a, b int32) int {
			return cmp.Or(cmp.Compare(r.items[a].at.start, r.items[b].at.start), cmp.Compare(a, b))
		})
	}
	return r.order
}

// finishExports sorts the exports, and turns the offsets of specifiers into the
// numbers of their imports.
func (b *factsBuilder) finishExports() {
	f := b.facts
	for n := 1; n < len(f.Exports); n++ {
		if f.Exports[n].Span.Offset < f.Exports[n-1].Span.Offset {
			slices.SortStableFunc(f.Exports, func(a, b module.Export) int { return cmp.Compare(a.Span.Offset, b.Span.Offset) })
			break
		}
	}
	at := position{src: b.src, line: 1, ends: &b.ends}
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

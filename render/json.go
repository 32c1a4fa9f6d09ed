// Package render turns a graph into what people and programs read: the JSON of
// docs/graph.schema.json, Graphviz DOT and plain text; and reads the JSON back.
//
// Every writer is deterministic, byte for byte: it follows the order of the
// graph, which is the order of the module IDs, and never that of a map. A write
// error ends the work and is returned; what was written until then is then not
// a whole document.
package render

import (
	"cmp"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/module"
)

// FormatVersion is the version of the JSON that [JSON] writes and [ReadJSON]
// reads.
const FormatVersion = 1

// JSON writes a set of modules as one JSON document, described by
// docs/graph.schema.json: all modules, all dependencies with their imports, all
// imports that led nowhere, and the components over static imports. g must be
// the graph of set. One record stands on a line, so that two documents can be
// compared by line.
//
// The document is written as a stream: memory does not grow with the graph.
// A path or specifier that is not valid UTF-8 keeps its odd bytes as lone
// surrogates, byte 0xE9 as \udce9 (the convention of Python's
// surrogateescape), which [ReadJSON] turns back.
func JSON(w io.Writer, set *module.Set, g *graph.Graph) error {
	e := &jsonWriter{w: w, buf: make([]byte, 0, jsonBuffer+jsonBuffer/4)}
	e.raw(`{"version": `)
	e.int(FormatVersion)
	e.raw(`, "root": `)
	e.string(set.Root)
	e.list("modules")
	for _, m := range set.Modules {
		e.module(m)
	}
	e.endList()
	e.list("dependencies")
	for _, m := range set.Modules {
		e.dependencies(m)
	}
	e.endList()
	e.list("unresolved")
	for _, m := range set.Modules {
		e.unresolved(m)
	}
	e.endList()
	e.list("components")
	for _, members := range g.Cycles(module.StaticOnly) {
		e.record()
		e.raw("[")
		for i, n := range members {
			if i > 0 {
				e.raw(", ")
			}
			e.string(string(g.ID(n)))
		}
		e.raw("]")
	}
	e.endList()
	e.raw("}\n")
	e.flush()
	return e.err
}

// jsonBuffer is how many bytes are gathered for one write.
const jsonBuffer = 64 << 10

// jsonWriter appends JSON to a buffer and hands it on when it is full. After an
// error it does nothing.
type jsonWriter struct {
	w       io.Writer
	buf     []byte
	err     error
	records int          // written in the current list
	scratch []occurrence // reused from dependency to dependency
}

// occurrence is an import as part of one dependency.
type occurrence struct {
	imp      *module.Import
	kind     module.ImportKind
	declared module.Declared
	reason   string
}

// compareOccurrences orders the imports of a dependency by position, and then
// by all else that is written, so that the output does not depend on the order
// of equal positions.
func compareOccurrences(a, b occurrence) int {
	if c := compareImports(a.imp, b.imp); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.declared, b.declared))
}

func compareImports(a, b *module.Import) int {
	if c := comparePlaces(a, b); c != 0 {
		return c
	}
	return cmp.Or(
		slices.CompareFunc(a.Names, b.Names, func(x, y module.ImportedName) int { return strings.Compare(x.Name, y.Name) }),
		cmp.Compare(a.Flags&writtenFlags, b.Flags&writtenFlags),
	)
}

// compareUnresolved is compareOccurrences for an import that leads nowhere,
// whose names are not written.
func compareUnresolved(a, b occurrence) int {
	return cmp.Or(
		comparePlaces(a.imp, b.imp),
		cmp.Compare(a.kind, b.kind),
		cmp.Compare(a.imp.Flags&writtenFlags, b.imp.Flags&writtenFlags),
		strings.Compare(a.reason, b.reason),
	)
}

func comparePlaces(a, b *module.Import) int {
	if a == b {
		return 0
	}
	return cmp.Or(
		strings.Compare(a.Span.File, b.Span.File),
		cmp.Compare(a.Span.Line, b.Span.Line),
		cmp.Compare(a.Span.Column, b.Span.Column),
		strings.Compare(a.Specifier, b.Specifier),
	)
}

func (e *jsonWriter) module(m *module.Module) {
	e.record()
	e.raw(`{"id": `)
	e.string(string(m.ID))
	e.optional("name", m.Name)
	e.optional("language", string(m.Language))
	e.raw(`, "kind": "`)
	e.raw(m.Kind.String())
	e.raw(`"`)
	e.optional("package", m.Package)
	e.raw("}")
}

// dependencies writes the dependencies of one module: the runs of its
// conclusions that share a target.
func (e *jsonWriter) dependencies(m *module.Module) {
	for deps := m.Deps; len(deps) > 0; {
		to, n := deps[0].To, 1
		for n < len(deps) && deps[n].To == to {
			n++
		}
		var kinds module.ImportKinds
		list := e.scratch[:0]
		for _, d := range deps[:n] {
			kinds |= 1 << d.Kind
			// A dependency that the language adds without an import has none.
			if i := int(d.Import); i >= 0 && i < len(m.Imports) {
				list = append(list, occurrence{imp: &m.Imports[i], kind: d.Kind, declared: d.Declared})
			}
		}
		e.scratch, deps = list, deps[n:]
		sortOccurrences(list, compareOccurrences)

		e.record()
		e.raw(`{"from": `)
		e.string(string(m.ID))
		e.raw(`, "to": `)
		e.string(string(to))
		e.raw(`, "kinds": `)
		e.kinds(kinds)
		e.raw(`, "imports": [`)
		for i, o := range list {
			if i > 0 {
				e.raw(", ")
			}
			e.raw(`{"specifier": `)
			e.string(o.imp.Specifier)
			e.occurrence(o)
			if names := o.imp.Names; len(names) > 0 {
				e.raw(`, "names": [`)
				for j := range names {
					if j > 0 {
						e.raw(", ")
					}
					e.string(names[j].Name)
				}
				e.raw("]")
			}
			e.flags(o.imp.Flags)
			e.optional("declared", o.declared.String())
			e.raw("}")
		}
		e.raw("]}")
	}
}

func (e *jsonWriter) unresolved(m *module.Module) {
	list := e.scratch[:0]
	for i := range m.Unresolved {
		u := &m.Unresolved[i]
		imp := &m.Imports[u.Import]
		list = append(list, occurrence{imp: imp, kind: imp.Kind, reason: u.Reason})
	}
	e.scratch = list
	sortOccurrences(list, compareUnresolved)
	for _, o := range list {
		e.record()
		e.raw(`{"from": `)
		e.string(string(m.ID))
		e.raw(`, "specifier": `)
		e.string(o.imp.Specifier)
		e.occurrence(o)
		e.flags(o.imp.Flags)
		e.raw(`, "reason": `)
		e.string(o.reason)
		e.raw("}")
	}
}

// sortOccurrences sorts in place; a loader's list is sorted already.
func sortOccurrences(list []occurrence, compare func(a, b occurrence) int) {
	if !slices.IsSortedFunc(list, compare) {
		slices.SortStableFunc(list, compare)
	}
}

// occurrence writes kind and position. A position that is not known is left
// out: lines and columns count from 1.
func (e *jsonWriter) occurrence(o occurrence) {
	e.raw(`, "kind": "`)
	e.raw(o.kind.String())
	e.raw(`"`)
	e.optional("file", o.imp.Span.File)
	if o.imp.Span.Line > 0 {
		e.raw(`, "line": `)
		e.int(o.imp.Span.Line)
	}
	if o.imp.Span.Column > 0 {
		e.raw(`, "column": `)
		e.int(o.imp.Span.Column)
	}
}

func (e *jsonWriter) kinds(kinds module.ImportKinds) {
	e.raw("[")
	first := true
	for k := module.Static; k <= module.Implicit; k++ {
		if !kinds.Has(k) {
			continue
		}
		if !first {
			e.raw(", ")
		}
		first = false
		e.raw(`"`)
		e.raw(k.String())
		e.raw(`"`)
	}
	e.raw("]")
}

// flagNames are the marks of an import that the format keeps: those that say
// something of the import itself, not of how its specifier was resolved.
var flagNames = [...]struct {
	flag module.ImportFlags
	name string
}{
	{module.Reexport, "reexport"},
	{module.Optional, "optional"},
	{module.Pattern, "pattern"},
}

const writtenFlags = module.Reexport | module.Optional | module.Pattern

func (e *jsonWriter) flags(flags module.ImportFlags) {
	if flags&writtenFlags == 0 {
		return
	}
	e.raw(`, "flags": [`)
	first := true
	for _, f := range flagNames {
		if flags&f.flag == 0 {
			continue
		}
		if !first {
			e.raw(", ")
		}
		first = false
		e.raw(`"`)
		e.raw(f.name)
		e.raw(`"`)
	}
	e.raw("]")
}

func (e *jsonWriter) list(name string) {
	e.raw(`, "`)
	e.raw(name)
	e.raw(`": [`)
	e.records = 0
}

func (e *jsonWriter) record() {
	if e.records > 0 {
		e.raw(",")
	}
	e.raw("\n ")
	e.records++
}

func (e *jsonWriter) endList() {
	if e.records > 0 {
		e.raw("\n")
	}
	e.raw("]")
}

func (e *jsonWriter) optional(name, value string) {
	if value == "" {
		return
	}
	e.raw(`, "`)
	e.raw(name)
	e.raw(`": `)
	e.string(value)
}

func (e *jsonWriter) int(n int32) { e.buf = strconv.AppendInt(e.buf, int64(n), 10) }

func (e *jsonWriter) raw(s string) {
	e.buf = append(e.buf, s...)
	if len(e.buf) >= jsonBuffer {
		e.flush()
	}
}

func (e *jsonWriter) string(s string) {
	e.buf = appendJSONString(e.buf, s)
	if len(e.buf) >= jsonBuffer {
		e.flush()
	}
}

func (e *jsonWriter) flush() {
	if e.err == nil && len(e.buf) > 0 {
		_, e.err = e.w.Write(e.buf)
	}
	e.buf = e.buf[:0]
}

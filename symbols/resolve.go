package symbols

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/module"
)

// Resolution is what a name means.
type Resolution struct {
	Symbol module.Symbol
	// Chain is the way from the name to its declaration: each hop is a module, the
	// name that the symbol has there, and the place that says so.
	Chain []Hop
	// Open says that the last module cannot be bounded, so that the name may not
	// be there: a package from outside, a module with __getattr__.
	Open bool
}

// Hop is one step of a resolution.
type Hop struct {
	Module module.ID
	Name   string // "*" for the module as a whole
	Span   module.Span
}

const (
	// whole is the name of a module as a whole.
	whole = "*"
	// exportAssignment is the name of what a CommonJS module is as a whole.
	exportAssignment = "export="
)

// Resolve says what a name means in a module: one of its own declarations, a
// name that it exports, the local name of an import, or a name behind one of
// these with a dot ("ns.x", "pkg.Name", "T.M"). The error is a
// [*module.NotFoundError], a [*module.SymbolError] with the nearest names or a
// [*module.VisibilityError].
func (x *Index) Resolve(from module.ID, name string) (*Resolution, error) {
	n, ok := x.number(from)
	if !ok {
		return nil, &module.NotFoundError{Query: string(from)}
	}
	q := &query{Index: x}
	if o := q.local(n, name); o != missing {
		return q.answer(o)
	}
	if q.denied != nil {
		return nil, q.denied
	}
	if at := q.lost; at.name != "" { // behind the name of a module: what it has is of more use
		return nil, &module.SymbolError{Module: x.modules[at.module].ID, Symbol: at.name, Suggestions: x.nearest(at.name, x.names(n, at.module))}
	}
	return nil, &module.SymbolError{Module: from, Symbol: name, Suggestions: x.nearest(name, x.localNames(n))}
}

// ResolveIn says what a name of the module target means to the module from. Its
// errors are those of [Index.Resolve].
func (x *Index) ResolveIn(from, target module.ID, name string) (*Resolution, error) {
	user, ok := x.number(from)
	if !ok {
		return nil, &module.NotFoundError{Query: string(from)}
	}
	n, ok := x.number(target)
	if !ok {
		return nil, &module.NotFoundError{Query: string(target)}
	}
	q := &query{Index: x}
	if o := q.dotted(user, n, name, module.Span{}); o != missing {
		return q.answer(o)
	}
	if q.denied != nil {
		return nil, q.denied
	}
	return nil, &module.SymbolError{Module: target, Symbol: name, Suggestions: x.nearest(name, x.names(user, n))}
}

// outcome is what a search came to, from the least.
type outcome uint8

const (
	missing   outcome = iota // no such name, or an ambiguous one
	unbounded                // it may be there
	found
)

// query is one search. Its chain is that of the branch it is on, and in the end
// that of the answer.
type query struct {
	*Index
	chain   []Hop
	symbol  module.Symbol
	seen    []place
	visited map[place]struct{} // in place of seen where that grows long
	denied  *module.VisibilityError
	lost    place // a name that is not in the module before its dot; none where its name is empty
	// An ambiguity is a name that two stars have in different meanings.
	ambiguous bool
}

type place struct {
	module int32
	name   string
}

func (q *query) answer(o outcome) (*Resolution, error) {
	if q.denied != nil {
		return nil, q.denied
	}
	return &Resolution{Symbol: q.symbol, Chain: slices.Clone(q.chain), Open: o == unbounded}, nil
}

// maxSeen is how many places are compared one by one before a map takes over.
const maxSeen = 16

// enter reports whether the search has not been at a place yet.
func (q *query) enter(p place) bool {
	if q.visited != nil {
		if _, ok := q.visited[p]; ok {
			return false
		}
		q.visited[p] = struct{}{}
		return true
	}
	if slices.Contains(q.seen, p) {
		return false
	}
	q.seen = append(q.seen, p)
	if len(q.seen) > maxSeen {
		q.visited = make(map[place]struct{}, 4*maxSeen)
		for _, p := range q.seen {
			q.visited[p] = struct{}{}
		}
	}
	return true
}

// local searches for a name as it is written in a module.
func (q *query) local(n int32, name string) outcome {
	m := q.modules[n]
	if len(exportsOf(m, name)) > 0 {
		return q.export(n, n, name, module.Span{})
	}
	for i := range m.Imports {
		imp := &m.Imports[i]
		if passes(m, imp) {
			continue
		}
		for k := range imp.Names {
			if in := &imp.Names[k]; in.Name != whole && localName(in) == name {
				q.chain = append(q.chain, Hop{m.ID, name, imp.Span})
				return q.imported(n, int32(i), in.Name)
			}
		}
		if binding(q.Index, n, int32(i)) == name {
			return q.namespace(n, int32(i), "", imp.Span)
		}
	}
	if o := q.export(n, n, name, module.Span{}); o != missing || q.denied != nil {
		return o
	}
	// A name behind the name of a module: the longest that is bound wins.
	for end := strings.LastIndexByte(name, '.'); end > 0; end = strings.LastIndexByte(name[:end], '.') {
		head, rest := name[:end], name[end+1:]
		for i := range m.Imports {
			if binding(q.Index, n, int32(i)) == head && !passes(m, &m.Imports[i]) {
				return q.namespace(n, int32(i), rest, m.Imports[i].Span)
			}
		}
		if len(exportsOf(m, head)) == 0 {
			continue
		}
		if q.export(n, n, head, module.Span{}) == found && q.symbol.Name == whole {
			return q.dotted(n, q.place(q.symbol.Module), rest, module.Span{})
		}
		return missing
	}
	return missing
}

// passes reports whether an import binds no local name: export … from.
func passes(m *module.Module, imp *module.Import) bool {
	return imp.Flags&module.Reexport != 0 && ecmascript(m.Language)
}

func localName(n *module.ImportedName) string {
	if n.Alias != "" {
		return n.Alias
	}
	return n.Name
}

// binding returns the name by which a module has the target of an import as a
// whole; empty where it has not.
func binding(x *Index, n, imp int32) string {
	m := x.modules[n]
	i := &m.Imports[imp]
	for k := range i.Names {
		if i.Names[k].Name == whole && i.Names[k].Alias != "" {
			return i.Names[k].Alias
		}
	}
	if m.Language == module.Go && len(i.Names) > 0 {
		for _, t := range x.targets(n, imp) {
			if aside := x.modules[t.module].Aside; !t.implied && len(aside) > 0 {
				return strings.TrimPrefix(aside[0], "package ") // as it calls itself
			}
		}
		return packageName(i.Specifier)
	}
	return ""
}

// packageName guesses the name of a Go package from its import path, by the
// customs of version suffixes and of repositories' names.
func packageName(importPath string) string {
	name := path.Base(importPath)
	if len(name) > 1 && name[0] == 'v' && strings.Trim(name[1:], "0123456789") == "" && strings.Contains(importPath, "/") {
		name = path.Base(path.Dir(importPath))
	}
	if i := strings.Index(name, ".v"); i > 0 && strings.HasPrefix(importPath, "gopkg.in/") {
		name = name[:i]
	}
	name = strings.TrimPrefix(name, "go-")
	name = strings.TrimSuffix(strings.TrimSuffix(name, "-go"), ".go")
	return name
}

// namespace searches in the target of an import that a module has as a whole.
// With no name left it is the target itself that is meant.
func (q *query) namespace(n, imp int32, rest string, at module.Span) outcome {
	m := q.modules[n]
	q.chain = append(q.chain, Hop{m.ID, binding(q.Index, n, imp), at})
	mark := len(q.chain)
	best := missing
	any := false
	for _, t := range q.targets(n, imp) {
		if t.implied {
			continue
		}
		any = true
		q.chain = q.chain[:mark]
		var o outcome
		if rest == "" {
			o = q.moduleItself(t.module)
		} else {
			o = q.dotted(n, t.module, rest, at)
		}
		if o == found {
			return o
		}
		best = max(best, o)
	}
	if !any {
		if name := cmp.Or(rest, whole); !q.closed(n, imp, name) {
			return q.nowhere(n, imp, name)
		}
	}
	return best
}

// dotted searches for a name of a module, or for one behind a name of it that is
// a module.
func (q *query) dotted(user, n int32, name string, at module.Span) outcome {
	mark := len(q.chain)
	o := q.export(user, n, name, at)
	if o == found || q.denied != nil {
		return o
	}
	if head, rest, ok := strings.Cut(name, "."); ok {
		q.chain = q.chain[:mark]
		if q.export(user, n, head, at) == found && q.symbol.Name == whole {
			return q.dotted(user, q.place(q.symbol.Module), rest, at)
		}
		q.chain = q.chain[:mark]
	}
	if o == missing && q.lost.name == "" {
		q.lost = place{n, name}
	}
	return o
}

// moduleItself answers with a module as a whole.
func (q *query) moduleItself(n int32) outcome {
	m := q.modules[n]
	span := module.Span{}
	if len(m.Files) == 1 {
		span.File = m.Files[0]
	}
	q.chain = append(q.chain, Hop{m.ID, whole, span})
	q.symbol = module.Symbol{Module: m.ID, Export: module.Export{Name: whole, Kind: module.SymbolModule, Span: span}}
	return found
}

// beyond answers with a name of a module that cannot be bounded.
func (q *query) beyond(n int32, name string) outcome {
	m := q.modules[n]
	q.chain = append(q.chain, Hop{Module: m.ID, Name: name})
	q.symbol = module.Symbol{Module: m.ID, Export: module.Export{Name: name}}
	return unbounded
}

// export searches for a name that a module has for user. at is the place of the
// use.
func (q *query) export(user, n int32, name string, at module.Span) outcome {
	m := q.modules[n]
	if !q.enter(place{n, name}) {
		return missing // a circle of re-exports, or a star seen before
	}
	if name == whole {
		return q.moduleItself(n)
	}
	list := exportsOf(m, name)
	if len(list) == 0 && name == "default" {
		list = exportsOf(m, exportAssignment)
	}
	if len(list) > 0 && private(&list[0], m) && m.Open && user != n {
		return q.beyond(n, name) // it may be exported in a way that cannot be read
	}
	if len(list) > 0 {
		e := &list[0]
		if reason := hidden(q.modules[user], m, e); reason != "" {
			q.denied = &module.VisibilityError{
				From: q.modules[user].ID, Module: m.ID, Symbol: name,
				Visibility: visibilityOf(m, e), Span: at, Reason: reason,
			}
			return missing
		}
		mark := len(q.chain)
		for i := range list {
			if o := q.declared(n, &list[i], name); o != missing || q.denied != nil {
				return o
			}
			q.chain = q.chain[:mark]
		}
		return missing
	}
	if o := q.stars(n, name); o != missing || q.denied != nil || q.ambiguous {
		return o
	}
	if sub, ok := q.submodule(m, name); ok {
		return q.moduleItself(sub)
	}
	if !bounded(m) || always(m, name) {
		return q.beyond(n, name)
	}
	return missing
}

// private reports whether a module declares a name and does not export it.
func private(e *module.Export, m *module.Module) bool {
	return e.Visibility == module.Private && ecmascript(m.Language)
}

// visibilityOf counts the folder of a Go package in.
func visibilityOf(m *module.Module, e *module.Export) module.Visibility {
	if m.Language == module.Go && e.Visibility == module.Public {
		return module.Internal
	}
	return e.Visibility
}

// declared goes on from an export of a module.
func (q *query) declared(n int32, e *module.Export, name string) outcome {
	m := q.modules[n]
	q.chain = append(q.chain, Hop{m.ID, e.Name, e.Span})
	if e.Import == 0 {
		q.symbol = module.Symbol{Module: m.ID, Export: *e}
		return found
	}
	if e.Name == exportAssignment && e.Imported == whole && name == "default" {
		// The module is the other one, or its default export is that one.
		mark := len(q.chain)
		if o := q.imported(n, e.Import-1, name); o != missing {
			return o
		}
		q.chain = q.chain[:mark]
	}
	if e.Imported == whole {
		return q.wholeOf(n, e)
	}
	return q.imported(n, e.Import-1, e.Imported)
}

// wholeOf answers with the module that an export stands for: in Python's "import
// a.b" that is a, else what the import leads to.
func (q *query) wholeOf(n int32, e *module.Export) outcome {
	m := q.modules[n]
	all := q.targets(n, e.Import-1)
	if imp := &m.Imports[e.Import-1]; m.Language == module.Python {
		if top, _, ok := strings.Cut(imp.Specifier, "."); ok && top == e.Name && binding(q.Index, n, e.Import-1) == imp.Specifier {
			for _, t := range all {
				if q.modules[t.module].Name == top {
					return q.moduleItself(t.module)
				}
			}
		}
	}
	for _, t := range all {
		if !t.implied {
			return q.moduleItself(t.module)
		}
	}
	return q.nowhere(n, e.Import-1, whole)
}

// closed answers for a name that an import takes from a module that its package
// closes. It reports whether the import is one of that kind.
func (q *query) closed(n, imp int32, name string) bool {
	m := q.modules[n]
	u := closedImport(m, imp)
	if u == nil {
		return false
	}
	q.denied = &module.VisibilityError{
		From: m.ID, Module: u.Closed, Symbol: name, Visibility: module.Internal, Span: m.Imports[imp].Span, Reason: u.Reason,
	}
	return true
}

// closedImport returns why an import leads nowhere, where that is because a
// package closes what is there.
func closedImport(m *module.Module, imp int32) *module.Unresolved {
	at, ok := slices.BinarySearchFunc(m.Unresolved, imp, func(u module.Unresolved, imp int32) int { return cmp.Compare(u.Import, imp) })
	if !ok || m.Unresolved[at].Closed == "" {
		return nil
	}
	return &m.Unresolved[at]
}

// nowhere answers for an import that led to no module: it may have any name.
func (q *query) nowhere(n, imp int32, name string) outcome {
	q.symbol = module.Symbol{Module: q.modules[n].ID, Export: module.Export{Name: name, Span: q.modules[n].Imports[imp].Span}}
	return unbounded
}

// imported searches for a name in the targets of an import. Where there are
// several (a declaration beside its code, one file a platform), one that has the
// name is enough.
func (q *query) imported(n, imp int32, name string) outcome {
	m := q.modules[n]
	at := m.Imports[imp].Span
	if m.Language == module.Python {
		return q.attribute(n, imp, name)
	}
	if made(m, &m.Imports[imp]) {
		return q.nowhere(n, imp, name)
	}
	best := missing
	mark := len(q.chain)
	var open []Hop
	any := false
	for _, t := range q.targets(n, imp) {
		if t.implied {
			continue
		}
		any = true
		q.chain = q.chain[:mark]
		switch o := q.export(n, t.module, name, at); {
		case o == found:
			q.denied = nil
			return found
		case o > best:
			best, open = o, slices.Clone(q.chain)
		}
	}
	if !any {
		if q.closed(n, imp, name) {
			return missing
		}
		return q.nowhere(n, imp, name)
	}
	if best == unbounded {
		q.chain, q.denied = open, nil
	} else if q.denied == nil && q.untyped(n, imp) {
		return q.nowhere(n, imp, name)
	}
	return best
}

// untyped reports whether TypeScript takes from JavaScript by the name of a package:
// a package of declarations, as @types/x is for x, may have types beside it.
func (q *query) untyped(n, imp int32) bool {
	m := q.modules[n]
	switch specifier := m.Imports[imp].Specifier; {
	case !ecmascript(m.Language) || m.Language == module.JavaScript:
		return false
	case specifier == "" || strings.IndexByte("./#", specifier[0]) >= 0:
		return false
	}
	return !slices.ContainsFunc(q.targets(n, imp), func(t target) bool { return q.modules[t.module].Language != module.JavaScript })
}

// stars searches for a name in what a module passes on wholesale.
func (q *query) stars(n int32, name string) outcome {
	m := q.modules[n]
	list := exportsOf(m, whole)
	if base := exportsOf(m, exportAssignment); len(base) > 0 && base[0].Import > 0 && base[0].Imported == whole && name != exportAssignment {
		list = slices.Concat(base[:1], list)
	} else if len(list) == 0 || name == "default" && ecmascript(m.Language) {
		return missing
	}
	base := len(q.chain)
	best := missing
	var chain []Hop
	var symbol module.Symbol
	for i := range list {
		e := &list[i]
		if m.Language == module.Python {
			e = &list[len(list)-1-i] // what is imported last wins
		}
		q.chain = append(q.chain[:base], Hop{m.ID, name, e.Span})
		o := q.throughStar(n, e, name)
		if q.denied != nil {
			q.denied = nil // a star passes no private name
			continue
		}
		switch {
		case o == found && m.Language == module.Python:
			return found
		case o == found && best == found && (symbol.Module != q.symbol.Module || symbol.Span != q.symbol.Span):
			q.chain, q.ambiguous = q.chain[:base], true
			return missing
		case o > best:
			best, symbol, chain = o, q.symbol, slices.Clone(q.chain)
		}
	}
	q.chain = append(q.chain[:base], chain[min(base, len(chain)):]...)
	q.symbol = symbol
	return best
}

// throughStar searches for a name in the target of a star.
func (q *query) throughStar(n int32, e *module.Export, name string) outcome {
	if e.Import == 0 {
		return missing
	}
	m := q.modules[n]
	if made(m, &m.Imports[e.Import-1]) {
		return q.nowhere(n, e.Import-1, name)
	}
	at := m.Imports[e.Import-1].Span
	any := false
	best := missing
	mark := len(q.chain)
	var open []Hop
	for _, t := range q.targets(n, e.Import-1) {
		if t.implied {
			continue
		}
		any = true
		o := q.modules[t.module]
		if o.Language == module.Python && !passesStar(o, name) || q.lacks(t.module, name) {
			continue // most targets of a module that gathers many others
		}
		q.chain = q.chain[:mark]
		switch o := q.export(n, t.module, name, at); {
		case o == found:
			return o
		case o > best:
			best, open = o, slices.Clone(q.chain)
		}
	}
	if !any {
		return q.nowhere(n, e.Import-1, name)
	}
	if best == unbounded {
		q.chain = open
	} else if q.untyped(n, e.Import-1) {
		return q.nowhere(n, e.Import-1, name)
	}
	return best
}

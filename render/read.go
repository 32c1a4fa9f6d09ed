package render

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/module"
)

// ReadJSON reads a document that [JSON] wrote, or that another program made
// after docs/graph.schema.json, to its end. What the document leaves out has
// the default of the schema. The components are not taken from the document:
// they follow from the dependencies.
//
// It is strict: an unknown version, member, kind or module and a module or a
// dependency that appears twice are a *[SyntaxError] with line and column. An
// error of r is returned as it is.
//
// Writing the result gives the document back, byte for byte, if JSON wrote it.
func ReadJSON(r io.Reader) (*module.Set, error) {
	d := &documentReader{decoder: newDecoder(r), places: map[module.ID]place{}, set: &module.Set{}}
	d.document()
	d.eof()
	d.resolve()
	if d.err != nil {
		return nil, d.err
	}
	for _, m := range d.set.Modules {
		d.places[m.ID].links.finish(m)
	}
	slices.SortFunc(d.set.Modules, func(a, b *module.Module) int { return a.ID.Compare(b.ID) })
	return d.set, nil
}

type documentReader struct {
	*decoder
	set          *module.Set
	places       map[module.ID]place
	version      bool
	dependencies []dependencyRecord
	unresolved   []unresolvedRecord
}

// place is a module with what is known of it while the document is read.
type place struct {
	module *module.Module
	offset int64
	links  *links
}

// mention is an ID in the document, to be looked up when all modules are known.
type mention struct {
	id     module.ID
	offset int64
}

type dependencyRecord struct {
	from, to mention
	kinds    module.ImportKinds
	imports  []importRecord
}

type unresolvedRecord struct {
	from mention
	imp  importRecord
}

// importRecord is one written import with what was concluded from it.
type importRecord struct {
	module.Import
	declared module.Declared
	reason   string
}

var (
	documentMembers   = []string{"version", "root", "modules", "dependencies", "unresolved", "components"}
	moduleMembers     = []string{"id", "name", "language", "kind", "package"}
	dependencyMembers = []string{"from", "to", "kinds", "imports"}
	importMembers     = []string{"specifier", "kind", "file", "line", "column", "names", "flags", "declared"}
	unresolvedMembers = []string{"from", "specifier", "kind", "file", "line", "column", "flags", "reason"}

	kindNames     = module.AllKinds.Strings()
	declaredNames = []string{"", "runtime", "dev", "peer", "optional", "undeclared"} // by module.Declared
)

func (d *documentReader) document() {
	d.object("the document", documentMembers, func(name string) {
		switch name {
		case "version":
			if raw, ok := d.value('0', "a number"); ok && string(raw) != fmt.Sprint(FormatVersion) {
				d.failHere("version %s of the format is not known: this program reads version %d", raw, FormatVersion)
			}
			d.version = true
		case "root":
			d.set.Root = d.string()
		case "modules":
			d.array(d.module)
		case "dependencies":
			d.array(d.dependency)
		case "unresolved":
			d.array(d.unresolvedImport)
		case "components":
			d.array(func() { d.array(func() { d.string() }) })
		}
	})
	if !d.version {
		d.fail(0, "", `the document has no "version": want %d`, FormatVersion)
	}
}

func (d *documentReader) module() {
	m := &module.Module{}
	var offset int64
	d.object("a module", moduleMembers, func(name string) {
		switch name {
		case "id":
			m.ID = module.ID(d.string())
			offset = d.start
			if m.ID == "" {
				d.failHere("a module's id is empty")
			}
			if first, twice := d.places[m.ID]; twice {
				line, _ := d.lines.position(first.offset)
				d.failHere("module %q appears twice, first in line %d", m.ID, line)
			}
		case "name":
			m.Name = d.string()
		case "language":
			m.Language = module.Language(d.string())
		case "kind":
			kind, ok := module.ParseKind(d.string())
			if !ok {
				d.failHere("unknown kind of module: want source, test, asset, standard or external")
			}
			m.Kind = kind
		case "package":
			m.Package = d.string()
		}
	})
	if m.ID == "" {
		d.failHere(`a module has no "id"`)
	}
	d.places[m.ID] = place{module: m, offset: offset, links: &links{}}
	d.set.Modules = append(d.set.Modules, m)
}

func (d *documentReader) dependency() {
	var r dependencyRecord
	var hasKinds bool
	d.object("a dependency", dependencyMembers, func(name string) {
		switch name {
		case "from":
			r.from = d.mention()
		case "to":
			r.to = d.mention()
		case "kinds":
			hasKinds = true
			d.array(func() { r.kinds |= 1 << d.kind() })
			if r.kinds == 0 {
				d.failHere("a dependency's kinds are empty")
			}
		case "imports":
			d.array(func() { r.imports = append(r.imports, d.importOf("an import", importMembers)) })
		}
	})
	if r.from.id == "" || r.to.id == "" {
		d.failHere(`a dependency needs "from" and "to"`)
	}
	for _, imp := range r.imports {
		if hasKinds && !r.kinds.Has(imp.Kind) {
			d.failHere("an import is %s, but the dependency's kinds are %s", imp.Kind, r.kinds)
		}
		r.kinds |= 1 << imp.Kind
	}
	if r.kinds == 0 {
		r.kinds = module.StaticOnly
	}
	d.dependencies = append(d.dependencies, r)
}

func (d *documentReader) unresolvedImport() {
	var r unresolvedRecord
	r.imp = d.importWith("an unresolved import", unresolvedMembers, func(name string, imp *importRecord) {
		switch name {
		case "from":
			r.from = d.mention()
		case "reason":
			imp.reason = d.string()
		}
	})
	if r.from.id == "" {
		d.failHere(`an unresolved import needs "from"`)
	}
	d.unresolved = append(d.unresolved, r)
}

func (d *documentReader) importOf(what string, members []string) importRecord {
	return d.importWith(what, members, func(name string, imp *importRecord) {
		switch name {
		case "names":
			d.array(func() { imp.Names = append(imp.Names, module.ImportedName{Name: d.string()}) })
		case "declared":
			imp.declared = d.declared()
		}
	})
}

// importWith reads what every import has; rest reads the other members.
func (d *documentReader) importWith(what string, members []string, rest func(string, *importRecord)) importRecord {
	var imp importRecord
	var hasSpecifier bool
	d.object(what, members, func(name string) {
		switch name {
		case "specifier":
			hasSpecifier = true
			imp.Specifier = d.string()
		case "kind":
			imp.Kind = d.kind()
		case "file":
			imp.Span.File = d.string()
		case "line":
			imp.Span.Line = d.number()
		case "column":
			imp.Span.Column = d.number()
		case "flags":
			d.array(func() { imp.Flags |= d.flag() })
		default:
			rest(name, &imp)
		}
	})
	if !hasSpecifier {
		d.failHere(`%s needs "specifier"`, what)
	}
	return imp
}

func (d *documentReader) mention() mention {
	id := module.ID(d.string())
	if id == "" {
		d.failHere("an id is empty")
	}
	return mention{id: id, offset: d.start}
}

func (d *documentReader) kind() module.ImportKind {
	name, ok := d.oneOf(kindNames)
	if !ok {
		d.failHere("unknown import kind %q: want static, type, deferred or implicit", name)
	}
	return module.ImportKind(slices.Index(kindNames, name))
}

func (d *documentReader) flag() module.ImportFlags {
	s := d.string()
	for _, f := range flagNames {
		if f.name == s {
			return f.flag
		}
	}
	d.failHere("unknown flag %q: want reexport, optional or pattern", s)
	return 0
}

func (d *documentReader) declared() module.Declared {
	name, ok := d.oneOf(declaredNames)
	if !ok {
		d.failHere("unknown declaration: want runtime, dev, peer, optional or undeclared")
	}
	return module.Declared(slices.Index(declaredNames, name))
}

// resolve looks up every ID that was mentioned and gathers the conclusions of
// each module.
func (d *documentReader) resolve() {
	for i := range d.dependencies {
		r := &d.dependencies[i]
		from := d.lookup(r.from, "dependencies", i, "from")
		d.lookup(r.to, "dependencies", i, "to")
		if d.err != nil {
			return
		}
		from.links.dependencies = append(from.links.dependencies, r)
	}
	for i := range d.unresolved {
		r := &d.unresolved[i]
		from := d.lookup(r.from, "unresolved", i, "from")
		if d.err != nil {
			return
		}
		from.links.unresolved = append(from.links.unresolved, r)
	}
	for _, m := range d.set.Modules {
		list := d.places[m.ID].links.dependencies
		slices.SortStableFunc(list, func(a, b *dependencyRecord) int { return a.to.id.Compare(b.to.id) })
		for i := 1; i < len(list); i++ {
			if list[i].to.id == list[i-1].to.id {
				line, _ := d.lines.position(list[i-1].from.offset)
				d.fail(list[i].from.offset, "", "the dependency of %q on %q appears twice, first in line %d", m.ID, list[i].to.id, line)
			}
		}
	}
}

// lookup finds the module that a member of the i-th record of a list mentions.
func (d *documentReader) lookup(m mention, list string, i int, member string) place {
	p, ok := d.places[m.id]
	if !ok {
		d.fail(m.offset, fmt.Sprintf("/%s/%d/%s", list, i, member), "no module has the id %q", m.id)
	}
	return p
}

// links gathers the imports of one module. One written import can appear in
// several dependencies, and must become one [module.Import] again.
type links struct {
	dependencies []*dependencyRecord // sorted by target once all are known
	unresolved   []*unresolvedRecord
}

// written tells the imports of a module apart: what is written where, and, of
// several alike, which.
type written struct {
	file         string
	line, column int32
	specifier    string
	names        string
	flags        module.ImportFlags
	ordinal      int
}

func keyOf(imp *module.Import) written {
	key := written{
		file: imp.Span.File, line: imp.Span.Line, column: imp.Span.Column,
		specifier: imp.Specifier, flags: imp.Flags,
	}
	if len(imp.Names) == 1 {
		key.names = imp.Names[0].Name
		return key
	}
	var names strings.Builder
	for _, n := range imp.Names {
		fmt.Fprintf(&names, "%d:%s", len(n.Name), n.Name)
	}
	key.names = names.String()
	return key
}

// finish fills in the imports and the conclusions of a module.
func (l *links) finish(m *module.Module) {
	index := map[written]int32{}
	var keys []written
	intern := func(imp *module.Import, ordinal int) int32 {
		key := keyOf(imp)
		key.ordinal = ordinal
		i, ok := index[key]
		if !ok {
			i = int32(len(m.Imports))
			index[key] = i
			m.Imports = append(m.Imports, *imp)
			keys = append(keys, key)
		}
		// An import may count as implicit, or as of a type, in one dependency
		// and as static in another: its own kind is the strongest.
		m.Imports[i].Kind = min(m.Imports[i].Kind, imp.Kind)
		return i
	}
	alike := map[occurrenceKey]int{}
	for _, r := range l.dependencies {
		rest := r.kinds
		for i := range r.imports {
			imp := &r.imports[i]
			rest &^= 1 << imp.Kind
			key := occurrenceKey{keyOf(&imp.Import), imp.Kind, r.to.id}
			n := intern(&imp.Import, alike[key])
			alike[key]++
			m.Deps = append(m.Deps, module.Dep{To: r.to.id, Import: n, Kind: imp.Kind, Declared: imp.declared})
		}
		for k := module.Static; k <= module.Implicit; k++ {
			if rest.Has(k) {
				m.Deps = append(m.Deps, module.Dep{To: r.to.id, Import: module.NoImport, Kind: k})
			}
		}
	}
	for i, r := range l.unresolved {
		// Each leads nowhere by itself: it is never one of those above.
		n := intern(&r.imp.Import, -1-i)
		m.Unresolved = append(m.Unresolved, module.Unresolved{Import: n, Reason: r.imp.reason})
	}
	renumber(m, keys)
}

// occurrenceKey tells the imports of one dependency apart, but for those that
// are alike in all that is written.
type occurrenceKey struct {
	written
	kind module.ImportKind
	to   module.ID
}

// renumber puts the imports of a module in order of position.
func renumber(m *module.Module, keys []written) {
	order := make([]int32, len(m.Imports))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(compareImports(&m.Imports[a], &m.Imports[b]), cmp.Compare(keys[a].ordinal, keys[b].ordinal))
	})
	place := make([]int32, len(order))
	imports := make([]module.Import, len(order))
	for to, from := range order {
		place[from] = int32(to)
		imports[to] = m.Imports[from]
	}
	if len(imports) > 0 {
		m.Imports = imports
	}
	for i := range m.Deps {
		if n := m.Deps[i].Import; n >= 0 {
			m.Deps[i].Import = place[n]
		}
	}
	for i := range m.Unresolved {
		m.Unresolved[i].Import = place[m.Unresolved[i].Import]
	}
	slices.SortStableFunc(m.Deps, func(a, b module.Dep) int {
		return cmp.Or(a.To.Compare(b.To), cmp.Compare(a.Import, b.Import), cmp.Compare(a.Kind, b.Kind))
	})
	slices.SortStableFunc(m.Unresolved, func(a, b module.Unresolved) int { return cmp.Compare(a.Import, b.Import) })
}

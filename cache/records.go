package cache

import "github.com/eddy-build/eddy/module"

// The records of a state, each as a pair: how it is written and how it is read.
// The two of a pair list the same fields in the same order.

func (e *encoder) span(s module.Span, file string) {
	e.bool(s.File == file)
	if s.File != file {
		e.string(s.File)
	}
	e.int(int64(s.Line))
	e.int(int64(s.Column))
	e.int(int64(s.Offset))
	e.int(int64(s.End) - int64(s.Offset))
}

func (d *decoder) span(file string) (s module.Span) {
	s.File = file
	if !d.bool() {
		s.File = d.string()
	}
	s.Line, s.Column, s.Offset = d.int32(), d.int32(), d.int32()
	s.End = s.Offset + d.int32()
	return s
}

func (e *encoder) imports(list []module.Import, file string) {
	e.uint(uint64(len(list)))
	e.count.imports += uint64(len(list))
	for i := range list {
		imp := &list[i]
		e.string(imp.Specifier)
		e.byte(uint8(imp.Kind))
		e.uint(uint64(imp.Flags))
		e.span(imp.Span, file)
		file = imp.Span.File
		if imp.Names == nil {
			e.uint(0)
			continue
		}
		e.uint(uint64(len(imp.Names)) + 1)
		e.count.names += uint64(len(imp.Names))
		for _, n := range imp.Names {
			e.string(n.Name)
			e.string(n.Alias)
			e.bool(n.Type)
		}
	}
}

func (d *decoder) imports(file string) []module.Import {
	n := d.length()
	if n == 0 {
		return nil
	}
	list := take(d, &d.slabs.imports, n)
	for i := range list {
		imp := &list[i]
		imp.Specifier = d.string()
		imp.Kind = module.ImportKind(d.byte())
		imp.Flags = module.ImportFlags(d.uint())
		imp.Span = d.span(file)
		file = imp.Span.File
		if n := d.optional(); n >= 0 {
			imp.Names = take(d, &d.slabs.names, n)
			for j := range imp.Names {
				imp.Names[j] = module.ImportedName{Name: d.string(), Alias: d.string(), Type: d.bool()}
			}
		}
	}
	return list
}

func (e *encoder) exports(list []module.Export, file string) {
	e.uint(uint64(len(list)))
	e.count.exports += uint64(len(list))
	for i := range list {
		x := &list[i]
		e.string(x.Name)
		e.byte(uint8(x.Kind))
		e.byte(uint8(x.Visibility))
		e.string(x.Signature)
		e.string(x.Doc)
		e.string(x.Deprecated)
		e.span(x.Span, file)
		file = x.Span.File
		e.int(int64(x.Import))
		e.string(x.Imported)
	}
}

func (d *decoder) exports(file string) []module.Export {
	n := d.length()
	if n == 0 {
		return nil
	}
	list := take(d, &d.slabs.exports, n)
	for i := range list {
		list[i] = module.Export{
			Name: d.string(), Kind: module.SymbolKind(d.byte()), Visibility: module.Visibility(d.byte()),
			Signature: d.string(), Doc: d.string(), Deprecated: d.string(), Span: d.span(file),
			Import: d.int32(), Imported: d.string(),
		}
		file = list[i].Span.File
	}
	return list
}

func (e *encoder) diagnostics(list []module.Diagnostic) {
	e.uint(uint64(len(list)))
	e.count.diagnostics += uint64(len(list))
	for i := range list {
		g := &list[i]
		e.byte(uint8(g.Severity))
		e.string(g.Code)
		e.span(g.Span, "")
		e.string(g.Message)
		e.list(g.Notes)
	}
}

func (d *decoder) diagnostics() []module.Diagnostic {
	n := d.length()
	if n == 0 {
		return nil
	}
	list := take(d, &d.slabs.diagnostics, n)
	for i := range list {
		list[i] = module.Diagnostic{
			Severity: module.Severity(d.byte()), Code: d.string(), Span: d.span(""),
			Message: d.string(), Notes: d.list(),
		}
	}
	return list
}

func (e *encoder) facts(f *module.Facts, path string, owner importOwner) {
	e.string(f.Package)
	e.string(f.Constraint)
	if e.uint(uint64(owner.module)); owner.module > 0 {
		e.uint(uint64(owner.first))
		e.uint(uint64(len(f.Imports)))
	} else {
		e.imports(f.Imports, path)
	}
	e.uint(uint64(len(f.Dynamic)))
	e.count.spans += uint64(len(f.Dynamic))
	for _, s := range f.Dynamic {
		e.span(s, path)
	}
	e.list(f.Ambient)
	e.exports(f.Exports, path)
	e.list(f.All)
	e.bool(f.Open)
	e.string(f.Aside)
	e.diagnostics(f.Diagnostics)
}

func (d *decoder) facts(f *module.Facts, path string, modules []*module.Module) {
	d.makeSlabs()
	f.Package, f.Constraint = d.string(), d.string()
	if owner := d.uint(); owner > uint64(len(modules)) {
		d.fail()
	} else if owner > 0 {
		all, first, n := modules[owner-1].Imports, d.uint(), d.uint()
		if first > uint64(len(all)) || n > uint64(len(all))-first {
			d.fail()
			return
		}
		f.Imports = all[first : first+n : first+n]
	} else {
		f.Imports = d.imports(path)
	}
	if n := d.length(); n > 0 {
		f.Dynamic = take(d, &d.slabs.spans, n)
		for i := range f.Dynamic {
			f.Dynamic[i] = d.span(path)
		}
	}
	f.Ambient = d.list()
	f.Exports = d.exports(path)
	f.All = d.list()
	f.Open = d.bool()
	f.Aside = d.string()
	f.Diagnostics = d.diagnostics()
}

package cache

import "github.com/eddy-build/eddy/module"

func (e *encoder) module(m *module.Module) {
	e.starts = append(e.starts, uint32(len(e.body)-e.start))
	e.link(m)
	e.string(m.Name)
	e.string(string(m.Language))
	e.byte(uint8(m.Kind))
	e.string(m.Package)
	e.list(m.Files)
	e.imports(m.Imports, fileOf(m))
	e.uint(uint64(len(m.Deps)))
	e.count.deps += uint64(len(m.Deps))
	for _, dep := range m.Deps {
		e.string(string(dep.To))
		e.int(int64(dep.Import))
		e.byte(uint8(dep.Kind))
		e.byte(uint8(dep.Declared))
	}
	e.uint(uint64(len(m.Unresolved)))
	e.count.unresolved += uint64(len(m.Unresolved))
	for _, u := range m.Unresolved {
		e.int(int64(u.Import))
		e.string(u.Reason)
		e.list(u.Probed)
		e.string(string(u.Closed))
	}
	e.exports(m.Exports, fileOf(m))
	e.list(m.All)
	e.bool(m.Open)
	e.list(m.Aside)
	e.digest(m.Content)
	e.digest(m.Interface)
}

// fileOf is the file that most positions of a module are in.
func fileOf(m *module.Module) string {
	if len(m.Files) == 0 {
		return ""
	}
	return m.Files[0]
}

// module reads all of a module but its ID, which its number tells.
func (d *decoder) module(m *module.Module) {
	d.makeSlabs()
	m.Name = d.string()
	m.Language = module.Language(d.string())
	m.Kind = module.Kind(d.byte())
	m.Package = d.string()
	m.Files = d.list()
	m.Imports = d.imports(fileOf(m))
	if n := d.length(); n > 0 {
		m.Deps = take(d, &d.slabs.deps, n)
		for i := range m.Deps {
			m.Deps[i] = module.Dep{
				To: module.ID(d.string()), Import: d.int32(), Kind: module.ImportKind(d.byte()),
				Declared: module.Declared(d.byte()),
			}
			if imp := m.Deps[i].Import; imp < module.NoImport || int(imp) >= len(m.Imports) {
				d.fail()
			}
		}
	}
	if n := d.length(); n > 0 {
		m.Unresolved = take(d, &d.slabs.unresolved, n)
		for i := range m.Unresolved {
			m.Unresolved[i] = module.Unresolved{Import: d.int32(), Reason: d.string(), Probed: d.list(), Closed: module.ID(d.string())}
			if imp := m.Unresolved[i].Import; imp < 0 || int(imp) >= len(m.Imports) {
				d.fail()
			}
		}
	}
	m.Exports = d.exports(fileOf(m))
	m.All = d.list()
	m.Open = d.bool()
	m.Aside = d.list()
	m.Content = d.digest()
	m.Interface = d.digest()
}

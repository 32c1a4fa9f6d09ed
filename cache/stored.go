package cache

import (
	"encoding/binary"

	"github.com/eddy-build/eddy/module"
)

// Len is the number of modules.
func (s *Stored) Len() int { return s.size.modules }

// ID returns the name of module i. The modules are in the order of their IDs.
func (s *Stored) ID(i int) module.ID { return module.ID(s.texts.at(uint64(i + 1))) }

// Kind returns the kind of module i.
func (s *Stored) Kind(i int) module.Kind { return module.Kind(s.kinds[i] &^ someUnresolved) }

// Unresolved reports whether module i has imports that lead nowhere.
func (s *Stored) Unresolved(i int) bool { return s.kinds[i]&someUnresolved != 0 }

// Links returns the dependencies between the modules. Do not write to them.
func (s *Stored) Links() Links { return s.links }

// Sources is the number of sources.
func (s *Stored) Sources() int { return s.size.sources }

// Module returns module i. Each call, and Modules, return the same one.
func (s *Stored) Module(i int) *module.Module {
	if m := s.modules[i].Load(); m != nil {
		return m
	}
	m := &module.Module{ID: s.ID(i)}
	d := s.section(2 + i/perSection)
	d.loose = true
	d.at = min(int(s.starts[i]), len(d.body))
	d.module(m)
	if !s.modules[i].CompareAndSwap(nil, m) {
		return s.modules[i].Load()
	}
	return m
}

// Modules returns all modules.
func (s *Stored) Modules() []*module.Module {
	list, _ := s.all()
	return list
}

// Folders is the number of the folders whose stamps are known: all of the
// workspace's, or none.
func (s *Stored) Folders() int { return s.size.folders }

// Folder returns folder i, and the range of its sources for Listed.
func (s *Stored) Folder(i int) (f Folder, first, end int) {
	r := s.folder(i)
	if i > 0 {
		first = int(s.folder(i - 1).end)
	}
	return Folder{s.texts.at(uint64(r.path)), r.stamp}, first, int(r.end)
}

// Listed returns the path and the stamp of source i in the order of the folders.
func (s *Stored) Listed(i int) (path string, stamp Stamp) {
	n := int(s.inDirs[i])
	return s.texts.at(uint64(s.paths[n])), stampAt(s.stamps[n*stampSize:])
}

func (s *Stored) folder(i int) folderRecord {
	b := s.dirs[i*folderSize:][:folderSize]
	return folderRecord{binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:]), stampAt(b[8:])}
}

// Imports is the number of imports of all modules.
func (s *Stored) Imports() int {
	count := 0
	for i := range (s.size.modules + perSection - 1) / perSection {
		count += int(s.parts[2+i].count.imports)
	}
	return count
}

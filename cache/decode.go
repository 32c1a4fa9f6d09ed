package cache

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/eddy-build/eddy/module"
)

// Stored is a snapshot as it lies in a store, of which each part is made when it
// is asked for. It is immutable and safe for concurrent use.
type Stored struct {
	Root           string
	Listing, Files module.Digest
	Inputs         []Input
	Asked          []Asked
	Asks           []Ask
	Walked         []module.Diagnostic
	Diagnostics    []module.Diagnostic

	size    layout
	texts   *texts
	links   Links
	kinds   []byte   // with someUnresolved
	starts  []uint32 // of each module, in its section
	paths   []uint32 // of the sources, as numbers of strings
	stamps  []byte   // of the sources
	dirs    []byte   // the records of the folders
	inDirs  []uint32 // numbers of sources, folder by folder
	parts   []section
	data    [][]byte // of the sections
	modules []atomic.Pointer[module.Module]
	all     func() ([]*module.Module, bool)
}

// decode reads what encode wrote. The reason says why a file is no use; it is
// empty where the snapshot is good. All that it returns looks into data, which
// must not be written to from then on.
func decode(data []byte, key module.Digest) (s *Stored, reason string) {
	s = &Stored{}
	if reason := s.size.read(data, key); reason != "" {
		return nil, reason
	}
	if !s.cut(data) || !s.sound() {
		return nil, "damaged tables"
	}
	if !s.head() {
		return nil, "damaged records"
	}
	s.modules = make([]atomic.Pointer[module.Module], s.size.modules)
	s.all = sync.OnceValues(s.decodeModules)
	return s, ""
}

// cut takes the columns and the sections apart.
func (s *Stored) cut(data []byte) bool {
	at := headerSize
	next := func(n int) []byte {
		at += n
		return data[at-n : at : at]
	}
	n := s.size.columns()
	s.texts = &texts{ends: column[uint32](next(n[0]))}
	s.links.Start = column[int32](next(n[1]))
	s.links.Target = column[int32](next(n[2]))
	s.links.First = column[int32](next(n[3]))
	s.starts = column[uint32](next(n[4]))
	s.paths = column[uint32](next(n[5]))
	s.stamps = next(n[6])
	s.dirs = next(n[7])
	s.inDirs = column[uint32](next(n[8]))
	table := column[uint32](next(n[9]))
	s.links.Kinds = bytesOf[module.ImportKinds](next(n[10]))
	s.links.Count = next(n[11])
	s.kinds = next(n[12])
	s.texts.text = next(s.size.text)
	s.parts = make([]section, s.size.sections)
	s.data = make([][]byte, s.size.sections)
	for i := range s.parts {
		record := table[i*sectionSize/4:][:sectionSize/4]
		length := int(record[0])
		if length < 0 || length > len(data)-at {
			return false
		}
		s.data[i] = next(length)
		for j, c := range s.parts[i].count.fields() {
			if *c = uint64(record[j+1]); *c > uint64(length) { // a record is at least a byte long
				return false
			}
		}
	}
	perModules := (s.size.modules + perSection - 1) / perSection
	perFacts := (s.size.sources + perSection - 1) / perSection
	return at == len(data) && s.size.sections == 2+perModules+perFacts
}

// sound reports whether the numbers in the columns are in range. O(n).
func (s *Stored) sound() bool {
	return ascending(s.texts.ends, uint32(s.size.text)) &&
		ascending(s.links.Start, int32(s.size.links)) && s.links.Start[0] == 0 && s.rowsSound() &&
		!slices.ContainsFunc(s.paths, func(n uint32) bool { return n > uint32(s.size.strings) }) &&
		!slices.ContainsFunc(s.inDirs, func(n uint32) bool { return n >= uint32(s.size.sources) }) &&
		s.size.modules <= s.size.strings && s.foldersSound()
}

// ascending reports whether numbers do not fall and end at last.
func ascending[T number](list []T, last T) bool {
	before := T(0)
	for _, v := range list {
		if v < before {
			return false
		}
		before = v
	}
	return before == last
}

func (s *Stored) rowsSound() bool {
	for i := range s.size.modules {
		last := int32(-1)
		for l := s.links.Start[i]; l < s.links.Start[i+1]; l++ {
			to := s.links.Target[l]
			if to <= last || int(to) >= s.size.modules || s.links.First[l] < 0 || s.links.Kinds[l]&module.AllKinds == 0 {
				return false
			}
			last = to
		}
	}
	return true
}

func (s *Stored) foldersSound() bool {
	before := 0
	for i := range s.size.folders {
		f := s.folder(i)
		if int(f.end) < before || f.path > uint32(s.size.strings) {
			return false
		}
		before = int(f.end)
	}
	return s.size.folders == 0 && s.size.listed == 0 || before == s.size.listed
}

// section returns a decoder of a section.
func (s *Stored) section(i int) *decoder {
	return &decoder{body: s.data[i], texts: s.texts, count: s.parts[i].count}
}

// head reads the first section.
func (s *Stored) head() bool {
	d := s.section(0)
	d.makeSlabs()
	s.Root, s.Listing, s.Files = d.string(), d.digest(), d.digest()
	s.Inputs = make([]Input, d.length())
	for i := range s.Inputs {
		s.Inputs[i] = Input{Path: d.string(), Frontend: d.byte(), Stamp: d.stamp()}
	}
	s.Asked = make([]Asked, d.length())
	for i := range s.Asked {
		s.Asked[i] = Asked{Path: d.string(), Answer: d.byte()}
	}
	s.Asks = make([]Ask, d.length())
	for i := range s.Asks {
		s.Asks[i] = Ask{Op: d.byte(), Path: d.string(), Answer: d.string()}
	}
	s.Walked = d.diagnostics()
	s.Diagnostics = slices.Clip(d.diagnostics())
	return d.done()
}

// State reads all of the snapshot. It reports false where records are damaged.
func (s *Stored) State() (*State, bool) {
	state := &State{
		Root: s.Root, Listing: s.Listing, Files: s.Files, Inputs: s.Inputs, Asked: s.Asked, Asks: s.Asks,
		Walked: s.Walked, Diagnostics: s.Diagnostics,
	}
	d := s.section(1)
	d.makeSlabs()
	state.Sources = make([]Source, s.size.sources)
	for i := range state.Sources {
		state.Sources[i] = Source{
			Path: s.texts.at(uint64(s.paths[i])), Frontend: d.byte(), Stamp: stampAt(s.stamps[i*stampSize:]),
			Content: d.digest(), Problem: d.diagnostics(),
		}
	}
	state.Skipped = make([]Skipped, d.length())
	for i := range state.Skipped {
		state.Skipped[i] = Skipped{Path: d.string(), Reason: d.string()}
	}
	modules, good := s.all()
	if !good || !d.done() {
		return nil, false
	}
	if s.size.folders > 0 {
		state.Folders = make([]Folder, s.size.folders)
		for i := range state.Folders {
			f := s.folder(i)
			state.Folders[i] = Folder{s.texts.at(uint64(f.path)), f.stamp}
		}
	}
	state.Modules = modules
	state.Facts = sync.OnceValue(func() []*module.Facts { return s.decodeFacts(state.Sources) })
	return state, true
}

// decodeModules makes all modules.
func (s *Stored) decodeModules() ([]*module.Module, bool) {
	count := s.size.modules
	all := make([]module.Module, count)
	list := make([]*module.Module, count)
	sections := (count + perSection - 1) / perSection
	good := s.sideBySide(2, sections, func(d *decoder, start int) {
		for i := start; i < min(start+perSection, count); i++ {
			m := &all[i]
			m.ID = s.ID(i)
			d.module(m)
			// Of those that were asked for alone there is one already.
			if list[i] = m; !s.modules[i].CompareAndSwap(nil, m) {
				list[i] = s.modules[i].Load()
			}
		}
	})
	return list, good
}

// decodeFacts makes the facts of all sources, nil where they are damaged.
func (s *Stored) decodeFacts(sources []Source) []*module.Facts {
	modules, good := s.all()
	if !good {
		return nil
	}
	records := make([]module.Facts, len(sources))
	list := make([]*module.Facts, len(sources))
	first := 2 + (s.size.modules+perSection-1)/perSection
	good = s.sideBySide(first, s.size.sections-first, func(d *decoder, start int) {
		for i := start; i < min(start+perSection, len(sources)); i++ {
			list[i] = &records[i]
			d.facts(&records[i], sources[i].Path, modules)
		}
	})
	if !good {
		return nil
	}
	return list
}

// sideBySide reads n sections from the first on at once; read is told the number
// of the first record of its section. It reports whether all of them are whole.
func (s *Stored) sideBySide(first, n int, read func(d *decoder, start int)) bool {
	var next atomic.Int64
	var damaged atomic.Bool
	work := func() {
		for {
			i := int(next.Add(1)) - 1
			if i >= n {
				return
			}
			d := s.section(first + i)
			read(d, i*perSection)
			if !d.done() {
				damaged.Store(true)
			}
		}
	}
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) - 1 {
		workers.Go(work)
	}
	work()
	workers.Wait()
	return !damaged.Load()
}

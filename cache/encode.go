package cache

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"unsafe"

	"github.com/eddy-build/eddy/module"
)

// encode writes a state that is valid for a key. The sources and the modules must
// be sorted. It reports false for a state that is too large for the format.
func encode(s *State, key module.Digest) (file []byte, ok bool) {
	e := &encoder{strings: make(map[string]uint64, 6*len(s.Modules)), body: make([]byte, 0, 1<<20), modules: len(s.Modules)}
	for i, m := range s.Modules {
		e.table = append(e.table, string(m.ID))
		e.strings[string(m.ID)] = uint64(i + 1)
	}
	e.head(s)
	e.cut()
	e.sources(s)
	e.cut()
	facts := s.Facts()
	owners := make([]importOwner, len(s.Sources))
	number, next := 0, 0
	for list := range slices.Chunk(s.Modules, perSection) {
		for _, m := range list {
			e.module(m)
			next = own(owners, m, number, next, s.Sources, facts)
			number++
		}
		e.cut()
	}
	e.links.Start = append(e.links.Start, int32(len(e.links.Target)))
	for start := 0; start < len(facts); start += perSection {
		for i := start; i < min(start+perSection, len(facts)); i++ {
			e.facts(facts[i], s.Sources[i].Path, owners[i])
		}
		e.cut()
	}
	return e.file(s, key)
}

// head writes what every run reads.
func (e *encoder) head(s *State) {
	e.string(s.Root)
	e.digest(s.Listing)
	e.digest(s.Files)
	e.uint(uint64(len(s.Inputs)))
	for _, in := range s.Inputs {
		e.string(in.Path)
		e.byte(in.Frontend)
		e.stamp(in.Stamp)
	}
	e.uint(uint64(len(s.Asked)))
	for _, a := range s.Asked {
		e.string(a.Path)
		e.byte(a.Answer)
	}
	e.uint(uint64(len(s.Asks)))
	for _, a := range s.Asks {
		e.byte(a.Op)
		e.string(a.Path)
		e.string(a.Answer)
	}
	e.diagnostics(s.Walked)
	e.diagnostics(s.Diagnostics)
}

// sources writes what is read where something has changed.
func (e *encoder) sources(s *State) {
	for i := range s.Sources {
		src := &s.Sources[i]
		e.byte(src.Frontend)
		e.digest(src.Content)
		e.diagnostics(src.Problem)
	}
	e.uint(uint64(len(s.Skipped)))
	for _, skipped := range s.Skipped {
		e.string(skipped.Path)
		e.string(skipped.Reason)
	}
}

// link adds the row of a module to the links.
func (e *encoder) link(m *module.Module) {
	l := &e.links
	l.Start = append(l.Start, int32(len(l.Target)))
	last := -1 // the link that the dep before gave, or -1
	for i := range m.Deps {
		dep := &m.Deps[i]
		if i == 0 || dep.To != m.Deps[i-1].To {
			last = -1
			if n := e.strings[string(dep.To)]; n > 0 && n <= uint64(e.modules) {
				last = len(l.Target)
				l.Target = append(l.Target, int32(n-1))
				l.First = append(l.First, int32(i))
				l.Kinds = append(l.Kinds, 0)
				l.Count = append(l.Count, 0)
			}
		}
		if last < 0 {
			continue
		}
		if kind := module.Of(dep.Kind); l.Kinds[last] != 0 && l.Kinds[last] != kind {
			l.Kinds[last] |= kind
			l.Count[last] = CountMixed
		} else {
			l.Kinds[last] = kind
		}
		if dep.Import != module.NoImport && l.Count[last] < CountMixed {
			l.Count[last]++
		}
	}
}

// importOwner is the module, by number plus one, that has the imports of a file
// among its own, from an index on; zero for none.
type importOwner struct{ module, first int }

// own notes which files' imports are, one file after the other, those of a
// module, as they most often are. They are written once. next is where the first
// file most likely is among the sources, as both are in order; own returns that
// of the next module.
func own(owners []importOwner, m *module.Module, number, next int, sources []Source, facts []*module.Facts) int {
	rest, first := m.Imports, 0
	for _, file := range m.Files {
		n, ok := next, next < len(sources) && sources[next].Path == file
		if !ok {
			n, ok = slices.BinarySearchFunc(sources, file, func(s Source, path string) int { return strings.Compare(s.Path, path) })
		}
		if !ok {
			continue // not a source: an asset has none
		}
		next = n + 1
		imports := facts[n].Imports
		if len(imports) == 0 || len(imports) > len(rest) || !slices.EqualFunc(imports, rest[:len(imports)], sameImport) {
			continue
		}
		owners[n] = importOwner{number + 1, first}
		rest = rest[len(imports):]
		first += len(imports)
	}
	return next
}

func sameImport(a, b module.Import) bool {
	return a.Specifier == b.Specifier && a.Kind == b.Kind && a.Flags == b.Flags && a.Span == b.Span &&
		(a.Names == nil) == (b.Names == nil) && slices.Equal(a.Names, b.Names)
}

// cut ends a section.
func (e *encoder) cut() {
	e.sections = append(e.sections, section{length: len(e.body) - e.start, count: e.count})
	e.start, e.count = len(e.body), counts{}
}

// file puts all that has a place of its own before the body. It reports false
// for a file of 4 GiB or more, or with more records than its counts can tell.
func (e *encoder) file(s *State, key module.Digest) ([]byte, bool) {
	paths := make([]uint32, len(s.Sources)) // the numbers of the strings
	for i := range s.Sources {
		paths[i] = e.number(s.Sources[i].Path)
	}
	folders, listed := e.folders(s)
	text := 0
	for _, t := range e.table {
		text += len(t)
	}
	l := layout{
		strings: len(e.table), text: text, modules: e.modules, links: len(e.links.Target),
		sources: len(s.Sources), folders: len(folders), listed: len(listed), sections: len(e.sections),
	}
	size := l.bodyAt() + len(e.body)
	if uint64(size) > math.MaxUint32 || len(e.links.Target) > math.MaxInt32 {
		return nil, false
	}
	out := make([]byte, headerSize, size)
	end := 0
	for _, t := range e.table {
		end += len(t)
		out = binary.LittleEndian.AppendUint32(out, uint32(end))
	}
	out = appendColumn(out, e.links.Start)
	out = appendColumn(out, e.links.Target)
	out = appendColumn(out, e.links.First)
	out = appendColumn(out, e.starts)
	out = appendColumn(out, paths)
	for i := range s.Sources {
		out = appendStamp(out, s.Sources[i].Stamp)
	}
	for _, f := range folders {
		out = binary.LittleEndian.AppendUint32(out, f.path)
		out = binary.LittleEndian.AppendUint32(out, f.end)
		out = appendStamp(out, f.stamp)
	}
	out = appendColumn(out, listed)
	for i := range e.sections {
		sec := &e.sections[i]
		out = binary.LittleEndian.AppendUint32(out, uint32(sec.length))
		for _, c := range sec.count.fields() {
			out = binary.LittleEndian.AppendUint32(out, uint32(*c))
		}
	}
	for _, k := range e.links.Kinds {
		out = append(out, byte(k))
	}
	out = append(out, e.links.Count...)
	for _, m := range s.Modules {
		kind := byte(m.Kind)
		if len(m.Unresolved) > 0 {
			kind |= someUnresolved
		}
		out = append(out, kind)
	}
	for _, t := range e.table {
		out = append(out, t...)
	}
	out = append(out, e.body...)
	l.seal(out, key)
	return out, true
}

// number returns the number of a string.
func (e *encoder) number(s string) uint32 {
	if s == "" {
		return 0
	}
	bytes := unsafe.StringData(s)
	place := uintptr(unsafe.Pointer(bytes))
	r := &e.recent[(place>>3^place>>14)%recents]
	if r.bytes == bytes && r.length == len(s) {
		return uint32(r.number)
	}
	n, ok := e.strings[s]
	if !ok {
		e.table = append(e.table, s)
		n = uint64(len(e.table))
		e.strings[s] = n
	}
	*r = recent{bytes, len(s), n}
	return uint32(n)
}

// folderRecord is a folder as it is written.
type folderRecord struct {
	path  uint32 // number of a string
	end   uint32 // where its sources end in the list of those of all folders
	stamp Stamp
}

// folders returns the folders and, folder by folder, the numbers of the sources
// in them: nothing where a source lies in none of them.
func (e *encoder) folders(s *State) (records []folderRecord, listed []uint32) {
	places := make(map[string]int, len(s.Folders))
	for i, f := range s.Folders {
		places[f.Path] = i
	}
	of := make([]int, len(s.Sources))
	ends := make([]uint32, len(s.Folders)+1)
	for i := range s.Sources {
		dir, ok := places[folderOf(s.Sources[i].Path)]
		if !ok {
			return nil, nil
		}
		of[i] = dir
		ends[dir+1]++
	}
	for i := range s.Folders {
		ends[i+1] += ends[i]
	}
	listed = make([]uint32, len(s.Sources))
	for i, dir := range of {
		listed[ends[dir]] = uint32(i)
		ends[dir]++
	}
	records = make([]folderRecord, len(s.Folders))
	for i, f := range s.Folders {
		records[i] = folderRecord{e.number(f.Path), ends[i], f.Stamp}
	}
	return records, listed
}

// folderOf is the folder of a slash path, "." for the root.
func folderOf(path string) string {
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		return path[:i]
	}
	return "."
}

package cache

import (
	"encoding/binary"
	"hash/crc32"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/module"
)

// The layout of a snapshot file, all integers little-endian or varints:
//
//	magic    8 bytes  "eddysnap"
//	version  4 bytes  formatVersion
//	length   8 bytes  of the whole file
//	checksum 4 bytes  CRC-32C of everything after it
//	key      32 bytes tool version, options and configuration, as a digest
//	strings           number, then the length of each, then their bytes
//	sections          number; of each the length and the counts of its records;
//	                  then their bytes, see records.go and modules.go
//
// The first section has the head of the state and its sources. Then come those of
// the modules and, in the same number, those of the facts, perSection each.
//
// Wanted: one read, a check of every byte, and then no allocation a record. So
// records are cut from slabs whose lengths stand ahead, and strings are views
// of the file's own bytes, each different one stored once. The sections are read
// side by side, and those of the facts only when something has changed.
//
// Rejected: a mapped file (a writer that truncates it would crash the reader; one
// read costs about a millisecond for ten thousand modules), gob and protobuf (an
// allocation a record), fixed-width records (three times the bytes, and no faster
// to read since the checksum and the page faults count by the byte).
const (
	magic         = "eddysnap"
	formatVersion = 3
	headerSize    = len(magic) + 4 + 8 + 4
	perSection    = 2048
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// encode writes a state that is valid for a key. The sources must be sorted.
func encode(s *State, key module.Digest) []byte {
	e := &encoder{strings: map[string]uint64{}, body: make([]byte, 0, 1<<20)}
	e.head(s)
	e.cut()
	facts := s.Facts()
	owners := make([]importOwner, len(s.Sources))
	number := 0
	for list := range slices.Chunk(s.Modules, perSection) {
		for _, m := range list {
			e.module(m)
			own(owners, m, number, s.Sources, facts)
			number++
		}
		e.cut()
	}
	for start := 0; start < len(facts); start += perSection {
		for i := start; i < min(start+perSection, len(facts)); i++ {
			e.facts(facts[i], s.Sources[i].Path, owners[i])
		}
		e.cut()
	}
	return e.file(key)
}

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
	e.uint(uint64(len(s.Sources)))
	for i := range s.Sources {
		src := &s.Sources[i]
		e.string(src.Path)
		e.byte(src.Frontend)
		e.stamp(src.Stamp)
		e.digest(src.Content)
		e.diagnostics(src.Problem)
	}
	e.int(int64(len(s.Modules)))
	e.uint(uint64(len(s.Skipped)))
	for _, skipped := range s.Skipped {
		e.string(skipped.Path)
		e.string(skipped.Reason)
	}
	e.diagnostics(s.Walked)
	e.diagnostics(s.Diagnostics)
}

// importOwner is the module, by number plus one, that has the imports of a file
// among its own, from an index on; zero for none.
type importOwner struct{ module, first int }

// own notes which files' imports are, one file after the other, those of a
// module, as they most often are. They are written once.
func own(owners []importOwner, m *module.Module, number int, sources []Source, facts []*module.Facts) {
	rest, first := m.Imports, 0
	for _, file := range m.Files {
		n, ok := slices.BinarySearchFunc(sources, file, func(s Source, path string) int { return strings.Compare(s.Path, path) })
		if !ok {
			continue // not a source: an asset has none
		}
		imports := facts[n].Imports
		if len(imports) == 0 || len(imports) > len(rest) || !slices.EqualFunc(imports, rest[:len(imports)], sameImport) {
			continue
		}
		owners[n] = importOwner{number + 1, first}
		rest = rest[len(imports):]
		first += len(imports)
	}
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

// file puts the header, the key, the strings and the table of sections before
// the body.
func (e *encoder) file(key module.Digest) []byte {
	size := headerSize + len(key) + len(e.body) + 32*len(e.sections)
	for _, s := range e.table {
		size += len(s) + 5
	}
	out := make([]byte, headerSize, size)
	out = append(out, key[:]...)
	out = binary.AppendUvarint(out, uint64(len(e.table)))
	for _, s := range e.table {
		out = binary.AppendUvarint(out, uint64(len(s)))
	}
	for _, s := range e.table {
		out = append(out, s...)
	}
	out = binary.AppendUvarint(out, uint64(len(e.sections)))
	for i := range e.sections {
		s := &e.sections[i]
		out = binary.AppendUvarint(out, uint64(s.length))
		for _, c := range s.count.fields() {
			out = binary.AppendUvarint(out, *c)
		}
	}
	out = append(out, e.body...)
	seal(out)
	return out
}

// seal writes the header of a file that is otherwise whole.
func seal(file []byte) {
	copy(file, magic)
	rest := file[len(magic):]
	binary.LittleEndian.PutUint32(rest, formatVersion)
	binary.LittleEndian.PutUint64(rest[4:], uint64(len(file)))
	binary.LittleEndian.PutUint32(rest[12:], crc32.Checksum(file[headerSize:], castagnoli))
}

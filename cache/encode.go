package cache

import (
	"encoding/binary"
	"hash/crc32"
	"slices"

	"github.com/eddy-build/eddy/module"
)

// The layout of a snapshot file, all integers little-endian or varints:
//
//	magic    8 bytes  "eddysnap"
//	version  4 bytes  formatVersion
//	length   8 bytes  of the whole file
//	checksum 4 bytes  CRC-32C of everything after it
//	key      32 bytes tool version, options and configuration, as a digest
//	counts            one varint a slab
//	strings           number, then the length of each, then their bytes
//	body              the records, see records.go and modules.go
//
// Wanted: one read, a check of every byte, and then no allocation a record. So
// records are cut from slabs whose lengths stand ahead, and strings are views
// of the file's own bytes, each different one stored once. Rejected: a mapped
// file (a writer that truncates it would crash the reader; one read costs about
// a millisecond for ten thousand modules), gob and protobuf (an allocation a
// record), fixed-width records (three times the bytes, and no faster to read
// since the checksum and the page faults count by the byte).
const (
	magic         = "eddysnap"
	formatVersion = 2
	headerSize    = len(magic) + 4 + 8 + 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// encode writes a state that is valid for a key. The sources must be sorted.
func encode(s *State, key module.Digest) []byte {
	e := &encoder{strings: map[string]uint64{}, body: make([]byte, 0, 1<<20)}
	e.string(s.Root)
	e.digest(s.Listing)
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
	e.count.sources = uint64(len(s.Sources))
	for _, src := range s.Sources {
		e.string(src.Path)
		e.byte(src.Frontend)
		e.byte(src.Detail)
		e.stamp(src.Stamp)
		e.digest(src.Content)
		e.facts(src.Facts, src.Path)
		e.diagnostics(src.Problem)
	}
	e.uint(uint64(len(s.Modules)))
	e.count.modules = uint64(len(s.Modules))
	for _, m := range s.Modules {
		e.module(m, s.Sources)
	}
	e.uint(uint64(len(s.Skipped)))
	for _, skipped := range s.Skipped {
		e.string(skipped.Path)
		e.string(skipped.Reason)
	}
	e.diagnostics(s.Walked)
	e.diagnostics(s.Diagnostics)
	return e.file(key)
}

// file puts the header, the key, the counts and the strings before the body.
func (e *encoder) file(key module.Digest) []byte {
	size := headerSize + len(key) + len(e.body) + 16*len(e.count.fields())
	for _, s := range e.table {
		size += len(s) + 5
	}
	out := make([]byte, 0, size)
	out = append(out, magic...)
	out = binary.LittleEndian.AppendUint32(out, formatVersion)
	out = append(out, make([]byte, 12)...) // length and checksum, below
	out = append(out, key[:]...)
	for _, c := range e.count.fields() {
		out = binary.AppendUvarint(out, *c)
	}
	out = binary.AppendUvarint(out, uint64(len(e.table)))
	for _, s := range e.table {
		out = binary.AppendUvarint(out, uint64(len(s)))
	}
	for _, s := range e.table {
		out = append(out, s...)
	}
	out = append(out, e.body...)
	binary.LittleEndian.PutUint64(out[len(magic)+4:], uint64(len(out)))
	binary.LittleEndian.PutUint32(out[len(magic)+12:], crc32.Checksum(out[headerSize:], castagnoli))
	return out
}

// decode reads what encode wrote. The reason says why a file is no use; it is
// empty where the state is good. The state's strings look into data, which must
// not be written to from then on.
func decode(data []byte, key module.Digest) (s *State, reason string) {
	switch {
	case len(data) < headerSize+len(key) || string(data[:len(magic)]) != magic:
		return nil, "not a snapshot of Eddy"
	case binary.LittleEndian.Uint32(data[len(magic):]) != formatVersion:
		return nil, "written in another format version"
	case binary.LittleEndian.Uint64(data[len(magic)+4:]) != uint64(len(data)):
		return nil, "cut short"
	case binary.LittleEndian.Uint32(data[len(magic)+12:]) != crc32.Checksum(data[headerSize:], castagnoli):
		return nil, "checksum differs"
	case module.Digest(data[headerSize:headerSize+len(key)]) != key:
		return nil, "made by another version of Eddy or with other options"
	}
	d := &decoder{body: data, at: headerSize + len(key)}
	if !d.header() {
		return nil, "damaged tables"
	}
	s = d.state()
	if d.failed || d.at != len(d.body) {
		return nil, "damaged records"
	}
	return s, ""
}

// header reads the counts and the strings and makes the slabs.
func (d *decoder) header() bool {
	var c counts
	for _, f := range c.fields() {
		*f = d.uint()
		if *f > uint64(len(d.body)) { // a record is at least a byte long
			return false
		}
	}
	n := d.length()
	lengths := make([]int, n)
	for i := range lengths {
		lengths[i] = d.length()
	}
	if d.failed {
		return false
	}
	d.table = make([]string, 1, n+1)
	for _, length := range lengths {
		if length > len(d.body)-d.at {
			return false
		}
		d.table = append(d.table, view(d.body[d.at:d.at+length]))
		d.at += length
	}
	d.slabs = slabs{
		imports: make([]module.Import, c.imports), names: make([]module.ImportedName, c.names),
		exports: make([]module.Export, c.exports), deps: make([]module.Dep, c.deps),
		unresolved: make([]module.Unresolved, c.unresolved), spans: make([]module.Span, c.spans),
		strings: make([]string, c.strings), modules: make([]module.Module, c.modules),
		facts: make([]module.Facts, c.sources), diagnostics: make([]module.Diagnostic, c.diagnostics),
	}
	return !d.failed
}

func (d *decoder) state() *State {
	s := &State{Root: d.string(), Listing: d.digest()}
	s.Inputs = make([]Input, d.length())
	for i := range s.Inputs {
		s.Inputs[i] = Input{Path: d.string(), Frontend: d.byte(), Stamp: d.stamp()}
	}
	s.Asked = make([]Asked, d.length())
	for i := range s.Asked {
		s.Asked[i] = Asked{Path: d.string(), Answer: d.byte()}
	}
	s.Sources = make([]Source, d.length())
	facts := take(d, &d.slabs.facts, len(s.Sources))
	for i := range facts {
		src := &s.Sources[i]
		*src = Source{Path: d.string(), Frontend: d.byte(), Detail: d.byte(), Stamp: d.stamp(), Content: d.digest(), Facts: &facts[i]}
		d.facts(&facts[i], src.Path)
		src.Problem = d.diagnostics()
	}
	modules := take(d, &d.slabs.modules, d.length())
	s.Modules = make([]*module.Module, len(modules))
	for i := range modules {
		s.Modules[i] = &modules[i]
		d.module(&modules[i], s.Sources)
	}
	s.Skipped = make([]Skipped, d.length())
	for i := range s.Skipped {
		s.Skipped[i] = Skipped{Path: d.string(), Reason: d.string()}
	}
	s.Walked = d.diagnostics()
	s.Diagnostics = slices.Clip(d.diagnostics())
	return s
}

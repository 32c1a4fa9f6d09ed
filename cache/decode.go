package cache

import (
	"encoding/binary"
	"hash/crc32"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/eddy-build/eddy/module"
)

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
	sections := split(data, headerSize+len(key))
	if sections == nil {
		return nil, "damaged tables"
	}
	head := sections[0]
	s, modules := head.head()
	ofModules, ofFacts := (modules+perSection-1)/perSection, (len(s.Sources)+perSection-1)/perSection
	// A record is at least a byte long: damage cannot ask for more memory than
	// is in proportion.
	if !head.done() || modules < 0 || modules > len(data) || len(sections) != 1+ofModules+ofFacts {
		return nil, "damaged records"
	}
	sections = sections[1:]
	all := make([]module.Module, modules)
	s.Modules = make([]*module.Module, modules)
	good := sideBySide(sections[:ofModules], func(d *decoder, start int) {
		for i := start; i < min(start+perSection, modules); i++ {
			s.Modules[i] = &all[i]
			d.module(&all[i])
		}
	})
	if !good {
		return nil, "damaged records"
	}
	sources := s.Sources
	s.Facts = sync.OnceValue(func() []*module.Facts {
		records := make([]module.Facts, len(sources))
		list := make([]*module.Facts, len(sources))
		good := sideBySide(sections[ofModules:], func(d *decoder, start int) {
			for i := start; i < min(start+perSection, len(sources)); i++ {
				list[i] = &records[i]
				d.facts(&records[i], sources[i].Path, all)
			}
		})
		if !good {
			return nil
		}
		return list
	})
	return s, ""
}

// sideBySide reads sections at once; read is told the number of the first record
// of its section. It reports whether all of them are whole.
func sideBySide(sections []*decoder, read func(d *decoder, start int)) bool {
	var next atomic.Int64
	var damaged atomic.Bool
	work := func() {
		for {
			i := int(next.Add(1)) - 1
			if i >= len(sections) {
				return
			}
			read(sections[i], i*perSection)
			if !sections[i].done() {
				damaged.Store(true)
			}
		}
	}
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(sections)) - 1 {
		workers.Go(work)
	}
	work()
	workers.Wait()
	return !damaged.Load()
}

// split reads the strings and the table of sections, and makes a decoder of each
// section. It returns nil where they do not fit the data.
func split(data []byte, at int) []*decoder {
	d := &decoder{body: data, at: at}
	lengths := make([]int, d.length())
	for i := range lengths {
		lengths[i] = d.length()
	}
	table := make([]string, 1, len(lengths)+1)
	for _, length := range lengths {
		if d.failed || length > len(d.body)-d.at {
			return nil
		}
		table = append(table, view(d.body[d.at:d.at+length]))
		d.at += length
	}
	sections := make([]section, d.length())
	for i := range sections {
		s := &sections[i]
		s.length = d.length()
		for _, c := range s.count.fields() {
			if *c = d.uint(); *c > uint64(s.length) { // a record is at least a byte long
				return nil
			}
		}
	}
	if d.failed || len(sections) == 0 {
		return nil
	}
	list := make([]*decoder, len(sections))
	for i, s := range sections {
		if s.length > len(d.body)-d.at {
			return nil
		}
		list[i] = &decoder{body: d.body[d.at : d.at+s.length : d.at+s.length], table: table, count: s.count}
		d.at += s.length
	}
	if d.at != len(d.body) {
		return nil
	}
	return list
}

// head reads the first section. It returns the number of modules too.
func (d *decoder) head() (s *State, modules int) {
	d.makeSlabs()
	s = &State{Root: d.string(), Listing: d.digest(), Files: d.digest()}
	s.Inputs = make([]Input, d.length())
	for i := range s.Inputs {
		s.Inputs[i] = Input{Path: d.string(), Frontend: d.byte(), Stamp: d.stamp()}
	}
	s.Asked = make([]Asked, d.length())
	for i := range s.Asked {
		s.Asked[i] = Asked{Path: d.string(), Answer: d.byte()}
	}
	s.Sources = make([]Source, d.length())
	for i := range s.Sources {
		s.Sources[i] = Source{Path: d.string(), Frontend: d.byte(), Stamp: d.stamp(), Content: d.digest(), Problem: d.diagnostics()}
	}
	n := d.int32()
	s.Skipped = make([]Skipped, d.length())
	for i := range s.Skipped {
		s.Skipped[i] = Skipped{Path: d.string(), Reason: d.string()}
	}
	s.Walked = d.diagnostics()
	s.Diagnostics = slices.Clip(d.diagnostics())
	return s, int(n)
}

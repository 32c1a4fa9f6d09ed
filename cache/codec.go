package cache

import (
	"encoding/binary"
	"unsafe"

	"github.com/eddy-build/eddy/module"
)

// encoder writes a state: first into a body of varints that refer to strings by
// number, then all that stands before it.
type encoder struct {
	body     []byte
	strings  map[string]uint64
	recent   [recents]recent
	table    []string // the first are the IDs of the modules, in their order
	modules  int
	links    Links
	starts   []uint32 // of each module, in its section
	sections []section
	start    int    // of the section that is being written
	count    counts // of its records
}

// recent is a string that was written lately, by the place of its bytes: most are
// written several times, and a look here costs a tenth of one into the map.
type recent struct {
	bytes  *byte
	length int
	number uint64
}

const recents = 2048

// section is a part of the body that is read by itself.
type section struct {
	length int // in bytes
	count  counts
}

// counts are the lengths of the slabs that a section's decoder needs, so that
// each is allocated once.
type counts struct {
	imports, names, exports, deps, unresolved, spans, strings, diagnostics uint64
}

func (c *counts) fields() []*uint64 {
	return []*uint64{&c.imports, &c.names, &c.exports, &c.deps, &c.unresolved, &c.spans, &c.strings, &c.diagnostics}
}

func (e *encoder) uint(v uint64) { e.body = binary.AppendUvarint(e.body, v) }
func (e *encoder) int(v int64)   { e.body = binary.AppendVarint(e.body, v) }

func (e *encoder) bool(v bool) {
	if v {
		e.body = append(e.body, 1)
	} else {
		e.body = append(e.body, 0)
	}
}

func (e *encoder) byte(v uint8) { e.body = append(e.body, v) }

// string writes the number of a string; 0 is the empty one.
func (e *encoder) string(s string) { e.uint(uint64(e.number(s))) }

// list writes a list of strings and keeps nil apart from empty.
func (e *encoder) list(l []string) {
	if l == nil {
		e.uint(0)
		return
	}
	e.uint(uint64(len(l)) + 1)
	e.count.strings += uint64(len(l))
	for _, s := range l {
		e.string(s)
	}
}

// digest writes whether there is a digest, then its bytes: most are zero.
func (e *encoder) digest(d module.Digest) {
	e.bool(!d.IsZero())
	if !d.IsZero() {
		e.body = append(e.body, d[:]...)
	}
}

func (e *encoder) stamp(s Stamp) {
	e.int(s.Size)
	e.int(s.MTime)
	e.int(s.CTime)
	e.uint(s.Inode)
	e.uint(uint64(s.Mode))
}

// decoder reads a section, or the tables before them. The first failure sticks;
// all reads after it return zero values, so callers check once, at the end.
type decoder struct {
	body   []byte
	at     int
	failed bool
	texts  *texts
	count  counts
	slabs  *slabs // made when the section is read
	loose  bool   // reads a single record, which gets slices of its own
}

// texts are the strings of a file, by number from 1 on.
type texts struct {
	ends []uint32 // where each ends in text
	text []byte
}

// at returns the string of a number that is at most len(ends).
func (t *texts) at(n uint64) string {
	start := uint32(0)
	switch n {
	case 0:
		return ""
	case 1:
	default:
		start = t.ends[n-2]
	}
	return view(t.text[start:t.ends[n-1]])
}

// done reports whether the section was read as it was written.
func (d *decoder) done() bool { return !d.failed && d.at == len(d.body) }

func (d *decoder) uint() uint64 {
	// One byte is by far the commonest length.
	if d.at < len(d.body) && d.body[d.at] < 0x80 {
		v := d.body[d.at]
		d.at++
		return uint64(v)
	}
	v, n := binary.Uvarint(d.body[d.at:])
	if n <= 0 {
		d.fail()
		return 0
	}
	d.at += n
	return v
}

func (d *decoder) int() int64 {
	v := d.uint()
	return int64(v>>1) ^ -int64(v&1)
}

func (d *decoder) int32() int32 {
	v := d.int()
	if v != int64(int32(v)) {
		d.fail()
		return 0
	}
	return int32(v)
}

func (d *decoder) byte() uint8 {
	if d.at >= len(d.body) {
		d.fail()
		return 0
	}
	v := d.body[d.at]
	d.at++
	return v
}

func (d *decoder) bool() bool { return d.byte() != 0 }

func (d *decoder) fail() {
	d.failed = true
	d.at = len(d.body)
}

// length reads a count of records that are at least one byte each, so that a
// damaged count cannot ask for more memory than the file is long.
func (d *decoder) length() int {
	n := d.uint()
	if n > uint64(len(d.body)-d.at) {
		d.fail()
		return 0
	}
	return int(n)
}

func (d *decoder) string() string {
	n := d.uint()
	if n > uint64(len(d.texts.ends)) {
		d.fail()
		return ""
	}
	return d.texts.at(n)
}

// optional reads the length of a list that may be nil, which is -1.
func (d *decoder) optional() int {
	n := d.uint()
	if n > uint64(len(d.body)-d.at)+1 {
		d.fail()
		return -1
	}
	return int(n) - 1
}

func (d *decoder) list() []string {
	n := d.optional()
	if n < 0 {
		return nil
	}
	l := take(d, &d.slabs.strings, n)
	for i := range l {
		l[i] = d.string()
	}
	return l
}

func (d *decoder) digest() (v module.Digest) {
	if !d.bool() {
		return v
	}
	if len(d.body)-d.at < len(v) {
		d.fail()
		return v
	}
	d.at += copy(v[:], d.body[d.at:])
	return v
}

func (d *decoder) stamp() Stamp {
	return Stamp{Size: d.int(), MTime: d.int(), CTime: d.int(), Inode: d.uint(), Mode: uint32(d.uint())}
}

// stampSize is what a stamp takes in a column.
const stampSize = 8 + 8 + 8 + 8 + 4

func appendStamp(b []byte, s Stamp) []byte {
	b = binary.LittleEndian.AppendUint64(b, uint64(s.Size))
	b = binary.LittleEndian.AppendUint64(b, uint64(s.MTime))
	b = binary.LittleEndian.AppendUint64(b, uint64(s.CTime))
	b = binary.LittleEndian.AppendUint64(b, s.Inode)
	return binary.LittleEndian.AppendUint32(b, s.Mode)
}

func stampAt(b []byte) Stamp {
	_ = b[stampSize-1]
	return Stamp{
		Size:  int64(binary.LittleEndian.Uint64(b)),
		MTime: int64(binary.LittleEndian.Uint64(b[8:])),
		CTime: int64(binary.LittleEndian.Uint64(b[16:])),
		Inode: binary.LittleEndian.Uint64(b[24:]),
		Mode:  binary.LittleEndian.Uint32(b[32:]),
	}
}

// slabs are the arrays that a section's records are cut from: one allocation a
// type instead of one a record.
type slabs struct {
	imports     []module.Import
	names       []module.ImportedName
	exports     []module.Export
	deps        []module.Dep
	unresolved  []module.Unresolved
	spans       []module.Span
	strings     []string
	diagnostics []module.Diagnostic
}

func (d *decoder) makeSlabs() {
	switch {
	case d.slabs != nil:
		return
	case d.loose:
		d.slabs = &slabs{}
		return
	}
	c := &d.count
	d.slabs = &slabs{
		imports: make([]module.Import, c.imports), names: make([]module.ImportedName, c.names),
		exports: make([]module.Export, c.exports), deps: make([]module.Dep, c.deps),
		unresolved: make([]module.Unresolved, c.unresolved), spans: make([]module.Span, c.spans),
		strings: make([]string, c.strings), diagnostics: make([]module.Diagnostic, c.diagnostics),
	}
}

// take cuts n records off a slab. A slab that is too short means a damaged file.
func take[T any](d *decoder, slab *[]T, n int) []T {
	if n > len(*slab) {
		if d.loose {
			return make([]T, n)
		}
		d.fail()
		return nil
	}
	cut := (*slab)[:n:n]
	*slab = (*slab)[n:]
	return cut
}

// view returns bytes as a string without a copy. The decoder's strings all look
// into the file's buffer, which nobody writes to once it is read.
func view(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	return unsafe.String(&b[0], len(b))
}

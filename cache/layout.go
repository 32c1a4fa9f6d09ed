package cache

import (
	"encoding/binary"
	"hash/crc32"
	"math"
	"unsafe"

	"github.com/eddy-build/eddy/module"
)

// What stands in a file before its body; the package comment has the whole.
const (
	magic         = "eddysnap"
	formatVersion = 7

	checksumAt = len(magic) + 4
	lengthAt   = checksumAt + 4 // what the checksum is of begins here
	keyAt      = lengthAt + 8
	countsAt   = keyAt + len(module.Digest{})
	headerSize = countsAt + 8*4

	folderSize  = 4 + 4 + stampSize
	sectionSize = 4 + 8*4

	perSection = 2048 // modules, or facts

	// someUnresolved is added to the kind of a module that has imports which lead
	// nowhere.
	someUnresolved = 0x80
)

// layout are the counts of the header, from which the place of every column
// follows.
type layout struct {
	strings, text, modules, links, sources, folders, listed, sections int
}

func (l *layout) counts() []*int {
	return []*int{&l.strings, &l.text, &l.modules, &l.links, &l.sources, &l.folders, &l.listed, &l.sections}
}

// columns lists how long each column is, in their order.
func (l *layout) columns() [13]int {
	return [...]int{
		4 * l.strings, 4 * (l.modules + 1), 4 * l.links, 4 * l.links, 4 * l.modules, 4 * l.sources,
		stampSize * l.sources, folderSize * l.folders, 4 * l.listed, sectionSize * l.sections,
		l.links, l.links, l.modules,
	}
}

// bodyAt is where the sections begin.
func (l *layout) bodyAt() int {
	at := headerSize + l.text
	for _, n := range l.columns() {
		at += n
	}
	return at
}

// seal writes the header of a file that is otherwise whole.
func (l *layout) seal(file []byte, key module.Digest) {
	copy(file[keyAt:], key[:])
	for i, n := range l.counts() {
		binary.LittleEndian.PutUint32(file[countsAt+4*i:], uint32(*n))
	}
	seal(file)
}

// seal writes the part of the header that tells a damaged file.
func seal(file []byte) {
	copy(file, magic)
	binary.LittleEndian.PutUint32(file[len(magic):], formatVersion)
	binary.LittleEndian.PutUint64(file[lengthAt:], uint64(len(file)))
	binary.LittleEndian.PutUint32(file[checksumAt:], checksum(file[lengthAt:]))
}

// read reads the header. The reason says why a file is no use.
func (l *layout) read(data []byte, key module.Digest) (reason string) {
	switch {
	case len(data) < headerSize || string(data[:len(magic)]) != magic:
		return "not a snapshot of Eddy"
	case binary.LittleEndian.Uint32(data[len(magic):]) != formatVersion:
		return "written in another format version"
	case binary.LittleEndian.Uint64(data[lengthAt:]) != uint64(len(data)):
		return "cut short"
	case binary.LittleEndian.Uint32(data[checksumAt:]) != checksum(data[lengthAt:]):
		return "checksum differs"
	case module.Digest(data[keyAt:countsAt]) != key:
		return "made by another version of Eddy or with other options"
	}
	total := uint64(0)
	for i, n := range l.counts() {
		c := binary.LittleEndian.Uint32(data[countsAt+4*i:])
		if total += uint64(c); total > math.MaxInt32 || total > uint64(len(data)) {
			return "damaged tables"
		}
		*n = int(c)
	}
	if l.bodyAt() > len(data) {
		return "damaged tables"
	}
	return ""
}

// checksum is the CRC-32 of data, by the polynomial that Go computes fastest: the
// other one with help of the processor, CRC-32C, takes 0.2 ms to get ready.
func checksum(data []byte) uint32 { return crc32.ChecksumIEEE(data) }

// nativeOrder tells that numbers lie in memory as they do in a file.
var nativeOrder = func() bool {
	one := uint32(1)
	return *(*byte)(unsafe.Pointer(&one)) == 1
}()

type number interface{ ~int32 | ~uint32 }

// column returns a column of numbers: a view of the file where the machine reads
// it as it is.
func column[T number](b []byte) []T {
	n := len(b) / 4
	if n == 0 {
		return nil
	}
	if nativeOrder && uintptr(unsafe.Pointer(&b[0]))%4 == 0 {
		return unsafe.Slice((*T)(unsafe.Pointer(&b[0])), n)
	}
	list := make([]T, n)
	for i := range list {
		list[i] = T(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return list
}

// bytesOf is a column of numbers of a byte each.
func bytesOf[T ~uint8](b []byte) []T {
	if len(b) == 0 {
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(&b[0])), len(b))
}

func appendColumn[T number](b []byte, list []T) []byte {
	for _, v := range list {
		b = binary.LittleEndian.AppendUint32(b, uint32(v))
	}
	return b
}

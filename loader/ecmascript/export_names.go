package ecmascript

import (
	"bytes"
	"hash/maphash"
)

// nameTable numbers names in the order in which they are added. It keeps its
// memory from script to script, and its hash is seeded: no source can be written
// so that its names collide.
type nameTable struct {
	seed  maphash.Seed
	keys  []byte
	ends  []int32 // of the names in keys, by number
	slots []int32 // one more than a number; a power of two of them
}

// reset empties the table and makes room for n names.
func (t *nameTable) reset(n int) {
	if t.seed == (maphash.Seed{}) {
		t.seed = maphash.MakeSeed()
	}
	size := 16
	for size < 2*n {
		size *= 2
	}
	t.keys, t.ends = t.keys[:0], t.ends[:0]
	if cap(t.slots) < size {
		t.slots = make([]int32, size)
		return
	}
	t.slots = t.slots[:size]
	clear(t.slots)
}

func (t *nameTable) key(n int32) []byte {
	begin := int32(0)
	if n > 0 {
		begin = t.ends[n-1]
	}
	return t.keys[begin:t.ends[n]]
}

// slot returns where a name is, or would be.
func (t *nameTable) slot(name []byte) *int32 {
	mask := uint64(len(t.slots) - 1)
	for at := maphash.Bytes(t.seed, name) & mask; ; at = (at + 1) & mask {
		s := &t.slots[at]
		if *s == 0 || bytes.Equal(t.key(*s-1), name) {
			return s
		}
	}
}

// find returns the number of a name, or -1.
func (t *nameTable) find(name []byte) int32 { return *t.slot(name) - 1 }

// add returns the number of a name, and whether it is new.
func (t *nameTable) add(name []byte) (int32, bool) {
	s := t.slot(name)
	if *s != 0 {
		return *s - 1, false
	}
	n := int32(len(t.ends))
	t.keys = append(t.keys, name...)
	t.ends = append(t.ends, int32(len(t.keys)))
	*s = n + 1
	if 2*len(t.ends) > len(t.slots) {
		t.grow()
	}
	return n, true
}

func (t *nameTable) grow() {
	t.slots = make([]int32, 2*len(t.slots))
	for n := range t.ends {
		*t.slot(t.key(int32(n))) = int32(n) + 1
	}
}

package graph

import (
	"hash/maphash"

	"github.com/eddy-build/eddy/module"
)

// index finds the number of an ID in a list that is kept elsewhere. It is a
// hash table with open addressing and 11 to 22 bytes an ID; a map from ID to
// number takes 55 at a million of them. The zero index is empty.
type index struct {
	seed  maphash.Seed
	slots []uint64 // upper half: the hash; lower half: the number + 1, or 0 where the slot is free
}

// newIndex returns the index of a list of distinct IDs.
func newIndex(ids []module.ID) index {
	x := index{seed: maphash.MakeSeed()}
	size := 16
	for 3*size < 4*len(ids) {
		size *= 2
	}
	x.slots = make([]uint64, size)
	for n, id := range ids {
		hash := x.hash(id)
		x.put(hash, uint64(hash)<<32|uint64(n+1))
	}
	return x
}

func (x *index) hash(id module.ID) uint32 { return uint32(maphash.String(x.seed, string(id))) }

// find returns the number of an ID, or -1.
func (x *index) find(ids []module.ID, id module.ID, hash uint32) NodeID {
	mask := uint32(len(x.slots) - 1)
	for i := hash & mask; x.slots[i] != 0; i = (i + 1) & mask {
		if uint32(x.slots[i]>>32) == hash {
			if n := NodeID(uint32(x.slots[i]) - 1); ids[n] == id {
				return n
			}
		}
	}
	return -1
}

// insert adds an ID that is not in the index, as number n; numbers are given
// densely from 0.
func (x *index) insert(n int, hash uint32) {
	if 4*(n+1) > 3*len(x.slots) {
		old := x.slots
		x.slots = make([]uint64, 2*len(old))
		for _, slot := range old {
			if slot != 0 {
				x.put(uint32(slot>>32), slot)
			}
		}
	}
	x.put(hash, uint64(hash)<<32|uint64(n+1))
}

func (x *index) put(hash uint32, slot uint64) {
	mask := uint32(len(x.slots) - 1)
	i := hash & mask
	for x.slots[i] != 0 {
		i = (i + 1) & mask
	}
	x.slots[i] = slot
}

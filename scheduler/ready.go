package scheduler

import "math/bits"

// readySet is a set of ranks of which the lowest is taken first. It is a bitmap
// with a summary above it, and one above that, until one word is left: a bit
// of a summary says that a word below it is not zero. Adding and taking touch one
// word a level, of which a set of a million ranks has four.
type readySet struct {
	levels [][]uint64 // the bitmap first
	len    int
}

func newReadySet(capacity int) readySet {
	var set readySet
	for words := capacity; words > 1 || set.levels == nil; {
		words = (words + 63) / 64
		set.levels = append(set.levels, make([]uint64, words))
	}
	return set
}

// add adds a rank that is not in the set.
func (s *readySet) add(rank int32) {
	s.len++
	i := uint32(rank)
	for _, words := range s.levels {
		word := &words[i/64]
		filled := *word != 0
		*word |= 1 << (i % 64)
		if filled {
			return
		}
		i /= 64
	}
}

// takeLowest removes and returns the lowest rank of a set that is not empty.
func (s *readySet) takeLowest() int32 {
	s.len--
	i := uint32(0)
	for level := len(s.levels) - 1; level >= 0; level-- {
		i = i*64 + uint32(bits.TrailingZeros64(s.levels[level][i]))
	}
	lowest := int32(i)
	for _, words := range s.levels {
		word := &words[i/64]
		*word &^= 1 << (i % 64)
		if *word != 0 {
			break
		}
		i /= 64
	}
	return lowest
}

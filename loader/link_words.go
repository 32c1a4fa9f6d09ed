package loader

import "math/bits"

// vocabulary says what the words of a module's signatures mean that are more than
// words: names of its imports and of its private declarations. Most words of a
// signature are neither, which a small filter tells without a look at the map.
type vocabulary struct {
	// pairs tells by the first two bytes of a word whether there is one to take;
	// left counts those.
	pairs  [1 << 16 / 64]uint64
	left   map[uint16]int32
	filter [filterBits / 64]uint64
	first  map[string]int32 // the first meaning of a word
	list   []entry
	taken  []meaning
	last   [lastWords]string // that were taken, each where its bits say
}

// meaning is one of the things that a word stands for.
type meaning struct {
	bound          // a name of an import, unless it is one of the others
	private  int32 // one more than the number of a private export
	nameless bool  // all imports that bind no name
}

// entry is a meaning, and where the next of the same word is.
type entry struct {
	meaning
	next int32 // -1 for none
	done bool  // of the first: the word has been taken
}

const (
	filterBits = 4096
	lastWords  = 256
)

// maxKeptWords bounds what is kept for the next module: to empty a map takes as
// long as it was ever large.
const maxKeptWords = 1 << 10

func (v *vocabulary) clear() {
	if v.first == nil || len(v.first) > maxKeptWords {
		v.first, v.left = make(map[string]int32), make(map[uint16]int32)
	}
	clear(v.first)
	clear(v.left)
	v.pairs, v.filter, v.list = [1 << 16 / 64]uint64{}, [filterBits / 64]uint64{}, v.list[:0]
	v.last = [lastWords]string{}
}

// bit is where the filter has a word, which is not empty.
func bit(word string) uint {
	n := len(word)
	return (uint(word[0])*151 + uint(word[n-1])*67 + uint(word[n/2])*29 + uint(n)*13) % filterBits
}

// add gives a word one more meaning.
func (v *vocabulary) add(word string, m meaning) {
	if word == "" {
		return
	}
	b := bit(word)
	v.filter[b/64] |= 1 << (b % 64)
	next, ok := v.first[word]
	if !ok {
		next = -1
		v.await(word)
	}
	v.first[word] = int32(len(v.list))
	v.list = append(v.list, entry{meaning: m, next: next})
}

// await makes search stop at a word.
func (v *vocabulary) await(word string) {
	pair := pairOf(word, 0)
	if len(word) > 1 {
		v.left[pair]++
		v.pairs[pair/64] |= 1 << (pair % 64)
		return
	}
	for next := range uint64(0x80) { // what may stand behind it
		if wordBytes(next) == 0 {
			pair := pair | uint16(next)<<8
			v.pairs[pair/64] |= 1 << (pair % 64)
		}
	}
}

// pairOf returns the bytes of a text at i and behind it, with zero for none.
func pairOf(text string, i int) uint16 {
	pair := uint16(text[i])
	if i+1 < len(text) {
		pair |= uint16(text[i+1]) << 8
	}
	return pair
}

// may reports whether a word may have a meaning that was not taken. False is
// certain.
func (v *vocabulary) may(word string) bool {
	b := bit(word)
	return v.filter[b/64]>>(b%64)&1 != 0 && v.last[b%lastWords] != word
}

// binds reports whether a word is the name of an import.
func (v *vocabulary) binds(word string) bool {
	n, ok := v.first[word]
	for ; ok && n >= 0; n = v.list[n].next {
		if v.list[n].private == 0 && !v.list[n].nameless {
			return true
		}
	}
	return false
}

// take returns the meanings of a word, the first time that it is asked. They are
// valid until the next call.
func (v *vocabulary) take(word string) []meaning {
	if word != "" {
		v.last[bit(word)%lastWords] = word
	}
	n, ok := v.first[word]
	if !ok || v.list[n].done {
		return nil
	}
	v.list[n].done = true
	if pair := pairOf(word, 0); len(word) > 1 {
		if v.left[pair]--; v.left[pair] == 0 {
			v.pairs[pair/64] &^= 1 << (pair % 64)
		}
	}
	v.taken = v.taken[:0]
	for ; n >= 0; n = v.list[n].next {
		v.taken = append(v.taken, v.list[n].meaning)
	}
	return v.taken
}

// search calls visit with the words of a text that may have a meaning that was not
// taken, and with others that look like one. Most words it tells by their first two
// bytes, and does not look for their ends.
func (v *vocabulary) search(text string, visit func(word string)) {
	var before uint64
	for at := 0; at < len(text); at += 64 {
		mask := wordMask(text[at:])
		starts := mask &^ (mask<<1 | before)
		before = mask >> 63
		for ; starts != 0; starts &= starts - 1 {
			k := bits.TrailingZeros64(starts)
			i := at + k
			pair := pairOf(text, i)
			if v.pairs[pair/64]>>(pair%64)&1 == 0 {
				continue
			}
			size := bits.TrailingZeros64(^(mask >> k))
			if k+size >= 64 {
				size = 64 - k
				for i+size < len(text) && wordBytes(uint64(text[i+size])) != 0 {
					size++
				}
			}
			if word := text[i : i+size]; v.may(word) {
				visit(word)
			}
		}
	}
}

// wordMask returns a bit for each of the first 64 bytes of a text: whether it is
// one of a word. Words are runs of letters, digits, _, $ and all that is not ASCII.
func wordMask(text string) (mask uint64) {
	if len(text) >= 64 {
		text = text[:64]
		for k := 0; k < 64; k += 8 {
			mask |= wordBytes(load8(text[k:])) << k
		}
		return mask
	}
	for k := 0; k < len(text); k += 8 {
		mask |= wordBytes(load8(text[k:])) << k
	}
	return mask
}

// load8 returns the first eight bytes of a text as a little-endian number, zeroes
// behind a shorter one.
func load8(s string) (w uint64) {
	if len(s) >= 8 {
		return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
	}
	for i := range len(s) {
		w |= uint64(s[i]) << (8 * i)
	}
	return w
}

// wordBytes returns a bit for each of eight bytes: whether it is one of a word.
func wordBytes(w uint64) uint64 {
	const every, tops = 0x0101010101010101, 0x8080808080808080
	low := w &^ tops
	// The top bit of a sum says that a byte is not less than a bound.
	letter := low | ' '*every
	in := (letter + (0x80-'a')*every) &^ (letter + (0x80-'z'-1)*every)
	in |= (low + (0x80-'0')*every) &^ (low + (0x80-'9'-1)*every)
	in |= ^((low ^ '_'*every) + 0x7f*every)
	in |= ^((low ^ '$'*every) + 0x7f*every)
	in = (in | w) & tops
	return in >> 7 * 0x0102040810204080 >> 56
}

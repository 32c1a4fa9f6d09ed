package ecmascript

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"slices"
	"sort"
)

// markAt returns the index of the first mark that ends behind i. Most calls ask
// for the next ones: it looks there first.
func (r *exportReader) markAt(i int) int {
	marks := r.s.trace.marks
	n := r.nextMark
	if n > 0 && int(marks[n-1].end) > i {
		n = sort.Search(n, func(k int) bool { return int(marks[k].end) > i })
	} else {
		for step := 0; n < len(marks) && int(marks[n].end) <= i; n++ {
			if step++; step > 8 {
				n += sort.Search(len(marks)-n, func(k int) bool { return int(marks[n+k].end) > i })
				break
			}
		}
	}
	r.nextMark = n
	return n
}

// bodyAt returns the index of the first body that opens at i or behind it.
func (r *exportReader) bodyAt(i int) int {
	bodies := r.s.trace.bodies
	n := r.nextBody
	if n > 0 && int(bodies[n-1].open) >= i {
		n = sort.Search(n, func(k int) bool { return int(bodies[k].open) >= i })
	} else {
		for step := 0; n < len(bodies) && int(bodies[n].open) < i; n++ {
			if step++; step > 8 {
				n += sort.Search(len(bodies)-n, func(k int) bool { return int(bodies[n+k].open) >= i })
				break
			}
		}
	}
	r.nextBody = n
	return n
}

// fold appends the text of src[from:to] with white space and comments folded to
// single spaces, without the bodies of functions that say what they return.
// Literals are copied as they are.
func (r *exportReader) fold(from, to int) {
	src, marks, bodies := r.s.src, r.s.trace.marks, r.s.trace.bodies
	m, b := r.markAt(from), r.bodyAt(from)
	text := r.text
	begin, space, line := len(text), false, false
	for i := from; i < to; {
		stop := to
		for m < len(marks) && int(marks[m].end) <= i {
			m++
		}
		marked := m < len(marks) && int(marks[m].start) < stop
		if marked {
			stop = max(int(marks[m].start), i)
		}
		for b < len(bodies) && (int(bodies[b].open) < i || !bodies[b].typed) {
			b++
		}
		dropped := b < len(bodies) && int(bodies[b].open) < stop
		if dropped {
			stop = int(bodies[b].open)
		}
		if i < stop {
			text, i = r.foldPlain(text, begin, i, stop, &space, &line)
		}
		switch {
		case dropped:
			i = int(bodies[b].end)
		case marked && marks[m].comment:
			i = int(marks[m].end)
			comment := src[marks[m].start:marks[m].end]
			if r.s.lang.docs && typedComment(comment) {
				for word := range bytes.FieldsSeq(comment) {
					text = separate(text, begin, line)
					line = false
					text = append(text, word...)
				}
			}
			space = true
			line = line || bytes.IndexByte(comment, '\n') >= 0
		case marked:
			i = min(int(marks[m].end), to)
			if space {
				text = separate(text, begin, line)
				space, line = false, false
			}
			text = append(text, src[max(int(marks[m].start), from):i]...)
		}
	}
	r.text = text
}

// separate appends the space that stands for white space. A line that ends behind
// return ends the statement.
func separate(text []byte, begin int, line bool) []byte {
	if len(text) == begin {
		return text
	}
	if line && (bytes.HasSuffix(text[begin:], []byte("return")) || bytes.HasSuffix(text[begin:], []byte("yield"))) {
		text = append(text, ';')
	}
	return append(text, ' ')
}

// Bytes of a word of eight, each with one value.
const (
	everyOne   = 0x0101010101010101
	everyTop   = 0x80 * everyOne
	everySpace = ' ' * everyOne
	everyLine  = ('\r' + 1) * everyOne
)

// foldPlain appends src[i:stop], which has neither comments nor literals in it.
// It looks at eight bytes at a time, and writes them before it knows how many of
// them count: single spaces between other bytes are copied along.
func (r *exportReader) foldPlain(text []byte, begin, i, stop int, space, line *bool) ([]byte, int) {
	src := r.s.src
	for {
		// White space.
		from := i
		for i < stop {
			c := src[i]
			if class[c]&clSpace == 0 {
				break
			}
			if c == ' ' {
				if other := binary.LittleEndian.Uint64(src[i:]) ^ everySpace; other == 0 {
					i += 8
				} else {
					i += bits.TrailingZeros64(other) / 8
				}
				continue
			}
			*line = *line || c == '\n' || c == '\r'
			i++
		}
		*space = *space || i > from
		if i >= stop {
			return text, stop
		}
		if *space {
			text = separate(text, begin, *line)
			*space, *line = false, false
		}
		// All up to the next white space that is more than one space.
		text = slices.Grow(text, stop-i+8)
		to := text[len(text):cap(text)]
		k, from := 0, i
		for i+8 <= stop {
			w := binary.LittleEndian.Uint64(src[i:])
			binary.LittleEndian.PutUint64(to[k:], w)
			control := (w - everyLine) &^ w & everyTop
			blank := w ^ everySpace
			blank = (blank - everyOne) &^ blank & everyTop
			// Of each the lowest bit is certain, those above it are suspicions.
			suspects := control | blank&((control|blank)>>8)
			if suspects == 0 {
				n := 8 - int(blank>>63) // what is behind a blank at the end is not seen yet
				i, k = i+n, k+n
				continue
			}
			n := bits.TrailingZeros64(suspects) / 8
			i, k = i+n, k+n
			if i > from && folds(src, i, stop) {
				break
			}
			to[k] = src[i]
			i, k = i+1, k+1
		}
		if i+8 > stop {
			for ; i < stop && !folds(src, i, stop); i++ {
				to[k] = src[i]
				k++
			}
		}
		text = text[:len(text)+k]
	}
}

// folds reports whether white space that a single space is not the same as is at
// i.
func folds(src []byte, i, stop int) bool {
	c := src[i]
	return class[c]&clSpace != 0 && (c != ' ' || i+1 >= stop || class[src[i+1]]&clSpace != 0)
}

package ecmascript

import (
	"bytes"

	"github.com/eddy-build/eddy/module"
)

// position finds lines and columns for offsets that only grow: lines are
// counted between what was found, not while scanning.
type position struct {
	src  []byte
	at   int
	line int32
	bol  int // offset of the current line
	ends *lineEnds
}

// lineEnds says whether lines of a source end at more than \n, which is looked at
// when it is first asked.
type lineEnds struct{ checked, mixed bool }

func (e *lineEnds) of(src []byte) bool {
	if !e.checked {
		e.checked, e.mixed = true, bytes.IndexByte(src, '\r') >= 0 || separates(src)
	}
	return e.mixed
}

// place fills in the line and column of a span from its offset.
func (p *position) place(s *module.Span) {
	p.advance(int(s.Offset))
	s.Line, s.Column = p.line, s.Offset-int32(p.bol)+1
}

func (p *position) advance(to int) {
	part := p.src[p.at:to]
	if p.ends.of(p.src) {
		p.walk(to)
	} else if n := bytes.Count(part, []byte{'\n'}); n > 0 {
		p.line += int32(n)
		p.bol = p.at + bytes.LastIndexByte(part, '\n') + 1
	}
	p.at = to
}

// separates reports whether U+2028 or U+2029 is in a source. Other runes begin with
// the same byte, such as dashes and quotes.
func separates(src []byte) bool {
	for i := 0; ; i++ {
		n := bytes.IndexByte(src[i:], 0xe2)
		if n < 0 {
			return false
		}
		if i += n; i+2 < len(src) && isSeparator(src, i) {
			return true
		}
	}
}

// walk counts the terminators of ECMAScript beside \n: \r, \r\n, U+2028, U+2029.
func (p *position) walk(to int) {
	for i := p.at; i < to; i++ {
		switch c := p.src[i]; {
		case c == '\n', c == '\r' && (i+1 >= len(p.src) || p.src[i+1] != '\n'):
			p.line++
			p.bol = i + 1
		case c == 0xe2 && i+2 < to && isSeparator(p.src, i):
			p.line++
			p.bol = i + 3
		}
	}
}

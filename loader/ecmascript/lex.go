package ecmascript

import (
	"bytes"
	"encoding/binary"
	"unicode"
	"unicode/utf8"
)

// padding is the number of zero bytes behind the source: a scan for the end of
// a token stops there without a look at the length, and a word of eight bytes
// can be read at any offset of the source.
const padding = 16

// The classes of a byte.
const (
	clIdent byte = 1 << iota // may be part of an identifier
	clStart                  // may begin one
	clSpace                  // white space or a line terminator
	clDigit
	clString   // may end a string literal, or needs a look within one
	clTemplate // the same in a template literal
)

// class holds the classes of each byte. Bytes above 0x7f are in none: what they
// are depends on the rune.
var class = func() (t [256]byte) {
	for c := range t {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '$', c == '_':
			t[c] = clIdent | clStart
		case c >= '0' && c <= '9':
			t[c] = clIdent | clDigit
		case c == ' ', c >= '\t' && c <= '\r':
			t[c] = clSpace
		}
	}
	for _, c := range []byte("\"'\\\r\n\x00") {
		t[c] |= clString
	}
	for _, c := range []byte("`\\$\x00") {
		t[c] |= clTemplate
	}
	return
}()

// trivia returns the offset of the first byte at or after i that is neither
// white space nor comment.
func (s *scanner) trivia(i int) int {
	if s.doc {
		return s.docSpace(i)
	}
	from := i
	i = s.skipTrivia(i)
	s.work += i - from
	return i
}

func (s *scanner) skipTrivia(i int) int {
	src := s.src
	for {
		c := src[i]
		switch {
		case class[c]&clSpace != 0:
			i++
		case c == '/' && src[i+1] == '/':
			i = s.lineComment(i)
		case c == '/' && src[i+1] == '*':
			i = s.blockComment(i)
		case c >= 0x80:
			size := s.spaceRune(i)
			if size == 0 {
				return i
			}
			i += size
		default:
			return i
		}
	}
}

// lineComment returns the end of the comment that begins at i: the offset of
// its line terminator, or the end of the source.
func (s *scanner) lineComment(i int) int {
	end := s.lineEnd(i)
	if s.trace.on {
		s.trace.note(i, end, true)
	}
	return end
}

func (s *scanner) lineEnd(i int) int {
	rest := s.src[i:s.end]
	n := bytes.IndexByte(rest, '\n')
	if n < 0 {
		n = len(rest)
	}
	rest = rest[:n]
	if k := bytes.IndexByte(rest, '\r'); k >= 0 {
		rest = rest[:k]
	}
	// U+2028 and U+2029 end a line too.
	for k := 0; ; k++ {
		j := bytes.IndexByte(rest[k:], 0xe2)
		if j < 0 {
			return i + len(rest)
		}
		k += j
		if isSeparator(s.src, i+k) {
			return i + k
		}
	}
}

// isSeparator reports whether U+2028 or U+2029 stands at i, where src[i] is
// known to be its first byte.
func isSeparator(src []byte, i int) bool {
	return src[i+1] == 0x80 && src[i+2]|1 == 0xa9
}

// blockComment returns the end of the comment that begins at i.
func (s *scanner) blockComment(i int) int {
	j := i + 2
	for {
		// A slash is rarer in comments than a star: look for it.
		k := bytes.IndexByte(s.src[j:s.end], '/')
		if k < 0 {
			s.problem(i, "unterminated comment: add */")
			return s.end
		}
		j += k + 1
		if s.src[j-2] == '*' && j-2 > i+1 {
			break
		}
	}
	if s.trace.on {
		s.trace.note(i, j, true)
	}
	return j
}

// spaceRune returns the size of the white space rune above 0x7f at i, or 0.
func (s *scanner) spaceRune(i int) int {
	r, size := utf8.DecodeRune(s.src[i:])
	if r == 0x85 || r == 0xfeff || r == 0x200b || r == 0x2028 || r == 0x2029 || unicode.Is(unicode.Zs, r) {
		return size
	}
	return 0
}

// newline reports whether a line ends in src[from:to], which is white space and
// comments.
func (s *scanner) newline(from, to int) bool {
	for i := from; i < to; i++ {
		s.work++
		switch s.src[i] {
		case '\n', '\r':
			return true
		case 0xe2:
			if isSeparator(s.src, i) {
				return true
			}
		}
	}
	return false
}

// identifier returns the end of the identifier that has begun before i.
func (s *scanner) identifier(i int) int {
	src := s.src
	for {
		for class[src[i]]&clIdent != 0 {
			i++
		}
		switch c := src[i]; {
		case c >= 0x80:
			r, size := utf8.DecodeRune(src[i:])
			if !identifierRune(r) {
				return i
			}
			i += size
		case c == '\\' && src[i+1] == 'u':
			i += 2
			if src[i] == '{' {
				for i++; class[src[i]]&clIdent != 0; i++ {
				}
				if src[i] == '}' {
					i++
				}
			}
		default:
			return i
		}
	}
}

// identifierRune reports whether a rune above 0x7f may be part of an identifier.
// It is generous: a rune that is no white space can be nothing else.
func identifierRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Mc, r) ||
		unicode.Is(unicode.Nl, r) || unicode.Is(unicode.Pc, r) || r == 0x200c || r == 0x200d ||
		unicode.Is(unicode.Other_ID_Start, r) || unicode.Is(unicode.Other_ID_Continue, r)
}

// startsWord reports whether an identifier begins at i.
func (s *scanner) startsWord(i int) bool {
	c := s.src[i]
	if c < 0x80 {
		return class[c]&clStart != 0 || c == '\\' && s.src[i+1] == 'u'
	}
	r, _ := utf8.DecodeRune(s.src[i:])
	return identifierRune(r)
}

// wordAt reports whether the identifier at i is exactly w.
func (s *scanner) wordAt(i int, w string) bool {
	if i+len(w) > s.end || string(s.src[i:i+len(w)]) != w {
		return false
	}
	c := s.src[i+len(w)]
	return class[c]&clIdent == 0 && c != '\\' && (c < 0x80 || s.identifier(i+len(w)) == i+len(w))
}

// stringEnd returns the end of the string literal that begins at i, after its
// closing quote.
func (s *scanner) stringEnd(i int) int {
	src, quote := s.src, s.src[i]
	for j := i + 1; ; j++ {
		for class[src[j]]&clString == 0 {
			j++
		}
		switch src[j] {
		case quote:
			if s.trace.on {
				s.trace.note(i, j+1, false)
			}
			return j + 1
		case '\\':
			j++
			if src[j] == '\r' && src[j+1] == '\n' {
				j++
			}
			if j >= s.end {
				s.problem(i, "unterminated string: add "+string(rune(quote)))
				return s.end
			}
		case '\n', '\r':
			s.problem(i, "unterminated string: add "+string(rune(quote)))
			return j
		case 0:
			if j >= s.end {
				s.problem(i, "unterminated string: add "+string(rune(quote)))
				return s.end
			}
		}
	}
}

// templateEnd returns the end of the part of a template literal that begins at
// i: after the closing backtick, or after the "${" of a substitution.
func (s *scanner) templateEnd(i int) (end int, substitution bool) {
	src := s.src
	for j := i; ; j++ {
		for class[src[j]]&clTemplate == 0 {
			j++
		}
		switch src[j] {
		case '`':
			if s.trace.on {
				s.trace.note(i-1, j+1, false)
			}
			return j + 1, false
		case '\\':
			j++
		case '$':
			if src[j+1] == '{' {
				if s.trace.on {
					s.trace.note(i-1, j+2, false)
				}
				return j + 2, true
			}
		case 0:
			if j >= s.end {
				s.problem(i-1, "unterminated template literal: add `")
				return s.end, false
			}
		}
		if j >= s.end {
			s.problem(i-1, "unterminated template literal: add `")
			return s.end, false
		}
	}
}

// regexEnd returns the end of the regular expression that begins at i, after
// its flags.
func (s *scanner) regexEnd(i int) int {
	src := s.src
	inClass := false
	for j := i + 1; ; j++ {
		switch src[j] {
		case '/':
			if !inClass {
				if s.trace.on {
					s.trace.note(i, j+1, false)
				}
				return s.identifier(j + 1)
			}
		case '[':
			inClass = true
		case ']':
			inClass = false
		case '\\':
			if c := src[j+1]; c != '\n' && c != '\r' {
				j++
			}
		case '\n', '\r':
			s.problem(i, "unterminated regular expression: add /")
			return j
		case 0xe2:
			if isSeparator(src, j) {
				s.problem(i, "unterminated regular expression: add /")
				return j
			}
		case 0:
			if j >= s.end {
				s.problem(i, "unterminated regular expression: add /")
				return s.end
			}
		}
		if j >= s.end {
			s.problem(i, "unterminated regular expression: add /")
			return s.end
		}
	}
}

// numberEnd returns the end of the numeric literal that begins at i, with a
// digit or with a point and a digit.
func (s *scanner) numberEnd(i int) int {
	src := s.src
	if src[i] == '0' && src[i+1]|0x20 >= 'b' && src[i+1]|0x20 <= 'x' && src[i+1]|0x20 != 'e' {
		return s.identifier(i + 2)
	}
	digits := func() {
		for class[src[i]]&clDigit != 0 || src[i] == '_' {
			i++
		}
	}
	digits()
	if src[i] == '.' {
		i++
		digits()
	}
	if src[i]|0x20 == 'e' {
		i++
		if src[i] == '+' || src[i] == '-' {
			i++
		}
		digits()
	}
	return s.identifier(i)
}

// word8 reads eight bytes of the source as a little-endian number.
func (s *scanner) word8(i int) uint64 { return binary.LittleEndian.Uint64(s.src[i:]) }

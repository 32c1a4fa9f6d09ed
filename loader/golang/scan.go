package golang

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// token is a kind of token. The head of a file needs no more kinds than these.
type token uint8

const (
	tokenEOF token = iota
	tokenName
	tokenString
	tokenPeriod
	tokenLeft
	tokenRight
	tokenSemicolon // written, or put in at the end of a line
	tokenBroken    // a string or a comment without an end
	tokenOther
)

// scanner turns the head of a Go file into tokens, with semicolons put in where
// the language does. It reads each byte once or twice and allocates nothing.
type scanner struct {
	src       []byte
	pos       int // of the next byte
	line      int // of pos, from 1
	lineStart int // offset of the first byte of that line

	token  token
	start  int // of the token
	end    int
	tokRow int // line of the token
	tokCol int // column of the token, from 1, in bytes

	semicolon  bool // a line that ends here ends a statement
	touchedEnd bool // the token might be another one if the source went on
	constraint bool // a comment looked like a build constraint
}

var byteOrderMark = []byte("\xef\xbb\xbf")

func (s *scanner) init(src []byte) {
	*s = scanner{src: src, line: 1}
	if bytes.HasPrefix(src, byteOrderMark) {
		s.pos = len(byteOrderMark)
	}
}

// next reads a token into s.
func (s *scanner) next() {
	if s.space() {
		s.semicolon = false
		s.token = tokenSemicolon
		return
	}
	s.mark()
	if s.pos >= len(s.src) {
		s.touchedEnd = true
		s.token = tokenEOF
		return
	}
	c := s.src[s.pos]
	switch {
	case isLetter(c) || c >= utf8.RuneSelf:
		s.name()
	case c == '"':
		s.quoted()
	case c == '`':
		s.raw()
	default:
		s.pos++
		s.semicolon = false
		switch c {
		case '.':
			s.token = tokenPeriod
		case '(':
			s.token = tokenLeft
		case ')':
			s.token, s.semicolon = tokenRight, true
		case ';':
			s.token = tokenSemicolon
		case '/':
			// space stops at a comment only where it has no end.
			s.token = tokenOther
			if s.pos < len(s.src) && s.src[s.pos] == '*' {
				s.token, s.pos = tokenBroken, len(s.src)
			}
			s.touchedEnd = s.touchedEnd || s.pos >= len(s.src)
		default:
			s.token = tokenOther
		}
	}
	s.end = s.pos
}

// mark begins a token at s.pos.
func (s *scanner) mark() {
	s.start, s.end = s.pos, s.pos
	s.tokRow, s.tokCol = s.line, s.pos-s.lineStart+1
}

// space passes over white space and comments. It reports whether a semicolon
// belongs there, and then marks it.
func (s *scanner) space() bool {
	for s.pos < len(s.src) {
		switch s.src[s.pos] {
		case ' ', '\t', '\r':
			s.pos++
		case '\n':
			if s.semicolon {
				s.mark()
				s.newline()
				return true
			}
			s.newline()
		case '/':
			rest := s.src[s.pos:]
			if len(rest) < 2 {
				return false
			}
			switch rest[1] {
			case '/':
				s.lineComment(rest)
			case '*':
				n := bytes.Index(rest[2:], []byte("*/"))
				if n < 0 {
					return false
				}
				line := s.line
				s.mark()
				s.passLines(s.pos + n + 4)
				if s.semicolon && s.line > line {
					return true
				}
			default:
				return false
			}
		default:
			return false
		}
	}
	s.mark()
	s.touchedEnd = true
	return s.semicolon
}

// newline passes over the newline at s.pos.
func (s *scanner) newline() {
	s.pos++
	s.line++
	s.lineStart = s.pos
}

// passLines goes to end, counting the lines between.
func (s *scanner) passLines(end int) {
	text := s.src[s.pos:end]
	if n := bytes.Count(text, []byte("\n")); n > 0 {
		s.line += n
		s.lineStart = s.pos + bytes.LastIndexByte(text, '\n') + 1
	}
	s.pos = end
}

// lineComment passes over a comment that begins rest, up to the newline.
func (s *scanner) lineComment(rest []byte) {
	n := bytes.IndexByte(rest, '\n')
	if n < 0 {
		n = len(rest)
		s.touchedEnd = true
	}
	s.pos += n
	if s.constraint {
		return
	}
	// "//go:build" or, with any space, "// +build".
	for i, c := range rest[2:n] {
		if c == ' ' || c == '\t' {
			continue
		}
		s.constraint = c == '+' || c == 'g' && i == 0
		return
	}
}

func isLetter(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
}

// name reads an identifier or a keyword.
func (s *scanner) name() {
	s.token, s.semicolon = tokenName, true
	s.letters()
	// Of the keywords these two alone stand in the head of a file, and a
	// statement goes on after them.
	if text := s.src[s.start:s.pos]; string(text) == "import" || string(text) == "package" {
		s.semicolon = false
	}
}

// letters passes over the letters and digits of a name.
func (s *scanner) letters() {
	for s.pos < len(s.src) {
		c := s.src[s.pos]
		if isLetter(c) || '0' <= c && c <= '9' && s.pos > s.start {
			s.pos++
			continue
		}
		if c < utf8.RuneSelf {
			return
		}
		rest := s.src[s.pos:]
		if !utf8.FullRune(rest) {
			s.touchedEnd = true
		}
		r, size := utf8.DecodeRune(rest)
		if !unicode.IsLetter(r) && (s.pos == s.start || !unicode.IsDigit(r)) {
			if s.pos == s.start {
				s.pos += size
				s.token, s.semicolon = tokenOther, false
			}
			return
		}
		s.pos += size
	}
	s.touchedEnd = true
}

// quoted reads a string in double quotes; it ends with its line at the latest.
func (s *scanner) quoted() {
	s.token, s.semicolon = tokenString, true
	for i := s.pos + 1; i < len(s.src); i++ {
		switch s.src[i] {
		case '"':
			s.pos = i + 1
			return
		case '\n':
			s.pos = i
			s.token = tokenBroken
			return
		case '\\':
			if i+1 < len(s.src) && s.src[i+1] != '\n' {
				i++
			}
		}
	}
	s.pos = len(s.src)
	s.token, s.touchedEnd = tokenBroken, true
}

// raw reads a string in back quotes, over any number of lines.
func (s *scanner) raw() {
	s.token, s.semicolon = tokenString, true
	n := bytes.IndexByte(s.src[s.pos+1:], '`')
	if n < 0 {
		s.passLines(len(s.src))
		s.token, s.touchedEnd = tokenBroken, true
		return
	}
	s.passLines(s.pos + n + 2)
}

// skipLine goes to the end of the line, to recover from an error. The newline
// ends a statement.
func (s *scanner) skipLine() {
	n := bytes.IndexByte(s.src[s.pos:], '\n')
	if n < 0 {
		n = len(s.src) - s.pos
	}
	s.pos += n
	s.semicolon = true
	s.next()
}

// text returns the bytes of the token.
func (s *scanner) text() []byte { return s.src[s.start:s.end] }

package golang

import (
	"bytes"
	"unicode/utf8"
)

// lexer turns what follows the imports of a file into tokens, with semicolons
// put in where the language does. It knows just what tells declarations apart:
// an operator is its single bytes. Comments are passed over; the one that ends
// right above a token is remembered as its documentation. Bodies are not turned
// into tokens at all, see skipBlock.
type lexer struct {
	src       []byte
	pos       int
	line      int
	lineStart int

	kind   kind
	start  int // of the token
	end    int
	row    int  // line of the token
	column int  // from 1, in bytes
	gap    bool // white space or a comment stands before it

	semicolon bool // a line that ends here ends a statement
	last      int  // line of the last token that was written
	docStart  int  // of the comment that ends on the line above the token; -1 for none
	docEnd    int
}

// kind is the kind of a token: one of these, or the byte of an operator.
type kind byte

const (
	kindEOF       kind = 0
	kindName      kind = 'n'
	kindLiteral   kind = 'l'
	kindSemicolon kind = ';'
)

// next reads a token.
func (l *lexer) next() {
	l.gap = false
	l.docStart = -1
	commentLine := -1 // the line that the last comment ended on
	for {
		if l.pos >= len(l.src) {
			l.begin()
			l.end = l.pos
			l.kind = kindEOF
			if l.semicolon {
				l.kind, l.semicolon = kindSemicolon, false
			}
			return
		}
		c := l.src[l.pos]
		switch {
		case c == '\n':
			if l.semicolon {
				l.begin()
				l.end = l.pos // an empty token: it was not written
				l.newline()
				l.kind, l.semicolon = kindSemicolon, false
				return
			}
			if commentLine >= 0 && l.line > commentLine {
				l.docStart = -1 // a blank line parts the comment from what follows
			}
			l.newline()
			l.gap = true
		case c == ' ' || c == '\t' || c == '\r':
			l.pos++
			l.gap = true
		case c == '/' && l.pos+1 < len(l.src) && (l.src[l.pos+1] == '/' || l.src[l.pos+1] == '*'):
			l.gap = true
			if l.semicolon && l.endsLine() {
				// As if the newline stood before the comment.
				l.begin()
				l.end = l.pos
				l.kind, l.semicolon = kindSemicolon, false
				return
			}
			if l.line == l.last {
				l.comment() // it is about what stands before it
				continue
			}
			if l.docStart < 0 || l.line > commentLine+1 {
				l.docStart = l.pos
			}
			l.comment()
			l.docEnd, commentLine = l.pos, l.line
		default:
			if commentLine >= 0 && l.line > commentLine+1 || l.line == commentLine {
				l.docStart = -1
			}
			l.token(c)
			return
		}
	}
}

func (l *lexer) begin() {
	l.start, l.row, l.column = l.pos, l.line, l.pos-l.lineStart+1
}

func (l *lexer) newline() {
	l.pos++
	l.line++
	l.lineStart = l.pos
}

// endsLine reports whether the comment at pos goes to the end of its line or
// beyond, or only other comments and spaces come between.
func (l *lexer) endsLine() bool {
	for i := l.pos; i < len(l.src); {
		switch rest := l.src[i:]; {
		case rest[0] == '\n', bytes.HasPrefix(rest, []byte("//")):
			return true
		case bytes.HasPrefix(rest, []byte("/*")):
			n := bytes.Index(rest[2:], []byte("*/"))
			if n < 0 || bytes.IndexByte(rest[:n+2], '\n') >= 0 {
				return true
			}
			i += n + 4
		case rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\r':
			i++
		default:
			return false
		}
	}
	return true
}

// comment passes over the comment at pos.
func (l *lexer) comment() {
	rest := l.src[l.pos:]
	if rest[1] == '/' {
		n := bytes.IndexByte(rest, '\n')
		if n < 0 {
			n = len(rest)
		}
		l.pos += n
		return
	}
	n := bytes.Index(rest[2:], []byte("*/"))
	if n < 0 {
		l.passLines(len(l.src))
		return
	}
	l.passLines(l.pos + n + 4)
}

// passLines goes to end, counting the lines between.
func (l *lexer) passLines(end int) {
	text := l.src[l.pos:end]
	if n := bytes.Count(text, []byte("\n")); n > 0 {
		l.line += n
		l.lineStart = l.pos + bytes.LastIndexByte(text, '\n') + 1
	}
	l.pos = end
}

// token reads the token that begins with c.
func (l *lexer) token(c byte) {
	l.begin()
	switch {
	case isLetter(c) || c >= utf8.RuneSelf:
		for l.pos < len(l.src) && (isLetter(l.src[l.pos]) || l.src[l.pos] >= utf8.RuneSelf || isDigit(l.src[l.pos])) {
			l.pos++
		}
		l.kind = kindName
		l.semicolon = endsStatement(l.src[l.start:l.pos])
	case isDigit(c) || c == '.' && l.pos+1 < len(l.src) && isDigit(l.src[l.pos+1]):
		l.number()
		l.kind, l.semicolon = kindLiteral, true
	case c == '"' || c == '\'' || c == '`':
		l.literal(c)
		l.kind, l.semicolon = kindLiteral, true
	default:
		l.pos++
		l.kind = kind(c)
		l.semicolon = c == ')' || c == ']' || c == '}'
		if (c == '+' || c == '-') && l.pos < len(l.src) && l.src[l.pos] == c {
			l.pos++
			l.semicolon = true
		}
	}
	l.end, l.last = l.pos, l.line
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// number passes over a number with any letters and points in it, and the sign of
// its exponent.
func (l *lexer) number() {
	for ; l.pos < len(l.src); l.pos++ {
		c := l.src[l.pos]
		if isLetter(c) || isDigit(c) || c == '.' {
			continue
		}
		before := l.src[l.pos-1] | 0x20
		hex := l.src[l.start] == '0' && l.pos > l.start+1 && l.src[l.start+1]|0x20 == 'x'
		if (c == '+' || c == '-') && (before == 'e' && !hex || before == 'p' && hex) {
			continue
		}
		return
	}
}

// literal passes over the string or rune that begins with quote. One that is not
// raw ends with its line at the latest.
func (l *lexer) literal(quote byte) {
	if quote == '`' {
		n := bytes.IndexByte(l.src[l.pos+1:], '`')
		if n < 0 {
			l.passLines(len(l.src))
			return
		}
		l.passLines(l.pos + n + 2)
		return
	}
	for l.pos++; l.pos < len(l.src); l.pos++ {
		switch l.src[l.pos] {
		case quote:
			l.pos++
			return
		case '\n':
			return
		case '\\':
			if l.pos+1 < len(l.src) && l.src[l.pos+1] != '\n' {
				l.pos++
			}
		}
	}
	l.pos = min(l.pos, len(l.src))
}

// skipBlock passes over what is left of a block whose "{" was just read, and
// makes the "}" that closes it the token.
func (l *lexer) skipBlock() {
	depth := 1
	for l.pos < len(l.src) {
		switch c := l.src[l.pos]; c {
		case '\n':
			l.newline()
		case '"', '\'', '`':
			l.literal(c)
		case '/':
			if l.pos+1 < len(l.src) && (l.src[l.pos+1] == '/' || l.src[l.pos+1] == '*') {
				l.comment()
			} else {
				l.pos++
			}
		case '{':
			depth++
			l.pos++
		case '}':
			if depth--; depth == 0 {
				l.token(c)
				return
			}
			l.pos++
		default:
			l.pos++
		}
	}
	l.begin()
	l.end, l.kind, l.semicolon = l.pos, kindEOF, false
}

// endsStatement reports whether a line may end after a name: after any but most
// keywords.
func endsStatement(name []byte) bool {
	switch string(name) {
	case "case", "chan", "const", "default", "defer", "else", "for", "func", "go", "goto", "if", "import",
		"interface", "map", "package", "range", "select", "struct", "switch", "type", "var":
		return false
	}
	return true
}

// text returns the bytes of the token.
func (l *lexer) text() []byte { return l.src[l.start:l.end] }

// is reports whether the token is this name or keyword.
func (l *lexer) is(name string) bool { return l.kind == kindName && string(l.text()) == name }

package python

// The classes of bytes that end a run of uninteresting code.
const (
	classNone byte = iota
	classNewline
	classSemicolon
	classColon
	classComma
	classOpen
	classClose
	classQuote
	classComment
	classBackslash
	classWord
)

// A classTable tells which bytes stop the scan. Each mode of [scanner.skip] has
// its own, so that a byte that does not matter there costs one look-up.
type classTable [256]byte

func newClassTable(colon, comma, words bool) *classTable {
	t := &classTable{
		'\n': classNewline, '\r': classNewline, ';': classSemicolon,
		'(': classOpen, '[': classOpen, '{': classOpen,
		')': classClose, ']': classClose, '}': classClose,
		'"': classQuote, '\'': classQuote, '#': classComment, '\\': classBackslash,
	}
	if colon {
		t[':'] = classColon
		t['l'] = classWord
	}
	if comma {
		t[','] = classComma
	}
	if words {
		for c := range t {
			if wordByte[c] {
				t[c] = classWord
			}
		}
	}
	return t
}

var (
	// plainTable is for statements without a suite: nothing but the ends of
	// the statement and what may hide them.
	plainTable = newClassTable(false, false, false)
	// headerTable also stops at colons, and at l for the word lambda, whose
	// colon does not end a header. It serves replacement fields too.
	headerTable = newClassTable(true, false, false)
	// wordTable stops at every word: for files that call import functions.
	wordTable = newClassTable(true, true, true)

	wordByte = newWordBytes()
)

func newWordBytes() *[256]bool {
	var t [256]bool
	for c := range t {
		t[c] = c >= 0x80 || c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
	}
	return &t
}

func isNewline(c byte) bool { return c == '\n' || c == '\r' }

// wordEnd returns the end of the word at i.
func wordEnd(src []byte, i int) int {
	for i < len(src) && wordByte[src[i]] {
		i++
	}
	return i
}

// lineEnd returns where the line of i ends: at its newline or the end of src.
func lineEnd(src []byte, i int) int {
	for i < len(src) && !isNewline(src[i]) {
		i++
	}
	return i
}

// newlineEnd returns the end of the newline at i: "\r\n" is one.
func newlineEnd(src []byte, i int) int {
	if src[i] == '\r' && i+1 < len(src) && src[i+1] == '\n' {
		return i + 2
	}
	return i + 1
}

// blank skips white space that does not end a line, backslashed newlines
// included.
func blank(src []byte, i int) int {
	for i < len(src) {
		switch src[i] {
		case ' ', '\t', '\f':
			i++
		case '\\':
			if i+1 >= len(src) || !isNewline(src[i+1]) {
				return i
			}
			i = newlineEnd(src, i+1)
		default:
			return i
		}
	}
	return i
}

// space skips white space, newlines and comments: what may stand between two
// tokens inside brackets.
func space(src []byte, i int) int {
	for i < len(src) {
		switch src[i] {
		case ' ', '\t', '\f', '\n', '\r':
			i++
		case '#':
			i = lineEnd(src, i)
		case '\\':
			if i+1 >= len(src) || !isNewline(src[i+1]) {
				return i
			}
			i = newlineEnd(src, i+1)
		default:
			return i
		}
	}
	return i
}

package python

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// literalPrefix looks back from the quote at i for the letters of a string
// prefix. floor is where the code before the quote begins.
func literalPrefix(src []byte, i, floor int) (start int, formatted, raw, binary bool) {
	start = i
	for start > floor && i-start < 3 && wordByte[src[start-1]] {
		start--
	}
	if start == i || i-start == 3 {
		return i, false, false, false
	}
	for _, c := range src[start:i] {
		switch c {
		case 'f', 'F', 't', 'T':
			formatted = true
		case 'r', 'R':
			raw = true
		case 'b', 'B':
			binary = true
		case 'u', 'U':
		default:
			return i, false, false, false
		}
	}
	return start, formatted, raw, binary
}

// literalEnd returns the end of the plain string whose quote is at i. It
// reports false where the string is not closed: on its line, or in the file for
// a triple-quoted one.
func literalEnd(src []byte, i int) (end int, closed bool) {
	q := src[i]
	if i+2 < len(src) && src[i+1] == q && src[i+2] == q {
		return tripleEnd(src, i+3, q)
	}
	for i++; i < len(src); i++ {
		switch c := src[i]; {
		case c == q:
			return i + 1, true
		case c == '\\':
			i++
			if i+1 < len(src) && src[i] == '\r' && src[i+1] == '\n' {
				i++
			}
		case isNewline(c):
			return i, false
		}
	}
	return len(src), false
}

// tripleEnd jumps from quote to quote: most of what is triple-quoted is long
// text with few of them.
func tripleEnd(src []byte, i int, q byte) (end int, closed bool) {
	for {
		n := bytes.IndexByte(src[i:], q)
		if n < 0 {
			return len(src), false
		}
		j := i + n
		k := j
		for k > i && src[k-1] == '\\' {
			k--
		}
		if (j-k)%2 == 0 && j+2 < len(src) && src[j+1] == q && src[j+2] == q {
			return j + 3, true
		}
		i = j + 1
	}
}

// readLiteral reads the string literals at i, which Python joins, and returns
// their value and end. It reports false for what is no text known before run
// time: formatted strings, bytes, and escapes by the names of characters. buf is
// for the value where it is not in src as it stands.
func readLiteral(src []byte, i int, buf []byte) (value []byte, end int, ok bool) {
	n := 0
	for {
		j := i
		for j < len(src) && j-i < 3 && wordByte[src[j]] {
			j++
		}
		if j == len(src) || src[j] != '"' && src[j] != '\'' {
			return value, end, n > 0 && ok
		}
		start, formatted, raw, binary := literalPrefix(src, j, i)
		if start != i {
			return value, end, false
		}
		stop, closed := literalEnd(src, j)
		if !closed || formatted || binary {
			return value, stop, false
		}
		quotes := 1
		if stop-j >= 6 && src[j+1] == src[j] && src[j+2] == src[j] {
			quotes = 3
		}
		body := src[j+quotes : stop-quotes]
		plain := raw || bytes.IndexByte(body, '\\') < 0
		switch {
		case n == 0 && plain:
			value, ok = body, true
		default:
			if n == 1 {
				buf = append(buf[:0], value...)
			}
			if plain {
				buf, ok = append(buf, body...), true
			} else {
				buf, ok = unescape(buf, body)
			}
			if !ok {
				return nil, stop, false
			}
			value = buf
		}
		n++
		end = stop
		i = space(src, stop)
	}
}

// unescape appends the text that the body of a string literal stands for.
func unescape(dst, body []byte) ([]byte, bool) {
	for i := 0; i < len(body); {
		if body[i] != '\\' || i+1 == len(body) {
			dst = append(dst, body[i])
			i++
			continue
		}
		c := body[i+1]
		i += 2
		switch c {
		case '\n':
		case '\r':
			if i < len(body) && body[i] == '\n' {
				i++
			}
		case '\\', '\'', '"':
			dst = append(dst, c)
		case 'a':
			dst = append(dst, '\a')
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case 'n':
			dst = append(dst, '\n')
		case 'r':
			dst = append(dst, '\r')
		case 't':
			dst = append(dst, '\t')
		case 'v':
			dst = append(dst, '\v')
		case 'x', 'u', 'U':
			digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
			if i+digits > len(body) {
				return dst, false
			}
			r, err := strconv.ParseUint(string(body[i:i+digits]), 16, 32)
			if err != nil || r > utf8.MaxRune {
				return dst, false
			}
			dst = utf8.AppendRune(dst, rune(r))
			i += digits
		case '0', '1', '2', '3', '4', '5', '6', '7':
			r := rune(c - '0')
			for n := 1; n < 3 && i < len(body) && '0' <= body[i] && body[i] <= '7'; n++ {
				r = r*8 + rune(body[i]-'0')
				i++
			}
			dst = utf8.AppendRune(dst, r)
		case 'N':
			return dst, false
		default:
			dst = append(dst, '\\', c)
		}
	}
	return dst, true
}

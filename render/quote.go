package render

import (
	"errors"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// surrogateEscape is what a byte of invalid UTF-8 is added to for its lone
// surrogate: 0x80–0xFF become U+DC80–U+DCFF.
const surrogateEscape = 0xDC00

const hexDigits = "0123456789abcdef"

// plain marks the ASCII characters that stand for themselves in a JSON string.
var plain = func() (t [utf8.RuneSelf]bool) {
	for c := range t {
		t[c] = c >= 0x20 && c != '"' && c != '\\'
	}
	return t
}()

// appendJSONString appends s as a JSON string. Bytes that are not valid UTF-8
// become lone surrogates.
func appendJSONString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if plain[c] {
				i++
				continue
			}
			dst = append(dst, s[start:i]...)
			switch c {
			case '"', '\\':
				dst = append(dst, '\\', c)
			case '\n':
				dst = append(dst, '\\', 'n')
			case '\r':
				dst = append(dst, '\\', 'r')
			case '\t':
				dst = append(dst, '\\', 't')
			default:
				dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
			}
			i++
			start = i
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			dst = append(dst, s[start:i]...)
			dst = append(dst, '\\', 'u', 'd', 'c', hexDigits[c>>4], hexDigits[c&15])
			i++
			start = i
			continue
		}
		i += n
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}

// unquoteJSON is the inverse of appendJSONString. raw is one JSON string, with
// its quotes, whose syntax has been checked.
func unquoteJSON(raw []byte) (string, error) {
	if !utf8.Valid(raw) {
		return "", errors.New(`invalid UTF-8 in a string; write a byte such as 0xE9 that is no UTF-8 as \udce9`)
	}
	raw = raw[1 : len(raw)-1]
	first := 0
	for first < len(raw) && raw[first] != '\\' {
		first++
	}
	if first == len(raw) {
		return string(raw), nil
	}
	out := append(make([]byte, 0, len(raw)), raw[:first]...)
	for i := first; i < len(raw); {
		c := raw[i]
		if c != '\\' {
			out = append(out, c)
			i++
			continue
		}
		c = raw[i+1]
		i += 2
		switch c {
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'u':
			r := hexRune(raw[i:])
			i += 4
			switch {
			case !utf16.IsSurrogate(r):
				out = utf8.AppendRune(out, r)
			case i+6 <= len(raw) && raw[i] == '\\' && raw[i+1] == 'u' &&
				utf16.DecodeRune(r, hexRune(raw[i+2:])) != utf8.RuneError:
				out = utf8.AppendRune(out, utf16.DecodeRune(r, hexRune(raw[i+2:])))
				i += 6
			case r >= surrogateEscape+0x80 && r <= surrogateEscape+0xFF:
				out = append(out, byte(r-surrogateEscape))
			default:
				return "", fmt.Errorf(`lone surrogate \u%04x in a string: only \udc80 to \udcff may stand alone, for a byte that is no UTF-8`, r)
			}
		default: // a quote, a backslash or a slash
			out = append(out, c)
		}
	}
	return string(out), nil
}

// hexRune reads four hexadecimal digits.
func hexRune(b []byte) rune {
	var r rune
	for _, c := range b[:4] {
		r <<= 4
		switch {
		case c <= '9':
			r |= rune(c - '0')
		default:
			r |= rune(c|0x20) - 'a' + 10
		}
	}
	return r
}

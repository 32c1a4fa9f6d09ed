package ecmascript

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// decode returns the text of a string literal, of a template without
// substitutions or of an identifier.
func decode(raw []byte) string { return string(appendDecoded(nil, raw)) }

// appendDecoded appends the text of a literal or identifier to dst. A half
// surrogate, which UTF-8 cannot hold, becomes U+FFFD.
func appendDecoded(dst, raw []byte) []byte {
	quoted := len(raw) >= 2 && (raw[0] == '"' || raw[0] == '\'' || raw[0] == '`')
	if quoted {
		raw = raw[1 : len(raw)-1]
	}
	for {
		n := bytes.IndexByte(raw, '\\')
		if n < 0 || n+1 >= len(raw) {
			return append(dst, raw...)
		}
		dst = append(dst, raw[:n]...)
		dst, raw = appendEscape(dst, raw[n+1:])
	}
}

// appendEscape appends what the escape sequence in raw, behind its backslash,
// stands for, and returns the bytes behind it.
func appendEscape(dst, raw []byte) ([]byte, []byte) {
	switch c := raw[0]; c {
	case 'n':
		return append(dst, '\n'), raw[1:]
	case 't':
		return append(dst, '\t'), raw[1:]
	case 'r':
		return append(dst, '\r'), raw[1:]
	case 'b':
		return append(dst, '\b'), raw[1:]
	case 'f':
		return append(dst, '\f'), raw[1:]
	case 'v':
		return append(dst, '\v'), raw[1:]
	case '\n':
		return dst, raw[1:]
	case '\r':
		return dst, bytes.TrimPrefix(raw[1:], []byte{'\n'})
	case 'x':
		if r, ok := hex(raw[1:], 2); ok {
			return utf8.AppendRune(dst, r), raw[3:]
		}
	case 'u':
		if r, rest, ok := unicodeEscape(raw[1:]); ok {
			if utf16.IsSurrogate(r) && len(rest) > 1 && rest[0] == '\\' && rest[1] == 'u' {
				if low, after, ok := unicodeEscape(rest[2:]); ok {
					if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
						return utf8.AppendRune(dst, pair), after
					}
				}
			}
			return utf8.AppendRune(dst, r), rest
		}
	case '0', '1', '2', '3', '4', '5', '6', '7':
		var r rune
		n := 0
		for limit := 3 - int(c-'0')/4; n < limit && n < len(raw) && raw[n] >= '0' && raw[n] <= '7'; n++ {
			r = r*8 + rune(raw[n]-'0')
		}
		return utf8.AppendRune(dst, r), raw[n:]
	case 0xe2:
		if len(raw) > 2 && isSeparator(raw, 0) {
			return dst, raw[3:]
		}
	}
	return append(dst, raw[0]), raw[1:]
}

// unicodeEscape reads XXXX or {X…} behind \u.
func unicodeEscape(raw []byte) (rune, []byte, bool) {
	if len(raw) > 0 && raw[0] == '{' {
		end := bytes.IndexByte(raw, '}')
		if end < 2 {
			return 0, nil, false
		}
		r, ok := hex(raw[1:end], end-1)
		return r, raw[end+1:], ok
	}
	r, ok := hex(raw, 4)
	if !ok {
		return 0, nil, false
	}
	return r, raw[4:], true
}

// hex reads n hexadecimal digits.
func hex(raw []byte, n int) (rune, bool) {
	if len(raw) < n {
		return 0, false
	}
	var r rune
	for _, c := range raw[:n] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		if r = r<<4 | rune(c); r > utf8.MaxRune {
			return 0, false
		}
	}
	return r, true
}

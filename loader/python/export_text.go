package python

import (
	"bytes"
	"strings"
)

// past moves over one token: a string, a comment, a word, white space, a byte.
func past(src []byte, i int) int {
	switch c := src[i]; {
	case wordByte[c]:
		return wordEnd(src, i)
	case c == '"' || c == '\'':
		end, _ := literalEnd(src, i)
		return max(end, i+1)
	case c == ' ' || c == '\t' || c == '\f' || c == '#' || isNewline(c) || c == '\\':
		return max(space(src, i), i+1)
	}
	return i + 1
}

// pastBrackets returns the end of the bracket that opens at i.
func pastBrackets(src []byte, i int) int {
	depth := 0
	for i < len(src) {
		switch src[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth--; depth <= 0 {
				return i + 1
			}
		}
		i = past(src, i)
	}
	return len(src)
}

// fold returns text with white space and comments folded to single spaces.
func (s *scanner) fold(text []byte) string { return s.exporter.bounded(s.folded(text)) }

// folded is fold in a buffer that the next call writes over.
func (s *scanner) folded(text []byte) []byte {
	s.work += len(text)
	to := s.exporter.scratch[:0]
	for i := 0; i < len(text); {
		run := i
		for i < len(text) && !foldStop[text[i]] {
			i++
		}
		to = append(to, text[run:i]...)
		if i == len(text) {
			break
		}
		run = i
		switch c := text[i]; {
		case c == '"' || c == '\'':
			i, _ = literalEnd(text, i)
			i = max(i, run+1)
			to = append(to, text[run:min(i, len(text))]...)
		case c == '#' && typeComment(text[i:]):
			i = lineEnd(text, i)
			to = append(to, text[run:i]...)
		case c == '#' && s.exporter.comments == 0, c == '\\' && (i+1 == len(text) || !isNewline(text[i+1])):
			to = append(to, c)
			i++
		default:
			i = max(s.untyped(text, i), run+1)
			// No space is needed beside a bracket.
			if n := len(to); n > 0 && bytes.IndexByte([]byte(" ([{"), to[n-1]) < 0 && (i == len(text) || bytes.IndexByte([]byte(")]},"), text[i]) < 0) {
				to = append(to, ' ')
			}
		}
	}
	to = bytes.TrimRight(to, " ")
	s.exporter.scratch = to
	return to
}

// untyped is space, but that it stops before a comment that says a type.
func (s *scanner) untyped(text []byte, i int) int {
	if s.exporter.comments == 0 {
		return space(text, i)
	}
	for i < len(text) {
		switch c := text[i]; {
		case c == ' ' || c == '\t' || c == '\f' || isNewline(c):
			i++
		case c == '#' && !typeComment(text[i:]):
			i = lineEnd(text, i)
		case c == '\\' && i+1 < len(text) && isNewline(text[i+1]):
			i = newlineEnd(text, i+1)
		default:
			return i
		}
	}
	return i
}

var foldStop = func() *[256]bool {
	var t [256]bool
	for _, c := range " \t\f\r\n\\#\"'" {
		t[c] = true
	}
	return &t
}()

// literalAlone reports whether a statement is nothing but a string.
func literalAlone(src []byte, i int) bool {
	j := i
	for j < len(src) && j-i < 3 && wordByte[src[j]] {
		j++
	}
	if j == len(src) || src[j] != '"' && src[j] != '\'' {
		return false
	}
	end, _ := literalEnd(src, j)
	return end >= len(src) || space(src, end) == len(src)
}

// documentation reads the statement at i as the documentation of what was
// defined last, and reports whether it is.
func (s *scanner) documentation(src []byte, i int) bool {
	x := &s.exporter
	if x.current < 0 || !literalAlone(src, i) {
		return false
	}
	value, _, ok := readLiteral(src, i, s.spell[:0])
	if !ok {
		return false
	}
	s.work += len(value)
	e := &x.list[x.current]
	if n := bytes.Index(value, []byte(".. deprecated::")); n >= 0 && e.Deprecated == "" {
		e.Deprecated = reason(value[n+len(".. deprecated::"):])
	}
	value = bytes.TrimSpace(value)
	if n := bytes.IndexAny(value, "\r\n"); n >= 0 {
		value = value[:n]
	}
	e.Doc = strings.ToValidUTF8(string(bytes.TrimSpace(value)), "\uFFFD")
	return true
}

// reason is the first line of text, or "deprecated" where it is empty.
func reason(text []byte) string {
	if n := bytes.IndexAny(text, "\r\n"); n >= 0 {
		text = text[:n]
	}
	if text = bytes.TrimSpace(text); len(text) == 0 {
		return "deprecated"
	}
	return strings.ToValidUTF8(string(text), "\uFFFD")
}

// decorator keeps a decorator for the definition that follows.
func (s *scanner) decorator(src []byte, i int) {
	x := &s.exporter
	x.decorators = append(append(x.decorators, s.folded(src[i:])...), ' ')
	name := blank(src, i+1)
	end := name
	for end < len(src) && (wordByte[src[end]] || src[end] == '.') {
		end++
	}
	_, last, dotted := bytes.Cut(src[name:end], []byte("."))
	for dotted {
		name = end - len(last)
		_, last, dotted = bytes.Cut(last, []byte("."))
	}
	if string(src[name:end]) != "deprecated" {
		return
	}
	x.deprecated = "deprecated"
	if end < len(src) && src[end] == '(' {
		if value, _, ok := readLiteral(src, space(src, end+1), s.spell[:0]); ok {
			x.deprecated = reason(value)
		}
	}
}

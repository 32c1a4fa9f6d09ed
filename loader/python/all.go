package python

import (
	"bytes"
	"slices"
)

// readAll reads what follows the word __all__ in a statement that ends at end.
func (s *scanner) readAll(i, end int) {
	src := s.src[:end]
	s.work += end - i
	i = blank(src, i)
	if i == end {
		return
	}
	switch {
	case hasPrefix(src, i, "+="):
		s.list(src, i+2)
	case src[i] == '=' && !hasPrefix(src, i, "=="):
		s.assign(src, i+1)
	case src[i] == ':':
		// The annotation is an expression: the first = outside brackets ends it.
		for depth := 0; i < end && (src[i] != '=' || depth > 0); i++ {
			switch src[i] {
			case '(', '[', '{':
				depth++
			case ')', ']', '}':
				depth--
			}
		}
		if i < end {
			s.assign(src, i+1)
		}
	case src[i] == '.':
		i = blank(src, i+1)
		e := wordEnd(src, i)
		open := blank(src, e)
		if open == end || src[open] != '(' {
			return
		}
		switch string(src[i:e]) {
		case "extend", "append":
			s.list(src, open+1)
		case "remove":
			if b, _, ok := readLiteral(src, space(src, open+1), s.spell[:0]); ok {
				if n := slices.Index(s.all, string(b)); n >= 0 {
					s.all = slices.Delete(s.all, n, n+1)
				}
			} else {
				s.open = true
			}
		case "sort", "reverse":
		default:
			s.open = true
		}
	default:
		// Another use of the name, such as a subscript: what it does is unknown.
		if src[i] == '[' {
			s.open = true
		}
	}
}

// assign reads a list that replaces what came before, unless it is made of that;
// in a block, which may not be run, it adds to it.
func (s *scanner) assign(src []byte, i int) {
	if len(s.blocks) == 1 && !bytes.Contains(src[i:], []byte("__all__")) {
		s.all = s.all[:0]
	}
	s.list(src, i)
}

// list reads lists, tuples and sets of literals that + may join, and reports
// what else there is as open.
func (s *scanner) list(src []byte, i int) {
	s.hasAll = true
	depth := 0
	wantElement := true
	for {
		i = space(src, i)
		if i == len(src) {
			return
		}
		switch c := src[i]; {
		case c == '(' || c == '[' || c == '{':
			depth++
			i++
			wantElement = true
		case c == ')' || c == ']' || c == '}':
			depth--
			if depth < 0 {
				return // the call of extend or append
			}
			i++
			wantElement = false
		case c == ',' || c == '+':
			i++
			wantElement = true
		case c == '"' || c == '\'' || wordByte[c]:
			if !wantElement {
				s.open = true
				return
			}
			b, e, ok := readLiteral(src, i, s.spell[:0])
			if ok {
				if j := space(src, e); j == len(src) || src[j] == ',' || src[j] == ')' || src[j] == ']' || src[j] == '}' || src[j] == '+' {
					s.all = append(s.all, s.text.of(b))
					i = e
					wantElement = false
					continue
				}
			}
			i, wantElement = s.notLiteral(src, i, depth)
		case c == '*':
			i++
		default:
			s.open = true
			return
		}
	}
}

// notLiteral moves over an element that cannot be read and returns where it
// ends. At depth 0 it may be __all__ itself, or the next target of a chained
// assignment, after which an element is wanted still.
func (s *scanner) notLiteral(src []byte, i, depth int) (end int, wanted bool) {
	e := wordEnd(src, i)
	if depth == 0 {
		j := space(src, e)
		if e > i && j < len(src) && src[j] == '=' && !hasPrefix(src, j, "==") {
			return j + 1, true
		}
		if string(src[i:e]) == "__all__" && (j == len(src) || src[j] == '+') {
			return j, false
		}
	}
	s.open = true
	for nested := 0; i < len(src); {
		switch c := src[i]; {
		case c == '"' || c == '\'':
			i, _ = literalEnd(src, i)
		case c == '#':
			i = lineEnd(src, i)
		case c == '(' || c == '[' || c == '{':
			nested++
			i++
		case c == ')' || c == ']' || c == '}':
			if nested == 0 {
				return i, false
			}
			nested--
			i++
		case nested == 0 && (c == ',' || c == '+'):
			return i, false
		default:
			i++
		}
	}
	return i, false
}

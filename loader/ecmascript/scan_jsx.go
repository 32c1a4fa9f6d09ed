package ecmascript

import "bytes"

// jsxOpen reads a JSX element or fragment whose < is at i, up to the first
// expression in it or to its end.
func (s *scanner) jsxOpen(i int) int {
	return s.jsx(s.jsxTag(i))
}

// jsxTag reads the < of an opening tag at i and its name, and opens its frame.
func (s *scanner) jsxTag(i int) int {
	open := i
	i = s.trivia(i + 1)
	if s.src[i] == '>' {
		s.push(kText, 0, stOp, open)
		return i + 1
	}
	s.push(kTag, 0, stOp, open)
	for {
		if s.startsWord(i) {
			i = s.identifier(i)
		} else if c := s.src[i]; c == '-' || c == '.' || c == ':' {
			i++
		} else {
			break
		}
		i = s.trivia(i)
		if class[s.src[i]]&clStart != 0 && s.src[i-1] != '.' && s.src[i-1] != ':' && s.src[i-1] != '-' {
			break
		}
	}
	if s.src[i] == '<' && s.lang.ts {
		i, _ = s.skipType(i, typeArgs)
	}
	return i
}

// jsx reads on in the innermost JSX tag or text until an expression begins or
// the outermost element ends.
func (s *scanner) jsx(i int) int {
	src := s.src
	for {
		switch s.top().kind {
		case kTag:
			i = s.trivia(i)
			switch c := src[i]; {
			case c == '>':
				s.top().kind = kText
				i++
			case c == '/' && src[s.trivia(i+1)] == '>':
				i = s.trivia(i+1) + 1
				s.pop()
			case c == '{':
				s.push(kJSXExpr, 0, stOp, i)
				s.st = stExpr
				return i + 1
			case c == '"' || c == '\'':
				n := bytes.IndexByte(src[i+1:s.end], c)
				if n < 0 {
					s.problem(i, "unterminated JSX attribute: add "+string(rune(c)))
					return s.end
				}
				if s.trace.on {
					s.trace.note(i, i+n+2, false)
				}
				i += n + 2
			case c == '<':
				i = s.jsxTag(i)
			case s.startsWord(i):
				i = s.identifier(i)
			case i >= s.end:
				return i
			default:
				i++
			}
		case kText:
			i = s.jsxText(i)
			switch {
			case i >= s.end:
				return s.end
			case src[i] == '{':
				s.push(kJSXExpr, 0, stOp, i)
				s.st = stExpr
				return i + 1
			}
			if j := s.trivia(i + 1); src[j] != '/' {
				i = s.jsxTag(i)
				continue
			}
			n := bytes.IndexByte(src[i:s.end], '>')
			if n < 0 {
				return s.end
			}
			i += n + 1
			s.pop()
		default:
			s.st = stOp
			return i
		}
	}
}

// jsxText returns the offset of the first < or { at or after i.
func (s *scanner) jsxText(i int) int {
	from := i
	for src := s.src; i < s.end && src[i] != '<' && src[i] != '{'; i++ {
	}
	if s.trace.on && i > from {
		s.trace.note(from, i, false)
	}
	return i
}

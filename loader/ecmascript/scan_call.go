package ecmascript

import (
	"bytes"

	"github.com/eddy-build/eddy/module"
)

// This file recognizes the calls that import. Each method looks ahead of a word
// and records what it finds; the automaton then reads the same bytes in its own
// way.

// argument is the first argument of a call.
type argument struct {
	start, end int  // of the literal, with its quotes
	literal    bool // it is a string or a template without substitutions
	last       bool // no other argument follows
	none       bool // the call has no arguments
	next       int  // offset of the token behind the literal
}

// argumentAt reads the first argument of the call whose parenthesis is at i.
func (s *scanner) argumentAt(i int) (a argument) {
	a.start = s.trivia(i + 1)
	switch s.src[a.start] {
	case ')':
		a.none = true
		return a
	case '\'', '"', '`':
	default:
		return a
	}
	end, ok := s.literal(a.start)
	if !ok {
		return a
	}
	a.end, a.next = end, s.trivia(end)
	switch s.src[a.next] {
	case ')':
		a.literal, a.last = true, true
	case ',':
		a.literal = true
		a.last = s.src[s.trivia(a.next+1)] == ')'
	}
	return a
}

// literal returns the end of the string, or template without substitutions,
// that begins at i.
func (s *scanner) literal(i int) (end int, ok bool) {
	mark := s.mark()
	switch s.src[i] {
	case '\'', '"':
		end = s.stringEnd(i)
	case '`':
		var substitution bool
		if end, substitution = s.templateEnd(i + 1); substitution {
			return end, false
		}
	default:
		return i, false
	}
	if len(s.problems) > mark.problems {
		s.reset(mark) // the automaton will say so
		return end, false
	}
	return end, true
}

// importWord reads the word import, which is src[w:i]: a call, import.meta or a
// declaration.
func (s *scanner) importWord(w, i int) int {
	j := s.trivia(i)
	switch s.src[j] {
	case '(':
		s.importCall(w, i, j)
	case '.':
		k := s.trivia(j + 1)
		end := s.identifier(k)
		switch string(s.src[k:end]) {
		case "meta":
			s.module = true
			s.glob(end)
			i = end
		case "defer", "source":
			if p := s.trivia(end); s.src[p] == '(' {
				s.importCall(w, i, p)
				i = end
			}
		}
	default:
		if s.st == stStmt {
			return s.importDeclaration(i)
		}
	}
	return s.plainWord(i)
}

// importCall reads import( at paren, where import is src[w:i].
func (s *scanner) importCall(w, i, paren int) {
	switch a := s.argumentAt(paren); {
	case a.literal:
		s.inTry(s.addAll(a.start, a.end, module.Deferred, 0))
	case !a.none:
		s.addDynamic(w, i)
	}
}

// importType records import("x") among types: import is src[w:] and its
// parenthesis at paren.
func (s *scanner) importType(w, paren int) {
	a := s.argumentAt(paren)
	if !a.literal || s.src[a.start] == '`' {
		return
	}
	from := len(s.names)
	n := name{fixed: nameAll}
	close := a.next
	var flags module.ImportFlags
	if s.src[close] == ',' {
		flags, close = s.importOptions(a.next + 1)
	}
	if s.src[close] == ')' {
		if j := s.trivia(close + 1); s.src[j] == '.' {
			if k := s.trivia(j + 1); s.startsWord(k) {
				n = name{name: span{int32(k), int32(s.identifier(k))}}
			}
		}
	}
	s.names = append(s.names, n)
	s.add(a.start, a.end, module.Type, flags, from)
}

// importOptions reads the second argument of an import type, { with: { … } },
// and returns the offset of the parenthesis behind it.
func (s *scanner) importOptions(i int) (module.ImportFlags, int) {
	i = s.trivia(i)
	var flags module.ImportFlags
	if s.src[i] == '{' {
		i = s.trivia(i + 1)
		i = s.trivia(s.identifier(i))
		if s.src[i] == ':' {
			if i = s.trivia(i + 1); s.src[i] == '{' {
				flags, i = s.attributes(i)
				i = s.trivia(i)
			}
		}
		if s.src[i] == ',' {
			i = s.trivia(i + 1)
		}
		if s.src[i] == '}' {
			i = s.trivia(i + 1)
		}
	}
	if s.src[i] == ',' {
		i = s.trivia(i + 1)
	}
	return flags, i
}

// mockCall reads a method of jest or vi behind the word that ends at i.
func (s *scanner) mockCall(i int) {
	j := s.trivia(i)
	if s.src[j] != '.' {
		return
	}
	j = s.trivia(j + 1)
	end := s.identifier(j)
	switch string(s.src[j:end]) {
	case "mock", "unmock", "doMock", "doUnmock", "dontMock", "deepUnmock", "setMock", "requireActual", "requireMock",
		"importActual", "importMock", "createMockFromModule", "genMockFromModule", "unstable_mockModule":
	default:
		return
	}
	if j = s.callAt(end); j >= 0 {
		if a := s.argumentAt(j); a.literal {
			s.add(a.start, a.end, module.Deferred, 0, len(s.names))
		}
	}
}

// callAt returns the offset of the parenthesis of the call behind a name that
// ends at i, past its type arguments, or -1.
func (s *scanner) callAt(i int) int {
	j := s.trivia(i)
	if s.src[j] == '<' && s.lang.ts && s.budget > 0 {
		mark := s.mark()
		end, ok := s.skipType(j, typeTry)
		s.budget -= end - j
		s.reset(mark)
		if !ok {
			return -1
		}
		j = s.trivia(end)
	}
	if s.src[j] != '(' {
		return -1
	}
	return j
}

// glob reads import.meta.glob( "./*.ts" ) or its list of patterns behind
// import.meta, which ends at i.
func (s *scanner) glob(i int) {
	j := s.trivia(i)
	if s.src[j] != '.' {
		return
	}
	j = s.trivia(j + 1)
	end := s.identifier(j)
	switch string(s.src[j:end]) {
	case "glob", "globEager":
	default:
		return
	}
	if j = s.callAt(end); j < 0 {
		return
	}
	if a := s.argumentAt(j); a.literal {
		s.add(a.start, a.end, module.Deferred, module.Pattern, len(s.names))
		return
	}
	j = s.trivia(j + 1)
	if s.src[j] != '[' {
		return
	}
	for j = s.trivia(j + 1); ; j = s.trivia(j + 1) {
		end, ok := s.literal(j)
		if !ok {
			return
		}
		s.add(j, end, module.Deferred, module.Pattern, len(s.names))
		if j = s.trivia(end); s.src[j] != ',' {
			return
		}
	}
}

// newURL reads new URL("./x", import.meta.url) behind the word new, which ends
// at i. An address with a scheme and a folder are no modules.
func (s *scanner) newURL(i int) {
	j := s.trivia(i)
	if !s.wordAt(j, "URL") {
		return
	}
	j = s.trivia(j + len("URL"))
	if s.src[j] != '(' {
		return
	}
	a := s.argumentAt(j)
	if !a.literal || s.src[a.next] != ',' {
		return
	}
	j = s.trivia(a.next + 1)
	for n, word := range [...]string{"import", "meta", "url"} {
		if n > 0 {
			if s.src[j] != '.' {
				return
			}
			j = s.trivia(j + 1)
		}
		if !s.wordAt(j, word) {
			return
		}
		j = s.trivia(j + len(word))
	}
	if s.src[j] == ',' {
		j = s.trivia(j + 1)
	}
	text := s.src[a.start+1 : a.end-1]
	if s.src[j] != ')' || len(text) == 0 || bytes.HasSuffix(text, []byte("/")) || bytes.Contains(text, []byte(":")) ||
		bytes.HasSuffix(text, []byte("/..")) || bytes.HasSuffix(text, []byte("/.")) ||
		string(text) == "." || string(text) == ".." || text[0] == '#' || text[0] == '?' {
		return
	}
	s.add(a.start, a.end, module.Deferred, module.FileRef, len(s.names))
}

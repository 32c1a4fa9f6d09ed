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

// requireWord reads the word require, src[w:i], where an operand is expected: a
// call of the function, or a declaration of the name.
func (s *scanner) requireWord(w, i, pe int) {
	j := s.trivia(i)
	src := s.src
	switch src[j] {
	case '(', '.':
		if s.requireCall(w, i) {
			s.requires = append(s.requires, int32(len(s.records)-1))
		}
		return
	case '=':
		if src[j+1] == '>' {
			if !s.passed(len(s.frames)) {
				s.loneParam = i
			}
			return
		}
		if src[j+1] == '=' {
			return
		}
	case ',', ')', ':', '?':
	default:
		return
	}
	switch f := s.top(); f.kind {
	case kParams, kParen:
		if c := src[pe-1]; c != '(' && c != ',' {
			return
		}
		if f.kind == kParen && !s.passed(len(s.frames)-1) {
			f.flags |= fShadow
		} else if f.kind == kParams && !s.passed(len(s.frames)-2) {
			s.shadow()
		}
	default:
		if src[j] != '=' || !f.kind.statements() && f.kind != kHead {
			return
		}
		// A variable of that name. What createRequire makes is still require.
		if !bytes.Contains(src[j:min(j+200, s.end)], []byte("reateRequire")) {
			s.shadow()
		}
	}
}

// passed reports whether the function whose frame is frames[n] is an argument of
// a call. Whoever calls it passes the real require: AMD's define, the wrappers
// of UMD.
func (s *scanner) passed(n int) bool { return s.frames[n-1].kind == kArgs }

// requireCall reads a call of require, or of require.resolve, that goes on at i;
// w is where it begins. It reports whether it has recorded one.
func (s *scanner) requireCall(w, i int) bool {
	j := s.trivia(i)
	all := true
	if s.src[j] == '.' {
		if j = s.trivia(j + 1); !s.wordAt(j, "resolve") {
			return false
		}
		all = false
		j = s.trivia(j + len("resolve"))
	}
	if s.src[j] != '(' {
		return false
	}
	switch a := s.argumentAt(j); {
	case a.literal && (a.last || !all):
		s.addRequire(a.start, a.end, all)
		return true
	case !a.none:
		s.addDynamic(w, s.identifier(w))
		return true
	}
	return false
}

// createRequire reads the word that ends at i, which makes a require.
func (s *scanner) createRequire(i int) {
	if j := s.trivia(i); s.src[j] == '(' {
		s.creator = j
	}
}

// createdRequire reads what becomes of the require that a call, whose function's
// name is at w and which ends at i, has made: it is called, or it has a name that
// means require from here on.
func (s *scanner) createdRequire(w, i int) {
	if c := s.src[s.trivia(i)]; c == '(' || c == '.' {
		s.requireCall(w, i)
		return
	}
	// NAME = module.createRequire, perhaps with /* @__PURE__ */ between.
	before := s.src[max(0, w-maxDeclarator):w]
	for n := len(before); n > 0 && (class[before[n-1]]&clIdent != 0 || before[n-1] == '.'); n-- {
		before = before[:n-1]
	}
	before = bytes.TrimRight(before, " \t\r\n")
	if bytes.HasSuffix(before, []byte("*/")) {
		before = bytes.TrimRight(before[:max(0, bytes.LastIndex(before, []byte("/*")))], " \t\r\n")
	}
	before, ok := bytes.CutSuffix(before, []byte{'='})
	if !ok {
		return
	}
	before = bytes.TrimRight(before, " \t\r\n")
	start := len(before)
	for start > 0 && class[before[start-1]]&clIdent != 0 {
		start--
	}
	if text := string(before[start:]); text != "" && text != "require" {
		s.addAlias(requireAlias{text: text})
	}
}

// maxDeclarator bounds how far before createRequire the name is looked for.
const maxDeclarator = 200

// wordBefore returns the offset of the word that ends before i.
func (s *scanner) wordBefore(i int) int {
	for i > 0 && class[s.src[i-1]]&clSpace != 0 {
		i--
	}
	for i > 0 && class[s.src[i-1]]&clIdent != 0 {
		i--
	}
	return i
}

func (s *scanner) addAlias(a requireAlias) {
	for _, b := range s.aliases {
		if a == b {
			return
		}
	}
	if len(s.aliases) < maxAliases {
		s.aliases = append(s.aliases, a)
	}
}

// maxAliases bounds what each word of a script is compared with.
const maxAliases = 8

// aliasWord reads the word src[w:i] of a script that has other names for
// require or createRequire.
func (s *scanner) aliasWord(w, i int) {
	for _, a := range s.aliases {
		if string(s.src[w:i]) != a.text {
			continue
		}
		if a.creator {
			s.createRequire(i)
		} else {
			s.requireCall(w, i)
		}
	}
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

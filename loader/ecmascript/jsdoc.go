package ecmascript

import (
	"bytes"

	"github.com/eddy-build/eddy/module"
)

// This file reads the imports in documentation comments of JavaScript: the
// types of their tags, and @import. As in TypeScript, a comment counts where it
// documents something: before a statement, a member, a parameter, a variable, a
// function or a parenthesis, not before any other operand.

// attachDoc reads the comment src[start:end] if it documents what follows it.
func (s *scanner) attachDoc(start, end, pe int) {
	if end-start < len("/** @import */") || !bytes.Contains(s.src[start:end], []byte("import")) {
		return
	}
	documents, unsure := s.documents(start, end, pe)
	if !documents && !unsure {
		return
	}
	from := len(s.records)
	st, label := s.st, s.label
	s.readDoc(start, end)
	s.st, s.label = st, label
	if unsure && len(s.records) > from {
		// Parameters of an arrow function, if => follows their parenthesis.
		for i := from; i < len(s.records); i++ {
			s.records[i].dropped = true
		}
		s.paramDocs = append(s.paramDocs, paramDoc{s.top().open, int32(from), int32(len(s.records))})
	}
}

// docRun is what is known of the comments between two tokens, so that each is
// read only once however many there are.
type docRun struct {
	pe   int  // end of the token before
	seen int  // up to here line is known
	line bool // a line has ended since pe
	next int  // offset of the token behind
}

// paramDoc is a range of records that count if the parenthesis at open holds
// the parameters of an arrow function.
type paramDoc struct{ open, from, to int32 }

// keepParamDocs makes the comments in the parenthesis at open count.
func (s *scanner) keepParamDocs(open int) {
	for n := len(s.paramDocs); n > 0 && int(s.paramDocs[n-1].open) >= open; n = len(s.paramDocs) {
		d := s.paramDocs[n-1]
		s.paramDocs = s.paramDocs[:n-1]
		if int(d.open) != open {
			continue
		}
		for i := d.from; i < d.to; i++ {
			s.records[i].dropped = false
		}
	}
}

// documents reports whether a comment documents what follows it, or unsure where
// that depends on what its parenthesis turns out to be.
func (s *scanner) documents(start, end, pe int) (documents, unsure bool) {
	run := &s.docRun
	if run.pe != pe {
		*run = docRun{pe: pe, seen: pe, line: pe == 0, next: s.trivia(end)}
	}
	run.line = run.line || s.newline(run.seen, start)
	run.seen = start
	next, ownLine := run.next, run.line
	c := s.src[next]
	operand := c == '(' || s.wordAt(next, "function") || s.wordAt(next, "async")
	word := s.startsWord(next)
	if word {
		j := s.trivia(s.identifier(next))
		operand = operand || s.src[j] == '=' && s.src[j+1] == '>'
	}
	switch s.st {
	case stStmt:
		return ownLine && c != '}' || c == '(', false
	case stName:
		return ownLine && c != '}', false
	case stDone:
		return ownLine && c != '}', false
	case stOp:
		return ownLine && (word || c == '{' || c == '@' || c == '"' || c == '\'') && !s.wordAt(next, "in") &&
			!s.wordAt(next, "instanceof"), false
	}
	if operand || pe == 0 {
		return true, false
	}
	f := s.top()
	last := s.src[pe-1]
	switch {
	case c == '}' || c == ')' || c == ']':
		return false, false
	case last == '(' || last == ',':
		return f.kind == kParams || last == ',' && f.kind.statements(), f.kind == kParen
	case f.kind.statements() || f.kind == kHead:
		for _, w := range [...]string{"var", "let", "const", "using"} {
			if bytes.HasSuffix(s.src[:pe], []byte(w)) {
				return true, false
			}
		}
	}
	return false, false
}

// readDoc reads the tags of the comment src[start:end]. For that time its end is
// the end of the source, so that nothing in it can reach beyond.
func (s *scanner) readDoc(start, end int) {
	defer func(was int, a, b byte, problems int) {
		s.src[end-2], s.src[end-1], s.end, s.doc = a, b, was, false
		s.problems = s.problems[:problems]
	}(s.end, s.src[end-2], s.src[end-1], len(s.problems))
	s.end, s.doc = end-2, true
	s.src[end-2], s.src[end-1] = 0, 0

	typedef, tagged := false, false
	for i := s.nextDocTag(start+3, true, tagged); i < s.end; i = s.nextDocTag(i, false, tagged) {
		tagged = true
		w := i + 1
		i = s.identifier(w)
		tag := string(s.src[w:i])
		i = s.docSpace(i)
		child := typedef
		typedef = false
		switch tag {
		case "type", "this", "enum":
			typedef = child && tag == "type"
			i = s.docType(i, true)
		case "return", "returns", "throws", "exception", "satisfies":
			i = s.docType(i, false)
		case "template":
			typedef = child
			i = s.docTemplate(s.docType(i, false))
		case "property", "prop":
			if typedef = child; child {
				i = s.docParam(i)
			}
		case "param", "arg", "argument":
			i = s.docParam(i)
		case "typedef":
			typedef = s.src[i] != '{'
			after := s.docType(i, false)
			if !typedef {
				text := bytes.Trim(s.src[i:after], "{}[] \t")
				typedef = string(text) == "Object" || string(text) == "object"
			}
			i = after
		case "implements", "extends", "augments":
			if s.src[i] == '{' {
				i = s.docSpace(i + 1)
			}
			for s.startsWord(i) || s.src[i] == '.' && i < s.end {
				i = max(s.identifier(i), i+1)
			}
			if s.src[i] == '<' {
				i, _ = s.skipType(i, typeArgs)
			}
		case "import":
			i = s.docImport(i)
		}
	}
}

// nextDocTag returns the offset of the next @ at or after i that begins a tag, or
// the end: at the beginning of a line, or between a space and a name, outside
// of {@link …} and, behind the first tag, of backticks.
func (s *scanner) nextDocTag(i int, lineStart, tagged bool) int {
	ticks := false
	for ; i < s.end; i++ {
		switch c := s.src[i]; {
		case c == '\n' || c == '\r':
			lineStart, ticks = true, false
		case c == ' ' || c == '\t':
		case c == '*' && lineStart:
		case c == '@':
			after := s.src[i+1]
			if (lineStart || !ticks && (s.src[i-1] == ' ' || s.src[i-1] == '\t')) && class[after]&clSpace == 0 {
				return i
			}
			lineStart = false
		case c == '{' && !ticks && s.src[i+1] == '@':
			n := bytes.IndexAny(s.src[i:s.end], "}\n")
			if n < 0 {
				return s.end
			}
			i += n - 1
			lineStart = false
		case c == '`':
			ticks = tagged && !ticks
			lineStart = false
		default:
			lineStart = false
		}
	}
	return s.end
}

// docSpace skips white space, and asterisks at the beginning of a line.
func (s *scanner) docSpace(i int) int {
	line := false
	for ; i < s.end; i++ {
		c := s.src[i]
		if class[c]&clSpace == 0 && (c != '*' || !line) {
			break
		}
		line = line || c == '\n' || c == '\r'
		s.work++
	}
	return i
}

// docType reads the type of a tag at i: in braces, or bare where that may be.
func (s *scanner) docType(i int, bare bool) int {
	if s.src[i] == '{' {
		j, _ := s.skipType(i+1, typeRoot)
		if s.src[j] == '}' {
			j++
		}
		return j
	}
	if bare && s.startsWord(i) {
		j, _ := s.skipType(i, typeRoot)
		return max(j, i)
	}
	return i
}

// docParam reads the type of a parameter, before its name or behind it.
func (s *scanner) docParam(i int) int {
	if s.src[i] == '{' {
		return s.docType(i, false)
	}
	for s.startsWord(i) || s.src[i] == '.' && i < s.end {
		i = max(s.identifier(i), i+1)
	}
	if i = s.docSpace(i); s.src[i] == '{' && s.src[i+1] != '@' {
		return s.docType(i, false)
	}
	return i
}

// docTemplate reads the default types of type parameters: A, [B = type].
func (s *scanner) docTemplate(i int) int {
	for {
		i = s.docSpace(i)
		open := s.src[i] == '['
		if open {
			i = s.docSpace(i + 1)
		}
		if !s.startsWord(i) {
			return i
		}
		i = s.identifier(i)
		if open {
			if i = s.docSpace(i); s.src[i] == '=' {
				i, _ = s.skipType(i+1, typeRoot)
			}
			if s.src[i] == ']' {
				i++
			}
		}
		j := s.docSpace(i)
		if s.src[j] != ',' {
			return i
		}
		i = j + 1
	}
}

// docImport reads the clause and the specifier of an @import tag.
func (s *scanner) docImport(i int) int {
	from := len(s.names)
	if s.startsWord(i) && !s.wordAt(i, "from") {
		end := s.identifier(i)
		s.names = append(s.names, name{fixed: nameDefault, alias: span{int32(i), int32(end)}})
		if i = s.trivia(end); s.src[i] == ',' {
			i = s.trivia(i + 1)
		}
	}
	if c := s.src[i]; c == '"' || c == '\'' {
		return s.specifier(i, module.Type, 0, from)
	}
	return s.importClause(i, module.Type, from)
}

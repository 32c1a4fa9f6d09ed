package ecmascript

import "github.com/eddy-build/eddy/module"

// importDeclaration reads an import declaration behind the word import, which
// ends at i.
func (s *scanner) importDeclaration(i int) int {
	src := s.src
	atTop := len(s.frames) == 1
	i = s.trivia(i)
	from := len(s.names)
	kind := module.Static
	switch {
	case src[i] == '"' || src[i] == '\'':
		s.module = s.module || atTop
		return s.specifier(i, kind, 0, from)
	case src[i] == '*' || src[i] == '{':
		s.module = s.module || atTop
		return s.importClause(i, kind, from)
	case !s.startsWord(i):
		return s.plainWord(i)
	}
	w, end := i, s.identifier(i)
	next := s.trivia(end)
	// type, defer and source may be names themselves.
	switch string(src[w:end]) {
	case "type", "typeof": // the latter is Flow's
		if s.modifies(next) {
			kind = module.Type
			w = next
		}
	case "defer", "source":
		if s.modifies(next) {
			w = next
		}
	}
	if w == next {
		if !s.startsWord(w) {
			s.module = s.module || atTop
			return s.importClause(w, kind, from)
		}
		end = s.identifier(w)
		next = s.trivia(end)
	}
	if src[next] == '=' {
		return s.importEquals(w, end, next, kind)
	}
	s.module = s.module || atTop
	s.names = append(s.names, name{fixed: nameDefault, alias: span{int32(w), int32(end)}})
	if src[next] == ',' {
		next = s.trivia(next + 1)
	}
	return s.importClause(next, kind, from)
}

// modifies reports whether the word before the token at i modifies an import,
// and is not a name that it imports.
func (s *scanner) modifies(i int) bool {
	switch s.src[i] {
	case '*', '{':
		return true
	}
	if !s.startsWord(i) {
		return false
	}
	if !s.wordAt(i, "from") {
		return true
	}
	// import type from "x", but import type from from "x" and import type from = …
	j := s.trivia(i + len("from"))
	return s.wordAt(j, "from") || s.src[j] == '='
}

// importClause reads what stands between a default import and the specifier,
// and the specifier.
func (s *scanner) importClause(i int, kind module.ImportKind, from int) int {
	whole := len(s.problems)
	if s.src[i] == '*' {
		i = s.trivia(i + 1)
		n := name{fixed: nameAll}
		if s.wordAt(i, "as") {
			i = s.trivia(i + len("as"))
			end := s.identifier(i)
			n.alias = span{int32(i), int32(end)}
			i = s.trivia(end)
		}
		s.names = append(s.names, n)
	} else if s.src[i] == '{' {
		i = s.specifierList(i)
	}
	if !s.wordAt(i, "from") {
		if len(s.problems) == whole {
			s.problem(i, `import without "from": add it, and the module's name`)
		}
		s.names = s.names[:from]
		s.st, s.pe = stExpr, i
		return i
	}
	i = s.trivia(i + len("from"))
	return s.specifier(i, s.kindOf(kind, from), 0, from)
}

// kindOf returns type for an import whose every name is imported for its type.
func (s *scanner) kindOf(kind module.ImportKind, from int) module.ImportKind {
	if kind == module.Static && from < len(s.names) {
		for _, n := range s.names[from:] {
			if !n.typed {
				return kind
			}
		}
		return module.Type
	}
	return kind
}

// specifierList reads { a, b as c, type d, "e" as f } at i and returns the
// offset of the token behind it. Of a broken list it returns where it breaks off.
func (s *scanner) specifierList(i int) int {
	src, open := s.src, i
	i = s.trivia(i + 1)
	for src[i] != '}' && i < s.end {
		var words [4]span
		n := 0
		for n < len(words) {
			end := i
			if s.startsWord(i) {
				end = s.identifier(i)
			} else if src[i] == '"' || src[i] == '\'' {
				end = s.stringEnd(i)
			}
			if end == i {
				break
			}
			words[n] = span{int32(i), int32(end)}
			n++
			i = s.trivia(end)
		}
		if n > 0 {
			s.names = append(s.names, s.nameOf(words[:n]))
		}
		switch {
		case src[i] == ',':
			i = s.trivia(i + 1)
		case src[i] == '}':
		case n == 0:
			s.problem(i, "unexpected text in a list of names: remove it")
			return i
		}
	}
	if i >= s.end {
		s.problem(open, "unclosed list of names: add }")
		return i
	}
	return s.trivia(i + 1)
}

// nameOf reads one specifier: a, a as b, type a, type a as b, where type and as
// may be names themselves; and Flow's typeof a.
func (s *scanner) nameOf(words []span) name {
	is := func(n int, w string) bool { return string(s.src[words[n].start:words[n].end]) == w }
	n := name{}
	switch {
	case len(words) == 2 && is(0, "typeof"): // Flow's
		n.typed = true
		words = words[1:]
	case len(words) == 2 && is(0, "type"): // type a; type as
		n.typed = true
		words = words[1:]
	case len(words) == 3 && is(0, "type") && is(1, "as") && is(2, "as"): // type, named as
	case len(words) == 4:
		n.typed = true
		words = words[1:]
	}
	n.name = words[0]
	if len(words) == 3 {
		n.alias = words[2]
		if s.keywordOf(int(n.name.start), int(n.name.end)) == kwCreateRequire {
			s.addAlias(requireAlias{text: string(s.src[n.alias.start:n.alias.end]), creator: true})
		}
	}
	return n
}

// specifier reads a module specifier at i, its attributes, and ends the
// declaration. The names since from are the import's.
func (s *scanner) specifier(i int, kind module.ImportKind, flags module.ImportFlags, from int) int {
	if c := s.src[i]; c != '"' && c != '\'' {
		s.problem(i, "import of no module: add its name in quotes")
		s.names = s.names[:from]
		s.st, s.pe = stExpr, i
		return i
	}
	end := s.stringEnd(i)
	j := s.trivia(end)
	s.pe = end
	if s.wordAt(j, "with") || s.wordAt(j, "assert") && !s.newline(end, j) {
		k := s.trivia(s.identifier(j))
		if s.src[k] == '{' {
			more, after := s.attributes(k)
			flags |= more
			s.pe = after
		}
	}
	if s.src[end-1] == s.src[i] && end > i+1 {
		s.add(i, end, kind, flags, from)
	}
	s.st = stDone
	return s.pe
}

// attributes reads { type: "json" } at i and returns the offset behind it. The
// resolution mode changes how the specifier is resolved.
func (s *scanner) attributes(i int) (flags module.ImportFlags, end int) {
	i = s.trivia(i + 1)
	mode := false
	for i < s.end && s.src[i] != '}' {
		switch c := s.src[i]; {
		case c == '"' || c == '\'':
			end := s.stringEnd(i)
			text := s.src[i+1 : max(end-1, i+1)]
			if mode && string(text) == "require" {
				flags |= module.Require
			}
			mode = string(text) == "resolution-mode"
			i = end
		case s.startsWord(i):
			mode = false
			i = s.identifier(i)
		case c == ':':
			i++
		case c == ',':
			mode = false
			i++
		default:
			return flags, i
		}
		i = s.trivia(i)
	}
	return flags, min(i+1, s.end)
}

// importEquals reads import a = require("x") or import a = b.c; the name is
// src[w:end] and the = at eq.
func (s *scanner) importEquals(w, end, eq int, kind module.ImportKind) int {
	i := s.trivia(eq + 1)
	if s.wordAt(i, "require") {
		if paren := s.trivia(i + len("require")); s.src[paren] == '(' {
			s.module = s.module || len(s.frames) == 1
			if a := s.argumentAt(paren); a.literal && s.src[a.start] != '`' {
				from := len(s.names)
				s.names = append(s.names, name{fixed: nameAll, alias: span{int32(w), int32(end)}})
				flags := module.Require
				if s.exporting {
					flags |= module.Reexport
				}
				s.add(a.start, a.end, kind, flags, from)
				i = a.next
				if s.src[i] == ',' {
					i = s.trivia(i + 1)
				}
				s.st, s.pe = stDone, i+1
				return i + 1
			}
		}
	}
	s.st, s.pe = stExpr, i
	return i
}

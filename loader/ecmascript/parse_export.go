package ecmascript

import "github.com/eddy-build/eddy/module"

// exportDeclaration reads behind the word export, which ends at i.
func (s *scanner) exportDeclaration(i int) int {
	src := s.src
	if len(s.frames) == 1 {
		s.module = true
	}
	i = s.trivia(i)
	s.pe = i
	from := len(s.names)
	switch src[i] {
	case '*':
		return s.exportAll(i, module.Static)
	case '{':
		return s.exportList(i, module.Static, from)
	case '=':
		s.st, s.pe = stExpr, i+1
		return i + 1
	}
	if !s.startsWord(i) {
		return i
	}
	end := s.identifier(i)
	next := s.trivia(end)
	switch string(src[i:end]) {
	case "default":
		return s.exportDefault(end, next)
	case "type":
		switch src[next] {
		case '*':
			return s.exportAll(next, module.Type)
		case '{':
			return s.exportList(next, module.Type, from)
		}
	case "import":
		s.exporting = true
		i = s.importDeclaration(end)
		s.exporting = false
		return i
	case "as":
		// export as namespace X
		if s.wordAt(next, "namespace") {
			next = s.trivia(next + len("namespace"))
			s.pe = s.identifier(next)
			s.st = stDone
			return s.pe
		}
	}
	return i
}

// exportDefault reads behind export default: a declaration, or an expression.
func (s *scanner) exportDefault(end, next int) int {
	s.pe = end
	word := s.identifier(next)
	switch s.keywordOf(next, max(word, next)) {
	case kwFunction, kwClass, kwInterface:
		return next
	case kwAbstract:
		if s.wordAt(s.trivia(word), "class") {
			return next
		}
	case kwAsync:
		if j := s.trivia(word); s.wordAt(j, "function") && !s.newline(word, j) {
			return j
		}
	}
	if s.src[next] == '@' {
		return next
	}
	s.st = stExpr
	return end
}

// exportAll reads export * and export * as name at i.
func (s *scanner) exportAll(i int, kind module.ImportKind) int {
	from := len(s.names)
	i = s.trivia(i + 1)
	n := name{fixed: nameAll}
	if s.wordAt(i, "as") {
		i = s.trivia(i + len("as"))
		end := i
		if s.startsWord(i) {
			end = s.identifier(i)
		} else if c := s.src[i]; c == '"' || c == '\'' {
			end = s.stringEnd(i)
		}
		n.alias = span{int32(i), int32(end)}
		i = s.trivia(end)
	}
	s.names = append(s.names, n)
	return s.exportFrom(i, kind, from)
}

// exportList reads export { … } at i, with or without a specifier behind it.
func (s *scanner) exportList(i int, kind module.ImportKind, from int) int {
	i = s.specifierList(i)
	if s.wordAt(i, "from") {
		return s.exportFrom(i, s.kindOf(kind, from), from)
	}
	s.names = s.names[:from]
	s.st = stDone
	return i
}

func (s *scanner) exportFrom(i int, kind module.ImportKind, from int) int {
	if !s.wordAt(i, "from") {
		s.problem(i, `export without "from": add it, and the module's name`)
		s.names = s.names[:from]
		s.st = stDone
		return i
	}
	return s.specifier(s.trivia(i+len("from")), kind, module.Reexport, from)
}

// ambientModule reads declare module "x" from its name at i.
func (s *scanner) ambientModule(i int) int {
	end := s.stringEnd(i)
	s.ambients = append(s.ambients, span{int32(i), int32(end)})
	s.st, s.pe = stDone, end
	if j := s.trivia(end); s.src[j] == '{' {
		s.push(kBlock, fAmbient, stStmt, j)
		s.ambient = int32(len(s.ambients))
		s.st, s.pe = stStmt, j+1
		return j + 1
	}
	return end
}

package ecmascript

// typeMode says which types skipType reads.
type typeMode uint8

const (
	typeRoot typeMode = iota // one type, that ends where nothing continues it
	typeList                 // types with commas between them: implements A, B
	typeArgs                 // type arguments or parameters in angle brackets
	typeTry                  // the same, given up at what cannot be one
)

// typeLevel is one open bracket among types, with the state behind it.
type typeLevel uint8

const (
	tRoot     typeLevel = iota
	tAngle              // < >
	tParen              // ( )
	tBracket            // [ ]
	tBrace              // { }
	tTemplate           // ${ }
	tCond               // ? :
	tKind     typeLevel = 7

	tExtends typeLevel = 1 << 3 // extends was read: a ? begins a conditional type

	tThenOperand typeLevel = 1 << 4 // behind it an operand is expected
	tThenName    typeLevel = 1 << 5 // behind it a member's name is
	tCall        typeLevel = 1 << 6 // the parentheses of import("x"): no parameters
)

// The states among types.
type typeState uint8

const (
	tsOperand typeState = iota // a type is expected
	tsAfter                    // a type has ended
	tsName                     // the name of a member is expected
)

// skipType reads the type that begins at i and returns the offset of the first
// token that is not part of it; s.typeEnd is the end of the last one that is.
// Imports in types are recorded. With typeTry it reports false for what cannot
// be a list of type arguments; the other modes read on through mistakes.
func (s *scanner) skipType(i int, mode typeMode) (int, bool) {
	src := s.src
	st := tsOperand
	pe := i
	parenEnd := -1 // end of the last ) of a type
	strict := mode == typeTry
	s.types = append(s.types[:0], tRoot)
	if mode >= typeArgs {
		s.types = append(s.types, tAngle)
		i++
		pe = i
	}
	defer func(from int) {
		s.typeEnd = pe
		s.work += pe - from
	}(i)
	for {
		c := src[i]
		for class[c]&clSpace != 0 {
			i++
			c = src[i]
		}
		top := &s.types[len(s.types)-1]
		kind := *top & tKind
		if class[c]&clStart != 0 || c >= 0x80 || c == '\\' {
			if c >= 0x80 {
				if n := s.spaceRune(i); n > 0 {
					i += n
					continue
				}
			}
			w := i
			i = s.identifier(i)
			if i == w {
				i++
			}
			if st == tsName {
				pe = i
				continue
			}
			if st == tsOperand {
				st, i = s.typeWord(w, i, kind)
				pe = i
				continue
			}
			if kind == tBrace && s.newline(pe, w) {
				st, pe = tsName, i
				continue
			}
			switch k := s.keywordOf(w, i); {
			case k == kwExtends && (kind == tAngle || !s.newline(pe, w)) && (len(s.types) > 1 || mode != typeList):
				*top |= tExtends
				st = tsOperand
			case k == kwIs && !s.newline(pe, w),
				k == kwIn && kind != tRoot,
				k == kwAs && kind == tBracket:
				st = tsOperand
			case kind == tRoot:
				return w, true
			case strict && kind != tBrace:
				return w, false
			}
			pe = i
			continue
		}
		switch c {
		case '/':
			if src[i+1] == '/' {
				i = s.lineComment(i)
				continue
			}
			if src[i+1] == '*' {
				i = s.blockComment(i)
				continue
			}
			return i, kind == tRoot
		case '.':
			if src[i+1] == '.' && src[i+2] == '.' {
				i += 3
				st = tsOperand
			} else if class[src[i+1]]&clDigit != 0 {
				i = s.numberEnd(i)
				st = tsAfter
			} else if st == tsAfter {
				i = s.trivia(i + 1)
				if src[i] == '#' {
					i++
				}
				i = s.identifier(i)
			} else {
				return i, kind == tRoot
			}
		case '(':
			if st == tsAfter {
				switch {
				case kind == tRoot && !s.doc:
					return i, true
				case strict && kind != tBrace:
					return i, false
				}
			}
			s.types = append(s.types, tParen)
			st = tsOperand
			i++
		case '[':
			switch {
			case st != tsAfter:
				s.types = append(s.types, tBracket)
			case kind != tBrace && s.newline(pe, i):
				if kind == tRoot {
					return i, true
				}
				s.types = append(s.types, tBracket)
			default:
				s.types = append(s.types, tBracket)
			}
			st = tsOperand
			i++
		case '{':
			if st == tsAfter {
				if kind == tRoot {
					return i, true
				}
				if strict {
					return i, false
				}
			}
			s.types = append(s.types, tBrace)
			st = tsName
			i++
		case '<':
			level := tAngle
			switch {
			case st == tsOperand:
				level |= tThenOperand
			case st == tsName:
				level |= tThenName
			case s.newline(pe, i) && kind == tBrace:
				level |= tThenName
			case s.newline(pe, i) && kind == tRoot:
				return i, true
			}
			s.types = append(s.types, level)
			st = tsOperand
			i++
		case '>', ')', ']', '}':
			for kind == tCond {
				s.types = s.types[:len(s.types)-1]
				kind = s.types[len(s.types)-1] & tKind
			}
			if kind == tRoot {
				return i, true
			}
			if kind != closes(c) && !(c == '}' && kind == tTemplate) {
				return i, false
			}
			level := s.types[len(s.types)-1]
			s.types = s.types[:len(s.types)-1]
			i++
			st = tsAfter
			switch {
			case c == ')' && level&tCall == 0:
				parenEnd = i
			case level&tThenOperand != 0:
				st = tsOperand
			case level&tThenName != 0:
				st = tsName
			case kind == tTemplate:
				st, i = s.typeTemplate(i)
			}
			if len(s.types) == 1 && mode >= typeArgs {
				pe = i
				return i, true
			}
		case '|', '&':
			if src[i+1] == c || src[i+1] == '=' {
				return i, kind == tRoot
			}
			st = tsOperand
			i++
		case '=':
			switch {
			case src[i+1] == '>':
				if pe != parenEnd {
					if kind == tRoot {
						return i, true
					}
					if strict {
						return i, false
					}
				}
				i += 2
				st = tsOperand
			case kind == tRoot:
				return i, true
			case kind == tAngle, kind == tParen && !strict:
				i++
				st = tsOperand
			default:
				return i, false
			}
		case '?':
			switch {
			case *top&tExtends != 0 && st == tsAfter:
				*top &^= tExtends
				s.types = append(s.types, tCond)
				st = tsOperand
			case st == tsAfter && (kind == tRoot || kind == tCond):
				return i, kind == tRoot
			case strict && kind == tAngle:
				return i, false
			}
			i++
		case ':':
			switch kind {
			case tCond:
				s.types = s.types[:len(s.types)-1]
			case tRoot:
				return i, true
			case tAngle:
				if strict {
					return i, false
				}
			}
			st = tsOperand
			i++
		case ',':
			for kind == tCond {
				s.types = s.types[:len(s.types)-1]
				top = &s.types[len(s.types)-1]
				kind = *top & tKind
			}
			*top &^= tExtends
			switch {
			case kind == tBrace:
				st = tsName
			case kind == tRoot && mode != typeList:
				return i, true
			default:
				st = tsOperand
			}
			i++
		case ';':
			if kind != tBrace {
				return i, kind == tRoot
			}
			*top &^= tExtends
			st = tsName
			i++
		case '!':
			if src[i+1] == '=' || st == tsAfter && s.newline(pe, i) {
				return i, kind == tRoot
			}
			if strict && kind == tAngle {
				return i, false
			}
			i++
		case '+', '-':
			if st == tsAfter && kind != tBrace {
				return i, kind == tRoot
			}
			i++
		case '*':
			if s.doc && s.newline(pe, i) {
				i++
				continue
			}
			if st == tsAfter {
				return i, kind == tRoot
			}
			st = tsAfter
			i++
		case '\'', '"':
			if st == tsAfter {
				switch {
				case kind == tRoot:
					return i, true
				case strict && kind != tBrace:
					return i, false
				case kind == tBrace:
					st = tsName
				}
			}
			i = s.stringEnd(i)
			if st == tsOperand {
				st = tsAfter
			}
		case '`':
			if st == tsAfter && kind == tRoot {
				return i, true
			}
			st, i = s.typeTemplate(i + 1)
		case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
			if st == tsAfter && kind == tRoot {
				return i, true
			}
			if st == tsAfter && kind == tBrace {
				st = tsName
			}
			i = s.numberEnd(i)
			if st == tsOperand {
				st = tsAfter
			}
		case '#':
			if kind != tBrace {
				return i, kind == tRoot
			}
			i = s.identifier(i + 1)
		case 0:
			if i >= s.end {
				return i, kind == tRoot
			}
			i++
			continue
		default:
			return i, kind == tRoot
		}
		pe = i
	}
}

// closes returns the level that a closing bracket ends.
func closes(c byte) typeLevel {
	switch c {
	case '>':
		return tAngle
	case ')':
		return tParen
	case ']':
		return tBracket
	}
	return tBrace
}

// typeTemplate reads a part of a template literal type from i on.
func (s *scanner) typeTemplate(i int) (typeState, int) {
	end, substitution := s.templateEnd(i)
	if substitution {
		s.types = append(s.types, tTemplate)
		return tsOperand, end
	}
	return tsAfter, end
}

// typeWord reads the word src[w:i] where a type is expected, in a bracket of
// some kind.
func (s *scanner) typeWord(w, i int, kind typeLevel) (typeState, int) {
	switch s.keywordOf(w, i) {
	case kwConst, kwIn:
		if kind == tAngle && s.startsWord(s.trivia(i)) {
			return tsOperand, i // of a type parameter
		}
	case kwKeyof, kwUnique, kwReadonly, kwInfer, kwNew, kwTypeof:
		if j := s.trivia(i); operandFollows(s.src[j]) || s.startsWord(j) {
			return tsOperand, i
		}
	case kwAbstract, kwAsserts, kwOut:
		if j := s.trivia(i); s.startsWord(j) && !s.newline(i, j) && !s.wordAt(j, "is") && !s.wordAt(j, "extends") {
			return tsOperand, i
		}
	case kwImport:
		if j := s.trivia(i); s.src[j] == '(' {
			s.importType(w, j)
			s.types = append(s.types, tParen|tCall)
			return tsOperand, j + 1
		}
	}
	return tsAfter, i
}

// operandFollows reports whether a type may begin with c, beside words.
func operandFollows(c byte) bool {
	switch c {
	case '(', '[', '{', '<', '\'', '"', '`', '-':
		return true
	}
	return class[c]&clDigit != 0
}

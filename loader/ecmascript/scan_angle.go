package ecmascript

// less decides what a < is: JSX, type parameters, a type assertion, type
// arguments, a comparison or a shift.
func (s *scanner) less(i, pe int) int {
	src := s.src
	if src[i+1] == '!' && src[i+2] == '-' && src[i+3] == '-' && s.html() {
		s.pe = pe
		return s.lineComment(i)
	}
	switch s.st {
	case stName:
		i, _ = s.skipType(i, typeArgs)
		s.pe = i
		return i
	case stDone:
		s.st = s.endStatement(i)
		fallthrough
	case stStmt, stExpr:
		if s.lang.jsx && !s.genericArrow(i+1) {
			i = s.jsxOpen(i)
			s.pe = i
			return i
		}
		if s.lang.ts || s.lang.jsx {
			s.st = stExpr
			i, _ = s.skipType(i, typeArgs)
			s.pe = i
			return i
		}
	case stOp:
		if s.top().kind == kClassHead {
			i, _ = s.skipType(i, typeArgs)
			s.pe = i
			return i
		}
		if s.lang.ts {
			if end, ok := s.typeArguments(i); ok {
				if s.async == pe {
					s.async = end
				}
				s.pe = end
				return end
			}
		}
	}
	for i++; src[i] == '<' || src[i] == '='; i++ {
	}
	s.st, s.pe = stExpr, i
	return i
}

// genericArrow reports whether the type parameters of an arrow function, and
// not a JSX element, begin behind a < in a file where both may stand: the rule
// is TypeScript's.
func (s *scanner) genericArrow(i int) bool {
	i = s.trivia(i)
	if !s.startsWord(i) {
		return false
	}
	if s.wordAt(i, "const") {
		if j := s.trivia(i + len("const")); s.startsWord(j) {
			i = j
		}
	}
	i = s.trivia(s.identifier(i))
	switch {
	case s.src[i] == ',', s.src[i] == '=':
		return true
	case s.wordAt(i, "extends"):
		c := s.src[s.trivia(i+len("extends"))]
		return c != '=' && c != '>' && c != '/'
	}
	return false
}

// html reports whether <!-- and --> begin comments: in scripts that are not
// modules, as far as that is known.
func (s *scanner) html() bool { return !s.lang.ts && !s.module }

// htmlClose reports whether a --> at i begins a comment: only white space and
// comments may precede it on its line.
func (s *scanner) htmlClose(pe, i int) bool {
	return s.html() && (pe == 0 || s.newline(pe, i))
}

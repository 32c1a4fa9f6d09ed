package ecmascript

// keyword reads the keyword k, which is src[w:i], and what belongs to it.
func (s *scanner) keyword(k keyword, w, i, pe int) int {
	s.pe = i
	if s.st >= stOp {
		if j, ok := s.operatorWord(k, w, i, pe); ok {
			return j
		}
		if s.async == pe {
			return s.plainWord(i)
		}
		if s.st = s.endStatement(w); s.st == stName {
			s.staticName(w, i)
			return i
		}
	}
	if s.trace.on {
		s.traceWord(w, i, s.st)
	}
	switch k {
	case kwTypeof, kwVoid, kwDelete, kwIn, kwInstanceof, kwAwait, kwVar, kwExtends:
		s.st = stExpr
	case kwConst:
		s.st = stExpr
		if j := s.trivia(i); s.src[j] == 'e' && s.wordAt(j, "enum") {
			s.st, s.pe = stStmt, j
			return j
		}
	case kwLet, kwUsing:
		return s.declarator(k, i)
	case kwNew:
		s.st = stExpr
		s.newURL(i)
	case kwIf, kwWhile, kwWith, kwCatch:
		return s.head(i, 0)
	case kwFor:
		j := s.trivia(i)
		if s.wordAt(j, "await") {
			i = j + len("await")
		}
		return s.head(i, fForOf)
	case kwSwitch:
		return s.head(i, fSwitchOf)
	case kwDo, kwElse, kwFinally:
		s.st = stStmt
	case kwTry:
		s.st = stStmt
		if j := s.trivia(i); s.src[j] == '{' {
			s.openTry(j)
			s.pe = j + 1
			return j + 1
		}
	case kwCase:
		s.push(kCase, 0, stStmt, w)
		s.st = stExpr
	case kwDefault:
		return s.plainWord(i) // its colon ends it as a label's does
	case kwReturn, kwThrow, kwBreak, kwContinue:
		s.st = stExpr
		if s.newline(i, s.trivia(i)) {
			s.st = stStmt
		}
	case kwYield:
		if !s.generator {
			return s.plainWord(i)
		}
		s.st = stExpr
		if s.newline(i, s.trivia(i)) {
			s.st = stDone
		}
	case kwFunction:
		return s.functionHead(w, i)
	case kwClass:
		return s.classHead(w, i)
	case kwAsync:
		return s.asyncWord(i)
	case kwImport:
		return s.importWord(w, i)
	case kwExport:
		if s.st == stStmt {
			return s.exportDeclaration(i)
		}
		s.st = stExpr
	case kwRequire:
		s.requireWord(w, i, pe)
		return s.plainWord(i)
	case kwCreateRequire:
		s.createRequire(i)
		return s.plainWord(i)
	case kwJest, kwVi:
		s.mockCall(i)
		return s.plainWord(i)
	case kwDeclare, kwAbstract, kwInterface, kwType, kwNamespace, kwModule, kwGlobal, kwEnum:
		if s.st == stStmt {
			return s.declarationWord(k, w, i)
		}
		if k == kwAbstract {
			if j := s.trivia(i); s.wordAt(j, "class") && !s.newline(i, j) {
				return j
			}
		}
		return s.plainWord(i)
	default:
		return s.plainWord(i)
	}
	return i
}

// plainWord makes the word that ends at i an operand.
func (s *scanner) plainWord(i int) int {
	if s.st == stStmt {
		s.label = i
	}
	s.st, s.pe = stOp, i
	return i
}

// operatorWord reads a word behind an operand where it is an operator or
// continues a declaration.
func (s *scanner) operatorWord(k keyword, w, i, pe int) (int, bool) {
	switch k {
	case kwIn, kwInstanceof:
		s.st = stExpr
		return i, true
	case kwOf:
		if f := s.top(); f.kind == kHead && f.flags&fForOf != 0 {
			s.st = stExpr
			return i, true
		}
	case kwAs, kwSatisfies:
		if s.st == stOp && !s.newline(pe, w) {
			i, _ = s.skipType(i, typeRoot)
			s.pe = s.typeEnd
			return i, true
		}
	case kwExtends:
		if s.top().kind == kClassHead {
			s.st = stExpr
			return i, true
		}
	case kwImplements:
		if s.top().kind == kClassHead {
			i, _ = s.skipType(i, typeList)
			s.st, s.pe = stOp, s.typeEnd
			return i, true
		}
	case kwFunction:
		if s.async == pe {
			s.st = stExpr
			return s.functionHead(w, i), true
		}
	}
	return i, false
}

// staticName notes the modifier static among the names of a class member.
func (s *scanner) staticName(w, i int) {
	if string(s.src[w:i]) == "static" {
		s.static = true
	}
}

// declarator reads what is behind let or using: a declaration begins only
// before a name or a pattern.
func (s *scanner) declarator(k keyword, i int) int {
	j := s.trivia(i)
	c := s.src[j]
	declares := s.startsWord(j) && !s.wordAt(j, "in") && !s.wordAt(j, "instanceof")
	if k == kwLet {
		declares = declares || c == '{' || c == '['
	} else {
		declares = declares && !s.newline(i, j) && !s.wordAt(j, "of") && !s.wordAt(j, "as")
	}
	if !declares {
		return s.plainWord(i)
	}
	s.st = stExpr
	return i
}

// head opens the parentheses behind if, for, while, with, switch or catch.
func (s *scanner) head(i int, flags frameFlags) int {
	j := s.trivia(i)
	if s.src[j] != '(' {
		s.st = stStmt
		return i
	}
	s.push(kHead, flags, stStmt, j)
	s.st, s.pe = stExpr, j+1
	return j + 1
}

// asyncWord reads the word async that ends at i.
func (s *scanner) asyncWord(i int) int {
	j := s.trivia(i)
	if !s.newline(i, j) {
		switch {
		case s.wordAt(j, "function"):
			return j
		case s.src[j] == '(', s.src[j] == '<', s.startsWord(j):
			s.plainWord(i)
			s.async = i
			return i
		}
	}
	return s.plainWord(i)
}

// functionHead reads a function from behind the word function, which begins at
// w, to the first of its parameters.
func (s *scanner) functionHead(w, i int) int {
	ret := stOp
	if s.st == stStmt {
		ret = stStmt
	}
	i = s.trivia(i)
	generator := s.src[i] == '*'
	if generator {
		i = s.trivia(i + 1)
	}
	if s.startsWord(i) {
		end := s.identifier(i)
		if s.keywordOf(i, end) == kwRequire {
			s.shadow()
		}
		i = s.trivia(end)
	}
	if s.src[i] == '<' {
		i, _ = s.skipType(i, typeArgs)
		i = s.trivia(i)
	}
	s.st, s.pe = stExpr, i
	if s.src[i] != '(' {
		s.st = ret
		return i
	}
	s.push(kFunc, fFunction, ret, w)
	s.generator = generator
	s.push(kParams, 0, stOp, i)
	s.pe = i + 1
	return i + 1
}

// functionTail reads a function from behind its parameters to the first token
// of its body, or to its end where it has none.
func (s *scanner) functionTail(i int) int {
	s.pe = i
	j := s.trivia(i)
	typed := s.src[j] == ':'
	if typed {
		j, _ = s.skipType(j+1, typeRoot)
		s.pe = s.typeEnd
		i = j
	}
	f := s.top()
	if f.kind != kFunc {
		s.st = stOp
		return i
	}
	if s.src[j] == '{' {
		if s.trace.on {
			s.traceBody(j, typed)
		}
		f.kind = kFuncBody
		s.st, s.pe = stStmt, j+1
		return j + 1
	}
	if s.st = s.pop(); s.st == stStmt {
		s.st = stDone
	}
	return i
}

// classHead reads a class from behind the word class, which begins at w, to
// what it extends or to its body.
func (s *scanner) classHead(w, i int) int {
	ret := stOp
	if s.st == stStmt {
		ret = stStmt
	}
	s.push(kClassHead, 0, ret, w)
	i = s.trivia(i)
	if s.startsWord(i) && !s.wordAt(i, "extends") && !s.wordAt(i, "implements") {
		i = s.trivia(s.identifier(i))
	}
	if s.src[i] == '<' {
		i, _ = s.skipType(i, typeArgs)
		i = s.trivia(i)
	}
	s.st, s.pe = stOp, i
	return i
}

// declarationWord reads the word src[w:i] at the beginning of a statement, where
// it may begin a declaration of TypeScript.
func (s *scanner) declarationWord(k keyword, w, i int) int {
	j := s.trivia(i)
	c := s.src[j]
	follows := s.startsWord(j) && !s.newline(i, j)
	switch {
	case k == kwEnum && s.startsWord(j):
		j = s.trivia(s.identifier(j))
		if s.src[j] == '{' {
			s.push(kObject, 0, stStmt, j)
			s.st, s.pe = stName, j+1
			return j + 1
		}
	case k == kwGlobal && c == '{':
		s.pe = j
		return j
	case (k == kwModule || k == kwNamespace) && (c == '"' || c == '\'') && !s.newline(i, j):
		return s.ambientModule(j)
	case !follows || s.wordAt(j, "in") || s.wordAt(j, "instanceof"):
	case k == kwDeclare || k == kwAbstract:
		s.pe = j
		return j
	case k == kwModule || k == kwNamespace:
		return s.namespaceHead(j)
	case k == kwType:
		if s.wordAt(j, "of") || s.wordAt(j, "as") || s.wordAt(j, "satisfies") {
			if next := s.src[s.trivia(s.identifier(j))]; next != '=' && next != '<' {
				break
			}
		}
		return s.typeAlias(j)
	case k == kwInterface:
		return s.interfaceHead(j)
	}
	return s.plainWord(i)
}

// namespaceHead reads the name of a namespace at i.
func (s *scanner) namespaceHead(i int) int {
	for {
		i = s.trivia(s.identifier(i))
		if s.src[i] != '.' {
			break
		}
		i = s.trivia(i + 1)
	}
	s.st, s.pe = stStmt, i
	if s.src[i] == '{' {
		s.push(kBlock, 0, stStmt, i)
		s.pe = i + 1
		return i + 1
	}
	return i
}

// typeAlias reads a type alias from its name at i to its end.
func (s *scanner) typeAlias(i int) int {
	i = s.identifier(i)
	s.pe = i
	i = s.trivia(i)
	if s.src[i] == '<' {
		i, _ = s.skipType(i, typeArgs)
		i = s.trivia(i)
	}
	if s.src[i] == '=' {
		i, _ = s.skipType(i+1, typeRoot)
		s.pe = s.typeEnd
	}
	s.st = stDone
	return i
}

// interfaceHead reads an interface from its name at i to its end.
func (s *scanner) interfaceHead(i int) int {
	i = s.trivia(s.identifier(i))
	if s.src[i] == '<' {
		i, _ = s.skipType(i, typeArgs)
		i = s.trivia(i)
	}
	if s.wordAt(i, "extends") {
		i, _ = s.skipType(i+len("extends"), typeList)
	}
	if s.src[i] == '{' {
		i, _ = s.skipType(i, typeRoot)
	}
	s.st, s.pe = stStmt, i
	if s.trace.on {
		s.traceEnd(i)
	}
	return i
}

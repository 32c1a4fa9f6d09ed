package ecmascript

// This file holds what the automaton does at a punctuator whose meaning depends
// on what is around it. Each method begins with the state in s.st and leaves
// the new one there; it returns the offset to go on from.

// member reads the name behind a point.
func (s *scanner) member(i int) int {
	if class[s.src[i]]&clStart == 0 {
		i = s.trivia(i)
		if s.src[i] == '#' {
			i++
		}
		if !s.startsWord(i) {
			return i
		}
	}
	w := i
	i = s.identifier(i)
	if i-w == 13 && s.src[w] == 'c' && s.keywordOf(w, i) == kwCreateRequire {
		s.createRequire(i)
	}
	return i
}

func (s *scanner) openParen(i, pe int) int {
	kind := kParen
	switch s.st {
	case stName:
		s.push(kFunc, fFunction, stName, i)
		s.generator, s.star, s.static = s.star, false, false
		kind = kParams
	case stOp:
		if s.async != pe {
			kind = kArgs
		}
	case stDone:
		s.endStatement(i)
	}
	var flags frameFlags
	if s.creator == i {
		kind, flags = kArgs, fRequire
	}
	s.push(kind, flags, stOp, i)
	s.st = stExpr
	return i + 1
}

func (s *scanner) closeParen(i, pe int) int {
	s.endVirtual()
	f := *s.top()
	i++
	s.pe = i
	switch f.kind {
	case kParen, kArgs:
		s.st = s.pop()
		s.closed = arrowHead{
			open: int(f.open), end: i, from: f.from, shadow: f.flags&fShadow != 0,
			certain: f.kind == kParen && (f.flags&fArrow != 0 || pe == int(f.open)+1),
		}
		if f.flags&fDecorator != 0 {
			i = s.decoratorTail(i, f.ret)
			s.pe = i
		} else if f.kind == kArgs && f.flags&fRequire != 0 {
			s.createdRequire(s.wordBefore(int(f.open)), i)
		}
	case kParams:
		s.pop()
		i = s.functionTail(i)
	case kHead:
		s.pop()
		s.st = stStmt
		if f.flags&fSwitchOf != 0 {
			if j := s.trivia(i); s.src[j] == '{' {
				s.push(kSwitch, 0, stStmt, j)
				i = j + 1
				s.pe = i
			}
		}
	default:
		s.problem(i-1, ") closes nothing: remove it")
		s.st = stOp
	}
	return i
}

func (s *scanner) openBrace(i int, st state) {
	switch st {
	case stOp, stDone:
		if f := s.top(); f.kind == kClassHead {
			f.kind = kClass
			s.st, s.static, s.star = stName, false, false
			return
		}
		if s.endStatement(i) == stStmt {
			s.push(kBlock, 0, stStmt, i)
		} else {
			s.push(kBlock, 0, s.afterBlock(), i)
		}
		s.st = stStmt
	case stStmt:
		s.push(kBlock, 0, stStmt, i)
		s.st = stStmt
	case stName:
		// A class's static block.
		s.push(kBlock, 0, stName, i)
		s.st, s.static = stStmt, false
	default:
		s.push(kObject, 0, stOp, i)
		s.st, s.star = stName, false
	}
}

// afterBlock is the state behind a block where no statement may stand.
func (s *scanner) afterBlock() state {
	if k := s.top().kind; k == kClass || k == kObject {
		return stName
	}
	return stOp
}

func (s *scanner) closeBrace(i int) int {
	s.endVirtual()
	f := s.top()
	if s.trace.on {
		s.traceClose(i, f.kind)
	}
	switch f.kind {
	case kBlock:
		if f.flags&fTry != 0 {
			if j := s.trivia(i + 1); s.wordAt(j, "catch") {
				s.tries[s.try-1].caught = true
			}
		}
		s.st = s.pop()
	case kFuncBody, kSwitch, kClass, kObject:
		s.st = s.pop()
	case kTemplate:
		end, substitution := s.templateEnd(i + 1)
		if substitution {
			s.st = stExpr
		} else {
			s.st = s.pop()
		}
		return end
	case kJSXExpr:
		s.pop()
		return s.jsx(i + 1)
	default:
		s.problem(i, "} closes nothing: remove it")
		s.st = stStmt
	}
	if s.trace.on && s.st == stStmt {
		s.traceEnd(i + 1)
	}
	return i + 1
}

func (s *scanner) equals(i, pe int) int {
	i++
	if s.src[i] == '>' {
		return s.arrow(i+1, pe)
	}
	for s.src[i] == '=' {
		i++
	}
	if s.st == stName && s.top().kind == kClass {
		var flags frameFlags
		if !s.static {
			flags = fFunction // an instance's fields are set when it is made
		}
		s.push(kInit, flags, stName, i)
		s.static = false
	}
	s.st = stExpr
	return i
}

// arrow begins the body of an arrow function at i. What stood in its parameters
// runs with it.
func (s *scanner) arrow(i, pe int) int {
	from := int32(len(s.records))
	flags := fFunction
	switch pe {
	case s.closed.end:
		from = s.closed.from
		s.keepParamDocs(s.closed.open)
		if s.closed.shadow {
			flags |= fShadow
		}
	case s.loneParam:
		flags |= fShadow
	}
	s.deferSince(from)
	kind, ret := kArrow, stOp
	j := s.trivia(i)
	if s.src[j] == '{' {
		kind, ret = kFuncBody, stDone
	} else if below := s.top(); below.kind == kCond || below.kind == kArrow && below.flags&fInCond != 0 {
		flags |= fInCond
	}
	s.push(kind, flags, ret, j).from = from
	if kind == kFuncBody {
		if s.trace.on {
			s.traceBody(j, pe == s.closed.end && s.closed.typed)
		}
		s.st = stStmt
		return j + 1
	}
	s.st = stExpr
	return i
}

func (s *scanner) colon(i, pe int) int {
	i++
	s.pe = i
	f := s.top()
	if s.st == stName {
		if f.kind == kObject {
			s.st = stExpr
			return i
		}
		i, _ = s.skipType(i, typeRoot)
		s.pe = s.typeEnd
		return i
	}
	if !s.closed.certain || s.closed.end != pe {
		if f.kind == kArrow && f.flags&fInCond != 0 {
			for f.kind == kArrow {
				s.pop()
				f = s.top()
			}
		}
		switch {
		case f.kind == kCond:
			s.pop()
			s.st = stExpr
			return i
		case f.kind == kCase, pe == s.label && s.st == stOp && f.kind.statements():
			if f.kind == kCase {
				s.pop()
			}
			s.st = stStmt
			return i
		}
	}
	if f.kind == kParen {
		f.flags |= fArrow
	}
	returns := s.closed.end == pe
	i, _ = s.skipType(i, typeRoot)
	s.st, s.pe = stOp, s.typeEnd
	if returns {
		s.closed.end, s.closed.typed = s.pe, true
	}
	return i
}

func (s *scanner) question(i int) int {
	src := s.src
	i++
	switch {
	case src[i] == '.' && class[src[i+1]]&clDigit == 0:
		s.st = stOp
		i++
		if src[i] == '<' && s.lang.ts {
			i, _ = s.skipType(i, typeArgs)
			return i
		}
		return s.member(i)
	case src[i] == '?':
		i++
		if src[i] == '=' {
			i++
		}
		s.st = stExpr
		return i
	case s.st == stName:
		return i
	}
	if f := s.top(); f.kind == kParen || f.kind == kParams || f.kind == kArgs {
		j := s.trivia(i)
		switch c := src[j]; {
		case c == ':', c == ',', c == ')', c == '=' && src[j+1] != '=' && src[j+1] != '>':
			// An optional parameter.
			if f.kind == kParen {
				f.flags |= fArrow
			}
			s.st = stOp
			return i
		}
	}
	s.push(kCond, 0, stOp, i)
	s.st = stExpr
	return i
}

// decorator reads what is behind an @: a name with its members, or a
// parenthesis. The state behind it is the state before it.
func (s *scanner) decorator(i int) int {
	i = s.trivia(i)
	if s.src[i] == '(' {
		s.push(kParen, fDecorator, s.st, i)
		s.st = stExpr
		return i + 1
	}
	if !s.startsWord(i) {
		return i
	}
	return s.decoratorTail(s.identifier(i), s.st)
}

// decoratorTail reads the members and arguments behind a decorator's name.
func (s *scanner) decoratorTail(i int, ret state) int {
	for {
		j := s.trivia(i)
		switch c := s.src[j]; {
		case c == '.' && s.src[j+1] != '.':
			i = s.member(j + 1)
			if i == j+1 {
				return i
			}
		case c == '!' && s.src[j+1] != '=':
			i = j + 1
		case c == '<' && s.lang.ts:
			i, _ = s.skipType(j, typeArgs)
		case c == '(':
			s.push(kArgs, fDecorator, ret, j)
			s.st = stExpr
			return j + 1
		default:
			s.st = ret
			return i
		}
	}
}

package ecmascript

// typeArguments reads type arguments of an expression if a list of them begins
// at i and what follows it lets TypeScript take it for one.
func (s *scanner) typeArguments(i int) (int, bool) {
	if s.src[i+1] == '=' || s.budget <= 0 {
		return i, false
	}
	mark := s.mark()
	end, ok := s.skipType(i, typeTry)
	s.budget -= end - i
	if ok && s.followsTypeArguments(end) {
		return end, true
	}
	s.reset(mark)
	return i, false
}

// followsTypeArguments is TypeScript's rule of the token behind type arguments.
func (s *scanner) followsTypeArguments(i int) bool {
	src := s.src
	j := s.trivia(i)
	switch src[j] {
	case '(', '`':
		return true
	case '<', '>', '+', '-':
		return false
	}
	if s.newline(i, j) {
		return true
	}
	switch c := src[j]; c {
	case '\'', '"', '{', '[', '!', '~', '@', '#', '/', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		// These begin an expression, / being an operator here.
		return c == '/' || c == '!' && src[j+1] == '='
	case '.':
		return class[src[j+1]]&clDigit == 0
	}
	if !s.startsWord(j) {
		return true
	}
	switch s.keywordOf(j, s.identifier(j)) {
	case kwIn, kwInstanceof, kwAs, kwSatisfies, kwExtends,
		kwCase, kwDefault, kwVar, kwConst, kwReturn, kwThrow, kwIf, kwElse, kwFor, kwWhile, kwDo, kwTry,
		kwCatch, kwFinally, kwSwitch, kwBreak, kwContinue, kwEnum, kwExport, kwWith:
		return true
	}
	return false
}

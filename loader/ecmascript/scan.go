package ecmascript

import (
	"unicode/utf8"
)

// syntax is what a file's name says of its syntax.
type syntax struct {
	ts          bool // TypeScript: type arguments in expressions
	jsx         bool // a < that begins an expression is a JSX element
	docs        bool // types in documentation comments count
	declaration bool // .d.ts: nothing of it runs
	module      bool // a module even without import and export
}

// state is what the scanner expects next.
type state uint8

const (
	stStmt state = iota // a statement
	stExpr              // an operand
	stName              // the name of a member of a class, an object or an enum
	stOp                // an operator: an operand has just ended
	stDone              // the end of an expression: an arrow function's block has just ended
)

// scanner reads one script in one pass: a pushdown automaton over tokens. The
// states say whether a slash divides or begins a regular expression, the frames
// what a bracket, a colon or a name means. It builds no tree, and never reads a
// byte more often than a constant number of times.
type scanner struct {
	lang syntax
	base int // offset of the script in its file
	src  []byte
	end  int // of the script in src; zero bytes follow

	frames    []frame
	scopes    []int32 // indices of the frames of the functions around the current position
	types     []typeLevel
	st        state
	try       int32 // number of the innermost try block of the current function, or 0
	generator bool  // the current function is a generator
	label     int   // end of the word that begins the current statement
	async     int   // end of the last word async that modifies what follows
	static    bool  // the current class member is static
	star      bool  // the current member is a generator
	loneParam int   // end of the last word require that is an arrow function's parameter
	creator   int   // offset of the parenthesis of the last createRequire(
	closed    arrowHead
	doc       bool // a documentation comment is being read
	typeEnd   int  // end of the last token of the last type
	docRun    docRun
	exporting bool // the import declaration is exported
	budget    int  // bytes that speculation may still read
	work      int  // bytes read ahead of the automaton: what bounds its time

	ambient int32 // number of the ambient module around the current position, or 0
	pe      int   // end of the last token, where a method has read several
	module  bool  // import or export at the top: the script is an ES module
	trace   trace
	found
}

// arrowHead is the last parenthesis that closed: the parameters of an arrow
// function if => follows.
type arrowHead struct {
	open    int
	end     int   // offset behind it, or behind the return type
	from    int32 // len(records) when it opened
	shadow  bool
	certain bool // cannot be anything else
	typed   bool // a return type stands behind it
}

// scan reads the whole script.
func (s *scanner) scan() {
	s.frames, s.scopes = append(s.frames[:0], frame{kind: kTop}), s.scopes[:0]
	s.label, s.async, s.loneParam, s.creator, s.closed.end = -1, -1, -1, -1, -1
	s.try, s.ambient, s.generator, s.static, s.star = 0, 0, false, false, false
	s.budget, s.work = 8*s.end+1<<16, 0
	s.docRun = docRun{pe: -1}
	s.st = stStmt
	i := 0
	if s.base == 0 && s.src[0] == '#' && s.src[1] == '!' {
		i = s.lineComment(0)
	}
	on := s.trace.on
	s.trace.on = false // the automaton reads the same comments again
	s.pragmas(i)
	s.trace.on = on
	s.tokens(i)
	s.endVirtual()
	if f := s.top(); f.kind != kTop {
		s.problem(int(f.open), "unclosed "+f.kind.String()+": add what closes it")
	}
}

// tokens is the automaton: it dispatches on the first byte of each token.
func (s *scanner) tokens(i int) {
	src := s.src
	st := s.st
	pe := i // end of the token before
	for {
		c := src[i]
		for class[c]&clSpace != 0 {
			i++
			c = src[i]
		}
		if class[c]&clStart != 0 {
			w := i
			i++
			for class[src[i]]&clIdent != 0 {
				i++
			}
			if src[i] >= 0x80 || src[i] == '\\' {
				i = s.identifier(i)
			}
			if st == stName {
				if i-w == 6 && src[w] == 's' {
					s.staticName(w, i)
				}
				pe = i
				continue
			}
			k := s.keywordOf(w, i)
			if k != kwNone {
				s.st = st
				i = s.keyword(k, w, i, pe)
				st, pe = s.st, s.pe
				continue
			}
			if st >= stOp && s.async != pe {
				st = s.endStatement(w)
				i = w
				if st == stName {
					pe = w // a new member begins
				}
				continue
			}
			if st == stStmt {
				s.label = i
			}
			if s.aliases != nil {
				s.aliasWord(w, i)
			}
			if s.trace.on {
				s.traceWord(w, i, st)
			}
			st, pe = stOp, i
			continue
		}
		switch c {
		case '.':
			if class[src[i+1]]&clDigit != 0 {
				i = s.numberEnd(i)
				if st != stName {
					st = stOp
				}
				pe = i
				continue
			}
			if src[i+1] == '.' && src[i+2] == '.' {
				if f := s.top(); f.kind == kParen && pe == int(f.open)+1 {
					f.flags |= fArrow
				}
				i += 3
				st, pe = stExpr, i
				continue
			}
			i = s.member(i + 1)
			st, pe = stOp, i
		case ',':
			i++
			s.endOperands()
			if s.trace.on {
				s.traceComma(i - 1)
			}
			st, pe = stExpr, i
			if s.top().kind == kObject {
				st = stName
			}
		case ';':
			i++
			st, pe = s.endStatement(i-1), i
		case '(':
			s.st = st
			i = s.openParen(i, pe)
			st, pe = s.st, i
		case ')':
			s.st = st
			i = s.closeParen(i, pe)
			st, pe = s.st, s.pe
		case '{':
			s.openBrace(i, st)
			st = s.st
			i++
			pe = i
		case '}':
			s.st = st
			i = s.closeBrace(i)
			st, pe = s.st, i
		case '[':
			if st == stDone {
				st = s.endStatement(i)
			}
			ret := stOp
			if st == stName {
				ret = stName
			}
			s.push(kIndex, 0, ret, i)
			i++
			st, pe = stExpr, i
		case ']':
			s.endVirtual()
			i++
			if s.top().kind == kIndex {
				st = s.pop()
			} else {
				s.problem(i-1, "] closes nothing: remove it")
				st = stOp
			}
			pe = i
		case '=':
			s.st = st
			i = s.equals(i, pe)
			st, pe = s.st, i
		case ':':
			s.st = st
			i = s.colon(i, pe)
			st, pe = s.st, s.pe
		case '?':
			s.st = st
			i = s.question(i)
			st, pe = s.st, i
		case '\'', '"':
			i = s.stringEnd(i)
			if st >= stOp {
				st = s.endStatement(i)
			}
			if st != stName {
				st = stOp
			}
			pe = i
		case '`':
			if st == stDone {
				st = s.endStatement(i)
			}
			end, substitution := s.templateEnd(i + 1)
			if substitution {
				s.push(kTemplate, 0, stOp, i)
				st = stExpr
			} else if st != stName {
				st = stOp
			}
			i = end
			pe = i
		case '/':
			switch {
			case src[i+1] == '/':
				i = s.lineComment(i)
				continue
			case src[i+1] == '*':
				start := i
				i = s.blockComment(i)
				if s.lang.docs && src[start+2] == '*' {
					s.st = st
					s.attachDoc(start, i, pe)
				}
				continue
			case st == stOp:
				i++
				if src[i] == '=' {
					i++
				}
				st = stExpr
			default:
				if st == stDone {
					s.endStatement(i)
				}
				i = s.regexEnd(i)
				st = stOp
			}
			pe = i
		case '<':
			s.st = st
			i = s.less(i, pe)
			st, pe = s.st, s.pe
		case '>':
			for i++; src[i] == '>' || src[i] == '='; i++ {
			}
			st, pe = stExpr, i
		case '+', '-':
			if src[i+1] == c {
				if c == '-' && src[i+2] == '>' && s.htmlClose(pe, i) {
					i = s.lineComment(i)
					continue
				}
				if st >= stOp && (st == stDone || s.newline(pe, i)) {
					st = s.endStatement(i)
				}
				i += 2
				if st != stOp {
					st = stExpr
				}
				pe = i
				continue
			}
			i++
			if src[i] == '=' {
				i++
			}
			st, pe = stExpr, i
		case '!':
			if src[i+1] != '=' && st == stOp && !s.newline(pe, i) {
				i++ // TypeScript's assertion that a value is not null
				pe = i
				continue
			}
			if src[i+1] == '=' {
				i++
			} else if st >= stOp {
				st = s.endStatement(i)
			}
			i++
			if st != stName {
				st = stExpr
			}
			pe = i
		case '~':
			if st >= stOp {
				s.endStatement(i)
			}
			i++
			st, pe = stExpr, i
		case '*', '&', '|', '^', '%':
			i++
			if st != stName {
				st = stExpr
			} else if c == '*' {
				s.star = true
			}
			pe = i
		case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
			i = s.numberEnd(i)
			if st >= stOp {
				st = s.endStatement(i)
			}
			if st != stName {
				st = stOp
			}
			pe = i
		case '@':
			if st >= stOp {
				st = s.endStatement(i)
			}
			s.st = st
			if s.trace.on && st == stStmt {
				s.traceStart(i)
			}
			i = s.decorator(i + 1)
			st, pe = s.st, i
		case '#':
			if st >= stOp {
				st = s.endStatement(i)
			}
			i = s.identifier(i + 1)
			if st != stName {
				st = stOp
			}
			pe = i
		default:
			switch {
			case i >= s.end:
				s.st = st
				return
			case c >= 0x80 && s.spaceRune(i) > 0:
				i += s.spaceRune(i)
				continue
			case s.startsWord(i):
				if st >= stOp && s.async != pe {
					st = s.endStatement(i)
				}
				i = s.identifier(i)
				if st == stStmt {
					s.label = i
				}
				if st != stName {
					st = stOp
				}
			case c >= 0x80:
				_, size := utf8.DecodeRune(src[i:])
				i += size
			default:
				i++
			}
			pe = i
		}
	}
}

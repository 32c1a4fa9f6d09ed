package python

import (
	"github.com/eddy-build/eddy/module"
)

// A scanner reads the logical lines of one file: what each begins with, and of
// the interesting ones the rest. It keeps its buffers from file to file.
type scanner struct {
	src   []byte
	stub  bool
	words bool // read every word: the file may call import functions

	skipper
	blocks   []block
	suite    scope // of the block that an indented line would open
	hasSuite bool
	noFields bool // formatted strings are read as plain ones

	imports  []found
	names    []module.ImportedName // of all imports, each with its range
	calls    []call
	all      []string
	hasAll   bool
	open     bool
	problems []problem

	imported aliases  // what the file calls the import functions
	checking []string // other names of TYPE_CHECKING

	spell []byte // scratch of names and literals
	text  interner

	exporter exporter

	work int // bytes looked at, to test that it is linear in the source
}

// A scope is what the blocks around a statement mean for its imports.
type scope struct {
	typ   bool  // never run: for type checkers alone
	class bool  // directly in the body of a class
	calls int32 // functions and lambdas around it
	guard int32 // one more than the calls around the with that expects a failed import; 0 for none
}

// flags returns the marks of an import there. A with in the same function may
// expect that it fails.
func (c scope) flags() module.ImportFlags {
	if c.guard > 0 && c.guard == c.calls+1 {
		return module.Optional
	}
	return 0
}

func (c scope) kind() module.ImportKind {
	switch {
	case c.typ:
		return module.Type
	case c.calls > 0:
		return module.Deferred
	}
	return module.Static
}

// A block is a run of lines of one indentation.
type block struct {
	column int
	scope
	clause clause
}

// A clause is the compound statement that the next elif, else, except or
// finally of a block belongs to.
type clause struct {
	kind clauseKind
	dead bool // an if whose later branches are never run
	// The imports of a try's body; last is negative until the body ends.
	first, last int
}

type clauseKind uint8

const (
	clauseOther clauseKind = iota
	clauseIf
	clauseTry
)

// found is one import with its place, before lines are counted.
type found struct {
	specifier   string
	start, end  int
	kind        module.ImportKind
	flags       module.ImportFlags
	first, last int // its names
	calls       int32
}

// problem is a diagnostic before lines are counted.
type problem struct {
	at        int
	severity  module.Severity
	code, msg string
}

// The number of diagnostics that a file may have: a binary file has no end of them.
const maxProblems = 20

func (s *scanner) problem(at int, code, msg string) {
	s.report(problem{at, module.Error, code, msg})
}

func (s *scanner) report(p problem) {
	if len(s.problems) < maxProblems {
		s.problems = append(s.problems, p)
	}
}

// reset makes s ready for a file, or for the same file once more.
func (s *scanner) reset(src []byte, stub bool) {
	s.src, s.stub, s.noFields = src, stub, false
	s.blocks = append(s.blocks[:0], block{scope: scope{typ: stub}})
	s.hasSuite = false
	s.imports, s.names, s.calls, s.problems = s.imports[:0], s.names[:0], s.calls[:0], s.problems[:0]
	s.all, s.hasAll, s.open = s.all[:0], false, false
	s.checking = s.checking[:0]
	if s.exporter.on {
		s.exporter.reset()
	}
}

// scan reads the source from i to its end.
func (s *scanner) scan(i int) {
	src := s.src
	for i < len(src) {
		column, at := indentation(src, i)
		s.work += at - i
		i = at
		if i == len(src) {
			return
		}
		switch {
		case isNewline(src[i]):
			i = newlineEnd(src, i)
		case src[i] == '#':
			i = lineEnd(src, i)
			if s.exporter.on {
				s.observeComment(at, i)
			}
			s.work += i - at
		default:
			s.indent(column, i)
			i = s.line(i)
		}
	}
}

// indentation measures the white space at i as Python does: a tab goes to the
// next multiple of eight, a form feed to the start, and of lines joined by
// backslashes the first that is indented counts.
func indentation(src []byte, i int) (column, end int) {
	first := 0
	for i < len(src) {
		switch src[i] {
		case ' ':
			column++
		case '\t':
			column = (column/8 + 1) * 8
		case '\f':
			column = 0
		case '\\':
			if i+1 >= len(src) || !isNewline(src[i+1]) {
				return max(first, column), i
			}
			if first == 0 {
				first = column
			}
			i = newlineEnd(src, i+1)
			continue
		default:
			if first > 0 {
				return first, i
			}
			return column, i
		}
		i++
	}
	return column, i
}

// indent opens and closes blocks for a line that begins at a column.
func (s *scanner) indent(column, at int) {
	top := &s.blocks[len(s.blocks)-1]
	if s.hasSuite {
		s.hasSuite = false
		if column > top.column {
			s.blocks = append(s.blocks, block{column: column, scope: s.suite})
			return
		}
		s.problem(at, "syntax", "an indented block is missing here")
	}
	for column < top.column && len(s.blocks) > 1 {
		s.blocks = s.blocks[:len(s.blocks)-1]
		top = &s.blocks[len(s.blocks)-1]
	}
	if column > top.column {
		s.problem(at, "syntax", "this line's indentation fits no block")
		s.blocks = append(s.blocks, block{column: column, scope: top.scope})
	}
}

// line reads the statements of the logical line at i and returns where the next
// line begins.
func (s *scanner) line(i int) int {
	src := s.src
	ctx := s.blocks[len(s.blocks)-1].scope
	for {
		at := blank(src, i)
		s.work += at - i
		i = at
		if i == len(src) {
			return i
		}
		switch {
		case isNewline(src[i]):
			return newlineEnd(src, i)
		case src[i] == '#':
			end := lineEnd(src, i)
			if s.exporter.on {
				s.observeComment(i, end)
			}
			s.work += end - i
			i = end
			continue
		case src[i] == ';':
			i++
			continue
		}
		end, stop, inner := s.statement(i, ctx)
		if s.exporter.on {
			s.observe(i, end, stop, ctx)
		}
		i = end
		if stop == ':' {
			i++
			at := blank(src, i)
			if at == len(src) || isNewline(src[at]) || src[at] == '#' {
				s.suite, s.hasSuite = inner, true
			}
			ctx = inner
		}
	}
}

// statement reads one statement. Of a compound one it reads the header, stops
// at its colon and returns the scope of the suite.
func (s *scanner) statement(i int, ctx scope) (end int, stop byte, inner scope) {
	src := s.src
	if !keywordStart[src[i]] {
		end, stop = s.skip(i, false, ctx)
		return end, stop, ctx
	}
	after := wordEnd(src, i)
	switch w := src[i:after]; string(w) {
	case "import":
		end, stop = s.importStatement(after, ctx)
		return end, stop, ctx
	case "from":
		end, stop = s.fromStatement(after, ctx)
		return end, stop, ctx
	case "if", "elif", "else", "try", "except", "finally":
		return s.clauseHeader(string(w), after, ctx)
	case "def":
		return s.function(after, ctx)
	case "async":
		if j := blank(src, after); j < len(src) && src[j] == 'd' {
			if e := wordEnd(src, j); string(src[j:e]) == "def" {
				return s.function(e, ctx)
			}
		} else if j < len(src) && src[j] == 'w' {
			if e := wordEnd(src, j); string(src[j:e]) == "with" {
				return s.withStatement(e, ctx)
			}
		}
		end, stop = s.skip(after, true, ctx)
		return end, stop, ctx
	case "class":
		inner = ctx
		inner.class = true
		end, stop = s.skip(s.pastName(after), true, ctx)
		return end, stop, inner
	case "with":
		return s.withStatement(after, ctx)
	case "for", "while", "match", "case":
		end, stop = s.skip(after, true, ctx)
		return end, stop, ctx
	case "__all__":
		end, stop = s.skip(i, false, ctx)
		if ctx.calls == 0 && !ctx.class {
			s.readAll(after, end)
		}
		return end, stop, ctx
	case "__path__", "globals", "sys":
		end, stop = s.skip(i, false, ctx)
		if w[0] != 's' || hasPrefix(src, after, ".modules") {
			s.open = true
		}
		return end, stop, ctx
	case "print", "exec":
		s.python2(i, after)
	}
	end, stop = s.skip(i, false, ctx)
	return end, stop, ctx
}

// keywordStart holds the first letters of the words that statement knows.
var keywordStart = func() *[256]bool {
	var t [256]bool
	for _, c := range "acdefgimpstw_" {
		t[c] = true
	}
	return &t
}()

func hasPrefix(src []byte, i int, prefix string) bool {
	return len(src)-i >= len(prefix) && string(src[i:i+len(prefix)]) == prefix
}

// pastName skips the name that a def or class gives, which is no use of it.
func (s *scanner) pastName(i int) int { return wordEnd(s.src, blank(s.src, i)) }

func (s *scanner) function(i int, ctx scope) (end int, stop byte, inner scope) {
	name := blank(s.src, i)
	i = wordEnd(s.src, name)
	if string(s.src[name:i]) == "__getattr__" && ctx.calls == 0 && !ctx.class {
		s.open = true
	}
	end, stop = s.skip(i, true, ctx)
	inner = ctx
	inner.calls++
	inner.class = false
	return end, stop, inner
}

// clauseHeader reads the header of an if, of a try, or of what goes with one.
func (s *scanner) clauseHeader(word string, i int, ctx scope) (end int, stop byte, inner scope) {
	top := &s.blocks[len(s.blocks)-1]
	inner = ctx
	switch word {
	case "try":
		end, stop = s.skip(i, true, ctx)
		top.clause = clause{kind: clauseTry, first: len(s.imports), last: -1}
	case "except", "else", "finally":
		cl := &top.clause
		if cl.kind == clauseTry && cl.last < 0 {
			cl.last = len(s.imports)
		}
		end, stop = s.skip(i, true, ctx)
		if word == "except" && cl.kind == clauseTry && catchesImportError(s.src[i:end]) {
			for n := cl.first; n < cl.last; n++ {
				if s.imports[n].calls == ctx.calls {
					s.imports[n].flags |= module.Optional
				}
			}
			cl.first = cl.last // once is enough, however many clauses follow
		}
		if word == "else" && cl.kind == clauseIf && cl.dead {
			inner.typ = true
		}
	case "if", "elif":
		end, stop = s.skip(i, true, ctx)
		run := s.condition(s.src[i:end])
		cl := clause{kind: clauseIf, dead: run == isTrue}
		if word == "elif" && top.clause.kind == clauseIf && top.clause.dead {
			cl.dead, run = true, isFalse
		}
		top.clause = cl
		if run == isFalse {
			inner.typ = true
		}
	}
	if word == "else" && top.clause.kind != clauseTry {
		top.clause = clause{}
	}
	return end, stop, inner
}

// python2 warns of the statements that only Python 2 knows.
func (s *scanner) python2(i, after int) {
	src := s.src
	j := after
	for j < len(src) && src[j] == ' ' {
		j++
	}
	if j == len(src) || j == after && src[j] != '"' && src[j] != '\'' {
		return
	}
	if src[j] != '"' && src[j] != '\'' {
		if !wordByte[src[j]] {
			return
		}
		switch string(src[j:wordEnd(src, j)]) {
		case "if", "else", "in", "is", "and", "or", "not", "for":
			return
		}
	}
	for _, p := range s.problems {
		if p.code == "python2" {
			return
		}
	}
	s.report(problem{i, module.Warning, "python2", "this is a statement of Python 2: the file is read as far as it can be"})
}

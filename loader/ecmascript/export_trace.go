package ecmascript

// trace is what the scanner notes of a script for the sake of its exports, while
// it reads it once: the automaton alone knows where a statement ends and where a
// quote begins a string. All lists are by position. Nothing is noted where
// exports are not asked for.
type trace struct {
	on     bool
	marks  []mark  // comments, and literals in which white space counts
	starts []start // words and decorators that may begin a declaration
	ends   []int32 // ends of statements: behind their last token, before the next
	commas []int32 // commas between the declarators of a statement
	bodies []body  // of functions
	opened []int32 // indices of the bodies around the current position
	common []common
}

// mark is a comment or a literal. Look-ahead reads some twice: each is noted once.
type mark struct {
	start, end int32
	comment    bool
}

// start is the beginning of a statement at the top, or in an ambient module.
type start struct {
	at      int32
	ambient bool
}

// body is the block of a function, with its braces.
type body struct {
	open, end int32
	typed     bool // the function says what it returns
}

// common is the word exports or module as an operand.
type common struct {
	at  int32
	top bool // it stands in no bracket
}

func (t *trace) clear(on bool) {
	t.on = false
	t.marks, t.starts, t.ends, t.commas = t.marks[:0], t.starts[:0], t.ends[:0], t.commas[:0]
	t.bodies, t.opened, t.common = t.bodies[:0], t.opened[:0], t.common[:0]
	t.on = on
}

func (t *trace) note(start, end int, comment bool) {
	if n := len(t.marks); n == 0 || int(t.marks[n-1].end) <= start {
		t.marks = append(t.marks, mark{int32(start), int32(end), comment})
	}
}

// declares reports whether what stands in a frame may be exported.
func (f *frame) declares() bool { return f.kind == kTop || f.kind == kBlock && f.flags&fAmbient != 0 }

func (s *scanner) traceStart(w int) {
	if f := s.top(); f.declares() {
		s.trace.starts = append(s.trace.starts, start{int32(w), f.kind != kTop})
	}
}

func (s *scanner) traceEnd(at int) {
	if s.top().declares() {
		s.trace.ends = append(s.trace.ends, int32(at))
	}
}

func (s *scanner) traceComma(at int) {
	if s.top().declares() {
		s.trace.commas = append(s.trace.commas, int32(at))
	}
}

func (s *scanner) traceBody(open int, typed bool) {
	s.trace.opened = append(s.trace.opened, int32(len(s.trace.bodies)))
	s.trace.bodies = append(s.trace.bodies, body{open: int32(open), end: int32(s.end), typed: typed})
}

func (s *scanner) traceBodyEnd(end int) {
	if n := len(s.trace.opened); n > 0 {
		s.trace.bodies[s.trace.opened[n-1]].end = int32(end)
		s.trace.opened = s.trace.opened[:n-1]
	}
}

func (s *scanner) traceCommon(w int) {
	top := true
	for n := len(s.frames) - 1; n >= 0 && top && !s.frames[n].declares(); n-- {
		top = s.frames[n].kind == kCond
	}
	s.trace.common = append(s.trace.common, common{int32(w), top})
}

// traceWord notes the word src[w:i] where it may begin a statement, or be an
// object of CommonJS.
func (s *scanner) traceWord(w, i int, st state) {
	if st == stStmt {
		s.traceStart(w)
	}
	if st <= stExpr && (s.wordIs(w, i, "exports") || s.wordIs(w, i, "module")) {
		s.traceCommon(w)
	}
}

func (s *scanner) wordIs(w, i int, text string) bool {
	return i-w == len(text) && string(s.src[w:i]) == text
}

// traceClose notes what a closing brace of a frame ends.
func (s *scanner) traceClose(i int, kind frameKind) {
	s.traceEnd(i)
	if kind == kFuncBody {
		s.traceBodyEnd(i + 1)
	}
}

package ecmascript

// frameKind says what construct a frame stands for.
type frameKind uint8

const (
	kTop      frameKind = iota // the file or script as a whole
	kBlock                     // { statements }
	kFuncBody                  // { statements } of a function
	kSwitch                    // { case … }
	kClass                     // { members } of a class
	kObject                    // { members } of an object literal, a pattern or an enum
	kParen                     // ( expression ), or the parameters of an arrow function
	kArgs                      // ( arguments )
	kParams                    // ( parameters ) of a function or method
	kHead                      // ( … ) behind if, for, while, with, switch, catch
	kIndex                     // [ … ]
	kTemplate                  // ${ … }
	kTag                       // the attributes of a JSX tag
	kText                      // the children of a JSX element
	kJSXExpr                   // { … } in a JSX tag or among children
	// The kinds from here on have no closing bracket: they end where the
	// construct around them goes on.
	kFunc      // a function between its name and its body
	kArrow     // the expression that is the body of an arrow function
	kCond      // between ? and : of a conditional expression
	kCase      // between case and :
	kInit      // the initializer of a class field
	kClassHead // between class and {
)

func (k frameKind) virtual() bool { return k >= kFunc }

// statements reports whether frames of this kind hold statements.
func (k frameKind) statements() bool { return k <= kSwitch }

var frameNames = [...]string{kTop: "file", kBlock: "block", kFuncBody: "function body", kSwitch: "switch", kClass: "class body",
	kObject: "object", kParen: "parenthesis", kArgs: "arguments", kParams: "parameters", kHead: "parenthesis", kIndex: "bracket",
	kTemplate: "template substitution", kTag: "JSX tag", kText: "JSX element", kJSXExpr: "JSX expression"}

func (k frameKind) String() string { return frameNames[k] }

// frameFlags are marks on a frame.
type frameFlags uint8

const (
	fFunction  frameFlags  = 1 << iota // runs later than what is around it
	fTry                               // the block of a try statement
	fAmbient                           // the body of declare module "x"
	fSwitchOf                          // the head of a switch
	fForOf                             // the head of a for
	fDecorator                         // the parentheses of a decorator
	fArrow                             // parentheses that can only be an arrow function's
	fShadow                            // declares a name require of its own
	fInCond    = fSwitchOf             // of kArrow: its end may be the : of a kCond
	fRequire   = fForOf                // of kArgs: the arguments of createRequire
)

// frame is one open construct. The frames are an explicit stack: nesting costs
// memory, not Go stack.
type frame struct {
	kind  frameKind
	flags frameFlags
	ret   state // the state behind its end
	gen   bool  // fFunction: the function around it is a generator
	saved int32 // fFunction, fTry: the try block around it; fAmbient: zero
	open  int32 // offset of its first byte
	from  int32 // len(s.records) when it opened
}

func (s *scanner) push(kind frameKind, flags frameFlags, ret state, open int) *frame {
	s.frames = append(s.frames, frame{kind: kind, flags: flags, ret: ret, open: int32(open), from: int32(len(s.records))})
	f := &s.frames[len(s.frames)-1]
	if flags&fFunction != 0 {
		f.saved, f.gen = s.try, s.generator
		s.try, s.generator = 0, false
		s.scopes = append(s.scopes, int32(len(s.frames)-1))
	}
	return f
}

func (s *scanner) top() *frame { return &s.frames[len(s.frames)-1] }

// pop ends the innermost frame and returns the state behind it.
func (s *scanner) pop() state {
	f := s.frames[len(s.frames)-1]
	s.frames = s.frames[:len(s.frames)-1]
	if f.flags&fFunction != 0 {
		s.try, s.generator = f.saved, f.gen
		s.scopes = s.scopes[:len(s.scopes)-1]
		if f.flags&fShadow != 0 {
			s.dropRequires(f.from)
		}
	}
	if f.kind == kBlock {
		if f.flags&fTry != 0 {
			s.try = f.saved
		}
		if f.flags&fAmbient != 0 {
			s.ambient = 0
		}
	}
	return f.ret
}

// endOperands ends the frames that a comma ends.
func (s *scanner) endOperands() {
	for k := s.top().kind; k == kArrow || k == kCond; k = s.top().kind {
		s.pop()
	}
}

// endVirtual ends all frames that have no closing bracket.
func (s *scanner) endVirtual() {
	for s.top().kind.virtual() {
		s.pop()
	}
}

// endStatement ends an expression that nothing continues, as automatic
// semicolon insertion does, and returns what is expected next. It ends before at.
func (s *scanner) endStatement(at int) state {
	s.endVirtual()
	switch k := s.top().kind; {
	case k.statements():
		if s.trace.on {
			s.traceEnd(at)
		}
		return stStmt
	case k == kClass:
		s.static = false
		return stName
	case k == kObject:
		return stName
	}
	return stExpr
}

// openTry opens the block of a try statement at i.
func (s *scanner) openTry(i int) {
	s.push(kBlock, fTry, stStmt, i).saved = s.try
	s.tries = append(s.tries, tryBlock{outer: s.try})
	s.try = int32(len(s.tries))
}

// tryBlock is a try statement's block: whose failure it catches is known only
// behind it.
type tryBlock struct {
	outer  int32 // number of the block around it in the same function, or 0
	caught bool  // it, or one around it, has a catch clause
}

package ecmascript

import "github.com/eddy-build/eddy/module"

// exportReader reads what a script declares from the heads of its statements:
// the scanner has traced where those begin and end. It reads no byte of a
// function's body, and keeps its buffers from script to script.
type exportReader struct {
	s         *scanner
	items     []item
	imports   []int32 // offsets of the import declarations
	pos       int     // what is before has been read
	at        int     // index of the current start
	nextEnd   int
	nextComma int
	decorated int    // offset of the decorators before the current statement, or -1
	ambient   bool   // the current statement stands in declare module "x"
	listed    bool   // an export names what it exports: nothing else of a declaration file is exported
	open      bool   // any name may exist
	prefix    string // of the signature of the current declaration
	asides    []span // what is said beside the names

	brackets []byte
	nextMark int // where markAt looks first
	nextBody int // where bodyAt does

	// What is made of the items.
	text     []byte
	emitted  []emitted // by item
	names    nameTable
	declared []declared // by number in names
	bindings nameTable
	bound    []binding // by number in bindings
	local    []byte    // the name that an item stands for
	key      []byte
	order    []int32
}

// item is a name that a script declares, exports or both.
type item struct {
	at     span   // of the name
	fixed  string // the name, where it is not written there
	kind   module.SymbolKind
	public bool
	// hidden items are found by their name alone: export default function f.
	hidden bool
	void   bool // exports.a = void 0, to be set later

	prefix   string
	from, to int32 // of the signature behind the prefix
	doc      int32 // offset of what its documentation stands before

	local    span   // the file's own name that it stands for
	spec     int32  // one more than the offset of the specifier of the module that it is passed on from
	imported string // its name there, where it is not written
	original span   // its name there, where it is
}

func (r *exportReader) reset(s *scanner) {
	*r = exportReader{
		s: s, items: r.items[:0], imports: r.imports[:0], brackets: r.brackets, asides: r.asides[:0], decorated: -1,
		text: r.text[:0], emitted: r.emitted, names: r.names, declared: r.declared,
		bindings: r.bindings, bound: r.bound, local: r.local, key: r.key, order: r.order,
	}
}

// read reads all declarations and exports of the script.
func (r *exportReader) read() {
	t := &r.s.trace
	t.on = false
	for r.at = 0; r.at < len(t.starts); r.at++ {
		st := t.starts[r.at]
		if int(st.at) < r.pos {
			continue
		}
		if r.s.src[st.at] == '@' {
			if r.decorated < 0 {
				r.decorated = int(st.at)
			}
			continue
		}
		if st.ambient && r.s.module {
			continue // it adds to another module
		}
		r.ambient = st.ambient
		r.statement(int(st.at))
		r.decorated = -1
	}
	if r.s.lang.declaration && r.s.module && !r.listed {
		for n := range r.items {
			r.items[n].public = true
		}
	}
	if !r.s.module && !r.s.lang.ts {
		r.nextEnd = 0
		r.commonJS()
	}
	if r.s.lang.docs {
		r.typedefs()
	}
}

// end returns the end of the statement in which i stands.
func (r *exportReader) end(i int) int {
	ends := r.s.trace.ends
	for r.nextEnd < len(ends) && int(ends[r.nextEnd]) <= i {
		r.nextEnd++
	}
	if r.nextEnd < len(ends) {
		return int(ends[r.nextEnd])
	}
	return r.s.end
}

func (r *exportReader) add(it item) { r.items = append(r.items, it) }

func (r *exportReader) span(i, end int) span { return span{int32(i), int32(end)} }

// word returns the word that begins at i, and its end.
func (r *exportReader) word(i int) (string, int) {
	if !r.s.startsWord(i) {
		return "", i
	}
	end := r.s.identifier(i)
	if end-i > len("namespace") {
		return "?", end
	}
	switch w := r.s.src[i:end]; string(w) {
	case "export":
		return "export", end
	case "default":
		return "default", end
	case "declare":
		return "declare", end
	case "abstract":
		return "abstract", end
	case "async":
		return "async", end
	case "await":
		return "await", end
	case "function":
		return "function", end
	case "class":
		return "class", end
	case "interface":
		return "interface", end
	case "type":
		return "type", end
	case "enum":
		return "enum", end
	case "namespace":
		return "namespace", end
	case "module":
		return "module", end
	case "global":
		return "global", end
	case "const":
		return "const", end
	case "let":
		return "let", end
	case "var":
		return "var", end
	case "using":
		return "using", end
	case "import":
		return "import", end
	}
	return "?", end
}

// statement reads the statement that begins at w.
func (r *exportReader) statement(w int) {
	s := r.s
	doc := w
	if r.decorated >= 0 {
		doc = r.decorated
	}
	i, exported := w, r.ambient
	r.prefix = ""
	for {
		r.pos = i + 1
		word, end := r.word(i)
		next := s.trivia(end)
		switch word {
		case "export":
			switch s.src[next] {
			case '*':
				r.star(next, doc)
				return
			case '{':
				r.list(next, false)
				return
			case '=':
				r.assigned(s.trivia(next+1), r.span(w, end), doc)
				return
			case '@':
				for r.at+1 < len(s.trace.starts) && s.src[next] == '@' {
					r.at++
					next = int(s.trace.starts[r.at].at)
				}
			}
			exported = true
			switch word, end := r.word(next); word {
			case "default":
				r.defaultExport(next, end, doc)
				return
			case "type":
				switch j := s.trivia(end); s.src[j] {
				case '*':
					r.star(j, doc)
					return
				case '{':
					r.list(j, true)
					return
				}
			case "?":
				if s.wordAt(next, "as") && s.wordAt(s.trivia(end), "namespace") {
					r.asides = append(r.asides, r.span(next, r.end(w)))
					return
				}
			}
		case "declare", "abstract":
			if !s.startsWord(next) || s.newline(end, next) {
				return
			}
			if word == "abstract" {
				r.prefix = "abstract "
			}
		default:
			r.declaration(i, exported, doc)
			return
		}
		i = next
	}
}

// declaration reads the declaration that begins at i, behind its modifiers.
func (r *exportReader) declaration(i int, exported bool, doc int) {
	s := r.s
	word, end := r.word(i)
	next := s.trivia(end)
	named := func(kind module.SymbolKind, at int) {
		if !s.startsWord(at) {
			return
		}
		to := r.end(i)
		r.add(item{at: r.span(at, s.identifier(at)), kind: kind, public: exported, prefix: r.prefix, from: int32(i), to: int32(to), doc: int32(doc)})
		r.pos = to
	}
	line := s.startsWord(next) && !s.newline(end, next)
	switch word {
	case "const":
		if s.wordAt(next, "enum") {
			named(module.SymbolType, s.trivia(next+len("enum")))
			return
		}
		r.variables(i, next, "const ", module.SymbolConstant, exported, doc)
	case "let":
		r.variables(i, next, "let ", module.SymbolVariable, exported, doc)
	case "var":
		r.variables(i, next, "var ", module.SymbolVariable, exported, doc)
	case "using":
		if line {
			r.variables(i, next, "using ", module.SymbolConstant, exported, doc)
		}
	case "await":
		if s.wordAt(next, "using") {
			r.variables(i, s.trivia(next+len("using")), "await using ", module.SymbolConstant, exported, doc)
		}
	case "async":
		if s.wordAt(next, "function") && !s.newline(end, next) {
			named(module.SymbolFunction, r.functionName(s.trivia(next+len("function"))))
		}
	case "function":
		named(module.SymbolFunction, r.functionName(next))
	case "class", "enum":
		named(module.SymbolType, next)
	case "interface", "type":
		if line {
			if word == "type" {
				if c := s.src[s.trivia(s.identifier(next))]; c != '=' && c != '<' {
					return
				}
			}
			named(module.SymbolType, next)
		}
	case "global":
		r.augmentation(i, next)
	case "namespace", "module":
		if c := s.src[next]; c == '"' || c == '\'' {
			r.augmentation(i, s.trivia(s.stringEnd(next)))
			return
		}
		if line && !s.wordAt(next, "in") && !s.wordAt(next, "instanceof") {
			named(module.SymbolModule, next)
		}
	case "import":
		r.importStatement(i, next, exported, doc)
	case "?":
		r.expando(i, end)
	}
}

func (r *exportReader) functionName(i int) int {
	if r.s.src[i] == '*' {
		return r.s.trivia(i + 1)
	}
	return i
}

// variables reads the declarators from i on of the statement that begins at w.
func (r *exportReader) variables(w, i int, prefix string, kind module.SymbolKind, exported bool, doc int) {
	s := r.s
	to := r.end(w)
	r.pos = to
	commas := s.trace.commas
	for r.nextComma < len(commas) && int(commas[r.nextComma]) < i {
		r.nextComma++
	}
	for {
		end := to
		if r.nextComma < len(commas) && int(commas[r.nextComma]) < to {
			end = int(commas[r.nextComma])
			r.nextComma++
		}
		it := item{kind: kind, public: exported, prefix: prefix, from: int32(i), to: int32(end), doc: int32(doc)}
		switch c := s.src[i]; {
		case c == '{' || c == '[':
			r.pattern(i, end, it)
		case s.startsWord(i):
			it.at = r.span(i, s.identifier(i))
			r.add(it)
		}
		if end == to {
			return
		}
		i = s.trivia(end + 1)
		doc = i
	}
}

// expando reads a.b = c at the top: it gives a, whose name is src[w:i], a member
// that importers can observe.
func (r *exportReader) expando(w, i int) {
	s := r.s
	if s.src[i] != '.' || s.wordAt(w, "exports") {
		return
	}
	for s.src[i] == '.' && class[s.src[i+1]]&clStart != 0 {
		i = s.identifier(i + 1)
	}
	if j := s.trivia(i); s.src[j] != '=' && s.src[j] != '[' || s.src[j+1] == '=' {
		return
	}
	to := r.end(w)
	r.add(item{at: r.span(w, i), kind: module.SymbolVariable, from: int32(w), to: int32(to), doc: int32(w)})
	r.pos = to
}

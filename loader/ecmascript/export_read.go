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
	decorated int  // offset of the decorators before the current statement, or -1
	ambient   bool // the current statement stands in declare module "x"
	listed    bool // an export names what it exports: nothing else of a declaration file is exported
	open      bool // any name may exist

	brackets []byte
	text     []byte
	ends     []int32
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
	imported string // its name there
}

func (r *exportReader) reset(s *scanner) {
	*r = exportReader{s: s, items: r.items[:0], imports: r.imports[:0], brackets: r.brackets, text: r.text[:0], ends: r.ends[:0], decorated: -1}
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
				r.list(next)
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
					r.list(j)
					return
				}
			case "?":
				if s.wordAt(next, "as") && s.wordAt(s.trivia(end), "namespace") {
					return
				}
			}
		case "declare", "abstract":
			if !s.startsWord(next) || s.newline(end, next) {
				return
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
		r.add(item{at: r.span(at, s.identifier(at)), kind: kind, public: exported, from: int32(i), to: int32(to), doc: int32(doc)})
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
	case "namespace", "module":
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

// pattern adds an item for each name that the pattern at i binds.
func (r *exportReader) pattern(i, limit int, it item) {
	s := r.s
	r.brackets = append(r.brackets[:0], s.src[i])
	bind := func(i int) int {
		end := s.identifier(i)
		it.at = r.span(i, end)
		r.add(it)
		return end
	}
	i = s.trivia(i + 1)
	for i < limit && len(r.brackets) > 0 {
		object := r.brackets[len(r.brackets)-1] == '{'
		c := s.src[i]
		switch {
		case c == '}' || c == ']':
			r.brackets = r.brackets[:len(r.brackets)-1]
			i = r.afterTarget(i+1, limit)
			continue
		case c == ',' || c == '.':
			i = s.trivia(i + 1)
			continue
		case c == '{' || c == '[' && !object:
			r.brackets = append(r.brackets, c)
			i = s.trivia(i + 1)
			continue
		}
		if !object || s.src[i-1] == '.' {
			if !s.startsWord(i) {
				return
			}
			i = r.afterTarget(bind(i), limit)
			continue
		}
		// A key, and a target behind its colon.
		key, end := i, i
		switch {
		case c == '[':
			end = r.skip(i+1, limit, false) + 1
		case c == '"' || c == '\'':
			end = s.stringEnd(i)
		case class[c]&clDigit != 0:
			end = s.numberEnd(i)
		case s.startsWord(i):
			end = s.identifier(i)
		}
		if end == i {
			return
		}
		i = s.trivia(end)
		if s.src[i] != ':' {
			if s.startsWord(key) {
				bind(key)
			}
			i = r.afterTarget(end, limit)
			continue
		}
		i = s.trivia(i + 1)
		switch c := s.src[i]; {
		case c == '{' || c == '[':
			r.brackets = append(r.brackets, c)
			i = s.trivia(i + 1)
		case s.startsWord(i):
			i = r.afterTarget(bind(i), limit)
		default:
			return
		}
	}
}

// afterTarget skips the default behind a target of a pattern, which ends at i.
func (r *exportReader) afterTarget(i, limit int) int {
	if i = r.s.trivia(i); i < limit && r.s.src[i] == '=' {
		i = r.skip(i+1, limit, true)
	}
	return i
}

// skip returns the offset of the bracket that closes what is around i, or of the
// next comma in it where commas count.
func (r *exportReader) skip(i, limit int, commas bool) int {
	src, marks := r.s.src, r.s.trace.marks
	m := r.markAt(i)
	depth := 0
	for i < limit {
		for m < len(marks) && int(marks[m].end) <= i {
			m++
		}
		if m < len(marks) && int(marks[m].start) <= i {
			if last := src[marks[m].end-1]; last == '{' && src[marks[m].end-2] == '$' && !marks[m].comment {
				depth++ // a substitution: the next part of the template closes it
			}
			i = int(marks[m].end)
			if c := src[marks[m].start]; c == '}' && !marks[m].comment {
				depth--
			}
			continue
		}
		switch src[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth == 0 {
				return i
			}
			depth--
		case ',':
			if depth == 0 && commas {
				return i
			}
		}
		i++
	}
	return limit
}

// star reads export * at i.
func (r *exportReader) star(i, doc int) {
	s := r.s
	r.listed = r.listed || !r.ambient
	it := item{at: r.span(i, i+1), fixed: nameAll, public: true, imported: nameAll, doc: int32(doc)}
	i = s.trivia(i + 1)
	if s.wordAt(i, "as") {
		i = s.trivia(i + len("as"))
		end := i
		if c := s.src[i]; c == '"' || c == '\'' {
			end = s.stringEnd(i)
		} else {
			end = s.identifier(i)
		}
		it.at, it.fixed, it.kind = r.span(i, end), "", module.SymbolModule
		i = s.trivia(end)
	}
	if s.wordAt(i, "from") {
		i = s.trivia(i + len("from"))
		it.spec = int32(i) + 1
		r.add(it)
	}
}

// list reads export { … } at i, with or without a specifier.
func (r *exportReader) list(i int) {
	s := r.s
	r.listed = r.listed || !r.ambient
	mark := s.mark()
	i = s.specifierList(i)
	spec := int32(0)
	if s.wordAt(i, "from") {
		spec = int32(s.trivia(i+len("from"))) + 1
	}
	for _, n := range s.names[mark.names:] {
		it := item{at: n.name, public: true, doc: n.name.start}
		if n.alias != (span{}) {
			it.at = n.alias
		}
		if spec != 0 {
			it.spec, it.imported = spec, decode(s.src[n.name.start:n.name.end])
		} else {
			it.local = n.name
		}
		r.add(it)
	}
	s.reset(mark)
}

// defaultExport reads behind export default; the word default is src[w:i].
func (r *exportReader) defaultExport(w, i, doc int) {
	s := r.s
	i = s.trivia(i)
	if s.src[i] == '@' {
		for r.at+1 < len(s.trace.starts) && s.src[i] == '@' {
			r.at++
			i = int(s.trace.starts[r.at].at)
		}
	}
	it := item{at: r.span(w, w+len(nameDefault)), fixed: nameDefault, public: true, doc: int32(doc), from: int32(i), kind: module.SymbolConstant}
	word, end := r.word(i)
	name := -1
	next := s.trivia(end)
	switch word {
	case "async":
		if s.wordAt(next, "function") && !s.newline(end, next) {
			it.kind, name = module.SymbolFunction, r.functionName(s.trivia(next+len("function")))
		}
	case "function":
		it.kind, name = module.SymbolFunction, r.functionName(next)
	case "class":
		it.kind, name = module.SymbolType, next
	case "interface":
		if s.startsWord(next) && !s.newline(end, next) {
			it.kind, name = module.SymbolType, next
		}
	case "abstract":
		if s.wordAt(next, "class") && !s.newline(end, next) {
			it.kind, name = module.SymbolType, s.trivia(next+len("class"))
		}
	}
	to := r.end(i)
	it.to = int32(to)
	r.pos = to
	if name < 0 {
		r.listed = r.listed || !r.ambient
		if end > i && s.trivia(end) >= s.trivia(to) {
			it.local, it.from, it.to = r.span(i, end), 0, 0
		}
	}
	r.add(it)
	if name >= 0 && s.startsWord(name) && !s.wordAt(name, "extends") && !s.wordAt(name, "implements") {
		it.at, it.fixed, it.public, it.hidden = r.span(name, s.identifier(name)), "", false, true
		r.add(it)
	}
}

// assigned reads export = e: e is at i and the word that exports it at.
func (r *exportReader) assigned(i int, at span, doc int) {
	s := r.s
	r.listed = r.listed || !r.ambient
	r.open = r.open || !r.ambient
	to := r.end(i)
	it := item{at: at, fixed: exportAssignment, public: true, kind: module.SymbolConstant, from: int32(i), to: int32(to), doc: int32(doc)}
	if end := s.identifier(i); end > i && s.trivia(end) >= s.trivia(to) {
		it.local, it.from, it.to = r.span(i, end), 0, 0
	}
	r.add(it)
	r.pos = to
}

// exportAssignment is the name of what export = and module.exports = export.
const exportAssignment = "export="

// importStatement notes an import declaration, for the names that it binds, and
// reads import a = b.
func (r *exportReader) importStatement(w, i int, exported bool, doc int) {
	s := r.s
	if s.wordAt(i, "type") {
		if j := s.trivia(i + len("type")); s.startsWord(j) && !s.wordAt(j, "from") {
			i = j
		}
	}
	if !s.startsWord(i) {
		r.imports = append(r.imports, int32(w))
		return
	}
	end := s.identifier(i)
	eq := s.trivia(end)
	if s.src[eq] != '=' {
		r.imports = append(r.imports, int32(w))
		return
	}
	j := s.trivia(eq + 1)
	to := r.end(w)
	it := item{at: r.span(i, end), public: exported, doc: int32(doc)}
	if s.wordAt(j, "require") {
		if paren := s.trivia(j + len("require")); s.src[paren] == '(' {
			if a := s.argumentAt(paren); a.literal {
				if exported {
					it.kind, it.spec, it.imported = module.SymbolModule, int32(a.start)+1, nameAll
					r.add(it)
				} else {
					r.imports = append(r.imports, int32(w))
				}
				r.pos = to
				return
			}
		}
	}
	it.kind, it.from, it.to = module.SymbolVariable, int32(w), int32(to)
	r.add(it)
	r.pos = to
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

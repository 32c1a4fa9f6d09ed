package ecmascript

import "github.com/eddy-build/eddy/module"

// This file reads the statements that export without a declaration, or bind what
// another module exports.

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

// list reads export { … } at i, with or without a specifier. Where it has the
// names of the file for their types alone, that is said aside.
func (r *exportReader) list(i int, typed bool) {
	s, open := r.s, i
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
			it.spec, it.original = spec, n.name
		} else {
			it.local = n.name
			typed = typed || n.typed
		}
		r.add(it)
	}
	if spec == 0 && typed {
		r.asides = append(r.asides, r.span(open, i))
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
			switch string(s.src[i:end]) {
			case "null", "true", "false", "this":
			default: // where nothing here declares it, it is a global variable
				it.kind = module.SymbolVariable
			}
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

package ecmascript

import (
	"bytes"

	"github.com/eddy-build/eddy/module"
)

// This file reads the exports of CommonJS. Every use of exports and of
// module.exports either sets a name that can be read, or does no harm, or makes
// the script open.

// commonJS reads all uses of the words exports and module.
func (r *exportReader) commonJS() {
	s := r.s
	r.pos = 0
	chain := len(r.items)
	for _, c := range s.trace.common {
		chain = r.commonUse(c, chain)
	}
	if chain < len(r.items) {
		r.open = true // what the last of a chain of assignments sets is not seen
	}
	if len(s.trace.common) == 0 || len(r.items) == 0 {
		r.open = true // a script that sets globals, if anything
	}
}

// before returns the offset of the last byte before i that is no white space, or -1.
func (r *exportReader) before(i int) int {
	for i--; i >= 0 && class[r.s.src[i]]&clSpace != 0; i-- {
	}
	return i
}

// commonUse reads one use. The items from chain on are names that wait for the
// value of the last of a chain of assignments; it returns where those begin now.
func (r *exportReader) commonUse(c common, chain int) int {
	s := r.s
	w := int(c.at)
	end := s.identifier(w)
	i := s.trivia(end)
	whole := s.wordAt(w, "module")
	if whole {
		if s.src[i] != '.' {
			if b := r.before(w); s.src[i] != '=' && (b < 1 || string(s.src[b-1:b+1]) != "==") && !r.follows(w, "typeof") {
				r.open = true
			}
			return chain
		}
		if i = s.trivia(i + 1); !s.wordAt(i, "exports") {
			return chain
		}
		end = i + len("exports")
		i = s.trivia(end)
	}
	switch s.src[i] {
	case '.', '[':
		name, after := s.trivia(i+1), 0
		if s.src[i] == '.' {
			if after = s.identifier(name); after == name {
				return chain
			}
		} else {
			after = r.skip(i+1, s.end, false)
			if c := s.src[name]; c != '"' && c != '\'' || s.trivia(s.stringEnd(name)) != after {
				if eq := s.trivia(after + 1); s.src[eq] == '=' && s.src[eq+1] != '=' {
					r.open = true
				}
				return chain
			}
			after++
		}
		eq := s.trivia(after)
		if s.src[eq] != '=' || s.src[eq+1] == '=' {
			return chain
		}
		at := r.span(name, after)
		if s.src[i] == '[' {
			at.end = int32(s.stringEnd(name))
		}
		it := item{at: at, kind: module.SymbolVariable, public: true, doc: int32(w)}
		return r.value(it, s.trivia(eq+1), c.top, chain)
	case '=':
		if s.src[i+1] == '=' {
			return chain
		}
		v := s.trivia(i + 1)
		if !whole {
			if !s.wordAt(v, "module") {
				r.open = true
			}
			return chain
		}
		r.moduleExports(r.span(w, end), v, c.top)
		return len(r.items)
	case ',', ')':
		r.argument(w, i)
		return len(r.items)
	}
	if !r.follows(w, "typeof") {
		r.open = true
	}
	return chain
}

// follows reports whether a word stands before w.
func (r *exportReader) follows(w int, word string) bool {
	b := r.before(w) + 1
	return bytes.HasSuffix(r.s.src[:b], []byte(word))
}

// value completes the names that are set to the value at v.
func (r *exportReader) value(it item, v int, top bool, chain int) int {
	s := r.s
	r.open = r.open || !top
	if top {
		if s.wordAt(v, "exports") || s.wordAt(v, "module") {
			r.add(it)
			return chain
		}
		to := r.end(v)
		it.from, it.to = int32(v), int32(to)
		it.kind = r.kindOfValue(v)
		text := s.src[v:to]
		it.void = bytes.HasPrefix(text, []byte("void 0")) || bytes.HasPrefix(text, []byte("undefined"))
		if end := s.identifier(v); end > v && s.trivia(end) >= s.trivia(to) && !it.void {
			it.local, it.from, it.to = r.span(v, end), 0, 0
		}
	}
	r.add(it)
	for n := chain; n < len(r.items)-1; n++ {
		o := &r.items[n]
		o.from, o.to, o.kind, o.void, o.local = it.from, it.to, it.kind, it.void, it.local
	}
	return len(r.items)
}

func (r *exportReader) kindOfValue(v int) module.SymbolKind {
	switch word, end := r.word(v); word {
	case "function":
		return module.SymbolFunction
	case "class":
		return module.SymbolType
	case "async":
		if r.s.wordAt(r.s.trivia(end), "function") {
			return module.SymbolFunction
		}
	}
	return module.SymbolVariable
}

// required returns the offset of the specifier of require("m") at i, and the end
// of the call.
func (r *exportReader) required(i int) (spec, end int, ok bool) {
	s := r.s
	if !s.wordAt(i, "require") {
		return 0, 0, false
	}
	paren := s.trivia(i + len("require"))
	if s.src[paren] != '(' {
		return 0, 0, false
	}
	a := s.argumentAt(paren)
	if !a.literal || s.src[a.next] != ')' {
		return 0, 0, false
	}
	return a.start, a.next + 1, true
}

// moduleExports reads module.exports = e, where e is at v.
func (r *exportReader) moduleExports(at span, v int, top bool) {
	s := r.s
	it := item{at: at, fixed: exportAssignment, kind: module.SymbolConstant, public: true, doc: at.start}
	if !top {
		r.add(it)
		r.open = true
		return
	}
	to := r.end(v)
	it.from, it.to = int32(v), int32(to)
	last := s.trivia(to)
	if spec, end, ok := r.required(v); ok && s.trivia(end) >= last {
		it.kind, it.from, it.to, it.spec, it.imported = module.SymbolModule, 0, 0, int32(spec)+1, nameAll
		r.add(it)
		return
	}
	r.add(it)
	if s.src[v] != '{' || !r.object(v) {
		r.open = true
	}
}

// object reads the names of the object literal at i. It reports whether those are
// all, and nothing is made of the literal.
func (r *exportReader) object(i int) bool {
	s := r.s
	closed := r.skip(i+1, s.end, false)
	all := true
	for i = s.trivia(i + 1); i < closed; {
		if s.src[i] == '.' {
			if spec, end, ok := r.required(s.trivia(i + 3)); ok {
				r.add(item{at: r.span(i, i+3), fixed: nameAll, public: true, spec: int32(spec) + 1, imported: nameAll, doc: int32(i)})
				i = end
			} else {
				all = false
			}
		} else if !r.property(i, closed) {
			all = false
		}
		if i = r.skip(i, closed, true); i < closed {
			i = s.trivia(i + 1)
		}
	}
	return all
}

// property reads one property at i of an object that ends at limit.
func (r *exportReader) property(i, limit int) bool {
	s := r.s
	begin := i
	for s.src[i] == '*' || s.wordAt(i, "get") || s.wordAt(i, "set") || s.wordAt(i, "async") {
		next := s.trivia(max(s.identifier(i), i+1))
		if c := s.src[next]; s.src[i] != '*' && (c == ',' || c == ':' || c == '(' || c == '}') {
			break
		}
		i = next
	}
	end := i
	switch c := s.src[i]; {
	case c == '"' || c == '\'':
		end = s.stringEnd(i)
	case class[c]&clDigit != 0:
		end = s.numberEnd(i)
	case s.startsWord(i):
		end = s.identifier(i)
	default:
		return false
	}
	it := item{at: r.span(i, end), kind: module.SymbolVariable, public: true, doc: int32(begin)}
	next := s.trivia(end)
	switch s.src[next] {
	case ',', '}':
		it.local = it.at
	case ':':
		v := s.trivia(next + 1)
		to := r.skip(v, limit, true)
		it.from, it.to, it.kind = int32(v), int32(to), r.kindOfValue(v)
		if word := s.identifier(v); word > v && s.trivia(word) >= to {
			it.local, it.from, it.to = r.span(v, word), 0, 0
		}
	default:
		it.from, it.to = int32(begin), int32(r.skip(i, limit, true))
		if begin == i || !s.wordAt(begin, "get") && !s.wordAt(begin, "set") {
			it.kind = module.SymbolFunction
		}
	}
	r.add(it)
	return true
}

// argument reads what is passed exports, which is at w, and goes on at i.
func (r *exportReader) argument(w, i int) {
	s := r.s
	b := r.before(w)
	if b < 0 {
		r.open = true
		return
	}
	if s.src[b] == '(' && s.src[i] == ',' && bytes.HasSuffix(s.src[:b], []byte("defineProperty")) {
		name := s.trivia(i + 1)
		if c := s.src[name]; c == '"' || c == '\'' {
			end := s.stringEnd(name)
			it := item{at: r.span(name, end), kind: module.SymbolVariable, public: true, doc: int32(w)}
			if name < r.pos {
				r.open = true // within the description of another
			} else {
				r.pos = r.skip(name, s.end, false)
				it.from, it.to = int32(name), int32(r.pos)
			}
			r.add(it)
			return
		}
	}
	if s.src[b] == ',' {
		if b = r.before(b); b > 0 && s.src[b] == ')' {
			for _, im := range s.records {
				if im.end <= int32(b) && r.before(b) == int(im.end)-1 && !im.dropped && !im.dynamic {
					call := bytes.TrimRight(s.src[:im.start], " \t\r\n")
					for _, star := range [...]string{"xportStar(require(", "xport_star(require("} {
						if bytes.HasSuffix(call, []byte(star)) {
							r.add(item{at: r.span(w, w+len("exports")), fixed: nameAll, public: true, spec: im.start + 1, imported: nameAll, doc: int32(w)})
							return
						}
					}
				}
			}
		}
	}
	r.open = true
}

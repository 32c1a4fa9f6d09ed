package python

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"slices"

	"github.com/eddy-build/eddy/module"
)

// ReadsExports says that the parsers read exports.
func (frontend) ReadsExports() {}

// An exporter gathers the names that a file binds when it is loaded. The scanner
// shows it every statement; it looks into those outside functions, and of the
// bodies of functions it keeps no more than a digest, where it needs one.
type exporter struct {
	on      bool
	list    []binding
	imports int // those before the statement

	current int    // the function or class being read; -1 for none
	text    []byte // its signature so far
	blocks  int    // how deep its last member stands; 0 before the first
	wantDoc bool

	decorators []byte
	deprecated string // what they say

	body    bodyMode
	first   []byte // the first parameter of the method
	digest  hash.Hash
	digests bool // something was written to digest

	aside    aside
	followed map[string]struct{} // words of the current definition that its signature does not keep
	imported []byte              // the imports in the current function

	globals  []binding // names that functions declare global
	comments int       // of the statement
	scratch  []byte
}

// bodyMode says which statements of a function's body importers may observe.
type bodyMode uint8

const (
	bodyNone bodyMode = iota // none: what it returns is written down
	bodySelf                 // those that may set attributes
	bodyAll                  // all: what it returns is inferred
)

// binding is an export before lines are counted.
type binding struct {
	module.Export
	start, end int
}

// maxSignature is how much of a signature is kept as text; of the rest there is
// a digest.
const maxSignature = 4096

func (x *exporter) reset() {
	x.list, x.globals, x.decorators = x.list[:0], x.globals[:0], x.decorators[:0]
	x.current, x.imports, x.wantDoc, x.deprecated = -1, 0, false, ""
	x.body, x.digests = bodyNone, false
	x.aside.reset()
	clear(x.followed)
	if x.digest == nil {
		x.digest = sha256.New()
	}
}

// observe looks at a statement, or at the header of a compound one, from i to
// end.
func (s *scanner) observe(i, end int, stop byte, ctx scope) {
	x := &s.exporter
	src := s.src[:end]
	s.work += end - i
	defer func() { x.imports, x.comments = len(s.imports), 0 }()
	if x.wantDoc {
		x.wantDoc = false
		if s.documentation(src, i) {
			return
		}
	}
	if ctx.calls > 0 {
		s.observeBody(src, i)
		return
	}
	x.endBody()
	if ctx.class && x.current >= 0 {
		s.member(src, i, stop)
		return
	}
	x.finish()
	if src[i] == '@' {
		s.decorator(src, i)
		return
	}
	first := len(x.list)
	s.topLevel(src, i, stop)
	s.asideBound(i, first)
	x.decorators, x.deprecated = x.decorators[:0], ""
}

// topLevel reads a statement outside classes and functions.
func (s *scanner) topLevel(src []byte, i int, stop byte) {
	after := wordEnd(src, i)
	word := string(src[i:after])
	if bytes.Contains(src[i:], []byte(":=")) {
		s.walruses(src, i)
	}
	switch word {
	case "import", "from":
		s.passedOn(src, after, word == "from")
	case "def", "class", "async":
		s.definition(src, i, after, stop)
	case "global", "return", "pass", "raise", "assert", "break", "continue", "nonlocal":
	case "del":
		s.asideStatement(src, i)
	case "if", "elif", "else", "try", "except", "finally", "while":
		s.asideHeader(src, i, word)
	case "for":
		s.asideHeader(src, i, word)
		s.loop(src, i, after)
	case "with":
		s.asideHeader(src, i, word)
		s.with(src, i, after)
	default:
		next := blank(src, after)
		switch {
		case word == "type" && next < len(src) && wordByte[src[next]]:
			e := wordEnd(src, next)
			s.bind(next, e, module.SymbolType, s.fold(src[i:]))
			return
		case word == "case" && stop == ':':
			s.asideHeader(src, i, word)
			s.captures(src, after)
			return
		case word == "match" && stop == ':' && next < len(src):
			s.asideHeader(src, i, word)
			return
		}
		if reachesNames(src[i:]) || handsItselfOver(src[i:]) {
			s.open = true
		}
		first := len(s.exporter.list)
		s.assignment(src, i)
		if first == len(s.exporter.list) && setsLater(src, after) {
			s.asideStatement(src, i)
		}
	}
}

// reachesNames reports whether a statement may bind names that it does not
// spell.
func reachesNames(text []byte) bool {
	for _, call := range [...]string{"globals()", "vars()", "locals()", "exec(", "_convert_(", "sys.modules["} {
		if bytes.Contains(text, []byte(call)) {
			return true
		}
	}
	return false
}

// definition reads the header of a function or class.
func (s *scanner) definition(src []byte, i, after int, stop byte) {
	x := &s.exporter
	kind := module.SymbolFunction
	if src[i] == 'a' {
		at := blank(src, after)
		after = wordEnd(src, at)
		switch string(src[at:after]) {
		case "def":
		case "for":
			s.loop(src, i, after)
			return
		case "with":
			s.with(src, i, after)
			return
		default:
			s.assignment(src, i)
			return
		}
	} else if src[i] == 'c' {
		kind = module.SymbolType
	}
	name := blank(src, after)
	end := wordEnd(src, name)
	if end == name {
		return
	}
	s.bind(name, end, kind, "")
	x.current = len(x.list) - 1
	x.list[x.current].Deprecated = x.deprecated
	x.text = append(append(x.text[:0], x.decorators...), s.folded(src[i:])...)
	x.blocks = 0
	x.wantDoc = stop == ':'
	if kind == module.SymbolFunction {
		x.beginBody(src, end, false)
	} else {
		x.text = append(x.text, ':')
	}
}

// member adds a statement in the body of a class to its signature.
func (s *scanner) member(src []byte, i int, stop byte) {
	x := &s.exporter
	if literalAlone(src, i) {
		return
	}
	if x.blocks == 0 {
		x.blocks = len(s.blocks)
	}
	for ; x.blocks < len(s.blocks); x.blocks++ {
		x.text = append(x.text, " {"...)
	}
	for ; x.blocks > len(s.blocks); x.blocks-- {
		x.text = append(x.text, " }"...)
	}
	x.text = append(append(x.text, ' '), s.folded(src[i:])...)
	x.text = append(x.text, ';')
	after := wordEnd(src, i)
	if len(x.text) > maxSignature && (hasPrefix(src, i, "import") || hasPrefix(src, i, "from")) {
		x.follow(src[i:])
	}
	switch string(src[i:after]) {
	case "async":
		at := blank(src, after)
		if after = wordEnd(src, at); string(src[at:after]) != "def" {
			return
		}
	case "def":
	default:
		return
	}
	name := blank(src, after)
	x.beginBody(src, wordEnd(src, name), true)
}

// beginBody reads the parameters of a function, from the end of its name.
func (x *exporter) beginBody(src []byte, i int, method bool) {
	x.body, x.digests, x.first = bodyAll, false, nil
	x.imported = x.imported[:0]
	x.digest.Reset()
	i = space(src, i)
	if i < len(src) && src[i] == '[' {
		i = space(src, pastBrackets(src, i))
	}
	if i == len(src) || src[i] != '(' {
		return
	}
	at := space(src, i+1)
	x.first = src[at:wordEnd(src, at)]
	i = space(src, pastBrackets(src, i))
	if hasPrefix(src, i, "->") {
		x.body = bodyNone
		if method && len(x.first) > 0 {
			x.body = bodySelf
		}
	}
}

// observeBody looks at a statement in a function.
func (s *scanner) observeBody(src []byte, i int) {
	x := &s.exporter
	text := src[i:]
	if hasPrefix(src, i, "global") {
		s.global(src, i)
		x.body = bodyAll // what it sets them to is observable
	}
	switch x.body {
	case bodyNone:
		return
	case bodySelf:
		if hasPrefix(text, 0, "import") || hasPrefix(text, 0, "from") {
			x.imported = append(append(x.imported, text...), ' ')
		}
		if !bytes.Contains(text, x.first) || text[0] != 'f' && text[0] != 'w' && text[0] != 'a' && bytes.IndexByte(text, '=') < 0 {
			return
		}
	}
	if literalAlone(src, i) {
		return
	}
	if x.comments > 0 {
		text = s.folded(text)
	}
	depth := [2]byte{byte(len(s.blocks)), '\n'}
	x.digest.Write(depth[:])
	x.digest.Write(text)
	x.digests = true
	x.follow(text)
}

func (x *exporter) endBody() {
	if x.digests {
		x.text = x.sum(append(x.text, " … "...))
		x.follow(x.imported)
	}
	x.body, x.digests = bodyNone, false
}

// sum appends what the digest is.
func (x *exporter) sum(to []byte) []byte {
	var buf [sha256.Size]byte
	return hex.AppendEncode(to, x.digest.Sum(buf[:0])[:16])
}

// finish ends the function or class that was read.
func (x *exporter) finish() {
	if x.current >= 0 {
		x.list[x.current].Signature = x.bounded(bytes.TrimRight(x.text, ":;"))
		x.current = -1
	}
	x.wantDoc = false
}

// bounded is a signature, of which what is too long is a digest.
func (x *exporter) bounded(text []byte) string {
	if len(text) <= maxSignature {
		return string(x.appendFollowed(text))
	}
	x.follow(text[maxSignature:])
	x.digest.Reset()
	x.digest.Write(text[maxSignature:])
	return string(x.appendFollowed(x.sum(append(text[:maxSignature:maxSignature], " … "...))))
}

// bind adds a name.
func (s *scanner) bind(start, end int, kind module.SymbolKind, signature string) {
	b := binding{start: start, end: end}
	b.Name, b.Kind, b.Signature = s.name(s.src[start:end]), kind, signature
	b.Visibility = visibility(b.Name)
	s.exporter.list = append(s.exporter.list, b)
}

// visibility goes by the underscores that a name begins with.
func visibility(name string) module.Visibility {
	switch {
	case name == "*" || name[0] != '_':
		return module.Public
	case len(name) > 4 && name[:2] == "__" && name[len(name)-2:] == "__":
		return module.Public
	case len(name) > 2 && name[:2] == "__":
		return module.Private
	}
	return module.Protected
}

// allExports completes the list: by position, with the names that no statement
// but a function's "global" mentions.
func (s *scanner) allExports() []binding {
	x := &s.exporter
	x.endBody()
	x.finish()
	if len(x.globals) > 0 {
		known := make(map[string]bool, len(x.list)+len(x.globals))
		for i := range x.list {
			known[x.list[i].Name] = true
		}
		for _, g := range x.globals {
			if !known[g.Name] {
				known[g.Name] = true
				x.list = append(x.list, g)
			}
		}
	}
	slices.SortStableFunc(x.list, func(a, b binding) int { return cmp.Compare(a.start, b.start) })
	return x.list
}

// exports makes facts of the names.
func (s *scanner) exports(path string, text text) []module.Export {
	list := s.allExports()
	if len(list) == 0 {
		return nil
	}
	at := s.positions(path, text)
	exports := make([]module.Export, len(list))
	for i := range list {
		exports[i] = list[i].Export
		exports[i].Span = at.span(list[i].start, list[i].end)
	}
	return exports
}

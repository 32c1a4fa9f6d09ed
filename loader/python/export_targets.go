package python

import (
	"bytes"

	"github.com/eddy-build/eddy/module"
)

// assignment reads "a = b, c = value", "a: T = value", "a += value".
func (s *scanner) assignment(src []byte, i int) {
	if c := src[i]; !wordByte[c] && c != '(' && c != '[' && c != '*' || '0' <= c && c <= '9' {
		return
	}
	begin, segment, depth := i, i, 0
	first := len(s.exporter.list)
	typed := -1 // where a value that is not needed begins
loop:
	for i < len(src) {
		c := src[i]
		switch {
		case c == '(' || c == '[' || c == '{':
			depth++
		case c == ')' || c == ']' || c == '}':
			depth--
		case depth > 0:
		case c == '=':
			if hasPrefix(src, i, "==") {
				break loop
			}
			target := src[:i]
			for n := len(target); n > segment && bytes.IndexByte([]byte("+-*/%@&|^<>!:"), target[n-1]) >= 0; n-- {
				target = target[:n-1]
			}
			if i > segment && (src[i-1] == '!' || (src[i-1] == '<' || src[i-1] == '>') && (i < 2 || src[i-2] != src[i-1])) {
				break loop
			}
			s.targets(target, segment)
			i++
			segment = i
			if !maybeTarget(src, blank(src, i)) {
				break loop
			}
			continue
		case c == ':' && segment == begin && !hasPrefix(src, i, ":="):
			if b := src[begin]; b != '(' && b != '[' {
				s.targets(src[:i], begin)
			} else if n := pastBrackets(src, begin); b == '(' && space(src, n) == i {
				s.targets(src[:i], begin)
			}
			for depth := 0; i < len(src) && (depth > 0 || src[i] != '='); i = past(src, i) {
				switch src[i] {
				case '(', '[', '{':
					depth++
				case ')', ']', '}':
					depth--
				}
			}
			typed = min(i, len(src))
			break loop
		case wordByte[c]:
			if w := src[i:wordEnd(src, i)]; keyword(w) {
				break loop
			}
		}
		i = past(src, i)
	}
	added := s.exporter.list[first:]
	if len(added) == 0 {
		return
	}
	whole, short := "", ""
	for n := range added {
		b := &added[n]
		b.Kind = module.SymbolVariable
		if constantName(b.Name) {
			b.Kind = module.SymbolConstant
		}
		if typed >= 0 {
			annotation := src[begin:typed]
			switch said := src[b.end:typed]; { // behind the name
			case bytes.Contains(said, []byte("TypeAlias")):
				b.Kind = module.SymbolType
			case bytes.Contains(said, []byte("Final")):
				b.Kind = module.SymbolConstant
			}
			if b.Kind == module.SymbolVariable {
				if short == "" {
					short = s.fold(annotation)
				}
				b.Signature = short
				continue
			}
		}
		if whole == "" {
			whole = s.fold(src[begin:])
		}
		b.Signature = whole
	}
}

// maybeTarget reports whether what begins at i may be a target and "=" again.
func maybeTarget(src []byte, i int) bool {
	if i == len(src) {
		return false
	}
	switch c := src[i]; {
	case c == '[' || c == '(' || c == '*':
		n := blank(src, pastBrackets(src, i))
		return n < len(src) && (src[n] == '=' || src[n] == ',' || src[n] == '.' || src[n] == '[')
	case '0' <= c && c <= '9':
		return false
	default:
		return wordByte[c]
	}
}

// constantName reports whether a name is spelled as constants are.
func constantName(name string) bool {
	upper := false
	for i := range len(name) {
		switch c := name[i]; {
		case 'A' <= c && c <= 'Z':
			upper = true
		case c != '_' && (c < '0' || c > '9'):
			return false
		}
	}
	return upper
}

// keyword reports whether a word cannot be in a target.
func keyword(w []byte) bool {
	switch string(w) {
	case "lambda", "if", "else", "and", "or", "not", "in", "is", "for", "await", "yield", "None", "True", "False",
		"return", "raise", "assert", "del", "pass", "import", "from", "as", "while", "global", "nonlocal":
		return true
	}
	return false
}

// targets binds the names from i to the end of src: of "a, (b, *c), d.e, f[g]"
// a, b and c.
func (s *scanner) targets(src []byte, i int) { s.namesBound(src, i, "") }

func (s *scanner) namesBound(src []byte, i int, signature string) {
	s.work += len(src) - i
	for i < len(src) {
		c := src[i]
		if !wordByte[c] {
			i = past(src, i)
			continue
		}
		end := wordEnd(src, i)
		next := space(src, end)
		if next < len(src) && (src[next] == '.' || src[next] == '[' || src[next] == '(') {
			i = trailers(src, next)
			continue
		}
		if keyword(src[i:end]) || '0' <= c && c <= '9' || next < len(src) && (wordByte[src[next]] || src[next] == '"' || src[next] == '\'') {
			return
		}
		s.bind(i, end, module.SymbolVariable, signature)
		i = next
	}
}

// trailers moves over attributes, subscripts and calls.
func trailers(src []byte, i int) int {
	for i < len(src) {
		switch src[i] {
		case '.':
			i = space(src, i+1)
			i = wordEnd(src, i)
		case '[', '(':
			i = pastBrackets(src, i)
		default:
			return i
		}
		i = space(src, i)
	}
	return i
}

// loop reads the targets of a for.
func (s *scanner) loop(src []byte, begin, i int) {
	depth := 0
	for from := i; i < len(src); i = past(src, i) {
		switch c := src[i]; {
		case c == '(' || c == '[' || c == '{':
			depth++
		case c == ')' || c == ']' || c == '}':
			depth--
		case depth == 0 && c == 'i' && string(src[i:wordEnd(src, i)]) == "in":
			s.namesBound(src[:i], from, s.fold(src[begin:]))
			return
		}
	}
}

// with reads the targets that follow each "as".
func (s *scanner) with(src []byte, begin, i int) {
	signature := ""
	for i < len(src) {
		if src[i] != 'a' || string(src[i:wordEnd(src, i)]) != "as" {
			i = past(src, i)
			continue
		}
		from := space(src, i+len("as"))
		end := from
		if from < len(src) && (src[from] == '(' || src[from] == '[') {
			end = pastBrackets(src, from)
		} else {
			end = space(src, wordEnd(src, from))
			end = trailers(src, end)
		}
		if signature == "" {
			signature = s.fold(src[begin:])
		}
		s.namesBound(src[:end], from, signature)
		i = max(end, i+1)
	}
}

// captures reads the names that a pattern binds, up to its guard.
func (s *scanner) captures(src []byte, i int) {
	begin := i
	signature := ""
	for before := byte(0); i < len(src); {
		c := src[i]
		if !wordByte[c] {
			if c > ' ' && c != '#' && c != '\\' {
				before = c
			}
			i = past(src, i)
			continue
		}
		end := wordEnd(src, i)
		next := space(src, end)
		w := src[i:end]
		switch {
		case string(w) == "if":
			return
		case keyword(w), string(w) == "_", '0' <= c && c <= '9', before == '.':
		case next < len(src) && (src[next] == '.' || src[next] == '(' || src[next] == '=' || src[next] == '"' || src[next] == '\''):
		default:
			if signature == "" {
				signature = s.fold(src[begin:])
			}
			s.bind(i, end, module.SymbolVariable, signature)
		}
		before, i = 0, end
	}
}

// walruses reads the names that := binds, in an expression of a statement.
func (s *scanner) walruses(src []byte, i int) {
	signature := ""
	begin := i
	for i < len(src) {
		if !wordByte[src[i]] {
			i = past(src, i)
			continue
		}
		end := wordEnd(src, i)
		if next := space(src, end); hasPrefix(src, next, ":=") {
			if signature == "" {
				signature = s.fold(src[begin:])
			}
			s.bind(i, end, module.SymbolVariable, signature)
		}
		i = end
	}
}

// global notes the names that a function may bind in its module.
func (s *scanner) global(src []byte, i int) {
	end := wordEnd(src, i)
	if string(src[i:end]) != "global" {
		return
	}
	for {
		i = blank(src, end)
		if end = wordEnd(src, i); end == i {
			return
		}
		b := binding{start: i, end: end}
		b.Name = s.name(src[i:end])
		b.Signature = "global " + b.Name
		b.Visibility = visibility(b.Name)
		s.exporter.globals = append(s.exporter.globals, b)
		if end = blank(src, end); end == len(src) || src[end] != ',' {
			return
		}
		end++
	}
}

// passedOn reads the names that an import statement binds, from behind its first
// word.
func (s *scanner) passedOn(src []byte, i int, from bool) {
	x := &s.exporter
	if from {
		for i < len(src) && string(src[i:wordEnd(src, i)]) != "import" {
			if i = blank(src, i); i < len(src) && (wordByte[src[i]] || src[i] == '.') {
				if string(src[i:wordEnd(src, i)]) == "import" {
					break
				}
				i = max(wordEnd(src, i), i+1)
			} else {
				return
			}
		}
		i = min(i+len("import"), len(src))
	}
	for n := x.imports; n < len(s.imports); n++ {
		im := &s.imports[n]
		for _, name := range s.names[im.first:im.last] {
			for i < len(src) && !wordByte[src[i]] && src[i] != '*' {
				i = past(src, i)
			}
			if i == len(src) {
				return
			}
			start, end := i, wordEnd(src, i)
			if src[i] == '*' {
				end = i + 1
			}
			i = end
			if !from {
				i = trailers(src, space(src, end))
			}
			if at := space(src, i); string(src[at:wordEnd(src, at)]) == "as" {
				start = space(src, at+len("as"))
				end = wordEnd(src, start)
				i = end
			}
			if start == end {
				return
			}
			b := binding{start: start, end: end}
			b.Name = s.name(src[start:end])
			b.Imported, b.Import = name.Name, int32(n+1)
			if b.Imported == "*" {
				b.Kind = module.SymbolModule
			}
			b.Visibility = visibility(b.Name)
			x.list = append(x.list, b)
		}
	}
}

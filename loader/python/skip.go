package python

import "bytes"

// A part is one level of a formatted string: the string itself, whose text is
// being read, or one of its replacement fields, whose code is, until a colon
// begins its format specification, which is text again.
type part struct {
	quote  byte
	triple bool
	raw    bool
	field  bool
	spec   bool
	depth  int // of the brackets inside the field, its own brace included
}

func (p part) text() bool { return !p.field || p.spec }

// A lambda is one that is being read, at a depth of brackets: first its
// parameters, then its body.
type lambda struct {
	depth int
	body  bool
}

// A skipper reads code up to the end of a statement or a header. Its stacks are
// explicit: nesting in the source costs memory, never the goroutine's stack.
type skipper struct {
	depth   int // of brackets
	open    int // where the outermost open bracket is
	parts   []part
	lambdas []lambda
}

// skip reads from i to the end of a statement and returns where it stopped and
// at what: '\n' for a line's end or the file's, ';', or ':' where it reads a
// header and found the colon that ends it.
func (s *scanner) skip(i int, header bool, ctx scope) (end int, stop byte) {
	src, start := s.src, i
	k := &s.skipper
	k.depth, k.parts, k.lambdas = 0, k.parts[:0], k.lambdas[:0]
	code := plainTable
	if header {
		code = headerTable
	}
	field := headerTable
	if s.words {
		code, field = wordTable, wordTable
	}
	var before mark // the state where the outermost formatted string began

	for {
		table := code
		if n := len(k.parts); n > 0 {
			if k.parts[n-1].text() {
				var ok bool
				if i, ok = s.formatText(i); !ok {
					s.work += i - before.pos
					i = s.formatFailed(before)
				}
				continue
			}
			table = field
		}
		for i < len(src) && table[src[i]] == classNone {
			i++
		}
		if i >= len(src) {
			if len(k.parts) > 0 {
				s.work += i - before.pos
				i = s.formatFailed(before)
				continue
			}
			if k.depth > 0 {
				s.problem(k.open, "syntax", "this bracket is never closed")
			}
			s.work += len(src) - start
			return len(src), '\n'
		}
		switch table[src[i]] {
		case classNewline:
			if k.depth == 0 {
				s.work += i - start
				return i, '\n'
			}
			next := newlineEnd(src, i)
			if len(k.parts) == 0 && beginsStatement(src, next) {
				s.problem(k.open, "syntax", "this bracket is never closed")
				s.work += i - start
				return i, '\n'
			}
			i = next
		case classSemicolon:
			if k.depth == 0 {
				s.work += i - start
				return i, ';'
			}
			i++
		case classColon:
			if n := len(k.parts); n > 0 && k.depth == k.parts[n-1].depth {
				k.leaveLambdas(k.depth - 1)
				k.parts[n-1].spec = true
			} else if k.colon() && header && k.depth == 0 && (i+1 == len(src) || src[i+1] != '=') {
				s.work += i - start
				return i, ':'
			}
			i++
		case classComma:
			k.endBodies()
			i++
		case classOpen:
			if k.depth == 0 {
				k.open = i
			}
			k.depth++
			if i > 0 && (src[i-1] == '_' || src[i-1] <= ' ') && callsImport(src[:i]) {
				s.imported.used = true
			}
			i++
		case classClose:
			s.close(i)
			i++
		case classQuote:
			prefix, formatted, raw, _ := literalPrefix(src, i, start)
			if formatted && !s.noFields {
				if len(k.parts) == 0 {
					before = s.mark(i)
				}
				triple := i+2 < len(src) && src[i+1] == src[i] && src[i+2] == src[i]
				k.parts = append(k.parts, part{quote: src[i], triple: triple, raw: raw})
				i++
				if triple {
					i += 2
				}
				continue
			}
			end, closed := literalEnd(src, i)
			if !closed && len(k.parts) > 0 {
				s.work += end - before.pos
				i = s.formatFailed(before)
				continue
			}
			if !closed {
				s.problem(prefix, "syntax", "this string is never closed")
			}
			i = end
		case classComment:
			s.exporter.comments++
			i = lineEnd(src, i)
		case classBackslash:
			i++
			if i < len(src) && isNewline(src[i]) {
				i = newlineEnd(src, i)
			}
		case classWord:
			i = s.word(i, start, ctx)
		}
	}
}

// colon accounts for a colon and reports whether no lambda owns it.
func (k *skipper) colon() bool {
	k.endBodies()
	if n := len(k.lambdas); n > 0 && k.lambdas[n-1].depth == k.depth {
		k.lambdas[n-1].body = true
		return false
	}
	return true
}

// endBodies ends the lambdas whose body a comma or a foreign colon ends.
func (k *skipper) endBodies() {
	n := len(k.lambdas)
	for n > 0 && k.lambdas[n-1].body && k.lambdas[n-1].depth == k.depth {
		n--
	}
	k.lambdas = k.lambdas[:n]
}

// leaveLambdas ends the lambdas that stand deeper than depth.
func (k *skipper) leaveLambdas(depth int) {
	n := len(k.lambdas)
	for n > 0 && k.lambdas[n-1].depth > depth {
		n--
	}
	k.lambdas = k.lambdas[:n]
}

// close accounts for the closing bracket at i, which may end a replacement
// field. What is mismatched is left to Python to complain about.
func (s *scanner) close(i int) {
	k := &s.skipper
	n := len(k.parts)
	switch {
	case n > 0 && k.depth == k.parts[n-1].depth:
		if s.src[i] != '}' {
			return
		}
		k.parts = k.parts[:n-1]
	case k.depth == 0:
		s.problem(i, "syntax", "this bracket closes nothing")
		return
	}
	k.depth--
	k.leaveLambdas(k.depth)
}

// word reads the word at i inside a statement that begins at floor.
func (s *scanner) word(i, floor int, ctx scope) int {
	src := s.src
	if i > floor && wordByte[src[i-1]] {
		return i + 1 // inside a word: only headers, which stop at every l
	}
	end := wordEnd(src, i)
	if !s.words {
		end = min(end, i+len("lambda")+1)
	}
	w := src[i:end]
	if string(w) == "lambda" {
		s.lambdas = append(s.lambdas, lambda{depth: s.depth})
	} else if s.words {
		s.call(i, end, floor, ctx)
	}
	return end
}

// formatText reads the text of the formatted string, or of the format
// specification, on top of the stack up to a change of the stack.
func (s *scanner) formatText(i int) (next int, ok bool) {
	src, k := s.src, &s.skipper
	p := &k.parts[len(k.parts)-1]
	for i < len(src) {
		switch c := src[i]; c {
		case '\\':
			i = formatEscape(src, i, p.raw)
		case '{':
			if !p.spec && i+1 < len(src) && src[i+1] == '{' {
				i += 2
				continue
			}
			k.depth++
			k.parts = append(k.parts, part{quote: p.quote, triple: p.triple, raw: p.raw, field: true, depth: k.depth})
			return i + 1, true
		case '}':
			i++
			if p.spec {
				k.parts = k.parts[:len(k.parts)-1]
				k.depth--
				return i, true
			}
		case '"', '\'':
			if c != p.quote {
				i++
				continue
			}
			if p.triple && (i+2 >= len(src) || src[i+1] != c || src[i+2] != c) {
				i++
				continue
			}
			if p.field {
				return i, false
			}
			i++
			if p.triple {
				i += 2
			}
			k.parts = k.parts[:len(k.parts)-1]
			return i, true
		case '\n', '\r':
			if !p.triple {
				return i, false
			}
			i++
		default:
			i++
		}
	}
	return len(src), false
}

// formatEscape returns the end of the escape at i: one of a brace leaves the
// brace what it is, one of a named character takes its braces along.
func formatEscape(src []byte, i int, raw bool) int {
	i++
	if i >= len(src) {
		return i
	}
	switch src[i] {
	case '{', '}':
		return i
	case '\r':
		return newlineEnd(src, i)
	case 'N':
		if raw || i+1 >= len(src) || src[i+1] != '{' {
			break
		}
		for j := i + 2; j < len(src); j++ {
			if src[j] == '}' {
				return j + 1
			}
			if !wordByte[src[j]] && src[j] != ' ' && src[j] != '-' {
				break
			}
		}
	}
	return i + 1
}

// A mark is where a formatted string began, to come back to.
type mark struct {
	pos, depth, lambdas, imports, names, calls int
}

func (s *scanner) mark(i int) mark {
	return mark{i, s.depth, len(s.lambdas), len(s.imports), len(s.names), len(s.calls)}
}

// formatFailed goes back to a formatted string whose fields do not end, and
// reads it and all that follow it as plain strings, as Python did before 3.12.
// A file in which that is needed is broken, or cut off in a string; that it is
// done once a file keeps the work linear.
func (s *scanner) formatFailed(m mark) int {
	s.noFields = true
	s.depth, s.parts, s.lambdas = m.depth, s.parts[:0], s.lambdas[:m.lambdas]
	s.imports, s.names, s.calls = s.imports[:m.imports], s.names[:m.names], s.calls[:m.calls]
	return m.pos
}

// callsImport reports whether the bracket after before calls __import__.
func callsImport(before []byte) bool {
	return bytes.HasSuffix(bytes.TrimRight(before, " \t\f\r\n\\"), []byte("__import__"))
}

// beginsStatement reports whether the line at i begins with a word that cannot
// stand inside brackets: then a bracket before it was never closed.
func beginsStatement(src []byte, i int) bool {
	for i < len(src) && (src[i] == ' ' || src[i] == '\t') {
		i++
	}
	if i >= len(src) || src[i] < 'a' || src[i] > 'w' {
		return false
	}
	end := i
	for end < len(src) && end-i < 8 && wordByte[src[end]] {
		end++
	}
	switch string(src[i:end]) {
	case "import", "def", "class", "return", "raise", "while", "try", "with", "del", "pass", "assert", "global":
		return end == len(src) || src[end] == ' ' || src[end] == '\t' || isNewline(src[end]) || src[end] == ':'
	}
	return false
}

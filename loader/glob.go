package loader

// glob is a compiled shell pattern with git's rules: bytes, not characters; a
// backslash takes the next byte as it is; "**" between slashes crosses them.
type glob []globOp

type globOp struct {
	kind globKind
	char byte     // of opByte
	set  *byteSet // of opSet
}

type globKind uint8

const (
	opByte  globKind = iota
	opAny            // one byte; in a path not a slash
	opSet            // one byte of a set
	opStar           // any bytes; in a path no slash
	opCross          // any bytes
	opDirs           // nothing, or any bytes and a slash
)

// byteSet is a set of bytes.
type byteSet [4]uint64

func (s *byteSet) add(lo, hi byte) {
	for c := int(lo); c <= int(hi); c++ {
		s[c>>6] |= 1 << (c & 63)
	}
}

func (s *byteSet) has(c byte) bool { return s[c>>6]&(1<<(c&63)) != 0 }

// compileGlob compiles a pattern for a name or for a path. It reports false for
// a pattern that is not well-formed, which matches nothing.
func compileGlob(text string, inPath bool) (glob, bool) {
	var g glob
	noSlash := new(byteSet)
	noSlash.add(0, 255)
	if inPath {
		noSlash['/'>>6] &^= 1 << ('/' & 63)
	}
	for i := 0; i < len(text); {
		switch c := text[i]; c {
		case '\\':
			if i+1 == len(text) {
				return nil, false
			}
			g = append(g, globOp{kind: opByte, char: text[i+1]})
			i += 2
		case '?':
			g = append(g, globOp{kind: opAny, set: noSlash})
			i++
		case '*':
			start := i
			for i < len(text) && text[i] == '*' {
				i++
			}
			rest := text[i:]
			closed := rest == "" || rest[0] == '/' || len(rest) > 1 && rest[:2] == `\/`
			switch {
			case !inPath:
				g = append(g, globOp{kind: opCross})
			case i-start < 2 || start > 0 && text[start-1] != '/' || !closed:
				g = append(g, globOp{kind: opStar})
			case rest != "" && rest[0] == '/':
				g = append(g, globOp{kind: opDirs})
				i++
			default:
				g = append(g, globOp{kind: opCross})
			}
		case '[':
			set, n, ok := parseSet(text[i:], inPath)
			if !ok {
				return nil, false
			}
			g = append(g, globOp{kind: opSet, set: set})
			i += n
		default:
			g = append(g, globOp{kind: opByte, char: c})
			i++
		}
	}
	return g, true
}

// extension returns ".x" for "*.x" where x has no special byte and no dot.
func (g glob) extension() string {
	if len(g) < 2 || g[0].kind != opCross || g[1].kind != opByte || g[1].char != '.' {
		return ""
	}
	ext := []byte{'.'}
	for _, op := range g[2:] {
		if op.kind != opByte || op.char == '.' {
			return ""
		}
		ext = append(ext, op.char)
	}
	return string(ext)
}

// match reports whether the whole text matches.
//
// Only the last star of each sort is ever tried again: the earliest match of
// what stands between two stars leaves the most for the rest. So the time is
// bounded by the product of both lengths, and squared only where "**" and "*"
// are mixed.
func (g glob) match(text []byte) bool {
	type retry struct{ op, at int }
	star, cross := retry{op: -1}, retry{op: -1}
	op, at := 0, 0
	for {
		if op < len(g) {
			switch o := &g[op]; o.kind {
			case opStar:
				star = retry{op, at}
				op++
				continue
			case opCross, opDirs:
				cross, star = retry{op, at}, retry{op: -1}
				op++
				continue
			case opByte:
				if at < len(text) && text[at] == o.char {
					op++
					at++
					continue
				}
			case opAny, opSet:
				if at < len(text) && o.set.has(text[at]) {
					op++
					at++
					continue
				}
			}
		} else if at == len(text) {
			return true
		}
		// Let the last star take one more byte.
		if star.op >= 0 && star.at < len(text) && text[star.at] != '/' {
			star.at++
			op, at = star.op+1, star.at
			continue
		}
		star.op = -1
		if cross.op < 0 {
			return false
		}
		if g[cross.op].kind == opDirs {
			for cross.at < len(text) && text[cross.at] != '/' {
				cross.at++
			}
		}
		if cross.at >= len(text) {
			return false
		}
		cross.at++
		op, at = cross.op+1, cross.at
	}
}

// parseSet reads a bracket expression at the head of text and returns its
// length.
func parseSet(text string, inPath bool) (*byteSet, int, bool) {
	set := new(byteSet)
	i := 1
	negated := i < len(text) && (text[i] == '!' || text[i] == '^')
	if negated {
		i++
	}
	before, ranged := byte(0), false // what a '-' would range from
	for first := true; ; first = false {
		if i >= len(text) {
			return nil, 0, false
		}
		c := text[i]
		switch {
		case c == ']' && !first:
			if negated {
				for k := range set {
					set[k] = ^set[k]
				}
			}
			if inPath {
				set['/'>>6] &^= 1 << ('/' & 63)
			}
			return set, i + 1, true
		case c == '-' && ranged && i+1 < len(text) && text[i+1] != ']':
			i++
			if text[i] == '\\' {
				if i++; i >= len(text) {
					return nil, 0, false
				}
			}
			set.add(before, text[i])
			ranged = false
			i++
			continue
		case c == '[' && i+1 < len(text) && text[i+1] == ':':
			end := i + 2
			for end < len(text) && text[end] != ']' {
				end++
			}
			if end >= len(text) {
				return nil, 0, false
			}
			if end-1 >= i+2 && text[end-1] == ':' {
				if !set.addClass(text[i+2 : end-1]) {
					return nil, 0, false
				}
				ranged = false
				i = end + 1
				continue
			}
		case c == '\\':
			if i++; i >= len(text) {
				return nil, 0, false
			}
			c = text[i]
		}
		set.add(c, c)
		before, ranged = c, true
		i++
	}
}

// addClass adds what a class such as [:alpha:] names: in git, ASCII alone.
func (s *byteSet) addClass(name string) bool {
	switch name {
	case "alnum":
		s.add('0', '9')
		s.add('A', 'Z')
		s.add('a', 'z')
	case "alpha":
		s.add('A', 'Z')
		s.add('a', 'z')
	case "blank":
		s.add(' ', ' ')
		s.add('\t', '\t')
	case "cntrl":
		s.add(0, 31)
		s.add(127, 127)
	case "digit":
		s.add('0', '9')
	case "graph":
		s.add('!', '~')
	case "lower":
		s.add('a', 'z')
	case "print":
		s.add(' ', '~')
	case "punct":
		s.add('!', '/')
		s.add(':', '@')
		s.add('[', '`')
		s.add('{', '~')
	case "space":
		s.add('\t', '\r')
		s.add(' ', ' ')
	case "upper":
		s.add('A', 'Z')
	case "xdigit":
		s.add('0', '9')
		s.add('A', 'F')
		s.add('a', 'f')
	default:
		return false
	}
	return true
}

package python

import "strconv"

// arguments reads the arguments of a call, as far as they are literals. It looks
// ahead a bounded number of bytes, since the caller reads them again.
type arguments struct {
	src  []byte
	i    int  // behind the last argument read
	n    int  // how many were read
	more bool // some cannot be told apart: *args, **options, or too long to read
	arg  argument
	over bool // nothing behind the last argument can be read
}

type argumentKind uint8

const (
	argOther argumentKind = iota
	argText
	argNumber
	argPackage // __package__
	argList
)

type argument struct {
	given      bool
	keyword    string // "" for a positional one
	kind       argumentKind
	text       string
	number     int
	list       []string
	start, end int
}

// maxArgument bounds the bytes of an argument that is no literal.
const maxArgument = 512

// next reads the next argument into a.arg. It reports false at the end, and
// where it cannot go on.
func (a *arguments) next(s *scanner) bool {
	if a.over {
		return false
	}
	src := a.src
	a.arg = argument{}
	i := space(src, a.i)
	if a.n > 0 {
		if i == len(src) || src[i] != ',' {
			return false
		}
		i = space(src, i+1)
	}
	a.i = i
	if i == len(src) || src[i] == ')' {
		return false
	}
	if src[i] == '*' {
		a.more, a.over = true, true
		return false
	}
	a.n++
	a.arg.given = true
	if e := wordEnd(src, i); e > i && e-i <= len("fromlist") {
		if j := space(src, e); j+1 < len(src) && src[j] == '=' && src[j+1] != '=' {
			a.arg.keyword = string(src[i:e])
			i = space(src, j+1)
		}
	}
	a.arg.start = i
	a.i = a.value(s, i)
	j := space(src, a.i)
	if j < len(src) && (src[j] == ',' || src[j] == ')') {
		return true
	}
	a.arg.kind = argOther
	if a.i = a.beyond(i); a.i < 0 {
		a.i = i
		a.more, a.over = true, true
	}
	return true
}

// value reads a literal at i and returns its end.
func (a *arguments) value(s *scanner, i int) int {
	src, arg := a.src, &a.arg
	if i == len(src) {
		return i
	}
	if b, end, ok := readLiteral(src, i, s.spell[:0]); end > i {
		if ok {
			arg.kind, arg.text, arg.end = argText, s.text.of(b), end
		}
		return end
	}
	switch c := src[i]; {
	case c == '[' || c == '(':
		arg.kind = argList
		i++
		for {
			i = space(src, i)
			b, end, ok := readLiteral(src, i, s.spell[:0])
			if !ok {
				break
			}
			arg.list = append(arg.list, s.text.of(b))
			if i = space(src, end); i == len(src) || src[i] != ',' {
				break
			}
			i++
		}
		if i < len(src) && (src[i] == ']' || src[i] == ')') {
			i++
		}
		return i
	case wordByte[c] || c == '-':
		e := wordEnd(src, i+1)
		word := string(src[i:min(e, i+len("__package__")+1)])
		if word == "__package__" {
			arg.kind = argPackage
		} else if n, err := strconv.Atoi(word); err == nil {
			arg.kind, arg.number = argNumber, n
		}
		return e
	}
	return i
}

// beyond returns the end of the expression at i, or -1 where it is too long.
func (a *arguments) beyond(i int) int {
	src := a.src[:min(len(a.src), i+maxArgument)]
	depth := 0
	for i < len(src) {
		switch src[i] {
		case '(', '[', '{':
			depth++
			i++
		case ')', ']', '}':
			if depth == 0 {
				return i
			}
			depth--
			i++
		case ',':
			if depth == 0 {
				return i
			}
			i++
		case '"', '\'':
			i, _ = literalEnd(src, i)
		case '#':
			i = lineEnd(src, i)
		default:
			i++
		}
	}
	return -1
}

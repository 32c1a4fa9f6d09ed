package python

import "bytes"

// truth is what is known of a condition at run time.
type truth uint8

const (
	isUnknown truth = iota
	isTrue
	isFalse
)

func (t truth) not() truth {
	switch t {
	case isTrue:
		return isFalse
	case isFalse:
		return isTrue
	}
	return isUnknown
}

// maxParentheses bounds the recursion over a condition; deeper ones are unknown.
const maxParentheses = 32

// condition evaluates the text of an if's condition for run time, where
// TYPE_CHECKING is false and everything else unknown. As for type checkers, any
// name or attribute called TYPE_CHECKING is meant, however it was bound; and so
// are the names that the file imports it under.
func (s *scanner) condition(text []byte) truth {
	if !bytes.Contains(text, []byte("TYPE_CHECKING")) && !s.mentionsChecking(text) {
		return isUnknown
	}
	s.work += len(text)
	c := condition{src: text, names: s.checking}
	t := c.or()
	if c.next() < len(text) || c.bad {
		return isUnknown
	}
	return t
}

func (s *scanner) mentionsChecking(text []byte) bool {
	for _, name := range s.checking {
		if bytes.Contains(text, []byte(name)) {
			return true
		}
	}
	return false
}

type condition struct {
	src   []byte
	names []string
	i     int
	depth int
	bad   bool // not of the form that is understood
}

func (c *condition) next() int {
	c.i = space(c.src, c.i)
	return c.i
}

// accept moves over a word if it is the next.
func (c *condition) accept(word string) bool {
	i := c.next()
	end := wordEnd(c.src, i)
	if string(c.src[i:end]) != word {
		return false
	}
	c.i = end
	return true
}

func (c *condition) or() truth {
	t := c.and()
	for c.accept("or") {
		switch u := c.and(); {
		case t == isTrue || u == isTrue:
			t = isTrue
		case t == isUnknown || u == isUnknown:
			t = isUnknown
		}
	}
	return t
}

func (c *condition) and() truth {
	t := c.not()
	for c.accept("and") {
		switch u := c.not(); {
		case t == isFalse || u == isFalse:
			t = isFalse
		case t == isUnknown || u == isUnknown:
			t = isUnknown
		}
	}
	return t
}

func (c *condition) not() truth {
	negate := false
	for c.accept("not") {
		negate = !negate
	}
	t := c.atom()
	if negate {
		t = t.not()
	}
	return t
}

// atom reads a parenthesised condition, a name, or what is not understood.
func (c *condition) atom() truth {
	i := c.next()
	if i == len(c.src) {
		c.bad = true
		return isUnknown
	}
	t := isUnknown
	if c.src[i] == '(' {
		if c.depth == maxParentheses {
			c.bad, c.i = true, len(c.src)
			return isUnknown
		}
		c.depth++
		c.i++
		t = c.or()
		c.depth--
		if j := c.next(); c.bad || j == len(c.src) || c.src[j] != ')' {
			c.bad = true
			return isUnknown
		}
		c.i++
	} else if end := wordEnd(c.src, i); end > i {
		t = c.name(end)
	}
	if c.rest() {
		return isUnknown
	}
	return t
}

// name reads a dotted name whose first part ends at end.
func (c *condition) name(end int) truth {
	first := c.src[c.i:end]
	known := string(first) == "TYPE_CHECKING"
	for _, n := range c.names {
		known = known || string(first) == n
	}
	c.i = end
	for {
		i := c.next()
		if i == len(c.src) || c.src[i] != '.' {
			break
		}
		c.i++
		i = c.next()
		end := wordEnd(c.src, i)
		known = string(c.src[i:end]) == "TYPE_CHECKING"
		c.i = end
	}
	if known {
		return isFalse
	}
	return isUnknown
}

// rest moves over the remainder of an operand, up to and, or, a closing
// parenthesis or the end, and reports whether there was one.
func (c *condition) rest() bool {
	depth, any := 0, false
	for {
		i := c.next()
		if i == len(c.src) {
			return any
		}
		switch b := c.src[i]; {
		case b == '(' || b == '[' || b == '{':
			depth++
			c.i++
		case b == ')' || b == ']' || b == '}':
			if depth == 0 {
				return any
			}
			depth--
			c.i++
		case b == '"' || b == '\'':
			c.i, _ = literalEnd(c.src, i)
		case b == ',' && depth == 0:
			c.bad = true // a tuple, true whatever it holds
			c.i++
		case wordByte[b]:
			end := wordEnd(c.src, i)
			if depth == 0 {
				switch string(c.src[i:end]) {
				case "and", "or":
					return any
				case "if", "lambda", "else":
					c.bad = true
				}
			}
			c.i = end
		default:
			c.i++
		}
		any = true
	}
}

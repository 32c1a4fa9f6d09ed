package ecmascript

import "bytes"

// tag is a tag of the markup around a component's scripts.
type tag struct {
	name        string
	start, end  int // of the whole tag
	closing     bool
	selfClosing bool
	attributes  []tagAttribute
	src         []byte
}

type tagAttribute struct {
	name  string
	value span // with its quotes; empty where it has none
}

// attribute returns where the value of an attribute is, with its quotes.
func (t *tag) attribute(name string) (span, bool) {
	for _, a := range t.attributes {
		if a.name == name && a.value != (span{}) {
			return a.value, true
		}
	}
	return span{}, false
}

// value returns the text of an attribute's value.
func (t *tag) value(name string) string {
	at, _ := t.attribute(name)
	return string(bytes.Trim(t.src[at.start:at.end], `"'`))
}

// nextTag finds the first tag at or after i, outside of comments.
func nextTag(src []byte, i int) (tag, bool) {
	for {
		n := bytes.IndexByte(src[i:], '<')
		if n < 0 || i+n+1 >= len(src) {
			return tag{}, false
		}
		i += n
		if bytes.HasPrefix(src[i:], []byte("<!--")) {
			n := bytes.Index(src[i:], []byte("-->"))
			if n < 0 {
				return tag{}, false
			}
			i += n + len("-->")
			continue
		}
		t := tag{start: i, src: src}
		i++
		if src[i] == '/' {
			t.closing = true
			i++
		}
		name := i
		for i < len(src) && nameByte(src[i]) {
			i++
		}
		if i == name {
			continue
		}
		t.name = string(src[name:i])
		t.readAttributes(i)
		return t, true
	}
}

// nameByte reports whether c may be part of a tag's name.
func nameByte(c byte) bool {
	return class[c]&clIdent != 0 || c == '-' || c == ':' || c == '.'
}

// readAttributes reads a tag from behind its name to its end.
func (t *tag) readAttributes(i int) {
	src := t.src
	for i < len(src) && src[i] != '>' {
		c := src[i]
		switch {
		case class[c]&clSpace != 0:
			i++
			continue
		case c == '/':
			i++
			t.selfClosing = i < len(src) && src[i] == '>'
			continue
		case c == '{':
			i = closeBraces(src, i)
			continue
		}
		a := tagAttribute{}
		name := i
		for i < len(src) && class[src[i]]&clSpace == 0 && src[i] != '=' && src[i] != '>' && src[i] != '/' && src[i] != '{' {
			i++
		}
		if i == name {
			i++
			continue
		}
		a.name = string(src[name:i])
		j := i
		for j < len(src) && class[src[j]]&clSpace != 0 {
			j++
		}
		if j < len(src) && src[j] == '=' {
			for j++; j < len(src) && class[src[j]]&clSpace != 0; j++ {
			}
			i = attributeEnd(src, j)
			a.value = span{int32(j), int32(i)}
		}
		t.attributes = append(t.attributes, a)
	}
	t.end = min(i+1, len(src))
}

// attributeEnd returns the end of the value at i.
func attributeEnd(src []byte, i int) int {
	if i >= len(src) {
		return i
	}
	switch c := src[i]; c {
	case '"', '\'', '`':
		if n := bytes.IndexByte(src[i+1:], c); n >= 0 {
			return i + n + 2
		}
		return len(src)
	case '{':
		return closeBraces(src, i)
	}
	for i < len(src) && class[src[i]]&clSpace == 0 && src[i] != '>' {
		i++
	}
	return i
}

// closeBraces returns the offset behind the brace that closes the one at i,
// past the strings between them.
func closeBraces(src []byte, i int) int {
	for depth := 0; i < len(src); i++ {
		switch c := src[i]; c {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i + 1
			}
		case '"', '\'', '`':
			n := bytes.IndexByte(src[i+1:], c)
			if n < 0 {
				return len(src)
			}
			i += n + 1
		}
	}
	return len(src)
}

// closeRaw finds the closing tag of an element whose content is text: the
// offset of the tag, and the one behind it.
func closeRaw(src []byte, t tag) (inner, end int) {
	for i := t.end; ; {
		n := bytes.Index(src[i:], []byte("</"))
		if n < 0 {
			return len(src), len(src)
		}
		i += n
		after := i + len("</") + len(t.name)
		if after <= len(src) && bytes.EqualFold(src[i+len("</"):after], []byte(t.name)) && (after == len(src) || !nameByte(src[after])) {
			n := bytes.IndexByte(src[after:], '>')
			if n < 0 {
				return i, len(src)
			}
			return i, after + n + 1
		}
		i += len("</")
	}
}

// closeNested finds the closing tag of an element that may hold others of its
// name.
func closeNested(src []byte, t tag) (inner, end int) {
	depth := 1
	for i := t.end; ; {
		u, ok := nextTag(src, i)
		if !ok {
			return len(src), len(src)
		}
		i = u.end
		switch {
		case u.name != t.name || u.selfClosing:
		case !u.closing:
			depth++
		default:
			if depth--; depth == 0 {
				return u.start, u.end
			}
		}
	}
}

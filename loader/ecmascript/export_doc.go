package ecmascript

import (
	"bytes"

	"github.com/eddy-build/eddy/module"
)

// maxComments bounds how many comments before a declaration are looked at.
const maxComments = 8

// documentation returns the documentation comment that stands before i, and whether a comment there says @internal.
func (r *exportReader) documentation(i int) (doc docComment, internal bool) {
	src := r.s.src
	marks := r.s.trace.marks
	for n, count := r.markAt(i)-1, 0; n >= 0 && count < maxComments; n, count = n-1, count+1 {
		m := marks[n]
		if !m.comment || int(m.end) > i || !r.blank(int(m.end), i) {
			break
		}
		text := src[m.start:m.end]
		if text[1] == '*' {
			documents := text[2] == '*' && len(text) > len("/**/")
			tags := tagsOf(text)
			internal = internal || tags&tagInternal != 0
			if documents {
				return docComment{text, tags&tagDeprecated != 0}, internal
			}
		}
		i = int(m.start)
	}
	return docComment{}, internal
}

// docComment is a documentation comment.
type docComment struct {
	text       []byte // nil for none
	deprecated bool   // @deprecated is somewhere in it
}

// The tags that are looked for in every comment before a declaration.
const (
	tagInternal = 1 << iota
	tagDeprecated
)

// tagsOf returns which of the tags are in a comment.
func tagsOf(text []byte) (tags int) {
	for {
		n := bytes.IndexByte(text, '@')
		if n < 0 {
			return tags
		}
		text = text[n+1:]
		switch {
		case bytes.HasPrefix(text, []byte("internal")):
			tags |= tagInternal
		case bytes.HasPrefix(text, []byte("deprecated")):
			tags |= tagDeprecated
		}
	}
}

// blank reports whether src[i:end] is white space alone.
func (r *exportReader) blank(i, end int) bool {
	for i < end && class[r.s.src[i]]&clSpace != 0 {
		i++
	}
	return i >= end || len(bytes.TrimSpace(r.s.src[i:end])) == 0
}

// docLines calls each with the lines of a documentation comment, without its
// asterisks, until it returns false.
func docLines(doc []byte, each func([]byte) bool) {
	doc = bytes.TrimSuffix(bytes.TrimPrefix(doc, []byte("/**")), []byte("*/"))
	for line := range bytes.SplitSeq(doc, []byte{'\n'}) {
		line = bytes.TrimSpace(line)
		line = bytes.TrimSpace(bytes.TrimLeft(line, "*"))
		if !each(line) {
			return
		}
	}
}

// summary returns the first line of a documentation comment, and what it says of
// its deprecation.
func (d docComment) summary() (first, deprecated []byte) {
	tagged := false
	docLines(d.text, func(line []byte) bool {
		if len(line) == 0 {
			return true
		}
		if line[0] != '@' {
			if first == nil && !tagged {
				first = line
			}
			return d.deprecated
		}
		tagged = true
		if rest, ok := bytes.CutPrefix(line, []byte("@deprecated")); ok && (len(rest) == 0 || class[rest[0]]&clIdent == 0) {
			deprecated = bytes.TrimSpace(rest)
			if len(deprecated) == 0 {
				deprecated = []byte("deprecated")
			}
			return false
		}
		return d.deprecated
	})
	return first, deprecated
}

// typedComment reports whether a comment of JavaScript says types: TypeScript reads
// them as part of the declaration.
func typedComment(text []byte) bool {
	return bytes.HasPrefix(text, []byte("/**")) && bytes.IndexByte(text, '@') >= 0
}

// typedefs adds the types that documentation comments of JavaScript declare, as
// TypeScript exports them.
func (r *exportReader) typedefs() {
	for _, m := range r.s.trace.marks {
		if !m.comment {
			continue
		}
		text := r.s.src[m.start:m.end]
		if !bytes.HasPrefix(text, []byte("/**")) || bytes.IndexByte(text, '@') < 0 {
			continue
		}
		for _, tag := range [...]string{"@typedef", "@callback"} {
			for from := 0; ; {
				n := bytes.Index(text[from:], []byte(tag))
				if n < 0 {
					break
				}
				from += n + len(tag)
				r.typedef(int(m.start)+from, m)
			}
		}
	}
}

// typedef reads the type, if there is one, and the name behind a tag.
func (r *exportReader) typedef(i int, m mark) {
	src, end := r.s.src, int(m.end)-2
	space := func() {
		for i < end && (class[src[i]]&clSpace != 0 || src[i] == '*') {
			i++
		}
	}
	space()
	if i < end && src[i] == '{' {
		depth := 0
		for ; i < end; i++ {
			if src[i] == '{' {
				depth++
			} else if src[i] == '}' {
				if depth--; depth == 0 {
					i++
					break
				}
			}
		}
		space()
	}
	if i >= end || !r.s.startsWord(i) {
		return
	}
	to := min(r.s.identifier(i), end)
	kind := module.SymbolType
	if to < end && src[to] == '.' { // a type in a namespace, which it makes
		kind = module.SymbolModule
	}
	r.add(item{at: r.span(i, to), kind: kind, public: r.s.module || len(r.s.trace.common) > 0, from: m.start, to: m.end, doc: m.end})
}

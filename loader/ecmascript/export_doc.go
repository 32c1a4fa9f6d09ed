package ecmascript

import (
	"bytes"
	"sort"

	"github.com/eddy-build/eddy/module"
)

// markAt returns the index of the first mark that ends behind i.
func (r *exportReader) markAt(i int) int {
	marks := r.s.trace.marks
	return sort.Search(len(marks), func(n int) bool { return int(marks[n].end) > i })
}

// maxComments bounds how many comments before a declaration are looked at.
const maxComments = 8

// documentation returns the documentation comment that stands before i, nil for
// none, and whether a comment there says @internal.
func (r *exportReader) documentation(i int) (doc []byte, internal bool) {
	src := r.s.src
	marks := r.s.trace.marks
	for n, count := r.markAt(i)-1, 0; n >= 0 && count < maxComments; n, count = n-1, count+1 {
		m := marks[n]
		if !m.comment || int(m.end) > i || len(bytes.TrimSpace(src[m.end:i])) > 0 {
			break
		}
		text := src[m.start:m.end]
		if bytes.HasPrefix(text, []byte("/*")) {
			internal = internal || bytes.Contains(text, []byte("@internal"))
			if bytes.HasPrefix(text, []byte("/**")) && len(text) > len("/**/") {
				return text, internal
			}
		}
		i = int(m.start)
	}
	return nil, internal
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
func summary(doc []byte) (first, deprecated []byte) {
	tagged := false
	docLines(doc, func(line []byte) bool {
		if len(line) == 0 {
			return true
		}
		if line[0] != '@' {
			if first == nil && !tagged {
				first = line
			}
			return true
		}
		tagged = true
		if rest, ok := bytes.CutPrefix(line, []byte("@deprecated")); ok && (len(rest) == 0 || class[rest[0]]&clIdent == 0) {
			deprecated = bytes.TrimSpace(rest)
			if len(deprecated) == 0 {
				deprecated = []byte("deprecated")
			}
			return false
		}
		return true
	})
	return first, deprecated
}

// typed reports whether a comment of JavaScript says types: TypeScript reads
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
	r.add(item{at: r.span(i, to), kind: module.SymbolType, public: r.s.module || len(r.s.trace.common) > 0, from: m.start, to: m.end, doc: m.end})
}

package python

import (
	"bytes"
	"slices"

	"github.com/eddy-build/eddy/module"
)

// An aside is what importers observe of a file beside its names: the conditions
// around its definitions, with the names that they hold, what it deletes and what
// it sets of a name later, and types in comments.
type aside struct {
	text []byte
	open []suite
}

// suite is a compound statement that may bind names. What it says counts only
// once it has bound one.
type suite struct {
	depth int // of its header
	start int // in the text
	end   int // of its header in the source
	bound bool
}

func (a *aside) reset() { a.text, a.open = a.text[:0], a.open[:0] }

// close ends the suites that are as deep as depth or deeper, and forgets those
// that bound nothing.
func (a *aside) close(depth int) {
	for n := len(a.open) - 1; n >= 0 && a.open[n].depth >= depth; n-- {
		if !a.open[n].bound {
			a.text = a.text[:a.open[n].start]
		}
		a.open = a.open[:n]
	}
}

// bind notes that all open suites bind something. Those around one that does do
// so too.
func (a *aside) bind() {
	for n := len(a.open) - 1; n >= 0 && !a.open[n].bound; n-- {
		a.open[n].bound = true
	}
}

func (a *aside) add(depth int, text []byte) {
	if len(a.text) > 0 {
		a.text = append(a.text, '\n')
	}
	for range min(depth-1, 20) {
		a.text = append(a.text, ' ')
	}
	a.text = append(a.text, text...)
}

// header notes the header of a compound statement outside functions and classes.
func (s *scanner) asideHeader(src []byte, i int, word string) {
	a, depth := &s.exporter.aside, len(s.blocks)
	follows := false // it belongs to the statement before
	switch word {
	case "elif", "else", "except", "finally", "case":
		a.close(depth + 1)
		follows = len(a.open) > 0 && a.open[len(a.open)-1].depth == depth
	}
	if !follows {
		a.close(depth)
		a.open = append(a.open, suite{depth: depth, start: len(a.text)})
	}
	a.open[len(a.open)-1].end = len(src)
	a.add(depth, s.folded(src[i:]))
}

// asideBound notes the names from first on that a statement at i has bound, where
// a suite is around it.
func (s *scanner) asideBound(i, first int) {
	x := &s.exporter
	if first == len(x.list) || len(x.aside.open) == 0 {
		return
	}
	depth := len(s.blocks)
	if !s.inline(i) {
		x.aside.close(depth)
	} else {
		x.aside.close(depth + 1)
		depth++
	}
	if len(x.aside.open) == 0 {
		return
	}
	x.aside.bind()
	for _, b := range x.list[first:] {
		x.aside.add(depth, []byte(b.Name))
	}
}

// inline reports whether what is at i stands on the line of the header before it.
func (s *scanner) inline(i int) bool {
	end := s.exporter.aside.open[len(s.exporter.aside.open)-1].end
	line := bytes.IndexAny(s.src[end:], "\r\n")
	return line < 0 || i < end+line
}

// asideStatement notes a statement that changes a name that is there, and binds
// none.
func (s *scanner) asideStatement(src []byte, i int) {
	a, depth := &s.exporter.aside, len(s.blocks)
	if len(a.open) > 0 {
		if s.inline(i) {
			depth++
		}
		a.close(depth)
		a.bind()
	}
	a.add(depth, s.folded(src[i:]))
}

// setsLater reports whether a statement that begins with a word sets an attribute
// or an item of what the word names.
func setsLater(src []byte, after int) bool {
	i := blank(src, after)
	if i == len(src) || src[i] != '.' && src[i] != '[' {
		return false
	}
	i = trailers(src, i)
	for n := 0; i < len(src) && n < 3 && bytes.IndexByte([]byte("+-*/%@&|^<>"), src[i]) >= 0; n++ {
		i++
	}
	return i < len(src) && (src[i] == '=' && !hasPrefix(src, i, "==") || src[i] == ',' || src[i] == ':')
}

// typeComment reports whether a text begins with a comment that says a type, as
// PEP 484 has it.
func typeComment(text []byte) bool {
	rest, ok := bytes.CutPrefix(text, []byte("#"))
	if !ok {
		return false
	}
	rest, ok = bytes.CutPrefix(bytes.TrimLeft(rest, " \t"), []byte("type:"))
	return ok && !bytes.HasPrefix(bytes.TrimLeft(rest, " \t"), []byte("ignore"))
}

// observeComment looks at a comment outside brackets, from i to end.
func (s *scanner) observeComment(i, end int) {
	x := &s.exporter
	text := s.src[i:end]
	if !typeComment(text) {
		return
	}
	switch {
	case x.body != bodyNone:
		x.digest.Write(text)
		x.digests = true
	case x.current < 0:
		if n := len(x.list); n > 0 {
			x.aside.add(1, []byte(x.list[n-1].Name))
		}
		x.aside.add(1, text)
	case x.list[x.current].Kind != module.SymbolFunction:
		x.text = append(append(x.text, ' '), text...)
	}
}

// follow notes the words of a text that is not kept, of which the interface may
// need the meaning: names that are private, and what a statement imports. All
// other names of a module are part of its interface already.
func (x *exporter) follow(text []byte) {
	all := hasPrefix(text, 0, "import") || hasPrefix(text, 0, "from")
	if !all && !bytes.Contains(text, []byte("__")) {
		return
	}
	for i := 0; i < len(text); {
		if !wordByte[text[i]] {
			i++
			continue
		}
		end := wordEnd(text, i)
		if word := text[i:end]; all && string(word) != "import" && string(word) != "from" && string(word) != "as" || hasPrefix(word, 0, "__") && !bytes.HasSuffix(word, []byte("__")) {
			if x.followed == nil {
				x.followed = map[string]struct{}{}
			}
			x.followed[string(word)] = struct{}{}
		}
		i = end
	}
}

// appendFollowed appends the words that were noted, and forgets them.
func (x *exporter) appendFollowed(to []byte) []byte {
	if len(x.followed) == 0 {
		return to
	}
	words := make([]string, 0, len(x.followed))
	for w := range x.followed {
		words = append(words, w)
	}
	slices.Sort(words)
	for _, w := range words {
		to = append(append(to, ' '), w...)
	}
	clear(x.followed)
	return to
}

package ecmascript

import (
	"bytes"
	"strings"

	"github.com/eddy-build/eddy/module"
)

// augmentation reads what a module adds to another one or to the global scope:
// the block is at open, and the word before it at w. In a script, declare module
// "x" is no addition: its statements are read one by one.
func (r *exportReader) augmentation(w, open int) {
	s := r.s
	if !s.module || r.ambient || s.src[open] != '{' {
		return
	}
	r.pos = min(r.skip(open+1, s.end, false)+1, s.end)
	r.asides = append(r.asides, r.span(w, r.pos))
}

// addAsides takes over what a script says beside the names that it exports. A
// script of TypeScript that is no module exports nothing, and all its names are
// everybody's: it says these.
func (b *factsBuilder) addAsides(r *exportReader) {
	var text strings.Builder
	add := func(s string) {
		if text.Len() > 0 {
			text.WriteByte('\n')
		}
		text.WriteString(s)
	}
	if b.facts.Aside != "" {
		add(b.facts.Aside)
	}
	for _, at := range r.asides {
		r.text = r.text[:0]
		r.fold(int(at.start), int(at.end))
		add(string(r.text))
	}
	if r.s.lang.ts && !r.s.module {
		for n := range b.facts.Exports {
			if e := &b.facts.Exports[n]; e.Visibility == module.Private {
				add(e.Name)
			}
		}
	}
	b.facts.Aside = text.String()
}

// typedDoc appends the documentation comment before i to the signature of what
// begins at from, in JavaScript, where it says types. A type that a comment
// declares is signed by that comment already.
func (r *exportReader) typedDoc(i, from int) {
	if !r.s.lang.docs || from < i {
		return
	}
	if doc, _ := r.documentation(i); typedComment(doc.text) {
		for word := range bytes.FieldsSeq(doc.text) {
			r.text = append(append(r.text, word...), ' ')
		}
	}
}

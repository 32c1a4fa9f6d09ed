package loader

import (
	"strconv"
	"strings"

	"github.com/eddy-build/eddy/module"
)

// mentions follows each word of a text, those in strings and comments too: too
// many are harmless.
func (f *facer) mentions(text string) {
	if f.m.Language != module.Go && !strings.Contains(text, `\u`) {
		f.known.search(text, f.mention)
		return
	}
	for i := 0; i < len(text); {
		if !wordByte[text[i]] && text[i] != '\\' {
			i++
			continue
		}
		start, escaped := i, false
		for i < len(text) && (wordByte[text[i]] || text[i] == '\\') {
			if text[i] == '\\' {
				n := escape(text[i:])
				if n == 0 {
					break
				}
				escaped = true
				i += n
			} else {
				i++
			}
		}
		if i == start {
			i++
			continue
		}
		word := text[start:i]
		if escaped {
			if word = unescape(word); word == "" {
				continue
			}
		}
		if f.m.Language == module.Go && word[0] > '9' {
			if next := strings.TrimLeft(text[i:min(len(text), i+2)], " "); next != "" && next[0] == '.' {
				f.words[word] = struct{}{}
				if !f.known.binds(word) {
					f.takeNameless() // a package whose name is not that of its folder
				}
			}
		}
		if f.known.may(word) {
			f.mention(word)
		}
	}
}

// wordByte tells the bytes of words.
var wordByte = func() (t [256]bool) {
	for c := range t {
		t[c] = c == '_' || c == '$' || c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
	}
	return
}()

// escape returns the length of the escape of a letter that a text begins with, as
// ECMAScript has them in names: \u0061, \u{61}.
func escape(text string) int {
	if len(text) < len(`\u{0}`) || text[1] != 'u' {
		return 0
	}
	if text[2] == '{' {
		return strings.IndexByte(text[:min(len(text), len(`\u{00000000}`))], '}') + 1
	}
	if len(text) < len(`\u0000`) {
		return 0
	}
	return len(`\u0000`)
}

// unescape is a name without its escapes. What is no escape stays.
func unescape(word string) string {
	var b strings.Builder
	for len(word) > 0 {
		n := 0
		if word[0] == '\\' {
			n = escape(word)
		}
		if n == 0 {
			b.WriteByte(word[0])
			word = word[1:]
			continue
		}
		if r, err := strconv.ParseUint(strings.Trim(word[2:n], "{}"), 16, 21); err == nil {
			b.WriteRune(rune(r))
		}
		word = word[n:]
	}
	return b.String()
}

func (f *facer) mention(word string) {
	for _, what := range f.known.take(word) {
		switch {
		case what.nameless:
			f.takeNameless()
		case what.private > 0:
			f.include(what.private - 1)
		default:
			f.take(what.bound)
			if f.m.Language == module.Go && f.m.Imports[what.imp].Specifier == "C" {
				f.everything() // the preamble says what C has
			}
		}
	}
}

// takeNameless takes every import that binds no name of its own, but for those of
// Go packages of the workspace: their names are known.
func (f *facer) takeNameless() {
	if f.nameless {
		return
	}
	f.nameless = true
	for i := range f.m.Imports {
		if imp := &f.m.Imports[i]; !f.local[i] && (len(imp.Names) == 0 || imp.Names[0].Alias == "") {
			f.take(bound{int32(i), wholly})
		}
	}
}

package golang

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/eddy-build/eddy/module"
)

var embedDirective = []byte("//go:embed")

// embedDirectives finds the //go:embed comments of a file and adds each of their
// patterns to the imports. Only strings, runes and comments have to be told
// apart for that; the rest of the syntax does not matter.
func (p *parser) embedDirectives(src []byte) {
	line, lineStart := 1, 0
	for i := 0; i < len(src); {
		switch src[i] {
		case '\n':
			i++
			line++
			lineStart = i
		case '"', '\'':
			i = endOfQuoted(src, i)
		case '`':
			i = passLines(src, i, endAt(src, i+1, "`"), &line, &lineStart)
		case '/':
			rest := src[i:]
			switch {
			case bytes.HasPrefix(rest, []byte("//")):
				end := i + len(rest)
				if n := bytes.IndexByte(rest, '\n'); n >= 0 {
					end = i + n
				}
				if bytes.HasPrefix(rest, embedDirective) {
					p.embedPatterns(string(src[i:end]), module.Span{
						File: p.path, Line: int32(line), Column: int32(i - lineStart + 1), Offset: int32(i),
					})
				}
				i = end
			case bytes.HasPrefix(rest, []byte("/*")):
				i = passLines(src, i, endAt(src, i+2, "*/"), &line, &lineStart)
			default:
				i++
			}
		default:
			i++
		}
	}
}

// endOfQuoted returns the end of the string or rune literal that begins at i: its
// closing quote, or the end of its line where it has none.
func endOfQuoted(src []byte, i int) int {
	quote := src[i]
	for i++; i < len(src); i++ {
		switch src[i] {
		case quote:
			return i + 1
		case '\n':
			return i
		case '\\':
			if i+1 < len(src) && src[i+1] != '\n' {
				i++
			}
		}
	}
	return len(src)
}

// endAt returns the end of the first stop at or after i, or the end of src.
func endAt(src []byte, i int, stop string) int {
	if n := bytes.Index(src[i:], []byte(stop)); n >= 0 {
		return i + n + len(stop)
	}
	return len(src)
}

// passLines counts the lines from i to end, and returns end.
func passLines(src []byte, i, end int, line, lineStart *int) int {
	if n := bytes.Count(src[i:end], []byte("\n")); n > 0 {
		*line += n
		*lineStart = i + bytes.LastIndexByte(src[i:end], '\n') + 1
	}
	return end
}

// embedPatterns reads the patterns of one directive: words, or strings in
// double or back quotes, with space between. A directive that is not well
// formed is left to the compiler.
func (p *parser) embedPatterns(comment string, at module.Span) {
	text := strings.TrimRightFunc(comment, unicode.IsSpace)
	rest := text[len(embedDirective):]
	if r, _ := utf8.DecodeRuneInString(rest); rest != "" && !unicode.IsSpace(r) {
		return // another directive, such as //go:embedded
	}
	first := len(p.imports)
	for {
		rest = strings.TrimLeftFunc(rest, unicode.IsSpace)
		if rest == "" {
			return
		}
		begin := len(text) - len(rest)
		var pattern string
		if rest[0] == '"' || rest[0] == '`' {
			quoted, err := strconv.QuotedPrefix(rest)
			if err != nil {
				p.imports = p.imports[:first]
				return
			}
			rest = rest[len(quoted):]
			if r, _ := utf8.DecodeRuneInString(rest); rest != "" && !unicode.IsSpace(r) {
				p.imports = p.imports[:first]
				return
			}
			pattern, _ = strconv.Unquote(quoted) // QuotedPrefix has checked it
		} else {
			n := strings.IndexFunc(rest, unicode.IsSpace)
			if n < 0 {
				n = len(rest)
			}
			pattern, rest = rest[:n], rest[n:]
		}
		span := at
		span.Column += int32(begin)
		span.Offset += int32(begin)
		span.End = at.Offset + int32(len(text)-len(rest))
		p.imports = append(p.imports, module.Import{
			Specifier: pattern, Kind: module.Implicit, Flags: module.Pattern, Span: span,
		})
	}
}

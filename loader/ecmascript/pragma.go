package ecmascript

import (
	"bytes"

	"github.com/eddy-build/eddy/module"
)

// pragmas reads the references of the comments before the first token:
//
//	/// <reference path="./x.d.ts" />
//	/// <reference types="node" resolution-mode="require" />
func (s *scanner) pragmas(i int) {
	for {
		for class[s.src[i]]&clSpace != 0 {
			i++
		}
		switch {
		case s.src[i] == '/' && s.src[i+1] == '/':
			end := s.lineComment(i)
			if s.src[i+2] == '/' {
				s.reference(i+3, end)
			}
			i = end
		case s.src[i] == '/' && s.src[i+1] == '*':
			n := bytes.Index(s.src[i+2:s.end], []byte("*/"))
			if n < 0 {
				return
			}
			i += n + 4
		case s.src[i] >= 0x80 && s.spaceRune(i) > 0:
			i += s.spaceRune(i)
		default:
			return
		}
	}
}

// reference reads the comment src[i:end] behind its three slashes.
func (s *scanner) reference(i, end int) {
	text := s.src[i:end]
	text = bytes.TrimLeft(text, " \t\v\f")
	i = end - len(text)
	const element = "<reference"
	if len(text) <= len(element) || !bytes.EqualFold(text[:len(element)], []byte(element)) ||
		class[text[len(element)]]&clSpace == 0 {
		return
	}
	closing := bytes.Index(text, []byte("/>"))
	if closing < 0 {
		return
	}
	var flags module.ImportFlags
	if mode, ok := attribute(text[:closing], "resolution-mode"); ok && string(text[mode.start+1:mode.end-1]) == "require" {
		flags = module.Require
	}
	if v, ok := attribute(text[:closing], "types"); ok {
		s.add(i+int(v.start), i+int(v.end), module.Type, flags|module.TypeRef, len(s.names))
	} else if _, ok := attribute(text[:closing], "lib"); ok {
		return
	} else if v, ok := attribute(text[:closing], "path"); ok {
		s.add(i+int(v.start), i+int(v.end), module.Type, module.FileRef, len(s.names))
	}
}

// attribute finds a name="value" with white space before it, and returns where
// the value is, with its quotes.
func attribute(text []byte, name string) (span, bool) {
	for from := 1; ; {
		n := bytes.Index(text[from:], []byte(name))
		if n < 0 {
			return span{}, false
		}
		i := from + n
		from = i + len(name)
		if class[text[i-1]]&clSpace == 0 {
			continue
		}
		rest := bytes.TrimLeft(text[from:], " \t")
		if len(rest) == 0 || rest[0] != '=' {
			continue
		}
		rest = bytes.TrimLeft(rest[1:], " \t")
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
			continue
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			continue
		}
		start := len(text) - len(rest)
		return span{int32(start), int32(start + end + 2)}, true
	}
}

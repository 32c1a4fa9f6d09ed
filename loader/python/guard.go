package python

import "bytes"

// withStatement reads the header of a with. One that names the error of a failed import
// expects it: suppress(ImportError), pytest.raises(ImportError),
// self.assertRaises(ModuleNotFoundError).
func (s *scanner) withStatement(i int, ctx scope) (end int, stop byte, inner scope) {
	end, stop = s.skip(i, true, ctx)
	inner = ctx
	if expectsImportError(s.src[i:end]) {
		inner.guard = ctx.calls + 1
	}
	return end, stop, inner
}

// expectsImportError reports whether the header of a with has one of the names
// of the error, outside of strings and comments.
func expectsImportError(header []byte) bool {
	if !bytes.Contains(header, []byte("ImportError")) && !bytes.Contains(header, []byte("Exception")) && !bytes.Contains(header, []byte("ModuleNotFoundError")) {
		return false
	}
	for i := 0; i < len(header); {
		switch c := header[i]; {
		case c == '"' || c == '\'':
			i, _ = literalEnd(header, i)
		case c == '#':
			i = lineEnd(header, i)
		case wordByte[c]:
			end := wordEnd(header, i)
			if importErrors(header[i:end]) {
				return true
			}
			i = end
		default:
			i++
		}
	}
	return false
}

// importErrors reports whether a name is that of the error of a failed import,
// or of one above it.
func importErrors(name []byte) bool {
	switch string(name) {
	case "ImportError", "ModuleNotFoundError", "Exception", "BaseException":
		return true
	}
	return false
}

// catchesImportError reports whether an except clause, given the text between
// its word and its colon, handles a failed import.
func catchesImportError(header []byte) bool {
	bare := true
	for i := 0; i < len(header); {
		if !wordByte[header[i]] {
			i++
			continue
		}
		end := wordEnd(header, i)
		if importErrors(header[i:end]) {
			return true
		}
		if string(header[i:end]) == "as" {
			return bare
		}
		bare = false
		i = end
	}
	return bare
}

// handsItselfOver reports whether a statement gives the name of the module to a
// function and keeps of it no single value: such a function finds the module by
// its name and gives it other names, or puts another in its place, as
// apipkg.initpkg(__name__, …) does. Loggers only want to be called something.
func handsItselfOver(statement []byte) bool {
	const own = "__name__"
	if !bytes.Contains(statement, []byte(own)) {
		return false
	}
	open := 0
	for at := 0; ; open++ {
		n := bytes.IndexByte(statement[open:], '(')
		if n < 0 {
			return false
		}
		open += n
		if at = space(statement, open+1); at < len(statement) && string(statement[at:wordEnd(statement, at)]) == own {
			break
		}
	}
	start := open
	for start > 0 && (wordByte[statement[start-1]] || statement[start-1] == '.') {
		start--
	}
	if start == open || bytes.Contains(statement[start:open], []byte("ogg")) {
		return false
	}
	head := bytes.TrimSpace(statement[:start])
	return len(head) == 0 || head[len(head)-1] == '=' && bytes.IndexByte(head, ',') >= 0
}

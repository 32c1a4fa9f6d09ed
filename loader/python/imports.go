package python

import (
	"github.com/eddy-build/eddy/module"

	"golang.org/x/text/unicode/norm"
)

// importStatement reads what follows the word import.
func (s *scanner) importStatement(i int, ctx scope) (end int, stop byte) {
	start := i
	for {
		name, from, to, ok := s.dottedName(i)
		if !ok {
			return s.broken(i, "import wants the name of a module", ctx)
		}
		alias := name
		i, ok = s.aliasOf(to, &alias)
		if !ok {
			return s.broken(i, "as wants a name", ctx)
		}
		flags := ctx.flags()
		if to != i && alias == name && s.stub {
			flags |= module.Reexport
		}
		s.imports = append(s.imports, found{
			specifier: name, start: from, end: to, kind: ctx.kind(), flags: flags,
			first: len(s.names), last: len(s.names) + 1, calls: ctx.calls,
		})
		s.names = append(s.names, module.ImportedName{Name: "*", Alias: alias})
		s.imported.imported(name, alias)
		i = blank(s.src, i)
		if i == len(s.src) || s.src[i] != ',' {
			break
		}
		i++
	}
	s.work += i - start
	return s.finish(i, ctx)
}

// fromStatement reads what follows the word from.
func (s *scanner) fromStatement(i int, ctx scope) (end int, stop byte) {
	start := i
	src := s.src
	im := found{kind: ctx.kind(), flags: ctx.flags(), calls: ctx.calls, first: len(s.names)}
	i = blank(src, i)
	im.start = i
	s.spell = s.spell[:0]
	for i < len(src) && src[i] == '.' {
		s.spell = append(s.spell, '.')
		i++
		im.end = i
		i = blank(src, i)
	}
	dots := len(s.spell)
	if dots > 0 {
		im.specifier = s.text.of(s.spell)
	}
	if dots == 0 || string(src[i:wordEnd(src, i)]) != "import" {
		name, _, to, ok := s.dottedName(i)
		if !ok {
			return s.broken(i, "from wants the name of a module", ctx)
		}
		im.end = to
		if dots > 0 {
			s.spell = append(append(s.spell[:0], im.specifier...), name...)
			name = s.text.of(s.spell)
		}
		im.specifier = name
		i = blank(src, to)
	}
	e := wordEnd(src, i)
	if string(src[i:e]) != "import" {
		return s.broken(i, "from a module wants the word import", ctx)
	}
	i = blank(src, e)
	var ok bool
	switch {
	case i < len(src) && src[i] == '*':
		s.names = append(s.names, module.ImportedName{Name: "*"})
		im.flags |= module.Reexport
		i, ok = i+1, true
	case i < len(src) && src[i] == '(':
		i, ok = s.importedNames(i+1, true, &im)
	default:
		i, ok = s.importedNames(i, false, &im)
	}
	im.last = len(s.names)
	s.imports = append(s.imports, im)
	s.work += i - start
	if !ok {
		return s.broken(i, "import wants names separated by commas", ctx)
	}
	for _, n := range s.names[im.first:im.last] {
		s.importedFrom(im.specifier, n)
	}
	return s.finish(i, ctx)
}

// importedNames reads a list of names, in parentheses or not.
func (s *scanner) importedNames(i int, parentheses bool, im *found) (end int, ok bool) {
	src := s.src
	gap := blank
	if parentheses {
		gap = space
	}
	for {
		i = gap(src, i)
		e := wordEnd(src, i)
		if e == i {
			if parentheses && i < len(src) && src[i] == ')' {
				return i + 1, true
			}
			return i, false
		}
		n := module.ImportedName{Name: s.name(src[i:e])}
		i = gap(src, e)
		if e = wordEnd(src, i); string(src[i:e]) == "as" {
			i = gap(src, e)
			if e = wordEnd(src, i); e == i {
				return i, false
			}
			alias := s.name(src[i:e])
			if alias != n.Name {
				n.Alias = alias
			} else {
				im.flags |= module.Reexport
			}
			i = gap(src, e)
		}
		s.names = append(s.names, n)
		if i < len(src) && src[i] == ',' {
			i++
			continue
		}
		if !parentheses {
			return i, true
		}
		if i < len(src) && src[i] == ')' {
			return i + 1, true
		}
		return i, false
	}
}

// dottedName reads a.b.c, where white space may stand around the dots.
func (s *scanner) dottedName(i int) (name string, start, end int, ok bool) {
	src := s.src
	start = blank(src, i)
	end = wordEnd(src, start)
	if end == start {
		return "", start, start, false
	}
	contiguous := true
	for i = end; ; i = end {
		dot := blank(src, i)
		if dot == len(src) || src[dot] != '.' {
			break
		}
		w := blank(src, dot+1)
		e := wordEnd(src, w)
		if e == w {
			return "", start, end, false
		}
		contiguous = contiguous && dot == i && w == dot+1
		end = e
	}
	if contiguous {
		return s.name(src[start:end]), start, end, true
	}
	var spelled []byte
	for i = start; i < end; {
		if wordByte[src[i]] || src[i] == '.' {
			spelled = append(spelled, src[i])
			i++
		} else {
			i = blank(src, i)
		}
	}
	return s.name(spelled), start, end, true
}

// aliasOf reads an optional "as name" at i and returns the end of what it read,
// which is i where there is none.
func (s *scanner) aliasOf(i int, alias *string) (end int, ok bool) {
	src := s.src
	w := blank(src, i)
	e := wordEnd(src, w)
	if string(src[w:e]) != "as" {
		return i, true
	}
	w = blank(src, e)
	e = wordEnd(src, w)
	if e == w {
		return w, false
	}
	*alias = s.name(src[w:e])
	return e, true
}

// name returns an identifier, or several with dots, as Python compares them.
func (s *scanner) name(b []byte) string {
	for _, c := range b {
		if c >= 0x80 {
			return s.text.of(norm.NFKC.Bytes(b))
		}
	}
	return s.text.of(b)
}

// broken reports a malformed import and skips the rest of it.
func (s *scanner) broken(i int, msg string, ctx scope) (end int, stop byte) {
	s.problem(i, "syntax", msg)
	return s.skip(i, false, ctx)
}

// finish ends an import statement.
func (s *scanner) finish(i int, ctx scope) (end int, stop byte) {
	src := s.src
	i = blank(src, i)
	if i == len(src) || isNewline(src[i]) || src[i] == '#' {
		return i, '\n'
	}
	if src[i] == ';' {
		return i, ';'
	}
	return s.broken(i, "the import should end here", ctx)
}

// importedFrom notes the names by which a file has what the scanner looks for.
func (s *scanner) importedFrom(specifier string, n module.ImportedName) {
	switch {
	case n.Name == "TYPE_CHECKING" && n.Alias != "":
		s.checking = addAlias(s.checking, n.Alias)
	case specifier == "importlib":
		s.imported.from(n)
	}
}

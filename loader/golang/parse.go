package golang

import (
	"bytes"
	gotoken "go/token"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// parser reads the head of Go files. Between files it keeps its buffers and the
// strings it has met: the same few import paths stand in most files.
type parser struct {
	scanner scanner
	path    string
	imports []module.Import
	facts   *module.Facts
	known   map[string]string
	aliases map[string][]module.ImportedName
	checked map[string]error // whether the text of a //go:build line parses
}

// maxKnown and maxLength bound the strings that a parser keeps.
const (
	maxKnown  = 1 << 16
	maxLength = 1 << 8
)

// maxDiagnostics bounds what a parser says of one file.
const maxDiagnostics = 10

func newParser() *parser {
	return &parser{
		known:   map[string]string{},
		aliases: map[string][]module.ImportedName{},
		checked: map[string]error{},
	}
}

// Parse reads a whole file. The imports and, in a file that imports embed, the
// //go:embed patterns are its facts; a pattern is an implicit import with the
// flag [module.Pattern]. Time is linear in the length of the file's head.
//
// At [loader.DetailExports] the top-level declarations are facts, too, and time
// is linear in the length of the file.
func (p *parser) Parse(path string, src []byte, detail loader.Detail) *module.Facts {
	facts, _ := p.parse(path, src, true)
	if detail == loader.DetailExports {
		facts.Exports, facts.Open = p.readExports(src, facts.Imports)
	}
	return facts
}

// ParseHeader reads the first bytes of a file, which are enough if they go
// beyond the imports and embed is not among them.
func (p *parser) ParseHeader(path string, prefix []byte) (*module.Facts, bool) {
	return p.parse(path, prefix, false)
}

var wildcard = []module.ImportedName{{Name: "*"}}

func (p *parser) parse(path string, src []byte, whole bool) (*module.Facts, bool) {
	p.path = path
	p.imports = p.imports[:0]
	p.facts = &module.Facts{}
	s := &p.scanner
	s.init(src)

	s.next()
	p.packageClause()
	for !p.atDeclaration() {
		p.importDeclaration()
	}
	if s.touchedEnd && !whole {
		return nil, false
	}
	embeds := slices.ContainsFunc(p.imports, func(imp module.Import) bool { return imp.Specifier == "embed" })
	if embeds && !whole {
		return nil, false
	}

	head := src[:s.end]
	p.checkText(head)
	if s.constraint {
		p.constraint(head)
	}
	if embeds && bytes.Contains(src, embedDirective) {
		p.embedDirectives(src)
		slices.SortStableFunc(p.imports, func(a, b module.Import) int { return int(a.Span.Offset - b.Span.Offset) })
	}
	if len(p.imports) > 0 {
		p.facts.Imports = slices.Clone(p.imports)
	}
	facts := p.facts
	p.facts, s.src = nil, nil
	return facts, true
}

// packageClause reads "package name". Without one it leaves the scanner at a
// place from which imports may yet be found.
func (p *parser) packageClause() {
	s := &p.scanner
	if s.token != tokenName || string(s.text()) != "package" {
		p.unexpected("a package clause")
		if s.token != tokenName || string(s.text()) != "import" {
			p.resync()
		}
		return
	}
	s.next()
	name := p.identifier()
	if name == "" {
		p.unexpected("a package name")
		p.resync()
		return
	}
	if name == "_" {
		p.problem("invalid package name _")
	}
	p.facts.Package = name
	s.next()
	p.endStatement()
}

// atDeclaration reports whether the imports have ended. What is neither an import
// nor the start of a declaration is an error, after which more imports may come.
func (p *parser) atDeclaration() bool {
	s := &p.scanner
	for {
		switch s.token {
		case tokenEOF:
			return true
		case tokenSemicolon:
			s.next()
			continue
		case tokenName:
			switch string(s.text()) {
			case "import":
				return false
			case "func", "type", "var", "const":
				return true
			}
		}
		p.unexpected("a declaration")
		p.resync()
	}
}

// importDeclaration reads an import with one path or with a list of them.
func (p *parser) importDeclaration() {
	s := &p.scanner
	s.next()
	if s.token != tokenLeft {
		p.importSpec()
		p.endStatement()
		return
	}
	s.next()
	for s.token != tokenRight {
		if s.token == tokenEOF {
			p.unexpected("\")\" after the imports")
			return
		}
		p.importSpec()
		if s.token == tokenString {
			p.unexpected("a newline or a semicolon")
			continue
		}
		p.endStatement()
	}
	s.next()
	p.endStatement()
}

// importSpec reads one path and the name that may stand before it, up to what
// ends the statement.
func (p *parser) importSpec() {
	s := &p.scanner
	names := wildcard
	if s.token == tokenPeriod {
		names = p.alias(".")
		s.next()
	} else if name := p.identifier(); name != "" {
		names = p.alias(name)
		s.next()
	}
	if s.token != tokenString {
		p.unexpected("an import path in quotes")
		p.skipStatement()
		return
	}
	specifier, ok := p.unquote(s.text())
	if !ok {
		p.problem("the import path has an escape that is not valid")
		p.skipStatement()
		return
	}
	if !validPath(specifier) {
		p.problem("invalid import path " + strconv.Quote(specifier))
	}
	p.imports = append(p.imports, module.Import{Specifier: specifier, Names: names, Span: p.span()})
	s.next()
}

// identifier returns the token if it is an identifier, else an empty string.
func (p *parser) identifier() string {
	if p.scanner.token != tokenName {
		return ""
	}
	name := p.intern(p.scanner.text())
	if gotoken.IsKeyword(name) {
		return ""
	}
	return name
}

// endStatement passes over the semicolon that ends a statement. Before a closing
// parenthesis there need not be one.
func (p *parser) endStatement() {
	switch p.scanner.token {
	case tokenSemicolon:
		p.scanner.next()
	case tokenRight, tokenEOF:
	default:
		p.unexpected("a newline or a semicolon")
		p.resync()
	}
}

// skipStatement goes to the end of a statement that makes no sense.
func (p *parser) skipStatement() {
	if t := p.scanner.token; t != tokenSemicolon && t != tokenEOF {
		p.scanner.skipLine()
	}
}

// resync goes on with the next line, so that one bad line, such as the mark of
// a merge conflict, costs no other.
func (p *parser) resync() {
	s := &p.scanner
	p.skipStatement()
	for s.token == tokenSemicolon {
		s.next()
	}
}

// unquote reads a string literal.
func (p *parser) unquote(literal []byte) (string, bool) {
	inner := literal[1 : len(literal)-1]
	if literal[0] == '`' {
		if bytes.IndexByte(inner, '\r') < 0 {
			return p.intern(inner), true
		}
		return strings.ReplaceAll(string(inner), "\r", ""), true
	}
	if bytes.IndexByte(inner, '\\') < 0 {
		return p.intern(inner), true
	}
	s, err := strconv.Unquote(string(literal))
	return s, err == nil
}

// intern returns a string of these bytes, the same one each time.
func (p *parser) intern(b []byte) string {
	if s, ok := p.known[string(b)]; ok {
		return s
	}
	s := string(b)
	if len(s) > maxLength {
		return s
	}
	if len(p.known) >= maxKnown {
		clear(p.known)
	}
	p.known[s] = s
	return s
}

// alias returns what an import under a name imports. The blank name imports
// nothing: the import is for its side effects.
func (p *parser) alias(name string) []module.ImportedName {
	if name == "_" {
		return nil
	}
	names, ok := p.aliases[name]
	if !ok {
		if len(p.aliases) >= maxKnown {
			clear(p.aliases)
		}
		names = []module.ImportedName{{Name: "*", Alias: name}}
		p.aliases[name] = names
	}
	return names
}

// validPath reports whether the go command accepts an import path at all.
func validPath(path string) bool {
	for _, r := range path {
		switch {
		case 'a' <= r && r <= 'z', '-' <= r && r <= '9', 'A' <= r && r <= 'Z', r == '_':
		case strings.ContainsRune("!\"#$%&'()*,:;<=>?[\\]^{|}`\uFFFD", r), !unicode.IsGraphic(r), unicode.IsSpace(r):
			return false
		}
	}
	return path != ""
}

// checkText says where the head of a file is not text.
func (p *parser) checkText(head []byte) {
	if utf8.Valid(head) && bytes.IndexByte(head, 0) < 0 {
		return
	}
	for i, line := 0, 1; i < len(head); {
		r, size := utf8.DecodeRune(head[i:])
		if r == '\n' {
			line++
		}
		if r == 0 || r == utf8.RuneError && size == 1 {
			what := "this byte is not UTF-8; save the file as UTF-8"
			if r == 0 {
				what = "a Go file cannot hold a NUL byte"
			}
			column := i - (bytes.LastIndexByte(head[:i], '\n') + 1) + 1
			p.report("syntax", module.Span{
				File: p.path, Line: int32(line), Column: int32(column), Offset: int32(i), End: int32(i + size),
			}, what)
			return
		}
		i += size
	}
}

// span returns the place of the token.
func (p *parser) span() module.Span {
	s := &p.scanner
	return module.Span{File: p.path, Line: int32(s.tokRow), Column: int32(s.tokCol), Offset: int32(s.start), End: int32(s.end)}
}

// unexpected reports that the token is not what belongs there.
func (p *parser) unexpected(want string) {
	if len(p.facts.Diagnostics) == maxDiagnostics {
		return
	}
	s := &p.scanner
	have := "the end of the file"
	switch s.token {
	case tokenEOF:
	case tokenSemicolon:
		have = "the end of the line"
		if s.end > s.start {
			have = "\";\""
		}
	case tokenBroken:
		have = "a string or a comment without an end"
	default:
		const most = 40
		have = strconv.Quote(string(s.text()[:min(most, s.end-s.start)]))
	}
	p.problem("expected " + want + ", found " + have)
}

// problem reports a syntax error at the token.
func (p *parser) problem(message string) {
	p.report("syntax", p.span(), message)
}

func (p *parser) report(code string, span module.Span, message string) {
	if len(p.facts.Diagnostics) < maxDiagnostics {
		p.facts.Diagnostics = append(p.facts.Diagnostics, module.Diagnostic{
			Severity: module.Error, Code: code, Span: span, Message: message,
		})
	}
}

package golang

import (
	"bytes"
	"go/ast"
	gotoken "go/token"
	"strconv"
	"strings"

	"github.com/eddy-build/eddy/module"
)

// exporter reads the top-level declarations of a file. Where a bracket is not
// closed, what follows is lost, and the file is open: it may declare any name.
type exporter struct {
	*parser
	lex      lexer
	sig      signature
	internal bool // the file lies below an "internal" folder
	unclosed bool // the file ended within brackets
	exports  []module.Export
}

// readExports reads the declarations that follow the imports of a file.
func (p *parser) readExports(src []byte, imports []module.Import) (exports []module.Export, open bool) {
	x := &exporter{parser: p, lex: lexer{src: src, line: 1}}
	if bytes.HasPrefix(src, byteOrderMark) {
		x.lex.pos = len(byteOrderMark)
	}
	for _, imp := range imports {
		if imp.Flags&module.Pattern == 0 { // those of go:embed stand between the declarations
			x.lex.pos, x.lex.line = int(imp.Span.End), int(imp.Span.Line)
			x.lex.lineStart = int(imp.Span.Offset - imp.Span.Column + 1)
			x.lex.semicolon = true
		}
	}
	x.internal = strings.HasPrefix(p.path, "internal/") || strings.Contains(p.path, "/internal/")
	x.lex.next()
	for x.lex.kind != kindEOF {
		switch {
		case x.lex.is("func"):
			x.function()
		case x.lex.is("type"):
			x.group("type", x.typeSpec)
		case x.lex.is("var"):
			x.group("var", x.varSpec)
		case x.lex.is("const"):
			var c constants
			x.group("const", func(doc string) { x.constSpec(doc, &c) })
		default:
			x.skipToken()
		}
	}
	return x.exports, x.unclosed
}

// skipToken goes on with the next token, over a block as a whole.
func (x *exporter) skipToken() {
	if x.lex.kind == '{' {
		x.skipBlock()
	}
	if x.lex.kind != kindEOF {
		x.lex.next()
	}
}

// skipBlock passes over the block that the token opens.
func (x *exporter) skipBlock() {
	x.lex.skipBlock()
	x.unclosed = x.unclosed || x.lex.kind == kindEOF
}

// doc returns the text of the comment above the token.
func (x *exporter) doc() string {
	if x.lex.docStart < 0 {
		return ""
	}
	return string(x.lex.src[x.lex.docStart:x.lex.docEnd])
}

// group reads a declaration of one spec, or of a list of them in parentheses.
func (x *exporter) group(keyword string, spec func(doc string)) {
	l := &x.lex
	doc := x.doc()
	l.next()
	if l.kind != '(' {
		spec(doc)
		return
	}
	l.next()
	for l.kind != ')' && l.kind != kindEOF {
		if l.kind == kindSemicolon {
			l.next()
			continue
		}
		before := l.start
		own := x.doc()
		if own == "" {
			own = doc
		}
		spec(own)
		if l.start == before { // nothing that a spec begins with
			x.skipToken()
		}
	}
	x.unclosed = x.unclosed || l.kind == kindEOF
	if l.kind == ')' {
		l.next()
	}
}

// function reads a function or a method.
func (x *exporter) function() {
	l := &x.lex
	doc := x.doc()
	x.sig.reset("")
	x.sig.add(l)
	l.next()
	receiver, valid := "", true
	if l.kind == '(' {
		receiver, valid = x.receiver()
	}
	name, span := x.name()
	if name == "" {
		return
	}
	x.sig.add(l)
	l.next()
	body := x.toBody()
	if valid {
		x.emit(receiver, name, span, module.SymbolFunction, doc)
	}
	if body {
		x.skipBlock()
		l.next()
	}
}

// receiver reads "(r *T[P])" into the signature and returns the name of T: the
// last name outside brackets. It reports whether T can have methods.
func (x *exporter) receiver() (string, bool) {
	l := &x.lex
	name := ""
	after := false // a bracket was closed: what is named now is the element of an array or slice
	valid := true
	depth, brackets := 0, 0
	for ; l.kind != kindEOF; l.next() {
		x.sig.add(l)
		switch l.kind {
		case '(':
			depth++
		case ')':
			depth--
		case '[':
			brackets++
		case ']':
			brackets--
			after = true
		case '.':
			valid = valid && brackets > 0 // the type of another package has no methods here
		case kindName:
			if brackets == 0 {
				name = x.intern(l.text())
				valid = valid && !after
			}
		}
		if depth == 0 {
			l.next()
			return name, valid
		}
	}
	x.unclosed = true
	return name, false
}

// name returns the token if it is a name, and its place.
func (x *exporter) name() (string, module.Span) {
	l := &x.lex
	if l.kind != kindName || gotoken.IsKeyword(string(l.text())) {
		return "", module.Span{}
	}
	return x.intern(l.text()), module.Span{
		File: x.path, Line: int32(l.row), Column: int32(l.column), Offset: int32(l.start), End: int32(l.end),
	}
}

// toBody adds to the signature up to the body of a function, or up to the end of
// the statement where it has none. It reports whether there is one; then its "{"
// is the token.
func (x *exporter) toBody() bool {
	l := &x.lex
	depth := 0
	typeBlock := false // "{" belongs to a struct or an interface
	for ; l.kind != kindEOF; l.next() {
		switch l.kind {
		case '{':
			if depth == 0 && !typeBlock {
				return true
			}
			depth++
			x.sig.add(l)
			typeBlock = false
			continue
		case '(', '[':
			depth++
		case ')', ']', '}':
			depth--
		case kindSemicolon:
			if depth <= 0 {
				return false
			}
		}
		x.sig.add(l)
		typeBlock = l.is("struct") || l.is("interface")
	}
	x.unclosed = x.unclosed || depth > 0
	return false
}

// toEnd adds to the signature up to the end of the statement. Where stop is not
// zero, it ends before a token of that kind outside brackets, too.
func (x *exporter) toEnd(stop kind) {
	l := &x.lex
	depth := 0
	for ; l.kind != kindEOF; l.next() {
		if depth == 0 && (l.kind == kindSemicolon || l.kind == ')' || stop != 0 && l.kind == stop) {
			return
		}
		switch l.kind {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		}
		x.sig.add(l)
	}
	x.unclosed = x.unclosed || depth > 0
}

// typeSpec reads "T[P any] struct{…}" or "T = U".
func (x *exporter) typeSpec(doc string) {
	name, span := x.name()
	if name == "" {
		return
	}
	x.sig.reset("type ")
	x.toEnd(0)
	x.emit("", name, span, module.SymbolType, doc)
}

// named is a name of a variable or constant with its place.
type named struct {
	name string
	span module.Span
}

// names reads "a, b, c".
func (x *exporter) names() []named {
	l := &x.lex
	var list []named
	for {
		name, span := x.name()
		if name == "" {
			return list
		}
		list = append(list, named{name, span})
		if l.next(); l.kind != ',' {
			return list
		}
		l.next()
	}
}

// varSpec reads "a, b T = x, y". With a type, importers do not observe the
// values; without one, the type is that of the values.
func (x *exporter) varSpec(doc string) {
	list := x.names()
	if list == nil {
		return
	}
	x.sig.reset("")
	x.toEnd('=')
	typed := len(x.sig.text) > 0
	if x.lex.kind == '=' {
		if typed {
			x.passExpression()
		} else {
			x.toEnd(0)
		}
	}
	rest := x.rest()
	for i, n := range list {
		x.sig.reset("var " + n.name)
		if !typed && len(list) > 1 {
			x.sig.word(strconv.Itoa(i)) // which of the values is its own
		}
		x.sig.word(rest)
		x.emit("", n.name, n.span, module.SymbolVariable, doc)
	}
}

// rest takes the text of the signature away.
func (x *exporter) rest() string { return strings.TrimSpace(string(x.sig.text)) }

// passExpression goes to the end of the statement.
func (x *exporter) passExpression() {
	l := &x.lex
	depth := 0
	for ; l.kind != kindEOF; l.next() {
		switch l.kind {
		case '{':
			x.skipBlock()
		case '(', '[':
			depth++
		case ')', ']':
			if depth == 0 {
				return
			}
			depth--
		case kindSemicolon:
			if depth == 0 {
				return
			}
		}
		if l.kind == kindEOF {
			break
		}
	}
	x.unclosed = x.unclosed || depth > 0
}

// constants is what the specs of one const declaration have in common.
type constants struct {
	iota int
	rest string // type and expressions of the last spec that has any
}

// constSpec reads "a, b T = x, y", or "a, b" which repeats the spec before. The
// place in the list is part of the signature where the value may depend on it.
func (x *exporter) constSpec(doc string, c *constants) {
	list := x.names()
	if list == nil {
		return
	}
	x.sig.reset("")
	x.toEnd(0)
	if rest := x.rest(); rest != "" {
		c.rest = rest
	}
	for i, n := range list {
		x.sig.reset("const " + n.name)
		if len(list) > 1 {
			x.sig.word(strconv.Itoa(i))
		}
		x.sig.word(c.rest)
		if strings.Contains(c.rest, "iota") {
			x.sig.word("/* iota " + strconv.Itoa(c.iota) + " */")
		}
		x.emit("", n.name, n.span, module.SymbolConstant, doc)
	}
	c.iota++
}

// emit adds an export with the signature gathered so far. The blank name and
// init cannot be referred to.
func (x *exporter) emit(receiver, name string, span module.Span, kind module.SymbolKind, comment string) {
	if name == "_" || name == "init" && receiver == "" && kind == module.SymbolFunction {
		return
	}
	visibility := module.Private
	if ast.IsExported(name) && (receiver == "" || ast.IsExported(receiver)) {
		visibility = module.Public
		if x.internal {
			visibility = module.Internal
		}
	}
	if receiver != "" {
		name = receiver + "." + name
	}
	doc, deprecated := documentation(comment)
	x.exports = append(x.exports, module.Export{
		Name: name, Kind: kind, Visibility: visibility, Signature: string(bytes.TrimSpace(x.sig.text)),
		Doc: doc, Deprecated: deprecated, Span: span,
	})
}

// documentation returns the first line of a doc comment and the reason of its
// paragraph "Deprecated:".
func documentation(comment string) (first, deprecated string) {
	if comment == "" {
		return "", ""
	}
	text := (&ast.CommentGroup{List: comments(comment)}).Text()
	first, _, _ = strings.Cut(text, "\n")
	first = strings.TrimSpace(first)
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		if reason, ok := strings.CutPrefix(paragraph, "Deprecated:"); ok {
			deprecated = strings.Join(strings.Fields(reason), " ")
			if deprecated == "" {
				deprecated = "deprecated"
			}
		}
	}
	return first, deprecated
}

// comments splits the text of adjacent comments.
func comments(text string) []*ast.Comment {
	var list []*ast.Comment
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		var one string
		if strings.HasPrefix(text, "//") {
			one, text, _ = strings.Cut(text, "\n")
			one = strings.TrimSuffix(one, "\r")
		} else if n := strings.Index(text, "*/"); n >= 0 {
			one, text = text[:n+2], text[n+2:]
		} else {
			break
		}
		list = append(list, &ast.Comment{Text: one})
	}
	return list
}

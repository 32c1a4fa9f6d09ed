package ecmascript

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// parser turns the bytes of a file into facts. It keeps its buffers from file
// to file, so one goroutine uses it.
type parser struct {
	scanner scanner
	buffer  []byte
	text    []byte
	ends    []int32
	exports exportReader
}

func newParser() loader.Parser { return new(parser) }

// Parse implements [loader.Parser]. Its time is linear in the size of src.
func (p *parser) Parse(path string, src []byte, detail loader.Detail) *module.Facts {
	facts := new(module.Facts)
	if bytes.HasPrefix(src, []byte("\xff\xfe")) || bytes.HasPrefix(src, []byte("\xfe\xff")) {
		facts.Open = true
		facts.Diagnostics = []module.Diagnostic{{
			Severity: module.Error, Code: "encoding", Span: module.Span{File: path, Line: 1, Column: 1, End: 2},
			Message: "the file is UTF-16, which is not read; its imports are missing: save it as UTF-8",
		}}
		return facts
	}
	scripts := []script{{end: len(src), lang: syntaxOf(path)}}
	b := factsBuilder{path: path, src: src, facts: facts}
	if split := splitterOf(path); split != nil {
		scripts = split(src, &b)
	}
	for _, sc := range scripts {
		p.scan(src, sc, detail)
		b.add(&p.scanner, p)
		if detail >= loader.DetailExports {
			p.exports.reset(&p.scanner)
			p.exports.read()
			b.addExports(&p.exports)
			b.addAsides(&p.exports)
		}
	}
	b.finish()
	if detail >= loader.DetailExports {
		if splitterOf(path) != nil {
			b.component()
		}
		b.finishExports()
	}
	return facts
}

// script is a part of a file that is a script of its own.
type script struct {
	start, end int
	lang       syntax
}

// scan reads one script with the scanner, from a copy with zeroes behind it.
func (p *parser) scan(src []byte, sc script, detail loader.Detail) {
	n := sc.end - sc.start
	p.buffer = append(p.buffer[:0], src[sc.start:sc.end]...)
	p.buffer = append(p.buffer, make([]byte, padding)...)
	s := &p.scanner
	s.found.clear()
	s.trace.clear(detail >= loader.DetailExports)
	s.lang, s.base, s.src, s.end, s.module = sc.lang, sc.start, p.buffer, n, sc.lang.module
	s.scan()
}

// syntaxOf says what a file's name means for its syntax.
func syntaxOf(path string) syntax {
	_, file := loader.Split(path)
	dot := strings.LastIndexByte(file, '.')
	switch ext := file[dot+1:]; ext {
	case "ts", "mts", "cts":
		return syntax{ts: true, declaration: isDeclaration(file)}
	case "tsx":
		return syntax{ts: true, jsx: true}
	}
	return syntax{jsx: true, docs: true, module: strings.HasSuffix(file, ".mjs")}
}

// factsBuilder turns what the scanner found in the scripts of a file into facts.
type factsBuilder struct {
	path  string
	src   []byte
	facts *module.Facts
	ends  lineEnds
}

// add takes over what the scanner found in one script.
func (b *factsBuilder) add(s *scanner, p *parser) {
	f := b.facts
	for _, q := range s.problems {
		b.problem(s.base+int(q.at), q.message)
	}
	b.ambients(s)
	imports, dynamics, names := 0, 0, 0
	for i := range s.records {
		switch r := &s.records[i]; {
		case r.dropped:
		case r.ambient != 0 && !s.module:
			r.dropped = true
		case r.dynamic:
			dynamics++
		default:
			imports++
			names += int(r.nameEnd - r.names)
		}
	}
	if imports+dynamics == 0 {
		return
	}
	for i := range s.tries {
		t := &s.tries[i]
		t.caught = t.caught || t.outer != 0 && s.tries[t.outer-1].caught
	}
	texts := b.texts(s, p)
	f.Imports = slices.Grow(f.Imports, imports)
	if dynamics > 0 {
		f.Dynamic = slices.Grow(f.Dynamic, dynamics)
	}
	var list []module.ImportedName
	if names > 0 {
		list = make([]module.ImportedName, 0, names)
	}
	for _, r := range s.records {
		if r.dropped {
			continue
		}
		sp := module.Span{File: b.path, Offset: int32(s.base) + r.start, End: int32(s.base) + r.end}
		if r.dynamic {
			f.Dynamic = append(f.Dynamic, sp)
			continue
		}
		im := module.Import{Specifier: texts.next(), Kind: r.kind, Flags: r.flags, Span: sp}
		if s.lang.declaration {
			im.Kind = module.Type
		}
		if r.try != 0 && s.tries[r.try-1].caught {
			im.Flags |= module.Optional
		}
		if r.nameEnd > r.names {
			from := len(list)
			for _, n := range s.names[r.names:r.nameEnd] {
				in := module.ImportedName{Name: n.fixed, Type: n.typed && im.Kind != module.Type}
				if in.Name == "" {
					in.Name = texts.next()
				}
				if n.alias != (span{}) {
					in.Alias = texts.next()
				}
				if in.Alias == in.Name {
					in.Alias = ""
				}
				list = append(list, in)
			}
			im.Names = list[from:len(list):len(list)]
		}
		f.Imports = append(f.Imports, im)
	}
}

// ambients takes over the modules that a script declares. In a script that is a
// module itself they are augmentations of others: imports for their types.
func (b *factsBuilder) ambients(s *scanner) {
	for _, a := range s.ambients {
		if s.module {
			s.add(int(a.start), int(a.end), module.Type, 0, len(s.names)).ambient = 0
		} else {
			b.facts.Ambient = append(b.facts.Ambient, decode(s.src[a.start:a.end]))
		}
	}
}

// textList is the texts of a script in the order in which they are used, all
// parts of one string.
type textList struct {
	all  string
	ends []int32
	at   int32
}

func (t *textList) next() string {
	end := t.ends[0]
	text := t.all[t.at:end]
	t.at, t.ends = end, t.ends[1:]
	return text
}

// texts reads the specifiers and names of the records.
func (b *factsBuilder) texts(s *scanner, p *parser) textList {
	p.text, p.ends = p.text[:0], p.ends[:0]
	add := func(sp span) {
		p.text = appendDecoded(p.text, s.src[sp.start:sp.end])
		p.ends = append(p.ends, int32(len(p.text)))
	}
	for _, r := range s.records {
		if r.dropped || r.dynamic {
			continue
		}
		add(r.span)
		for _, n := range s.names[r.names:r.nameEnd] {
			if n.fixed == "" {
				add(n.name)
			}
			if n.alias != (span{}) {
				add(n.alias)
			}
		}
	}
	return textList{all: string(p.text), ends: p.ends}
}

func (b *factsBuilder) problem(at int, message string) {
	b.facts.Diagnostics = append(b.facts.Diagnostics, module.Diagnostic{
		Severity: module.Warning, Code: "syntax", Message: message,
		Span: module.Span{File: b.path, Offset: int32(at), End: int32(at)},
	})
}

// finish sorts the facts and fills in lines and columns.
func (b *factsBuilder) finish() {
	f := b.facts
	byOffset := func(a, b module.Import) int { return cmp.Compare(a.Span.Offset, b.Span.Offset) }
	if !slices.IsSortedFunc(f.Imports, byOffset) {
		slices.SortStableFunc(f.Imports, byOffset)
	}
	at := position{src: b.src, line: 1, ends: &b.ends}
	for i := range f.Imports {
		at.place(&f.Imports[i].Span)
	}
	slices.SortFunc(f.Dynamic, func(a, b module.Span) int { return cmp.Compare(a.Offset, b.Offset) })
	at = position{src: b.src, line: 1, ends: &b.ends}
	for i := range f.Dynamic {
		at.place(&f.Dynamic[i])
	}
	slices.SortStableFunc(f.Diagnostics, func(a, b module.Diagnostic) int { return cmp.Compare(a.Span.Offset, b.Span.Offset) })
	at = position{src: b.src, line: 1, ends: &b.ends}
	for i := range f.Diagnostics {
		at.place(&f.Diagnostics[i].Span)
	}
	f.Diagnostics = module.SortDiagnostics(f.Diagnostics)
}

package python

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// parser turns the bytes of Python files into facts.
type parser struct {
	scanner scanner
	decoder decoder
}

func newParser() *parser { return &parser{} }

// Parse reads one file. The spans of its facts count the bytes of the file as
// it is, whatever its encoding; lines end where Python ends them.
func (p *parser) Parse(path string, src []byte, detail loader.Detail) *module.Facts {
	s := &p.scanner
	s.work = 0
	s.exporter.on = detail >= loader.DetailExports
	s.text.trim()
	if len(src) > math.MaxInt32 {
		return &module.Facts{Diagnostics: []module.Diagnostic{{
			Code: "too-large", Span: module.Span{File: path}, Message: "the file is larger than 2 GiB and is not read",
		}}}
	}
	text := p.decoder.decode(src)
	s.imported.reset()
	s.words = false
	s.reset(text.bytes, stubPath(path))
	s.scan(text.start)
	if s.imported.used {
		// The file may call a function that imports, and by now it is known by
		// which names: read it once more, word by word.
		s.words = true
		s.reset(text.bytes, stubPath(path))
		s.scan(text.start)
	}
	for _, problem := range text.problems {
		s.report(problem)
	}
	return s.facts(path, text)
}

// facts makes facts of what was found: the only allocations of a parse beside
// names that were never seen before.
func (s *scanner) facts(path string, text text) *module.Facts {
	f := &module.Facts{Open: s.open}
	if len(s.imports) > 0 {
		s.markReexports()
		f.Imports = make([]module.Import, len(s.imports))
		names := slices.Clone(s.names)
		at := s.positions(path, text)
		for i, im := range s.imports {
			f.Imports[i] = module.Import{
				Specifier: im.specifier, Kind: im.kind, Flags: im.flags,
				Span: at.span(im.start, im.end),
			}
			if im.first < im.last {
				f.Imports[i].Names = names[im.first:im.last:im.last]
			}
		}
	}
	if len(s.calls) > 0 {
		f.Dynamic = make([]module.Span, len(s.calls))
		at := s.positions(path, text)
		for i, c := range s.calls {
			f.Dynamic[i] = at.span(c.start, c.end)
		}
	}
	if s.exporter.on {
		f.Exports = s.exports(path, text)
		s.exporter.aside.close(0)
		f.Aside = strings.ToValidUTF8(string(s.exporter.aside.text), "\uFFFD")
	}
	if s.hasAll {
		f.All = append(make([]string, 0, len(s.all)), s.all...)
	}
	if len(s.problems) > 0 {
		slices.SortStableFunc(s.problems, func(a, b problem) int { return cmp.Compare(a.at, b.at) })
		f.Diagnostics = make([]module.Diagnostic, len(s.problems))
		at := s.positions(path, text)
		for i, p := range s.problems {
			f.Diagnostics[i] = module.Diagnostic{
				Severity: p.severity, Code: p.code, Message: p.msg, Span: at.span(p.at, p.at),
			}
		}
		f.Diagnostics = module.SortDiagnostics(f.Diagnostics)
	}
	return f
}

// markReexports marks the imports of which __all__ lists a name.
func (s *scanner) markReexports() {
	if len(s.all) == 0 {
		return
	}
	listed := slices.Clone(s.all)
	slices.Sort(listed)
	for i := range s.imports {
		im := &s.imports[i]
		if im.calls > 0 {
			continue
		}
		for _, n := range s.names[im.first:im.last] {
			if _, ok := slices.BinarySearch(listed, cmp.Or(n.Alias, n.Name)); ok {
				im.flags |= module.Reexport
			}
		}
	}
}

// positions counts the lines of a file as it is asked for spans, which must
// come in order.
type positions struct {
	path string
	text text
	work *int
	line int32
	from int // where the line begins
	at   int // counted up to here
	last linePair
}

func (s *scanner) positions(path string, text text) *positions {
	return &positions{path: path, text: text, work: &s.work, line: 1, from: text.start, at: text.start}
}

func (p *positions) span(start, end int) module.Span {
	start, end = min(start, len(p.text.bytes)), min(end, len(p.text.bytes))
	p.advance(start)
	from := p.text.original(p.from, linePair{})
	begin := p.text.original(start, p.last)
	p.last = p.text.original(end, begin)
	p.last.source = max(p.last.source, begin.source)
	return module.Span{
		File: p.path, Line: p.line, Column: int32(begin.source-from.source) + 1,
		Offset: int32(begin.source), End: int32(p.last.source),
	}
}

func (p *positions) advance(to int) {
	if to <= p.at {
		return
	}
	chunk := p.text.bytes[p.at:to]
	*p.work += len(chunk)
	if p.text.returns {
		for i, c := range chunk {
			if c == '\n' || c == '\r' && (p.at+i+1 == len(p.text.bytes) || p.text.bytes[p.at+i+1] != '\n') {
				p.line++
				p.from = p.at + i + 1
			}
		}
	} else if i := bytes.LastIndexByte(chunk, '\n'); i >= 0 {
		p.line += int32(bytes.Count(chunk, []byte{'\n'}))
		p.from = p.at + i + 1
	}
	p.at = to
}

// interner gives equal byte strings one string: names repeat from file to file.
type interner struct{ known map[string]string }

// maxInterned bounds what a long-lived parser keeps.
const maxInterned = 1 << 16

func (n *interner) trim() {
	if n.known == nil || len(n.known) > maxInterned {
		n.known = make(map[string]string, 1024)
	}
}

func (n *interner) of(b []byte) string {
	if s, ok := n.known[string(b)]; ok {
		return s
	}
	s := string(b)
	n.known[s] = s
	return s
}

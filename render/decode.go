package render

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// SyntaxError says what is wrong with a document that [ReadJSON] was given, and
// where.
type SyntaxError struct {
	Line, Column int // from 1; the column in bytes
	Pointer      string
	Message      string
}

func (e *SyntaxError) Error() string {
	msg := fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Message)
	if e.Pointer != "" {
		msg += " (at " + e.Pointer + ")"
	}
	return msg
}

// lineReader remembers where the lines of a stream begin, so that an offset of
// the decoder can be told as a line and a column.
type lineReader struct {
	r      io.Reader
	offset int64
	starts []int64 // of every line but the first
}

func (l *lineReader) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	for i, c := range p[:n] {
		if c == '\n' {
			l.starts = append(l.starts, l.offset+int64(i)+1)
		}
	}
	l.offset += int64(n)
	return n, err
}

func (l *lineReader) position(offset int64) (line, column int) {
	i, found := slices.BinarySearch(l.starts, offset)
	if found {
		i++
	}
	start := int64(0)
	if i > 0 {
		start = l.starts[i-1]
	}
	return i + 1, int(offset-start) + 1
}

// decoder reads typed values from a stream of JSON. Its first error stays.
type decoder struct {
	dec   *jsontext.Decoder
	lines *lineReader
	err   error
	start int64 // offset of the value or name read last
}

func newDecoder(r io.Reader) *decoder {
	lines := &lineReader{r: r}
	// Strings are checked and unquoted by unquoteJSON, which knows the lone
	// surrogates.
	return &decoder{dec: jsontext.NewDecoder(lines, jsontext.AllowInvalidUTF8(true)), lines: lines}
}

// fail reports an error at an offset.
func (d *decoder) fail(offset int64, pointer, format string, args ...any) {
	if d.err != nil {
		return
	}
	line, column := d.lines.position(offset)
	d.err = &SyntaxError{Line: line, Column: column, Pointer: pointer, Message: fmt.Sprintf(format, args...)}
}

// failHere reports an error at the value read last.
func (d *decoder) failHere(format string, args ...any) {
	d.fail(d.start, string(d.dec.StackPointer()), format, args...)
}

// broken reports an error of the JSON itself, or of reading it.
func (d *decoder) broken(err error) {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
		d.fail(d.lines.offset, "", "the document ends too early")
	case errors.As(err, &syntax):
		d.fail(syntax.ByteOffset, string(syntax.JSONPointer), "not valid JSON: %v", syntax.Err)
	case d.err == nil:
		d.err = err
	}
}

// value reads the next value of an expected kind as raw JSON. The result is
// valid until the next call.
func (d *decoder) value(kind jsontext.Kind, want string) (jsontext.Value, bool) {
	if d.err != nil {
		return nil, false
	}
	got := d.dec.PeekKind()
	raw, err := d.dec.ReadValue()
	if err != nil {
		d.broken(err)
		return nil, false
	}
	d.start = d.dec.InputOffset() - int64(len(raw))
	if got != kind {
		d.failHere("want %s, found %s", want, kindName(got))
		return nil, false
	}
	return raw, true
}

func (d *decoder) string() string {
	raw, ok := d.value('"', "a string")
	if !ok {
		return ""
	}
	s, err := unquoteJSON(raw)
	if err != nil {
		d.failHere("%v", err)
	}
	return s
}

// oneOf reads a string and reports whether it is one of a list. Those cost no
// allocation.
func (d *decoder) oneOf(list []string) (string, bool) {
	raw, ok := d.value('"', "a string")
	if !ok {
		return "", false
	}
	for _, s := range list {
		if string(raw[1:len(raw)-1]) == s {
			return s, true
		}
	}
	s, err := unquoteJSON(raw)
	if err != nil {
		d.failHere("%v", err)
	}
	return s, slices.Contains(list, s)
}

// number reads an integer from 1 up.
func (d *decoder) number() int32 {
	raw, ok := d.value('0', "a number")
	if !ok {
		return 0
	}
	n, err := strconv.ParseInt(string(raw), 10, 32)
	if err != nil || n < 1 {
		d.failHere("want a whole number from 1 to 2147483647, found %s", raw)
	}
	return int32(n)
}

// begin reads the start of an object or array.
func (d *decoder) begin(kind jsontext.Kind, want string) bool {
	if d.err != nil {
		return false
	}
	got := d.dec.PeekKind()
	if got != kind {
		d.value(kind, want)
		return false
	}
	if _, err := d.dec.ReadToken(); err != nil {
		d.broken(err)
		return false
	}
	d.start = d.dec.InputOffset() - 1
	return true
}

// object reads an object and calls member for each of its members, whose value
// it must read. A name that it does not know it must answer with false.
func (d *decoder) object(what string, names []string, member func(name string)) {
	if !d.begin('{', "an object") {
		return
	}
	for d.err == nil && d.dec.PeekKind() != '}' {
		name, ok := d.oneOf(names)
		if d.err == nil && !ok {
			d.failHere("%s has no member %q: want one of %v", what, name, names)
		}
		if d.err != nil {
			return
		}
		member(name)
	}
	d.end()
}

// array reads an array and calls element for each element, which it must read.
func (d *decoder) array(element func()) {
	if !d.begin('[', "an array") {
		return
	}
	for d.err == nil && d.dec.PeekKind() != ']' {
		element()
	}
	d.end()
}

func (d *decoder) end() {
	if d.err != nil {
		return
	}
	if _, err := d.dec.ReadToken(); err != nil {
		d.broken(err)
	}
}

// eof checks that nothing follows.
func (d *decoder) eof() {
	if d.err != nil {
		return
	}
	if _, err := d.dec.ReadToken(); err == nil {
		d.fail(d.dec.InputOffset()-1, "", "more data after the document")
	} else if !errors.Is(err, io.EOF) {
		d.broken(err)
	}
}

func kindName(k jsontext.Kind) string {
	switch k {
	case 'n':
		return "null"
	case 't', 'f':
		return "a boolean"
	case '"':
		return "a string"
	case '0':
		return "a number"
	case '{':
		return "an object"
	case '[':
		return "an array"
	}
	return "nothing"
}

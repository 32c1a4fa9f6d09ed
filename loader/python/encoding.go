package python

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/eddy-build/eddy/module"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/transform"
)

// text is the source of a file in an encoding that the scanner reads: bytes of
// ASCII that mean themselves, and UTF-8 in names.
type text struct {
	bytes    []byte
	start    int  // behind a byte order mark
	returns  bool // there are carriage returns
	problems []problem

	// Where the bytes were decoded: the starts of the lines that are longer or
	// shorter than in the file, in both.
	encoding encoding.Encoding
	source   []byte
	lines    []linePair
}

type linePair struct{ decoded, source int }

// decoder brings source into UTF-8, as PEP 263 says.
type decoder struct {
	buf   []byte
	lines []linePair
}

var byteOrderMark = []byte("\xef\xbb\xbf")

func (d *decoder) decode(src []byte) text {
	t := text{bytes: src}
	if bytes.HasPrefix(src, byteOrderMark) {
		t.start = len(byteOrderMark)
	}
	if i := bytes.IndexByte(src, 0); i >= 0 {
		t.problems = append(t.problems, problem{i, module.Error, "syntax", "a NUL byte: this is no Python source, and nothing behind it is read"})
		t.bytes = src[:i]
	}
	t.returns = bytes.IndexByte(t.bytes, '\r') >= 0
	name, at := cookie(t.bytes[t.start:])
	at += t.start
	switch canonical := canonicalEncoding(name); {
	case canonical == "" || canonical == "utf-8":
		if i := invalidUTF8(t.bytes); i >= 0 {
			t.problems = append(t.problems, problem{i, module.Error, "encoding", "a byte that is not UTF-8: declare the file's encoding in its first line"})
		}
	case t.start > 0:
		t.problems = append(t.problems, problem{at, module.Error, "encoding", fmt.Sprintf("the encoding %q is declared in a file whose byte order mark says UTF-8", name)})
	default:
		enc := encodingOf(canonical)
		if enc == nil {
			t.problems = append(t.problems, problem{at, module.Error, "encoding", fmt.Sprintf("unknown encoding %q: the file is read as UTF-8", name)})
		} else if i := invalidASCII(t.bytes); i >= 0 && isASCII(canonical) {
			t.problems = append(t.problems, problem{i, module.Error, "encoding", "a byte that is not ASCII, which the file declares as its encoding"})
		} else if i >= 0 || !asciiSuperset(canonical) {
			d.transcode(&t, enc)
		}
	}
	return t
}

// cookie returns the encoding that one of the first two lines declares, and
// where. The pattern is PEP 263's: a comment with "coding", a colon or an equals
// sign, and a name.
func cookie(src []byte) (name string, at int) {
	i := 0
	for line := 0; line < 2 && i < len(src); line++ {
		end := lineEnd(src, i)
		j := i
		for j < end && (src[j] == ' ' || src[j] == '\t' || src[j] == '\f') {
			j++
		}
		if j < end && src[j] != '#' {
			return "", 0
		}
		for text := src[j:end]; ; {
			n := bytes.Index(text, []byte("coding"))
			if n < 0 {
				break
			}
			n += len("coding")
			text = text[n:]
			if len(text) == 0 || text[0] != ':' && text[0] != '=' {
				continue
			}
			from := 1
			for from < len(text) && (text[from] == ' ' || text[from] == '\t') {
				from++
			}
			to := from
			for to < len(text) && (text[to] < 0x80 && wordByte[text[to]] || text[to] == '-' || text[to] == '.') {
				to++
			}
			if to > from {
				return string(text[from:to]), end - len(text) + from
			}
		}
		if end == len(src) {
			break
		}
		i = newlineEnd(src, end)
	}
	return "", 0
}

// canonicalEncoding folds the spellings of a name, as Python's tokenizer and
// codec registry do.
func canonicalEncoding(name string) string {
	n := strings.ReplaceAll(strings.ToLower(name), "_", "-")
	switch {
	case n == "utf-8" || strings.HasPrefix(n, "utf-8-") || n == "utf8" || n == "u8" || n == "cp65001":
		return "utf-8"
	case n == "latin-1" || n == "iso-8859-1" || n == "iso-latin-1" || n == "latin1" || n == "l1" ||
		strings.HasPrefix(n, "latin-1-") || strings.HasPrefix(n, "iso-8859-1-") || strings.HasPrefix(n, "iso-latin-1-"):
		return "iso-8859-1"
	}
	return n
}

// encodingOf finds an encoding by its name in Python, or returns nil.
func encodingOf(name string) encoding.Encoding {
	switch name {
	case "utf-16", "utf-16le", "utf-16be", "utf-16-le", "utf-16-be":
		return nil // Python does not read source in it
	case "iso-8859-1", "ascii", "us-ascii", "646":
		// The web's index would read these as windows-1252.
		return charmap.ISO8859_1
	}
	for _, n := range []string{name, strings.Replace(name, "cp", "windows-", 1), strings.Replace(name, "cp", "ibm", 1), strings.Replace(name, "iso", "iso-", 1)} {
		if e, err := htmlindex.Get(n); err == nil && e != encoding.Replacement {
			return e
		}
		if e, err := ianaindex.IANA.Encoding(n); err == nil && e != nil {
			return e
		}
	}
	return nil
}

// asciiSuperset reports whether the bytes of ASCII mean themselves wherever
// they stand alone, so that a file of them needs no decoding.
func asciiSuperset(name string) bool {
	return !strings.HasPrefix(name, "iso") || !strings.Contains(name, "2022")
}

// transcode decodes line by line, and notes where each line is, so that spans
// can be told in the file's own bytes.
func (d *decoder) transcode(t *text, enc encoding.Encoding) {
	d.buf, d.lines = d.buf[:0], d.lines[:0]
	src := t.bytes
	dec := enc.NewDecoder()
	for i := 0; i < len(src); {
		end := lineEnd(src, i)
		if end < len(src) {
			end = newlineEnd(src, end)
		}
		d.lines = append(d.lines, linePair{len(d.buf), i})
		var err error
		dec.Reset()
		if d.buf, _, err = transform.Append(dec, d.buf, src[i:end]); err != nil {
			d.buf = append(d.buf, src[i:end]...)
		}
		i = end
	}
	t.encoding, t.source, t.bytes, t.lines = enc, src, d.buf, d.lines
	t.returns = bytes.IndexByte(t.bytes, '\r') >= 0
	if i := bytes.IndexRune(t.bytes, utf8.RuneError); i >= 0 {
		t.problems = append(t.problems, problem{i, module.Error, "encoding", "bytes that the declared encoding does not know"})
	}
}

// original returns the place in the file of a place in the text, given a pair of
// places before it to count from: a line is encoded once, however often it is
// asked about.
func (t *text) original(i int, last linePair) linePair {
	if t.encoding == nil {
		return linePair{i, i}
	}
	n, exact := slices.BinarySearchFunc(t.lines, i, func(p linePair, i int) int { return p.decoded - i })
	if exact {
		return t.lines[n]
	}
	if n == 0 {
		return linePair{i, 0}
	}
	from := t.lines[n-1]
	if from.decoded < last.decoded && last.decoded <= i {
		from = last
	}
	chunk := t.bytes[from.decoded:i]
	if ascii(chunk) {
		return linePair{i, min(from.source+len(chunk), len(t.source))}
	}
	enc, err := t.encoding.NewEncoder().Bytes(chunk)
	if err != nil {
		enc = nil
	}
	return linePair{i, min(from.source+len(enc), len(t.source))}
}

func ascii(b []byte) bool { return invalidASCII(b) < 0 }

// invalidASCII returns the place of the first byte that is not ASCII, or -1.
func invalidASCII(b []byte) int {
	for i, c := range b {
		if c >= 0x80 {
			return i
		}
	}
	return -1
}

func isASCII(name string) bool { return name == "ascii" || name == "us-ascii" || name == "646" }

// invalidUTF8 returns the place of the first byte that is not UTF-8, or -1.
func invalidUTF8(b []byte) int {
	if utf8.Valid(b) {
		return -1
	}
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

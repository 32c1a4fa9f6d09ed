package module

import (
	"cmp"
	"fmt"
	"strings"
)

// Span is a range of bytes in a file of the workspace.
type Span struct {
	File   string // slash path from the workspace root
	Line   int32  // from 1; 0 where the span is the file as a whole
	Column int32  // from 1, in bytes
	Offset int32  // of the first byte, from 0
	End    int32  // of the byte after the last
}

// String returns "file:line:column", or the file alone where there is no line.
func (s Span) String() string {
	if s.Line == 0 {
		return s.File
	}
	return fmt.Sprintf("%s:%d:%d", s.File, s.Line, s.Column)
}

// Compare orders spans by file, then position.
func (s Span) Compare(t Span) int {
	return cmp.Or(strings.Compare(s.File, t.File), cmp.Compare(s.Line, t.Line),
		cmp.Compare(s.Column, t.Column), cmp.Compare(s.End, t.End))
}

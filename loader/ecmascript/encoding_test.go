package ecmascript

import (
	"testing"

	"github.com/eddy-build/eddy/loader"
)

// TestUTF16IsTold holds that a file in an encoding that is not read is a
// diagnostic, and not a file without imports.
func TestUTF16IsTold(t *testing.T) {
	for _, src := range []string{"\xff\xfei\x00m\x00", "\xfe\xff\x00i\x00m"} {
		f := newParser().Parse("a.ts", []byte(src), loader.DetailImports)
		if len(f.Diagnostics) != 1 || f.Diagnostics[0].Span.String() != "a.ts:1:1" || f.Diagnostics[0].Code != "encoding" || !f.Open {
			t.Errorf("%q: %+v", src, f)
		}
	}
	if f := newParser().Parse("a.ts", []byte("\xef\xbb\xbfimport './b'"), loader.DetailImports); len(f.Diagnostics) != 0 || len(f.Imports) != 1 {
		t.Errorf("a UTF-8 mark: %+v", f)
	}
}

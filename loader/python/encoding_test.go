package python

import (
	"fmt"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/loader"
)

// TestLinesAndEncodings has the sources that no text file could hold.
func TestLinesAndEncodings(t *testing.T) {
	tests := []struct {
		name, src, want string
	}{
		{"CRLF", "import a\r\nif x:\r\n    import b\r\n", "1:8 a, 3:12 b"},
		{"lone CR", "import a\rif x:\r    import b\r\rimport c", "1:8 a, 3:12 b, 5:8 c"},
		{"mixed", "x = '''\r\r\n\n'''\rimport a\nimport b", "5:8 a, 6:8 b"},
		{"backslash CRLF", "import \\\r\n a, \\\r b", "2:2 a, 3:2 b"},
		{"comment CR", "# import x\rimport a", "2:8 a"},
		{"form feed", "\fimport a\n  \fimport b\nif x:\n    \f  import c\n", "1:9 a, 2:11 b, 4:15 c"},
		{"tabs", "if x:\n\timport a\n        import b\n", "2:9 a, 3:16 b"},
		{"no newline", "import a", "1:8 a"},
		{"backslash at the end", "import a\\", "1:8 a; syntax"},
		{"backslashed indentation", "if x:\n    \\\nimport a\n    import b\n", "3:8 a, 4:12 b"},
		{"BOM", "\xef\xbb\xbfimport a\nimport b", "1:8 a, 2:8 b"},
		{"BOM and cookie", "\xef\xbb\xbf# coding: utf-8\nimport a", "2:8 a"},
		{"BOM against cookie", "\xef\xbb\xbf# coding: latin-1\nimport a", "2:8 a; encoding"},
		{"UTF-8", "x = 'ä'; import ä.b", "1:18 ä.b"},
		{"not UTF-8", "x = '\xe4'; import a", "1:17 a; encoding"},
		{"Latin-1", "# -*- coding: latin-1 -*-\nx = '\xe4'; import \xe4, b", "2:17 ä, 2:20 b"},
		{"second line", "#!/usr/bin/python\n# vim: set fileencoding=iso-8859-15 :\nimport \xa4x", "3:8 €x"},
		{"not the second line", "x = 1\n# coding: latin-1\nimport \xe4", "3:8 \xe4; encoding"},
		{"third line", "\n\n# coding: latin-1\nx = '\xe4'; import a", "4:17 a; encoding"},
		{"in a string", "'# coding: latin-1'\nx = '\xe4'; import a", "2:17 a; encoding"},
		{"Shift JIS", "# coding: shift_jis\nx = '\x83\x5c'; import a", "2:18 a"},
		{"GBK", "# coding=gbk\nx = '\xd5\x5c'; import a; import \xc4\xe3; import b", "2:18 a, 2:28 你, 2:39 b"},
		{"ISO-2022-JP", "# coding: iso2022_jp\nx = '\x1b$B\x25\x22\x1b(B'; import a", "2:24 a"},
		{"UTF-16", "# coding: utf-16\nimport a", "2:8 a; encoding"},
		{"cp1252", "# coding: cp1252\nx = '\x80'; import a", "2:17 a"},
		{"ASCII", "# coding: ascii\nx = '\xe4'; import a", "2:17 a; encoding"},
		{"unknown", "# coding: nonsense\nimport a", "2:8 a; encoding"},
		{"NUL", "import a\nimport\x00 b\nimport c", "1:8 a; syntax syntax"},
		{"NFKC", "import \xef\xac\x81x", "1:8 fix"},
		{"nothing", "", ""},
		{"spaces", " \t\f\n  ", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := newParser().Parse("a.py", []byte(test.src), loader.DetailImports)
			var parts []string
			for _, im := range f.Imports {
				parts = append(parts, fmt.Sprintf("%d:%d %s", im.Span.Line, im.Span.Column, im.Specifier))
			}
			got := strings.Join(parts, ", ")
			for i, d := range f.Diagnostics {
				if i == 0 {
					got += ";"
				}
				got += " " + d.Code
			}
			if got != test.want {
				t.Errorf("got %q, want %q\n%v", got, test.want, f.Diagnostics)
			}
			for _, im := range f.Imports {
				if text := test.src[im.Span.Offset:im.Span.End]; len(text) == 0 || strings.ContainsAny(text, " \n;") {
					t.Errorf("the span of %s holds %q", im.Specifier, text)
				}
			}
		})
	}
}

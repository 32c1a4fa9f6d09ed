package loader

import (
	"strings"
	"testing"
)

// Patterns that make a matcher with plain backtracking run for years.
func TestGlobDoesNotRunAway(t *testing.T) {
	text := []byte(strings.Repeat("a", 2000))
	path := []byte(strings.Repeat("a/", 2000) + "a")
	for _, tt := range []struct {
		pattern string
		text    []byte
		tail    string // makes the text match
		inPath  bool
	}{
		{strings.Repeat("*a", 50) + "*b", text, "b", false},
		{strings.Repeat("**/a*", 50) + "b", path, "b", true},
		{strings.Repeat("*/**/", 50) + "b", path, "/b", true},
	} {
		g, ok := compileGlob(tt.pattern, tt.inPath)
		if !ok {
			t.Fatalf("%.20q is not well-formed", tt.pattern)
		}
		if g.match(tt.text) {
			t.Errorf("%.20q matches", tt.pattern)
		}
		if !g.match([]byte(string(tt.text) + tt.tail)) {
			t.Errorf("%.20q does not match with %q at the end", tt.pattern, tt.tail)
		}
	}
}

func FuzzPattern(f *testing.F) {
	for _, line := range []string{"a", "!a/", "**/[a-z]*", `\`, "[[:alpha:]", "a\x00b", "[z-a]", "***/"} {
		f.Add(line, "a/b/c")
	}
	f.Fuzz(func(t *testing.T, line, path string) {
		p, ok := parsePattern(line)
		if !ok || path == "" {
			return
		}
		nameAt := strings.LastIndexByte(path, '/') + 1
		file := p.match([]byte(path), nameAt, false)
		dir := p.match([]byte(path), nameAt, true)
		if file && !dir {
			t.Errorf("%q matches the file %q and not the folder", line, path)
		}
	})
}

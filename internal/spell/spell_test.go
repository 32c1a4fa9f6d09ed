package spell

import (
	"slices"
	"testing"
)

func TestNearest(t *testing.T) {
	names := []string{"open", "Open", "opne", "close", "opens", "öpen"}
	for name, want := range map[string][]string{
		"OPEN":  {"Open", "open", "opens"},
		"opens": {"Open", "open"},
		"clsoe": nil,
		"clos":  {"close"},
		"zzz":   nil,
		"":      nil,
	} {
		if got := Nearest(name, names); !slices.Equal(got, want) {
			t.Errorf("Nearest(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b        string
		limit, want int
	}{
		{"", "", 1, 0}, {"a", "", 1, 1}, {"kitten", "sitting", 3, 3}, {"kitten", "sitting", 2, 3}, {"abc", "xyzuvw", 2, 3},
	} {
		if got := Distance(c.a, c.b, c.limit); got != c.want {
			t.Errorf("Distance(%q, %q, %d) = %d, want %d", c.a, c.b, c.limit, got, c.want)
		}
	}
}

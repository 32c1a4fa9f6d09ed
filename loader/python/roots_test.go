package python

import "testing"

func TestInVenv(t *testing.T) {
	l := &layout{venvs: []string{".", "a", "a.b", "a/b", "c/venv"}}
	for dir, want := range map[string]string{
		".": "", "x": "", "a": "a", "a/lib": "a", "a/b/lib": "a", "ab": "", "a.b/lib": "a.b", "c": "", "c/venv/x/y": "c/venv", "c/venv2": "", "../a": "",
	} {
		if got := l.inVenv(dir); got != want {
			t.Errorf("inVenv(%q) = %q, want %q", dir, got, want)
		}
	}
}

package oracle_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/eddy-build/eddy/internal/oracle"
)

// recorder is a test that remembers how it ended.
type recorder struct {
	testing.TB
	ended string
}

func (r *recorder) Helper() {}
func (r *recorder) Skipf(string, ...any) {
	r.ended = "skipped"
	runtime.Goexit()
}
func (r *recorder) Fatalf(string, ...any) {
	r.ended = "failed"
	runtime.Goexit()
}

// TestDir: a missing oracle skips a test, unless oracles are required.
func TestDir(t *testing.T) {
	base := t.TempDir()
	if err := os.MkdirAll(filepath.Join(base, "here", "part"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("EDDY_ORACLE_DIR", base)
	tests := []struct {
		path        []string
		environment string
		ended       string
	}{
		{[]string{"here"}, "", ""},
		{[]string{"here", "part"}, "required", ""},
		{[]string{"missing"}, "", "skipped"},
		{[]string{"missing"}, "required", "failed"},
		{[]string{"here", "missing"}, "", "skipped"},
		{[]string{"here", "missing"}, "required", "failed"},
	}
	for _, test := range tests {
		t.Setenv("EDDY_ORACLE", test.environment)
		r := &recorder{TB: t}
		var dir string
		done := make(chan struct{})
		go func() {
			defer close(done)
			dir = oracle.Dir(r, test.path[0], test.path[1:]...)
		}()
		<-done
		if r.ended != test.ended {
			t.Errorf("%v with EDDY_ORACLE=%s: %q, want %q", test.path, test.environment, r.ended, test.ended)
		}
		if want := filepath.Join(append([]string{base}, test.path...)...); test.ended == "" && dir != want {
			t.Errorf("%v: %s, want %s", test.path, dir, want)
		}
	}
}

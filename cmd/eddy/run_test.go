package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"
)

// brokenPipe is a reader of our output that has gone.
type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) {
	return 0, &os.PathError{Op: "write", Path: "|1", Err: syscall.EPIPE}
}

// What "| head" has read enough of ends quietly.
func TestClosedPipe(t *testing.T) {
	dir := cyclicTree(t)
	for _, args := range [][]string{
		{"graph"}, {"graph", "--format", "json"}, {"graph", "--format", "dot"}, {"modules"}, {"cycles"}, {"check"}, {"rdeps", "a.ts"}, {"version"},
	} {
		var errs bytes.Buffer
		code := run(t.Context(), append([]string{"-C", dir}, args...), strings.NewReader(""), brokenPipe{}, &errs, nil)
		if code != exitOK || errs.Len() > 0 {
			t.Errorf("%v: exit code %d, %q", args, code, &errs)
		}
	}
}

// Another write error is a failure, and told.
func TestFullDisk(t *testing.T) {
	dir := cyclicTree(t)
	for _, args := range [][]string{{"graph"}, {"modules"}, {"cycles"}, {"check"}, {"version"}, {"completion", "zsh"}} {
		var errs bytes.Buffer
		code := run(t.Context(), append([]string{"-C", dir}, args...), strings.NewReader(""), fullDisk{}, &errs, nil)
		if code != exitFailed || !strings.Contains(errs.String(), "no space left") {
			t.Errorf("%v: exit code %d, %q", args, code, &errs)
		}
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, args := range [][]string{{"-C", cyclicTree(t), "check"}, {"--from", "-", "check"}} {
		var out, errs bytes.Buffer
		if code := run(ctx, args, strings.NewReader("{"), &out, &errs, nil); code != exitInterrupted {
			t.Errorf("%v: exit code %d, %s", args, code, &errs)
		}
		if out.Len() > 0 || errs.String() != "eddy: interrupted\n" {
			t.Errorf("%v: printed %q and %q", args, &out, &errs)
		}
	}
}

func TestWriteFileKeepsOldContent(t *testing.T) {
	name := filepath.Join(t.TempDir(), "out")
	if err := os.WriteFile(name, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	err := writeFile(name, func(w io.Writer) error {
		_, _ = io.WriteString(w, strings.Repeat("half", 10_000))
		return syscall.ENOSPC
	})
	if err == nil || !strings.Contains(err.Error(), name) {
		t.Errorf("error %v", err)
	}
	if data, _ := os.ReadFile(name); string(data) != "old" {
		t.Errorf("the file is now %q", data)
	}
	if list, _ := os.ReadDir(filepath.Dir(name)); len(list) != 1 {
		t.Errorf("left behind: %v", list)
	}
}

func cyclicTree(t *testing.T) string {
	dir := t.TempDir()
	for name, text := range map[string]string{"a.ts": "import './b';", "b.ts": "import './a';"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestVersionOf(t *testing.T) {
	info := &debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}, Settings: []debug.BuildSetting{
		{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.modified", Value: "true"},
	}}
	if got := versionOf(info); !strings.HasPrefix(got, "eddy v1.2.3, commit 0123456789ab with changes (go") {
		t.Error(got)
	}
	if got := versionOf(nil); !strings.HasPrefix(got, "eddy (devel) (go") {
		t.Error(got)
	}
}

func TestCounts(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000", -100: "-100"} {
		if got := grouped(n); got != want {
			t.Errorf("%d is written %s, want %s", n, got, want)
		}
	}
	for d, want := range map[time.Duration]string{
		1500 * time.Microsecond: "1 ms", 1240 * time.Millisecond: "1.2 s", 61500 * time.Millisecond: "1m2s",
	} {
		if got := seconds(d); got != want {
			t.Errorf("%v is written %s, want %s", d, got, want)
		}
	}
}

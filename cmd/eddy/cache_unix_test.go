//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// ring lays out a workspace of n TypeScript modules, each of which imports the
// next one.
func ring(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	for i := range n {
		text := fmt.Sprintf("import { value } from './m%d'\nexport const value = %d\n", (i+1)%n, i)
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("m%d.ts", i)), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// eddyProcess is a command line of eddy in a process of its own.
func eddyProcess(dir string, args ...string) *exec.Cmd {
	c := exec.Command("eddy", append([]string{"-C", dir}, args...)...)
	c.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull, "XDG_RUNTIME_DIR="+dir)
	return c
}

// finds runs a command that finds something and returns its two outputs.
func finds(t *testing.T, c *exec.Cmd) (stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	var exit *exec.ExitError
	if err := c.Run(); !errors.As(err, &exit) || exit.ExitCode() != exitFound {
		t.Fatalf("%v: %v: %s%s", c.Args, err, &out, &errs)
	}
	return out.String(), errs.String()
}

// TestCacheWritersAtOnce runs processes that write one snapshot at the same time,
// some of which are killed: what is there afterwards is whole.
func TestCacheWritersAtOnce(t *testing.T) {
	dir, folder := ring(t, 400), t.TempDir()
	args := []string{"cycles", "--cache-dir", folder}
	for round := range 4 {
		if err := os.WriteFile(filepath.Join(dir, "m0.ts"), []byte(strings.Repeat("\n", round)+"import './m1'\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		want, _ := finds(t, eddyProcess(dir, "cycles", "--no-cache"))
		var writers [4]*exec.Cmd
		var outs [len(writers)]bytes.Buffer
		for i := range writers {
			writers[i] = eddyProcess(dir, args...)
			writers[i].Stdout = &outs[i]
			if err := writers[i].Start(); err != nil {
				t.Fatal(err)
			}
		}
		killed := eddyProcess(dir, args...)
		if err := killed.Start(); err != nil {
			t.Fatal(err)
		}
		for i, w := range writers {
			_ = w.Wait() // exit code 1
			if i == round%len(writers) {
				_ = killed.Process.Kill() // at whatever it is
			}
			if got := outs[i].String(); got != want {
				t.Errorf("round %d, writer %d: %s, want %s", round, i, got, want)
			}
		}
		_ = killed.Wait()
		if got, errs := finds(t, eddyProcess(dir, append(args, "--verbose")...)); !strings.Contains(errs, "warm start: ") || !strings.HasPrefix(got, want[:20]) {
			t.Errorf("round %d: after the writers: %s", round, errs)
		}
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	snapshots := 0
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".snapshot") {
			snapshots++
		}
	}
	if snapshots != 1 {
		t.Errorf("%d snapshots of one workspace: %v", snapshots, entries)
	}
}

// TestCacheFileLimit lets a process write less than a snapshot: it answers, and
// leaves nothing half written.
func TestCacheFileLimit(t *testing.T) {
	dir, folder := ring(t, 400), t.TempDir()
	want, _ := finds(t, eddyProcess(dir, "cycles", "--no-cache"))
	c := eddyProcess(dir, "cycles", "--cache-dir", folder)
	limited := exec.Command("sh", append([]string{"-c", `ulimit -f 8 && exec "$0" "$@"`, c.Path}, c.Args[1:]...)...)
	limited.Env = c.Env
	if got, _ := finds(t, limited); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) > 0 {
		t.Errorf("left %v, %v", entries, err)
	}
	if _, errs := finds(t, eddyProcess(dir, "cycles", "--cache-dir", folder, "--verbose")); !strings.Contains(errs, "cold start: no snapshot yet") {
		t.Error(errs)
	}
}

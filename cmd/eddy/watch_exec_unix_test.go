//go:build unix

package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// However often and whenever a watch is interrupted, nothing that it started
// outlives it, even what does not mind SIGTERM.
func TestWatchInterrupted(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, signals := range [][]syscall.Signal{
		{syscall.SIGINT}, {syscall.SIGINT, syscall.SIGINT}, {syscall.SIGHUP, syscall.SIGINT, syscall.SIGINT}, {syscall.SIGTERM, syscall.SIGINT, syscall.SIGINT, syscall.SIGINT},
	} {
		dir := t.TempDir()
		cmd := exec.Command(program)
		// The name makes the test's program the command: see TestMain.
		cmd.Args = []string{"eddy", "-C", dir, "watch", "--exec", `trap "" TERM HUP INT; sleep 1000 & echo "pids $$ $!"; wait`}
		cmd.Env = append(os.Environ(), "EDDY_CACHE_DIR="+t.TempDir())
		stdout, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		stderr, err := cmd.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if scan := bufio.NewScanner(stderr); !scan.Scan() || !strings.HasPrefix(scan.Text(), "watching ") {
			t.Fatalf("said %q", scan.Text())
		}
		if err := os.WriteFile(filepath.Join(dir, "a.ts"), nil, 0o644); err != nil {
			t.Fatal(err)
		}
		var pids []string
		for scan := bufio.NewScanner(stdout); len(pids) == 0 && scan.Scan(); {
			if text, ok := strings.CutPrefix(scan.Text(), "pids "); ok {
				pids = strings.Fields(text)
			}
		}
		for _, s := range signals {
			if err := cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
				t.Fatal(err)
			}
		}
		if err := cmd.Wait(); cmd.ProcessState.ExitCode() != exitInterrupted {
			t.Errorf("%v: ended with %v", signals, err)
		}
		if len(pids) != 2 {
			t.Fatalf("%v: the command said %q", signals, pids)
		}
		for _, text := range pids {
			pid, err := strconv.Atoi(text)
			if err != nil {
				t.Fatal(err)
			}
			// What has been killed takes a moment to die.
			for deadline := time.Now().Add(10 * time.Second); lives(pid); runtime.Gosched() {
				if time.Now().After(deadline) {
					t.Fatalf("%v: process %d lives on", signals, pid)
				}
			}
		}
	}
}

// lives reports whether a process runs. One that has ended and that nobody has
// waited for yet is no more than a name.
func lives(pid int) bool {
	state, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return syscall.Kill(pid, 0) == nil && !strings.Contains(string(state), ") Z ")
}

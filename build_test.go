package eddy

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

const showBuild = "EDDY_TEST_SHOW_BUILD"

// TestBuildShown is the program that [TestBuildOfRunning] runs: it says which
// build it is whenever it is asked.
func TestBuildShown(t *testing.T) {
	if os.Getenv(showBuild) == "" {
		return
	}
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		fmt.Printf("build: %s\n", Build())
	}
}

// TestBuildOfRunning holds that a program whose file is replaced, as a server's may
// be, is the build that it was, and that the one in its place is another, though
// size and time are equal.
func TestBuildOfRunning(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a program that runs cannot be replaced there")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// A name that the system runs wherever it is.
	program := filepath.Join(t.TempDir(), "program"+filepath.Ext(self))
	place := func() {
		data, err := os.ReadFile(self)
		if err == nil {
			err = os.WriteFile(program+".new", data, 0o755)
		}
		if err == nil {
			old := time.Unix(1, 0)
			err = os.Chtimes(program+".new", old, old)
		}
		if err == nil {
			err = os.Rename(program+".new", program)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	start := func() (ask func() string) {
		cmd := exec.Command(program, "-test.run=^TestBuildShown$")
		cmd.Env = append(os.Environ(), showBuild+"=1")
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewReader(out)
		t.Cleanup(func() {
			in.Close()
			_, _ = io.Copy(io.Discard, lines) // the end of it is waited for below
			if err := cmd.Wait(); err != nil {
				t.Error(err)
			}
		})
		return func() string {
			if _, err := fmt.Fprintln(in); err != nil {
				t.Fatal(err)
			}
			line, err := lines.ReadString('\n')
			if err != nil || !strings.HasPrefix(line, "build: ") {
				t.Fatalf("%q, %v", line, err)
			}
			return line
		}
	}
	place()
	running := start()
	before := running()
	late := start()
	place()
	if after := running(); after != before {
		t.Errorf("was %s and became %s", before, after)
	}
	next := start()()
	if next == before {
		t.Errorf("two builds are both %s", next)
	}
	if got := late(); got == next && runtime.GOOS == "linux" {
		t.Errorf("one that was not asked before takes itself for the one in its place, %s", got)
	}
}

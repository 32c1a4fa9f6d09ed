package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/eddy-build/eddy/internal/leaktest"
)

// watched is a running "eddy watch".
type watched struct {
	t     *testing.T
	dir   string
	lines *bufio.Scanner
	end   func() (code int, stderr string)
}

// startWatch starts the command on a folder and waits until it watches.
func startWatch(t *testing.T, dir string, args ...string) *watched {
	t.Helper()
	leaktest.Check(t)
	ctx, cancel := context.WithCancel(t.Context())
	out, stdout := io.Pipe()
	errs, stderr := io.Pipe()
	codes := make(chan int, 1)
	go func() {
		codes <- run(ctx, append([]string{"-C", dir, "watch", "--debounce", "20ms"}, args...), strings.NewReader(""), stdout, stderr, append(os.Environ(), "EDDY_CACHE_DIR="+t.TempDir()))
		stdout.Close()
		stderr.Close()
	}()
	ready, rest := make(chan struct{}), make(chan string, 1)
	tell := sync.OnceFunc(func() { close(ready) })
	go func() {
		var b strings.Builder
		scan := bufio.NewScanner(errs)
		for scan.Scan() {
			if strings.HasPrefix(scan.Text(), "watching ") {
				tell() // again when the configuration has changed
				continue
			}
			b.WriteString(scan.Text() + "\n")
		}
		rest <- b.String()
	}()
	select {
	case <-ready:
	case code := <-codes:
		t.Fatalf("ended with %d: %s", code, <-rest)
	}
	w := &watched{t: t, dir: dir, lines: bufio.NewScanner(out)}
	w.end = func() (int, string) {
		cancel()
		go io.Copy(io.Discard, out)
		return <-codes, <-rest
	}
	return w
}

// write makes a file or replaces it, at once: on a busy machine the time between
// truncating and writing is longer than a batch takes.
func (w *watched) write(name, text string) {
	w.t.Helper()
	temporary := w.dir + ".new"
	if err := errors.Join(os.WriteFile(temporary, []byte(text), 0o644), os.Rename(temporary, filepath.Join(w.dir, name))); err != nil {
		w.t.Fatal(err)
	}
}

// expect reads as many lines as are wanted. One that ends in "…" may go on in
// another way. A write that falls into the first look at the files, or between
// two batches, is seen twice: that the second finds nothing new is passed over
// unless it is wanted.
func (w *watched) expect(want ...string) {
	w.t.Helper()
	for _, line := range want {
		begin, open := strings.CutSuffix(line, "…")
		for {
			if !w.lines.Scan() {
				w.t.Fatalf("ended before %q", line)
			}
			got := w.lines.Text()
			if got == line || open && strings.HasPrefix(got, begin) {
				break
			}
			if again := strings.HasPrefix(got, "unchanged ") || strings.HasPrefix(got, `{"event":"unchanged"`) || strings.HasPrefix(got, `{"event":"batch"`); !again {
				w.t.Fatalf("printed %q, want %q", got, line)
			}
		}
	}
}

// watchedTree is a cycle of two modules that mention nothing of each other in
// their interfaces.
func watchedTree(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"a.ts": "import {b} from './b'; export let a: number", "b.ts": "import {a} from './a'; export let b: number"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestWatchCommand(t *testing.T) {
	w := startWatch(t, watchedTree(t))
	w.write("b.ts", "export let b: number")
	w.expect("modified b.ts (dependencies, same interface)", "cycle-gone 2 modules: a.ts → b.ts → a.ts")
	w.write("b.ts", "import {a} from './a'; export let b: number; export function f(): number { return 1 }")
	w.expect("modified b.ts (interface)", "invalidated a.ts by b.ts", "cycle-new 2 modules: a.ts → b.ts → a.ts")
	w.write("b.ts", "import {a} from './a'; export let b: number; export function f(): number { return 2 }")
	w.expect("modified b.ts (content, same interface)")
	w.write("b.ts", "import {a} from './a'; export let b: number; export function f(): number { return 2 }")
	w.expect("unchanged b.ts (same content)")
	w.write("c.ts", "import {b} from './b'; import {d} from './d'; export let c: number")
	w.expect("created c.ts")
	w.write("d.ts", "export let d: number")
	w.expect("modified c.ts (dependencies, same interface)", "created d.ts")
	w.write("a.ts", "import {c} from './c'; export let a: number")
	w.expect("modified a.ts (dependencies, same interface)", "cycle-changed 3 modules, 1 joined: c.ts → b.ts → a.ts → c.ts")
	w.write("b.ts", "import {a} from './a'; export let b: number; export function g() {}")
	w.expect("modified b.ts (interface)", "invalidated a.ts by b.ts via c.ts", "invalidated c.ts by b.ts")
	w.write("tsconfig.json", "{")
	w.expect("problem tsconfig.json:1:1: error: …")
	w.write("tsconfig.json", "{}")
	// A broken edit leaves the good version in use; what mends it invalidates.
	w.write("b.ts", "import {a} from './a'; export let b: number; export function g() {")
	w.expect("failed b.ts:1:53: warning: unclosed function body: add what closes it (syntax)")
	w.write("b.ts", "import {a} from './a'; export let b: number; export function g() {}")
	w.expect("modified b.ts (interface)", "invalidated a.ts by b.ts via c.ts", "invalidated c.ts by b.ts")
	w.write("b.ts", "import {a} from './a'; export function g() {}")
	w.expect("modified b.ts (interface)", "invalidated a.ts by b.ts via c.ts", "invalidated c.ts by b.ts",
		"problem c.ts:1:17: error: b.ts does not export b; did you mean g? (unknown-symbol)")
	if err := os.Remove(filepath.Join(w.dir, "c.ts")); err != nil {
		t.Fatal(err)
	}
	w.expect("modified a.ts (dependencies, same interface)", "removed c.ts", "cycle-gone 3 modules: a.ts → c.ts → b.ts → a.ts")
	w.write("b.ts", "import {a} from './a'; export let b: number")
	w.expect("modified b.ts (interface)")
	w.write("a.ts", "import {b} from './b'; export let a: number")
	w.expect("modified a.ts (dependencies, same interface)", "cycle-new 2 modules: a.ts → b.ts → a.ts")
	w.write("eddy.toml", "exclude = [\"b.ts\"]\n")
	w.expect("cycle-gone 2 modules: a.ts → b.ts → a.ts")
	if code, stderr := w.end(); code != exitInterrupted {
		t.Errorf("exit code %d, %s", code, stderr)
	}
}

func TestWatchCommandJSON(t *testing.T) {
	w := startWatch(t, watchedTree(t), "--format", "json")
	w.write("b.ts", "export let b: number")
	w.expect(
		`{"event":"modified","id":"b.ts","reason":"dependencies"}`,
		`{"event":"reloaded","id":"b.ts"}`,
		`{"event":"cycle-gone","members":["a.ts","b.ts"],"circle":["a.ts","b.ts"]}`,
		`{"event":"batch","work":…`) // it may hold the first look at the files, too
	w.write("b.ts", "export let b: number, x: number")
	w.expect(
		`{"event":"modified","id":"b.ts","reason":"interface"}`,
		`{"event":"reloaded","id":"b.ts"}`,
		`{"event":"invalidated","id":"a.ts","by":"b.ts","via":"b.ts"}`,
		`{"event":"batch","work":{"batches":1,"paths":1,"same_content":0,"parsed":1,"resolved":1,"same_interface":0,"invalidated":1}}`)
	w.end()
}

// The command is told what changed, and what it writes itself ends no loop.
func TestWatchExec(t *testing.T) {
	dir := watchedTree(t)
	w := startWatch(t, dir, "--exec", `echo "C $EDDY_CHANGED"; echo "A $EDDY_AFFECTED"; echo "I $EDDY_INVALIDATED"; echo args {} ; echo 'import {a} from "./a"; export let b: number' > out.log; mv out.log b.ts; echo > out.log`)
	w.write("b.ts", "export let b: number, x")
	w.expect("modified b.ts (interface)", "invalidated a.ts by b.ts", "cycle-gone 2 modules: a.ts → b.ts → a.ts",
		"C b.ts", "A a.ts", "I a.ts", "args b.ts a.ts",
		"modified b.ts (interface)", "invalidated a.ts by b.ts", "cycle-new 2 modules: a.ts → b.ts → a.ts",
		"C b.ts", "A a.ts", "I a.ts", "args b.ts a.ts")
	// The second run wrote the same bytes: there is no third.
	w.expect("unchanged b.ts (same content)")
	w.write("d.ts", "")
	w.expect("created d.ts", "C d.ts", "A ", "I ", "args d.ts", "unchanged b.ts (same content)")
	w.write("b.ts", "import {a} from './a'; export let b: number")
	// Importers cannot tell, but what they do may be another: they are affected.
	w.expect("modified b.ts (content, same interface)", "C b.ts", "A a.ts", "I ", "args b.ts a.ts")
	if code, stderr := w.end(); code != exitInterrupted || !strings.HasSuffix(stderr, "eddy: interrupted\n") {
		t.Errorf("exit code %d, %q", code, stderr)
	}
}

// A restart ends the command with all that it started; so does an interrupt.
func TestWatchExecRestart(t *testing.T) {
	w := startWatch(t, t.TempDir(), "--on-busy", "restart", "--exec",
		`echo "run" $EDDY_CHANGED; sh -c 'trap "" TERM; echo started; sleep 1000' & trap 'echo asked' TERM; wait; wait`)
	w.write("a.ts", "")
	w.expect("created a.ts", "run a.ts", "started")
	w.write("b.ts", "")
	w.expect("created b.ts", "asked", "run a.ts b.ts", "started")
	if code, _ := w.end(); code != exitInterrupted {
		t.Errorf("exit code %d", code)
	}
}

func TestWatchExecQueue(t *testing.T) {
	w := startWatch(t, t.TempDir(), "--exec", `echo "run" $EDDY_CHANGED; while test ! -e go; do sleep 0.01; done; rm go`)
	w.write("a.ts", "")
	w.expect("created a.ts", "run a.ts")
	w.write("b.ts", "")
	w.expect("created b.ts")
	w.write("c.ts", "")
	w.expect("created c.ts")
	w.write("go", "")
	w.expect("run b.ts c.ts")
	w.end()
}

func TestPlaceholder(t *testing.T) {
	for text, want := range map[string]string{
		"{}": `"$@"`, "test {}": `test "$@"`, "a {} b {}": `a "$@" b "$@"`, "a {}; b": `a "$@"; b`,
		"echo ${x}": "echo ${x}", "find -exec x{} y": "find -exec x{} y", "'{}'": "'{}'",
	} {
		if got := placeholder.ReplaceAllString(text, `$1"$$@"$2`); got != want {
			t.Errorf("%s becomes %s, want %s", text, got, want)
		}
	}
}

//go:build unix

package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/internal/leaktest"
)

// served is a folder with a running "eddy serve".
type served struct {
	t    *testing.T
	dir  string
	env  []string
	stop func() int
	code <-chan int
}

func startServe(t *testing.T, dir string, args ...string) *served {
	t.Helper()
	leaktest.Check(t)
	runtime, err := os.MkdirTemp("/tmp", "eddy-test") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	s := &served{t: t, dir: dir, env: []string{"XDG_RUNTIME_DIR=" + runtime, "EDDY_CACHE_DIR=" + t.TempDir()}}
	ctx, cancel := context.WithCancel(context.Background())
	errs, stderr := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, append([]string{"-C", dir, "serve"}, args...), strings.NewReader(""), io.Discard, stderr, s.env)
		stderr.Close()
	}()
	scan := bufio.NewScanner(errs)
	if !scan.Scan() || !strings.HasPrefix(scan.Text(), "serving ") {
		t.Fatalf("said %q", scan.Text())
	}
	go io.Copy(io.Discard, errs)
	s.code = code
	s.stop = func() int { cancel(); return <-code }
	t.Cleanup(func() { cancel(); os.RemoveAll(runtime) })
	return s
}

func (s *served) run(args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(context.Background(), append([]string{"-C", s.dir}, args...), strings.NewReader(""), &out, &errs, s.env)
	return code, out.String(), errs.String()
}

var howLong = regexp.MustCompile(`, [0-9.]+ m?s\n`)

// lookupTime is what eddy stats tells of the time that lookups take.
var lookupTime = regexp.MustCompile(` *[0-9.]+[nµm]?s\n|"lookup": \d+|lookup_seconds_total.*`)

// No command's output differs with or without the server.
func TestServedOutputIsTheSame(t *testing.T) {
	dir := generateTree(t)
	if err := os.WriteFile(filepath.Join(dir, "web/broken.ts"), []byte("import {"), 0o644); err != nil {
		t.Fatal(err)
	}
	s := startServe(t, dir)
	commands := map[string][][]string{
		"check":      {{}, {"--strict"}, {"web"}, {"--symbols"}, {"gone"}},
		"cycles":     {{}, {"--kinds", "all", "--format", "json"}, {"--group", "folder:2"}, {"--top", "1"}},
		"graph":      {{"--format", "json"}, {"--format", "dot", "--external"}, {"--focus", "web/d1/m1.ts"}, {"--reduce"}},
		"deps":       {{"web/d1/m1.ts", "-t"}, {"nothing"}, {"--verbose", "web/d1/m1.ts"}},
		"rdeps":      {{"web/d1/m1.ts", "-t"}},
		"why":        {{"web/d1/m1.ts", "web/d2/m2.ts"}},
		"modules":    {{"--verbose", "--external"}, {"web/**"}},
		"symbols":    {{"web/d1/m1.ts"}},
		"resolve":    {{"web/d1/m1.ts", "x"}},
		"uses":       {{"web/d1/m1.ts", "x"}},
		"explain":    {{"web/d1/m1.ts"}, {"go.mod"}},
		"stats":      {{}},
		"cache":      {{"info"}},
		"version":    {{}},
		"completion": {{"bash"}},
	}
	parser, err := newParser(&process{cli: &cli{}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range verbsOf(parser) {
		if v.name == "" || v.name == "serve" || v.name == "watch" {
			continue
		}
		if len(commands[v.name]) == 0 {
			t.Errorf("nothing holds eddy %s to the same output with a server", v.name)
		}
		lines := commands[v.name]
		for _, flag := range v.flags {
			if slices.Contains(flag.names, "--format") {
				for _, format := range flag.values {
					lines = append(lines, append(slices.Clone(lines[0]), "--format", format))
				}
			}
		}
		for _, args := range lines {
			args = append([]string{v.name}, args...)
			code, out, errs := s.run(args...)
			wantCode, want, wantErrs := s.run(append(args, "--no-daemon")...)
			errs = regexp.MustCompile(`(?m)^eddy: (answered by|warm start|cold start).*\n`).ReplaceAllString(errs, "")
			wantErrs = regexp.MustCompile(`(?m)^eddy: (warm|cold) start.*\n`).ReplaceAllString(wantErrs, "")
			out, want = lookupTime.ReplaceAllString(out, ""), lookupTime.ReplaceAllString(want, "")
			if code != wantCode || out != want || howLong.ReplaceAllString(errs, "") != howLong.ReplaceAllString(wantErrs, "") {
				t.Errorf("eddy %v: exit code %d, want %d\n%.600s%s\nwant\n%.600s%s", args, code, wantCode, out, errs, want, wantErrs)
			}
			alone := slices.Contains([]string{"explain", "cache", "version", "completion"}, v.name)
			if _, _, errs := s.run(append(args, "-v")...); code != exitFailed && strings.Contains(errs, "answered by the server") == alone {
				t.Errorf("eddy %v: answered by the server: %t\n%s", args, !alone, errs)
			}
		}
	}
	if code := s.stop(); code != exitInterrupted {
		t.Errorf("the server ended with %d", code)
	}
}

// A query after a write never answers from the graph before it.
func TestServedAfterWrite(t *testing.T) {
	dir := cyclicTree(t)
	s := startServe(t, dir)
	defer s.stop()
	for i := range 50 {
		if i%10 == 0 { // exports are followed by another watch
			name := fmt.Sprintf("x%d", i)
			if err := os.WriteFile(filepath.Join(dir, "c.ts"), []byte("export let "+name), 0o644); err != nil {
				t.Fatal(err)
			}
			if code, out, errs := s.run("symbols", "c.ts", "-v"); code != exitOK || !strings.Contains(out, name) || !strings.Contains(errs, "answered by") {
				t.Fatalf("%d: exit code %d\n%s%s", i, code, out, errs)
			}
		}
		text, want := "", exitOK
		if i%2 == 0 {
			text, want = "import './a'", exitFound
		}
		if err := os.WriteFile(filepath.Join(dir, "b.ts"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if code, out, errs := s.run("cycles", "-v"); code != want || !strings.Contains(errs, "answered by") {
			t.Fatalf("%d: exit code %d, want %d\n%s%s", i, code, want, out, errs)
		}
	}
}

func TestServerAndOptions(t *testing.T) {
	dir := cyclicTree(t)
	s := startServe(t, dir)
	_, _, errs := s.run("cycles", "-v", "--exclude", "b.ts")
	if !strings.Contains(errs, "no server is used: the server has other options") {
		t.Error(errs)
	}
	if _, _, errs := s.run("cycles", "-v", "--no-cache"); strings.Contains(errs, "server") {
		t.Error(errs)
	}
	if code, _, errs := s.run("serve"); code != exitFailed || !strings.Contains(errs, "has a server already") {
		t.Errorf("a second server: %d, %s", code, errs)
	}
	// Another configuration ends the server; the command is right all the same.
	if err := os.WriteFile(filepath.Join(dir, "eddy.toml"), []byte("exclude = [\"b.ts\"]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	code, out, errs := s.run("cycles", "-v")
	if code != exitOK || !strings.Contains(errs, "the configuration has changed") {
		t.Errorf("exit code %d, %s%s", code, out, errs)
	}
	if code := <-s.code; code != exitOK {
		t.Errorf("the server ended with %d", code)
	}
	if code, _, errs := s.run("cycles", "-v"); code != exitOK || strings.Contains(errs, "server") {
		t.Errorf("without a server: %d, %s", code, errs)
	}
}

func TestServerEndsWhenIdle(t *testing.T) {
	s := startServe(t, cyclicTree(t), "--idle", "1ms")
	if code := <-s.code; code != exitOK {
		t.Errorf("ended with %d", code)
	}
}

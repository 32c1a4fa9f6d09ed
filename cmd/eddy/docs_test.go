package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

const manual = "../../docs/cli.md"

// sample is a block of the manual that shows a command line and what it prints.
// A filter behind a bar keeps the lines that hold a text.
var sample = regexp.MustCompile("(?m)^```console\n\\$ eddy (.*)\n(?s:(.*?))^```$")

// What the manual says a command prints is what it prints.
func TestManual(t *testing.T) {
	page, err := os.ReadFile(manual)
	if err != nil {
		t.Fatal(err)
	}
	samples := 0
	got := sample.ReplaceAllStringFunc(string(page), func(block string) string {
		samples++
		line := sample.FindStringSubmatch(block)[1]
		command, filter, _ := strings.Cut(line, " | grep ")
		args := strings.Fields(strings.ReplaceAll(command, "'", ""))
		t.Chdir("../../testdata/demo")
		code, out, stderr := capture(t, args...)
		t.Chdir("../../cmd/eddy")
		if code == exitFailed {
			t.Errorf("eddy %s: %s", line, stderr)
		}
		if filter != "" {
			var kept strings.Builder
			for l := range strings.Lines(out) {
				if strings.Contains(l, strings.Trim(filter, "'")) {
					kept.WriteString(l)
				}
			}
			out = kept.String()
		}
		return "```console\n$ eddy " + line + "\n" + out + "```"
	})
	if samples < 10 {
		t.Errorf("only %d samples found", samples)
	}
	if *update {
		if err := os.WriteFile(manual, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != string(page) {
		t.Errorf("%s is out of date; run go test ./cmd/eddy -update. It should read\n%s", manual, got)
	}
}

// The manual names every command and every flag.
func TestManualIsComplete(t *testing.T) {
	page, err := os.ReadFile(manual)
	if err != nil {
		t.Fatal(err)
	}
	parser, err := newParser(&process{cli: &cli{}})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range verbsOf(parser) {
		if v.name != "" && !strings.Contains(string(page), "eddy "+v.name) {
			t.Errorf("the manual does not tell of eddy %s", v.name)
		}
		for _, f := range v.flags {
			if name := f.names[0]; name != "--help" && name != "--version" && name != "--dir" && !strings.Contains(string(page), name) {
				t.Errorf("the manual does not tell of %s", name)
			}
		}
	}
}

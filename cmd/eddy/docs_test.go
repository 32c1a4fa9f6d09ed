package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const manual = "../../docs/cli.md"

// pages are those whose samples are held, each with the folder that its commands
// are run in, seen from the root of the repository.
var pages = []struct {
	file, dir string
	samples   int // at least so many
}{
	{manual, "testdata/demo", 10},
	{"../../README.md", ".", 2},
}

// sample is a block of a page that shows a command line and what it prints.
// A filter behind a bar keeps the lines that hold a text.
var sample = regexp.MustCompile("(?m)^```console\n\\$ eddy (.*)\n(?s:(.*?))^```$")

// What a page says a command prints is what it prints.
func TestManual(t *testing.T) {
	for _, p := range pages {
		page, err := os.ReadFile(p.file)
		if err != nil {
			t.Fatal(err)
		}
		samples := 0
		got := sample.ReplaceAllStringFunc(string(page), func(block string) string {
			samples++
			line := sample.FindStringSubmatch(block)[1]
			return "```console\n$ eddy " + line + "\n" + printed(t, p.dir, line) + "```"
		})
		if samples < p.samples {
			t.Errorf("%s: only %d samples found", p.file, samples)
		}
		switch {
		case got == string(page):
		case *update:
			if err := os.WriteFile(p.file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		default:
			t.Errorf("%s is out of date; run go test ./cmd/eddy -update. It should read\n%s", p.file, got)
		}
	}
}

// printed is what a command line of a sample prints in a folder of the
// repository.
func printed(t *testing.T, dir, line string) string {
	command, filter, _ := strings.Cut(line, " | grep ")
	args := strings.Fields(strings.ReplaceAll(command, "'", ""))
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Join("../..", dir))
	code, out, stderr := capture(t, args...)
	t.Chdir(here)
	if code == exitFailed {
		t.Errorf("eddy %s: %s", line, stderr)
	}
	if filter == "" {
		return out
	}
	var kept strings.Builder
	for l := range strings.Lines(out) {
		if strings.Contains(l, strings.Trim(filter, "'")) {
			kept.WriteString(l)
		}
	}
	return kept.String()
}

// The README's demonstration prints what the README says it does.
func TestReadmeDemonstration(t *testing.T) {
	page, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var block strings.Builder
	for l := range strings.Lines(printed(t, ".", "check testdata/demo")) {
		if l != "\n" {
			l = "    " + l
		}
		block.WriteString(l)
	}
	if !strings.Contains(string(page), "The first prints:\n\n"+block.String()) {
		t.Errorf("the README should show\n%s", block.String())
	}
}

// The manual names every command and every flag.
func TestManualIsComplete(t *testing.T) {
	page, err := os.ReadFile(manual)
	if err != nil {
		t.Fatal(err)
	}
	parser, err := newParser(&process{cli: &cli{}}, nil)
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

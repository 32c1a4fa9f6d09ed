package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestMain lets this test binary stand for the programs that are compared:
// called with BENCH_TEST_LOG it writes its name there and exits as it is told.
func TestMain(m *testing.M) {
	path := os.Getenv("BENCH_TEST_LOG")
	if path == "" {
		os.Exit(m.Run())
	}
	log, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		panic(err)
	}
	fmt.Fprint(log, os.Args[1])
	if err := log.Close(); err != nil {
		panic(err)
	}
	var code int
	fmt.Sscan(os.Args[2], &code)
	if code > 1 {
		fmt.Fprintln(os.Stderr, "cannot | do it")
	}
	os.Exit(code)
}

// TestMeasure: the commands take turns, the first runs do not count, and a
// program that finds something has not failed.
func TestMeasure(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name     string
		peer     func(command) command
		code     string
		log, row string
	}{
		{
			name: "in turn", peer: command.finding, code: "1",
			log: "ABABABAB", row: "| scan | B | 3 | ",
		},
		{
			name: "failure", peer: command.warm, code: "2",
			log: "AB", row: "| scan | B | – | – | B failed: exit status 2: cannot \\| do it | ≤ 0.5 | – | – |\n",
		},
		{
			name: "findings where there can be none", peer: command.warm, code: "1",
			log: "AB", row: "| scan | B | – | – | B failed: exit status 1:  | ≤ 0.5 | – | – |\n",
		},
		{
			name: "not installed", peer: func(c command) command { c.path += "-missing"; return c }, code: "0",
			log: "", row: "| scan | B | – | – | no B; run internal/bench/install.sh | ≤ 0.5 | – | – |\n",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			log := filepath.Join(t.TempDir(), "log")
			stand := func(name, code string) command {
				return command{name: name, path: program, args: []string{name, code}, dir: t.TempDir(), env: []string{"BENCH_TEST_LOG=" + log}}
			}
			c := comparison{work: "scan", eddy: stand("A", "0"), peer: test.peer(stand("B", test.code)), target: 0.5, runs: 3}
			measured, err := c.measure(t.Context(), 1)
			if row := tableRow(c, measured, err); !strings.HasPrefix(row, test.row) {
				t.Errorf("row %q, want %q", row, test.row)
			}
			if ran, _ := os.ReadFile(log); string(ran) != test.log {
				t.Errorf("ran %q, want %q", ran, test.log)
			}
		})
	}
}

func TestTableRow(t *testing.T) {
	run := func(wall, cpu time.Duration, memory int64) usage { return usage{wall, cpu, memory} }
	measured := pairs{
		// The pairs have the ratios 0.4, 0.1 and 0.2; the ratio of the medians would be 0.1.
		eddy: []usage{run(40*time.Millisecond, 10*time.Millisecond, 3e6), run(100*time.Millisecond, 20*time.Millisecond, 2e6), run(400*time.Millisecond, 30*time.Millisecond, 1e6)},
		peer: []usage{run(100*time.Millisecond, time.Second, 1e8), run(time.Second, 2*time.Second, 3e8), run(2*time.Second, 3*time.Second, 2e8)},
	}
	const row = "| scan | B | 3 | 100 ms, 1.0 s | **0.200** (0.100–0.400) | %s | 20 ms, 2.0 s, 0.010 | 2 MB, 200 MB, 0.007 |\n"
	for _, test := range []struct {
		time, memory float64
		cell         string
	}{
		{0, 0, "–"},
		{0.2, 0, "≤ 0.2 (met)"},
		{0.19, 0, "≤ 0.19 (missed)"},
		{0.2, 0.007, "≤ 0.2, memory ≤ 0.007 (met)"}, // the pairs have 0.03, 0.0067 and 0.005
		{0.2, 0.006, "≤ 0.2, memory ≤ 0.006 (missed)"},
	} {
		c := comparison{work: "scan", peer: command{name: "B"}, target: test.time, memory: test.memory}
		if got, want := tableRow(c, measured, nil), fmt.Sprintf(row, test.cell); got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
}

// TestTableRowLimit: a limit is one on Eddy's own time.
func TestTableRowLimit(t *testing.T) {
	one := []usage{{wall: 10 * time.Millisecond, cpu: time.Millisecond, memory: 1}}
	for limit, want := range map[float64]string{0.015: "| Eddy ≤ 15 ms (met) |", 0.009: "| Eddy ≤ 9 ms (missed) |"} {
		c := comparison{work: "scan", peer: command{name: "B"}, limit: limit}
		if got := tableRow(c, pairs{eddy: one, peer: one}, nil); !strings.Contains(got, want) {
			t.Errorf("got %q, want %q in it", got, want)
		}
	}
}

func TestMedian(t *testing.T) {
	for _, test := range []struct {
		sorted []float64
		want   float64
	}{{nil, 0}, {[]float64{3}, 3}, {[]float64{1, 2}, 1.5}, {[]float64{1, 2, 9}, 2}} {
		if got := median(test.sorted); got != test.want {
			t.Errorf("median of %v is %v, want %v", test.sorted, got, test.want)
		}
	}
}

// TestRows: each row can be told from the others and names what it needs.
func TestRows(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range rows(&places{repo: "repo", root: "root"}) {
		if seen[c.title()] {
			t.Errorf("two rows %q", c.title())
		}
		seen[c.title()] = true
		for _, command := range []command{c.eddy, c.peer} {
			if command.name == "" || command.path == "" || command.dir == "" {
				t.Errorf("%s: %+v", c.title(), command)
			}
		}
		if c.runs < 1 {
			t.Errorf("%s: %d runs", c.title(), c.runs)
		}
	}
}

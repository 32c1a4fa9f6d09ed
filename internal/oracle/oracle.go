// Package oracle finds the programs and corpora that tests compare Eddy with.
//
// Each oracle is a folder .oracle/NAME at the root of the repository, filled by
// internal/oracle/NAME/install.sh with exact versions. The environment decides
// what a test does: EDDY_ORACLE_DIR names another place than .oracle,
// EDDY_ORACLE=required turns a missing oracle into a failure,
// EDDY_ORACLE_FULL asks for the large corpora, and EDDY_SOAK for a number of
// random cases.
package oracle

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// Dir returns the absolute path of an oracle's folder. A sub-path may follow the
// name: what is missing then is that part. Where it is missing the test skips,
// or fails if oracles are required.
func Dir(tb testing.TB, name string, sub ...string) string {
	tb.Helper()
	base := os.Getenv("EDDY_ORACLE_DIR")
	if base == "" {
		base = filepath.Join(root(tb), ".oracle")
	}
	dir, err := filepath.Abs(filepath.Join(append([]string{base, name}, sub...)...))
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := os.Stat(dir); err != nil {
		const format = "no oracle %s (%v); run make oracle-%s"
		if os.Getenv("EDDY_ORACLE") == "required" {
			tb.Fatalf(format, name, err, name)
		}
		tb.Skipf(format, name, err, name)
	}
	return dir
}

// Full reports whether the large corpora are asked for.
func Full() bool { return os.Getenv("EDDY_ORACLE_FULL") != "" }

// Cases is the number of random cases that a test compares: n, or what make soak
// asks for by EDDY_SOAK.
func Cases(n int) int {
	if more, err := strconv.Atoi(os.Getenv("EDDY_SOAK")); err == nil {
		return more
	}
	return n
}

// root returns the folder of the repository's go.mod: go test runs a test in the
// folder of its package, which lies below.
func root(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			tb.Fatal("no go.mod above the test's folder")
		}
		dir = parent
	}
}

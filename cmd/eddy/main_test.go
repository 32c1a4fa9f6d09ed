package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"eddy": func() { os.Exit(mainCode()) }})
}

// TestScripts runs the command as a user does: each script is a folder of files,
// commands and what they must print.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"write": writeNamed, "entries": entries, "mode": mode, "damage": damage,
		},
		Setup: func(env *testscript.Env) error {
			env.Setenv("NO_COLOR", "")
			env.Setenv("XDG_CACHE_HOME", env.WorkDir+"/.cache")
			// A repository of the machine's user must not decide what is ignored.
			env.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
			env.Setenv("GIT_CONFIG_SYSTEM", os.DevNull)
			return nil
		},
	})
}

// writeNamed is "write NAME TEXT", both in the escapes of a Go string: an
// archive can hold neither odd names nor odd bytes.
func writeNamed(ts *testscript.TestScript, _ bool, args []string) {
	var plain []string
	for _, arg := range args {
		s, err := strconv.Unquote(`"` + strings.ReplaceAll(arg, `"`, `\"`) + `"`)
		ts.Check(err)
		plain = append(plain, s)
	}
	ts.Check(os.WriteFile(ts.MkAbs(plain[0]), []byte(plain[1]), 0o644))
}

// entries is "entries DIR NAME…": these and no others are in the folder.
func entries(ts *testscript.TestScript, _ bool, args []string) {
	list, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	var names []string
	for _, entry := range list {
		names = append(names, entry.Name())
	}
	if !slices.Equal(names, args[1:]) {
		ts.Fatalf("%s holds %q, want %q", args[0], names, args[1:])
	}
}

// damage is "damage DIR": it turns over the last bit of each file in a folder.
func damage(ts *testscript.TestScript, _ bool, args []string) {
	dir := ts.MkAbs(args[0])
	list, err := os.ReadDir(dir)
	ts.Check(err)
	for _, entry := range list {
		data, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		ts.Check(err)
		data[len(data)-1] ^= 1
		ts.Check(os.WriteFile(filepath.Join(dir, entry.Name()), data, 0o600))
	}
}

// mode is "mode FILE BITS": the permissions of a file, in octal.
func mode(ts *testscript.TestScript, _ bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	if got := fmt.Sprintf("%o", info.Mode().Perm()); got != args[1] {
		ts.Fatalf("%s has mode %s, want %s", args[0], got, args[1])
	}
}

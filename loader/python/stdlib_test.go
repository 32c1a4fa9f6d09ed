package python

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestStandardModules holds the embedded list against the interpreter's own.
func TestStandardModules(t *testing.T) {
	out, err := exec.Command(interpreter(t), "-I", "-c", `
import sys
print(*sys.stdlib_module_names)
print(*sys.builtin_module_names)
import _imp
print(*[n for n in getattr(_imp, "_frozen_module_names", list)() if "." not in n and "hello" not in n])
`).Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(out), "\n")
	for _, name := range strings.Fields(lines[0]) {
		if !standardModules[name] {
			t.Errorf("%s is a standard module, and not in the list", name)
		}
	}
	for _, name := range strings.Fields(lines[1] + " " + lines[2]) {
		if !strings.HasPrefix(name, "xx") && !unshadowed[name] { // xx: modules that test the C interface
			t.Errorf("%s is compiled in or frozen, and no file stands in for it", name)
		}
	}
}

func TestStandardModulesAreSorted(t *testing.T) {
	names := strings.Fields(standardNames)
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Error("stdlib.txt is not sorted, or repeats a name")
	}
	for name := range unshadowed {
		if !standardModules[name] && name != "__main__" {
			t.Errorf("%s cannot be shadowed, and is no standard module", name)
		}
	}
}

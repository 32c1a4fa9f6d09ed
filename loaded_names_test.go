package eddy

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/module"
)

// TestResolveLoaded resolves names in what LoadModule loaded, where the workspace
// was loaded with imports alone, in each language.
func TestResolveLoaded(t *testing.T) {
	ctx := t.Context()
	e := open(t, workspace(t, `
-- package.json --
{"name": "demo"}
-- web/a.ts --
export { deep as shallow } from "./b"
import { readFile } from "fs"
-- web/b.ts --
export * from "./c"
-- web/c.ts --
export const deep = 1
-- web/apart.ts --
export const z = 1
-- go.mod --
module m
-- p/p.go --
package p
type T struct{}
func (T) M() {}
-- py/a.py --
from py.b import f as g
-- py/b.py --
def f() -> int: ...
`))
	if _, err := e.Resolve(ctx, "web/a.ts", "shallow"); !errors.Is(err, ErrNoExports) || !strings.Contains(err.Error(), "LoadModule") {
		t.Errorf("before it is loaded: %v", err)
	}
	if _, err := e.Resolve(ctx, "nosuch", "x"); !errors.Is(err, module.ErrNotFound) {
		t.Errorf("in no module: %v", err)
	}
	for _, query := range []string{"web/a.ts", "m/p", "py/a.py"} {
		if _, err := e.LoadModule(ctx, query); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		from module.ID
		name string
		in   module.ID
		is   string
	}{{"web/a.ts", "shallow", "web/c.ts", "deep"}, {"p", "T.M", "p", "T.M"}, {"py/a.py", "g", "py/b.py", "f"}} {
		for range 2 {
			r, err := e.Resolve(ctx, tt.from, tt.name)
			if err != nil || r.Symbol.Module != tt.in || r.Symbol.Name != tt.is {
				t.Errorf("%s in %s: %+v, %v", tt.name, tt.from, r, err)
			}
		}
	}
	if r, err := e.Resolve(ctx, "web/a.ts", "readFile"); err != nil || !r.Open {
		t.Errorf("beyond the workspace: %v, %v", r, err)
	}
	var missing *module.SymbolError
	if _, err := e.Resolve(ctx, "web/a.ts", "shalow"); !errors.As(err, &missing) || len(missing.Suggestions) != 1 {
		t.Errorf("a misspelt name: %v", err)
	}
	// A reload of what is upstream is seen.
	text := []byte("export const shut = 1\nexport function deep(): void {}\n")
	if err := os.WriteFile(filepath.Join(e.Root(), "web/c.ts"), text, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Reload(ctx, "web/c.ts"); err != nil {
		t.Fatal(err)
	}
	if r, err := e.Resolve(ctx, "web/a.ts", "shallow"); err != nil || r.Symbol.Kind != module.SymbolFunction {
		t.Errorf("after a reload: %v, %v", r, err)
	}
}

package eddy

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// TestBuiltInValidators holds each validator against modules of each language: it
// refuses what it is for, with its place, and lets pass what looks like it.
func TestBuiltInValidators(t *testing.T) {
	const goMod, tsPackage = "-- go.mod --\nmodule m\n", "-- package.json --\n{\"name\": \"demo\"}\n"
	only := func(ids ...string) func(*module.Module) bool {
		return func(m *module.Module) bool {
			for _, id := range ids {
				if string(m.ID) == id {
					return true
				}
			}
			return false
		}
	}
	for _, tt := range []struct {
		name  string
		v     Validator
		files string
		load  string
		want  string // lines of the refusal, or nothing
	}{
		{"Go: too many dependencies", MaxDependencies(2), goMod + "-- a/a.go --\npackage a\n\nimport (\n\t\"fmt\"\n\t\"os\"\n\t\"io\"\n)\n", "a",
			"a/a.go:6:2: it depends on 3 modules, more than 2"},
		{"Go: as many as may be", MaxDependencies(3), goMod + "-- a/a.go --\npackage a\n\nimport (\n\t\"fmt\"\n\t\"os\"\n\t\"io\"\n)\n", "a", ""},
		{"TypeScript: one module twice", MaxDependencies(1), tsPackage + "-- a.ts --\nimport { x } from './b'\nimport { y } from './b'\n-- b.ts --\nexport const x = 1, y = 2\n", "a.ts", ""},
		{"TypeScript: none may be", MaxDependencies(0), tsPackage + "-- a.ts --\nexport {}\nimport('./b')\n-- b.ts --\n", "a.ts", "a.ts:2:8: it depends on 1 module, more than 0"},
		{"Python: with the package that is implied", MaxDependencies(1), "-- a.py --\nimport p.b\n-- p/__init__.py --\n-- p/b.py --\n", "a.py", "a.py:1:8: it depends on 2 modules, more than 1"},

		{"Go: too many names", MaxExports(2), goMod + "-- a/a.go --\npackage a\nfunc F() {}\nfunc g() {}\ntype T int\n-- a/b.go --\npackage a\nvar V int\n", "a",
			"a/b.go:2:5: it exports 3 names, more than 2"},
		{"Go: private ones do not count", MaxExports(1), goMod + "-- a/a.go --\npackage a\nfunc F() {}\nfunc g() {}\n", "a", ""},
		{"TypeScript: overloads are one name", MaxExports(1), "-- a.ts --\nexport function f(x: string): void\nexport function f(x: number): void\nexport function f(x: any) {}\nconst own = 1\n", "a.ts", ""},
		{"Python: none may be, and there is none", MaxExports(-1), "-- a.py --\n", "a.py", ""},
		{"Python: none may be", MaxExports(-1), "-- a.py --\ndef f(): pass\n", "a.py", "a.py:1:5: it exports 1 name, more than 0"},
		{"Python: no dependency may be, and there is none", MaxDependencies(-1), "-- a.py --\n", "a.py", ""},
		{"Python: too many names", MaxExports(1), "-- a.py --\ndef f(): pass\nclass C: pass\n", "a.py", "a.py:2:7: it exports 2 names, more than 1"},

		{"Go: a name is missing", RequireExports(only("a"), "New", "Close"), goMod + "-- a/a.go --\npackage a\nfunc New() {}\nfunc close() {}\n", "a", "a/a.go:1:1: it does not export Close"},
		{"Go: of another module", RequireExports(only("b"), "New"), goMod + "-- a/a.go --\npackage a\n", "a", ""},
		{"TypeScript: no default", RequireExports(nil, "default"), "-- a.ts --\nexport const x = 1\nconst def = 2\n", "a.ts", "a.ts:1:1: it does not export default"},
		{"TypeScript: default under another name", RequireExports(nil, "default"), "-- a.ts --\nconst x = 1\nexport { x as default }\n", "a.ts", ""},
		{"TypeScript: perhaps by a star", RequireExports(nil, "x"), tsPackage + "-- a.ts --\nexport * from 'elsewhere'\n", "a.ts", ""},
		{"JavaScript: nobody can tell", RequireExports(nil, "x"), "-- a.js --\nmodule.exports = make()\n", "a.js", ""},
		{"Python: a private one is none", RequireExports(nil, "__main"), "-- a.py --\ndef __main(): pass\n", "a.py", "a.py:1:1: it does not export __main"},

		{"Go: a package twice", NoDuplicateImports(), goMod + "-- a/a.go --\npackage a\n\nimport \"fmt\"\nimport \"fmt\"\n-- a/b.go --\npackage a\n\nimport \"fmt\"\n", "a", "a/a.go:4:8: \"fmt\" is imported before, at a/a.go:3:8"},
		{"Go: under two names", NoDuplicateImports(), goMod + "-- a/a.go --\npackage a\n\nimport \"fmt\"\nimport f \"fmt\"\nimport _ \"fmt\"\n", "a", ""},
		{"TypeScript: a name twice", NoDuplicateImports(), tsPackage + "-- a.ts --\nimport { x, y } from './b'\nimport { y } from './b'\n-- b.ts --\nexport const x = 1, y = 2\n", "a.ts", "a.ts:2:19: \"./b\" is imported before, at a.ts:1:22"},
		{"TypeScript: a value and a type, and passed on", NoDuplicateImports(), tsPackage + "-- a.ts --\nimport { y } from './b'\nimport type { y as Y } from './b'\nimport { x } from './b'\nexport { y } from './b'\nimport('./b'); import('./b')\n-- b.ts --\nexport const x = 1, y = 2\n", "a.ts", ""},
		{"TypeScript: for its effects twice", NoDuplicateImports(), tsPackage + "-- a.ts --\nimport './b'\nimport './b'\n-- b.ts --\n", "a.ts", "a.ts:2:8: \"./b\" is imported before, at a.ts:1:8"},
		{"Python: a module twice", NoDuplicateImports(), "-- a.py --\nimport os\nimport sys, os\n", "a.py", "a.py:2:13: \"os\" is imported before, at a.py:1:8"},
		{"Python: in two functions, and where it may fail", NoDuplicateImports(), "-- a.py --\ndef f():\n    import os\ndef g():\n    import os\ntry:\n    import json\nexcept ImportError:\n    import json\n", "a.py", ""},

		{"TypeScript: a private name passed on", NoPrivateReexport(), tsPackage + "-- a.ts --\nexport { _y as y } from './b'\n-- b.ts --\nexport const _y = 1\n", "a.ts", "a.ts:1:16: y passes on _y, which is private where it comes from"},
		{"TypeScript: used, not passed on", NoPrivateReexport(), tsPackage + "-- a.ts --\nimport { _y } from './b'\nexport const y = _y\n-- b.ts --\nexport const _y = 1\n", "a.ts", ""},
		{"Python: a private name passed on", NoPrivateReexport(), "-- a.py --\nfrom b import _f as f, __g as g\n-- b.py --\ndef _f(): pass\n__g = 1\n", "a.py",
			"a.py:1:21: f passes on _f, which is private where it comes from\na.py:1:31: g passes on __g, which is private where it comes from"},
		{"Python: kept private, or reserved", NoPrivateReexport(), "-- a.py --\nfrom b import _f, __version__ as version\n-- b.py --\ndef _f(): pass\n__version__ = '1'\n", "a.py", ""},

		{"Go: a private name that is deprecated", NoDeprecatedPrivate(), goMod + "-- a/a.go --\npackage a\n\n// old does it.\n//\n// Deprecated: use New.\nfunc old() {}\n", "a", "a/a.go:6:6: old is private and deprecated (use New.); remove it"},
		{"Go: a public one", NoDeprecatedPrivate(), goMod + "-- a/a.go --\npackage a\n\n// Old does it.\n//\n// Deprecated: use New.\nfunc Old() {}\n\nfunc own() {}\n", "a", ""},
		{"TypeScript: a private name that is deprecated", NoDeprecatedPrivate(), "-- a.ts --\n/** @deprecated use b */\nfunction a(): void {}\nexport function b(): void {}\n", "a.ts", "a.ts:2:10: a is private and deprecated (use b); remove it"},
		{"TypeScript: a public one", NoDeprecatedPrivate(), "-- a.ts --\n/** @deprecated use b */\nfunction a(): void {}\nexport { a }\n", "a.ts", ""},
		{"Python: a private name that is deprecated", NoDeprecatedPrivate(), "-- a.py --\nfrom warnings import deprecated\n@deprecated('use g')\ndef __f(): pass\n", "a.py", "a.py:3:5: __f is private and deprecated (use g); remove it"},
		{"Python: a public one", NoDeprecatedPrivate(), "-- a.py --\nfrom warnings import deprecated\n@deprecated('use g')\ndef f(): pass\n", "a.py", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := workspace(t, tt.files)
			e := open(t, dir, WithValidator(tt.v))
			m, err := e.LoadModule(t.Context(), tt.load)
			if tt.want == "" {
				if err != nil {
					t.Error(err)
				}
			} else {
				var invalid *module.ValidationError
				if !errors.As(err, &invalid) || !errors.Is(err, module.ErrValidation) || string(invalid.Module) != tt.load {
					t.Fatalf("loaded %v, %v", m, err)
				}
				if got := invalid.Err.Error(); got != tt.want {
					t.Errorf("refused by\n%s\nwant\n%s", got, tt.want)
				}
			}
			// The same of a load of the workspace.
			s := load(t, open(t, dir, WithValidator(tt.v), WithDetail(loader.DetailExports)))
			refused := ""
			for _, d := range s.Diagnostics() {
				if d.Code == loader.CodeRefused && strings.HasPrefix(d.Message, tt.load+": ") {
					_, refused, _ = strings.Cut(d.Message, validatorName(tt.v)+": ")
				}
			}
			if refused != tt.want {
				t.Errorf("a load of the workspace is refused by\n%s\nwant\n%s", refused, tt.want)
			}
		})
	}
}

func TestMatchVersions(t *testing.T) {
	dir := workspace(t, `
-- package.json --
{"workspaces": ["p/*"]}
-- p/a/package.json --
{"name": "a", "version": "1.0.0", "dependencies": {"b": "^1.2.0", "c": "workspace:*", "left-pad": "^1.0.0"}}
-- p/a/index.ts --
import "c"
import "left-pad"
import "b"
-- p/b/package.json --
{"name": "b", "version": "2.0.0", "main": "index.ts"}
-- p/b/index.ts --
-- p/c/package.json --
{"name": "c", "version": "9.0.0", "main": "index.ts"}
-- p/c/index.ts --
`)
	for _, detail := range []loader.Detail{loader.DetailImports, loader.DetailExports} {
		e := open(t, dir, WithValidator(MatchVersions()), WithDetail(detail))
		_, err := e.LoadModule(t.Context(), "p/a/index.ts")
		var version *module.VersionError
		if !errors.As(err, &version) || !errors.Is(err, module.ErrVersion) || !errors.Is(err, module.ErrValidation) {
			t.Fatalf("got %v", err)
		}
		if *version != (module.VersionError{Module: "npm:b", Want: "^1.2.0", Have: "2.0.0", Span: version.Span}) || version.Span.String() != "p/a/index.ts:3:8" {
			t.Errorf("got %+v", version)
		}
		if _, err := e.LoadModule(t.Context(), "p/c/index.ts"); err != nil {
			t.Error(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "p/b/package.json"), []byte(`{"name":"b","version":"1.9.0"}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, dir, WithValidator(MatchVersions())).LoadModule(t.Context(), "p/a/index.ts"); err != nil {
		t.Error(err)
	}
	if err := MatchVersions().Validate(t.Context(), &module.Module{}); err == nil {
		t.Error("a validator of no engine lets pass")
	}
}

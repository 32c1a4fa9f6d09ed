package main

import (
	"fmt"
	"strings"
)

// languages are those of a workspace of the language "mixed".
var languages = []language{
	{
		name: "typescript", comment: "//", config: "tsconfig.json",
		common: func(packages int) map[string]string {
			files := map[string]string{"ts/package.json": `{"name": "ts", "private": true, "workspaces": ["packages/*"]}`}
			for k := range packages {
				files[fmt.Sprintf("ts/packages/p%d/package.json", k)] = fmt.Sprintf(
					`{"name": "@acme/p%d", "main": "src/d0/f%d.ts", "dependencies": {"@acme/p%d": "*", "react": "19"}}`, k, k*perPackage, k/2)
			}
			return files
		},
		manifest: func(k, version int) (string, string) {
			return fmt.Sprintf("ts/packages/p%d/tsconfig.json", k),
				fmt.Sprintf(`{"compilerOptions": {"baseUrl": ".", "paths": {"@v%d/*": ["src/*"]}}}`, version)
		},
		path: func(i int) string {
			return fmt.Sprintf("ts/packages/p%d/src/d%d/f%d.ts", i/perPackage, i%perPackage/perFolder, i)
		},
		head: func(int) string { return "import \"react\"\n" },
		imports: func(from, to int) string {
			if from/perPackage != to/perPackage {
				return fmt.Sprintf("import { f as f%d } from \"@acme/p%d\"\n", to, to/perPackage)
			}
			return fmt.Sprintf("import { f as f%d } from \"../d%d/f%d\"\n", to, to%perPackage/perFolder, to)
		},
		export: func(version int) string {
			if version > 0 {
				return fmt.Sprintf("export function g%d(): void {}\n", version)
			}
			return "export function f(n: number): number { return n }\n"
		},
		added: func(i, n int) string {
			return fmt.Sprintf("ts/packages/p%d/src/d%d/new%d.ts", i/perPackage, i%perPackage/perFolder, n)
		},
	},
	{
		name: "go", comment: "//", config: "go.mod",
		common: func(packages int) map[string]string {
			var work strings.Builder
			work.WriteString("go 1.24\n")
			for k := range packages {
				fmt.Fprintf(&work, "use ./m%d\n", k)
			}
			return map[string]string{"go/go.work": work.String()}
		},
		manifest: func(k, version int) (string, string) {
			return fmt.Sprintf("go/m%d/go.mod", k), fmt.Sprintf("module example.com/m%d\n\ngo 1.24\n\nrequire golang.org/x/mod v0.%d.0\n", k, version)
		},
		path: func(i int) string {
			return fmt.Sprintf("go/m%d/d%d/p%d/f.go", i/perPackage, i%perPackage/perFolder, i)
		},
		head: func(i int) string { return fmt.Sprintf("package p%d\n\nimport _ \"fmt\"\n", i) },
		imports: func(_, to int) string {
			return fmt.Sprintf("import p%d \"example.com/m%d/d%d/p%d\"\n", to, to/perPackage, to%perPackage/perFolder, to)
		},
		export: func(version int) string {
			if version > 0 {
				return fmt.Sprintf("func G%d() {}\n", version)
			}
			return "func F(n int) int { return n }\n"
		},
		added: func(i, n int) string {
			return fmt.Sprintf("go/m%d/d%d/p%d/new%d.go", i/perPackage, i%perPackage/perFolder, i, n)
		},
	},
	{
		name: "python", comment: "#", config: "pyproject.toml",
		common: func(packages int) map[string]string {
			files := map[string]string{}
			for k := range packages {
				files[fmt.Sprintf("py/p%d/src/pkg%d/__init__.py", k, k)] = ""
				for d := range perPackage / perFolder {
					files[fmt.Sprintf("py/p%d/src/pkg%d/d%d/__init__.py", k, k, d)] = ""
				}
			}
			return files
		},
		manifest: func(k, version int) (string, string) {
			return fmt.Sprintf("py/p%d/pyproject.toml", k),
				fmt.Sprintf("[project]\nname = \"p%d\"\nversion = \"1.%d\"\ndependencies = [\"numpy>=1.%d\"]\n", k, version, version)
		},
		path: func(i int) string {
			return fmt.Sprintf("py/p%d/src/pkg%d/d%d/f%d.py", i/perPackage, i/perPackage, i%perPackage/perFolder, i)
		},
		head: func(int) string { return "import os\nimport numpy\n" },
		imports: func(from, to int) string {
			if from/perPackage != to/perPackage {
				return fmt.Sprintf("from pkg%d.d0.f%d import f as f%d\n", to/perPackage, to, to)
			}
			return fmt.Sprintf("from ..d%d.f%d import f as f%d\n", to%perPackage/perFolder, to, to)
		},
		export: func(version int) string {
			if version > 0 {
				return fmt.Sprintf("def g%d() -> None: ...\n", version)
			}
			return "def f(n: int) -> int:\n    return n\n"
		},
		added: func(i, n int) string {
			return fmt.Sprintf("py/p%d/src/pkg%d/d%d/new%d.py", i/perPackage, i/perPackage, i%perPackage/perFolder, n)
		},
	},
}

package main

import "os"

// rows is what is measured. A target is for the time of Eddy in that of the
// peer; a comparison without one is for the record.
func rows(at *places) []comparison {
	typescript, large := at.bench("typescript"), at.bench("typescript_large")
	declarations := at.bench("declarations")
	sympy, django := at.bench("python/sympy"), at.bench("python/django")
	return flatten([]work{
		{
			name: "Go: package graph of the standard library",
			eddy: at.eddy(at.goroot("src"), "graph", "--format", "json", "-o", os.DevNull),
			peers: []peer{
				{command: at.path("go", at.goroot("src"), "list", "-json", "./..."), target: 0.2},
				{command: at.path("go", at.goroot("src"), "list", "-json=ImportPath,Imports", "./...").as("go list of two fields")},
			},
		},
		{
			name:  "components of 10⁶ nodes and 8·10⁶ edges, building included",
			eddy:  at.program("graphscc", at.repo, "-side", "eddy").as("eddy"),
			peers: []peer{{command: at.program("graphscc", at.repo, "-side", "gonum").as("gonum"), target: 0.04, memory: 0.2, runs: 3}},
		},
		{
			name: "TypeScript: cycles of a workspace",
			eddy: at.eddy(typescript, "cycles").finding(),
			peers: []peer{
				{command: at.npm("oxlint", typescript, "--import-plugin", "-A", "all", "-D", "import/no-cycle").finding(), target: 0.35},
				{command: at.node("madge", typescript, "--circular", "--extensions", "ts,tsx", "--ts-config", "tsconfig.json", "packages").finding(), runs: 2},
				{command: at.node("dpdm", typescript, "--no-tree", "--no-warning", "--no-progress", "packages/**/*.ts", "packages/**/*.tsx"), runs: 2},
				{command: at.node("depcruise", typescript, "--config", at.bench("npm/depcruise.json"), "packages").as("dependency-cruiser"), runs: 2},
				{command: at.node("skott", typescript, "--displayMode=raw", "--showCircularDependencies", "--fileExtensions=.ts,.tsx").finding(), runs: 1},
			},
		},
		{
			name:  "TypeScript: exports of a workspace",
			eddy:  at.program("details", typescript, "-level", "exports").as("exports"),
			peers: []peer{{command: at.program("details", typescript, "-level", "imports").as("imports"), target: 2.0}},
		},
		{
			name:  "TypeScript declarations: exports of nine packages",
			eddy:  at.program("details", declarations, "-level", "exports").as("exports"),
			peers: []peer{{command: at.program("details", declarations, "-level", "imports").as("imports"), target: 2.0}},
		},
		{
			name:  "Go: exports of the standard library",
			eddy:  at.program("details", at.goroot("src"), "-level", "exports").as("exports"),
			peers: []peer{{command: at.program("details", at.goroot("src"), "-level", "imports").as("imports")}},
		},
		{
			name:  "Python: exports of sympy",
			eddy:  at.program("details", sympy, "-level", "exports").as("exports"),
			peers: []peer{{command: at.program("details", sympy, "-level", "imports").as("imports")}},
		},
		{
			name: "Python: cycles of sympy",
			eddy: at.eddy(sympy, "cycles").finding(),
			peers: []peer{
				{command: at.python("ruff", sympy, "analyze", "graph"), target: 0.5},
				{command: at.python("python", sympy, "-c", "import grimp; grimp.build_graph('sympy', cache_dir=None)").as("grimp"), runs: 3},
			},
		},
		{
			name: "Python: cycles of django",
			eddy: at.eddy(django, "cycles").finding(),
			peers: []peer{
				{command: at.python("ruff", django, "analyze", "graph"), target: 0.5},
				{command: at.python("python", django, "-c", "import grimp; grimp.build_graph('django', cache_dir=None)").as("grimp"), runs: 3},
			},
		},
		{
			name:  "TypeScript: nothing has changed",
			eddy:  at.eddy(typescript, "cycles").finding().warm(),
			peers: []peer{{command: at.program("walkstat", typescript), target: 1.5}},
		},
		{
			name:  "TypeScript: nothing has changed, ten times the workspace",
			eddy:  at.eddy(large, "cycles").finding().warm(),
			peers: []peer{{command: at.program("walkstat", large), target: 1.5, runs: 5}},
		},
		{
			name:  "TypeScript: check, nothing has changed",
			eddy:  at.eddy(typescript, "check").finding().warm(),
			peers: []peer{{command: at.program("walkstat", typescript)}},
		},
		{
			name:  "TypeScript: cycles by the server of the workspace",
			eddy:  at.eddy(typescript, "cycles").finding().warm().served(at.eddy(typescript, "serve"), at.bench("run")),
			peers: []peer{{command: at.program("walkstat", typescript)}},
		},
		{
			name:  "TypeScript: cycles by the server of a workspace of 3,300 files",
			eddy:  at.eddy(typescript, smaller("cycles")...).finding().warm().served(at.eddy(typescript, smaller("serve")...), at.bench("run")),
			peers: []peer{{command: at.program("walkstat", typescript).as("walkstat of 5,600 files"), limit: 0.015}},
		},
	})
}

// smaller makes a command one on the workspace without two of its packages.
func smaller(verb string) []string {
	return []string{verb, "--exclude", "/packages/viem", "--exclude", "/packages/ox"}
}

package eddy

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
	"golang.org/x/tools/txtar"
)

const demo = `
-- package.json --
{"name": "demo"}
-- web/app.ts --
import { x } from "./b"
import type { T } from "./types"
import "./gone"
-- web/b.ts --
import { y } from "./c"
export const x = y
-- web/c.ts --
import "./app"
export const y = 1
-- web/types.ts --
import type {} from "./app"
export type T = number
-- web/alone.ts --
export {}
`

// workspace lays out a txtar archive in a new folder.
func workspace(t testing.TB, archive string) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func open(t testing.TB, root string, opts ...Option) *Engine {
	t.Helper()
	// What the machine's user ignores everywhere must not decide.
	e, err := Open(root, append([]Option{WithEnv(nil)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

func load(t testing.TB, e *Engine) *Snapshot {
	t.Helper()
	s, err := e.Load(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestLoadFindsCycle(t *testing.T) {
	e := open(t, workspace(t, demo))
	if e.Snapshot() != nil {
		t.Error("an engine has a snapshot before it loaded")
	}
	s := load(t, e)
	if e.Snapshot() != s {
		t.Error("the engine does not hold the snapshot it returned")
	}
	g := s.Graph()
	var got [][]module.ID
	for _, members := range g.Cycles(module.StaticOnly) {
		var ids []module.ID
		for _, n := range members {
			ids = append(ids, g.ID(n))
		}
		got = append(got, ids)
	}
	if len(got) != 1 || !slices.Equal(got[0], []module.ID{"web/app.ts", "web/b.ts", "web/c.ts"}) {
		t.Errorf("cycles %v", got)
	}
}

func TestOpenErrors(t *testing.T) {
	dir := workspace(t, "-- file --\n")
	if _, err := Open(filepath.Join(dir, "missing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing folder: %v", err)
	}
	if _, err := Open(filepath.Join(dir, "file")); err == nil || !strings.Contains(err.Error(), "not a folder") {
		t.Errorf("a file: %v", err)
	}
}

func TestFind(t *testing.T) {
	s := load(t, open(t, workspace(t, demo)))
	for query, want := range map[string][]module.ID{
		"web/app.ts":   {"web/app.ts"},
		"./web/app.ts": {"web/app.ts"},
		`web\app.ts`:   {"web/app.ts"},
		"web/*.ts":     {"web/alone.ts", "web/app.ts", "web/b.ts", "web/c.ts", "web/types.ts"},
		"**/b.ts":      {"web/b.ts"},
	} {
		if got, err := s.Find(query); err != nil || !slices.Equal(got, want) {
			t.Errorf("Find(%q) = %v, %v; want %v", query, got, err, want)
		}
	}
	for query, want := range map[string][]module.ID{
		"app.ts":     {"web/app.ts"},
		"web/ap.ts":  {"web/app.ts"},
		"web/typs.t": {"web/types.ts"},
		"zzzzzz":     nil,
	} {
		_, err := s.Find(query)
		var missing *module.NotFoundError
		if !errors.As(err, &missing) || !errors.Is(err, module.ErrNotFound) {
			t.Fatalf("Find(%q): %v", query, err)
		}
		if len(want) > 0 && (len(missing.Suggestions) == 0 || missing.Suggestions[0] != want[0]) || len(want) == 0 && len(missing.Suggestions) > 0 {
			t.Errorf("Find(%q) suggests %v, want %v", query, missing.Suggestions, want)
		}
	}
}

func TestUpdate(t *testing.T) {
	ctx := context.Background()
	dir := workspace(t, demo)
	e := open(t, dir)
	before := load(t, e)
	if err := os.WriteFile(filepath.Join(dir, "web", "b.ts"), []byte("export const x = 2\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	after, delta, err := e.Update(ctx, filepath.Join(dir, "web", "b.ts"))
	if err != nil {
		t.Fatal(err)
	}
	if e.Snapshot() != after || before == after {
		t.Error("the engine does not hold the new snapshot")
	}
	if len(delta.Modified) != 1 || delta.Modified[0].ID != "web/b.ts" || len(delta.Added)+len(delta.Removed) > 0 {
		t.Errorf("delta %+v", delta)
	}
	want := []module.Invalidation{
		{ID: "web/app.ts", By: "web/b.ts", Via: "web/b.ts"},
		{ID: "web/c.ts", By: "web/b.ts", Via: "web/app.ts"},
		{ID: "web/types.ts", By: "web/b.ts", Via: "web/app.ts"},
	}
	if !slices.Equal(delta.Invalidated, want) {
		t.Errorf("invalidated %+v, want %+v", delta.Invalidated, want)
	}
	if n := len(after.Graph().Cycles(module.StaticOnly)); n != 0 {
		t.Errorf("%d cycles after the cut", n)
	}
	again, delta, err := e.Rescan(ctx)
	if err != nil || !delta.Empty() {
		t.Errorf("a rescan of nothing: %+v, %v", delta, err)
	}
	if again.Graph() != after.Graph() {
		t.Error("the graph was built again though nothing changed")
	}
}

func TestUpdateBeforeLoad(t *testing.T) {
	e := open(t, workspace(t, demo))
	s, delta, err := e.Update(context.Background())
	if err != nil || len(delta.Added) != len(s.Modules()) || len(delta.Added) < 5 {
		t.Errorf("delta %+v, %v", delta, err)
	}
}

func TestClosed(t *testing.T) {
	e := open(t, workspace(t, demo))
	s := load(t, e)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Load(context.Background()); !errors.Is(err, ErrClosed) {
		t.Errorf("load: %v", err)
	}
	if _, ok := s.Module("web/app.ts"); !ok {
		t.Error("a snapshot ends with its engine")
	}
}

func TestExplain(t *testing.T) {
	fs := fsys.MemOf(map[string]string{
		"a.ts": "import './b'\nimport './no'\n", "b.ts": "", ".gitignore": "out/\n", "out/x.ts": "", "notes.txt": "",
	})
	e := open(t, "/", withFS(fs))
	s := load(t, e)
	for path, want := range map[string]string{
		"a.ts":      "1:8 static \"./b\" → b.ts (static)",
		"out/x.ts":  "left out",
		"notes.txt": "no front-end reads such files",
		"nowhere":   "does not exist",
	} {
		if got := strings.Join(s.Explain(path), "\n"); !strings.Contains(got, want) {
			t.Errorf("Explain(%q) says\n%s\nwant %q in it", path, got, want)
		}
	}
}

// TestSkippedFilesAreSilent holds that a broken file is reported where it is part
// of a module, and is not where it is none.
func TestSkippedFilesAreSilent(t *testing.T) {
	s := load(t, open(t, workspace(t, `
-- go.mod --
module m
-- a/a.go --
package a
import fmt
-- a/testdata/broken.go --
package broken
import fmt
-- a/tool.go --
//go:build ignore

package main
import fmt
`)))
	var files []string
	for _, d := range s.Diagnostics() {
		files = append(files, d.Span.File)
	}
	if !slices.Equal(files, []string{"a/a.go"}) {
		t.Errorf("diagnostics %v, want one of a/a.go", s.Diagnostics())
	}
}

// A module that passes on the interface of a changed one is invalidated, not
// changed itself. While the changed one is broken nothing is invalidated; what
// mends it invalidates.
func TestUpdateOfAnInterface(t *testing.T) {
	dir := workspace(t, "-- a.ts --\nimport { f } from './index'; f()\n-- index.ts --\nexport * from './b'\n-- b.ts --\nexport function f(): void {}\n")
	e := open(t, dir, WithDetail(loader.DetailExports))
	load(t, e)
	for _, step := range []struct{ text, want string }{
		{"export function f(): void { f() }", "modified [{b.ts content}] relinked [] invalidated [] failed 0"},
		{"export function f(): number { return 1 }", "modified [{b.ts interface}] relinked [index.ts] invalidated [{a.ts b.ts index.ts} {index.ts b.ts b.ts}] failed 0"},
		{"export function f(): number {", "modified [{b.ts interface}] relinked [index.ts] invalidated [] failed 1"},
		{"export function f(): number { return 2 }", "modified [{b.ts interface}] relinked [index.ts] invalidated [{a.ts b.ts index.ts} {index.ts b.ts b.ts}] failed 0"},
	} {
		if err := os.WriteFile(filepath.Join(dir, "b.ts"), []byte(step.text), 0o644); err != nil {
			t.Fatal(err)
		}
		_, delta, err := e.Update(t.Context(), "b.ts")
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("modified %v relinked %v invalidated %v failed %d", delta.Modified, delta.Relinked, delta.Invalidated, len(delta.Failed)); got != step.want {
			t.Errorf("%s:\ngot  %s\nwant %s", step.text, got, step.want)
		}
	}
}

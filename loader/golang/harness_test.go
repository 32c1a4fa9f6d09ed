package golang

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// linux is the platform of tests, whatever machine they run on.
var linux = platform{port: portOf("linux", "amd64"), cgo: true}

// loaded is a workspace as the front-end sees it.
type loaded struct {
	*loader.Workspace
	resolver loader.Resolver
	skipped  map[string]string
	read     int // bytes
}

// load walks and parses a tree as the loader does, heads first.
func load(tb testing.TB, fs fsys.FS, root, goPlatform string, host platform) *loaded {
	tb.Helper()
	ctx := context.Background()
	tree, diagnostics, err := loader.Walk(ctx, fs, loader.WalkOptions{})
	if err != nil {
		tb.Fatal(err)
	}
	for _, d := range diagnostics {
		tb.Error(d)
	}
	frontend := &frontend{host: host}
	l := &loaded{Workspace: &loader.Workspace{
		Root: root, FS: fs, Tree: tree, Options: loader.Options{GoPlatform: goPlatform},
	}}
	for _, folder := range tree.Folders() {
		for _, name := range folder.Files {
			if path := loader.Join(folder.Path, name); frontend.Claim(path) == loader.ClaimSource {
				l.Files = append(l.Files, loader.File{Path: path})
			}
		}
	}
	slices.SortFunc(l.Files, func(a, b loader.File) int { return strings.Compare(a.Path, b.Path) })

	const workers = 2
	var group sync.WaitGroup
	var read [workers]int
	for w := range workers {
		group.Go(func() {
			p := frontend.NewParser()
			var buf []byte
			for i := w; i < len(l.Files); i += workers {
				file := &l.Files[i]
				for n := 4 << 10; file.Facts == nil; n *= 4 {
					data, whole, _, err := fs.ReadPrefix(file.Path, n, buf)
					if err != nil {
						tb.Error(err)
						return
					}
					buf = data
					read[w] += len(data)
					if whole {
						file.Facts = p.Parse(file.Path, data, loader.DetailImports)
					} else if facts, ok := p.(loader.HeaderParser).ParseHeader(file.Path, data); ok {
						file.Facts = facts
					}
				}
			}
		})
	}
	group.Wait()
	for _, n := range read {
		l.read += n
	}
	if tb.Failed() {
		tb.FailNow()
	}
	l.index(tb, frontend)
	return l
}

func (l *loaded) index(tb testing.TB, frontend loader.Frontend) {
	tb.Helper()
	var err error
	if l.resolver, err = frontend.Index(context.Background(), l.Workspace); err != nil {
		tb.Fatal(err)
	}
	l.skipped = map[string]string{}
	for _, s := range l.resolver.Skipped() {
		l.skipped[s.Path] = s.Reason
	}
}

// resolved is one conclusion.
type resolved struct {
	imp *module.Import // nil for what is implied
	loader.Resolution
}

// resolve concludes all that a module imports and implies.
func (l *loaded) resolve(m *module.Module) []resolved {
	var list []resolved
	add := func(imp *module.Import, conclude func(*loader.Resolution)) {
		res := loader.NewResolution(l.Tree)
		conclude(res)
		list = append(list, resolved{imp, *res})
	}
	for i := range m.Imports {
		imp := &m.Imports[i]
		add(imp, func(res *loader.Resolution) { l.resolver.Resolve(m, imp, res) })
	}
	add(nil, func(res *loader.Resolution) { l.resolver.Implicit(m, res) })
	return list
}

// String writes all that the resolver says, for a person to read.
func (l *loaded) String() string {
	var b strings.Builder
	for _, m := range l.resolver.Modules() {
		fmt.Fprintf(&b, "%s %s %s (%s)\n", m.ID, m.Kind, m.Name, cmp.Or(m.Package, "no module"))
		for _, file := range m.Files {
			fmt.Fprintf(&b, "\tfile %s\n", file)
		}
		for _, r := range l.resolve(m) {
			what := "implied"
			if r.imp != nil {
				what = fmt.Sprintf("%d:%d %s", r.imp.Span.Line, r.imp.Span.Column, r.imp.Specifier)
			}
			for _, t := range r.Targets {
				fmt.Fprintf(&b, "\t%s -> %s", what, t.ID)
				if t.Kind != module.Static {
					fmt.Fprintf(&b, " %s", t.Kind)
				}
				if t.External != nil {
					fmt.Fprintf(&b, " %s (%s)", t.External.Kind, cmp.Or(t.External.Package, "no module"))
				}
				fmt.Fprintf(&b, ": %s\n", r.Rule)
			}
			if r.Reason != "" {
				fmt.Fprintf(&b, "\t%s !! %s", what, r.Reason)
				if len(r.Probed) > 0 {
					fmt.Fprintf(&b, " [%s]", strings.Join(r.Probed, " "))
				}
				b.WriteByte('\n')
			}
		}
	}
	for _, s := range l.resolver.Skipped() {
		fmt.Fprintf(&b, "skipped %s: %s\n", s.Path, s.Reason)
	}
	var diagnostics []module.Diagnostic
	for _, f := range l.Files {
		diagnostics = append(diagnostics, f.Facts.Diagnostics...)
	}
	diagnostics = module.SortDiagnostics(append(diagnostics, l.resolver.Diagnostics()...))
	for _, d := range diagnostics {
		fmt.Fprintln(&b, d)
	}
	fmt.Fprintf(&b, "read %s\n", strings.Join(l.resolver.Inputs(), " "))
	return b.String()
}

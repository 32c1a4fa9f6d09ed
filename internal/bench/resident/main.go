// Command resident measures what one edit costs an engine that is held hot by a
// watcher. It makes a workspace of so many modules in a temporary folder, loads
// it, watches it with the system's own file events, and then edits one file
// after the other, waiting each time for the watcher's notification:
//
//	resident -modules 10000 -language mixed
//	resident -language go -exports
//
// It prints Markdown: for each kind of edit the median, the 99th percentile and
// the greatest time from the end of the debounce period to the notification, and
// the median of the processor time of the whole process, which says more on a busy
// machine; the memory that the engine takes a module; and the processor time of a
// second in which nothing happens. The first edits of each kind are no warm-up:
// they count.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/eddy-build/eddy"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/watch"
)

func main() {
	s := settings{}
	flag.IntVar(&s.modules, "modules", 10_000, "size of the workspace")
	flag.IntVar(&s.rounds, "rounds", 40, "edits of each kind")
	flag.StringVar(&s.language, "language", "mixed", "typescript, go, python or mixed")
	flag.BoolVar(&s.exports, "exports", false, "read exports too")
	flag.DurationVar(&s.debounce, "debounce", 50*time.Millisecond, "quiet time that ends a batch")
	flag.Parse()
	if err := s.run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "resident:", err)
		os.Exit(2)
	}
}

type settings struct {
	modules, rounds int
	language        string
	exports         bool
	debounce        time.Duration
}

func (s settings) run(ctx context.Context) error {
	root, err := os.MkdirTemp("", "eddy-resident")
	if err != nil {
		return err
	}
	defer os.RemoveAll(root)
	w, err := newWorkspace(root, s.language, s.modules)
	if err != nil {
		return err
	}
	before := heap()
	opts := []eddy.Option{eddy.WithDigests()}
	if s.exports {
		opts = append(opts, eddy.WithDetail(loader.DetailExports))
	}
	engine, err := eddy.Open(root, opts...)
	if err != nil {
		return err
	}
	defer engine.Close()
	if _, err := engine.Load(ctx); err != nil {
		return err
	}
	watcher, err := engine.Watch(ctx, watch.Options{Debounce: s.debounce})
	if err != nil {
		return err
	}
	defer watcher.Close()
	if err := watcher.Sync(ctx); err != nil {
		return err
	}
	engine.Snapshot().Graph()
	modules := len(engine.Snapshot().Modules())
	held := heap() - before

	m := &measurement{settings: s, workspace: w, subscription: watcher.Subscribe(), took: map[string][]cost{}}
	if err := m.edit(ctx); err != nil {
		return err
	}
	time.Sleep(2 * s.debounce)
	busy := processorTime()
	time.Sleep(time.Second)
	busy = processorTime() - busy

	detail := "imports"
	if s.exports {
		detail = "imports and exports"
	}
	fmt.Printf("%s, %d modules, %s: %.1f KB of heap a module, %s of processor time in a second without events.\n\n",
		s.language, modules, detail, float64(held)/float64(modules)/1e3, busy)
	m.print()
	return nil
}

// heap returns the bytes of the heap that are in use.
func heap() int64 {
	runtime.GC()
	runtime.GC() // what the first found to be finalized
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// measurement is a run of edits.
type measurement struct {
	settings
	workspace    *workspace
	subscription *watch.Subscription
	took         map[string][]cost // by kind of edit
	kinds        []string          // in the order in which they came first
}

// cost is what one edit took.
type cost struct{ wall, processor time.Duration }

// edit makes edits of every kind, in turn.
func (m *measurement) edit(ctx context.Context) error {
	for round := range m.rounds {
		for _, e := range m.workspace.edits(round, m.exports) {
			if err := e.make(); err != nil {
				return err
			}
			done, before := time.Now(), processorTime()
			n, err := m.subscription.Next(ctx)
			if err != nil {
				return err
			}
			took := cost{time.Since(done) - m.debounce, processorTime() - before}
			if n.Rescan != "" || len(n.Notices) > 0 || n.Batches != 1 {
				return fmt.Errorf("%s: a notification of another kind: %+v", e.kind, n)
			}
			if _, ok := m.took[e.kind]; !ok {
				m.kinds = append(m.kinds, e.kind)
			}
			m.took[e.kind] = append(m.took[e.kind], took)
			watch.Collect() // as eddy watch does
		}
	}
	return nil
}

func (m *measurement) print() {
	fmt.Print("| edit | edits | median | 99th percentile | greatest | processor time, median |\n|---|--:|--:|--:|--:|--:|\n")
	var all []cost
	for _, kind := range m.kinds {
		printRow(kind, m.took[kind])
		all = append(all, m.took[kind]...)
	}
	printRow("**all**", all)
}

func printRow(kind string, took []cost) {
	at := func(percent int, of func(cost) time.Duration) string {
		slices.SortFunc(took, func(a, b cost) int { return cmp.Compare(of(a), of(b)) })
		return milliseconds(of(took[min(len(took)*percent/100, len(took)-1)]))
	}
	wall := func(c cost) time.Duration { return c.wall }
	fmt.Printf("| %s | %d | %s | %s | %s | %s |\n", kind, len(took), at(50, wall), at(99, wall), at(100, wall),
		at(50, func(c cost) time.Duration { return c.processor }))
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1e3)
}

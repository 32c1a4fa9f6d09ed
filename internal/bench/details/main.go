// Command details loads the tree that it runs in at one level of detail, with
// nothing kept from an earlier run, and prints how long that took, stage by stage,
// and what the load came to hold. Two processes measure what exports cost:
//
//	details -level imports
//	details -level exports
//
// With -pairs it loads trees at both levels in turn, in this one process, and
// prints the medians of the ratios of times, of processor times and of what is
// held:
//
//	details -pairs 11 tree...
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/eddy-build/eddy"
	"github.com/eddy-build/eddy/loader"
)

var levels = map[string]loader.Detail{"imports": loader.DetailImports, "exports": loader.DetailExports}

func main() {
	level := flag.String("level", "imports", "what to read: imports or exports")
	pairs := flag.Int("pairs", 0, "load each tree `N` times at both levels")
	flag.Parse()
	if err := run(*level, *pairs, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "details:", err)
		os.Exit(2)
	}
}

func run(level string, pairs int, roots []string) error {
	if len(roots) == 0 {
		roots = []string{"."}
	}
	if pairs > 0 {
		for _, root := range roots {
			if err := compare(root, pairs); err != nil {
				return err
			}
		}
		return nil
	}
	detail, ok := levels[level]
	if !ok {
		return fmt.Errorf("unknown level %q: want imports or exports", level)
	}
	for _, root := range roots {
		took, snapshot, err := load(root, detail)
		if err != nil {
			return err
		}
		stats := snapshot.Stats()
		fmt.Printf("level=%s files=%d bytes=%d modules=%d seconds=%.3f", level, stats.Files, stats.Bytes, len(snapshot.Modules()), took.wall)
		for s, d := range stats.Stages {
			fmt.Printf(" %v=%.3f", loader.Stage(s), d.Seconds())
		}
		fmt.Println()
	}
	return nil
}

// cost is what a load took: seconds, processor seconds, and bytes that it holds.
type cost struct{ wall, cpu, held float64 }

// load loads a tree once.
func load(root string, detail loader.Detail) (cost, *eddy.Snapshot, error) {
	before := heap()
	begin, worked := time.Now(), processorTime()
	engine, err := eddy.Open(root, eddy.WithDetail(detail))
	if err != nil {
		return cost{}, nil, err
	}
	snapshot, err := engine.Load(context.Background())
	if err != nil {
		return cost{}, nil, err
	}
	took := cost{wall: time.Since(begin).Seconds(), cpu: (processorTime() - worked).Seconds()}
	took.held = heap() - before
	runtime.KeepAlive(engine)
	return took, snapshot, nil
}

// heap returns how many bytes are in use.
func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

func compare(root string, pairs int) error {
	var loads [2][]cost
	for range pairs {
		for detail := range loads {
			c, _, err := load(root, loader.Detail(detail))
			if err != nil {
				return err
			}
			loads[detail] = append(loads[detail], c)
		}
	}
	imports, exports := loads[0], loads[1]
	median := func(value func(n int) float64) float64 {
		list := make([]float64, pairs)
		for n := range list {
			list[n] = value(n)
		}
		slices.Sort(list)
		return list[pairs/2]
	}
	fmt.Printf("%s: imports %.1f ms, exports %.1f ms; exports in imports: time %.2f, processor %.2f, held %.2f\n", root,
		1e3*median(func(n int) float64 { return imports[n].wall }), 1e3*median(func(n int) float64 { return exports[n].wall }),
		median(func(n int) float64 { return exports[n].wall / imports[n].wall }),
		median(func(n int) float64 { return exports[n].cpu / imports[n].cpu }),
		median(func(n int) float64 { return exports[n].held / imports[n].held }))
	return nil
}

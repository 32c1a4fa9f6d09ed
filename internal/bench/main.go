// Command bench measures Eddy against other programs that do the same work, side
// by side in one run on one machine, and writes a Markdown section for
// docs/benchmarks.md.
//
// Input are the rows of rows.go, and the programs and corpora that install.sh
// has put into .bench. A comparison runs the two commands in turn, A B A B, after
// warm-up runs that are not counted; of each run it takes the wall time, the
// processor time and the peak memory of the whole process. What is reported are
// medians, and the median of the ratios of the pairs, since two runs that are
// next to each other in time share what else the machine does. What is not
// installed, or fails, is said in its row.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := bench(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
}

func bench(ctx context.Context) error {
	only := flag.String("run", "", "measure only the comparisons whose title matches this `regexp`")
	runs := flag.Int("n", 0, "measure `N` pairs of each comparison (default: as each row says)")
	warmUps := flag.Int("warmup", 1, "run each command `N` times before")
	list := flag.Bool("list", false, "list the comparisons and measure nothing")
	flag.Parse()
	match, err := regexp.Compile(*only)
	if err != nil {
		return err
	}
	where, err := locate(ctx)
	if err != nil {
		return err
	}
	var comparisons []comparison
	for _, c := range rows(where) {
		if match.MatchString(c.title()) {
			comparisons = append(comparisons, c)
		}
	}
	if *list {
		for _, c := range comparisons {
			fmt.Println(c.title())
		}
		return nil
	}
	if err := where.build(ctx); err != nil {
		return err
	}
	head, err := machine(ctx, where)
	if err != nil {
		return err
	}
	fmt.Print(head)
	for _, c := range comparisons {
		if *runs > 0 {
			c.runs = *runs
		}
		fmt.Fprintf(os.Stderr, "bench: %s, %d pairs\n", c.title(), c.runs)
		result, err := c.measure(ctx, *warmUps)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		fmt.Print(tableRow(c, result, err))
	}
	return nil
}

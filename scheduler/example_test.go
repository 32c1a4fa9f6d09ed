package scheduler_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/eddy-build/eddy/scheduler"
)

// tasks is the simplest thing to make a plan from: the dependencies of each
// task, by number. The condensation of a graph is another.
type tasks [][]int

func (t tasks) Len() int            { return len(t) }
func (t tasks) Deps(unit int) []int { return t[unit] }

func Example() {
	names := []string{"app", "parser", "printer", "tokens"}
	plan, err := scheduler.NewPlan(tasks{{1, 2}, {3}, {3}, {}},
		scheduler.WithNames(func(unit scheduler.Unit) string { return names[unit] }))
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := scheduler.Run(context.Background(), plan, 1, func(_ context.Context, unit scheduler.Unit) error {
		fmt.Println("compile", names[unit])
		if names[unit] == "printer" {
			return errors.New("missing return")
		}
		return nil
	})
	fmt.Println(err)
	for skip := range report.Skips() {
		fmt.Println(skip)
	}
	// Output:
	// compile tokens
	// compile parser
	// compile printer
	// printer: missing return
	// app: skipped: it depends on printer, which failed
}

func ExampleWithEvents() {
	plan, err := scheduler.NewPlan(tasks{{1}, {}})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = scheduler.Run(context.Background(), plan, 2,
		func(context.Context, scheduler.Unit) error { return nil },
		scheduler.WithEvents(func(event scheduler.Event) { fmt.Println(event.Unit, event.State) }))
	fmt.Println(err)
	// Output:
	// 1 running
	// 1 done
	// 0 running
	// 0 done
	// <nil>
}

func ExampleWithCost() {
	// Three independent tasks: the longest begins first.
	seconds := []int64{2, 30, 7}
	plan, err := scheduler.NewPlan(make(tasks, 3),
		scheduler.WithCost(func(unit scheduler.Unit) int64 { return seconds[unit] }))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = scheduler.Run(context.Background(), plan, 1, func(_ context.Context, unit scheduler.Unit) error {
		fmt.Println("task", unit)
		return nil
	})
	fmt.Println(err)
	// Output:
	// task 1
	// task 2
	// task 0
	// <nil>
}

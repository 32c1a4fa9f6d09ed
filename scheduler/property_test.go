package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/eddy-build/eddy/scheduler"
)

// randomGraph draws an acyclic graph whose numbers do not tell its order.
func randomGraph(t *rapid.T) edges {
	units := rapid.IntRange(0, 40).Draw(t, "units")
	number := rapid.Permutation(sequence(units)).Draw(t, "numbers")
	graph := make(edges, units)
	for i := 1; i < units; i++ {
		for _, dep := range rapid.SliceOfN(rapid.IntRange(0, i-1), 0, 4).Draw(t, "deps") {
			graph[number[i]] = append(graph[number[i]], number[dep])
		}
	}
	return graph
}

func sequence(n int) []int {
	numbers := make([]int, n)
	for i := range numbers {
		numbers[i] = i
	}
	return numbers
}

// ending is what a unit ends with.
type ending struct {
	state scheduler.State
	on    scheduler.Unit // where it is skipped
	cause scheduler.Unit
}

// naiveEndings is a serial, recursive model of a run.
func naiveEndings(graph edges, fails map[int]bool) []ending {
	endings := make([]ending, len(graph))
	known := make([]bool, len(graph))
	var end func(unit int) ending
	end = func(unit int) ending {
		if known[unit] {
			return endings[unit]
		}
		result := ending{state: scheduler.Done}
		if fails[unit] {
			result.state = scheduler.Failed
		}
		for _, dep := range slices.Backward(slices.Sorted(slices.Values(graph[unit]))) {
			switch of := end(dep); of.state {
			case scheduler.Failed:
				result = ending{scheduler.Skipped, scheduler.Unit(dep), scheduler.Unit(dep)}
			case scheduler.Skipped:
				result = ending{scheduler.Skipped, scheduler.Unit(dep), of.cause}
			}
		}
		endings[unit], known[unit] = result, true
		return result
	}
	for unit := range graph {
		end(unit)
	}
	return endings
}

// TestRunProperties: for any graph, number of workers and set of failing units,
// the limit holds, each unit runs at most once and after its dependencies, the
// events agree with what happened, and everything ends as in the serial model.
func TestRunProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		graph := randomGraph(t)
		workers := rapid.IntRange(1, 8).Draw(t, "workers")
		fails := map[int]bool{}
		if len(graph) > 0 {
			for _, unit := range rapid.SliceOfN(rapid.IntRange(0, len(graph)-1), 0, 3).Draw(t, "failing") {
				fails[unit] = true
			}
		}
		plan, err := scheduler.NewPlan(graph)
		if err != nil {
			t.Fatal(err)
		}

		var mu sync.Mutex
		running, ended, calls := 0, make([]bool, len(graph)), make([]int, len(graph))
		var problems []string
		do := func(_ context.Context, unit scheduler.Unit) error {
			mu.Lock()
			running++
			calls[unit]++
			if running > workers {
				problems = append(problems, fmt.Sprintf("%d units at once", running))
			}
			for _, dep := range graph[unit] {
				if !ended[dep] || fails[dep] {
					problems = append(problems, fmt.Sprintf("unit %d began before its dependency %d was done", unit, dep))
				}
			}
			mu.Unlock()
			mu.Lock()
			defer mu.Unlock()
			running--
			ended[unit] = true
			if fails[int(unit)] {
				return errors.New("broken")
			}
			return nil
		}
		last := make([]scheduler.State, len(graph))
		var options []scheduler.Option
		events := rapid.Bool().Draw(t, "events")
		if events {
			options = append(options, scheduler.WithEvents(func(event scheduler.Event) {
				mu.Lock()
				defer mu.Unlock()
				begins := event.State == scheduler.Running || event.State == scheduler.Skipped
				if begins != (last[event.Unit] == scheduler.Waiting) {
					problems = append(problems, fmt.Sprintf("event %v after %s", event, last[event.Unit]))
				}
				last[event.Unit] = event.State
			}))
		}
		report, err := scheduler.Run(context.Background(), plan, workers, do, options...)

		for _, problem := range problems {
			t.Error(problem)
		}
		want := naiveEndings(graph, fails)
		skips := map[scheduler.Unit]*scheduler.SkippedError{}
		for skip := range report.Skips() {
			skips[skip.Unit] = skip
		}
		var wantErrors []error
		for unit, want := range want {
			got := ending{state: report.State(scheduler.Unit(unit))}
			if skip := skips[scheduler.Unit(unit)]; skip != nil {
				got.on, got.cause = skip.On, skip.Cause
			}
			if got != want {
				t.Errorf("unit %d ended with %v, want %v", unit, got, want)
			}
			if ran := want.state != scheduler.Skipped; (calls[unit] == 1) != ran || calls[unit] > 1 {
				t.Errorf("unit %d is %s and was called %d times", unit, want.state, calls[unit])
			}
			if events && last[unit] != want.state {
				t.Errorf("the last event of unit %d is %s, want %s", unit, last[unit], want.state)
			}
			if want.state == scheduler.Failed {
				wantErrors = append(wantErrors, fmt.Errorf("unit %d: broken", unit))
			}
		}
		if got, want := fmt.Sprint(err), fmt.Sprint(errors.Join(wantErrors...)); got != want {
			t.Errorf("error %s, want %s", got, want)
		}
	})
}

// TestOrderProperties: one worker begins units in the order of a naive list
// scheduler, which looks through all ready units for the most urgent.
func TestOrderProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		graph := randomGraph(t)
		costs := rapid.SliceOfN(rapid.OneOf(rapid.Int64Range(-1, 3), rapid.Int64Range(0, 1<<40)), len(graph), len(graph)).Draw(t, "costs")
		plan, err := scheduler.NewPlan(graph, scheduler.WithCost(func(unit scheduler.Unit) int64 { return costs[unit] }))
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		if _, err := scheduler.Run(context.Background(), plan, 1, func(_ context.Context, unit scheduler.Unit) error {
			got = append(got, int(unit))
			return nil
		}); err != nil {
			t.Fatal(err)
		}

		var critical func(unit int) int64
		critical = func(unit int) int64 {
			var longest int64
			for other, deps := range graph {
				if slices.Contains(deps, unit) {
					longest = max(longest, critical(other))
				}
			}
			return max(costs[unit], 0) + longest
		}
		urgency := make([]int64, len(graph))
		for unit := range graph {
			urgency[unit] = critical(unit)
		}
		var want []int
		for range graph {
			best := -1
			for unit, deps := range graph {
				ready := !slices.Contains(want, unit) &&
					!slices.ContainsFunc(deps, func(dep int) bool { return !slices.Contains(want, dep) })
				if ready && (best < 0 || urgency[unit] > urgency[best]) {
					best = unit
				}
			}
			want = append(want, best)
		}
		if !slices.Equal(got, want) {
			t.Errorf("began %v, want %v", got, want)
		}
	})
}

// TestCancelProperties: wherever in a run the context ends, no unit begins after
// it, and each is accounted for.
func TestCancelProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		graph := randomGraph(t)
		workers := rapid.IntRange(1, 8).Draw(t, "workers")
		after := rapid.IntRange(1, 40).Draw(t, "cancel with call")
		plan, err := scheduler.NewPlan(graph)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		var mu sync.Mutex
		calls, late := 0, 0
		report, err := scheduler.Run(ctx, plan, workers, func(context.Context, scheduler.Unit) error {
			mu.Lock()
			defer mu.Unlock()
			calls++
			if ctx.Err() != nil {
				late++
			}
			if calls == after {
				cancel()
			}
			return nil
		})
		// Others may have been on their way into the function: one a worker.
		if late > workers-1 {
			t.Errorf("%d units began after the context had ended, with %d workers", late, workers)
		}
		done, stopped := report.Count(scheduler.Done), report.Count(scheduler.Stopped)
		if done != calls || done+stopped != len(graph) {
			t.Errorf("%d calls, %d units done and %d stopped of %d", calls, done, stopped, len(graph))
		}
		if (stopped > 0) != errors.Is(err, context.Canceled) {
			t.Errorf("%d units stopped, error %v", stopped, err)
		}
	})
}

// TestPlanProperties: a plan is refused exactly where there is a cycle, and the
// cycle that the error names exists.
func TestPlanProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		graph := randomGraph(t)
		if len(graph) > 0 {
			for range rapid.IntRange(0, 2).Draw(t, "extra") {
				from := rapid.IntRange(0, len(graph)-1).Draw(t, "from")
				graph[from] = append(graph[from], rapid.IntRange(0, len(graph)-1).Draw(t, "to"))
			}
		}
		_, err := scheduler.NewPlan(graph)
		var cycle *scheduler.CycleError
		if !errors.As(err, &cycle) {
			if err != nil || cyclic(graph) {
				t.Fatalf("error %v, cyclic is %v", err, cyclic(graph))
			}
			return
		}
		for i, unit := range cycle.Path {
			next := cycle.Path[(i+1)%len(cycle.Path)]
			if !slices.Contains(graph[unit], int(next)) {
				t.Errorf("%v: %d does not depend on %d", err, unit, next)
			}
		}
	})
}

// cyclic reports whether a unit can be reached from itself.
func cyclic(graph edges) bool {
	for start := range graph {
		seen := make([]bool, len(graph))
		stack := slices.Clone(graph[start])
		for len(stack) > 0 {
			unit := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if unit == start {
				return true
			}
			if !seen[unit] {
				seen[unit] = true
				stack = append(stack, graph[unit]...)
			}
		}
	}
	return false
}

package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/eddy-build/eddy/scheduler"
)

// TestOrder: one worker runs the most urgent of the ready units, and of equals
// the lowest-numbered.
func TestOrder(t *testing.T) {
	tests := []struct{ graph, want string }{
		{"a", "a"},
		{"a; b; c", "a b c"},
		{"app: lib log; lib: base; log: base", "base lib log app"},
		{"a; b; z: c; c", "c a b z"}, // z waits for c alone
		{"a; b=5; c=5", "b c a"},     // the expensive ones first
		{"a=2; b; z=3: b", "b z a"},  // b costs less than a, but z waits for it
		{"a=-7; b=0; c", "c a b"},    // less than nothing is nothing
		{"a: b b b; b", "b a"},       // named thrice, done once
		{"x=9223372036854775807: y; y=9223372036854775807: z; z=3; w=2", "z y x w"}, // sums do not wrap around
	}
	for _, test := range tests {
		t.Run(test.graph, func(t *testing.T) {
			graph := draw(test.graph)
			var order []string
			_, err := scheduler.Run(t.Context(), graph.plan(t), 1, func(_ context.Context, unit scheduler.Unit) error {
				order = append(order, graph.name(unit))
				return nil
			})
			if got := strings.Join(order, " "); got != test.want || err != nil {
				t.Errorf("ran %q, %v; want %q", got, err, test.want)
			}
		})
	}
}

// TestFailure: what a failure stops, and what each unit that it stops is told.
func TestFailure(t *testing.T) {
	tests := []struct {
		graph, fail string // names of the units that fail
		ran         string
		skipped     []string
	}{
		{graph: "b: a; c", fail: "a", ran: "a c", skipped: []string{
			"b: skipped: it depends on a, which failed",
		}},
		{graph: "c: b; b: a", fail: "a", ran: "a", skipped: []string{
			"c: skipped: it depends on b, which was skipped because a failed",
			"b: skipped: it depends on a, which failed",
		}},
		{graph: "a; b; c: a b; d: c b", fail: "a b", ran: "a b", skipped: []string{
			"c: skipped: it depends on a, which failed",
			"d: skipped: it depends on b, which failed",
		}},
		{graph: "a; b: a; c; d: b c", fail: "a", ran: "a c", skipped: []string{
			"b: skipped: it depends on a, which failed",
			"d: skipped: it depends on b, which was skipped because a failed",
		}},
	}
	for _, test := range tests {
		for _, workers := range []int{1, 2, 16} {
			t.Run(fmt.Sprintf("%s, failing %s, workers %d", test.graph, test.fail, workers), func(t *testing.T) {
				graph := draw(test.graph)
				fail := strings.Fields(test.fail)
				var mu sync.Mutex
				var ran []string
				report, err := scheduler.Run(t.Context(), graph.plan(t), workers, func(_ context.Context, unit scheduler.Unit) error {
					mu.Lock()
					defer mu.Unlock()
					ran = append(ran, graph.name(unit))
					if slices.Contains(fail, graph.name(unit)) {
						return errors.New("broken")
					}
					return nil
				})
				slices.Sort(ran)
				if got := strings.Join(ran, " "); got != test.ran {
					t.Errorf("ran %q, want %q", got, test.ran)
				}
				var want []string
				for _, name := range fail {
					want = append(want, name+": broken")
				}
				if err == nil || err.Error() != strings.Join(want, "\n") {
					t.Errorf("error %q, want %q", err, want)
				}
				var skipped []string
				for skip := range report.Skips() {
					skipped = append(skipped, skip.Error())
					if report.State(skip.Unit) != scheduler.Skipped {
						t.Errorf("%v, but its state is %s", skip, report.State(skip.Unit))
					}
				}
				if !slices.Equal(skipped, test.skipped) {
					t.Errorf("skipped:\n\t%s\nwant:\n\t%s", strings.Join(skipped, "\n\t"), strings.Join(test.skipped, "\n\t"))
				}
				if report.Count(scheduler.Skipped) != len(test.skipped) || len(report.Failures()) != len(fail) {
					t.Errorf("counted %d skipped and %d failures", report.Count(scheduler.Skipped), len(report.Failures()))
				}
			})
		}
	}
}

func TestNewPlanRefuses(t *testing.T) {
	tests := []struct{ graph, want string }{
		{"a: a", "cannot schedule a cycle: a → a"},
		{"c: b; b: a; a: b; d", "cannot schedule a cycle: b → a → b"},
		{"x: y; y; z: x w; w: z", "cannot schedule a cycle: z → w → z"},
	}
	for _, test := range tests {
		graph := draw(test.graph)
		_, err := scheduler.NewPlan(graph, scheduler.WithNames(graph.name))
		var cycle *scheduler.CycleError
		if !errors.As(err, &cycle) || err.Error() != test.want {
			t.Errorf("%s: error %v, want %s", test.graph, err, test.want)
		}
	}
	for _, dep := range []int{-1, 2} {
		if _, err := scheduler.NewPlan(edges{{1}, {dep}}); err == nil {
			t.Errorf("no error for a dependency on unit %d of 2", dep)
		}
	}
}

// TestFailFast: after a failure nothing begins, and what runs is told to end.
func TestFailFast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		graph := draw("slow; bad; next; after: slow")
		report, err := scheduler.Run(t.Context(), graph.plan(t), 2, func(ctx context.Context, unit scheduler.Unit) error {
			switch graph.name(unit) {
			case "slow":
				<-ctx.Done()
				return fmt.Errorf("gave up: %w", ctx.Err())
			case "bad":
				time.Sleep(time.Second)
				return errors.New("broken")
			}
			t.Errorf("%s ran", graph.name(unit))
			return nil
		}, scheduler.FailFast())
		if err == nil || err.Error() != "bad: broken" {
			t.Errorf("error %v", err)
		}
		if states(graph, report) != "slow stopped, bad failed, next stopped, after stopped" {
			t.Errorf("states: %s", states(graph, report))
		}
	})
}

// TestCancel: once the context is done nothing begins, and Run returns with what
// runs. A function that pays no heed to its context still counts as done.
func TestCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cause := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		graph := draw("heeds; deaf; next; after: heeds deaf")
		begin := time.Now()
		var began atomic.Int32
		go func() {
			time.Sleep(time.Second)
			cancel(cause)
		}()
		report, err := scheduler.Run(ctx, graph.plan(t), 2, func(ctx context.Context, unit scheduler.Unit) error {
			began.Add(1)
			if graph.name(unit) == "deaf" {
				time.Sleep(time.Minute)
				return nil
			}
			<-ctx.Done()
			return context.Cause(ctx)
		})
		if began.Load() != 2 || time.Since(begin) != time.Minute {
			t.Errorf("%d units began, Run took %v", began.Load(), time.Since(begin))
		}
		var stopped *scheduler.StoppedError
		if !errors.Is(err, cause) || !errors.As(err, &stopped) || stopped.Stopped != 3 || stopped.Total != 4 {
			t.Errorf("error %v", err)
		}
		if states(graph, report) != "heeds stopped, deaf done, next stopped, after stopped" {
			t.Errorf("states: %s", states(graph, report))
		}
	})
}

func TestCancelledBefore(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	graph := draw("a; b: a")
	report, err := scheduler.Run(ctx, graph.plan(t), 4, func(context.Context, scheduler.Unit) error {
		t.Error("a unit began")
		return nil
	})
	if !errors.Is(err, context.Canceled) || states(graph, report) != "a stopped, b stopped" {
		t.Errorf("error %v, states: %s", err, states(graph, report))
	}
}

// TestCancelledAfterwards: a context that ends when all is done is no failure.
func TestCancelledAfterwards(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	graph := draw("b: a")
	_, err := scheduler.Run(ctx, graph.plan(t), 1, func(_ context.Context, unit scheduler.Unit) error {
		if graph.name(unit) == "b" {
			cancel()
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestPanic(t *testing.T) {
	graph := draw("web/a.ts; web/b.ts: web/a.ts; web/c.ts")
	cause := errors.New("out of range")
	report, err := scheduler.Run(t.Context(), graph.plan(t), 2, func(_ context.Context, unit scheduler.Unit) error {
		if unit == 0 {
			panickingFunction(cause)
		}
		return nil
	})
	var failed *scheduler.UnitError
	var panicked *scheduler.PanicError
	if !errors.As(err, &failed) || !errors.As(err, &panicked) || !errors.Is(err, cause) {
		t.Fatalf("error %v", err)
	}
	if failed.Unit != 0 || !strings.HasPrefix(err.Error(), "web/a.ts: panic: out of range\n") {
		t.Errorf("unit %d: %v", failed.Unit, err)
	}
	if !strings.Contains(string(panicked.Stack), "panickingFunction") {
		t.Errorf("the stack does not have the function that panicked:\n%s", panicked.Stack)
	}
	if states(graph, report) != "web/a.ts failed, web/b.ts skipped, web/c.ts done" {
		t.Errorf("states: %s", states(graph, report))
	}
}

func panickingFunction(value any) { panic(value) }

// TestGoexit: a function that ends its goroutine costs no worker.
func TestGoexit(t *testing.T) {
	for _, workers := range []int{1, 3} {
		graph := draw("a; b; c: a; d: b; e; f: e")
		report, err := scheduler.Run(t.Context(), graph.plan(t), workers, func(_ context.Context, unit scheduler.Unit) error {
			if name := graph.name(unit); name == "a" || name == "f" {
				runtime.Goexit()
			}
			return nil
		})
		if !errors.Is(err, scheduler.ErrGoexit) || err.Error() != "a: runtime.Goexit was called\nf: runtime.Goexit was called" {
			t.Errorf("error %v", err)
		}
		if states(graph, report) != "a failed, b done, c skipped, d done, e done, f failed" {
			t.Errorf("states: %s", states(graph, report))
		}
	}
}

// TestEvents: with one worker the events are the whole story of the run.
func TestEvents(t *testing.T) {
	graph := draw("a; b: a; c: b; d")
	var story []string
	_, err := scheduler.Run(t.Context(), graph.plan(t), 1, func(_ context.Context, unit scheduler.Unit) error {
		if graph.name(unit) == "b" {
			return errors.New("broken")
		}
		return nil
	}, scheduler.WithEvents(func(event scheduler.Event) {
		line := graph.name(event.Unit) + " " + event.State.String()
		if event.Err != nil {
			line += " (" + event.Err.Error() + ")"
		}
		story = append(story, line)
	}))
	if err == nil {
		t.Error("no error")
	}
	want := []string{
		"a running", "a done",
		"b running", "b failed (b: broken)", "c skipped (c: skipped: it depends on b, which failed)",
		"d running", "d done",
	}
	if !slices.Equal(story, want) {
		t.Errorf("got:\n\t%s\nwant:\n\t%s", strings.Join(story, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// TestEventsNeverBlock: all units run while the handler has not returned from
// the first event, and the handler still gets every event.
func TestEventsNeverBlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const units = 1000
		plan, err := scheduler.NewPlan(star(units))
		if err != nil {
			t.Fatal(err)
		}
		var ran atomic.Int32
		events := 0
		_, err = scheduler.Run(t.Context(), plan, 4, func(context.Context, scheduler.Unit) error {
			ran.Add(1)
			return nil
		}, scheduler.WithEvents(func(scheduler.Event) {
			if events == 0 {
				synctest.Wait()
				if ran.Load() != units {
					t.Errorf("%d of %d units ran while the handler was busy", ran.Load(), units)
				}
			}
			events++
		}))
		if err != nil || events != 2*units {
			t.Errorf("%d events for %d units, %v", events, units, err)
		}
	})
}

// TestHandlerPanics: the panic reaches the caller of Run, once the run has
// stopped and no worker is left.
func TestHandlerPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var began, running atomic.Int32
		defer func() {
			if value := recover(); value != "handler" {
				t.Errorf("recovered %v", value)
			}
			if began.Load() != 1 || running.Load() != 0 {
				t.Errorf("%d units began, %d still run", began.Load(), running.Load())
			}
		}()
		plan, err := scheduler.NewPlan(star(100))
		if err != nil {
			t.Fatal(err)
		}
		_, err = scheduler.Run(t.Context(), plan, 4, func(context.Context, scheduler.Unit) error {
			began.Add(1)
			running.Add(1)
			defer running.Add(-1)
			time.Sleep(time.Second)
			return nil
		}, scheduler.WithEvents(func(scheduler.Event) { panic("handler") }))
		t.Errorf("Run returned %v", err)
	})
}

// TestWorkConserving: while a unit is ready no worker is idle. Units that take a
// second each end when they would with a perfect distribution.
func TestWorkConserving(t *testing.T) {
	tests := []struct {
		name    string
		graph   edges
		workers int
		want    time.Duration
	}{
		{"independent units", make(edges, 100), 10, 10 * time.Second},
		{"a chain", chain(10), 4, 10 * time.Second},
		{"a star", star(41), 10, 5 * time.Second},
		{"layers", layers(60, 6, 6), 3, 20 * time.Second},
		{"more workers than units", make(edges, 5), 50, time.Second},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				plan, err := scheduler.NewPlan(test.graph)
				if err != nil {
					t.Fatal(err)
				}
				begin := time.Now()
				_, err = scheduler.Run(t.Context(), plan, test.workers, func(context.Context, scheduler.Unit) error {
					time.Sleep(time.Second)
					return nil
				})
				if took := time.Since(begin); took != test.want || err != nil {
					t.Errorf("took %v, %v; want %v", took, err, test.want)
				}
			})
		})
	}
}

// TestLarge: no recursion, and no goroutine a unit.
func TestLarge(t *testing.T) {
	const units = 1_000_000
	for _, shape := range []struct {
		name  string
		graph edges
	}{{"chain", chain(units)}, {"star", star(units)}} {
		t.Run(shape.name, func(t *testing.T) {
			plan, err := scheduler.NewPlan(shape.graph)
			if err != nil {
				t.Fatal(err)
			}
			before := runtime.NumGoroutine()
			var ran, most atomic.Int64
			report, err := scheduler.Run(t.Context(), plan, 4, func(context.Context, scheduler.Unit) error {
				if ran.Add(1)%1000 == 0 {
					most.Store(max(most.Load(), int64(runtime.NumGoroutine())))
				}
				return nil
			})
			if err != nil || ran.Load() != units || report.Count(scheduler.Done) != units {
				t.Errorf("%d units ran, %d are done, %v", ran.Load(), report.Count(scheduler.Done), err)
			}
			if extra := int(most.Load()) - before; extra > 4 {
				t.Errorf("%d goroutines for 4 workers", extra)
			}
			report, err = scheduler.Run(t.Context(), plan, 4, func(_ context.Context, unit scheduler.Unit) error {
				if unit == 0 {
					return errors.New("broken")
				}
				return nil
			})
			if err == nil || report.Count(scheduler.Skipped) != units-1 {
				t.Errorf("%d units skipped, %v", report.Count(scheduler.Skipped), err)
			}
		})
	}
}

func TestEmptyPlan(t *testing.T) {
	plan, err := scheduler.NewPlan(edges{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = scheduler.Run(t.Context(), plan, 0, func(context.Context, scheduler.Unit) error {
		return errors.New("called")
	}, scheduler.WithEvents(func(event scheduler.Event) { t.Errorf("event %v", event) }))
	if err != nil {
		t.Error(err)
	}
}

// states returns the final state of every unit.
func states(graph *sketch, report *scheduler.Report) string {
	var list []string
	for unit, name := range graph.names {
		list = append(list, name+" "+report.State(scheduler.Unit(unit)).String())
	}
	return strings.Join(list, ", ")
}

package scheduler

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime/debug"
	"slices"
)

// UnitError says that a unit failed.
type UnitError struct {
	Unit Unit
	Err  error // what the function returned, or a *PanicError

	plan *Plan
}

func (e *UnitError) Error() string { return e.plan.name(e.Unit) + ": " + e.Err.Error() }

// Unwrap returns what the function returned.
func (e *UnitError) Unwrap() error { return e.Err }

// SkippedError says why a unit was skipped.
type SkippedError struct {
	Unit  Unit
	On    Unit // the lowest-numbered of its dependencies that failed or were skipped
	Cause Unit // the unit that failed: On itself, or what On was skipped for in the end

	plan *Plan
}

func (e *SkippedError) Error() string {
	msg := fmt.Sprintf("%s: skipped: it depends on %s, which ", e.plan.name(e.Unit), e.plan.name(e.On))
	if e.On == e.Cause {
		return msg + "failed"
	}
	return msg + "was skipped because " + e.plan.name(e.Cause) + " failed"
}

// StoppedError says that a run was cancelled before all its units had run.
type StoppedError struct {
	Stopped int // units that had not begun, or were cancelled
	Total   int
	Err     error // the context's cause
}

func (e *StoppedError) Error() string {
	return fmt.Sprintf("stopped with %d of %d units not run: %v", e.Stopped, e.Total, e.Err)
}

// Unwrap returns the context's cause.
func (e *StoppedError) Unwrap() error { return e.Err }

// PanicError is a panic of the function.
type PanicError struct {
	Value any    // of the panic
	Stack []byte // of the goroutine, from the panic down
}

func newPanicError(value any) *PanicError { return &PanicError{Value: value, Stack: debug.Stack()} }

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v\n\n%s", e.Value, e.Stack) }

// Unwrap returns the value of the panic where that is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// ErrGoexit is the failure of a unit whose function ended its goroutine.
var ErrGoexit = errors.New("runtime.Goexit was called")

// Report is how a run ended. It is immutable and safe for concurrent use.
type Report struct {
	states   []State
	counts   [stateCount]int
	failures []*UnitError
	skips    []*SkippedError
}

// report returns the report of a run that no worker works at any more.
func (r *run) report() (*Report, error) {
	slices.SortFunc(r.failures, func(a, b *UnitError) int { return int(a.Unit - b.Unit) })
	report := &Report{states: r.states, counts: r.counts, failures: r.failures, skips: r.skips}
	errs := make([]error, 0, len(r.failures)+1)
	for _, failure := range r.failures {
		errs = append(errs, failure)
	}
	if r.outer.Err() != nil && r.counts[Stopped] > 0 {
		errs = append(errs, &StoppedError{
			Stopped: r.counts[Stopped],
			Total:   len(r.states),
			Err:     context.Cause(r.outer),
		})
	}
	return report, errors.Join(errs...)
}

// Count returns how many units ended in a state.
func (r *Report) Count(state State) int { return r.counts[state] }

// State returns the final state of a unit.
func (r *Report) State(unit Unit) State { return r.states[unit] }

// Failures returns the units that failed, in their order. Do not write to it.
func (r *Report) Failures() []*UnitError { return r.failures }

// Skips goes through the units that were skipped, in their order.
func (r *Report) Skips() iter.Seq[*SkippedError] {
	return func(yield func(*SkippedError) bool) {
		for unit, skip := range r.skips {
			if r.states[unit] == Skipped && !yield(skip) {
				return
			}
		}
	}
}

// Package scheduler runs a function over the units of an acyclic graph,
// dependencies first and a limited number at a time.
//
// A [Plan] is what is declared: the units, what each waits for, what each
// costs. It is immutable and may be run many times, and by several runs at
// once. A run keeps its own state, in tables that the unit's number indexes, and
// ends in a [Report]. The condensation of a graph makes a plan, in which a
// component of modules that depend on each other is one unit.
//
// In a run each unit goes through these states:
//
//	Waiting ──► Ready ──► Running ──► Done
//	   │          │          │
//	   │          │          ├──────► Failed   the function returned an error, or panicked
//	   │          │          │
//	   │          └──────────┴──┐
//	   ├────────────────────────┴───► Stopped  the run was cancelled, or failed fast
//	   │
//	   └────────────────────────────► Skipped  a dependency failed or was skipped
//
// A unit is ready when all its dependencies are done. Of the ready units the one
// with the most expensive path of dependents ahead of it begins first, and of
// equals the one with the lowest number. Never do more units run at once than
// there are workers, and no unit waits while it is ready and a worker is free.
//
// There are no goroutines but the workers. Beside the function's own work a run
// takes time and memory in proportion to the units and dependencies of its plan.
package scheduler

import (
	"context"
	"runtime"
	"sync"
)

// Unit is the number of a unit: dense from 0, and valid in one plan only. In a
// plan made from a condensation it is the number of the component.
type Unit int

// Func does the work of one unit. Its context ends when the run's does and, in a
// run that fails fast, with the first failure. It may be called by several
// goroutines at once, each with another unit.
type Func func(ctx context.Context, unit Unit) error

// Option changes how [Run] works.
type Option func(*run)

// FailFast ends the run with the first unit that fails: no further unit begins,
// and the context of those that run is cancelled. Without it a failure stops
// only what is downstream of it.
func FailFast() Option { return func(r *run) { r.failFast = true } }

// WithEvents calls handle for each change of a unit's state that an [Event]
// tells of. The calls are made by the goroutine that called Run, one at a time
// and in the order of the changes. No worker waits for them: events that
// handle is too slow for are kept, of which there are at most two a unit. Run
// returns when handle has seen all.
func WithEvents(handle func(Event)) Option { return func(r *run) { r.handle = handle } }

// Run calls do once for each unit of the plan, after all dependencies of the
// unit have been done, with at most so many calls at once as there are workers;
// less than one worker means as many as the process may use processors.
//
// The error joins, in the order of the units, a [*UnitError] for each unit that
// failed, and a [*StoppedError] if the context ended before all units had run. The
// units that were skipped because of a failure are in the report alone, which is
// never nil. What failed and what was skipped does not depend on the number of
// workers, unless the run was stopped.
//
// When ctx is done no further unit begins, and Run returns once those that run
// have returned.
func Run(ctx context.Context, plan *Plan, workers int, do Func, options ...Option) (*Report, error) {
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	r := newRun(ctx, plan, do)
	for _, option := range options {
		option(r)
	}
	r.ctx, r.cancel = context.WithCancel(ctx)

	var workersDone sync.WaitGroup
	// Also where handle does not return: no worker outlives Run.
	defer workersDone.Wait()
	defer r.stop()
	r.alive = min(workers, plan.Len())
	workersDone.Add(r.alive)
	for range r.alive {
		go r.work(&workersDone)
	}
	if r.handle != nil && plan.Len() > 0 {
		r.deliver()
	}
	workersDone.Wait()
	return r.report()
}

// work runs units until none is left to run. It has the lock except while it
// calls the function.
func (r *run) work(workersDone *sync.WaitGroup) {
	left := false
	defer func() {
		if left {
			workersDone.Done()
			return
		}
		// The function ended its goroutine by runtime.Goexit, as a test's FailNow
		// does. The run goes on with another goroutine in its place.
		go r.work(workersDone)
	}()
	r.mu.Lock()
	for {
		unit, ok := r.next()
		if !ok {
			break
		}
		r.mu.Unlock()
		err := r.call(unit)
		r.mu.Lock()
		r.finish(unit, err)
	}
	r.leave()
	r.mu.Unlock()
	left = true
}

// call runs the function for one unit and turns a panic into an error. Where
// the function ends the goroutine, call does not return, and finishes the unit
// itself.
func (r *run) call(unit Unit) (err error) {
	returned := false
	defer func() {
		if returned {
			return
		}
		if value := recover(); value != nil {
			err = newPanicError(value)
			return
		}
		r.mu.Lock()
		r.finish(unit, ErrGoexit)
		r.mu.Unlock()
	}()
	err = r.do(r.ctx, unit)
	returned = true
	return err
}

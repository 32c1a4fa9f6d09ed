package scheduler

import (
	"context"
	"errors"
	"sync"
)

// State is where a unit is in a run.
type State uint8

// The states of a unit. Those from Done on are final: no unit leaves them.
const (
	Waiting State = iota // for a dependency
	Ready                // all dependencies are done
	Running
	Done
	Failed  // the function returned an error, or panicked
	Skipped // a dependency failed or was skipped
	Stopped // the run ended before the unit had begun, or cancelled it

	stateCount = iota
)

var stateNames = [stateCount]string{"waiting", "ready", "running", "done", "failed", "skipped", "stopped"}

// String returns the state's name in lower case.
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return "unknown"
}

// run is the state of one run. Everything below mu is guarded by it.
type run struct {
	plan     *Plan
	do       Func
	outer    context.Context // the caller's, which ends the run
	ctx      context.Context // what the function gets; ends with a failure that ends the run, too
	cancel   context.CancelFunc
	done     <-chan struct{} // of outer
	failFast bool
	handle   func(Event)

	mu       sync.Mutex
	changed  sync.Cond // something became ready, or the run is over
	states   []State
	counts   [stateCount]int
	pending  []int32 // dependencies of each unit that have not ended
	ready    readySet
	failures []*UnitError
	skips    []*SkippedError // by unit, of those that are skipped or will be; nil before the first failure
	over     bool            // no further unit may begin
	idle     int             // workers that wait for changed
	waking   bool            // one of them has been told and has not come yet
	alive    int             // workers that have not left

	events []Event       // that have not been delivered
	bell   chan struct{} // rung when there are events; closed when there will be no more
}

func newRun(ctx context.Context, plan *Plan, do Func) *run {
	r := &run{
		plan:    plan,
		do:      do,
		outer:   ctx,
		done:    ctx.Done(),
		states:  make([]State, plan.Len()),
		pending: make([]int32, plan.Len()),
		ready:   newReadySet(plan.Len()),
		bell:    make(chan struct{}, 1),
	}
	r.changed.L = &r.mu
	r.counts[Waiting] = plan.Len()
	copy(r.pending, plan.deps)
	for unit, n := range r.pending {
		if n == 0 {
			r.set(Unit(unit), Ready, nil)
		}
	}
	return r
}

// set is the one place where a unit changes its state.
func (r *run) set(unit Unit, state State, err error) {
	r.counts[r.states[unit]]--
	r.counts[state]++
	r.states[unit] = state
	if state == Ready {
		r.ready.add(r.plan.rank[unit])
		return
	}
	if r.handle != nil {
		r.events = append(r.events, Event{Unit: unit, State: state, Err: err})
		r.ring()
	}
}

// next waits for a unit that may run, and takes it. It returns false when none
// will ever be.
func (r *run) next() (Unit, bool) {
	for {
		select {
		case <-r.done:
			r.over = true
		default:
		}
		switch {
		case r.over || r.ready.len == 0 && r.counts[Running] == 0:
			r.over = true
			if r.idle > 0 {
				r.changed.Broadcast()
			}
			return 0, false
		case r.ready.len > 0:
			unit := Unit(r.plan.unitAt[r.ready.takeLowest()])
			r.set(unit, Running, nil)
			r.wake()
			return unit, true
		}
		r.idle++
		r.changed.Wait()
		r.idle--
		r.waking = false
	}
}

// wake tells one idle worker that there is more to do, which then tells the
// next. One that has been told and has not come yet is enough: where tasks are
// shorter than its way, the workers that are awake do them all.
func (r *run) wake() {
	if r.ready.len > 0 && r.idle > 0 && !r.waking {
		r.waking = true
		r.changed.Signal()
	}
}

// finish records how a unit that was running has ended.
func (r *run) finish(unit Unit, err error) {
	switch {
	case err == nil:
		r.set(unit, Done, nil)
		r.release(unit)
	case r.ctx.Err() != nil && (errors.Is(err, r.ctx.Err()) || errors.Is(err, context.Cause(r.ctx))):
		r.set(unit, Stopped, nil)
	default:
		failure := &UnitError{Unit: unit, Err: err, plan: r.plan}
		r.failures = append(r.failures, failure)
		r.set(unit, Failed, failure)
		r.block(unit)
		if r.failFast {
			r.over = true
			r.cancel()
		}
	}
}

// release tells the dependents of a unit that it is done.
func (r *run) release(unit Unit) {
	for _, dependent := range r.plan.dependentsOf(unit) {
		if r.pending[dependent]--; r.pending[dependent] > 0 {
			continue
		}
		if r.skips != nil && r.skips[dependent] != nil {
			r.skip(Unit(dependent))
			r.block(Unit(dependent))
		} else {
			r.set(Unit(dependent), Ready, nil)
		}
	}
}

// block tells the dependents of a unit that failed or was skipped, and theirs. A
// dependent is skipped only when all its dependencies have ended, so that what
// it is told does not depend on which of them was first.
func (r *run) block(unit Unit) {
	if r.skips == nil {
		r.skips = make([]*SkippedError, r.plan.Len())
	}
	for ended := []Unit{unit}; len(ended) > 0; {
		unit := ended[len(ended)-1]
		ended = ended[:len(ended)-1]
		for _, dependent := range r.plan.dependentsOf(unit) {
			if skip := r.skips[dependent]; skip == nil {
				r.skips[dependent] = &SkippedError{Unit: Unit(dependent), On: unit, plan: r.plan}
			} else {
				skip.On = min(skip.On, unit)
			}
			if r.pending[dependent]--; r.pending[dependent] == 0 {
				r.skip(Unit(dependent))
				ended = append(ended, Unit(dependent))
			}
		}
	}
}

// skip settles a unit of which all dependencies have ended, one of them badly.
func (r *run) skip(unit Unit) {
	skip := r.skips[unit]
	skip.Cause = skip.On
	if r.states[skip.On] == Skipped {
		skip.Cause = r.skips[skip.On].Cause
	}
	r.set(unit, Skipped, skip)
}

// stop ends the run as a cancellation does.
func (r *run) stop() {
	r.cancel()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.over = true
	r.changed.Broadcast()
}

// leave is the last that a worker does. The last of the workers settles the
// units that will not run.
func (r *run) leave() {
	r.alive--
	if r.alive > 0 {
		return
	}
	for unit, state := range r.states {
		if state < Done {
			r.set(Unit(unit), Stopped, nil)
		}
	}
	close(r.bell)
}

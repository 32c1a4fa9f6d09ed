package eddy

import (
	"bytes"
	"context"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/eddy-build/eddy/module"
)

// calls are the validators and the functions of hooks that run now. What they
// ask of the engine must not wait for themselves: the engine finds the call that
// it is asked from, by the context or by the goroutine, and refuses that.
type calls struct {
	running     atomic.Int64
	byGoroutine sync.Map // goroutine ID to *call, the innermost
}

// call is one run of foreign code. It is immutable but for over.
type call struct {
	parent  *call     // the call that this one is made from, if any
	module  module.ID // that it is about
	entry   *entry    // that ends when the call does; nil in a load of the workspace and for a symbol
	turn    *turn     // of the entry; nil where it has none
	linking bool      // within a load of the workspace, which nothing can begin beside
	asked   bool      // for a symbol: the hook of this number
	hook    int
	name    string // the symbol's name
	depth   int
	over    atomic.Bool
}

// callKey is the key of an engine's call in a context.
type callKey struct{ *calls }

// from returns the call that the engine is asked from; nil where it is asked from
// elsewhere.
func (c *calls) from(ctx context.Context) *call {
	if c.running.Load() == 0 {
		return nil
	}
	found, _ := ctx.Value(callKey{c}).(*call)
	if found == nil {
		// Foreign code may use another context than the one that it was given.
		if v, ok := c.byGoroutine.Load(goroutineID()); ok {
			found = v.(*call)
		}
	}
	for found != nil && found.over.Load() { // the context was kept for later
		found = found.parent
	}
	return found
}

// run runs foreign code as a call. What the call is within, it inherits from the
// call that it is made from. A panic is an error with its stack.
func (c *calls) run(ctx context.Context, this *call, do func(context.Context) error) error {
	if this.parent = c.from(ctx); this.parent != nil {
		this.depth = this.parent.depth + 1
		this.linking = this.linking || this.parent.linking
		if this.entry == nil {
			this.entry, this.turn = this.parent.entry, this.parent.turn
		}
	}
	id := goroutineID()
	before, nested := c.byGoroutine.Swap(id, this)
	c.running.Add(1)
	defer func() { // also where the code ends its goroutine
		this.over.Store(true)
		c.running.Add(-1)
		if nested {
			c.byGoroutine.Store(id, before)
		} else {
			c.byGoroutine.Delete(id)
		}
	}()
	ctx = context.WithValue(ctx, callKey{c}, this)
	return guard(func() error { return do(ctx) })
}

// refuse is an error where what is asked from a call, a verb and its object, cannot
// be done before a load of the workspace has ended, of which the call is a part.
func (c *calls) refuse(ctx context.Context, verb, object string) error {
	if from := c.from(ctx); from != nil && from.linking {
		return &module.ReentryError{Module: from.module, Call: verb + " " + object}
	}
	return nil
}

// goroutineID returns the number of the goroutine, which the runtime tells in the
// first line of a stack alone. Numbers are not used again. It takes about a
// microsecond, and is called only while foreign code runs or to run it.
func goroutineID() uint64 {
	var buf [40]byte
	line := bytes.TrimPrefix(buf[:runtime.Stack(buf[:], false)], []byte("goroutine "))
	digits, _, _ := bytes.Cut(line, []byte(" "))
	id, _ := strconv.ParseUint(string(digits), 10, 64)
	return id
}

// turn is one of the workers of the engine, as the load of a module has it. A
// call that waits for another load lends it.
type turn struct {
	limit chan struct{}

	mu    sync.Mutex
	held  bool
	lent  int // how often
	ended bool
}

// begin waits for a worker.
func begin(ctx context.Context, limit chan struct{}) (*turn, error) {
	select {
	case limit <- struct{}{}:
		return &turn{limit: limit, held: true}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// lend gives the worker to others until the function that it returns is called.
func (t *turn) lend(ctx context.Context) (back func()) {
	if t == nil {
		return func() {}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lent++
	t.drop()
	return func() { t.back(ctx) }
}

// back ends a loan, and with the last one waits for a worker, unless ctx is done
// before. Then the call ends without one, as it should soon.
func (t *turn) back(ctx context.Context) {
	t.mu.Lock()
	t.lent--
	wanted := t.lent == 0 && !t.ended
	t.mu.Unlock()
	if !wanted {
		return
	}
	select {
	case t.limit <- struct{}{}:
	case <-ctx.Done():
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.held || t.lent > 0 || t.ended { // meanwhile another goroutine of the call came or went
		<-t.limit
		return
	}
	t.held = true
}

// end gives the worker up for good.
func (t *turn) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = true
	t.drop()
}

// drop gives up the worker. The turn is locked.
func (t *turn) drop() {
	if t.held {
		t.held = false
		<-t.limit
	}
}

// gate lets one load of the workspace in at a time; waiting for it ends with a
// context.
type gate chan struct{}

// enter begins what only one goroutine may do at a time: leave ends it. It fails
// where ctx is done, the engine is closed, or a load of the workspace asks.
func (e *Engine) enter(ctx context.Context, verb, object string) (leave func(), err error) {
	if err := e.registry.calls.refuse(ctx, verb, object); err != nil {
		return nil, err
	}
	select {
	case e.loading <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if e.closed.Load() {
		<-e.loading
		return nil, ErrClosed
	}
	return func() { <-e.loading }, nil
}

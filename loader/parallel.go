package loader

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// chunk is how many items a worker takes at once: enough that the shared
// counter is no bottleneck, few enough that the last chunks end together.
const chunk = 16

// parallel calls work once for each i in [0, n), on at most workers goroutines,
// and returns when all have ended. newWorker makes what one goroutine keeps
// between its items. A panic in an item becomes an error through failed, which
// is called from many goroutines, and the others go on. When ctx is done no
// further chunk starts.
func parallel(ctx context.Context, workers, n int, ticker *ticker, newWorker func() func(i int), failed func(i int, err error)) error {
	workers = max(min(workers, (n+chunk-1)/chunk), 1)
	var next atomic.Int64
	run := func() {
		work := newWorker()
		for ctx.Err() == nil {
			lo := int(next.Add(chunk)) - chunk
			if lo >= n {
				return
			}
			hi := min(lo+chunk, n)
			for i := lo; i < hi; i++ {
				if err := contain(work, i); err != nil {
					failed(i, err)
					work = newWorker() // its buffers are in an unknown state
				}
			}
			ticker.add(hi - lo)
		}
	}
	var group sync.WaitGroup
	for range workers - 1 {
		group.Go(run)
	}
	run()
	group.Wait()
	return ctx.Err()
}

// contain turns a panic of work(i) into an error that holds its stack.
func contain(work func(int), i int) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
		}
	}()
	work(i)
	return nil
}

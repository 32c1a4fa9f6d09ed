// Package leaktest finds goroutines that outlive the test that began them. Every
// goroutine has an owner that waits for it: when the owner is closed it is gone.
package leaktest

import (
	"bytes"
	"runtime"
	"strings"
	"testing"
	"time"
)

// patience is how long a goroutine that has told its owner that it is done may
// take to leave. It is spent only where one stays.
const patience = 10 * time.Second

// Check fails the test at its end if a goroutine is left that runs code of this
// repository and was not there when Check was called. It must be called before
// the first cleanup of the test is registered, and no test may run beside it.
func Check(t testing.TB) {
	t.Helper()
	before := goroutines()
	t.Cleanup(func() {
		var left []string
		for deadline := time.Now().Add(patience); ; runtime.Gosched() {
			left = left[:0]
			for id, stack := range goroutines() {
				if _, ok := before[id]; !ok && strings.Contains(stack, "eddy-build/eddy") {
					left = append(left, stack)
				}
			}
			if len(left) == 0 {
				return
			}
			if time.Now().After(deadline) {
				break
			}
		}
		t.Errorf("%d goroutines are left:\n%s", len(left), strings.Join(left, "\n\n"))
	})
}

// goroutines returns the stacks of all but the caller's, by number.
func goroutines() map[string]string {
	buf := make([]byte, 1<<20)
	for {
		n := runtime.Stack(buf, true)
		if n < len(buf) {
			buf = buf[:n]
			break
		}
		buf = make([]byte, 2*len(buf))
	}
	all := map[string]string{}
	for i, stack := range bytes.Split(buf, []byte("\n\n")) {
		head, _, _ := strings.Cut(string(stack), "[")
		if i > 0 { // the first is the caller
			all[head] = string(stack)
		}
	}
	return all
}

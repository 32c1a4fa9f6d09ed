package main

import (
	"runtime"
	"syscall"
	"testing"
	"time"
)

// A process that has ended and that nobody has waited for does not count.
func TestGroupOfTheDead(t *testing.T) {
	cmd := shellCommand("sleep 1000", nil)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	group := groupOf(cmd)
	if !group.alive() {
		t.Error("not alive while it runs")
	}
	group.kill()
	for deadline := time.Now().Add(10 * time.Second); group.alive(); runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatal("alive after it was killed")
		}
	}
	if err := syscall.Kill(-int(group), 0); err != nil {
		t.Errorf("the dead are not there any more: %v", err)
	}
	if err := cmd.Wait(); err == nil {
		t.Error("ended well")
	}
}

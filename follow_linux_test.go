package eddy

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
	"github.com/eddy-build/eddy/watch"
)

// numberIn reads a setting of the kernel.
func numberIn(t *testing.T, setting string) int {
	t.Helper()
	data, err := os.ReadFile("/proc/sys/" + setting)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// nextWith takes notifications until one is as wanted.
func nextWith(t *testing.T, sub *watch.Subscription, wanted func(n watch.Notification) bool) {
	t.Helper()
	for {
		n, err := sub.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if wanted(n) {
			return
		}
	}
}

// The kernel's queue overflows while the watcher is held up: what it dropped is
// found all the same.
func TestFollowOverflow(t *testing.T) {
	f := follow(t, loader.DetailExports, func(f *followed) {
		for i := range 50 {
			f.write(fmt.Sprintf("d%d/m.ts", i), "import './n'")
		}
	})
	f.same("at first")
	sub := f.watcher.Subscribe()
	hold := &holdUp{make(chan struct{}), make(chan struct{})}
	f.target.hold.Store(hold)
	f.write("d0/m.ts", "")
	<-hold.there
	// Two names in turn, for the kernel joins an event to an equal one before it.
	// Beside its own queue there is the watcher's.
	for i := range numberIn(t, "fs/inotify/max_queued_events")/2 + 10_000 {
		f.check(os.Chmod(f.path("d1/m.ts"), 0o600|os.FileMode(i&1)))
		f.check(os.Chmod(f.path("d2/m.ts"), 0o600|os.FileMode(i&1)))
	}
	for i := range 25 { // of which no event is left
		f.write(fmt.Sprintf("d%d/m.ts", 2*i), "export const x = 1")
		f.write(fmt.Sprintf("d%d/new/n.ts", 2*i), "import '../m'")
		f.remove(fmt.Sprintf("d%d", 2*i+1))
	}
	close(hold.on)
	f.same("after the overflow")
	nextWith(t, sub, func(n watch.Notification) bool { return strings.Contains(n.Rescan, "overflow") && !n.Routine() })
	f.write("d2/new/n.ts", "")
	f.write("d2/new/er/m.ts", "import '../n'")
	f.same("and later")
}

// limitVariable makes TestFollowAtTheLimit the child that works under a limit.
const limitVariable = "EDDY_TEST_WATCH_LIMIT"

// More folders than the system allows watches: the watcher says so, polls, and is
// right. The limit is that of a namespace of users in which the test runs itself
// again. make soak has 100,000 folders and the limit of many systems.
func TestFollowAtTheLimit(t *testing.T) {
	folders, limit := 2_000, 512
	if os.Getenv("EDDY_SOAK") != "" {
		folders, limit = 100_000, 8192
	}
	if os.Getenv(limitVariable) == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^TestFollowAtTheLimit$", "-test.v")
		cmd.Env = append(os.Environ(), limitVariable+"=1")
		cmd.SysProcAttr = &syscall.SysProcAttr{
			Cloneflags:  syscall.CLONE_NEWUSER,
			UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
		}
		out, err := cmd.CombinedOutput()
		if len(out) == 0 && err != nil {
			t.Skipf("this system lets nobody make a namespace of users: %v", err)
		}
		if err != nil || !strings.Contains(string(out), "--- PASS") {
			t.Fatalf("%v\n%s", err, out)
		}
		t.Logf("%s", out)
		return
	}
	f := follow(t, loader.DetailImports, func(f *followed) {
		f.check(os.WriteFile("/proc/sys/user/max_inotify_watches", []byte(strconv.Itoa(limit)), 0o644))
		for i := range folders / 100 {
			for k := range 99 {
				f.check(os.MkdirAll(f.path(fmt.Sprintf("d%d/e%d", i, k)), 0o755))
			}
			f.write(fmt.Sprintf("d%d/e98/m.ts", i), fmt.Sprintf("import '../../d%d/e98/m'", i+1))
		}
	})
	sub := f.watcher.Subscribe()
	nextWith(t, sub, func(n watch.Notification) bool {
		text := strings.Join(n.Notices, "\n")
		return strings.Contains(text, fmt.Sprintf("allows %d inotify watches", limit)) && strings.Contains(text, "polling")
	})
	f.same("at first")
	last := fmt.Sprintf("d%d/e97/", folders/100-1)
	f.write(last+"n.ts", "import '../e98/m'")
	f.remove("d1")
	f.same("after edits")
	// A poll finds what nobody asks for.
	f.write(last+"new/o.ts", "import '../n'")
	nextWith(t, sub, func(n watch.Notification) bool {
		for _, e := range n.Events {
			if e.Kind == watch.Created && e.ID == module.ID(last+"new/o.ts") {
				return true
			}
		}
		return false
	})
	f.same("after a poll")
	f.check(f.watcher.CheckNow(context.Background()))
	t.Logf("%d folders, %d modules, limit %d", len(f.target.Folders()), len(f.engine.Snapshot().Modules()), limit)
}

package watch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/eddy-build/eddy/module"
)

// fakeSource gives the events that a test puts in.
type fakeSource struct {
	out   chan event
	limit int // how many subscriptions there may be; 0 for any number

	mu     sync.Mutex
	dirs   map[string]bool
	log    []string // "+dir" and "-dir", in order
	gone   map[string]bool
	closed bool
}

func newFakeSource() *fakeSource {
	return &fakeSource{out: make(chan event), dirs: map[string]bool{}, gone: map[string]bool{}}
}

func (s *fakeSource) add(dir string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.gone[dir]:
		return fs.ErrNotExist
	case s.limit > 0 && len(s.dirs) >= s.limit:
		return errLimit
	}
	s.dirs[dir] = true
	s.log = append(s.log, "+"+dir)
	return nil
}

func (s *fakeSource) remove(dir string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.dirs, dir)
	s.log = append(s.log, "-"+dir)
}

func (s *fakeSource) events() <-chan event { return s.out }

func (s *fakeSource) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}

func (s *fakeSource) lose(dir string, gone bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gone[dir] = gone
}

// take returns what happened to subscriptions since the last call.
func (s *fakeSource) take() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() { s.log = nil }()
	return strings.Join(s.log, " ")
}

// fakeTarget notes its batches, each with the time since it was made.
type fakeTarget struct {
	start time.Time
	took  time.Duration // how long an update takes

	mu      sync.Mutex
	folders []string
	batches []string
	err     error
	missed  bool
	running int
}

func (g *fakeTarget) Folders() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.folders
}

func (g *fakeTarget) Missed() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	missed := g.missed
	g.missed = false
	return missed
}

func (g *fakeTarget) Update(ctx context.Context, batch Batch) (*module.Delta, error) {
	g.mu.Lock()
	if g.running++; g.running > 1 {
		panic("two updates at once")
	}
	text := fmt.Sprint(time.Since(g.start).Milliseconds(), " ", strings.Join(batch.Paths, " "), batch.Reason)
	g.batches = append(g.batches, text)
	err, took := g.err, g.took
	g.mu.Unlock()
	defer func() {
		g.mu.Lock()
		g.running--
		g.mu.Unlock()
	}()
	select {
	case <-time.After(took):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	d := &module.Delta{}
	for _, p := range batch.Paths {
		d.Modified = append(d.Modified, module.Modification{ID: module.ID(p)})
	}
	return d, nil
}

// take returns the batches since the last call.
func (g *fakeTarget) take() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	defer func() { g.batches = nil }()
	return strings.Join(g.batches, "; ")
}

func (g *fakeTarget) set(change func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	change()
}

// bench is a watcher on fakes, in the folder of a test.
type bench struct {
	*Watcher
	t      *testing.T
	root   string
	source *fakeSource
	target *fakeTarget
}

// watching runs a test with a watcher that has looked at everything once. That
// its goroutines have ended is seen to by synctest.
func watching(t *testing.T, test func(b *bench)) {
	t.Helper()
	root := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		b := &bench{t: t, root: root, source: newFakeSource(), target: &fakeTarget{folders: []string{".", "a"}}}
		w, err := newWatcher(context.Background(), root, b.target, Options{}, func(string) (source, error) { return b.source, nil })
		if err != nil {
			t.Fatal(err)
		}
		b.Watcher = w
		defer w.Close()
		b.sleep(defaultDebounce)
		b.expect("0 ", "the watch began")
		test(b)
		if err := w.Close(); err != nil || !b.source.closed && !strings.Contains(t.Name(), "Limit") {
			t.Error("not closed", err)
		}
	})
}

func (b *bench) sleep(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (b *bench) change(paths ...string) {
	for _, p := range paths {
		b.source.out <- event{path: p}
	}
	synctest.Wait()
}

// expect compares the batches since the last call, each a time and its paths or
// the reason of a rescan. The first call sets the clock to zero.
func (b *bench) expect(want ...string) {
	b.t.Helper()
	got := b.target.take()
	if b.target.start.IsZero() {
		b.target.set(func() { b.target.start = time.Now() })
		if !strings.HasSuffix(got, want[1]) {
			b.t.Fatalf("at first %q", got)
		}
		return
	}
	if got != strings.Join(want, "; ") {
		b.t.Errorf("batches\n%s\nwant\n%s", got, strings.Join(want, "; "))
	}
}

func TestLoopDebounces(t *testing.T) {
	watching(t, func(b *bench) {
		b.change("x")
		b.sleep(30 * time.Millisecond)
		b.change("x", "a/y")
		b.sleep(49 * time.Millisecond)
		b.expect()
		b.sleep(time.Millisecond)
		b.expect("80 a/y x")
		for range 100 {
			b.change("x")
			b.sleep(10 * time.Millisecond)
		}
		b.sleep(time.Second)
		b.expect("580 x", "1080 x")
		b.sleep(24 * time.Hour)
		b.expect()
	})
}

// While an update runs changes are collected, and taken in by the next.
func TestLoopTakesOneUpdateAtATime(t *testing.T) {
	watching(t, func(b *bench) {
		b.target.set(func() { b.target.took = time.Second })
		b.change("x")
		b.sleep(100 * time.Millisecond)
		b.change("y")
		b.sleep(10 * time.Second)
		b.expect("50 x", "1050 y")
	})
}

func TestLoopAfterLostEvents(t *testing.T) {
	watching(t, func(b *bench) {
		b.source.take()
		b.change("x")
		b.source.out <- event{lost: "overflow"}
		b.sleep(time.Second)
		b.expect("50 overflow", "100 . a")
		// Of the subscriptions nothing is known; the old ones end first.
		log := strings.Fields(b.source.take())
		if slices.Sort(log[:2]); !slices.Equal(log, []string{"-.", "-a", "+.", "+a"}) {
			t.Errorf("subscriptions: %v", log)
		}
	})
}

// A folder that is made or renamed may be another one under the same name.
func TestLoopRenewsSubscriptions(t *testing.T) {
	watching(t, func(b *bench) {
		b.source.take()
		b.target.set(func() { b.target.folders = []string{".", "a", "b", "b/c"} })
		b.change("b")
		b.sleep(time.Second)
		b.expect("50 b", "100 b b/c")
		if got := b.source.take(); got != "+b +b/c" {
			t.Errorf("new folders: %s", got)
		}
		b.change("b")
		b.sleep(time.Second)
		b.expect("1050 b", "1100 b b/c")
		log := strings.Fields(b.source.take())
		if slices.Sort(log[:2]); !slices.Equal(log, []string{"-b", "-b/c", "+b", "+b/c"}) {
			t.Errorf("a folder that was made again: %v", log)
		}
		b.source.lose("b/c", true)
		b.change("b/c")
		b.sleep(time.Second)
		b.expect("2050 b/c")
		b.source.lose("b/c", false)
		b.change("b/c")
		b.sleep(time.Second)
		b.expect("3050 b/c", "3100 b/c")
		b.target.set(func() { b.target.folders = []string{"."} })
		b.change("a")
		b.sleep(time.Second)
		if b.source.dirs["a"] || b.source.dirs["b"] {
			t.Error("folders that are gone are still watched")
		}
	})
}

func TestLoopBacksOff(t *testing.T) {
	watching(t, func(b *bench) {
		sub := b.Subscribe()
		b.target.set(func() { b.target.err = errors.New("no such root") })
		b.change("x")
		b.sleep(5 * time.Second)
		b.expect("50 x", "2050 the last update failed", "4050 the last update failed")
		n, err := sub.Next(context.Background())
		if err != nil || !slices.Equal(n.Notices, []string{"the update failed: no such root"}) || n.Batches != 1 {
			t.Errorf("%+v, %v: one error is told once", n, err)
		}
		if err := b.Sync(context.Background()); err == nil || err.Error() != "no such root" {
			t.Errorf("Sync while updates fail: %v", err)
		}
		b.expect("5000 the last update failed")
		b.target.set(func() { b.target.err = nil })
		b.change("x")
		b.sleep(time.Minute)
		b.expect("5050 the last update failed", "5100 . a")
		if err := b.Sync(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

// sync begins a Sync and returns its answer, and what tells that it is there.
func (b *bench) sync() <-chan error {
	done := make(chan error, 1)
	go func() { done <- b.Sync(context.Background()) }()
	synctest.Wait()
	return done
}

func TestSyncSeesItsCookie(t *testing.T) {
	watching(t, func(b *bench) {
		b.change("x")
		done := b.sync()
		if len(done) > 0 {
			t.Fatal("answered before its cookie was seen")
		}
		b.change("y")
		b.change(fmt.Sprintf("%s%d-%d", cookiePrefix, os.Getpid(), 1))
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		// At once, without waiting for the end of the debounce.
		b.expect("0 x y")
		if list, _ := os.ReadDir(b.root); len(list) > 0 {
			t.Errorf("left behind: %v", list)
		}
		done = b.sync()
		b.change(cookiePrefix + "77-1") // of another process
		if len(done) > 0 {
			t.Fatal("answered by another's cookie")
		}
		b.change(fmt.Sprintf("%s%d-%d", cookiePrefix, os.Getpid(), 2))
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		b.expect()
	})
}

// A Sync during an update waits for it, and for what came after it began.
func TestSyncWhileUpdating(t *testing.T) {
	watching(t, func(b *bench) {
		b.target.set(func() { b.target.took = time.Second })
		b.change("x")
		b.sleep(100 * time.Millisecond)
		b.change("y")
		done := b.sync()
		b.change(fmt.Sprintf("%s%d-%d", cookiePrefix, os.Getpid(), 1))
		b.sleep(1500 * time.Millisecond)
		if len(done) > 0 {
			t.Fatal("answered before the second update ended")
		}
		b.sleep(time.Second)
		if len(done) == 0 {
			t.Fatal("not answered")
		}
		b.expect("50 x", "1050 y")
	})
}

func TestSyncWithoutItsCookie(t *testing.T) {
	watching(t, func(b *bench) {
		done := b.sync()
		b.sleep(cookieTimeout - time.Millisecond)
		if len(done) > 0 {
			t.Fatal("answered without a look")
		}
		b.sleep(time.Millisecond)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		b.expect("2000 the cookie was not seen", "2000 . a")
	})
}

func TestSyncWhereNoCookieCanBeWritten(t *testing.T) {
	watching(t, func(b *bench) {
		if err := os.RemoveAll(b.root); err != nil {
			t.Fatal(err)
		}
		if err := b.Sync(context.Background()); err != nil {
			t.Fatal(err)
		}
		b.expect("0 asked for")
	})
}

func TestSyncAsksForWhatIsNotWatched(t *testing.T) {
	watching(t, func(b *bench) {
		b.target.set(func() { b.target.missed = true })
		done := b.sync()
		b.change(fmt.Sprintf("%s%d-%d", cookiePrefix, os.Getpid(), 1))
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		b.expect("0 a file changed of which no watched folder tells")
	})
}

func TestSyncIsCalledOff(t *testing.T) {
	watching(t, func(b *bench) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		defer cancel()
		if err := b.Sync(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		b.sleep(time.Minute)
	})
}

// Of git's own files only those count that say what is ignored.
func TestLoopIgnoresGit(t *testing.T) {
	watching(t, func(b *bench) {
		if err := os.MkdirAll(filepath.Join(b.root, ".git/info"), 0o755); err != nil {
			t.Fatal(err)
		}
		b.change(".git")
		b.sleep(time.Second)
		b.expect("50 .git")
		if !b.source.dirs[".git"] || !b.source.dirs[".git/info"] {
			t.Error(".git is not watched")
		}
		b.change(".git/index.lock", ".git/HEAD", ".git/"+cookiePrefix+"1-1")
		b.sleep(time.Second)
		b.expect()
		b.change(".git/info/exclude", ".git/config")
		b.sleep(time.Second)
		b.expect("2050 .git/config .git/info/exclude")
	})
}

// A switch of branches is one batch, though it takes longer than any debounce.
func TestLoopWaitsForGit(t *testing.T) {
	watching(t, func(b *bench) {
		lock := filepath.Join(b.root, gitLock)
		if err := errors.Join(os.MkdirAll(filepath.Dir(lock), 0o755), os.WriteFile(lock, nil, 0o644)); err != nil {
			t.Fatal(err)
		}
		b.change(gitLock)
		for i := range 20 {
			b.change(fmt.Sprint("x", i%2))
			b.sleep(100 * time.Millisecond)
		}
		b.expect()
		if err := os.Remove(lock); err != nil {
			t.Fatal(err)
		}
		b.change(gitLock)
		b.sleep(time.Second)
		b.expect("2000 x0 x1")
		// Sync waits for nobody.
		if err := os.WriteFile(lock, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		b.change(gitLock, "x")
		done := b.sync()
		b.change(fmt.Sprintf("%s/%s%d-%d", gitDir, cookiePrefix, os.Getpid(), 1))
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		b.expect("3000 x")
	})
}

func TestCloseWhileUpdating(t *testing.T) {
	watching(t, func(b *bench) {
		b.target.set(func() { b.target.took = time.Hour })
		b.change("x")
		b.sleep(time.Second)
		done := b.sync()
		sub := b.Subscribe()
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		if err := <-done; !errors.Is(err, ErrClosed) {
			t.Error(err)
		}
		if err := b.CheckNow(context.Background()); !errors.Is(err, ErrClosed) {
			t.Error(err)
		}
		for _, s := range []*Subscription{sub, b.Subscribe()} {
			if _, err := s.Next(context.Background()); !errors.Is(err, ErrClosed) {
				t.Error(err)
			}
		}
	})
}

// More folders than the system watches: it says so, polls, and misses nothing.
func TestLoopAtTheLimit(t *testing.T) {
	watching(t, func(b *bench) {
		b.source.mu.Lock()
		b.source.limit = 3
		b.source.mu.Unlock()
		sub := b.Subscribe()
		b.target.set(func() { b.target.folders = []string{".", "a", "b", "c"} })
		b.change("b")
		b.sleep(100 * time.Millisecond)
		b.expect("50 b", "100 the watch went over to polling")
		n, err := sub.Next(context.Background())
		if err != nil || len(n.Notices) != 1 || !strings.Contains(n.Notices[0], "limit of file watches") || !strings.Contains(n.Notices[0], "polling every 2s") {
			t.Errorf("%+v, %v", n, err)
		}
		b.sleep(5 * time.Second)
		b.expect("2100 polling", "4100 polling")
		if err := b.Sync(context.Background()); err != nil {
			t.Error(err)
		}
		b.expect("5100 asked for")
		// Polling takes one part of ten of the time at most.
		b.target.set(func() { b.target.took = time.Second })
		b.sleep(40 * time.Second)
		if got := strings.Count(b.target.take(), "polling"); got != 4 {
			t.Errorf("%d polls in 40 s", got)
		}
	})
}

func TestLoopWhenEventsEnd(t *testing.T) {
	watching(t, func(b *bench) {
		close(b.source.out)
		b.sleep(100 * time.Millisecond)
		b.expect("50 the watch went over to polling")
	})
}

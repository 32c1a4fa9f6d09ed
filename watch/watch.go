// Package watch tells an engine which files changed, and its subscribers which
// modules that concerns: file events to batches to module events.
//
//	source ──event──► batcher ──Batch──► Target.Update ──Delta──► subscriptions
//
// Nothing is ever lost in silence: an event queue that overflows, an error of
// the system, too many paths at once and a folder that is new all end in a
// comparison of every file concerned with its stamp.
package watch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eddy-build/eddy/module"
)

// Target is what a watcher keeps up to date.
type Target interface {
	// Folders lists the folders to watch, sorted slash paths from the root:
	// those of the workspace and no ignored one.
	Folders() []string
	// Missed reports whether a file has changed that lies in none of the folders,
	// such as the target of a symbolic link. It is asked before each batch and
	// before Sync is answered, never while an update runs, and must be quick.
	Missed() bool
	// Update takes a batch of changes in. It is called by one goroutine at a
	// time.
	Update(ctx context.Context, batch Batch) (*module.Delta, error)
}

// Options are the settings of a watcher. The zero value is good.
type Options struct {
	// Debounce is how long nothing must change before a batch is complete. The
	// default is 50 ms: editors that write a file in several steps take less. More
	// than a day is a day.
	Debounce time.Duration
	// Poll makes the watcher compare stamps at this interval in place of the
	// system's file events.
	Poll time.Duration
}

const (
	defaultDebounce = 50 * time.Millisecond
	maxDebounce     = 24 * time.Hour
	defaultPoll     = 2 * time.Second
	// cookieTimeout is how long Sync waits for its own file to be seen before
	// it compares every file.
	cookieTimeout = 2 * time.Second
	cookiePrefix  = ".eddy-cookie-"
)

// Watcher follows one workspace until it is closed or its context is done. It is
// safe for concurrent use.
type Watcher struct {
	root   string
	target Target
	opts   Options
	cancel context.CancelFunc
	group  sync.WaitGroup
	syncs  chan *syncRequest
	ended  chan struct{} // closed by the loop
	seq    atomic.Uint64

	mu            sync.Mutex
	closed        bool
	subscriptions []*Subscription
	standing      []string // what every subscriber is told: that, and why, the files are polled
}

// syncRequest asks the loop to take in all that changed before it.
type syncRequest struct {
	cookie string     // name of the file to wait for; empty for a rescan
	done   chan error // buffered
	seen   bool       // its changes are in the batch that is due or running
	expire time.Time  // when to stop waiting for the cookie
}

// New starts to watch the workspace at root, an absolute path. It returns when
// every change from now on will be seen; the target should have been loaded
// before.
func New(ctx context.Context, root string, target Target, opts Options) (*Watcher, error) {
	return newWatcher(ctx, root, target, opts, func(root string) (source, error) { return newNotifySource(root) })
}

func newWatcher(ctx context.Context, root string, target Target, opts Options, open func(string) (source, error)) (*Watcher, error) {
	if opts.Debounce <= 0 {
		opts.Debounce = defaultDebounce
	}
	opts.Debounce = min(opts.Debounce, maxDebounce)
	ctx, cancel := context.WithCancel(ctx)
	w := &Watcher{root: root, target: target, opts: opts, cancel: cancel, syncs: make(chan *syncRequest), ended: make(chan struct{})}
	l := &loop{
		Watcher: w, open: open, batcher: newBatcher(opts.Debounce),
		subscribed: map[string]struct{}{}, doubtful: map[string]struct{}{},
	}
	if err := l.start(); err != nil {
		cancel()
		return nil, err
	}
	w.group.Go(func() { l.run(ctx) })
	return w, nil
}

// Subscribe returns a subscription to all that happens from now on. Where the
// files are polled for want of events, its first notification says so.
func (w *Watcher) Subscribe() *Subscription {
	s := &Subscription{ready: make(chan struct{}, 1), drop: w.unsubscribe}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		s.end()
		return s
	}
	w.subscriptions = append(w.subscriptions, s)
	if len(w.standing) > 0 {
		s.put(Notification{Notices: w.standing})
	}
	return s
}

func (w *Watcher) unsubscribe(s *Subscription) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.subscriptions = slices.DeleteFunc(w.subscriptions, func(t *Subscription) bool { return t == s })
}

// announce tells the subscribers of now and of later what stays as it is.
func (w *Watcher) announce(notice string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.standing = append(w.standing, notice)
	for _, s := range w.subscriptions {
		s.put(Notification{Notices: []string{notice}})
	}
}

func (w *Watcher) publish(n Notification) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.subscriptions {
		s.put(n)
	}
}

// Sync returns when every change made before the call is in the target: it
// writes a small file into the workspace's .git folder, or else its root, and
// waits until the watcher has seen it, since the system reports events in order.
// Where that file cannot be written or is not seen, every file is compared.
func (w *Watcher) Sync(ctx context.Context) error {
	r := &syncRequest{done: make(chan error, 1)}
	if w.opts.Poll == 0 {
		r.cookie = fmt.Sprintf("%s%d-%d", cookiePrefix, os.Getpid(), w.seq.Add(1))
	}
	return w.request(ctx, r)
}

// CheckNow compares every file with its stamp and returns when the target holds
// what was found.
func (w *Watcher) CheckNow(ctx context.Context) error {
	return w.request(ctx, &syncRequest{done: make(chan error, 1)})
}

func (w *Watcher) request(ctx context.Context, r *syncRequest) error {
	select {
	case w.syncs <- r:
	case <-w.ended:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-r.done: // the loop answers every request that it took
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// shut ends the subscriptions; there are no more from then on.
func (w *Watcher) shut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	for _, s := range w.subscriptions {
		s.end()
	}
	w.subscriptions = nil
	close(w.ended)
}

// Close stops watching, waits for an update that is running, and ends the
// subscriptions.
func (w *Watcher) Close() error {
	w.cancel()
	w.group.Wait()
	return nil
}

// The files and folders of git that matter here.
const (
	gitDir     = ".git"
	gitInfo    = ".git/info"
	gitConfig  = ".git/config"
	gitExclude = ".git/info/exclude"
	gitLock    = ".git/index.lock" // there while git changes the index and the working tree
)

// cookieDir is where Sync writes: a folder that is watched and in which a file
// that appears for a moment disturbs nobody.
func (w *Watcher) cookieDir() string {
	if info, err := os.Lstat(filepath.Join(w.root, gitDir)); err == nil && info.IsDir() {
		return gitDir
	}
	return "."
}

// isCookie reports whether a path is a file of Sync, of this or another process.
func isCookie(path string) bool {
	return strings.HasPrefix(path[strings.LastIndexByte(path, '/')+1:], cookiePrefix)
}

var errCookie = errors.New("the cookie was not seen")

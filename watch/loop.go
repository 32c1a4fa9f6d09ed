package watch

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/eddy-build/eddy/module"
)

// loop is the goroutine that owns all state of a watcher. Updates run beside it,
// one at a time, so that events are taken from the system without a break.
type loop struct {
	*Watcher
	open       func(root string) (source, error)
	batcher    *batcher
	source     source
	polling    bool
	subscribed map[string]struct{}
	doubtful   map[string]struct{} // folders that may be gone or have moved, with all below them
	cookies    string              // the folder of the cookies
	folders    []string            // that were asked for last
	settled    bool                // each of them has a subscription

	waiting  []*syncRequest // whose changes are not in an update yet
	running  []*syncRequest // whose changes are in the update that runs
	updating bool
	updated  chan outcome
	failure  string // of the last update, empty where it went well

	began    time.Time // when the running update began
	nextPoll time.Time // polls before it are passed over
}

// pollShare bounds the time that polling takes: one part in so many.
const pollShare = 10

// retry is how long after a failed update the next is tried, unless something
// changes before.
const retry = 2 * time.Second

// outcome is what an update came to.
type outcome struct {
	batch Batch
	delta *module.Delta
	err   error
}

// start chooses a source and subscribes to every folder.
func (l *loop) start() error {
	l.updated = make(chan outcome, 1)
	l.cookies = l.cookieDir()
	if l.opts.Poll > 0 {
		l.source, l.polling = newPollSource(l.opts.Poll), true
		l.batcher.lose(beganReason, time.Now())
		return nil
	}
	if kind := remote(l.root); kind != "" {
		l.poll("the workspace is on a file system without events (" + kind + ")")
		return nil
	}
	s, err := l.open(l.root)
	if err != nil {
		l.poll("file events are not available: " + err.Error())
		return nil
	}
	l.source = s
	if _, err := l.subscribe(l.target.Folders()); err != nil {
		return errors.Join(err, l.source.close())
	}
	// What changed between the load and the subscription is not known.
	l.batcher.lose(beganReason, time.Now())
	return nil
}

// poll goes over to polling, and says why.
func (l *loop) poll(why string) {
	l.source, l.polling = newPollSource(defaultPoll), true
	l.announce(why + "; polling every " + defaultPoll.String() + " instead")
	l.batcher.lose(pollingReason, time.Now())
	clear(l.subscribed)
	for _, r := range l.waiting {
		r.seen = true // nobody will see the cookie; everything is compared
	}
}

// subscribe makes the subscriptions those of the folders, which are sorted. It
// returns the folders whose subscription is new, in which something may have
// changed before it.
func (l *loop) subscribe(folders []string) (added []string, err error) {
	if l.polling {
		return nil, nil
	}
	cookies := l.cookieDir()
	if l.settled && cookies == l.cookies && len(l.doubtful) == 0 && slices.Equal(folders, l.folders) {
		return nil, nil
	}
	l.cookies, l.folders, l.settled = cookies, folders, false
	want := make(map[string]struct{}, len(folders)+2)
	for _, dir := range folders {
		want[dir] = struct{}{}
	}
	want[l.cookies] = struct{}{}
	if l.cookies == gitDir {
		want[gitInfo] = struct{}{}
	}
	// First those that end: a folder that was renamed is one subscription of the
	// system under two names, and ending the old one after beginning the new
	// would end both.
	for dir := range l.subscribed {
		_, wanted := want[dir]
		if !wanted || l.doubts(dir) {
			l.source.remove(dir)
			delete(l.subscribed, dir)
		}
	}
	clear(l.doubtful)
	settled := true
	for _, dir := range slices.Sorted(maps.Keys(want)) {
		if _, ok := l.subscribed[dir]; ok {
			continue
		}
		switch err := l.source.add(dir); {
		case errors.Is(err, errLimit):
			err = l.source.close()
			l.poll(errLimit.Error() + ": " + limitAdvice())
			return nil, err
		case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission):
			settled = false
			continue // its return, or its new mode, is an event of the folder above
		case err != nil:
			return nil, err
		}
		l.subscribed[dir] = struct{}{}
		added = append(added, dir)
	}
	l.settled = settled
	return added, nil
}

func (l *loop) run(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	defer l.end()
	for {
		l.flush(ctx)
		// Nothing ticks while there is nothing to wait for.
		if wait, ok := l.wait(); ok {
			timer.Reset(wait)
		} else {
			timer.Stop()
		}
		select {
		case <-ctx.Done():
			return
		case ev, ok := <-l.source.events():
			if !ok {
				_ = l.source.close() // it has ended
				l.poll("file events ended")
				continue
			}
			l.take(ev)
		case r := <-l.syncs:
			l.sync(r)
		case o := <-l.updated:
			l.finish(o)
		case <-timer.C:
			l.expire()
		}
	}
}

// end leaves nothing behind: no update, no request without an answer, no open
// subscription.
func (l *loop) end() {
	if l.updating {
		<-l.updated // its context is done
	}
	for _, r := range slices.Concat(l.waiting, l.running) {
		r.done <- ErrClosed
	}
	_ = l.source.close() // nothing is left that an error could harm
	l.shut()
}

// wait is how long the loop may sleep; not ok: until something happens.
func (l *loop) wait() (d time.Duration, ok bool) {
	var next time.Time
	if !l.batcher.idle() && !l.updating {
		next = l.batcher.due()
	}
	for _, r := range l.waiting {
		if !r.seen && (next.IsZero() || r.expire.Before(next)) {
			next = r.expire
		}
	}
	return max(time.Until(next), 0), !next.IsZero()
}

func (l *loop) take(ev event) {
	now := time.Now()
	switch {
	case ev.lost == pollReason:
		if !l.updating && !now.Before(l.nextPoll) {
			l.batcher.lose(ev.lost, now)
		}
		return
	case ev.lost != "":
		l.doubtful["."] = struct{}{}
		l.batcher.lose(ev.lost, now)
		l.look(now)
		return
	case isCookie(ev.path):
		name := ev.path[strings.LastIndexByte(ev.path, '/')+1:]
		for _, r := range l.waiting {
			r.seen = r.seen || r.cookie == name
		}
		return
	}
	if _, ok := l.subscribed[ev.path]; ok {
		// The folder itself was made, renamed or removed: the name may mean
		// another folder by now, and so may those below it.
		l.doubtful[ev.path] = struct{}{}
	}
	if ev.path == gitLock {
		l.look(now)
		return
	}
	if strings.HasPrefix(ev.path, gitDir+"/") && ev.path != gitExclude && ev.path != gitConfig {
		if ev.path == gitInfo {
			l.batcher.add(gitExclude, now)
		}
		return // of git's own files those two alone decide what is ignored
	}
	l.batcher.add(ev.path, now)
}

// doubts reports whether the subscription to a folder may be to one that is gone
// or has moved. It looks at the folders above: thousands may go at once.
func (l *loop) doubts(dir string) bool {
	for {
		if _, ok := l.doubtful[dir]; ok {
			return true
		}
		i := strings.LastIndexByte(dir, '/')
		if i < 0 {
			_, all := l.doubtful["."]
			return all
		}
		dir = dir[:i]
	}
}

// look sees whether git holds its lock.
func (l *loop) look(now time.Time) {
	_, err := os.Lstat(filepath.Join(l.root, filepath.FromSlash(gitLock)))
	l.batcher.lock(err == nil, now)
}

// sync begins to serve a request.
func (l *loop) sync(r *syncRequest) {
	l.waiting = append(l.waiting, r)
	if r.cookie != "" && !l.polling && l.failure == "" && !l.doubts(l.cookies) {
		path := filepath.Join(l.root, filepath.FromSlash(l.cookies), r.cookie)
		if err := os.WriteFile(path, nil, 0o600); err == nil {
			_ = os.Remove(path) // it has done its work; a leftover is ignored by its name
			r.expire = time.Now().Add(cookieTimeout)
			return
		}
	}
	r.cookie, r.seen = "", true
	l.batcher.lose(askedReason, time.Now())
}

// expire gives up on cookies that were not seen.
func (l *loop) expire() {
	now := time.Now()
	for _, r := range l.waiting {
		if !r.seen && !now.Before(r.expire) {
			r.seen = true
			l.take(event{lost: errCookie.Error()})
		}
	}
}

// flush starts an update where one is due, or answers requests that need none.
func (l *loop) flush(ctx context.Context) {
	if l.updating {
		return
	}
	asked := slices.ContainsFunc(l.waiting, func(r *syncRequest) bool { return r.seen })
	if !asked && (l.batcher.idle() || time.Now().Before(l.batcher.due())) {
		return
	}
	if l.batcher.rescan == "" && l.target.Missed() {
		l.batcher.lose(missedReason, time.Now())
	}
	if l.batcher.idle() {
		l.answer(nil)
		return
	}
	batch := l.batcher.take()
	rest := l.waiting[:0:0]
	for _, r := range l.waiting {
		if r.seen {
			l.running = append(l.running, r)
		} else {
			rest = append(rest, r)
		}
	}
	l.waiting = rest
	l.updating, l.began = true, time.Now()
	l.group.Go(func() {
		delta, err := l.target.Update(ctx, batch)
		l.updated <- outcome{batch, delta, err}
	})
}

// answer tells the requests whose cookie was seen that nothing is outstanding.
func (l *loop) answer(err error) {
	l.waiting = slices.DeleteFunc(l.waiting, func(r *syncRequest) bool {
		if r.seen {
			r.done <- err
		}
		return r.seen
	})
}

// finish publishes an update and follows it with a look at the folders that are
// new: what was made in them before their subscription gave no event.
func (l *loop) finish(o outcome) {
	l.updating = false
	now := time.Now()
	l.nextPoll = now.Add(pollShare * now.Sub(l.began))
	n := Notification{Batches: 1, Paths: o.batch.Paths, Rescan: o.batch.Reason}
	if o.err != nil {
		if text := o.err.Error(); text != l.failure {
			n.Notices = append(n.Notices, "the update failed: "+text)
			l.failure = text
		}
		// Not at once again: what failed most likely still does.
		l.take(event{lost: "the last update failed"})
		l.batcher.delay(now.Add(retry))
	} else {
		l.failure = ""
		n.Events, n.Work = eventsOf(o.delta), o.delta.Work
		added, err := l.subscribe(l.target.Folders())
		if err != nil {
			n.Notices = append(n.Notices, err.Error())
			l.take(event{lost: "a folder could not be watched"})
			l.batcher.delay(now.Add(retry))
		}
		for _, dir := range added {
			if dir != l.cookies && dir != gitInfo || dir == "." {
				l.batcher.add(dir, now)
			}
		}
		// A request is served when the new folders have been looked at, too.
		if !l.batcher.idle() && len(added) > 0 {
			l.waiting = append(l.waiting, l.running...)
			l.running = nil
		}
	}
	for _, r := range l.running {
		r.done <- o.err
	}
	l.running = nil
	if len(n.Events) > 0 || len(n.Notices) > 0 || len(n.Paths) > 0 || o.batch.Rescan && o.err == nil {
		l.publish(n)
	}
}

package watch

import (
	"context"
	"errors"
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
	batcher    *batcher
	source     source
	subscribed map[string]struct{}
	cookies    string // the folder of the cookies
	now        func() time.Time

	waiting  []*syncRequest // whose changes are not in an update yet
	running  []*syncRequest // whose changes are in the update that runs
	updating bool
	updated  chan outcome
	notices  []string // for the next notification

	began    time.Time // when the running update began
	nextPoll time.Time // polls before it are passed over
}

// pollShare bounds the time that polling takes: one part in so many.
const pollShare = 10

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
		l.source = newPollSource(l.opts.Poll)
		return nil
	}
	if kind := remote(l.root); kind != "" {
		l.poll("the workspace is on a file system without events (" + kind + ")")
		return nil
	}
	s, err := newNotifySource(l.root)
	if err != nil {
		l.poll("file events are not available: " + err.Error())
		return nil
	}
	l.source = s
	if _, err := l.subscribe(l.target.Folders()); err != nil {
		return errors.Join(err, l.source.close())
	}
	// What changed between the load and the subscription is not known.
	l.batcher.lose("the watch began", l.now())
	return nil
}

// poll goes over to polling, and says why.
func (l *loop) poll(why string) {
	l.source = newPollSource(defaultPoll)
	l.notices = append(l.notices, why+"; polling every "+defaultPoll.String()+" instead")
	l.batcher.lose("the watch went over to polling", l.now())
	clear(l.subscribed)
}

// subscribe makes the subscriptions those of the folders, which are sorted. It
// returns the folders that are new among them.
func (l *loop) subscribe(folders []string) (added []string, err error) {
	want := make(map[string]struct{}, len(folders)+1)
	for _, dir := range slices.Concat(folders, []string{l.cookies}) {
		want[dir] = struct{}{}
		if _, ok := l.subscribed[dir]; ok {
			continue
		}
		if err := l.source.add(dir); errors.Is(err, errLimit) {
			err = l.source.close()
			l.poll(errLimit.Error() + ": " + limitAdvice())
			return nil, err
		} else if err != nil {
			return nil, err
		}
		l.subscribed[dir] = struct{}{}
		added = append(added, dir)
	}
	for dir := range l.subscribed {
		if _, ok := want[dir]; !ok {
			l.source.remove(dir)
			delete(l.subscribed, dir)
		}
	}
	return added, nil
}

func (l *loop) run(ctx context.Context) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	defer func() {
		if l.updating {
			<-l.updated // its context is done
		}
		for _, r := range slices.Concat(l.waiting, l.running) {
			r.done <- ErrClosed
		}
		_ = l.source.close() // nothing is left that an error could harm
	}()
	for {
		l.flush(ctx)
		timer.Reset(l.wait())
		select {
		case <-ctx.Done():
			return
		case ev, ok := <-l.source.events():
			if !ok {
				l.batcher.lose("the source of events ended", l.now())
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

// wait is how long the loop may sleep.
func (l *loop) wait() time.Duration {
	next := time.Hour
	if !l.batcher.idle() && !l.updating {
		next = l.batcher.due().Sub(l.now())
	}
	for _, r := range l.waiting {
		if !r.seen {
			next = min(next, r.expire.Sub(l.now()))
		}
	}
	return max(next, 0)
}

func (l *loop) take(ev event) {
	if ev.lost == pollReason && l.now().Before(l.nextPoll) {
		return
	}
	if ev.lost != "" {
		l.batcher.lose(ev.lost, l.now())
		return
	}
	if isCookie(ev.path) {
		name := ev.path[strings.LastIndexByte(ev.path, '/')+1:]
		for _, r := range l.waiting {
			r.seen = r.seen || r.cookie == name
		}
		return
	}
	if ev.path == ".git" || strings.HasPrefix(ev.path, ".git/") {
		return // watched for the cookies alone
	}
	l.batcher.add(ev.path, l.now())
}

// sync begins to serve a request.
func (l *loop) sync(r *syncRequest) {
	l.waiting = append(l.waiting, r)
	if _, polling := l.source.(*pollSource); polling {
		r.cookie = ""
	}
	if r.cookie != "" {
		path := filepath.Join(l.root, filepath.FromSlash(l.cookies), r.cookie)
		if err := os.WriteFile(path, nil, 0o600); err == nil {
			_ = os.Remove(path) // it has done its work; a leftover is ignored by its name
			r.expire = l.now().Add(cookieTimeout)
			return
		}
		r.cookie = ""
	}
	r.seen = true
	l.batcher.lose("asked for", l.now())
}

// expire gives up on cookies that were not seen.
func (l *loop) expire() {
	for _, r := range l.waiting {
		if !r.seen && !l.now().Before(r.expire) {
			r.seen = true
			l.batcher.lose(errCookie.Error(), l.now())
		}
	}
}

// flush starts an update where one is due, or answers requests that need none.
func (l *loop) flush(ctx context.Context) {
	if l.updating {
		return
	}
	asked := slices.ContainsFunc(l.waiting, func(r *syncRequest) bool { return r.seen })
	if l.batcher.idle() {
		if asked {
			l.answer(nil)
		}
		return
	}
	if !asked && l.now().Before(l.batcher.due()) {
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
	l.updating, l.began = true, l.now()
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
	l.nextPoll = l.now().Add(pollShare * l.now().Sub(l.began))
	n := Notification{Batches: 1, Paths: o.batch.Paths, Rescan: o.batch.Reason}
	if o.err != nil {
		n.Notices = append(n.Notices, "the update failed: "+o.err.Error())
		if !errors.Is(o.err, context.Canceled) {
			// Not at once again: what failed most likely still does.
			l.batcher.lose("the last update failed", l.now().Add(defaultPoll))
		}
	} else {
		n.Events, n.Work = eventsOf(o.delta), o.delta.Work
		added, err := l.subscribe(l.target.Folders())
		if err != nil {
			n.Notices = append(n.Notices, err.Error())
			l.batcher.lose("a folder could not be watched", l.now())
		}
		for _, dir := range added {
			l.batcher.add(dir, l.now())
		}
		// A request is served when the new folders have been looked at, too.
		if len(added) > 0 {
			l.waiting = append(l.waiting, l.running...)
			l.running = nil
		}
	}
	for _, r := range l.running {
		r.done <- o.err
	}
	l.running = nil
	n.Notices = append(n.Notices, l.notices...)
	l.notices = nil
	if len(n.Events) > 0 || len(n.Notices) > 0 || len(n.Paths) > 0 {
		l.publish(n)
	}
}

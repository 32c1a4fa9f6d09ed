package watch

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"github.com/fsnotify/fsnotify"
)

// notifySource passes on the file events of the system.
type notifySource struct {
	root    string
	watcher *fsnotify.Watcher
	out     chan event
	done    chan struct{}
	group   sync.WaitGroup
}

// notifyBuffer lets a burst pass while an event is being handled. What does not
// fit waits in the system's queue, and if that overflows the system says so.
const notifyBuffer = 4096

func newNotifySource(root string) (*notifySource, error) {
	w, err := fsnotify.NewBufferedWatcher(notifyBuffer)
	if errors.Is(err, syscall.EMFILE) {
		return nil, fmt.Errorf("%w; to raise the number of watchers: sysctl fs.inotify.max_user_instances=1024", err)
	} else if err != nil {
		return nil, err
	}
	s := &notifySource{root: root, watcher: w, out: make(chan event), done: make(chan struct{})}
	s.group.Go(s.run)
	return s, nil
}

func (s *notifySource) run() {
	defer close(s.out)
	send := func(ev event) bool {
		select {
		case s.out <- ev:
			return true
		case <-s.done:
			return false
		}
	}
	for {
		select {
		case <-s.done:
			return
		case ev, ok := <-s.watcher.Events:
			if !ok {
				return
			}
			rel, err := filepath.Rel(s.root, ev.Name)
			if err != nil {
				continue // below another root: not ours
			}
			if !send(event{path: filepath.ToSlash(rel)}) {
				return
			}
		case err, ok := <-s.watcher.Errors:
			if !ok {
				return
			}
			reason := "the watcher failed: " + err.Error()
			if errors.Is(err, fsnotify.ErrEventOverflow) {
				reason = "the system's event queue overflowed"
			}
			if !send(event{lost: reason}) {
				return
			}
		}
	}
}

func (s *notifySource) add(dir string) error {
	err := s.watcher.Add(filepath.Join(s.root, filepath.FromSlash(dir)))
	switch {
	case err == nil, errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission):
		return err
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.ELOOP):
		return fmt.Errorf("watch %s: %w", dir, fs.ErrNotExist)
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EMFILE):
		return errLimit
	}
	return fmt.Errorf("watch %s: %w", dir, err)
}

func (s *notifySource) remove(dir string) {
	// An error means that the folder is gone, and its subscription with it.
	_ = s.watcher.Remove(filepath.Join(s.root, filepath.FromSlash(dir)))
}

func (s *notifySource) events() <-chan event { return s.out }

func (s *notifySource) close() error {
	close(s.done)
	err := s.watcher.Close()
	s.group.Wait()
	return err
}

// limitAdvice says what the limit is and how to raise it: that of the user, or
// that of the container or other namespace of users where it is lower.
func limitAdvice() string {
	setting, limit := "", int64(0)
	for _, name := range []string{"fs.inotify.max_user_watches", "user.max_inotify_watches"} {
		data, err := os.ReadFile("/proc/sys/" + strings.ReplaceAll(name, ".", "/"))
		if err != nil {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(string(data)), 10, 64)
		if err == nil && (setting == "" || n < limit) {
			setting, limit = name, n
		}
	}
	if setting == "" {
		return "the system allows no more file watches"
	}
	return fmt.Sprintf("the system allows %d inotify watches a user; to raise it: sysctl %s=1048576", limit, setting)
}

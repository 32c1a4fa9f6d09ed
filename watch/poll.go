package watch

import (
	"sync"
	"time"
)

// pollSource says at an interval that everything must be compared by its stamp.
// It is for file systems without events and for more folders than the system
// watches.
type pollSource struct {
	out   chan event
	done  chan struct{}
	group sync.WaitGroup
}

func newPollSource(interval time.Duration) *pollSource {
	s := &pollSource{out: make(chan event), done: make(chan struct{})}
	s.group.Go(func() {
		defer close(s.out)
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			select {
			case <-s.done:
				return
			case <-ticker.C:
			}
			select {
			case <-s.done:
				return
			case s.out <- event{lost: pollReason}:
			}
		}
	})
	return s
}

func (s *pollSource) add(string) error     { return nil }
func (s *pollSource) remove(string)        {}
func (s *pollSource) events() <-chan event { return s.out }

func (s *pollSource) close() error {
	close(s.done)
	s.group.Wait()
	return nil
}

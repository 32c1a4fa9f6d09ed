package scheduler

// Event says that a unit began, or how it ended.
type Event struct {
	Unit  Unit
	State State // Running, or one of the final states
	Err   error // a *UnitError if it failed, a *SkippedError if it was skipped
}

// ring says that there are events. Where it has been said already and not been
// heard, that is enough.
func (r *run) ring() {
	select {
	case r.bell <- struct{}{}:
	default:
	}
}

// deliver hands the events over until the last worker has left.
func (r *run) deliver() {
	var events []Event
	for range r.bell {
		r.mu.Lock()
		events, r.events = r.events, events[:0]
		r.mu.Unlock()
		for _, event := range events {
			r.handle(event)
		}
		clear(events)
	}
}

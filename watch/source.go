package watch

import "errors"

// source tells of changes below a root. There are two: the system's file events,
// and a clock that says "compare everything" for where there are none.
type source interface {
	// add subscribes to the names in one folder, a slash path from the root,
	// not to those of its subfolders, and to the folder itself. The error is
	// fs.ErrNotExist for a folder that is gone, fs.ErrPermission for one that
	// may not be read, errLimit, or another.
	// Once it returns, every later change in the folder gives an event.
	add(dir string) error
	// remove ends a subscription; a folder without one is no error.
	remove(dir string)
	// events is closed by close.
	events() <-chan event
	close() error
}

// event is what a source saw.
type event struct {
	path string // a slash path from the root that was made, written, renamed or removed
	lost string // why events before this one may be missing; then path is empty
}

// errLimit is returned by add when the system allows no further subscription.
var errLimit = errors.New("the system's limit of file watches is reached")

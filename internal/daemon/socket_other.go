//go:build !unix

package daemon

import (
	"errors"
	"net"
)

// ErrRunning is returned by Listen where the root has a server.
var ErrRunning = errors.New("the workspace has a server already")

var errUnsupported = errors.New("there is no server on this system")

// Folder returns no folder: this system has none that is known to be private.
func Folder(func(string) string) string { return "" }

// Private says that no folder is.
func Private(string) error { return errUnsupported }

// Listen is for the systems that have Unix sockets and file locks.
func Listen(string) (net.Listener, func(), error) { return nil, nil, errUnsupported }

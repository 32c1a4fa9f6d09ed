//go:build unix

package daemon

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// ErrRunning is returned by Listen where the root has a server.
var ErrRunning = errors.New("the workspace has a server already")

// Folder returns the folder of the sockets of this user. It need not exist.
func Folder(getenv func(string) string) string {
	if dir := getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "eddy")
	}
	return filepath.Join("/tmp", "eddy-"+strconv.Itoa(os.Getuid()))
}

// Private says why a folder is not one that this user alone can enter.
func Private(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok || !info.IsDir() || int(st.Uid) != os.Getuid() || info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("%s is not a folder that only its owner, the user of this process, can enter", dir)
	}
	return nil
}

// Listen makes a socket, in a folder that it makes too. The lock is held until
// release is called, after the listener is closed.
func Listen(socket string) (listener net.Listener, release func(), err error) {
	dir := filepath.Dir(socket)
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return nil, nil, err
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, nil, err
	}
	if err := Private(dir); err != nil {
		return nil, nil, err
	}
	lock, err := os.OpenFile(socket+".lock", os.O_CREATE|os.O_RDWR|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, nil, err
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		lock.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, nil, ErrRunning
		}
		return nil, nil, err
	}
	// The lock is ours: whoever made a socket that is there has ended.
	if err := os.Remove(socket); err != nil && !errors.Is(err, os.ErrNotExist) {
		lock.Close()
		return nil, nil, err
	}
	listener, err = net.Listen("unix", socket)
	if err != nil {
		lock.Close()
		return nil, nil, err
	}
	return listener, func() { lock.Close() }, nil
}

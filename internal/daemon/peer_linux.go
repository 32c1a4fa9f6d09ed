package daemon

import (
	"errors"
	"net"
	"os"
	"syscall"
)

var errPeer = errors.New("the other end of the socket belongs to another user")

// peerIsSelf asks the system who is at the other end.
func peerIsSelf(conn net.Conn) error {
	c, ok := conn.(*net.UnixConn)
	if !ok {
		return errPeer
	}
	raw, err := c.SyscallConn()
	if err != nil {
		return err
	}
	var cred *syscall.Ucred
	var failed error
	if err := raw.Control(func(fd uintptr) {
		cred, failed = syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED)
	}); err != nil {
		return err
	}
	if failed != nil {
		return failed
	}
	if int(cred.Uid) != os.Getuid() {
		return errPeer
	}
	return nil
}

//go:build !linux

package daemon

import "net"

// peerIsSelf relies on the folder of the socket, which nobody else can enter.
func peerIsSelf(net.Conn) error { return nil }

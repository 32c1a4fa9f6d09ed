//go:build unix && !linux

package main

import "syscall"

// alive reports whether a process of the group is left.
func (g processGroup) alive() bool { return syscall.Kill(-int(g), 0) == nil }

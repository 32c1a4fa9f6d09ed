package main

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
)

// alive reports whether a process of the group runs. Those that have ended and
// that nobody has waited for are of the group still, and in a container whose first
// process waits for no orphans they stay.
func (g processGroup) alive() bool {
	if syscall.Kill(-int(g), 0) != nil {
		return false
	}
	proc, err := os.Open("/proc")
	if err != nil {
		return true
	}
	defer proc.Close()
	names, err := proc.Readdirnames(-1)
	if err != nil {
		return true
	}
	for _, name := range names {
		if name[0] < '1' || name[0] > '9' {
			continue
		}
		stat, err := os.ReadFile("/proc/" + name + "/stat")
		if err != nil {
			continue // it has gone meanwhile
		}
		// "pid (name) state parent group …", and the name may hold anything.
		fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
		if len(fields) > 2 && string(fields[2]) == strconv.Itoa(int(g)) && fields[0][0] != 'Z' && fields[0][0] != 'X' {
			return true
		}
	}
	return false
}

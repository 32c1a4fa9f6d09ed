package main

import "syscall"

// peakMemory returns the greatest resident size of the process so far, in bytes.
func peakMemory() (int64, error) {
	var usage syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return usage.Maxrss, err
}

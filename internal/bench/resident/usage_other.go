//go:build !unix

package main

import "time"

// processorTime is known on Unix alone.
func processorTime() time.Duration { return 0 }

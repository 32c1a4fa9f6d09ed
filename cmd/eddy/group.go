package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/eddy-build/eddy/graph"
)

// UnmarshalText reads "folder:N" or "package".
func (f *groupFlag) UnmarshalText(text []byte) error {
	if string(text) == "package" {
		f.by = graph.ByPackage()
		return nil
	}
	if depth, ok := strings.CutPrefix(string(text), "folder:"); ok {
		n, err := strconv.Atoi(depth)
		if err == nil && n > 0 {
			f.by = graph.ByFolder(n)
			return nil
		}
	}
	return fmt.Errorf(`unknown grouping %q: want "folder:N" with N from 1 up, or "package"`, text)
}

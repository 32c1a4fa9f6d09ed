package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// versionCommand is "eddy version".
type versionCommand struct{}

// Run is called by Kong.
func (*versionCommand) Run(p *process) error {
	info, _ := debug.ReadBuildInfo()
	_, err := fmt.Fprintln(p.stdout, versionOf(info))
	return err
}

// versionOf is one line: the version, the commit where it is known, the Go
// version and the platform.
func versionOf(info *debug.BuildInfo) string {
	version, commit := "(devel)", ""
	if info != nil {
		if info.Main.Version != "" {
			version = info.Main.Version
		}
		var dirty bool
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				commit = s.Value[:min(len(s.Value), 12)]
			case "vcs.modified":
				dirty = s.Value == "true"
			}
		}
		if commit != "" && dirty {
			commit += " with changes"
		}
	}
	if commit != "" {
		commit = ", commit " + commit
	}
	return fmt.Sprintf("eddy %s%s (%s %s/%s)", version, commit, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

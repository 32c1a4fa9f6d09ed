//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// shellCommand makes a command of a line for the shell, in a process group of
// its own, with some arguments as "$@".
func shellCommand(script string, args []string) *exec.Cmd {
	cmd := exec.Command("/bin/sh", append([]string{"-c", script, "eddy"}, args...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd
}

// processGroup is a command and all that it started and that has not left it.
type processGroup int

func groupOf(cmd *exec.Cmd) processGroup { return processGroup(cmd.Process.Pid) }

// terminate asks the group to end. That it fails means that there is none.
func (g processGroup) terminate() { _ = syscall.Kill(-int(g), syscall.SIGTERM) }

// kill ends the group.
func (g processGroup) kill() { _ = syscall.Kill(-int(g), syscall.SIGKILL) }

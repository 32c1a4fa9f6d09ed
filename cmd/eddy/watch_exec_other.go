//go:build !unix

package main

import (
	"os"
	"os/exec"
)

// shellCommand makes a command of a line for the shell. The arguments follow it.
func shellCommand(script string, args []string) *exec.Cmd {
	return exec.Command("cmd", append([]string{"/C", script}, args...)...)
}

// processGroup is a command alone: this system has no groups that can be ended.
type processGroup struct{ *os.Process }

func groupOf(cmd *exec.Cmd) processGroup { return processGroup{cmd.Process} }

// terminate ends the process: this system has no way to ask.
func (g processGroup) terminate() { g.kill() }

func (g processGroup) kill() { _ = g.Process.Kill() } // an error means that it has ended

func (g processGroup) alive() bool { return false }

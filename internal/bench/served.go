package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// served is the command while a server runs that it asks. The two find each other
// by a folder for sockets of their own.
func (c command) served(by command, sockets string) command {
	c.env = append(c.env, "XDG_RUNTIME_DIR="+sockets)
	by.env = append(by.env, "XDG_RUNTIME_DIR="+sockets)
	c.server, c.sockets = &by, sockets
	return c
}

// serve starts the server of a command, if it has one, and returns when that says
// on its standard error that it serves. stop ends it.
func (c command) serve(ctx context.Context) (stop func(), err error) {
	if c.server == nil {
		return func() {}, nil
	}
	if err := os.MkdirAll(c.sockets, 0o700); err != nil {
		return nil, err
	}
	process := exec.CommandContext(ctx, c.server.path, c.server.args...)
	process.Dir = c.server.dir
	process.Env = append(os.Environ(), c.server.env...)
	stderr, err := process.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := process.Start(); err != nil {
		return nil, err
	}
	stop = func() {
		_ = process.Process.Signal(os.Interrupt) // where it has ended there is nothing to end
		_ = process.Wait()
	}
	line, err := bufio.NewReader(stderr).ReadString('\n')
	if err != nil || !strings.Contains(line, "serving") {
		stop()
		return nil, fmt.Errorf("%s %s does not serve: %s", c.server.name, strings.Join(c.server.args, " "), strings.TrimSpace(line))
	}
	return stop, nil
}

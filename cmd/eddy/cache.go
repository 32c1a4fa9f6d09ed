package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/eddy-build/eddy/cache"
	"github.com/eddy-build/eddy/module"
	"github.com/eddy-build/eddy/render"
)

// cacheCommand is "eddy cache".
type cacheCommand struct {
	Action string `arg:"" enum:"info,clean,verify" help:"info, clean or verify."`
}

// Help says what the lines of the flags cannot.
func (*cacheCommand) Help() string {
	return `Eddy keeps what it read of a workspace in a file, one for each version of Eddy and set of options that matter to it, and the next run reads only what has changed since. Nothing but time depends on it.

info: where it is kept, how large it is, and whether the next run here can use it. clean: remove all of it, that of other workspaces too. verify: read every file again and print each difference from what a run with the cache would answer; the exit code is 1 where there are any.`
}

// Run is called by Kong.
func (c *cacheCommand) Run(p *process) error {
	switch c.Action {
	case "info":
		return p.cacheInfo()
	case "clean":
		return p.cacheClean()
	}
	return p.cacheVerify()
}

// errNoCache is why there is no store where the command line forbids it.
var errNoCache = errors.New("no cache is used: --no-cache")

// store returns the store of the command line and the environment.
func (p *process) store() (*cache.Store, error) {
	if p.cli.NoCache {
		return nil, errNoCache
	}
	if p.cli.CacheDir != "" {
		return cache.OpenStore(p.cli.CacheDir), nil
	}
	dir, err := cache.DefaultDir(p.getenv)
	if err != nil {
		return nil, err
	}
	return cache.OpenStore(dir), nil
}

func (p *process) cacheInfo() error {
	store, err := p.store()
	if err != nil {
		return err
	}
	entries, err := store.Entries()
	if err != nil {
		return err
	}
	var total int64
	workspaces := map[string]struct{}{}
	for _, e := range entries {
		total += e.Size
		workspaces[e.Workspace] = struct{}{}
	}
	engine, err := p.open(p.root())
	if err != nil {
		return err
	}
	p.engine = engine
	here := "used by the next run"
	if err := engine.CheckStore(); err != nil {
		here = "not used by the next run: " + reasonOf(err)
	}
	_, err = fmt.Fprintf(p.stdout, "folder: %s\nworkspaces: %d, snapshots: %d, %s\nhere: %s\n",
		render.Printable(store.Dir()), len(workspaces), len(entries), bytesOf(total), render.Printable(here))
	return err
}

func (p *process) cacheClean() error {
	store, err := p.store()
	if err != nil {
		return err
	}
	freed, err := store.Clean(time.Now())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "removed %s from %s\n", bytesOf(freed), render.Printable(store.Dir()))
	return err
}

func (p *process) cacheVerify() error {
	if _, err := p.store(); err != nil {
		return err
	}
	engine, err := p.open(p.root())
	if err != nil {
		return err
	}
	p.engine = engine
	if err := engine.CheckStore(); err != nil {
		_, err := fmt.Fprintf(p.stdout, "nothing to verify: %s\n", render.Printable(reasonOf(err)))
		return err
	}
	differences, err := engine.VerifyStore(p.ctx)
	if err != nil {
		return err
	}
	for _, d := range differences {
		if _, err := fmt.Fprintln(p.stdout, render.Printable(d)); err != nil {
			return err
		}
	}
	if len(differences) > 0 {
		if !p.cli.Quiet {
			fmt.Fprintln(p.stderr, "eddy: the cache is wrong; \"eddy cache clean\" removes it. Please report this")
		}
		return errFound
	}
	_, err = fmt.Fprintln(p.stdout, "a run with the cache answers as one without")
	return err
}

// reasonOf is why the cache is not used, without the name of its file.
func reasonOf(err error) string {
	var miss *module.CacheError
	if errors.As(err, &miss) {
		return miss.Detail()
	}
	return err.Error()
}

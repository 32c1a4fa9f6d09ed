package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/eddy-build/eddy/render"
)

// explainCommand is "eddy explain".
type explainCommand struct {
	Path string `arg:"" name:"path" help:"A file or folder, from the root of the workspace."`
}

// Run is called by Kong.
func (c *explainCommand) Run(p *process) error {
	file := path.Clean(filepath.ToSlash(c.Path))
	if p.cli.From == "" {
		full := c.Path
		if !filepath.IsAbs(full) {
			full = filepath.Join(p.root(), full)
		}
		if _, err := os.Lstat(full); err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("%s does not exist", render.Printable(c.Path))
			}
			return err
		}
		rel, err := relative(p.root(), full)
		if err != nil {
			return err
		}
		if rel == ".." || strings.HasPrefix(rel, "../") || path.IsAbs(rel) {
			return fmt.Errorf("%s is not in the workspace: -C DIR chooses another", render.Printable(c.Path))
		}
		file = rel
	}
	p.alone = true
	ws, err := p.load()
	if err != nil {
		return err
	}
	r := p.reporter(ws, ws.Graph(), allKinds)
	for _, line := range ws.Explain(file) {
		r.printf("%s\n", render.Printable(line))
	}
	return r.close()
}

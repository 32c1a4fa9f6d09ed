package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/eddy-build/eddy/render"
)

// target is a workspace to check, and the parts of it that are asked for.
type target struct {
	root  string   // as it is opened and shown
	parts []string // slash paths from the root; none for all of it
}

// ownMarkers make a folder below the current one a workspace of its own.
var ownMarkers = []string{"eddy.toml", ".git"}

// rootMarkers make the current folder the root of a project.
var rootMarkers = []string{
	"eddy.toml", ".git", "go.mod", "go.work", "package.json", "pnpm-workspace.yaml",
	"tsconfig.json", "pyproject.toml", "setup.py", "setup.cfg",
}

// planTargets decides on the roots that a check of some paths needs. The paths
// are relative to base, the folder to work in. Each root is there once, in the
// order in which the paths first ask for it.
func planTargets(base string, paths []string) ([]target, error) {
	if len(paths) == 0 {
		return []target{{root: base}}, nil
	}
	var list []target
	for _, p := range paths {
		root, part, err := rootOf(base, p)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(list, func(t target) bool { return t.root == root })
		switch {
		case i < 0 && part == ".":
			list = append(list, target{root: root})
		case i < 0:
			list = append(list, target{root: root, parts: []string{part}})
		case part == ".":
			list[i].parts = nil
		case len(list[i].parts) > 0:
			list[i].parts = append(list[i].parts, part)
		}
	}
	return list, nil
}

// rootOf returns the root to check a path in, and the path from there, "." for
// the whole.
func rootOf(base, p string) (root, part string, err error) {
	full := p
	if !filepath.IsAbs(p) {
		full = filepath.Join(base, p)
	}
	info, err := os.Stat(full)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
			return "", "", fmt.Errorf("%s does not exist", render.Printable(p))
		}
		return "", "", err
	}
	rel, err := relative(base, full)
	if err != nil {
		return "", "", err
	}
	if rel == "." {
		return base, ".", nil
	}
	if rel == ".." || strings.HasPrefix(rel, "../") || path.IsAbs(rel) {
		return ownRoot(full, info.IsDir())
	}
	// The nearest workspace that holds the path, below the current folder.
	dir := rel
	if !info.IsDir() {
		dir = path.Dir(rel)
	}
	for ; dir != "."; dir = path.Dir(dir) {
		at := filepath.Join(base, filepath.FromSlash(dir))
		if hasAny(at, ownMarkers) {
			if dir == rel {
				return at, ".", nil
			}
			return at, strings.TrimPrefix(rel, dir+"/"), nil
		}
	}
	if hasAny(base, rootMarkers) {
		return base, rel, nil
	}
	return ownRoot(full, info.IsDir())
}

// ownRoot makes a path a root, a file's folder for a file.
func ownRoot(full string, isDir bool) (root, part string, err error) {
	if isDir {
		return filepath.Clean(full), ".", nil
	}
	return filepath.Dir(full), filepath.Base(full), nil
}

// relative returns the slash path from base to full.
func relative(base, full string) (string, error) {
	absBase, err := filepath.Abs(base)
	if err != nil {
		return "", err
	}
	absFull, err := filepath.Abs(full)
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(absBase, absFull)
	if err != nil { // on another volume
		return filepath.ToSlash(absFull), nil
	}
	return filepath.ToSlash(rel), nil
}

func hasAny(dir string, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		_, err := os.Lstat(filepath.Join(dir, name))
		return err == nil
	})
}

// cleanAll cleans the paths of a workspace that is not on this disk.
func cleanAll(paths []string) []string {
	var list []string
	for _, p := range paths {
		clean := path.Clean(filepath.ToSlash(p))
		if clean == "." {
			return nil
		}
		list = append(list, clean)
	}
	return list
}

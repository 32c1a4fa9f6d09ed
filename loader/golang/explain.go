package golang

import (
	"slices"
	"strings"

	"github.com/eddy-build/eddy/loader"
)

// Explain says which module and build list govern a file or a folder, which
// package it belongs to, or why it is not even read.
func (r *resolver) Explain(path string) []string {
	dir, name := loader.Split(path)
	isFile := r.ws.Tree.File(path)
	if !isFile {
		dir, name = path, ""
	}
	mod := r.governing(dir)
	if mod == nil {
		return nil
	}
	var lines []string
	if mod.list == nil {
		lines = append(lines, "go: no go.mod governs the folder")
	} else {
		line := "go: module " + mod.path + ", governed by " + mod.file()
		if mod.list.work != nil {
			line += " within " + mod.list.work.file()
		}
		lines = append(lines, line)
	}
	if isFile && !strings.HasSuffix(name, ".go") {
		return lines
	}
	if elem := passedOver(dir); elem != "" {
		return append(lines, "go: not read: the go command passes over folders named "+elem)
	}
	p := r.packageIn(dir)
	if p == nil {
		return append(lines, "go: no Go files in the folder")
	}
	if isFile {
		_, skipped := slices.BinarySearchFunc(r.skipped, path, func(s loader.Skipped, path string) int {
			return strings.Compare(s.Path, path)
		})
		switch {
		case skipped:
			return lines // the loader says the reason
		case strings.HasSuffix(name, "_test.go"):
			return append(lines, "go: in "+string(p.testID())+", the tests of package "+p.importPath)
		}
	}
	if p.source() {
		lines = append(lines, "go: in "+string(p.id())+", package "+p.importPath)
	}
	if !isFile && len(p.tests) > 0 {
		lines = append(lines, "go: with tests in "+string(p.testID()))
	}
	return lines
}

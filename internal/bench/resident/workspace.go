package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// perPackage is how many modules share a manifest, perFolder how many a folder.
const (
	perPackage = 100
	perFolder  = 20
)

// workspace is a tree of packages, each with a manifest of its own. Within a
// package module j imports j/2 and j/3, and the first module of package k that of
// package k/2: a few modules have many dependents and most have few.
type workspace struct {
	root      string
	languages []language
	count     int // modules a language
}

// language says how a workspace looks in it.
type language struct {
	name     string
	common   func(packages int) map[string]string // files of the whole workspace
	manifest func(pkg, version int) (path, text string)
	path     func(module int) string
	head     func(module int) string
	imports  func(from, to int) string
	export   func(version int) string
	comment  string
	added    func(module, n int) string // the path of a new file beside a module
	config   string                     // what the manifest is called in the table
}

func newWorkspace(root, name string, modules int) (*workspace, error) {
	w := &workspace{root: root}
	for _, l := range languages {
		if name == l.name || name == "mixed" {
			w.languages = append(w.languages, l)
		}
	}
	if len(w.languages) == 0 || modules < 2*perPackage*len(w.languages) {
		return nil, fmt.Errorf("want a language and at least %d modules of each", 2*perPackage)
	}
	w.count = modules / len(w.languages)
	for _, l := range w.languages {
		packages := (w.count + perPackage - 1) / perPackage
		for path, text := range l.common(packages) {
			if err := w.write(path, text); err != nil {
				return nil, err
			}
		}
		for k := range packages {
			if err := w.write(l.manifest(k, 0)); err != nil {
				return nil, err
			}
		}
		for i := range w.count {
			if err := w.write(l.path(i), l.text(i)); err != nil {
				return nil, err
			}
		}
	}
	return w, nil
}

func (w *workspace) write(path, text string) error {
	name := filepath.Join(w.root, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, []byte(text), 0o644)
}

// text is a module as the workspace begins with it.
func (l language) text(i int) string {
	first, j := i/perPackage*perPackage, i%perPackage
	text := l.head(i)
	if j > 0 {
		text += l.imports(i, first+j/2)
		if j/3 != j/2 {
			text += l.imports(i, first+j/3)
		}
	} else if k := i / perPackage; k > 0 {
		text += l.imports(i, k/2*perPackage)
	}
	return text + l.export(0)
}

// edit is one change of one file.
type edit struct {
	kind string
	make func() error
}

// edits lists one edit of each kind, which together leave the workspace as it
// was but for a comment and versions.
func (w *workspace) edits(round int, exports bool) []edit {
	l := w.languages[round%len(w.languages)]
	i := (round*7919 + 13) % w.count
	other := i/perPackage*perPackage + 1
	path, text := l.path(i), l.text(i)
	commented := text + fmt.Sprintf("%s round %d\n", l.comment, round)
	write := func(path, text string) func() error { return func() error { return w.write(path, text) } }
	at := func(path string) string { return filepath.Join(w.root, filepath.FromSlash(path)) }
	added, renamed := l.added(i, 1), l.added(i, 2)
	list := []edit{
		{"body of a file", write(path, commented)},
		{"an import more", write(path, l.head(i)+l.imports(i, other)+commented[len(l.head(i)):])},
		{"an import less", write(path, commented)},
	}
	if exports {
		list = append(list, edit{"an export changed", write(path, commented+l.export(round+1))}, edit{"an export changed", write(path, commented)})
	}
	list = append(list,
		edit{"a file more", write(added, l.head(i)+l.imports(i, other))},
		edit{"a file renamed", func() error { return os.Rename(at(added), at(renamed)) }},
		edit{"a file less", func() error { return os.Remove(at(renamed)) }},
	)
	manifest, versioned := l.manifest(i/perPackage, round+1)
	return append(list, edit{"a manifest (" + l.config + ")", write(manifest, versioned)})
}

package golang

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	gomodule "golang.org/x/mod/module"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// embed concludes a //go:embed pattern: an implicit dependency on each file that
// it takes in. The rules are those of the go command: a pattern matches names
// below the package's folder; a folder stands for all files below it but those
// whose name begins with "." or "_", unless the pattern begins with "all:"; no
// match lies in another module.
func (r *resolver) embed(p *pkg, pattern string, res *loader.Resolution) {
	glob, all := strings.CutPrefix(pattern, "all:")
	if _, err := path.Match(glob, ""); err != nil || glob == "." || !fs.ValidPath(glob) {
		res.Fail("the pattern is not valid: it names files below the package's folder, with / and without . or ..")
		return
	}
	e := embedding{tree: r.ws.Tree, res: res, dir: p.dir, pattern: pattern, all: all}
	e.match(p.dir, glob)
	switch {
	case res.Reason != "":
		res.Targets = res.Targets[:0]
	case len(res.Targets) == 0:
		res.File(loader.Join(p.dir, glob))
		res.Fail("no file matches the pattern; files that are ignored do not count")
	}
}

// embedding is the search for the files of one pattern.
type embedding struct {
	tree    *loader.Tree
	res     *loader.Resolution
	dir     string // of the package
	pattern string
	all     bool
}

// match goes down the tree along the elements of a glob. What an element
// without a wildcard names is not searched for.
func (e *embedding) match(dir, glob string) {
	elem, rest, more := strings.Cut(glob, "/")
	folder := e.res.Folder(dir)
	if folder == nil {
		return
	}
	matches := func(name string) bool {
		ok, _ := path.Match(elem, name) // the pattern is known to be well formed
		return ok
	}
	for _, name := range folder.Dirs {
		if !matches(name) {
			continue
		}
		if more {
			e.match(loader.Join(dir, name), rest)
		} else {
			e.folder(loader.Join(dir, name))
		}
	}
	if more {
		return
	}
	for _, name := range folder.Files {
		if matches(name) {
			e.file(loader.Join(dir, name))
		}
	}
}

// file takes in a file that the pattern matched.
func (e *embedding) file(file string) {
	if e.permitted(file) {
		e.res.To(module.ID(file), module.Implicit, "go:embed "+e.pattern)
	}
}

// folder takes in the files of a folder that the pattern matched.
func (e *embedding) folder(dir string) {
	if !e.permitted(dir) {
		return
	}
	before := len(e.res.Targets)
	e.below(dir)
	if len(e.res.Targets) == before && e.res.Reason == "" {
		e.res.Fail("folder " + dir + " has no file that can be embedded")
	}
}

func (e *embedding) below(dir string) {
	folder := e.res.Folder(dir)
	for _, name := range folder.Files {
		switch {
		case !e.all && hidden(name), badName(name) && hidden(name):
		case badName(name):
			e.res.Fail("file " + loader.Join(dir, name) + " cannot be embedded: its name cannot be in a module")
			return
		default:
			e.res.To(module.ID(loader.Join(dir, name)), module.Implicit, "go:embed "+e.pattern)
		}
	}
	for _, name := range folder.Dirs {
		sub := loader.Join(dir, name)
		if badName(name) || hidden(name) && !e.all || e.beginsModule(sub) {
			continue
		}
		e.below(sub)
	}
}

// permitted reports whether a match may be embedded: neither it nor a folder on
// the way may be of another module or have a name that a module cannot hold.
func (e *embedding) permitted(match string) bool {
	for at := match; at != e.dir && e.res.Reason == ""; {
		parent, name := loader.Split(at)
		switch {
		case e.beginsModule(at):
			e.res.Fail("the pattern matches " + match + ", which is in the module of " + loader.Join(at, "go.mod"))
		case badName(name):
			e.res.Fail("the pattern matches " + match + ", whose name cannot be in a module")
		}
		at = parent
	}
	return e.res.Reason == ""
}

// beginsModule reports whether a folder has a go.mod.
func (e *embedding) beginsModule(dir string) bool {
	name := loader.Join(dir, "go.mod")
	e.res.Found(name)
	return e.tree.File(name)
}

func hidden(name string) bool { return name[0] == '.' || name[0] == '_' }

// badName reports whether a name cannot be in a module's archive.
func badName(name string) bool {
	return gomodule.CheckFilePath(name) != nil || slices.Contains([]string{".bzr", ".hg", ".git", ".svn"}, name)
}

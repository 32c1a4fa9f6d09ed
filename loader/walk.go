package loader

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/eddy-build/eddy/cache"
	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/module"
)

// WalkOptions say what a walk reads. The zero value reads everything that no
// ignore file of the tree excludes.
type WalkOptions struct {
	Workers int      // folders that are read at once; 0 for one a processor
	Exclude []string // patterns of what to leave out, in the syntax of .gitignore, from the root
	// Env is [os.Getenv], by which git's settings of the system and the user are
	// found, and so their core.excludesFile; nil to do without.
	Env func(key string) string

	stamped func(path string) bool // says of which files the stamps are wanted; nil for none
	began   int64                  // when the load began, for whose store the walk remembers what it asked; 0 for none
}

// Walk lists the files of a workspace.
//
// It leaves out ".git", "node_modules", what is neither a file nor a folder,
// and what ignore files exclude: .gitignore, .ignore, info/exclude and
// core.excludesFile, also those of the folders above the root up to the one
// that is a git repository. [Tree.Ignored] tells why. A folder that cannot be
// read is a diagnostic with the code "unreadable"; the error is for a root that
// cannot be read and for ctx.
//
// A symbolic link to a file is a file. A link to a folder is followed once:
// where the folder lies in the workspace and is walked there anyway, the link
// is another name for it ([Tree.Real]); else the folder is walked under the
// link's name.
//
// The result is the same for any number of workers. A folder costs one listing
// and a file nothing: no file is opened or stat'ed but for ignore files and
// symbolic links.
func Walk(ctx context.Context, files fsys.FS, opts WalkOptions) (*Tree, []module.Diagnostic, error) {
	asker := newAsker(files, opts)
	w := &walk{ctx: ctx, fs: files, asker: asker, workers: opts.Workers, stamped: opts.stamped}
	if w.workers <= 0 {
		w.workers = runtime.GOMAXPROCS(0)
	}
	var log walkLog
	r := reader{fs: asker, log: &log}
	w.rules.config = r.excludes(opts.Exclude)
	levels, git, _ := findRepository(asker)
	parent, top := r.above(levels)
	w.rules.top = top
	if opts.Env != nil {
		if name := r.excludesFile(asker.getenv, git, climb(levels)); name != "" {
			w.rules.global = r.shared(name)
		}
	}

	if err := w.run([]task{{path: ".", rules: parent}}, &log); err != nil {
		return nil, nil, err
	}
	if w.rootErr != nil {
		return nil, nil, fmt.Errorf("read the workspace: %w", w.rootErr)
	}
	l := newLinks(w, &log)
	for len(log.links) > 0 {
		if err := w.run(l.resolve(), &log); err != nil {
			return nil, nil, err
		}
		l.adopt()
	}
	l.finish()
	tree := NewTree(log.folders)
	tree.outside.fs = files
	tree.aliases = l.aliases
	tree.rules = &w.rules
	tree.linked, tree.dangling = l.linked(), l.dangling
	slices.Sort(log.read)
	tree.ignoreFiles = slices.Compact(log.read)
	tree.asks, tree.doubt = asker.all(), asker.doubt
	return tree, module.SortDiagnostics(log.diagnostics), nil
}

// walk is one walk. Its workers share the queue of the folders that are still
// to be read; each keeps what it found in a log of its own.
type walk struct {
	ctx     context.Context
	fs      fsys.FS // to list folders
	asker   *asker  // for all else
	rules   ruleset
	workers int
	stamped func(path string) bool
	// followed holds the real paths of the folders that were followed, with the
	// links to them. It is not written while workers run.
	followed map[string]string

	mu      sync.Mutex
	more    sync.Cond // a task came, or the last one is done
	queue   []task    // read from the end, so that it stays short
	busy    int
	rootErr error
}

// task is a folder to read.
type task struct {
	path  string
	rules *rules // of the folder above
	real  string // real path, for a folder that is reached by a link
}

// link is a symbolic link that was met.
type link struct {
	path  string
	rules *rules // of its folder
}

// walkLog is what one worker found.
type walkLog struct {
	folders     []*Folder
	links       []link
	again       []target // folders that are walked under another name
	read        []string // ignore files
	diagnostics []module.Diagnostic
}

func (l *walkLog) add(m *walkLog) {
	l.folders = append(l.folders, m.folders...)
	l.links = append(l.links, m.links...)
	l.again = append(l.again, m.again...)
	l.read = append(l.read, m.read...)
	l.diagnostics = append(l.diagnostics, m.diagnostics...)
}

// unreadable tells of a file or folder that could not be read.
func (l *walkLog) unreadable(name string, err error) {
	message := "cannot read: " + cause(err).Error() + "; what is in it is missing from the graph"
	if errors.Is(err, fs.ErrNotExist) {
		message = "vanished while the workspace was read; run again"
	}
	l.diagnostics = append(l.diagnostics, module.Diagnostic{
		Severity: module.Warning,
		Code:     "unreadable",
		Span:     module.Span{File: name},
		Message:  message,
	})
}

// run reads folders and all that is below them.
func (w *walk) run(tasks []task, log *walkLog) error {
	w.more.L = &w.mu
	w.queue = append(w.queue[:0], tasks...)
	logs := make([]walkLog, w.workers)
	var workers sync.WaitGroup
	for i := range logs {
		workers.Go(func() { w.work(&logs[i]) })
	}
	workers.Wait()
	for i := range logs {
		log.add(&logs[i])
	}
	return w.ctx.Err()
}

func (w *walk) work(log *walkLog) {
	v := visitor{walk: w, reader: reader{fs: w.asker, log: log}, log: log}
	w.mu.Lock()
	defer w.mu.Unlock()
	for {
		for len(w.queue) == 0 && w.busy > 0 {
			w.more.Wait()
		}
		if len(w.queue) == 0 || w.ctx.Err() != nil {
			w.queue = w.queue[:0]
			w.more.Broadcast()
			return
		}
		last := len(w.queue) - 1
		t := w.queue[last]
		w.queue[last] = task{}
		w.queue = w.queue[:last]
		w.busy++
		w.mu.Unlock()

		v.visit(t)

		w.mu.Lock()
		w.busy--
		w.queue = append(w.queue, v.below...)
		if len(v.below) > 1 || w.busy == 0 {
			w.more.Broadcast()
		} else if len(v.below) == 1 {
			w.more.Signal()
		}
	}
}

// visitor reads folders, one at a time.
type visitor struct {
	*walk
	reader reader
	log    *walkLog
	path   []byte // of the entry, from the top
	below  []task // the folders in the folder that was read last
}

func (v *visitor) visit(t task) {
	v.below = v.below[:0]
	entries, stamps, stamp, err := v.read(t.path)
	folder := &Folder{Path: t.path, partial: err != nil}
	if cache.Stamp(stamp).Trusted(v.asker.began) {
		folder.stamp = stamp
	}
	if err != nil {
		if t.path == "." {
			v.mu.Lock()
			v.rootErr = err
			v.mu.Unlock()
			return
		}
		v.log.unreadable(t.path, err)
	}
	v.log.folders = append(v.log.folders, folder)
	base := v.enterPath(t.path)
	folder.rules = v.enter(t, entries, base)
	v.sort(folder, entries, stamps, t)
}

// enterPath makes v.path the path of a folder from the top, with a slash at its
// end, and returns its length.
func (v *visitor) enterPath(path string) int {
	v.path = append(v.path[:0], v.rules.top...)
	if path != "." {
		v.path = append(v.path, path...)
		v.path = append(v.path, '/')
	}
	return len(v.path)
}

// sort puts the entries of a folder where they belong, by its rules. stamps are
// theirs, or nil.
func (v *visitor) sort(folder *Folder, entries []fsys.DirEntry, stamps []fsys.Stamp, t task) {
	r := folder.rules
	base := v.enterPath(t.path)
	dirs, files := 0, 0
	for _, e := range entries {
		switch {
		case e.Type.IsDir():
			dirs++
		case e.Type.IsRegular():
			files++
		}
	}
	folder.Dirs = make([]string, 0, dirs)
	folder.Files = make([]string, 0, files)
	if stamps != nil {
		folder.stamps = make([]fsys.Stamp, 0, files)
	}
	for i, e := range entries {
		if reason := v.judge(e, r, base); reason != "" {
			folder.skipped = append(folder.skipped, skipped{e.Name, kindOf(e.Type), reason})
			continue
		}
		switch {
		case e.Type.IsDir():
			below := task{path: Join(t.path, e.Name), rules: r}
			if t.real != "" {
				below.real = t.real + "/" + e.Name
				if at, ok := v.followed[below.real]; ok {
					v.log.again = append(v.log.again, target{link{path: below.path}, at})
					continue
				}
			}
			folder.Dirs = append(folder.Dirs, e.Name)
			v.below = append(v.below, below)
		case e.Type.IsRegular():
			folder.Files = append(folder.Files, e.Name)
			if stamps != nil {
				folder.stamps = append(folder.stamps, stamps[i])
			}
		default:
			v.log.links = append(v.log.links, link{path: Join(t.path, e.Name), rules: r})
		}
	}
}

// read lists a folder, with stamps where they are wanted.
func (v *visitor) read(path string) ([]fsys.DirEntry, []fsys.Stamp, fsys.Stamp, error) {
	var want func(name string) bool
	if v.stamped != nil {
		want = func(name string) bool { return v.stamped(Join(path, name)) }
	}
	return fsys.ReadDirStamps(v.fs, path, want)
}

// enter adds the ignore files of a folder to the rules of the folder above.
func (v *visitor) enter(t task, entries []fsys.DirEntry, base int) *rules {
	r := rules{parent: t.rules, base: base}
	if _, ok := find(entries, gitDirName); ok {
		r.exclude, r.repository = v.reader.repository(t.path)
	}
	if e, ok := find(entries, gitIgnoreName); ok {
		if e.Type.IsRegular() {
			r.git = v.reader.patterns(Join(t.path, e.Name))
		} else if e.Type&fs.ModeSymlink != 0 {
			v.log.diagnostics = append(v.log.diagnostics, module.Diagnostic{
				Severity: module.Warning,
				Code:     "gitignore-link",
				Span:     module.Span{File: Join(t.path, e.Name)},
				Message:  "not read, because git does not read a .gitignore that is a symbolic link; make it a file",
			})
		}
	}
	if e, ok := find(entries, plainIgnoreName); ok {
		r.plain = v.reader.shared(Join(t.path, e.Name))
	}
	if r.git == nil && r.plain == nil && !r.repository {
		return t.rules
	}
	return &r
}

func find(entries []fsys.DirEntry, name string) (fsys.DirEntry, bool) {
	i, ok := slices.BinarySearchFunc(entries, name, func(e fsys.DirEntry, name string) int {
		return strings.Compare(e.Name, name)
	})
	if !ok {
		return fsys.DirEntry{}, false
	}
	return entries[i], true
}

// judge says why an entry is left out; empty where it is not.
func (v *visitor) judge(e fsys.DirEntry, r *rules, base int) string {
	switch {
	case e.Name == gitDirName:
		return "git's own"
	case e.Name == nodeModulesName && !e.Type.IsRegular():
		return "installed packages"
	case !e.Type.IsDir() && !e.Type.IsRegular() && e.Type&fs.ModeSymlink == 0:
		return "neither a file nor a folder"
	}
	v.path = append(v.path[:base], e.Name...)
	if p := v.rules.match(r, v.path, base, e.Type.IsDir()); p != nil && !p.negated {
		return p.reason
	}
	return ""
}

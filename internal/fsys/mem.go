package fsys

import (
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/tools/txtar"
)

// memRoot is where the workspace of a [Mem] lies, so that there is something
// above it.
const memRoot = "/mem/home/root"

// maxLinks is how many symbolic links a path may go through, as on Linux.
const maxLinks = 40

// Mem is a tree of files in memory, with symbolic links, for tests. It may be
// changed at any time, also by the [Mem.Before] hook of a call that is under
// way; each change is at a time of its own. It behaves as [OS] does.
//
// The methods that change it take names as [FS] does, make missing parent
// folders, and panic where a test asks for what cannot be, such as a file below
// a file.
type Mem struct {
	mu     sync.Mutex
	top    *memNode // "/"
	inode  uint64
	now    func() time.Time
	before func(op, name string)
	faults map[string]error // by absolute path, links not resolved
}

type memNode struct {
	mode   fs.FileMode
	data   []byte
	target string // of a symbolic link
	kids   map[string]*memNode
	stamp  Stamp // without size and mode
}

// NewMem returns an empty tree. Its clock begins at 2001-01-01 and goes on by a
// second with each change.
func NewMem() *Mem {
	ticks := time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)
	m := &Mem{faults: make(map[string]error)}
	m.now = func() time.Time {
		ticks = ticks.Add(time.Second)
		return ticks
	}
	m.top = m.node(fs.ModeDir | 0o755)
	m.Mkdir(".")
	return m
}

// MemOf returns a tree of files with these contents. A name that ends in a
// slash makes an empty folder; a content "-> target" makes a symbolic link.
func MemOf(files map[string]string) *Mem {
	m := NewMem()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		m.put(name, files[name])
	}
	return m
}

// MemOfText is [MemOf] of an archive as in [txtar]. Of the content of a
// symbolic link the first line counts.
func MemOfText(archive string) *Mem {
	m := NewMem()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		m.put(f.Name, string(f.Data))
	}
	return m
}

func (m *Mem) put(name, content string) {
	if dir, ok := strings.CutSuffix(name, "/"); ok {
		m.Mkdir(dir)
	} else if target, ok := strings.CutPrefix(content, "-> "); ok {
		target, _, _ = strings.Cut(target, "\n")
		m.Symlink(target, name)
	} else {
		m.Write(name, content)
	}
}

// SetClock sets what tells the time of the changes that follow.
func (m *Mem) SetClock(now func() time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = now
}

// Before sets what is called before each call of [FS], with its name in lower
// case ("readdir", "stat", "lstat", "realpath", "readfile", "readprefix"). It
// may change the tree; it is called from the caller's goroutine.
func (m *Mem) Before(hook func(op, name string)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.before = hook
}

// Fail makes every call on a name return an error; nil mends it.
func (m *Mem) Fail(name string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err == nil {
		delete(m.faults, abs(name))
	} else {
		m.faults[abs(name)] = err
	}
}

// Write makes a file or gives it new bytes.
func (m *Mem) Write(name, data string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	dir, base := m.parent(name)
	n := dir.kids[base]
	if n == nil {
		n = m.node(0o644)
		dir.kids[base] = n
		m.touch(dir)
	}
	if !n.mode.IsRegular() {
		panic("fsys: write to " + name + ", which is not a file")
	}
	n.data = []byte(data)
	m.touch(n)
}

// Mkdir makes a folder.
func (m *Mem) Mkdir(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.parent(name + "/x")
}

// Symlink makes a symbolic link, in place of what was there.
func (m *Mem) Symlink(target, name string) {
	m.special(name, fs.ModeSymlink|0o777, target)
}

// Special makes a pipe, a socket or a device, in place of what was there.
func (m *Mem) Special(name string, mode fs.FileMode) { m.special(name, mode|0o644, "") }

func (m *Mem) special(name string, mode fs.FileMode, target string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	dir, base := m.parent(name)
	n := m.node(mode)
	n.target = target
	dir.kids[base] = n
	m.touch(dir)
}

// Chmod sets the permissions of a file or folder. One without any bit of
// reading, or a folder without any of execution, is closed.
func (m *Mem) Chmod(name string, perm fs.FileMode) {
	m.mu.Lock()
	defer m.mu.Unlock()
	dir, base := m.parent(name)
	n := dir.kids[base]
	if n == nil {
		panic("fsys: chmod of " + name + ", which is not there")
	}
	n.mode = n.mode&^fs.ModePerm | perm
	n.stamp.CTime = m.now().UnixNano()
}

// Remove removes a file, or a folder with all that is below it.
func (m *Mem) Remove(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	dir, base := m.parent(name)
	delete(dir.kids, base)
	m.touch(dir)
}

// Rename moves a file or folder, in place of what was there.
func (m *Mem) Rename(from, to string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	old, oldBase := m.parent(from)
	n := old.kids[oldBase]
	if n == nil {
		panic("fsys: rename of " + from + ", which is not there")
	}
	dir, base := m.parent(to)
	delete(old.kids, oldBase)
	dir.kids[base] = n
	n.stamp.CTime = m.now().UnixNano()
	m.touch(old)
	m.touch(dir)
}

func (m *Mem) node(mode fs.FileMode) *memNode {
	m.inode++
	n := &memNode{mode: mode, stamp: Stamp{Inode: m.inode}}
	if mode.IsDir() {
		n.kids = make(map[string]*memNode)
	}
	m.touch(n)
	return n
}

func (m *Mem) touch(n *memNode) {
	n.stamp.MTime = m.now().UnixNano()
	n.stamp.CTime = n.stamp.MTime
}

// parent returns the folder that holds name, made where it is missing.
func (m *Mem) parent(name string) (*memNode, string) {
	dir, base := path.Split(abs(name))
	n := m.top
	for part := range strings.SplitSeq(strings.Trim(dir, "/"), "/") {
		if part == "" {
			continue
		}
		kid := n.kids[part]
		if kid == nil {
			kid = m.node(fs.ModeDir | 0o755)
			n.kids[part] = kid
			m.touch(n)
		}
		if !kid.mode.IsDir() {
			panic("fsys: " + name + " is below " + part + ", which is not a folder")
		}
		n = kid
	}
	return n, base
}

// abs is the absolute path of a name.
func abs(name string) string {
	if path.IsAbs(name) {
		return path.Clean(name)
	}
	return path.Join(memRoot, name)
}

// find resolves a path as the system does, and returns the real one.
func (m *Mem) find(name string, follow bool) (*memNode, string, error) {
	if strings.IndexByte(name, 0) >= 0 {
		return nil, "", syscall.EINVAL
	}
	nodes, names := []*memNode{m.top}, []string{""}
	todo := strings.Split(strings.Trim(abs(name), "/"), "/")
	for links := 0; len(todo) > 0; {
		part := todo[0]
		todo = todo[1:]
		dir := nodes[len(nodes)-1]
		if !dir.mode.IsDir() {
			return nil, "", syscall.ENOTDIR
		}
		if dir.mode&0o111 == 0 {
			return nil, "", syscall.EACCES
		}
		switch part {
		case "", ".":
			continue
		case "..":
			if len(nodes) > 1 {
				nodes, names = nodes[:len(nodes)-1], names[:len(names)-1]
			}
			continue
		}
		n := dir.kids[part]
		if n == nil {
			return nil, "", syscall.ENOENT
		}
		if n.mode&fs.ModeSymlink != 0 && (follow || len(todo) > 0) {
			if links++; links > maxLinks {
				return nil, "", syscall.ELOOP
			}
			if path.IsAbs(n.target) {
				nodes, names = nodes[:1], names[:1]
			}
			todo = append(strings.Split(strings.Trim(n.target, "/"), "/"), todo...)
			continue
		}
		nodes, names = append(nodes, n), append(names, part)
	}
	return nodes[len(nodes)-1], strings.Join(names, "/"), nil
}

// begin is the head of every call of [FS]; its caller unlocks.
func (m *Mem) begin(op, name string) error {
	m.mu.Lock()
	if hook := m.before; hook != nil {
		m.mu.Unlock()
		hook(op, name)
		m.mu.Lock()
	}
	return m.faults[abs(name)]
}

// Root implements [FS].
func (m *Mem) Root() string { return memRoot }

// ReadDir implements [FS].
func (m *Mem) ReadDir(name string) ([]DirEntry, error) {
	entries, _, err := m.readDir(name)
	return entries, err
}

// ReadDirStamps implements [StampReader].
func (m *Mem) ReadDirStamps(name string, want func(name string) bool) ([]DirEntry, []Stamp, Stamp, error) {
	entries, folder, err := m.readDir(name)
	if want == nil {
		return entries, nil, folder, err
	}
	stamps := make([]Stamp, len(entries))
	for i, e := range entries {
		if e.Type.IsRegular() && want(e.Name) {
			if info, err := m.Stat(path.Join(name, e.Name)); err == nil {
				stamps[i] = info.Stamp
			}
		}
	}
	return entries, stamps, folder, err
}

// SameFolder implements [FolderComparer].
func (m *Mem) SameFolder(name string, stamp Stamp, n int, file func(i int) (name string, stamp Stamp)) bool {
	if info, err := m.Stat(name); err != nil || info.Stamp != stamp {
		return false
	}
	for i := range n {
		base, want := file(i)
		if info, err := m.Stat(path.Join(name, base)); err != nil || info.Stamp != want {
			return false
		}
	}
	return true
}

// readDir returns the stamp of the folder too.
func (m *Mem) readDir(name string) ([]DirEntry, Stamp, error) {
	err := m.begin("readdir", name)
	defer m.mu.Unlock()
	var n *memNode
	if err == nil {
		n, _, err = m.find(name, true)
	}
	switch {
	case err != nil:
	case !n.mode.IsDir():
		err = syscall.ENOTDIR
	case n.mode&0o444 == 0:
		err = syscall.EACCES
	}
	if err != nil {
		return nil, Stamp{}, pathError("readdir", name, err)
	}
	entries := make([]DirEntry, 0, len(n.kids))
	for _, kid := range slices.Sorted(maps.Keys(n.kids)) {
		entries = append(entries, DirEntry{Name: kid, Type: n.kids[kid].mode.Type()})
	}
	return entries, n.stampNow(), nil
}

// Stat implements [FS].
func (m *Mem) Stat(name string) (Info, error) { return m.stat("stat", name, true) }

// Lstat implements [FS].
func (m *Mem) Lstat(name string) (Info, error) { return m.stat("lstat", name, false) }

func (m *Mem) stat(op, name string, follow bool) (Info, error) {
	err := m.begin(op, name)
	defer m.mu.Unlock()
	var n *memNode
	if err == nil {
		n, _, err = m.find(name, follow)
	}
	if err != nil {
		return Info{}, pathError(op, name, err)
	}
	return Info{Mode: n.mode, Stamp: n.stampNow()}, nil
}

func (n *memNode) stampNow() Stamp {
	s := n.stamp
	s.Size = int64(len(n.data))
	s.Mode = uint32(n.mode)
	return s
}

// RealPath implements [FS].
func (m *Mem) RealPath(name string) (string, error) {
	err := m.begin("realpath", name)
	defer m.mu.Unlock()
	var real string
	if err == nil {
		_, real, err = m.find(name, true)
	}
	if err != nil {
		return "", pathError("realpath", name, err)
	}
	if real == "" {
		real = "/"
	}
	return relative(memRoot, real), nil
}

// ReadFile implements [FS].
func (m *Mem) ReadFile(name string, buf []byte) ([]byte, Stamp, error) {
	data, _, stamp, err := m.read("readfile", name, maxFile, buf)
	return data, stamp, err
}

// ReadPrefix implements [FS].
func (m *Mem) ReadPrefix(name string, n int, buf []byte) ([]byte, bool, Stamp, error) {
	return m.read("readprefix", name, n, buf)
}

func (m *Mem) read(op, name string, limit int, buf []byte) ([]byte, bool, Stamp, error) {
	buf = buf[:0]
	err := m.begin(op, name)
	defer m.mu.Unlock()
	var n *memNode
	if err == nil {
		n, _, err = m.find(name, true)
	}
	switch {
	case err != nil:
	case n.mode&0o444 == 0:
		err = syscall.EACCES
	case !n.mode.IsRegular():
		return buf, false, n.stampNow(), pathError("read", name, ErrNotRegular)
	}
	if err != nil {
		return buf, false, Stamp{}, pathError("open", name, err)
	}
	whole := len(n.data) <= limit
	return append(buf, n.data[:min(limit, len(n.data))]...), whole, n.stampNow(), nil
}

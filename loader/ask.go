package loader

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/eddy-build/eddy/cache"
	"github.com/eddy-build/eddy/internal/fsys"
)

// asker is a file system, and an environment, that remembers what it was asked
// and what it answered, beside the entries of folders. What a walk finds follows
// from those entries and from these answers alone.
type asker struct {
	fsys.FS
	env   func(string) string // nil for none
	began int64               // when the walk began

	mu   sync.Mutex
	asks []cache.Ask
	// doubt tells that something was asked of which a later answer cannot be
	// compared.
	doubt bool
}

// What was asked; the numbers are those of the stored snapshots.
const (
	askStat  uint8 = iota // what is at a path, links followed
	askLstat              // what is at a path
	askReal               // its real path
	askStamp              // the stamp of a file that was read
	askEnv                // a variable of the environment; without a name, whether there is one
	askRoot               // the real path of the root
)

func newAsker(files fsys.FS, opts WalkOptions) *asker {
	a := &asker{FS: files, env: opts.Env, began: opts.began, doubt: opts.began == 0}
	a.note(askRoot, "", files.Root())
	a.note(askEnv, "", strconv.FormatBool(opts.Env != nil))
	return a
}

func (a *asker) note(op uint8, path, answer string) {
	a.mu.Lock()
	a.asks = append(a.asks, cache.Ask{Op: op, Path: path, Answer: answer})
	a.mu.Unlock()
}

func (a *asker) Stat(name string) (fsys.Info, error) {
	info, err := a.FS.Stat(name)
	a.note(askStat, name, answerKind(info, err))
	return info, err
}

func (a *asker) Lstat(name string) (fsys.Info, error) {
	info, err := a.FS.Lstat(name)
	a.note(askLstat, name, answerKind(info, err))
	return info, err
}

func (a *asker) RealPath(name string) (string, error) {
	real, err := a.FS.RealPath(name)
	a.note(askReal, name, answerPath(real, err))
	return real, err
}

func (a *asker) ReadFile(name string, buf []byte) ([]byte, fsys.Stamp, error) {
	data, stamp, err := a.FS.ReadFile(name, buf)
	a.read(name, stamp, err)
	return data, stamp, err
}

func (a *asker) ReadPrefix(name string, n int, buf []byte) ([]byte, bool, fsys.Stamp, error) {
	data, whole, stamp, err := a.FS.ReadPrefix(name, n, buf)
	a.read(name, stamp, err)
	return data, whole, stamp, err
}

func (a *asker) read(name string, stamp fsys.Stamp, err error) {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		a.note(askStat, name, answerKind(fsys.Info{}, err))
	case err != nil || !cache.Stamp(stamp).Trusted(a.began):
		a.mu.Lock()
		a.doubt = true
		a.mu.Unlock()
	default:
		a.note(askStamp, name, answerStamp(stamp))
	}
}

func (a *asker) getenv(name string) string {
	value := a.env(name)
	a.note(askEnv, name, value)
	return value
}

// asked reports whether anything was asked but what newAsker notes. What is read
// and leaves no note was asked for before.
func (a *asker) asked() bool {
	return slices.ContainsFunc(a.asks, func(q cache.Ask) bool { return q.Path != "" })
}

// all returns what was asked, sorted.
func (a *asker) all() []cache.Ask {
	slices.SortFunc(a.asks, func(x, y cache.Ask) int {
		return cmp.Or(cmp.Compare(x.Op, y.Op), strings.Compare(x.Path, y.Path), strings.Compare(x.Answer, y.Answer))
	})
	a.asks = slices.Compact(a.asks)
	return a.asks
}

// answered reports whether a question has the answer that it had.
func answered(files fsys.FS, env func(string) string, q cache.Ask) bool {
	switch q.Op {
	case askStat:
		return answerKind(files.Stat(q.Path)) == q.Answer
	case askLstat:
		return answerKind(files.Lstat(q.Path)) == q.Answer
	case askReal:
		return answerPath(files.RealPath(q.Path)) == q.Answer
	case askStamp:
		info, err := files.Stat(q.Path)
		return err == nil && answerStamp(info.Stamp) == q.Answer
	case askEnv:
		if q.Path == "" {
			return strconv.FormatBool(env != nil) == q.Answer
		}
		return env != nil && env(q.Path) == q.Answer
	case askRoot:
		return files.Root() == q.Answer
	}
	return false
}

// failed is how the answer begins that was an error.
const failed = "!"

func answerKind(info fsys.Info, err error) string {
	if err != nil {
		return failed + cause(err).Error()
	}
	return info.Mode.Type().String()
}

func answerPath(path string, err error) string {
	if err != nil {
		return failed + cause(err).Error()
	}
	return path
}

func answerStamp(s fsys.Stamp) string {
	return fmt.Sprint(s.Size, s.MTime, s.CTime, s.Inode, s.Mode)
}

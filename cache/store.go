package cache

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/eddy-build/eddy/module"
)

// Store keeps one snapshot a workspace and variant in a folder. Several processes may use
// one folder at once: a snapshot is written to a temporary file and renamed, so
// a reader sees an old one or a new one and never a part.
type Store struct {
	dir     string
	variant string
}

const (
	extension       = ".snapshot"
	temporaryPrefix = "tmp-"
	// staleTemporary is the age at which a temporary file is taken to belong to
	// a process that died.
	staleTemporary = time.Hour
	// touchInterval bounds how often a read marks a snapshot as used.
	touchInterval = 24 * time.Hour
)

// OpenStore returns a store in dir, which need not exist. It does no I/O.
func OpenStore(dir string) *Store { return &Store{dir: dir} }

// DefaultDir is the store's folder for a user: that of EDDY_CACHE_DIR if it is
// set, else "eddy" in the user's cache folder.
func DefaultDir(getenv func(string) string) (string, error) {
	if dir := getenv("EDDY_CACHE_DIR"); dir != "" {
		return dir, nil
	}
	// As os.UserCacheDir, with the caller's environment.
	var dir string
	switch home := getenv("HOME"); {
	case runtime.GOOS == "windows":
		dir = getenv("LocalAppData")
	case runtime.GOOS == "darwin" && home != "":
		dir = filepath.Join(home, "Library", "Caches")
	case filepath.IsAbs(getenv("XDG_CACHE_HOME")):
		dir = getenv("XDG_CACHE_HOME")
	case home != "":
		dir = filepath.Join(home, ".cache")
	}
	if dir == "" {
		return "", &module.CacheError{Reason: "no folder for it: set EDDY_CACHE_DIR or HOME"}
	}
	return filepath.Join(dir, "eddy"), nil
}

// Dir returns the store's folder.
func (s *Store) Dir() string { return s.dir }

// Variant is a store in the same folder that keeps a snapshot of its own of each
// workspace, for those who load another part of it. The name is one of a file.
func (s *Store) Variant(name string) *Store { return &Store{dir: s.dir, variant: "-" + name} }

// path is the file for a workspace.
func (s *Store) path(root string) string {
	name := module.DigestOf([]byte(root)).String()[:32]
	return filepath.Join(s.dir, name+s.variant+extension)
}

// Load returns the snapshot of a workspace that was saved under the same key.
// Every failure is a miss: a [*module.CacheError] with the reason.
func (s *Store) Load(root string, key module.Digest) (*State, error) {
	path := s.path(root)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &module.CacheError{Path: path, Reason: "no snapshot yet"}
	}
	if err != nil {
		return nil, &module.CacheError{Path: path, Reason: "cannot be read", Err: err}
	}
	state, reason := decode(data, key)
	if state == nil {
		return nil, &module.CacheError{Path: path, Reason: reason}
	}
	if state.Root != root {
		return nil, &module.CacheError{Path: path, Reason: "belongs to another workspace, " + state.Root}
	}
	s.touch(path)
	return state, nil
}

// Has reports whether there is a snapshot of a workspace, of any use or not.
func (s *Store) Has(root string) bool {
	_, err := os.Stat(s.path(root))
	return err == nil
}

// touch marks a snapshot as used, for Trim. That it may fail, on a folder that
// cannot be written, only makes the snapshot look older.
func (s *Store) touch(path string) {
	info, err := os.Stat(path)
	if now := time.Now(); err == nil && now.Sub(info.ModTime()) > touchInterval {
		_ = os.Chtimes(path, now, now)
	}
}

// Save writes the snapshot of a workspace. On an error the snapshot that was
// there stays.
func (s *Store) Save(root string, key module.Digest, state *State) error {
	path := s.path(root)
	failed := func(reason string, err error) error {
		return &module.CacheError{Path: path, Reason: reason, Err: err}
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return failed("cannot make the folder", err)
	}
	f, err := os.CreateTemp(s.dir, temporaryPrefix+"*")
	if err != nil {
		return failed("cannot be written", err)
	}
	_, err = f.Write(encode(state, key))
	err = cmp.Or(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return failed("cannot be written", err)
	}
	return nil
}

// Remove drops the snapshot of one workspace, if there is one.
func (s *Store) Remove(root string) error {
	err := os.Remove(s.path(root))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return &module.CacheError{Path: s.path(root), Reason: "cannot be removed", Err: err}
	}
	return nil
}

// Entry is one file of a store.
type Entry struct {
	Path string
	Size int64 // bytes
	Used time.Time
}

// Entries lists the snapshots, the longest unused first.
func (s *Store) Entries() ([]Entry, error) {
	list, err := s.list(extension)
	slices.SortFunc(list, func(a, b Entry) int {
		return cmp.Or(a.Used.Compare(b.Used), strings.Compare(a.Path, b.Path))
	})
	return list, err
}

// list returns the store's own files whose name has a suffix, or the temporary
// ones. Other files in the folder are not the store's and stay.
func (s *Store) list(suffix string) ([]Entry, error) {
	names, err := os.ReadDir(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &module.CacheError{Path: s.dir, Reason: "cannot be listed", Err: err}
	}
	var list []Entry
	for _, d := range names {
		if !d.Type().IsRegular() || !strings.HasSuffix(d.Name(), suffix) {
			continue
		}
		info, err := d.Info()
		if err != nil {
			continue // removed by another process meanwhile
		}
		list = append(list, Entry{Path: filepath.Join(s.dir, d.Name()), Size: info.Size(), Used: info.ModTime()})
	}
	return list, nil
}

// Trim removes the longest unused snapshots until at most maxBytes are left, and
// what dead processes left behind. It returns the number of bytes removed.
func (s *Store) Trim(maxBytes int64, now time.Time) (int64, error) {
	var freed int64
	leftovers, err := s.list("")
	if err != nil {
		return 0, err
	}
	for _, e := range leftovers {
		if strings.HasPrefix(filepath.Base(e.Path), temporaryPrefix) && now.Sub(e.Used) > staleTemporary && os.Remove(e.Path) == nil {
			freed += e.Size
		}
	}
	entries, err := s.Entries()
	if err != nil {
		return freed, err
	}
	var total int64
	for _, e := range entries {
		total += e.Size
	}
	for _, e := range entries {
		if total <= maxBytes {
			break
		}
		if err := os.Remove(e.Path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return freed, &module.CacheError{Path: e.Path, Reason: "cannot be removed", Err: err}
		}
		total -= e.Size
		freed += e.Size
	}
	return freed, nil
}

// Clean removes all snapshots.
func (s *Store) Clean(now time.Time) (int64, error) { return s.Trim(0, now.Add(2*staleTemporary)) }

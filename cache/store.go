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

// Store keeps snapshots in a folder: of each workspace one for each key, that is
// for each build of Eddy, level of detail and set of options, up to a few.
// Several processes may use one folder at once: a snapshot is written to a
// temporary file and renamed, so a reader sees an old one or a new one and never
// a part.
type Store struct {
	dir string
}

const (
	extension       = ".snapshot"
	temporaryPrefix = "tmp-"
	// staleTemporary is the age at which a temporary file is taken to belong to
	// a process that died.
	staleTemporary = time.Hour
	// touchInterval bounds how often a read marks a snapshot as used.
	touchInterval = 24 * time.Hour
	// perWorkspace is how many snapshots of one workspace Trim leaves.
	perWorkspace = 8
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

// path is the file for a workspace and a key.
func (s *Store) path(root string, key module.Digest) string {
	return filepath.Join(s.dir, workspaceName(root)+"-"+key.String()[:16]+extension)
}

// workspaceName is how the names of the files of a workspace begin.
func workspaceName(root string) string {
	return module.DigestOf([]byte(root)).String()[:workspaceLength]
}

const workspaceLength = 32

// Load returns the snapshot of a workspace that was saved under the same key.
// Every failure is a miss: a [*module.CacheError] with the reason.
func (s *Store) Load(root string, key module.Digest) (*Stored, error) {
	path := s.path(root, key)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &module.CacheError{Path: path, Reason: s.whyNone(root)}
	}
	if err != nil {
		return nil, &module.CacheError{Path: path, Reason: "cannot be read", Err: err}
	}
	stored, reason := decode(data, key)
	if stored == nil {
		return nil, &module.CacheError{Path: path, Reason: reason}
	}
	if stored.Root != root {
		return nil, &module.CacheError{Path: path, Reason: "belongs to another workspace, " + stored.Root}
	}
	s.touch(path)
	return stored, nil
}

// whyNone says why there is no snapshot of a workspace under a key.
func (s *Store) whyNone(root string) string {
	entries, _ := s.list(extension)
	for _, e := range entries {
		if e.Workspace == workspaceName(root) {
			return "those of this workspace are of another version of Eddy or of other options"
		}
	}
	return "no snapshot yet"
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
	path := s.path(root, key)
	failed := func(reason string, err error) error {
		return &module.CacheError{Path: path, Reason: reason, Err: err}
	}
	data, ok := encode(state, key)
	if !ok {
		return failed("is too large to be written", nil)
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return failed("cannot make the folder", err)
	}
	f, err := os.CreateTemp(s.dir, temporaryPrefix+"*")
	if err != nil {
		return failed("cannot be written", err)
	}
	_, err = f.Write(data)
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

// Entry is one file of a store.
type Entry struct {
	Path      string
	Workspace string // the same for all snapshots of one workspace
	Size      int64  // bytes
	Used      time.Time
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
		list = append(list, Entry{
			Path: filepath.Join(s.dir, d.Name()), Workspace: d.Name()[:min(len(d.Name()), workspaceLength)],
			Size: info.Size(), Used: info.ModTime(),
		})
	}
	return list, nil
}

// Trim removes the longest unused snapshots until at most maxBytes are left and a
// few of each workspace, and what dead processes left behind. It returns the
// number of bytes removed.
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
	left := map[string]int{}
	for _, e := range entries {
		total += e.Size
		left[e.Workspace]++
	}
	for _, e := range entries {
		if total <= maxBytes && left[e.Workspace] <= perWorkspace {
			continue
		}
		if err := os.Remove(e.Path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return freed, &module.CacheError{Path: e.Path, Reason: "cannot be removed", Err: err}
		}
		total -= e.Size
		left[e.Workspace]--
		freed += e.Size
	}
	return freed, nil
}

// Clean removes all snapshots.
func (s *Store) Clean(now time.Time) (int64, error) { return s.Trim(0, now.Add(2*staleTemporary)) }

package fsys

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestSameFolder holds that no change of a folder's entries or of a file in it
// goes unseen, also where the times of last modification are put back.
func TestSameFolder(t *testing.T) {
	for name, edit := range map[string]func(dir string) error{
		"a file is made":     func(dir string) error { return os.WriteFile(filepath.Join(dir, "new"), nil, 0o644) },
		"a folder is made":   func(dir string) error { return os.Mkdir(filepath.Join(dir, "new"), 0o755) },
		"a link is made":     func(dir string) error { return os.Symlink("file", filepath.Join(dir, "new")) },
		"a file is removed":  func(dir string) error { return os.Remove(filepath.Join(dir, "other")) },
		"a file is renamed":  func(dir string) error { return os.Rename(filepath.Join(dir, "other"), filepath.Join(dir, "none")) },
		"a file is moved in": func(dir string) error { return os.Rename(dir+"/../away", filepath.Join(dir, "away")) },
		"a file is replaced": func(dir string) error { return os.Rename(dir+"/../away", filepath.Join(dir, "file")) },
		"a file is replaced that is not asked for": func(dir string) error {
			return os.Rename(dir+"/../away", filepath.Join(dir, "other"))
		},
		"a file becomes a folder": func(dir string) error {
			if err := os.Remove(filepath.Join(dir, "other")); err != nil {
				return err
			}
			return os.Mkdir(filepath.Join(dir, "other"), 0o755)
		},
		"a file is edited":    func(dir string) error { return os.WriteFile(filepath.Join(dir, "file"), []byte("y"), 0o644) },
		"the folder's rights": func(dir string) error { return os.Chmod(dir, 0o700) },
		"the folder is another": func(dir string) error {
			if err := os.Rename(dir, dir+"/../before"); err != nil {
				return err
			}
			if err := os.Mkdir(dir, 0o755); err != nil {
				return err
			}
			for _, f := range []string{"file", "other"} {
				if err := os.Rename(filepath.Join(dir, "..", "before", f), filepath.Join(dir, f)); err != nil {
					return err
				}
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			top := t.TempDir()
			dir := filepath.Join(top, "d")
			if err := os.Mkdir(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			for _, f := range []string{"d/file", "d/other", "away"} {
				if err := os.WriteFile(filepath.Join(top, f), []byte("x"), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			old := time.Now().Add(-time.Hour)
			putBack := func() {
				for _, f := range []string{"d/file", "d/other", "d"} {
					_ = os.Chtimes(filepath.Join(top, f), old, old) // what is gone has no times
				}
			}
			putBack()
			files := OS(top)
			same := func() bool {
				_, stamps, folder, err := ReadDirStamps(files, "d", func(name string) bool { return name == "file" })
				if err != nil {
					t.Fatal(err)
				}
				if folder == (Stamp{}) {
					t.Skip("this file system is not one whose folder stamps are relied on")
				}
				compare := func() bool {
					return files.(FolderComparer).SameFolder("d", folder, 1, func(int) (string, Stamp) { return "file", stamps[0] })
				}
				if !compare() {
					t.Fatal("differs from itself")
				}
				waitForClock(t, top)
				if err := edit(dir); err != nil {
					t.Fatal(err)
				}
				putBack()
				return compare()
			}
			if same() {
				t.Error("the change went unseen")
			}
		})
	}
}

// waitForClock makes changes until the file system's clock goes on, as it has
// where a stamp is old enough to be relied on.
func waitForClock(t *testing.T, dir string) {
	t.Helper()
	path := filepath.Join(dir, "clock")
	stamp := func() int64 {
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		info, err := OS(dir).Stat("clock")
		if err != nil {
			t.Fatal(err)
		}
		return info.Stamp.CTime
	}
	for first := stamp(); stamp() == first; {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
}

// TestOtherDevice holds that what is mounted in a tree is not taken for a part of
// its file system.
func TestOtherDevice(t *testing.T) {
	files := OS(t.TempDir())
	entries, _, folder, err := ReadDirStamps(files, "/proc", nil)
	if err != nil || len(entries) == 0 {
		t.Skip("no /proc:", err)
	}
	if folder != (Stamp{}) {
		t.Error("a folder of /proc has a stamp to rely on")
	}
	if OS("/proc").(FolderComparer).SameFolder(".", folder, 0, nil) {
		t.Error("a folder of /proc is taken for unchanged")
	}
}

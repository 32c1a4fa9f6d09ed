package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// onFullDisk runs a shell script in a name space of its own, in which a small
// file system in memory is mounted at "$disk": at once for root, and for others
// as root of a user name space, where the system lets them.
func onFullDisk(t *testing.T, script string, env ...string) string {
	t.Helper()
	disk := t.TempDir()
	flags := []string{"--mount"}
	if os.Getuid() != 0 {
		flags = append(flags, "--user", "--map-root-user")
	}
	try := func(script string) ([]byte, error) {
		c := exec.Command("unshare", append(flags, "sh", "-e", "-c", `mount -t tmpfs -o size=128k eddy "$disk"; `+script)...)
		c.Env = append(append(os.Environ(), "disk="+disk, "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull), env...)
		return c.CombinedOutput()
	}
	if out, err := try("true"); err != nil {
		t.Skipf("no file system can be mounted here, not even in a name space of this user: %v: %s", err, out)
	}
	out, err := try(script)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}

// TestCacheDiskFull keeps snapshots on a disk that is too small for one of them:
// the command answers, and the snapshot that was there stays whole.
func TestCacheDiskFull(t *testing.T) {
	small, large := ring(t, 30), ring(t, 2000)
	want, _ := finds(t, eddyProcess(large, "cycles", "--no-cache", "-q"))
	file := filepath.Join(t.TempDir(), "want")
	if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
	out := onFullDisk(t, `
		export EDDY_CACHE_DIR="$disk/cache"
		find() { "$@" && exit 3 || [ $? = 1 ]; }
		find eddy -C "$small" cycles -q >/dev/null
		for i in 1 2; do
			find eddy -C "$large" cycles -q >"$file.got"
			cmp "$file" "$file.got"
		done
		find eddy -C "$large" cycles -v 2>&1 >/dev/null | grep start
		find eddy -C "$small" cycles -v 2>&1 >/dev/null | grep start
		ls "$disk/cache" | wc -l
		dd if=/dev/zero of="$disk/rest" 2>/dev/null || true
		echo export {} >"$small/m30.ts"
		find eddy -C "$small" cycles -v 2>&1 >/dev/null | grep start
		find eddy -C "$small" cycles -v 2>&1 >/dev/null | grep start
		ls "$disk/cache" | wc -l
	`, "small="+small, "large="+large, "file="+file)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	for i, want := range []string{
		"cold start: no snapshot yet", // the large one was never stored
		"warm start: ",
		"1",
		"warm start: ", // what was stored is still good, if not for the new file
		"warm start: ",
		"1",
	} {
		if i >= len(lines) || !strings.Contains(lines[i], want) {
			t.Fatalf("line %d is not %q:\n%s", i+1, want, out)
		}
	}
}

// TestCacheReadOnly reads snapshots from a file system that cannot be written.
func TestCacheReadOnly(t *testing.T) {
	dir := ring(t, 30)
	out := onFullDisk(t, `
		export EDDY_CACHE_DIR="$disk/cache"
		find() { "$@" && exit 3 || [ $? = 1 ]; }
		find eddy -C "$dir" cycles -q >/dev/null
		mount -o remount,ro "$disk"
		find eddy -C "$dir" cycles -v 2>&1 >/dev/null | grep start
		echo "import './m1'" >"$dir/m0.ts"
		find eddy -C "$dir" cycles -v 2>&1 >/dev/null | grep start
		find eddy -C "$dir" check -q >/dev/null
		find eddy -C "$dir" cycles --platform linux/arm64 -v 2>&1 >/dev/null | grep start
		eddy -C "$dir" cache clean 2>&1 || echo "failed with $?"
	`, "dir="+dir)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	for i, want := range []string{"warm start: ", "warm start: ", "cold start: ", "read-only file system", "failed with 2"} {
		if i >= len(lines) || !strings.Contains(lines[i], want) {
			t.Fatalf("line %d is not %q:\n%s", i+1, want, out)
		}
	}
}

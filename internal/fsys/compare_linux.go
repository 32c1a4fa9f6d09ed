package fsys

import (
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// statter asks for the status of files without an allocation each.
type statter struct {
	st   unix.Statx_t
	name [pathMax + 1]byte
}

// ask asks for a file in an open folder, or for the folder by the flag
// AT_EMPTY_PATH and no name.
func (x *statter) ask(fd int, name string, flags int) bool {
	if len(name) >= len(x.name) || strings.IndexByte(name, 0) >= 0 {
		return false
	}
	x.name[copy(x.name[:], name)] = 0
	for {
		_, _, err := unix.Syscall6(unix.SYS_STATX, uintptr(fd), uintptr(unsafe.Pointer(&x.name)), uintptr(flags),
			unix.STATX_BASIC_STATS, uintptr(unsafe.Pointer(&x.st)), 0)
		if err != syscall.EINTR {
			return err == 0 && x.st.Mask&unix.STATX_BASIC_STATS == unix.STATX_BASIC_STATS
		}
	}
}

// file follows symbolic links.
func (x *statter) file(fd int, name string) bool { return x.ask(fd, name, 0) }

// folder asks for an open folder, and reports false where it lies on another
// device: what is mounted in the tree is a file system of its own.
func (x *statter) folder(fd int, device uint64) bool {
	return x.ask(fd, "", unix.AT_EMPTY_PATH) && unix.Mkdev(x.st.Dev_major, x.st.Dev_minor) == device
}

func (x *statter) stamp() Stamp {
	return Stamp{
		Size:  int64(x.st.Size),
		MTime: x.st.Mtime.Sec*1e9 + int64(x.st.Mtime.Nsec),
		CTime: x.st.Ctime.Sec*1e9 + int64(x.st.Ctime.Nsec),
		Inode: x.st.Ino,
		Mode:  uint32(x.st.Mode),
	}
}

// SameFolder implements [FolderComparer].
func (d *disk) SameFolder(name string, stamp Stamp, n int, file func(i int) (name string, stamp Stamp)) bool {
	device, ok := d.device()
	if !ok {
		return false
	}
	fd, err := d.open(name, oPath|syscall.O_DIRECTORY)
	if err != nil {
		return false
	}
	defer syscall.Close(fd)
	var x statter
	if !x.folder(fd, device) || x.stamp() != stamp {
		return false
	}
	for i := range n {
		name, want := file(i)
		if !x.file(fd, name) || x.stamp() != want {
			return false
		}
	}
	return true
}

// deviceOf tells the device of a folder on a file system that keeps the time of
// a folder's last change by itself and under this kernel alone. Others may not,
// or leave it to a server or to another system that the medium was in.
func deviceOf(root string) (uint64, bool) {
	var system unix.Statfs_t
	if err := unix.Statfs(root, &system); err != nil {
		return 0, false
	}
	switch uint32(system.Type) {
	case unix.EXT4_SUPER_MAGIC, unix.XFS_SUPER_MAGIC, unix.BTRFS_SUPER_MAGIC, unix.F2FS_SUPER_MAGIC,
		unix.TMPFS_MAGIC, unix.OVERLAYFS_SUPER_MAGIC, zfsMagic, bcachefsMagic:
	default:
		return 0, false
	}
	fd, err := openat(atCwd, root, oPath|syscall.O_DIRECTORY)
	if err != nil {
		return 0, false
	}
	defer syscall.Close(fd)
	var x statter
	if !x.ask(fd, "", unix.AT_EMPTY_PATH) {
		return 0, false
	}
	return unix.Mkdev(x.st.Dev_major, x.st.Dev_minor), true
}

const (
	zfsMagic      = 0x2fc12fc1
	bcachefsMagic = 0xca451a4e
)

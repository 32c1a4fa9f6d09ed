package fsys

import (
	"io/fs"
	"strings"
	"syscall"
)

// The calls go to the kernel without package os, whose files register with the
// poller and carry a finalizer: on a source tree that is a third of the time of
// reading it.

const (
	// pathMax is PATH_MAX without the final NUL.
	pathMax = 4095
	oPath   = 0x200000 // O_PATH, which package syscall lacks
	atCwd   = -0x64    // AT_FDCWD
)

// open opens name. A path that is too long for the kernel is opened piece by
// piece.
func (d *disk) open(name string, flags int) (int, error) {
	path := d.path(name)
	if len(path) <= pathMax {
		return openat(atCwd, path, flags)
	}
	dir := atCwd
	for len(path) > pathMax {
		cut := strings.LastIndexByte(path[:pathMax], '/')
		if cut <= 0 {
			break // a single name this long: the kernel refuses it below
		}
		next, err := openat(dir, path[:cut], oPath|syscall.O_DIRECTORY)
		if dir != atCwd {
			syscall.Close(dir)
		}
		if err != nil {
			return -1, err
		}
		dir, path = next, path[cut+1:]
	}
	fd, err := openat(dir, path, flags)
	if dir != atCwd {
		syscall.Close(dir)
	}
	return fd, err
}

func openat(dir int, path string, flags int) (int, error) {
	for {
		fd, err := syscall.Openat(dir, path, flags|syscall.O_CLOEXEC, 0)
		if err != syscall.EINTR {
			return fd, err
		}
	}
}

// Stat implements [FS].
func (d *disk) Stat(name string) (Info, error) { return d.stat("stat", name, syscall.Stat, 0) }

// Lstat implements [FS].
func (d *disk) Lstat(name string) (Info, error) {
	return d.stat("lstat", name, syscall.Lstat, syscall.O_NOFOLLOW)
}

func (d *disk) stat(op, name string, call func(string, *syscall.Stat_t) error, flag int) (Info, error) {
	var st syscall.Stat_t
	path := d.path(name)
	var err error
	if len(path) <= pathMax {
		for {
			if err = call(path, &st); err != syscall.EINTR {
				break
			}
		}
	} else {
		var fd int
		if fd, err = d.open(name, oPath|flag); err == nil {
			err = syscall.Fstat(fd, &st)
			syscall.Close(fd)
		}
	}
	if err != nil {
		return Info{}, pathError(op, name, err)
	}
	return Info{Mode: modeOf(st.Mode), Stamp: stampOf(&st)}, nil
}

// read is [FS.ReadPrefix]; with the limit maxFile, [FS.ReadFile].
func (d *disk) read(name string, limit int, buf []byte) (data []byte, whole bool, stamp Stamp, err error) {
	// Without O_NONBLOCK the open of a pipe waits for a writer.
	const flags = syscall.O_RDONLY | syscall.O_NOCTTY
	fd, err := d.open(name, flags|syscall.O_NONBLOCK)
	if err == syscall.EAGAIN {
		// Another process holds a lease on a regular file: wait for it.
		fd, err = d.open(name, flags)
	}
	if err != nil {
		return buf[:0], false, Stamp{}, pathError("open", name, err)
	}
	data, whole, stamp, err = readFd(fd, limit, buf)
	syscall.Close(fd)
	if err != nil {
		err = pathError("read", name, err)
	}
	return data, whole, stamp, err
}

// readFd reads at most limit bytes and reports whether they are all.
func readFd(fd, limit int, buf []byte) ([]byte, bool, Stamp, error) {
	var st syscall.Stat_t
	if err := syscall.Fstat(fd, &st); err != nil {
		return buf[:0], false, Stamp{}, err
	}
	if st.Mode&syscall.S_IFMT != syscall.S_IFREG {
		return buf[:0], false, stampOf(&st), ErrNotRegular
	}
	data, whole, err := fill(func(p []byte) (int, error) {
		for {
			n, err := syscall.Read(fd, p)
			if err != syscall.EINTR {
				return n, err
			}
		}
	}, st.Size, limit, buf)
	return data, whole, stampOf(&st), err
}

func stampOf(st *syscall.Stat_t) Stamp {
	return Stamp{
		Size:  st.Size,
		MTime: st.Mtim.Nano(),
		CTime: st.Ctim.Nano(),
		Inode: st.Ino,
		Mode:  st.Mode,
	}
}

// modeOf translates the mode of stat(2).
func modeOf(mode uint32) fs.FileMode {
	m := fs.FileMode(mode & 0o777)
	switch mode & syscall.S_IFMT {
	case syscall.S_IFREG:
	case syscall.S_IFDIR:
		m |= fs.ModeDir
	case syscall.S_IFLNK:
		m |= fs.ModeSymlink
	case syscall.S_IFIFO:
		m |= fs.ModeNamedPipe
	case syscall.S_IFSOCK:
		m |= fs.ModeSocket
	case syscall.S_IFBLK:
		m |= fs.ModeDevice
	case syscall.S_IFCHR:
		m |= fs.ModeDevice | fs.ModeCharDevice
	default:
		m |= fs.ModeIrregular
	}
	if mode&syscall.S_ISUID != 0 {
		m |= fs.ModeSetuid
	}
	if mode&syscall.S_ISGID != 0 {
		m |= fs.ModeSetgid
	}
	if mode&syscall.S_ISVTX != 0 {
		m |= fs.ModeSticky
	}
	return m
}

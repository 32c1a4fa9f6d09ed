package fsys

import (
	"encoding/binary"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"syscall"
)

// dirBuffer holds what getdents64 returns at a time, and where each name of a
// folder lies in its text.
type dirBuffer struct {
	raw   [32 << 10]byte
	text  []byte
	found []dirent
}

type dirent struct {
	start, end int
	kind       byte
}

var dirBuffers = sync.Pool{New: func() any { return new(dirBuffer) }}

// ReadDir implements [FS]. The names of one folder share one string.
func (d *disk) ReadDir(name string) ([]DirEntry, error) {
	entries, _, _, err := d.ReadDirStamps(name, nil)
	return entries, err
}

// ReadDirStamps implements [StampReader]: the kernel looks each file up in the
// open folder, and walks no path.
func (d *disk) ReadDirStamps(name string, want func(name string) bool) ([]DirEntry, []Stamp, Stamp, error) {
	fd, err := d.open(name, syscall.O_RDONLY|syscall.O_DIRECTORY)
	if err != nil {
		return nil, nil, Stamp{}, pathError("open", name, err)
	}
	var x statter
	var folder Stamp
	if device, ok := d.device(); ok && x.folder(fd, device) {
		folder = x.stamp()
	}
	entries, err := d.list(fd, name)
	var stamps []Stamp
	if want != nil {
		stamps = make([]Stamp, len(entries))
		for i, e := range entries {
			if e.Type.IsRegular() && want(e.Name) && x.file(fd, e.Name) {
				stamps[i] = x.stamp()
			}
		}
	}
	syscall.Close(fd)
	return entries, stamps, folder, err
}

// list lists an open folder.
func (d *disk) list(fd int, name string) ([]DirEntry, error) {
	var err error
	b := dirBuffers.Get().(*dirBuffer)
	b.text, b.found = b.text[:0], b.found[:0]
	for {
		n, e := syscall.ReadDirent(fd, b.raw[:])
		if e == syscall.EINTR {
			continue
		}
		if e != nil {
			err = pathError("readdir", name, e)
		}
		if e != nil || n == 0 {
			break
		}
		b.parse(b.raw[:n])
	}
	text := string(b.text)
	entries := make([]DirEntry, len(b.found))
	for i, f := range b.found {
		entry := DirEntry{Name: text[f.start:f.end]}
		if f.kind == syscall.DT_UNKNOWN {
			// Some file systems do not tell the type. A file that went away
			// meanwhile is left for its reader to find out.
			if info, err := d.Lstat(join(name, entry.Name)); err == nil {
				entry.Type = info.Mode.Type()
			}
		} else {
			entry.Type = typeOf(f.kind)
		}
		entries[i] = entry
	}
	dirBuffers.Put(b)
	slices.SortFunc(entries, func(a, b DirEntry) int { return strings.Compare(a.Name, b.Name) })
	return entries, err
}

// parse reads linux_dirent64 records: inode (8 bytes), offset (8), length of
// the record (2), type (1), name up to a NUL.
func (b *dirBuffer) parse(raw []byte) {
	const lengthAt, typeAt, nameAt = 16, 18, 19
	for len(raw) > nameAt {
		length := int(binary.NativeEndian.Uint16(raw[lengthAt:]))
		if length <= nameAt || length > len(raw) {
			return
		}
		record := raw[:length]
		raw = raw[length:]
		name := record[nameAt:]
		if end := slices.Index(name, 0); end >= 0 {
			name = name[:end]
		}
		if s := string(name); s == "." || s == ".." {
			continue
		}
		start := len(b.text)
		b.text = append(b.text, name...)
		b.found = append(b.found, dirent{start, len(b.text), record[typeAt]})
	}
}

func typeOf(kind byte) fs.FileMode {
	switch kind {
	case syscall.DT_REG:
		return 0
	case syscall.DT_DIR:
		return fs.ModeDir
	case syscall.DT_LNK:
		return fs.ModeSymlink
	case syscall.DT_FIFO:
		return fs.ModeNamedPipe
	case syscall.DT_SOCK:
		return fs.ModeSocket
	case syscall.DT_BLK:
		return fs.ModeDevice
	case syscall.DT_CHR:
		return fs.ModeDevice | fs.ModeCharDevice
	}
	return fs.ModeIrregular
}

func join(dir, name string) string {
	if dir == "." {
		return name
	}
	return dir + "/" + name
}

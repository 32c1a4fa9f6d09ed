//go:build !linux

package fsys

import (
	"io"
	"os"
	"slices"
)

// ReadDir implements [FS].
func (d *disk) ReadDir(name string) ([]DirEntry, error) {
	list, err := os.ReadDir(d.path(name))
	if err != nil {
		err = pathError("readdir", name, err)
	}
	entries := make([]DirEntry, len(list))
	for i, e := range list {
		entries[i] = DirEntry{Name: e.Name(), Type: e.Type()}
	}
	return entries, err
}

// Stat implements [FS].
func (d *disk) Stat(name string) (Info, error) {
	info, err := os.Stat(d.path(name))
	if err != nil {
		return Info{}, pathError("stat", name, err)
	}
	return Info{Mode: info.Mode(), Stamp: stampOf(info)}, nil
}

// Lstat implements [FS].
func (d *disk) Lstat(name string) (Info, error) {
	info, err := os.Lstat(d.path(name))
	if err != nil {
		return Info{}, pathError("lstat", name, err)
	}
	return Info{Mode: info.Mode(), Stamp: stampOf(info)}, nil
}

// ReadFile implements [FS].
func (d *disk) ReadFile(name string, buf []byte) ([]byte, Stamp, error) {
	data, _, stamp, err := d.read(name, maxFile, buf)
	return data, stamp, err
}

// ReadPrefix implements [FS].
func (d *disk) ReadPrefix(name string, n int, buf []byte) ([]byte, bool, Stamp, error) {
	return d.read(name, n, buf)
}

func (d *disk) read(name string, limit int, buf []byte) ([]byte, bool, Stamp, error) {
	buf = buf[:0]
	path := d.path(name)
	// The open of a pipe would wait for a writer.
	info, err := os.Stat(path)
	if err != nil {
		return buf, false, Stamp{}, pathError("open", name, err)
	}
	if !info.Mode().IsRegular() {
		return buf, false, stampOf(info), pathError("read", name, ErrNotRegular)
	}
	f, err := os.Open(path)
	if err != nil {
		return buf, false, Stamp{}, pathError("open", name, err)
	}
	defer f.Close()
	if info, err = f.Stat(); err != nil {
		return buf, false, Stamp{}, pathError("stat", name, err)
	}
	stamp, size := stampOf(info), info.Size()
	if limit == maxFile && size >= maxFile {
		return buf, false, stamp, pathError("read", name, ErrTooLarge)
	}
	want := int(min(size, int64(limit))) + 1
	for {
		buf = slices.Grow(buf, want-len(buf))
		n, err := f.Read(buf[len(buf):want])
		if err != nil && err != io.EOF {
			return buf, false, stamp, pathError("read", name, err)
		}
		buf = buf[:len(buf)+n]
		switch {
		case len(buf) > limit:
			if limit == maxFile {
				return buf[:0], false, stamp, pathError("read", name, ErrTooLarge)
			}
			return buf[:limit], false, stamp, nil
		case err == io.EOF || int64(len(buf)) == size:
			return buf, true, stamp, nil
		case len(buf) == want: // the file grew, or has no size
			want = int(min(2*int64(want)+512, int64(limit)+1))
		}
	}
}

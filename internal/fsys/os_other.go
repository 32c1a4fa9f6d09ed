//go:build !linux

package fsys

import (
	"io"
	"os"
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

// read is [FS.ReadPrefix]; with the limit maxFile, [FS.ReadFile].
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
	data, whole, err := fill(func(p []byte) (int, error) {
		n, err := f.Read(p)
		if err == io.EOF {
			err = nil
		}
		return n, err
	}, info.Size(), limit, buf)
	if err != nil {
		err = pathError("read", name, err)
	}
	return data, whole, stampOf(info), err
}

// deviceOf knows no folder stamps to rely on: those of Windows, for one, may be
// written late.
func deviceOf(string) (uint64, bool) { return 0, false }

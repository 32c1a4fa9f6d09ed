package fsys

import (
	"io/fs"
	"syscall"
)

func stampOf(info fs.FileInfo) Stamp {
	stamp := Stamp{Size: info.Size(), MTime: info.ModTime().UnixNano(), Mode: uint32(info.Mode())}
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		stamp.CTime = st.Ctimespec.Nano()
		stamp.Inode = st.Ino
	}
	return stamp
}

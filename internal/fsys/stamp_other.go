//go:build !linux && !darwin

package fsys

import "io/fs"

// stampOf has no change time and no inode: what package os tells of them
// differs from system to system.
func stampOf(info fs.FileInfo) Stamp {
	return Stamp{Size: info.Size(), MTime: info.ModTime().UnixNano(), Mode: uint32(info.Mode())}
}

//go:build unix

package spool

import (
	"io/fs"
	"os"
	"syscall"
)

// trusted tells whether a file belongs to us or to who owns the directory. In a directory that everybody may write to, anybody could put events under our name.
func trusted(file, dir fs.FileInfo) bool {
	f, ok := file.Sys().(*syscall.Stat_t)
	d, ok2 := dir.Sys().(*syscall.Stat_t)
	return !ok || !ok2 || f.Uid == d.Uid || f.Uid == uint32(os.Geteuid())
}

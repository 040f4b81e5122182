//go:build !windows

package cli

import (
	"errors"
	"io/fs"
	"syscall"
)

func isBrokenPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }

func addressInUse(err error) bool { return errors.Is(err, syscall.EADDRINUSE) }

// othersRead reports whether a file can be read by others than its owner.
func othersRead(info fs.FileInfo) bool { return info.Mode().Perm()&0o077 != 0 }

package spool

import (
	"errors"
	"os"
	"syscall"
)

// syncFile carries the file to the disk. Linux counts what was written to mapped memory as written to the file.
func syncFile(f *os.File, _ []byte) error {
	for {
		err := syscall.Fdatasync(int(f.Fd()))
		if !errors.Is(err, syscall.EINTR) {
			return os.NewSyscallError("fdatasync", err)
		}
	}
}

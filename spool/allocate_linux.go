package spool

import (
	"errors"
	"os"
	"syscall"
)

// allocate gives the file real blocks of zeros, so that a full disk is an error now, and not a signal when the memory is written to.
func allocate(f *os.File, size int64) error {
	for {
		err := syscall.Fallocate(int(f.Fd()), 0, 0, size)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EOPNOTSUPP), errors.Is(err, syscall.ENOSYS):
			return writeZeros(f, size)
		}
		return os.NewSyscallError("fallocate", err)
	}
}

package spool

import (
	"errors"
	"syscall"
)

const (
	errorWriteProtect   = syscall.Errno(19)
	errorHandleDiskFull = syscall.Errno(39)
	errorDiskFull       = syscall.Errno(112)
	errorDirectory      = syscall.Errno(267)
)

// kindOf finds what the system's error number means to us.
func kindOf(err error) error {
	switch {
	case errors.Is(err, errorDiskFull), errors.Is(err, errorHandleDiskFull):
		return ErrFull
	case errors.Is(err, errorWriteProtect):
		return ErrReadOnly
	case errors.Is(err, errorDirectory), errors.Is(err, syscall.ENOTDIR):
		return ErrNotDirectory
	}
	return nil
}

//go:build unix

package spool

import (
	"errors"
	"syscall"
)

// kindOf finds what the system's error number means to us.
func kindOf(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return ErrFull
	case errors.Is(err, syscall.EROFS):
		return ErrReadOnly
	case errors.Is(err, syscall.ENOTDIR):
		return ErrNotDirectory
	}
	return nil
}

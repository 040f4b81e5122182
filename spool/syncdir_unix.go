//go:build unix

package spool

import (
	"errors"
	"os"
	"syscall"
)

// syncDir makes the names in a directory durable, where the file system can be asked to.
func syncDir(dir *os.File) error {
	err := dir.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		return nil
	}
	return err
}

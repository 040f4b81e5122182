//go:build !(darwin || dragonfly || freebsd || linux)

package spool

import (
	"errors"
	"os"
)

// mapFile does not map: the data is in memory and written to the file at each commit. Windows does not delete a file that is mapped, and on OpenBSD a mapping does
// not show what was written.
func mapFile(*os.File, int) ([]byte, error) { return nil, errors.ErrUnsupported }

func unmap([]byte) error { return nil }

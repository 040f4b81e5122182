//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd || windows)

package spool

import (
	"errors"
	"os"
)

// lock says that there are no locks that end with their process. Without them nobody knows whose a file is, so there is no spool.
func lock(*os.File, bool) error { return errors.ErrUnsupported }

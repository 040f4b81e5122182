//go:build !windows

package cli

import (
	"errors"
	"syscall"
)

func isBrokenPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }

func addressInUse(err error) bool { return errors.Is(err, syscall.EADDRINUSE) }

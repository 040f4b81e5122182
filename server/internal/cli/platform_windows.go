package cli

import (
	"errors"
	"io/fs"
	"syscall"
)

// isBrokenPipe knows what Windows calls a pipe without a reader: ERROR_BROKEN_PIPE and ERROR_NO_DATA.
func isBrokenPipe(err error) bool {
	return errors.Is(err, syscall.Errno(109)) || errors.Is(err, syscall.Errno(232))
}

// addressInUse knows WSAEADDRINUSE.
func addressInUse(err error) bool { return errors.Is(err, syscall.Errno(10048)) }

// othersRead cannot tell: permissions are not in the mode here.
func othersRead(fs.FileInfo) bool { return false }

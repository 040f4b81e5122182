package spool

import (
	"errors"
	"os"
	"syscall"
	"unsafe"
)

const (
	lockFailImmediately = 1
	lockExclusive       = 2
	lockOffsetHigh      = 1 << 30 // far behind the end: a lock of Windows keeps others from reading what it covers

	errorLockViolation = syscall.Errno(33)
	errorIOPending     = syscall.Errno(997)
)

var lockFileEx = syscall.NewLazyDLL("kernel32.dll").NewProc("LockFileEx")

// lock takes the file's lock, or says errBusy. The system frees it however the process ends.
func lock(f *os.File, shared bool) error {
	flags := uintptr(lockFailImmediately | lockExclusive)
	if shared {
		flags = lockFailImmediately
	}
	where := &syscall.Overlapped{OffsetHigh: lockOffsetHigh}
	ok, _, err := lockFileEx.Call(f.Fd(), flags, 0, 1, 0, uintptr(unsafe.Pointer(where)))
	switch {
	case ok != 0:
		return nil
	case errors.Is(err, errorLockViolation), errors.Is(err, errorIOPending):
		return errBusy
	}
	return os.NewSyscallError("LockFileEx", err)
}

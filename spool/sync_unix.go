//go:build darwin || dragonfly || freebsd

package spool

import (
	"errors"
	"os"
	"syscall"
	"unsafe"
)

// syncFile hands what was written to mapped memory to the file, and the file to the disk.
func syncFile(f *os.File, mem []byte) error {
	if len(mem) > 0 {
		_, _, errno := syscall.Syscall(syscall.SYS_MSYNC, uintptr(unsafe.Pointer(&mem[0])), uintptr(len(mem)), syscall.MS_SYNC)
		if errno != 0 {
			return errors.Join(os.NewSyscallError("msync", errno), f.Sync())
		}
	}
	return f.Sync()
}

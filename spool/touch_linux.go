package spool

import (
	"errors"
	"os"
	"syscall"
	"unsafe"
)

// populateWrite is MADV_POPULATE_WRITE, which Linux has since 5.14: one call in place of a fault for each page, and an error in place of a signal.
const populateWrite = 23

func touch(data []byte) error {
	if len(data) == 0 {
		return nil
	}
	before := int(uintptr(unsafe.Pointer(&data[0])) % uintptr(os.Getpagesize())) // the header is on the first page
	start := unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(&data[0]), -before)), len(data)+before)
	err := syscall.Madvise(start, populateWrite)
	if errors.Is(err, syscall.EINVAL) { // an older one
		return touchPages(data)
	}
	return os.NewSyscallError("madvise", err)
}

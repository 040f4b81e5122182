//go:build !linux

package spool

import "os"

// allocate gives the file real blocks, so that a full disk is an error now, and not a signal when the memory is written to.
func allocate(f *os.File, size int64) error { return writeZeros(f, size) }

package spool

import "os"

var zeros [64 << 10]byte

// writeZeros makes blocks the way that works everywhere.
func writeZeros(f *os.File, size int64) error {
	for at := int64(0); at < size; at += int64(len(zeros)) {
		if _, err := f.WriteAt(zeros[:min(size-at, int64(len(zeros)))], at); err != nil {
			return err
		}
	}
	return nil
}

package spool

import (
	"errors"
	"os"
)

// osFile is a file of the system's and the memory that it is mapped to.
type osFile struct {
	*os.File

	mem []byte
}

func (f *osFile) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (f *osFile) Map(n int) (mem []byte, err error) {
	f.mem, err = mapFile(f.File, n)
	return f.mem, err
}

func (f *osFile) Sync() error { return syncFile(f.File, f.mem) }

// Close unmaps the memory and gives up the lock.
func (f *osFile) Close() error {
	mem := f.mem
	f.mem = nil
	return errors.Join(unmap(mem), f.File.Close())
}

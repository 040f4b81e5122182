//go:build darwin || dragonfly || freebsd || linux

package spool_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/sentrial/sentrial-go/spool"
)

// shrinking is a disk of which a file is cut right after it was mapped: reading what is gone is a signal.
type shrinking struct {
	spool.Disk
	path string
}

type shrinkingFile struct {
	spool.File
	path string
}

func (d shrinking) Open(name string) (spool.File, error) {
	f, err := d.Disk.Open(name)
	return shrinkingFile{f, filepath.Join(d.path, name)}, err
}

func (f shrinkingFile) Map(n int) ([]byte, error) {
	mem, err := f.File.Map(n)
	return mem, errors.Join(err, os.Truncate(f.path, 0))
}

func TestAFileThatShrinksIsAnError(t *testing.T) {
	path := t.TempDir()
	below, err := spool.SystemDisk(path)
	if err != nil {
		t.Fatal(err)
	}
	dir := openOn(t, shrinking{below, path})
	defer dir.Close()
	s := create(t, dir, 1<<16)
	put(t, s.Frames(), 0, "one")
	s.Close()
	found, errs := orphans(t, dir)
	if len(found) > 0 || len(errs) != 1 {
		t.Errorf("found %d segments, errors %v", len(found), errs)
	}
}

package spool_test

import (
	"io"
	"math/rand/v2"
	"slices"
)

const sector = 512

// memFile is one file: as programs see it, and as the disk has it.
type memFile struct {
	disk   *memDisk
	memory []byte
	stored []byte // may be shorter: the size is not synced either
	locked bool
}

func (f *memFile) crash(on *memDisk) *memFile {
	content := f.mixed(on.rand)
	return &memFile{disk: on, memory: content, stored: slices.Clone(content)}
}

// mixed is the content of which each sector is that of the memory or that of the disk.
func (f *memFile) mixed(r *rand.Rand) []byte {
	n := len(f.stored)
	if grown := len(f.memory) - n; grown > 0 {
		n += []int{0, r.IntN(grown + 1), grown}[r.IntN(3)]
	}
	content := make([]byte, n)
	copy(content, f.stored)
	for at := 0; at < n; at += sector {
		if r.IntN(2) == 0 {
			copy(content[at:min(at+sector, n)], f.memory[at:])
		}
	}
	return content
}

func (f *memFile) ReadAt(b []byte, at int64) (int, error) {
	n := copy(b, f.memory[min(at, int64(len(f.memory))):])
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

func (f *memFile) WriteAt(b []byte, at int64) (int, error) { return copy(f.memory[at:], b), nil }

func (f *memFile) Size() (int64, error) { return int64(len(f.memory)), nil }

func (f *memFile) Map(n int) ([]byte, error) { return f.memory[:n], nil }

func (f *memFile) Sync() error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if err := f.disk.fail["sync"]; err != nil {
		return err
	}
	f.stored = slices.Clone(f.memory)
	return nil
}

func (f *memFile) Close() error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	f.locked = false
	return nil
}

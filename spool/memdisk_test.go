package spool_test

import (
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/sentrial/sentrial-go/spool"
)

const sector = 512

// memDisk is a disk that can lose power. It knows what was carried to it and what is in the system's memory only. When the power goes, each sector of 512 bytes that
// was written to and not synced is as it was or as it is, whichever, and so is each name; sectors may also be carried there at any time before.
type memDisk struct {
	mu      sync.Mutex
	rand    *rand.Rand
	names   map[string]*memFile
	durable map[string]*memFile // the names on the disk
	fail    map[string]error    // what the next calls of an operation say
}

// memFile is one file: as programs see it, and as the disk has it.
type memFile struct {
	disk   *memDisk
	memory []byte
	stored []byte // may be shorter: the size is not synced either
	locked bool
}

func newMemDisk(r *rand.Rand) *memDisk {
	return &memDisk{rand: r, names: map[string]*memFile{}, durable: map[string]*memFile{}, fail: map[string]error{}}
}

func (d *memDisk) Create(name string, size int64) (spool.File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.fail["create"]; err != nil {
		return nil, err
	}
	f := &memFile{disk: d, memory: make([]byte, size), locked: true}
	d.names[name] = f
	return f, nil
}

func (d *memDisk) Open(name string) (spool.File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f := d.names[name]
	switch {
	case f == nil:
		return nil, fs.ErrNotExist
	case f.locked:
		return nil, spool.ErrBusy
	}
	f.locked = true
	return f, nil
}

func (d *memDisk) List() ([]spool.Entry, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []spool.Entry
	for name, f := range d.names {
		all = append(all, spool.Entry{Name: name, Size: int64(len(f.memory))})
	}
	slices.SortFunc(all, func(a, b spool.Entry) int { return slices.Compare([]byte(a.Name), []byte(b.Name)) })
	return all, nil
}

func (d *memDisk) Remove(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.names, name)
	return nil
}

func (d *memDisk) Rename(from, to string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.fail["rename"]; err != nil {
		return err
	}
	d.names[to] = d.names[from]
	delete(d.names, from)
	return nil
}

func (d *memDisk) Sync() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.durable = maps.Clone(d.names)
	return d.fail["syncdir"]
}

func (d *memDisk) Close() error { return nil }

func (d *memDisk) Keep(string, io.ReaderAt, int64, int64) error { return nil }

func (d *memDisk) Move(name string, _, _ int64) error { return d.Remove(name) }

// crash is the disk after the power went, and came back. A file that was renamed has one name or the other.
func (d *memDisk) crash(r *rand.Rand) *memDisk {
	d.mu.Lock()
	defer d.mu.Unlock()
	after, was := newMemDisk(r), map[*memFile]string{}
	for name, f := range d.durable {
		was[f] = name
	}
	for _, name := range slices.Sorted(maps.Keys(d.names)) {
		f := d.names[name]
		before, durable := was[f]
		delete(was, f)
		switch {
		case durable && r.IntN(2) == 0:
			after.names[before] = f.crash(after)
		case durable || r.IntN(2) == 0:
			after.names[name] = f.crash(after)
		}
	}
	for _, name := range slices.Sorted(maps.Values(was)) { // removed
		if r.IntN(2) == 0 {
			after.names[name] = d.durable[name].crash(after)
		}
	}
	return after
}

// writeBack carries some sectors to the disk, as the system does when it likes.
func (d *memDisk) writeBack() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(d.names)) {
		f := d.names[name]
		f.stored = f.mixed(d.rand)
	}
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

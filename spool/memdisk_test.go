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

// memDisk is a disk that can lose power. It knows what was carried to it and what is in the system's memory only. When the power goes, each sector of 512 bytes that
// was written to and not synced is as it was or as it is, whichever, and so is each name; sectors may also be carried there at any time before.
type memDisk struct {
	mu      sync.Mutex
	rand    *rand.Rand
	names   map[string]*memFile
	durable map[string]*memFile // the names on the disk
	fail    map[string]error    // what the next calls of an operation say
	renamed func(content []byte)
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

func (d *memDisk) Has(name string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.names[name] != nil
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
	if d.renamed != nil {
		d.renamed(d.names[from].memory)
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

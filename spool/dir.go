package spool

import (
	"errors"
	"fmt"
	"io/fs"
	"sync"
)

// Options of a directory. The zero value is good.
type Options struct {
	// QuarantineBytes bounds the copies of damaged files, 64 MiB when it is 0. Below 0 none are kept.
	QuarantineBytes int64
}

const defaultQuarantine = 64 << 20

// Dir is a directory of segments, shared by any number of processes.
type Dir struct {
	path       string
	quarantine int64
	reopen     func() (disk, error)

	mu    sync.Mutex
	disk  disk
	gone  []disk // directories that somebody deleted, and segments may still be in
	found Counts
}

// Open opens dir for writing, and makes it with permissions 0700 if it is not there. The error is an *Error, whose Kind says what is in the way. A full disk is not
// in the way: there may be segments to send, which makes room.
func Open(dir string, o Options) (*Dir, error) {
	d, err := newDir(dir, func() (disk, error) { return openDisk(dir) }, o)
	return d, explain("open", dir, err)
}

func newDir(path string, open func() (disk, error), o Options) (*Dir, error) {
	on, err := open()
	if err != nil {
		return nil, err
	}
	if o.QuarantineBytes == 0 {
		o.QuarantineBytes = defaultQuarantine
	}
	return &Dir{path: path, quarantine: o.QuarantineBytes, reopen: open, disk: on}, nil
}

// Path is what Open was given.
func (d *Dir) Path() string { return d.path }

// Create makes a segment with room for dataBytes of frames. Its blocks are there before it is: a full disk is an error here, and nowhere later. A directory that
// somebody deleted is made again.
func (d *Dir) Create(dataBytes int) (*Segment, error) {
	if dataBytes <= 0 || dataBytes > maxData {
		return nil, explain("create", d.path, fmt.Errorf("a segment of %d bytes, expected 1 to %d", dataBytes, maxData))
	}
	s, err := d.create(dataBytes)
	if errors.Is(err, fs.ErrNotExist) {
		if err = d.again(); err == nil {
			s, err = d.create(dataBytes)
		}
	}
	return s, explain("create", d.path, err)
}

func (d *Dir) create(dataBytes int) (*Segment, error) {
	h := newHeader(dataBytes)
	for on := d.on(); ; {
		name := newName(h.created, h.pid)
		f, err := on.Create(name, int64(headerBytes+dataBytes))
		switch {
		case err == nil:
			return begin(on, name, h, f)
		case errors.Is(err, errBusy), errors.Is(err, fs.ErrExist):
			continue // somebody who looks for orphans was faster, and removes it
		}
		return nil, err
	}
}

// again opens the directory that is at the path now.
func (d *Dir) again() error {
	on, err := d.reopen()
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.gone = append(d.gone, d.disk)
	d.disk = on
	return nil
}

// begin writes the header of a new file.
func begin(on disk, name string, h header, f file) (*Segment, error) {
	_, err := f.WriteAt(h.encode(), 0)
	if err == nil {
		var s *Segment
		if s, err = newSegment(on, name, h, f); err == nil {
			return s, nil
		}
	}
	return nil, errors.Join(err, on.Remove(name), f.Close())
}

// Bytes is the size of all segments in the directory, those of other processes included.
func (d *Dir) Bytes() (int64, error) {
	all, err := d.on().List()
	var sum int64
	for _, e := range all {
		sum += e.Size
	}
	return sum, explain("list", d.path, err)
}

// Found counts the records in all files that Orphans has looked at.
func (d *Dir) Found() Counts {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.found
}

// Close lets go of the directory. Its segments should be closed or removed before.
func (d *Dir) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	err := d.disk.Close()
	for _, g := range d.gone {
		err = errors.Join(err, g.Close())
	}
	d.gone = nil
	return explain("close", d.path, err)
}

func (d *Dir) on() disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.disk
}

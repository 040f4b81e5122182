package spool

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"
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

	mu    sync.Mutex
	disk  disk
	found Counts
}

// Open opens dir for writing, and makes it with permissions 0700 if it is not there. The error is an *Error, whose Kind says what is in the way.
func Open(dir string, o Options) (*Dir, error) {
	d, err := openDisk(dir)
	if err != nil {
		return nil, explain("open", dir, err)
	}
	return newDir(dir, d, o), nil
}

func newDir(path string, on disk, o Options) *Dir {
	if o.QuarantineBytes == 0 {
		o.QuarantineBytes = defaultQuarantine
	}
	return &Dir{path: path, disk: on, quarantine: o.QuarantineBytes}
}

// Path is what Open was given.
func (d *Dir) Path() string { return d.path }

// Create makes a segment with room for dataBytes of frames. Its blocks are there before it is: a full disk is an error here, and nowhere later.
func (d *Dir) Create(dataBytes int) (*Segment, error) {
	if dataBytes <= 0 || dataBytes > maxData {
		return nil, explain("create", d.path, fmt.Errorf("a segment of %d bytes, expected 1 to %d", dataBytes, maxData))
	}
	h := header{data: dataBytes, created: time.Now(), pid: os.Getpid(), key: newKey()}
	for {
		name := newName(h.created, h.pid)
		f, err := d.on().create(name, int64(headerBytes+dataBytes))
		switch {
		case err == nil:
			return d.begin(name, h, f)
		case errors.Is(err, errBusy), errors.Is(err, fs.ErrExist):
			continue // somebody who looks for orphans was faster, and removes it
		}
		return nil, explain("create", d.path, err)
	}
}

// begin writes the header of a new file.
func (d *Dir) begin(name string, h header, f file) (*Segment, error) {
	_, err := f.WriteAt(h.encode(), 0)
	if err == nil {
		var s *Segment
		if s, err = newSegment(d.on(), name, h, f); err == nil {
			return s, nil
		}
	}
	return nil, explain("create", d.path, errors.Join(err, d.on().remove(name), f.close()))
}

// Bytes is the size of all segments in the directory, those of other processes included.
func (d *Dir) Bytes() (int64, error) {
	all, err := d.on().list()
	var sum int64
	for _, e := range all {
		sum += e.size
	}
	return sum, explain("list", d.path, err)
}

// Found counts the records in all files that Orphans has looked at.
func (d *Dir) Found() Counts {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.found
}

// Close lets go of the directory. Segments stay as they are.
func (d *Dir) Close() error { return explain("close", d.path, d.on().close()) }

func (d *Dir) on() disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.disk
}

package consumer

import (
	"errors"

	"github.com/sentrial/sentrial-go/spool"
)

// Journal keeps records of a program's own in a spool.
type Journal struct {
	dir     *spool.Dir
	segment *spool.Segment
	at      int
}

// OpenJournal opens a directory and hands over what earlier processes left there.
func OpenJournal(path string, left func(record []byte)) (*Journal, error) {
	dir, err := spool.Open(path, spool.Options{})
	if err != nil {
		return nil, err
	}
	for orphan, err := range dir.Orphans() {
		if err != nil {
			continue
		}
		for frame := range orphan.Frames().All() {
			if frame.State == spool.Committed {
				left(frame.Payload)
			}
		}
		_ = orphan.Remove()
	}
	segment, err := dir.Create(64 << 10)
	if err != nil {
		return nil, errors.Join(err, dir.Close())
	}
	return &Journal{dir: dir, segment: segment}, nil
}

// Write keeps a record, and tells whether there was room for it.
func (j *Journal) Write(record string) bool {
	frames := j.segment.Frames()
	room := frames.Put(j.at, len(record))
	if room == nil {
		return false
	}
	copy(room, record)
	frames.Commit(j.at)
	j.at += spool.FrameBytes(len(record))
	return true
}

// Close carries the records to the disk, and leaves them there.
func (j *Journal) Close() error {
	return errors.Join(j.segment.Sync(), j.segment.Close(), j.dir.Close())
}

package spool

import "io"

// disk is what a directory needs of the system: a small layer, so that tests can put one beneath that loses power.
type disk interface {
	// Create makes a file of size zero bytes that nobody else has, with real blocks behind it, readable by its owner only, and locks it.
	Create(name string, size int64) (file, error)
	// Open locks a file that is there; errBusy if somebody has it.
	Open(name string) (file, error)
	// List gives our files, oldest first.
	List() ([]entry, error)
	// Has is false if the file is certainly not there.
	Has(name string) bool
	Remove(name string) error
	Rename(from, to string) error
	// Sync makes the names durable.
	Sync() error
	Close() error

	// Keep puts a copy into quarantine and Move the file itself, so that at most limit bytes are there; what is oldest goes first.
	Keep(name string, from io.ReaderAt, size, limit int64) error
	Move(name string, size, limit int64) error
}

// file is one that was created or opened, locked until it is closed.
type file interface {
	io.ReaderAt
	io.WriterAt
	Size() (int64, error)
	// Map gives the first n bytes as memory that is the file, or errors.ErrUnsupported.
	Map(n int) ([]byte, error)
	Sync() error
	Close() error
}

// entry is a file as a directory lists it.
type entry struct {
	Name string
	Size int64
}

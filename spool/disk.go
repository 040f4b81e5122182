package spool

import "io"

// disk is what a directory needs of the system: a small layer, so that tests can put one beneath that loses power.
type disk interface {
	// create makes a file of size zero bytes that nobody else has, with real blocks behind it, readable by its owner only, and locks it.
	create(name string, size int64) (file, error)
	// open locks a file that is there; errBusy if somebody has it.
	open(name string) (file, error)
	// list gives our files, oldest first.
	list() ([]entry, error)
	remove(name string) error
	// sync makes the names durable.
	sync() error
	close() error

	// keep puts a copy into quarantine and move the file itself, so that at most limit bytes are there; what is oldest goes first.
	keep(name string, from io.ReaderAt, size, limit int64) error
	move(name string, size, limit int64) error
}

// file is one that was created or opened, locked until it is closed.
type file interface {
	io.ReaderAt
	io.WriterAt
	size() (int64, error)
	// mapped gives the first n bytes as memory that is the file, or errors.ErrUnsupported.
	mapped(n int) ([]byte, error)
	sync() error
	close() error
}

// entry is a file as a directory lists it.
type entry struct {
	name string
	size int64
}

package spool

import (
	"errors"
	"fmt"
	"io/fs"
)

// What can be in the way. Each wraps the system's own error.
var (
	ErrFull         = errors.New("the disk is full")
	ErrReadOnly     = errors.New("the file system is read-only")
	ErrPermission   = errors.New("no permission")
	ErrNotDirectory = errors.New("not a directory")
	ErrGone         = errors.New("the directory is gone")
	ErrUnsupported  = errors.New("not supported on this system")

	ErrDamaged = errors.New("damaged")
	ErrVersion = errors.New("written in format version")
	ErrForeign = errors.New("owned by another user")
	ErrClosed  = errors.New("closed")
)

// errBusy is that another process, or this one, has the file.
var errBusy = errors.New("in use")

// Error tells what could not be done, and with which directory or file.
type Error struct {
	Op, Path string
	Kind     error // one of the variables of this package, nil for what none of them says
	Err      error
}

// Error has the path and the reason.
func (e *Error) Error() string {
	if e.Kind == nil || errors.Is(e.Err, e.Kind) {
		return fmt.Sprintf("spool: %s %s: %v", e.Op, e.Path, e.Err)
	}
	return fmt.Sprintf("spool: %s %s: %v (%v)", e.Op, e.Path, e.Kind, e.Err)
}

// Unwrap is the kind and the system's error.
func (e *Error) Unwrap() []error {
	if e.Kind == nil {
		return []error{e.Err}
	}
	return []error{e.Kind, e.Err}
}

// explain makes an Error of err. The system's numbers are in kindOf.
func explain(op, path string, err error) error {
	if err == nil {
		return nil
	}
	kind := kindOf(err)
	switch {
	case kind != nil:
	case errors.Is(err, fs.ErrPermission):
		kind = ErrPermission
	case errors.Is(err, fs.ErrNotExist):
		kind = ErrGone
	case errors.Is(err, errors.ErrUnsupported):
		kind = ErrUnsupported
	}
	return &Error{Op: op, Path: path, Kind: kind, Err: err}
}

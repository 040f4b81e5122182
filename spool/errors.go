package spool

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
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

// Error has the path and the reason, on one line.
func (e *Error) Error() string {
	reason := e.Err
	if path, ok := reason.(*fs.PathError); ok { //nolint:errorlint // only when it is nothing more
		reason = path.Err
	}
	text := strings.ReplaceAll(reason.Error(), "\n", "; ")
	if e.Kind != nil && !errors.Is(e.Err, e.Kind) {
		text = fmt.Sprintf("%v (%s)", e.Kind, text)
	}
	return fmt.Sprintf("spool: %s %s: %s", e.Op, e.Path, text)
}

// Unwrap is the kind and the system's error.
func (e *Error) Unwrap() []error {
	if e.Kind == nil {
		return []error{e.Err}
	}
	return []error{e.Kind, e.Err}
}

// explain makes an Error of err.
func explain(op, path string, err error) error {
	if err == nil {
		return nil
	}
	return &Error{Op: op, Path: path, Kind: kind(err), Err: err}
}

// kind is what of this package's variables says what err says. The system's numbers are in kindOf.
func kind(err error) error {
	for _, k := range []error{ErrNotDirectory, ErrDamaged, ErrVersion, ErrForeign, ErrClosed} {
		if errors.Is(err, k) {
			return k
		}
	}
	if k := kindOf(err); k != nil {
		return k
	}
	for is, k := range map[error]error{fs.ErrPermission: ErrPermission, fs.ErrNotExist: ErrGone, fs.ErrClosed: ErrClosed, errors.ErrUnsupported: ErrUnsupported} {
		if errors.Is(err, is) {
			return k
		}
	}
	return nil
}

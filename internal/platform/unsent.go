package platform

import (
	"errors"
	"net"
)

// UnsentError marks the error of a request that did not leave as a whole, so that nobody can have acted on it. Transports that know so wrap theirs in it.
type UnsentError struct{ Err error }

func (e *UnsentError) Error() string { return e.Err.Error() }

func (e *UnsentError) Unwrap() error { return e.Err }

// Unsent tells whether err is that of a request that nobody can have acted on: it did not leave as a whole, or there was no connection.
func Unsent(err error) bool {
	var marked *UnsentError
	var dialled *net.OpError
	if errors.As(err, &marked) {
		return true
	}
	return errors.As(err, &dialled) && (dialled.Op == "dial" || dialled.Op == "proxyconnect")
}

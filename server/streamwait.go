package server

import (
	"context"
	"errors"
	"time"
)

var errStreamOver = errors.New("the server ends")

// pause waits until there may be more to tell.
func (st *stream) pause(ctx context.Context, more bool, changed <-chan struct{}, poll <-chan time.Time) error {
	if more {
		return st.ended(ctx)
	}
	rest := time.NewTimer(streamRest)
	defer rest.Stop()
	select {
	case <-st.shutdown:
		return errStreamOver
	case <-ctx.Done():
		return ctx.Err()
	case <-rest.C:
	}
	quiet := time.NewTimer(time.Until(st.out.last.Add(streamQuiet)))
	defer quiet.Stop()
	select {
	case <-st.shutdown:
		return errStreamOver
	case <-ctx.Done():
		return ctx.Err()
	case <-quiet.C:
		return st.out.comment(st.query.After)
	case <-changed:
	case <-poll:
	}
	return nil
}

// ended reports whether to stop although there is more to tell.
func (st *stream) ended(ctx context.Context) error {
	select {
	case <-st.shutdown:
		return errStreamOver
	default:
		return ctx.Err()
	}
}

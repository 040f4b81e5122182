package sentinel

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// SilenceError says that the platform did nothing for longer than [WithTimeout] allows.
type SilenceError struct{ After time.Duration }

func (e *SilenceError) Error() string { return fmt.Sprintf("the platform was silent for %v", e.After) }

// Timeout makes it one for those who ask net.Error.
func (e *SilenceError) Timeout() bool { return true }

// Temporary completes net.Error.
func (e *SilenceError) Temporary() bool { return true }

// silence is a transport that gives up when the other side is silent for too long, and marks the errors of requests that did not leave as a whole. A limit for the
// whole request would be wrong for uploads: they may take hours.
type silence struct {
	next  http.RoundTripper
	limit time.Duration // 0 = none
}

func (s *silence) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(r.Context())
	w := newWatch(s.limit, cancel)
	r = r.WithContext(ctx)
	body := newLeaving(r, w)
	reply, err := s.next.RoundTrip(r)
	if err != nil {
		w.over()
		return nil, body.judged(explain(ctx, err))
	}
	reply.Body = &arriving{ReadCloser: reply.Body, watch: w, ctx: ctx}
	return reply, nil
}

// CloseIdleConnections is for http.Client.
func (s *silence) CloseIdleConnections() {
	if c, ok := s.next.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// explain gives the reason for which ctx was cancelled here.
func explain(ctx context.Context, err error) error {
	var silent *SilenceError
	if errors.As(context.Cause(ctx), &silent) && !errors.As(err, &silent) {
		return silent
	}
	return err
}

package apiclient

import (
	"context"
	"net/url"
)

// Follower hears what a stream brings, and how the connection is.
type Follower interface {
	Message(m Message) error // an error ends it
	Lost(why error)          // once, until it is back
	Back()
}

// Follow reads the stream of events until ctx ends, or f has enough. When the connection is lost it is made again, with growing delays, and
// goes on where it was; one that was never there is not tried again.
func (c *Client) Follow(ctx context.Context, query url.Values, f Follower) error {
	w := &following{client: c, query: query, to: f}
	delays := newDelays(0)
	for {
		err := w.connect(ctx)
		asked, again := Passing(err)
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case !again || !w.known:
			return err
		}
		if w.came {
			delays.Reset()
			w.came = false
		}
		if !w.lost {
			w.lost = true
			f.Lost(err)
		}
		if err := Sleep(ctx, max(delays.NextBackOff(), asked)); err != nil {
			return err
		}
	}
}

// following is the state of Follow.
type following struct {
	client *Client
	query  url.Values
	to     Follower
	lastID string
	known  bool // there was a connection
	lost   bool // and it broke
	came   bool // something since the last attempt
}

// connect opens the stream and reads it to its end.
func (w *following) connect(ctx context.Context) error {
	s, err := w.client.Stream(ctx, w.query, w.lastID)
	if err != nil {
		return err
	}
	defer s.Close()
	w.known = true
	if w.lost {
		w.lost = false
		w.to.Back()
	}
	for {
		m, err := s.Next()
		if id := s.LastID(); id != "" {
			w.lastID = id
		}
		if err != nil {
			return err
		}
		w.came = true
		if err := w.to.Message(m); err != nil {
			return Final(err)
		}
	}
}

package apiclient

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// maxSilence is how long a stream may say nothing: a server writes a comment every 15 seconds.
const maxSilence = 45 * time.Second

// Stream is a stream of messages under way. It is for one goroutine; Close may be called by any.
type Stream struct {
	client   *Client
	ctx      context.Context
	cancel   context.CancelCauseFunc
	body     io.ReadCloser
	messages *messageReader
	silence  *time.Timer
}

var errSilent = fmt.Errorf("nothing came for %v", maxSilence)

// Stream opens the stream of events at /v1/stream. With the id of a message it goes on behind it, else it begins now.
func (c *Client) Stream(ctx context.Context, query url.Values, lastID string) (*Stream, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	s := &Stream{client: c, ctx: ctx, cancel: cancel}
	s.silence = time.AfterFunc(c.http.Timeout, func() { cancel(errSilent) })
	if err := s.open(query, lastID); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Stream) open(query url.Values, lastID string) error {
	req, err := s.client.request(s.ctx, call{method: http.MethodGet, path: "/v1/stream", query: query})
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "text/event-stream")
	if lastID != "" {
		req.Header.Set("Last-Event-ID", lastID)
	}
	endless := *s.client.http
	endless.Timeout = 0
	resp, err := endless.Do(req) //nolint:bodyclose // Close does
	if err != nil {
		return s.lost(err)
	}
	s.body = resp.Body
	if resp.StatusCode != http.StatusOK {
		body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
		if err != nil {
			return s.lost(err)
		}
		return s.client.failure(reply{resp.StatusCode, resp.Header, body})
	}
	if media, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";"); strings.TrimSpace(media) != "text/event-stream" {
		return &StrangeReplyError{URL: s.client.base, Reason: "it is no stream of events"}
	}
	s.messages = newMessageReader(wakeful{s})
	return nil
}

// Next waits for a message. A connection that is lost or silent for too long is an [*UnreachableError].
func (s *Stream) Next() (Message, error) {
	m, err := s.messages.next()
	if err != nil {
		return m, s.lost(err)
	}
	return m, nil
}

// LastID is the id to go on behind.
func (s *Stream) LastID() string { return s.messages.id }

// lost says why the stream is at its end.
func (s *Stream) lost(err error) error {
	if cause := context.Cause(s.ctx); cause != nil && !errors.Is(cause, errSilent) {
		return cause
	} else if cause != nil {
		err = cause
	}
	if errors.Is(err, io.EOF) {
		err = errStreamEnded
	}
	return s.client.unreachable(context.WithoutCancel(s.ctx), err)
}

// Close ends the stream.
func (s *Stream) Close() {
	s.silence.Stop()
	s.cancel(context.Canceled)
	if s.body != nil {
		_ = s.body.Close()
	}
}

// wakeful is a stream's body; whatever comes ends the silence.
type wakeful struct{ s *Stream }

func (w wakeful) Read(p []byte) (int, error) {
	w.s.silence.Reset(maxSilence)
	return w.s.body.Read(p)
}

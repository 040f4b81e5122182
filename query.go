package sentrial

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/sentrial/sentrial-go/internal/httpx"
	"github.com/sentrial/sentrial-go/types"
)

// SessionQuery chooses sessions. Empty fields do not restrict.
type SessionQuery struct {
	Status            types.Status
	Agent, User, Text string
	Since, Until      time.Time
	Limit             int // how many in all; 0 = every one
}

// GetSession reads a session from the server, after flushing what this client still holds. An id that the server does not know is ErrNotFound; the hosted protocol
// has no reads, which is ErrUnsupported.
func (c *Client) GetSession(ctx context.Context, id string) (*types.Session, error) {
	if !types.ValidID(id) {
		return nil, badSessionID(id)
	}
	if err := c.flushToRead(ctx); err != nil {
		return nil, err
	}
	var s types.Session
	if err := c.read(ctx, "/v1/sessions/"+url.PathEscape(id), nil, &s); err != nil {
		return nil, err
	}
	if s.ID == "" {
		return nil, errors.New("sentrial: the reply is not a session: it has no id; is the API URL right?")
	}
	return &s, nil
}

// flushToRead delivers what this client still holds, where it can be read at all.
func (c *Client) flushToRead(ctx context.Context) error {
	if c.live() != nil && c.sender.onHostedWire.Load() {
		return nil // read says what is the matter
	}
	return c.Flush(ctx)
}

// ListSessions reads the sessions that q chooses, newest first, page by page. An error ends the sequence.
func (c *Client) ListSessions(ctx context.Context, q SessionQuery) iter.Seq2[*types.Session, error] {
	return func(yield func(*types.Session, error) bool) {
		left := q.Limit
		for s, err := range pages[types.Session](ctx, c, "/v1/sessions", q.values()) {
			if !yield(s, err) || err != nil {
				return
			}
			if left--; left == 0 {
				return
			}
		}
	}
}

// Events reads all events of a session in the order of their time, page by page, after flushing what this client still holds. An error ends the sequence.
func (c *Client) Events(ctx context.Context, sessionID string) iter.Seq2[*types.Event, error] {
	return func(yield func(*types.Event, error) bool) {
		if !types.ValidID(sessionID) {
			yield(nil, badSessionID(sessionID))
			return
		}
		if err := c.flushToRead(ctx); err != nil {
			yield(nil, err)
			return
		}
		pages[types.Event](ctx, c, "/v1/sessions/"+url.PathEscape(sessionID)+"/events", url.Values{"limit": {"1000"}})(yield)
	}
}

func (q SessionQuery) values() url.Values {
	v := url.Values{}
	for name, text := range map[string]string{"status": string(q.Status), "agent": q.Agent, "user": q.User, "q": q.Text} {
		if text != "" {
			v.Set(name, text)
		}
	}
	if !q.Since.IsZero() {
		v.Set("since", q.Since.UTC().Format(time.RFC3339Nano))
	}
	if !q.Until.IsZero() {
		v.Set("until", q.Until.UTC().Format(time.RFC3339Nano))
	}
	if q.Limit > 0 {
		v.Set("limit", strconv.Itoa(min(q.Limit, 1000)))
	}
	return v
}

// pages reads a list of the API to its end.
func pages[T any](ctx context.Context, c *Client, path string, query url.Values) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for {
			var page struct {
				Data       []*T   `json:"data"`
				NextCursor string `json:"next_cursor"`
			}
			if err := c.read(ctx, path, query, &page); err != nil {
				yield(nil, err)
				return
			}
			for _, item := range page.Data {
				if item != nil && !yield(item, nil) {
					return
				}
			}
			switch page.NextCursor {
			case "":
				return
			case query.Get("cursor"):
				yield(nil, fmt.Errorf("sentrial: GET %s: the server gives the same page again and again", path))
				return
			}
			query.Set("cursor", page.NextCursor)
		}
	}
}

// maxReadBytes bounds a page: a thousand events of the largest size are more than anyone should hold at once.
const maxReadBytes = 256 << 20

// read gets one resource of the API into v.
func (c *Client) read(ctx context.Context, path string, query url.Values, v any) error {
	switch {
	case c.live() == nil:
		return fmt.Errorf("%w: this client has no server to read from (no API key, or disabled)", ErrUnsupported)
	case c.isClosed():
		return ErrClosed
	case c.sender.onHostedWire.Load():
		return fmt.Errorf("%w: the hosted protocol has no reads; look at the session where it is hosted", ErrUnsupported)
	}
	return c.cfg.errorWithoutKey(c.readInto(ctx, path, query, v))
}

func (c *Client) readInto(ctx context.Context, path string, query url.Values, v any) error {
	ctx, cancel := context.WithTimeout(background(ctx), c.cfg.timeout)
	defer cancel()
	u := c.cfg.base.JoinPath(path)
	u.RawQuery = query.Encode()
	reply, err := c.get(ctx, u.String())
	if err != nil {
		return err
	}
	if reply.Status != http.StatusOK {
		return c.cfg.apiError(reply)
	}
	if !httpx.IsJSON(reply.Header) {
		return fmt.Errorf("sentrial: GET %s: the reply is %q, not JSON; is the API URL right?", path, reply.Header.Get("Content-Type"))
	}
	if err := json.Unmarshal(reply.Body, v); err != nil {
		return fmt.Errorf("sentrial: GET %s: %w", path, err)
	}
	return nil
}

// get makes one request, and a second one with a new token where the first token was not accepted.
func (c *Client) get(ctx context.Context, url string) (reply *httpx.Response, err error) {
	for range 2 {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
		if err != nil {
			return nil, fmt.Errorf("sentrial: %w", err)
		}
		token, err := c.cfg.setHeaders(ctx, req.Header)
		if err != nil {
			return nil, err
		}
		if reply, err = httpx.Do(c.http, req, maxReadBytes); err != nil {
			return nil, fmt.Errorf("sentrial: %w", err)
		}
		if reply.Status != http.StatusUnauthorized || c.cfg.tokens == nil {
			break
		}
		c.cfg.tokens.refused(token)
	}
	return reply, nil
}

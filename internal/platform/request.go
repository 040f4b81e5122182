package platform

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Request is one call of a platform.
type Request struct {
	Tool   string // "agents.register"; the tool call's name is "agentidp.agents.register". "" = not recorded
	Method string
	Path   string // below the base URL, escaped, as [Path] makes it
	Query  url.Values
	Header http.Header // besides Accept, Content-Type and User-Agent

	JSON        any                           // the body; nil = none, or Body
	Body        func() (io.ReadCloser, error) // called for each attempt
	ContentType string                        // of Body
	Length      int64                         // of Body; 0 = unknown
	Once        bool                          // Body can be had only once: there is one attempt
	Retry       bool                          // repeating is harmless: a GET, or it has an idempotency key

	Input, Output any           // what is recorded; nil = nothing. Output is recorded of a success, and may be what Into points to
	Into          any           // what the JSON of a success is decoded into; nil = its body is nobody's business
	Missing       func() string // names a field that Into cannot do without and does not have, "" if it has them all; nil = there is none
}

// Path fills ids into a pattern, one for each {}: Path("/agents/{}", id). An id that is no part of a path is an error.
func Path(pattern string, ids ...string) (string, error) {
	var b strings.Builder
	for _, id := range ids {
		before, after, _ := strings.Cut(pattern, "{}")
		if id == "" || id == "." || id == ".." {
			return "", fmt.Errorf("the id %q in the path %s is none, give one that the platform told", id, before+"{}"+after)
		}
		b.WriteString(before)
		b.WriteString(url.PathEscape(id))
		pattern = after
	}
	b.WriteString(pattern)
	return b.String(), nil
}

// encode prepares the body, so that every attempt sends the same.
func (q *Request) encode() error {
	if q.JSON == nil {
		return nil
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(q.JSON); err != nil {
		return fmt.Errorf("the request has no JSON form: %w", err)
	}
	body := bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	q.Body = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	q.ContentType, q.Length = "application/json", int64(len(body))
	return nil
}

// request makes the next attempt.
func (c *Client) request(ctx context.Context, q *Request) (*http.Request, error) {
	target := c.base.String() + q.Path
	if len(q.Query) > 0 {
		target += "?" + q.Query.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, q.Method, target, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("%s: the request %s %s cannot be made: expected a method and a path", c.cfg.Name, q.Method, q.Tool)
	}
	for name, values := range q.Header {
		r.Header[http.CanonicalHeaderKey(name)] = append([]string(nil), values...)
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", c.cfg.UserAgent)
	return r, nil
}

// fill gives the attempt its body, last of all: whoever has it must close it.
func (q *Request) fill(r *http.Request) error {
	if q.Body == nil {
		return nil
	}
	body, err := q.Body()
	if err != nil {
		return err
	}
	r.Body, r.GetBody, r.ContentLength = body, q.Body, q.Length
	if q.Once {
		r.GetBody = nil
	}
	if q.Length == 0 {
		r.ContentLength = -1
	}
	if q.ContentType != "" {
		r.Header.Set("Content-Type", q.ContentType)
	}
	return nil
}

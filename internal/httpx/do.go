package httpx

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// Response is a reply whose body has been read and closed.
type Response struct {
	Status    int
	Header    http.Header
	Body      []byte
	Truncated bool // the body was longer than was asked for
}

// CutError says that a reply began and did not end: its header was received, its body was
// not, or not whole. Whether the server acted on the request is unknown.
type CutError struct {
	Status int         // of the reply
	Header http.Header // of the reply
	Err    error       // what the connection said; io.ErrUnexpectedEOF, most often
}

func (e *CutError) Error() string {
	return fmt.Sprintf("reply with status %d was cut short: %v", e.Status, e.Err)
}

func (e *CutError) Unwrap() error { return e.Err }

// Do sends req through c and reads at most maxBody bytes of the reply's body. A reply that
// is cut short is a *CutError; when there is no reply at all, the error is that of the
// connection, without what is secret in the URL. Any status is a Response.
func Do(c *http.Client, req *http.Request, maxBody int64) (*Response, error) {
	reply, err := c.Do(req)
	if err != nil {
		return nil, withoutSecrets(err, req.URL)
	}
	defer reply.Body.Close()
	body, truncated, err := readBody(reply.Body, maxBody)
	if err != nil {
		return nil, &CutError{Status: reply.StatusCode, Header: reply.Header, Err: err}
	}
	return &Response{Status: reply.StatusCode, Header: reply.Header, Body: body, Truncated: truncated}, nil
}

// readBody reads up to limit bytes, and one more to learn whether that was all. A longer
// body costs its connection: to drain it would mean to wait for a server that may be
// sending for ever.
func readBody(body io.Reader, limit int64) (read []byte, truncated bool, err error) {
	limit = max(limit, 0)
	read, err = io.ReadAll(io.LimitReader(body, limit+1))
	if int64(len(read)) > limit {
		return read[:limit], true, nil
	}
	return read, false, err
}

// withoutSecrets rewrites the URL that net/http puts into its errors.
func withoutSecrets(err error, u *url.URL) error {
	var failed *url.Error
	if !errors.As(err, &failed) {
		return err
	}
	return &url.Error{Op: failed.Op, URL: PublicURL(u), Err: failed.Err}
}

package sentrialtest

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
)

// Deliver hands events to the recorder as if a client had sent them.
func Deliver(r *Recorder, events ...string) (accepted int) {
	raw := make([]json.RawMessage, len(events))
	for i, e := range events {
		raw[i] = json.RawMessage(e)
	}
	accepted, _ = r.inbox.keepAll(raw)
	return accepted
}

// GoldenText is what Golden compares with a file.
func GoldenText(r *Recorder, opts ...GoldenOption) string {
	t, _ := r.trace()
	return goldenSetup(opts).text(t)
}

// Numbers, ParsePath, EqualJSON and Diff are for fuzzing.
var (
	Numbers   = numbers
	EqualJSON = equalJSON
	Diff      = diff
)

// PathNames gives the names of a path and the signs between them.
func PathNames(text string) (names, signs []string, err error) {
	p, err := parsePath(text)
	for i, part := range p.parts {
		names = append(names, part.name)
		switch {
		case part.deep:
			signs = append(signs, ">>")
		case i > 0:
			signs = append(signs, ">")
		}
	}
	return names, signs, err
}

// Close does what the end of the test does, but for the complaints.
func (r *Recorder) Close() { _ = r.client.Close(context.Background()) }

// Post hands a request body to the recorder's server.
func Post(r *Recorder, encoding string, body []byte) (status int, reply []byte) {
	req := httptest.NewRequest(http.MethodPost, "/v1/events", bytes.NewReader(body))
	req.Header.Set("Content-Encoding", encoding)
	w := httptest.NewRecorder()
	r.inbox.ServeHTTP(w, req)
	return w.Code, w.Body.Bytes()
}

// Lookups counts how often the stacks of all goroutines are read to find out whose so many calls of one goroutine are.
func Lookups(r *Recorder, calls int) (n int) {
	for range calls {
		if alive.owner("the goroutine", func() ancestry { n++; return ancestry{ids: []string{r.watch.home}} }) != r.watch {
			return -1
		}
	}
	return n
}

// SetFolder makes another folder that of the tests.
func SetFolder(t *testing.T, dir string) {
	t.Helper()
	before := folder
	t.Cleanup(func() { folder = before })
	folder = dir
}

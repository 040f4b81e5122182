package server_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// message is what a stream told.
type message struct{ event, id, data string }

// eventID is the id in the data: of an event, or of a session.
func (m message) eventID() string {
	var body struct{ ID string }
	_ = json.Unmarshal([]byte(m.data), &body)
	return body.ID
}

// streamClient follows a stream.
type streamClient struct {
	t      *testing.T
	body   *bufio.Reader
	cancel context.CancelFunc
	last   string // Last-Event-ID, as a browser keeps it
}

// follow opens a stream, which is there when it returns.
func follow(t *testing.T, client *http.Client, url string, headers ...string) *streamClient {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); res.Body.Close() })
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%s: %s, Content-Type %q", url, res.Status, res.Header.Get("Content-Type"))
	}
	return &streamClient{t: t, body: bufio.NewReader(res.Body), cancel: cancel}
}

// block reads up to the next empty line.
func (c *streamClient) block() (m message, comment bool, err error) {
	for {
		line, err := c.body.ReadString('\n')
		if err != nil {
			return m, comment, err
		}
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case line == "\n":
			return m, comment, nil
		case name == "":
			comment = true
		case name == "event":
			m.event = value
		case name == "id":
			m.id, c.last = value, value
		case name == "data":
			m.data += value
		default:
			c.t.Errorf("line %q", line)
		}
	}
}

// begin reads the comment that every stream begins with.
func (c *streamClient) begin() {
	c.t.Helper()
	if m, comment, err := c.block(); !comment || err != nil {
		c.t.Fatalf("the stream begins with %+v (%v)", m, err)
	}
}

// next returns the next message; ok is false at the end of the stream.
func (c *streamClient) next() (message, bool) {
	for {
		m, _, err := c.block()
		if err != nil {
			return m, false
		}
		if m.event != "" {
			return m, true
		}
	}
}

// read returns the next n messages: their kinds and ids.
func (c *streamClient) read(n int) string {
	c.t.Helper()
	var list []string
	for range n {
		m, ok := c.next()
		if !ok {
			c.t.Fatalf("the stream ended after %v", list)
		}
		list = append(list, m.event+" "+m.eventID())
	}
	return strings.Join(list, ", ")
}

// streaming runs a over a real listener.
func (a *app) streaming() string {
	ts := httptest.NewServer(a)
	a.t.Cleanup(ts.Close)
	return ts.URL
}

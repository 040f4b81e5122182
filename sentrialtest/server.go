package sentrialtest

import (
	"net/http/httptest"
	"testing"

	sentrial "github.com/sentrial/sentrial-go"
)

// ServerRecorder is a Recorder that any program on this machine can send to.
type ServerRecorder struct {
	*Recorder
	url string
}

// Server gives a recorder that listens on a port of 127.0.0.1 until the test ends, for agents in another process or with a client of their own: give them
// URL, as SENTRIAL_API_URL or through sentrial.WithAPIURL. No key is needed. It speaks the batch protocol, that of the Go SDK, with gzip and zstd, knows events
// by their ids, and answers the routes that clients read. Agents that speak the hosted wire record to sentrial serve; their requests to this server fail, and
// failures tell of them.
//
// Reading waits for nothing but its own Client, to which the options apply. An agent must flush or close its client before the test reads, or the test uses
// Wait.
func Server(t testing.TB, opts ...sentrial.Option) *ServerRecorder {
	t.Helper()
	inbox := newInbox()
	server := httptest.NewServer(inbox)
	inbox.url = server.URL
	t.Cleanup(server.Close) // after the recorder's own client
	return &ServerRecorder{Recorder: newRecorder(t, inbox, opts, sentrial.WithAPIURL(server.URL)), url: server.URL}
}

// URL is where to send to, such as http://127.0.0.1:41234.
func (s *ServerRecorder) URL() string { return s.url }

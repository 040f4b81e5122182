package faultsink_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/internal/memhttp"
)

// link is a way to a sink.
type link struct {
	url    string
	client *http.Client
}

// links are the ways a test goes through one after the other.
var links = map[string]func(*testing.T, *faultsink.Sink) link{
	"memory": inMemory, "tcp": overTCP, "http2": overHTTP2,
}

func inMemory(t *testing.T, sink *faultsink.Sink) link {
	server := memhttp.New(t, sink)
	return link{server.URL(), server.Client()}
}

func overTCP(t *testing.T, sink *faultsink.Sink) link { return linkTo(t, faultsink.Start(t, sink)) }

func overHTTP2(t *testing.T, sink *faultsink.Sink) link {
	return linkTo(t, faultsink.StartTLS(t, sink, nil))
}

func linkTo(t *testing.T, server *faultsink.Server) link {
	client := server.Client()
	t.Cleanup(client.CloseIdleConnections)
	return link{server.URL(), client}
}

// each runs a test over every kind of link.
func each(t *testing.T, test func(t *testing.T, to func(*faultsink.Sink) link)) {
	for name, via := range links {
		t.Run(name, func(t *testing.T) {
			test(t, func(sink *faultsink.Sink) link { return via(t, sink) })
		})
	}
}

// answer is what a client got; err is also the error of a body that ended early.
type answer struct {
	*http.Response
	text string
	err  error
}

// post sends a body as it is. headers are names and values.
func (l link) post(ctx context.Context, body string, headers ...string) answer {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, l.url+"/v1/events", strings.NewReader(body))
	if err != nil {
		return answer{err: err}
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return l.do(req)
}

// do does not follow redirects.
func (l link) do(req *http.Request) answer {
	client := *l.client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	reply, err := client.Do(req)
	if err != nil {
		return answer{err: err}
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(io.LimitReader(reply.Body, 4<<20))
	return answer{reply, string(text), err}
}

// ok sends a body that must get 200.
func (l link) ok(t *testing.T, body string, headers ...string) answer {
	t.Helper()
	a := l.post(t.Context(), body, headers...)
	if a.err != nil || a.StatusCode != http.StatusOK {
		t.Fatalf("got %v, want 200", a)
	}
	return a
}

func (a answer) String() string {
	if a.Response == nil {
		return a.err.Error()
	}
	return fmt.Sprintf("%s %.200s (%v)", a.Status, a.text, a.err)
}

// event is one of a batch, with defaults for what a test leaves out.
type event struct {
	ID      string         `json:"id"`
	Type    string         `json:"type"`
	Session string         `json:"session_id"`
	Seq     int            `json:"seq"`
	At      string         `json:"timestamp"`
	Status  string         `json:"status"`
	More    map[string]any `json:"metadata,omitempty"`
}

func batch(events ...event) string { return batchOf("client", events...) }

func batchOf(client string, events ...event) string {
	for i := range events {
		e := &events[i]
		e.Type, e.Session, e.Status = cmp.Or(e.Type, "step"), cmp.Or(e.Session, "s"), cmp.Or(e.Status, "success")
		e.At = cmp.Or(e.At, fmt.Sprintf("2026-01-02T03:04:05.%06dZ", e.Seq))
	}
	body, err := json.Marshal(map[string]any{"client": map[string]string{"id": client}, "events": events})
	if err != nil {
		panic(err)
	}
	return string(body)
}

// two is a batch of events a and b.
var two = batch(event{ID: "a", Seq: 1}, event{ID: "b", Seq: 2})

// acknowledged reads a reply of 200.
func (a answer) acknowledged() (accepted, duplicates, rejected int, err error) {
	var ack struct {
		Accepted, Duplicates int
		Rejected             []struct {
			ID, Code, Message string
			Retry             bool
		}
	}
	err = errors.Join(a.err, json.Unmarshal([]byte(a.text), &ack))
	return ack.Accepted, ack.Duplicates, len(ack.Rejected), err
}

package server_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server"
)

func (a *app) postLines(body string, headers ...string) *httptest.ResponseRecorder {
	a.t.Helper()
	return a.do("POST", "/v1/events", strings.NewReader(body), append([]string{"Content-Type", "application/x-ndjson"}, headers...)...)
}

func TestLines(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"nothing":               {"", "{0 0 []}"},
		"blank lines":           {"\n\r\n  \t\n", "{0 0 []}"},
		"one":                   {ev("e1", "step") + "\n", "{1 0 []}"},
		"no newline at the end": {ev("e1", "step") + "\n" + ev("e2", "step"), "{2 0 []}"},
		"of Windows":            {"\r\n" + ev("e1", "step") + "\r\n" + ev("e1", "step") + "\r\n", "{1 1 []}"},
		"white space":           {" \t" + ev("e1", "step") + " \n", "{1 0 []}"},
	} {
		a := newApp(t)
		w := a.postLines(c.body)
		same(t, name, w.Code, 200)
		same(t, name, decode[ack](t, w), c.want)
	}
}

// TestBadLinesAreRejectedAlone: each is named by its number, whether or not it has an id, and says nothing about its neighbours.
func TestBadLinesAreRejectedAlone(t *testing.T) {
	for line, message := range map[string]string{
		`{`:                                     "invalid JSON at byte 1",
		`{"id":"x"`:                             "invalid JSON at byte 9",
		`nonsense`:                              "invalid JSON at byte",
		"\ufeff" + ev("x", "step"):              "invalid JSON at byte 0",
		ev("x", "step") + "," + ev("y", "step"): "expected nothing after the end",
		ev("x", "step") + ev("y", "step"):       "expected nothing after the end",
		`null`:                                  "expected an event object, got null",
		`[` + ev("x", "step") + `]`:             "expected an event object, got an array",
		`{"events":[]}`:                         "id is missing",
		ev("x", "step", `"name":5`):             "name: expected a string",
		ev("x", "Step"):                         `got "Step"`,
		ev("x", "step", "\"name\":\"\xff\""):    "not valid UTF-8",
		"\x00":                                  "found byte 0x00",
		strings.Repeat("[", 20_000):             "at most 10000 levels",
	} {
		a := newApp(t)
		w := a.postLines(ev("before", "step") + "\n\n" + line + "\n" + ev("after", "step") + "\n")
		got := decode[ack](t, w)
		if w.Code != 200 || got.Accepted != 2 || len(got.Rejected) != 1 {
			t.Errorf("%q: %d %s", line, w.Code, w.Body)
			continue
		}
		if r := got.Rejected[0]; r.ID != "line:3" || r.Code != "validation_error" || r.Retry || !strings.Contains(r.Message, message) {
			t.Errorf("%q: %+v, want %s", line, r, message)
		}
	}
}

func TestLinesHaveTheSameLimits(t *testing.T) {
	a := newApp(t, func(c *server.Config) {
		c.Limits = server.Limits{MaxEvents: 3, MaxWireBytes: 4000, MaxEventBytes: 500, MaxDepth: 3}
	})
	line := func(i int, more ...string) string { return ev(fmt.Sprint("e", i), "step", more...) + "\n" }
	same(t, "three", a.postLines(line(1)+line(2)+line(3)+"\n").Code, 200)
	wantError(t, a.postLines(line(1)+"x\n"+line(2)+line(3)), http.StatusRequestEntityTooLarge, "payload_too_large", "more than 3 events")
	wantError(t, a.postLines(strings.Repeat("\n", 4001)), http.StatusRequestEntityTooLarge, "payload_too_large", "larger than 4000 bytes")
	got := decode[ack](t, a.postLines(line(4)+line(5, `"x":"`+strings.Repeat("x", 500)+`"`)+line(6, `"x":[[[1]]]`)))
	same(t, "accepted", got.Accepted, 1)
	same(t, "rejected", len(got.Rejected), 2)
	for i, r := range got.Rejected {
		same(t, "id", r.ID, fmt.Sprint("line:", i+2))
		same(t, "code", r.Code, "payload_too_large")
	}
	packed := string(compressed(t, "gzip", line(7)+line(8)))
	same(t, "compressed", decode[ack](t, a.postLines(packed, "Content-Encoding", "gzip")), "{2 0 []}")
}

func TestLinesComeBackAsSent(t *testing.T) {
	a := newApp(t)
	a.postLines(` {"position":1, "id" : "e1","type":"custom","session_id":"s1","timestamp":"2026-11-22T00:16:56Z","n":1.000}` + "\r\n")
	same(t, "event", a.get("/v1/events/e1"),
		`{"id":"e1","type":"custom","session_id":"s1","timestamp":"2026-11-22T00:16:56Z","n":1.000,"position":2,"received_at":"2026-11-22T12:00:00.000000005Z"}`)
	if got := decode[ack](t, a.postLines(ev("r", "step", `"input":{"$ref":"sha256:00"}`))); len(got.Rejected) != 1 || !got.Rejected[0].Retry || got.Rejected[0].ID != "line:1" {
		t.Errorf("a reference: %+v", got)
	}
}

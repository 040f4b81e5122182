package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/internal/leaktest"
	"github.com/sentrial/sentrial-go/server"
)

func TestStreamTellsWhatComes(t *testing.T) {
	leaktest.Check(t)
	a := newApp(t)
	a.send(ev("before", "step"))
	c := follow(t, http.DefaultClient, a.streaming()+"/v1/stream")
	a.send(ev("e1", "step"), `{"id":"e2","type":"llm_call","session_id":"s2","timestamp":"2026-11-22T09:31:00Z"}`, ev("e3", "error"))
	event, _ := c.next()
	same(t, "an event", event.data, a.get("/v1/events/e1"))
	position, err := strconv.Atoi(event.id)
	if err != nil || !strings.Contains(event.data, fmt.Sprintf(`"position":%d,`, position)) {
		t.Errorf("id %q of %s", event.id, event.data)
	}
	same(t, "the rest", c.read(3), "event e2, session s2, event e3")
	session, _ := c.next()
	same(t, "a session", session.data, a.get("/v1/sessions/s1"))
	a.send(ev("e4", "step"))
	same(t, "more", c.read(2), "event e4, session s1")
	a.do("POST", "/v1/events", strings.NewReader(`{"events":[`+ev("theirs", "step")+`]}`), "Content-Type", "application/json", "X-Sentrial-Project", "other")
	a.send(ev("e4", "step"), ev("e5", "step"))
	same(t, "neither theirs nor twice", c.read(2), "event e5, session s1")
}

func TestStreamFilters(t *testing.T) {
	a := newApp(t)
	url := a.streaming()
	session := follow(t, http.DefaultClient, url+"/v1/stream?session=s2")
	errors := follow(t, http.DefaultClient, url+"/v1/stream?type=error&type=decision,session_end")
	a.send(ev("e1", "step"), `{"id":"e2","type":"step","session_id":"s2","timestamp":"2026-11-22T09:31:00Z"}`, ev("e3", "error"))
	same(t, "of a session", session.read(2), "event e2, session s2")
	same(t, "of a type", errors.read(3), "session s2, event e3, session s1")
}

func TestStreamOfEventsWithLineBreaks(t *testing.T) {
	a := newApp(t)
	c := follow(t, http.DefaultClient, a.streaming()+"/v1/stream")
	a.send("{\"id\":\"e1\",\r\n\"type\":\"step\",\n\n\"session_id\":\"s1\",\r\"timestamp\":\"2026-11-22T09:31:00Z\"}")
	same(t, "messages", c.read(2), "event e1, session s1")
}

// TestStreamResumes has a client whose connection breaks over and over while others send.
func TestStreamResumes(t *testing.T) {
	leaktest.Check(t)
	a := newApp(t)
	url := a.streaming()
	const writers, each = 3, 60
	var wg sync.WaitGroup
	c := follow(t, http.DefaultClient, url+"/v1/stream")
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				postBatch(t, url, []string{fmt.Sprintf(`{"id":"w%de%d","type":"step","session_id":"s%d","timestamp":"2026-11-22T09:31:00Z"}`, w, i, w)})
			}
		})
	}
	seen, counts, position := make(map[string]bool), make(map[string]int), 0
	for n := 0; len(seen) < writers*each || counts["s0"]+counts["s1"]+counts["s2"] < writers*each; n++ {
		m, ok := c.next()
		if !ok {
			t.Fatal("the stream ended")
		}
		at, err := strconv.Atoi(m.id)
		if err != nil || at < position {
			t.Fatalf("id %q after %d", m.id, position)
		}
		if position = at; m.event == "event" && seen[m.eventID()] {
			t.Errorf("%s came twice", m.eventID())
		}
		if m.event == "event" {
			seen[m.eventID()] = true
		} else {
			counts[m.eventID()] = sessionEvents(t, m)
		}
		if n%5 == 0 {
			c.cancel()
			c = follow(t, http.DefaultClient, url+"/v1/stream", "Last-Event-ID", c.last)
		}
	}
	wg.Wait()
}

func sessionEvents(t *testing.T, m message) int {
	var body struct{ Events int }
	if err := json.Unmarshal([]byte(m.data), &body); err != nil {
		t.Error(err)
	}
	return body.Events
}

func TestStreamBeginsWhereItIsTold(t *testing.T) {
	a := newApp(t)
	url := a.streaming()
	a.send(ev("e1", "step"), ev("e2", "step"))
	same(t, "all", follow(t, http.DefaultClient, url+"/v1/stream", "Last-Event-ID", "0").read(3), "event e1, event e2, session s1")
	same(t, "all, by parameter", follow(t, http.DefaultClient, url+"/v1/stream?last_event_id=0").read(3), "event e1, event e2, session s1")
	first, _ := follow(t, http.DefaultClient, url+"/v1/stream?last_event_id=0").next()
	same(t, "the header wins", follow(t, http.DefaultClient, url+"/v1/stream?last_event_id=0", "Last-Event-ID", first.id).read(2), "event e2, session s1")
	// The change of the last event's session may not have arrived, so it comes again.
	second := follow(t, http.DefaultClient, url+"/v1/stream", "Last-Event-ID", strconv.Itoa(position(t, a, "e2")))
	same(t, "the session again", second.read(1), "session s1")
	// A client that saw no message has the position of the beginning, and one of another store begins now.
	begun, beyond := follow(t, http.DefaultClient, url+"/v1/stream"), follow(t, http.DefaultClient, url+"/v1/stream", "Last-Event-ID", "9999")
	if m, comment, err := begun.block(); err != nil || !comment || m.id != strconv.Itoa(position(t, a, "e2")) {
		t.Errorf("the stream begins with %+v (%v)", m, err)
	}
	a.send(ev("e3", "step"))
	same(t, "from the beginning", follow(t, http.DefaultClient, url+"/v1/stream", "Last-Event-ID", begun.last).read(2), "event e3, session s1")
	same(t, "now", beyond.read(2), "event e3, session s1")
}

// TestStreamOfAnEmptyStoreResumes: the beginning of everything is a place too.
func TestStreamOfAnEmptyStoreResumes(t *testing.T) {
	a := newApp(t)
	url := a.streaming()
	c := follow(t, http.DefaultClient, url+"/v1/stream")
	if m, comment, err := c.block(); !comment || m.id != "0" || err != nil {
		t.Fatalf("the stream begins with %+v (%v)", m, err)
	}
	c.cancel()
	a.send(ev("e1", "step"))
	same(t, "what came meanwhile", follow(t, http.DefaultClient, url+"/v1/stream", "Last-Event-ID", c.last).read(2), "event e1, session s1")
}

func position(t *testing.T, a *app, id string) int {
	t.Helper()
	var body struct{ Position int }
	if err := json.Unmarshal([]byte(a.get("/v1/events/"+id)), &body); err != nil {
		t.Fatal(err)
	}
	return body.Position
}

func TestBadStreams(t *testing.T) {
	a := newApp(t)
	for target, message := range map[string]string{
		"/v1/stream?last_event_id=x":    `Last-Event-ID: expected the id of a message, which is a number, got "x"`,
		"/v1/stream?last_event_id=-1":   "Last-Event-ID: expected",
		"/v1/stream?type=Step":          "type: expected words",
		"/v1/stream?limit=5":            `parameter "limit" is not known here`,
		"/v1/stream?session=a&session=": "parameter session is given 2 times",
	} {
		wantError(t, a.do("GET", target, nil), http.StatusBadRequest, "validation_error", message)
	}
	head := a.do("HEAD", "/v1/stream", nil)
	same(t, "HEAD", fmt.Sprintln(head.Code, head.Header().Get("Content-Type"), head.Body.Len()), "200 text/event-stream 0\n")
}

func TestStreamsAreBounded(t *testing.T) {
	leaktest.Check(t)
	a := newApp(t)
	url := a.streaming()
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	first := follow(t, client, url+"/v1/stream")
	for range server.MaxProjectStreams - 1 {
		follow(t, client, url+"/v1/stream")
	}
	w := a.do("GET", "/v1/stream", nil)
	wantError(t, w, http.StatusServiceUnavailable, "unavailable", "too many streams")
	same(t, "Retry-After", w.Header().Get("Retry-After"), "10")
	follow(t, client, url+"/v1/stream", "X-Sentrial-Project", "other")
	first.cancel()
	for a.OpenStreams() > server.MaxProjectStreams { // the other project's is one of them
		if _, ok := first.next(); ok {
			t.Error("a message")
		}
	}
	follow(t, client, url+"/v1/stream")
}

// TestStreamOfARevokedKey ends when its key does, another key's goes on.
func TestStreamOfARevokedKey(t *testing.T) {
	leaktest.Check(t)
	g := newGated(t)
	theirs, ours := g.key("p", "sessions:read"), g.key("p", "sessions:read", "events:write")
	url := g.streaming()
	ending := follow(t, http.DefaultClient, url+"/v1/stream", "Authorization", "Bearer "+theirs.Key)
	other := follow(t, http.DefaultClient, url+"/v1/stream", "Authorization", "Bearer "+ours.Key)
	g.revoke(theirs)
	g.clock.move(time.Second)
	if m, ok := ending.next(); ok {
		t.Errorf("got %+v", m)
	}
	w := g.do("POST", "/v1/events", strings.NewReader(`{"events":[`+ev("e1", "step")+`]}`), "Content-Type", "application/json", "Authorization", "Bearer "+ours.Key)
	same(t, "status", w.Code, 200)
	same(t, "the other", other.read(2), "event e1, session s1")
}

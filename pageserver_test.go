package sentrial_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"reflect"
	"strconv"
	"testing"
)

// pageServer is a server on loopback for programs made of the page, and what it was sent.
type pageServer struct {
	wire    wire
	url     string
	printed string
}

// pageSession is the session that the server has under any id, and printedSession how the page prints it behind its id.
const (
	pageSession    = `{"id":%q,"name":"Where is my order?","status":"active","created_at":"2026-11-22T00:16:56Z","metadata":{"environment":"production"},"events":1,"errors":0}`
	printedSession = " Where is my order? active 2026-11-22 00:16:56 +0000 UTC map[environment:production]"
)

func newPageServer(t *testing.T) *pageServer {
	t.Helper()
	s := &pageServer{}
	routes := http.NewServeMux()
	routes.HandleFunc("POST /v1/events", func(w http.ResponseWriter, r *http.Request) {
		reply, err := s.wire.RoundTrip(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		defer reply.Body.Close()
		w.Header().Set("Content-Type", reply.Header.Get("Content-Type"))
		_, _ = io.Copy(w, reply.Body)
	})
	routes.HandleFunc("GET /v1/sessions/{id}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, pageSession, r.PathValue("id"))
	})
	server := httptest.NewServer(routes)
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// run runs one block of the page.
func (s *pageServer) run(t *testing.T, program string, block int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, strconv.Itoa(block))
	cmd.Env = append(os.Environ(), "SENTRIAL_API_URL="+s.url)
	out, err := cmd.CombinedOutput()
	s.printed += string(out)
	if err != nil {
		t.Errorf("block %d: %v\n%s", block, err, out)
	}
}

// last gives the last event of a type, as JSON is read into any.
func (s *pageServer) last(t *testing.T, eventType string) any {
	t.Helper()
	var found any
	for _, e := range s.wire.events(t) {
		if string(e["type"]) == strconv.Quote(eventType) {
			text, err := json.Marshal(e)
			if err == nil {
				err = json.Unmarshal(text, &found)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if found == nil {
		t.Errorf("no %s was recorded", eventType)
	}
	return found
}

func (s *pageServer) want(t *testing.T, eventType, path, value string) {
	t.Helper()
	want := jsonValue(t, value)
	if got := atPath(s.last(t, eventType), path); !reflect.DeepEqual(got, want) {
		t.Errorf("%s of the %s is %v, want %v", path, eventType, got, want)
	}
}

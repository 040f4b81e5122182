package e2e_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

// otlpServer is a server over a file with all its listeners.
type otlpServer struct {
	t        *testing.T
	db       store.Store
	url      string // of all routes
	web, rpc string // addresses for OTLP over HTTP and gRPC
	events   <-chan otlpEvent
}

// otlpEvent is what the tests look at of an event.
type otlpEvent struct {
	ID, Type, Status, Model, Response string
	SessionID                         string `json:"session_id"`
	ClientID                          string `json:"client_id"`
	ToolName                          string `json:"tool_name"`
	PromptTokens                      int    `json:"prompt_tokens"`
	CompletionTokens                  int    `json:"completion_tokens"`
	Metadata                          map[string]any
	Messages                          json.RawMessage
}

func serveOTLP(t *testing.T) *otlpServer {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "s.db"))
	if err != nil {
		t.Fatal(err)
	}
	srv, err := server.New(server.Config{Store: db})
	if err != nil {
		t.Fatal(err)
	}
	var lns []net.Listener
	for range 3 {
		ln, err := server.Listen(t.Context(), "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		lns = append(lns, ln)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() {
		served <- srv.Serve(ctx, lns[0], server.OTLPOverHTTP(lns[1]), server.OTLPOverGRPC(lns[2]))
	}()
	t.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			t.Errorf("serve: %v", err)
		}
		_ = db.Close()
	})
	s := &otlpServer{t: t, db: db, url: "http://" + lns[0].Addr().String(), web: lns[1].Addr().String(), rpc: lns[2].Addr().String()}
	s.events = follow(t, s.url, "")
	return s
}

// follow gives the events that a server stores from now on.
func follow(t *testing.T, url, key string) <-chan otlpEvent {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", url+"/v1/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	res, err := http.DefaultClient.Do(req) //nolint:bodyclose // it is closed where it ends
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%+v, %v", res, err)
	}
	events := make(chan otlpEvent, 1000)
	go func() {
		defer res.Body.Close()
		lines, kind := bufio.NewScanner(res.Body), ""
		lines.Buffer(nil, 4<<20)
		for lines.Scan() {
			if name, is := strings.CutPrefix(lines.Text(), "event: "); is {
				kind = name
			}
			data, is := strings.CutPrefix(lines.Text(), "data: ")
			var e otlpEvent
			if is && kind == "event" && json.Unmarshal([]byte(data), &e) == nil { // not what the end of the test cut off
				events <- e
			}
		}
	}()
	return events
}

// next are the next n events. It waits for no more than a minute.
func (s *otlpServer) next(n int) (all []otlpEvent) {
	s.t.Helper()
	late := time.NewTimer(time.Minute)
	defer late.Stop()
	for len(all) < n {
		select {
		case e := <-s.events:
			all = append(all, e)
		case <-late.C:
			s.t.Fatalf("nothing more came behind %+v", all)
		}
	}
	return all
}

// of are those of a type.
func of(all []otlpEvent, kind string) []otlpEvent {
	return slices.DeleteFunc(slices.Clone(all), func(e otlpEvent) bool { return e.Type != kind })
}

// postJSON posts a body and reads the reply.
func postJSON(t *testing.T, url, body string, reply any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "POST", url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(reply); err != nil || res.StatusCode >= 300 {
		t.Fatalf("%s: %s, %v", url, res.Status, err)
	}
}

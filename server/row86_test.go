package server_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// replay makes the request of a file: what some version of a client sends.
func (a *app) replay(file string) (body []byte, w *httptest.ResponseRecorder) {
	a.t.Helper()
	text, err := os.ReadFile("testdata/wire/" + file)
	if err != nil {
		a.t.Fatal(err)
	}
	head, body, _ := bytes.Cut(text, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	method, target, _ := strings.Cut(lines[0], " ")
	var headers []string
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ": ")
		headers = append(headers, name, value)
	}
	return body, a.do(method, target, bytes.NewReader(body), headers...)
}

// wantReturned checks that every event of a batch comes back as it was sent, with the server's keys behind.
func (a *app) wantReturned(batch []byte) {
	a.t.Helper()
	var sent struct{ Events []json.RawMessage }
	if err := json.Unmarshal(batch, &sent); err != nil || len(sent.Events) == 0 {
		a.t.Fatalf("%d events (%v)", len(sent.Events), err)
	}
	for _, event := range sent.Events {
		var known struct{ ID string }
		if err := json.Unmarshal(event, &known); err != nil {
			a.t.Fatal(err)
		}
		if got, want := a.get("/v1/events/"+known.ID), strings.TrimSuffix(string(event), "}")+`,"position":`; !strings.HasPrefix(got, want) {
			a.t.Errorf("got %s\nwant %s…", got, want)
		}
	}
}

// TestRow86BatchOfTheFirstSDK: what version 0.1.0 sends is taken for ever.
func TestRow86BatchOfTheFirstSDK(t *testing.T) {
	a := newApp(t)
	batch, w := a.replay("sdk-0.1.http")
	same(t, "reply", strings.TrimSpace(w.Body.String()), `{"accepted":8,"duplicates":0,"rejected":[]}`)
	a.wantReturned(batch)
	_, again := a.replay("sdk-0.1.http")
	replayed(t, "again", again, w)
	session, events := a.read("sess_01a21ce4-22b7-78db-91fc-f27c281e27c0")
	same(t, "session", []any{session.Status, session.Name, session.UserID, session.Summary, session.Usage.TotalTokens, *session.Cost, session.Errors, len(events)},
		"[success reset a password user_123 password reset 99 0.000123 2 8]")
}

// TestRow86BatchOfANewerClient: fields and types that are not known here are kept, and change nothing.
func TestRow86BatchOfANewerClient(t *testing.T) {
	a := newApp(t)
	batch, w := a.replay("newer.http")
	same(t, "reply", strings.TrimSpace(w.Body.String()), `{"accepted":5,"duplicates":0,"rejected":[]}`)
	a.wantReturned(batch)
	session, events := a.read("sess_new")
	same(t, "session", []any{session.Status, session.Name, len(events)}, "[success new 5]")
	same(t, "of a type that is not known", strings.Contains(string(events[2].Raw), `"documents":[{"id":"d1","score":0.98765432109876543}],"big":123456789012345678901234567890`), true)
	same(t, "of a known type", string(events[1].Extra["sandbox"]), `{"image":"alpine","limits":{"cpu":0.5}}`)
	same(t, "by a type that is not known", a.list("/v1/sessions/sess_new/events?type=retrieval_v2").ids(), "evt_n3")
}

// TestRow86WhatIsNotSpokenHere is refused in words that a program understands, so that it can speak as this server does.
func TestRow86WhatIsNotSpokenHere(t *testing.T) {
	a := newApp(t)
	body := `{"events":[` + ev("e1", "step") + `]}`
	for _, media := range []string{"application/vnd.sentrial.v2+json", "application/cbor", "application/x-protobuf", "application/json-seq", "text/json", "application/json-patch+json"} {
		w := a.post(body, "Content-Type", media)
		wantError(t, w, http.StatusUnsupportedMediaType, "unsupported_media_type", "send application/json or application/x-ndjson")
		same(t, "Accept-Encoding", w.Header().Get("Accept-Encoding"), "zstd, gzip")
	}
	for _, encoding := range []string{"br", "zstd-dict", "dcz", "lz4", "gzip;q=1"} {
		w := a.post(body, "Content-Encoding", encoding)
		wantError(t, w, http.StatusUnsupportedMediaType, "unsupported_media_type", "send zstd, gzip or identity")
		same(t, "Accept-Encoding", w.Header().Get("Accept-Encoding"), "zstd, gzip")
	}
	for _, version := range []string{"2", "1.1", "2027-05-01", "0"} {
		wantError(t, a.post(body, "Sentrial-Version", version), http.StatusBadRequest, "validation_error", "version 1 is")
	}
	same(t, "sessions", a.get("/v1/sessions"), `{"data":[]}`)
}

// later answers as a server of a later version might: with more in every object, and with more headers.
func later(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reply := httptest.NewRecorder()
		next.ServeHTTP(reply, r)
		maps.Copy(w.Header(), reply.Header())
		w.Header().Del("Content-Length")
		w.Header().Set("Accept-Encoding", "dcz, br;q=0.9, zstd, gzip")
		w.Header().Set("X-Deprecation", "none")
		w.WriteHeader(reply.Code)
		var value any
		decoder := json.NewDecoder(reply.Body)
		decoder.UseNumber()
		if decoder.Decode(&value) == nil {
			_ = json.NewEncoder(w).Encode(more(value))
		}
	})
}

// more adds members to each object.
func more(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			value[name] = more(member)
		}
		value["x_later"], value["x_null"] = map[string]any{"a": []any{1, nil, "é"}}, nil
	case []any:
		for i := range value {
			value[i] = more(value[i])
		}
	}
	return value
}

// TestRow86SDKWithALaterServer: the SDK takes its replies for what it knows of them, loses nothing and sends nothing twice.
func TestRow86SDKWithALaterServer(t *testing.T) {
	a := newApp(t)
	posts := 0
	server := httptest.NewServer(later(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			posts++
		}
		a.ServeHTTP(w, r)
	})))
	defer server.Close()
	client, err := sentrial.New(sentrial.WithAPIURL(server.URL), sentrial.WithAPIKey(""))
	if err != nil {
		t.Fatal(err)
	}
	ctx, session := client.CreateSession(t.Context(), "later")
	session.TrackToolCall(ctx, types.ToolCall{ToolName: "search", ToolInput: map[string]any{"q": "x"}})
	session.Close(ctx, types.SessionResult{Summary: "done"})
	if err := client.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	read, err := client.GetSession(ctx, session.ID())
	if err != nil || read.Summary != "done" || read.Status != types.StatusSuccess {
		t.Errorf("session %+v (%v)", read, err)
	}
	for s, err := range client.ListSessions(ctx, sentrial.SessionQuery{}) {
		if err != nil || s.ID != session.ID() {
			t.Errorf("listed %+v (%v)", s, err)
		}
	}
	_, err = client.GetSession(ctx, "none")
	if err == nil || !strings.Contains(err.Error(), `no session "none"`) {
		t.Errorf("an unknown session: %v", err)
	}
	if err := client.Close(ctx); err != nil {
		t.Error(err)
	}
	stats := client.Stats()
	if stats.Delivered != 3 || stats.Accepted != 3 || len(stats.Dropped) > 0 || posts > 3 {
		t.Errorf("%+v in %d requests", stats, posts)
	}
	if _, events := a.read(session.ID()); len(events) != 3 {
		t.Errorf("%d events are stored", len(events))
	}
}

package server_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store"
)

// The decoders of the hosted wire are fuzzed through the server: whatever is taken must read back with package types, whatever is not is
// the sender's fault and told in the flat form.

func FuzzHostedSession(f *testing.F) {
	for _, seed := range []string{
		`{"name":"n","agentName":"a","userId":"u","metadata":{"tags":["x"],"input":{"q":1},"agent_version":"1","k":null},"extra":[1]}`,
		`{"name":"n","agentName":"a","userId":"u","metadata":{"session_id":"sess_1","event_id":"evt_1","seq":1,"timestamp":"2026-11-22T00:16:56Z","sentrial_tags":null,"parent_id":"p"}}`,
		`{"name":"","agentName":null}`, `{"name":"n","name":"m"}`, `[]`, ``,
	} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	fuzzHosted(f, func(a *app, body string, headers []string) {
		w := a.hosted("POST", "/sessions", body, headers...)
		if a.taken(w.Code, w.Body.String()) {
			a.read(decode[struct{ ID string }](a.t, w).ID)
		}
	})
}

func FuzzHostedPatch(f *testing.F) {
	for _, seed := range []string{
		`{"status":"completed","success":true,"estimatedCost":0.01,"durationMs":2500,"promptTokens":1500,"completionTokens":80,"totalTokens":1580,"customMetrics":{"a":4.5,"b":"x"},"userInput":"q","assistantOutput":{"a":1}}`,
		`{"status":"failed","success":false,"failureReason":"r","metadata":{"summary":"s","status":"cancelled","event_id":"e","output":[1],"timestamp":"2026-11-22T00:16:56Z"}}`,
		`{"userInput":1,"customMetrics":{"a":1e400},"foo":null}`, `{"totalTokens":1.0}`, `{"status":"done"}`, `{}`, `null`,
	} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	fuzzHosted(f, func(a *app, body string, headers []string) {
		id := a.openSession()
		for range 2 {
			w := a.hosted("PATCH", "/sessions/"+id, body, headers...)
			a.taken(w.Code, w.Body.String())
			a.read(id)
		}
	})
}

func FuzzHostedEvent(f *testing.F) {
	for i, request := range plainProgram[:6] {
		_, body, _ := strings.Cut(request, "events ")
		f.Add(body, i%2 == 0)
	}
	for _, pair := range sdkPairs {
		if body, ok := strings.CutPrefix(pair.request, "POST /events "); ok {
			f.Add(body, true)
		}
	}
	f.Add(`{"sessionId":"SESSION","eventType":"state_change","stateAfter":{"name":5,"value":{"value":1}},"metadata":{"event_type":"session_end","sentrial_event_id":null}}`, true)
	f.Add(`{"sessionId":"SESSION","eventType":"tool_call","toolName":"llm:p:m","toolInput":{"messages":[1,{"role":"user","parts":[{"type":"text","content":5}]}]},"toolError":"x"}`, false)
	fuzzHosted(f, func(a *app, body string, headers []string) {
		id := a.openSession()
		w := a.hosted("POST", "/events", strings.ReplaceAll(body, "SESSION", id), headers...)
		a.taken(w.Code, w.Body.String())
		a.read(id)
	})
}

// fuzzHosted runs try over one server, as a program or as our SDK.
func fuzzHosted(f *testing.F, try func(a *app, body string, headers []string)) {
	f.Fuzz(func(t *testing.T, body string, ours bool) {
		s, err := server.New(server.Config{Trusted: true, Store: &memory{sessions: make(map[string]*store.Session)}, Limits: server.Limits{MaxEventBytes: 4000, MaxDepth: 20}})
		if err != nil {
			t.Fatal(err)
		}
		var headers []string
		if ours {
			headers = sdkHeaders
		}
		try(&app{t: t, Server: s}, body, headers)
	})
}

// memory is a store for one session at a time: a database would drown the fuzzer in paths of its own.
type memory struct {
	store.Store
	sessions map[string]*store.Session
	events   []store.Record
}

func (m *memory) Ingest(_ context.Context, batch store.Batch) (store.Receipt, error) {
	for _, e := range batch.Events {
		s := m.sessions[e.SessionID]
		if s == nil {
			fresh := store.NewSession(batch.Project, e.SessionID)
			s = &fresh
			m.sessions[e.SessionID] = s
		}
		s.Fold(&e)
		e.Settle(s.Counters)
		s.Counters.Add(e.Counters())
		m.events = append(m.events, store.Record{Position: int64(len(m.events)), Timestamp: e.Timestamp, Raw: e.Raw})
	}
	return store.Receipt{Outcomes: slices.Repeat([]store.Outcome{store.Accepted}, len(batch.Events))}, nil
}

func (m *memory) Session(_ context.Context, _, id string) (store.Session, error) {
	if s := m.sessions[id]; s != nil {
		return *s, nil
	}
	return store.Session{}, store.ErrNotFound
}

func (m *memory) Events(context.Context, string, string, store.EventQuery) (store.EventPage, error) {
	return store.EventPage{Events: m.events}, nil
}

func (m *memory) Gaps(context.Context, string, string, int) (store.Gaps, error) {
	return store.Gaps{}, nil
}

// taken reports whether a request succeeded; if not it must have been the sender's fault.
func (a *app) taken(status int, reply string) bool {
	a.t.Helper()
	if status == http.StatusOK {
		return true
	}
	if status < 400 || status >= 500 || !strings.HasPrefix(reply, `{"error":"`) {
		a.t.Fatalf("%d %s", status, reply)
	}
	return false
}

package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// TestConcurrentClients has 16 clients send batches that overlap, running spans and their ends among them.
func TestConcurrentClients(t *testing.T) {
	a := newApp(t)
	ts := httptest.NewServer(a)
	defer ts.Close()
	const events = 400
	var accepted atomic.Int64
	var wg sync.WaitGroup
	for client := range 16 {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(7, uint64(client)))
			order := random.Perm(events)
			for len(order) > 0 {
				n := min(1+random.IntN(40), len(order))
				var batch []string
				for _, i := range order[:n] {
					if i%10 == 0 {
						batch = append(batch, numbered(i, "running"))
					}
					batch = append(batch, numbered(i, "success"))
				}
				order = order[n:]
				accepted.Add(postBatch(t, ts.URL, batch))
			}
		})
	}
	wg.Wait()
	if n := accepted.Load(); n < events || n > events+events/10 {
		t.Errorf("accepted %d, want %d and at most a running report more for every tenth", n, events)
	}
	for s := range 3 {
		checkSession(t, a, s, events)
	}
}

// numbered is event i of a run, in one of three sessions.
func numbered(i int, status string) string {
	return fmt.Sprintf(`{"id":"e%d","type":"llm_call","session_id":"s%d","seq":%d,"timestamp":"2026-11-22T00:16:56Z","status":%q,"prompt_tokens":%d,"cost":0.000001}`,
		i, i%3, i, status, i)
}

func postBatch(t *testing.T, url string, batch []string) int64 {
	body := `{"client":{"id":"c"},"events":[` + strings.Join(batch, ",") + `]}`
	req, err := http.NewRequestWithContext(t.Context(), "POST", url+"/v1/events", bytes.NewReader([]byte(body)))
	if err != nil {
		t.Error(err)
		return 0
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Error(err)
		return 0
	}
	defer res.Body.Close()
	var got ack
	if err := json.NewDecoder(res.Body).Decode(&got); err != nil || res.StatusCode != 200 || got.Accepted+got.Duplicates != len(batch) {
		t.Errorf("%d %+v (%v) for %d events", res.StatusCode, got, err, len(batch))
	}
	return int64(got.Accepted)
}

// checkSession compares a session with what its events add up to.
func checkSession(t *testing.T, a *app, s, events int) {
	t.Helper()
	var session struct {
		Events       int
		PromptTokens int `json:"prompt_tokens"`
		Cost         json.Number
	}
	if err := json.Unmarshal([]byte(a.get(fmt.Sprintf("/v1/sessions/s%d", s))), &session); err != nil {
		t.Fatal(err)
	}
	var want []string
	tokens := 0
	for i := s; i < events; i += 3 {
		want = append(want, fmt.Sprint("e", i))
		tokens += i
	}
	same(t, "counters", fmt.Sprint(session), fmt.Sprintf("{%d %d 0.000%d}", len(want), tokens, len(want)))
	list := a.get(fmt.Sprintf("/v1/sessions/s%d/events?limit=1000", s))
	same(t, "running events", strings.Count(list, `"running"`), 0)
	same(t, "events", a.list(fmt.Sprintf("/v1/sessions/s%d/events?limit=1000", s)).ids(), strings.Join(want, " "))
}

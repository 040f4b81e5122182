package server_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/sentrial/sentrial-go/types"
)

func TestHostedStatus(t *testing.T) {
	for body, want := range map[string]types.Status{
		`{"status":"completed"}`:                   types.StatusSuccess,
		`{"status":"completed","success":true}`:    types.StatusSuccess,
		`{"status":"completed","success":false}`:   types.StatusError,
		`{"status":"completed","success":null}`:    types.StatusSuccess,
		`{"status":"failed"}`:                      types.StatusError,
		`{"status":"failed","success":true}`:       types.StatusError,
		`{"status":null,"success":true}`:           types.StatusActive,
		`{"success":false,"failureReason":"soon"}`: types.StatusActive,
		`{}`: types.StatusActive,
	} {
		a := newApp(t)
		id := a.openSession()
		reply := decode[map[string]any](t, a.must("PATCH", "/sessions/"+id, body))
		s, _ := a.read(id)
		word := map[types.Status]string{types.StatusSuccess: "completed", types.StatusError: "failed", types.StatusActive: "active"}[want]
		if s.Status != want || (s.ClosedAt == nil) != (want == types.StatusActive) || reply["status"] != word {
			t.Errorf("%s: the session is %s, closed at %v, the reply says %v", body, s.Status, s.ClosedAt, reply["status"])
		}
		if open := want == types.StatusActive; (reply["success"] == nil) != open {
			t.Errorf("%s: success in the reply is %v", body, reply["success"])
		}
	}
}

// TestTheFirstEndOfAHostedSessionWins: what comes later only adds.
func TestTheFirstEndOfAHostedSessionWins(t *testing.T) {
	a := newApp(t)
	id := a.openSession()
	a.must("PATCH", "/sessions/"+id, `{"status":"failed","failureReason":"first","userInput":"q"}`)
	a.record(id, "tool_call", `"toolName":"late"`)
	a.must("PATCH", "/sessions/"+id, `{"status":"completed","failureReason":"second","userInput":"other","assistantOutput":"out","customMetrics":{"m":1}}`)
	s, events := a.read(id)
	same(t, "session", []any{s.Status, s.Summary, s.Input, s.Output, s.Metrics["m"], s.Events}, "[error first q out 1 4]")
	same(t, "the other input stays in its event", string(events[3].Extra["input"]), `"other"`)
}

func TestPatchWithoutStatusChangesWhatItNames(t *testing.T) {
	a := newApp(t)
	id := a.openSession()
	a.must("PATCH", "/sessions/"+id, `{"userInput":"a","assistantOutput":{"n":1},"customMetrics":{"x":1,"y":2},"failureReason":"r","metadata":{"k":1}}`)
	a.must("PATCH", "/sessions/"+id, `{"userInput":"b","customMetrics":{"y":3},"metadata":{"summary":"s"}}`)
	a.must("PATCH", "/sessions/"+id, `{"userInput":"a"}`)
	s, events := a.read(id)
	same(t, "session", []any{s.Status, s.Input, s.Output, s.Metrics, s.Summary, s.Metadata}, "[active a map[n:1] map[x:1 y:3] s map[k:1]]")
	same(t, "events", []any{len(events), events[1].Type, events[3].Type}, "[4 session_update session_update]")
	a.must("PATCH", "/sessions/"+id, `{"status":"completed","assistantOutput":"the end"}`)
	s, _ = a.read(id)
	same(t, "the end says more", []any{s.Status, s.Input, s.Output, s.Summary}, "[success a the end s]")
}

// TestPatchAgain: a PATCH is idempotent, so one that comes again leaves no trace.
func TestPatchAgain(t *testing.T) {
	for _, body := range []string{
		`{}`,
		`{"userInput":{"a": 1},"assistantOutput":"x","customMetrics":{"b":2, "a":1},"metadata":{"z":1, "a":{"b": 2}},"totalTokens":5,"estimatedCost":0}`,
		`{"status":"completed","success":true,"estimatedCost":0.5,"promptTokens":10,"completionTokens":5,"durationMs":12,"userInput":"q","assistantOutput":"a","customMetrics":{"m":1},"other":[1]}`,
		`{"status":"failed","failureReason":"r"}`,
	} {
		a := newApp(t)
		id := a.openSession()
		a.record(id, "error")
		first := a.must("PATCH", "/sessions/"+id, body).Body.String()
		once := a.get("/v1/sessions/"+id) + a.get("/v1/sessions/"+id+"/events")
		same(t, body, a.must("PATCH", "/sessions/"+id, body).Body.String(), first)
		same(t, body, a.get("/v1/sessions/"+id)+a.get("/v1/sessions/"+id+"/events"), once)
	}
}

// TestNothingNewIsLost: what a PATCH says is stored, also when it comes too late or does not fit.
func TestNothingNewIsLost(t *testing.T) {
	a := newApp(t)
	id := a.openSession()
	big := func(name string) string {
		return `{"metadata":{"` + name + `":"` + strings.Repeat("x", 900_000) + `"}}`
	}
	said := []string{
		`{"status":"completed","customMetrics":{"b":2},"assistantOutput":"A"}`,
		`{"status":"completed","customMetrics":{"c":3},"assistantOutput":"B"}`,
		`{"status":"failed","failureReason":"other","customMetrics":{"d":4}}`,
		`{"status":"failed"}`,
		`{"status":"completed","customMetrics":{"b":5}}`,
		big("first"), big("second"),
	}
	for _, body := range said {
		a.must("PATCH", "/sessions/"+id, body)
	}
	s, events := a.read(id)
	if len(events) != 1+len(said) || s.Events != len(events) {
		t.Fatalf("%d of %d were stored, the session counts %d", len(events)-1, len(said), s.Events-1)
	}
	same(t, "session", []any{s.Status, s.Output, s.Metrics, s.Summary, len(s.Metadata)}, "[success A map[b:2 c:3 d:4] other 1]")
	same(t, "events", []any{events[2].Result.Output, events[3].Status, events[5].Result.Metrics, len(events[7].Metadata["second"].(string))}, "[B error map[b:5] 900000]")
}

// TestTotalsBeyondTheEvents: what a PATCH says of the whole session counts as far as no event accounts for it.
func TestTotalsBeyondTheEvents(t *testing.T) {
	for _, c := range []struct {
		name, events, patches, want string
	}{
		{"only at the end", "", `{"status":"completed","estimatedCost":0.03,"promptTokens":100,"completionTokens":20,"totalTokens":130}`, "100 20 130 0.03"},
		{"no total", "", `{"promptTokens":100,"completionTokens":20}`, "100 20 120 unknown"},
		{"a total alone", "", `{"totalTokens":7}`, "0 0 7 unknown"},
		{"the same as the events", "10 5 0.01", `{"promptTokens":10,"completionTokens":5,"totalTokens":15,"estimatedCost":0.01}`, "10 5 15 0.01"},
		{"more than the events", "10 5 0.01", `{"promptTokens":12,"completionTokens":5,"totalTokens":17,"estimatedCost":0.5}`, "12 5 17 0.5"},
		{"less than the events", "10 5 0.01", `{"promptTokens":1,"completionTokens":2,"totalTokens":3,"estimatedCost":0}`, "10 5 15 0.01"},
		{"in part", "10 5 0.01", `{"promptTokens":1,"completionTokens":9}`, "10 9 15 0.01"},
		{"a cost of 0 says nothing", "", `{"estimatedCost":0.0}`, "0 0 0 unknown"},
		{"twice", "10 5 0.01", `{"estimatedCost":0.5,"promptTokens":20} {"status":"completed","estimatedCost":0.5,"promptTokens":20} {"estimatedCost":0.75,"promptTokens":20}`, "20 5 20 0.75"},
	} {
		a := newApp(t)
		id := a.openSession()
		if c.events != "" {
			var prompt, completion int
			var cost float64
			if _, err := fmt.Sscan(c.events, &prompt, &completion, &cost); err != nil {
				t.Fatal(err)
			}
			a.record(id, "tool_call", fmt.Sprintf(`"toolName":"llm:p:m","toolOutput":{"tokens":{"prompt":%d,"completion":%d}},"estimatedCost":%g`, prompt, completion, cost))
		}
		for body := range strings.SplitSeq(c.patches, " ") {
			a.must("PATCH", "/sessions/"+id, body)
		}
		s, _ := a.read(id)
		cost := "unknown"
		if s.Cost != nil {
			cost = fmt.Sprint(*s.Cost)
		}
		same(t, c.name, fmt.Sprint(s.Usage.PromptTokens, s.Usage.CompletionTokens, s.Usage.TotalTokens, " ", cost), c.want)
	}
}

// TestPatchesAtOnce: totals that many say at the same time count once.
func TestPatchesAtOnce(t *testing.T) {
	a := newApp(t)
	id := a.openSession()
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			a.must("PATCH", "/sessions/"+id, fmt.Sprintf(`{"status":"completed","estimatedCost":0.5,"totalTokens":100,"metadata":{"n%d":1}}`, i%5))
		})
	}
	wg.Wait()
	s, events := a.read(id)
	same(t, "session", []any{s.Status, s.Usage.TotalTokens, *s.Cost, len(s.Metadata)}, "[success 100 0.5 5]")
	if len(events) < 6 || s.Events != len(events) {
		t.Errorf("%d events, the session counts %d", len(events), s.Events)
	}
}

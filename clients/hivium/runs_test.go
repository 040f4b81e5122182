package hivium_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/clients/hivium"
	"github.com/sentrial/sentrial-go/clients/hivium/hiviumtest"
)

func TestListingRuns(t *testing.T) {
	h, c := start(t)
	began := time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)
	h.AddRun(hiviumtest.Run{
		AgentSlug: "daily-brief", Status: "succeeded", CostUSD: 0.0125, Tokens: map[string]int{"input": 1200, "output": 300}, Output: []byte(`{"leads":3}`),
		CreatedAt: began, StartedAt: began.Add(time.Second), FinishedAt: began.Add(9 * time.Second),
	})
	h.AddRun(hiviumtest.Run{AgentSlug: "lead-triage", Status: "failed", Tokens: 77, Error: "the model was not there", CreatedAt: began.Add(time.Hour)})
	h.AddRun(hiviumtest.Run{AgentSlug: "lead-triage", Status: "awaiting_approval", CreatedAt: began.Add(2 * time.Hour)})
	var all []*hivium.Run
	for run, err := range c.Runs.All(t.Context(), hivium.ListRuns{PageOptions: hivium.PageOptions{Limit: 1}}) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, run)
	}
	if len(all) != 3 {
		t.Fatalf("%d runs", len(all))
	}
	if r := all[0]; r.AgentSlug != "daily-brief" || r.Status != hivium.RunSucceeded || *r.CostUSD != 0.0125 || r.Tokens != (hivium.Tokens{Input: 1200, Output: 300, Total: 1500}) ||
		string(r.Output) != `{"leads":3}` || r.Error != nil || !r.FinishedAt.Equal(began.Add(9*time.Second)) {
		t.Errorf("got %+v", r)
	}
	if r := all[1]; r.Status != hivium.RunFailed || r.Tokens.Total != 77 || r.Error == nil || r.Error.Message != "the model was not there" || r.Output != nil {
		t.Errorf("got %+v", r)
	}
	for name, test := range map[string]struct {
		list hivium.ListRuns
		want int
	}{
		"agent":  {hivium.ListRuns{AgentSlug: "lead-triage"}, 2},
		"status": {hivium.ListRuns{Status: hivium.RunAwaitingApproval}, 1},
		"since":  {hivium.ListRuns{Since: began.Add(time.Minute)}, 2},
		"none":   {hivium.ListRuns{Status: hivium.RunQueued}, 0},
		"others": {hivium.ListRuns{Status: hivium.RunRunning}, 0},
	} {
		page, err := c.Runs.List(t.Context(), test.list)
		if err != nil || len(page.Data) != test.want {
			t.Errorf("%s: %+v, %v", name, page, err)
		}
	}
}

// What the document leaves open is taken in each of its usual forms.
func TestFormsOfRuns(t *testing.T) {
	usd := func(v float64) *float64 { return &v }
	for text, want := range map[string]hivium.Run{
		`{"id":"r"}`: {ID: "r"},
		`{"id":"r","cost_usd":0.5,"tokens":10,"error":null,"output":null}`:                                     {ID: "r", CostUSD: usd(0.5), Tokens: hivium.Tokens{Total: 10}},
		`{"id":"r","cost_usd":"0.5","tokens":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":4}}`:      {ID: "r", CostUSD: usd(0.5), Tokens: hivium.Tokens{Input: 1, Output: 2, Total: 4}},
		`{"id":"r","cost_usd":0,"tokens":null,"error":{"code":"c","message":"m"},"x":[1]}`:                     {ID: "r", CostUSD: usd(0), Error: &hivium.RunError{Code: "c", Message: "m"}},
		`{"id":"r","cost_usd":null,"tokens":{"input_tokens":1,"output_tokens":2},"error":"m","output":"text"}`: {ID: "r", Tokens: hivium.Tokens{Input: 1, Output: 2, Total: 3}, Error: &hivium.RunError{Message: "m"}, Output: json.RawMessage(`"text"`)},
		`{"id":"r","completed_at":"2026-05-01T08:00:00Z"}`:                                                     {ID: "r", FinishedAt: time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)},
	} {
		var got hivium.Run
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		g, _ := json.Marshal(got)
		w, _ := json.Marshal(want)
		same(t, text, string(g), string(w))
	}
	for _, text := range []string{
		`{"id":"r","cost_usd":"SECRET"}`, `{"id":"r","cost_usd":true}`, `{"id":"r","tokens":"SECRET"}`, `{"id":"r","tokens":{"input":"SECRET"}}`, `{"id":"r","tokens":-1}`,
		`{"id":"r","error":["SECRET"]}`, `{"id":17}`, `[]`, `{"id":"r","cost_usd":{}}`, `{"id":"r","cost_usd":[]}`, `{"id":"r","cost_usd":""}`,
	} {
		var got hivium.Run
		if err := json.Unmarshal([]byte(text), &got); err == nil || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
}

// One run that is none does not keep those beside it from who decodes them.
func TestRunsAsTheyAre(t *testing.T) {
	h, c := start(t, hivium.WithMaxRetries(0))
	h.Fault(func(string, int) hiviumtest.Fault {
		return hiviumtest.Body("application/json", `{"data":[{"id":"a"},{"id":"b","cost_usd":{}},17],"next_cursor":"c"}`)
	})
	page, err := c.Runs.ListRaw(t.Context(), hivium.ListRuns{})
	if err != nil || len(page.Data) != 3 || string(page.Data[1]) != `{"id":"b","cost_usd":{}}` || page.NextCursor != "c" {
		t.Errorf("got %s, %v", page, err)
	}
	if _, err := c.Runs.List(t.Context(), hivium.ListRuns{}); !errors.Is(err, hivium.ErrUnexpectedReply) {
		t.Errorf("as runs: %v", err)
	}
}

// A success that lacks what it cannot do without is an error, and no empty value.
func TestRepliesThatAreNotUnderstood(t *testing.T) {
	h, c := start(t, hivium.WithMaxRetries(0))
	for _, body := range []string{``, `{}`, `null`, `[]`, `<html>`, `{"data":null}`, `{"data":[{}]}`, `{"data":[{"id":1}]}`, `{"id":""}`, `{"data":{}}`, `{"data":[],"next_cursor":4}`} {
		h.Fault(func(string, int) hiviumtest.Fault { return hiviumtest.Body("application/json", body) })
		_, err1 := c.Runs.List(t.Context(), hivium.ListRuns{})
		_, err2 := c.Contacts.Get(t.Context(), "x")
		_, err3 := c.Contacts.Create(t.Context(), carla)
		_, err4 := c.Messages.Send(t.Context(), hivium.SendMessage{})
		_, err5 := c.Conversations.List(t.Context(), hivium.ListConversations{})
		_, err6 := c.Messages.List(t.Context(), hivium.ListMessages{})
		for i, err := range []error{err1, err2, err3, err4, err5, err6} {
			if !errors.Is(err, hivium.ErrUnexpectedReply) {
				t.Errorf("%q: call %d: %v", body, i, err)
			}
		}
	}
	h.Fault(func(string, int) hiviumtest.Fault { return hiviumtest.Body("text/html", `{"id":"x"}`) })
	if _, err := c.Contacts.Get(t.Context(), "x"); !errors.Is(err, hivium.ErrUnexpectedReply) {
		t.Errorf("a web page: %v", err)
	}
}

func TestOpenAPI(t *testing.T) {
	h, c := start(t)
	doc, err := c.OpenAPI(t.Context())
	if err != nil || !json.Valid(doc) || !strings.Contains(string(doc), `"openapi"`) {
		t.Errorf("got %s, %v", doc, err)
	}
	h.Fault(func(string, int) hiviumtest.Fault { return hiviumtest.Status(404) })
	if _, err := c.OpenAPI(t.Context()); !errors.Is(err, hivium.ErrNotFound) {
		t.Error(err)
	}
}

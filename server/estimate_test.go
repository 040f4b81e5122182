package server_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/pricing"
	"github.com/sentrial/sentrial-go/server"
)

// estimateOf gives the event that a call of gpt-4o in spans became.
func estimateOf(t *testing.T, cost *float64, prices *pricing.Table) (event string) {
	inInbox(t, func(t *testing.T, b *bubble) {
		b.edit = func(e *genai.Event) {
			e.LLMCall.Provider, e.LLMCall.Cost = "openai", cost
			e.LLMCall.Usage = genai.Usage{Input: 1234, Output: 56}
		}
		defer b.assemble()()
		b.postSpans(spanOf(trace1, "0000000000000001", "", "gpt-4o", "x"))
		time.Sleep(1100 * time.Millisecond)
		synctest.Wait()
		event = b.get("/v1/events/otel_" + trace1 + "_0000000000000001")
	}, func(c *server.Config) { c.Prices = prices })
	return event
}

func TestSpansWithoutACostAreEstimated(t *testing.T) {
	mine, err := pricing.Parse(strings.NewReader(`{"version": "mine", "models": [{"model": "gpt-4o", "input": 1000, "output": 0}]}`))
	if err != nil {
		t.Fatal(err)
	}
	reported := 0.5
	for name, test := range map[string]struct {
		cost       *float64
		prices     *pricing.Table
		has, lacks string
	}{
		"embedded": {nil, nil, `"cost":0.003645`, `mine`},
		"marked":   {nil, nil, `"cost_source":"estimated","price_table":"2026-08-23"`, `mine`},
		"own":      {nil, pricing.Default().With(mine), `"price_table":"mine"`, `2026-08-23`},
		"none":     {nil, new(pricing.Table), `"gpt-4o"`, `cost`},
		"reported": {&reported, nil, `"cost":0.5`, `cost_source`},
	} {
		if got := estimateOf(t, test.cost, test.prices); !strings.Contains(got, test.has) || strings.Contains(got, test.lacks) {
			t.Errorf("%s: stored %s", name, got)
		}
	}
}

// TestEventsAreStoredAsSent: a program that gives no cost means that.
func TestEventsAreStoredAsSent(t *testing.T) {
	inInbox(t, func(t *testing.T, b *bubble) {
		body := `{"events":[{"id":"e1","type":"llm_call","session_id":"s1","timestamp":"2026-11-22T00:16:56Z","model":"gpt-4o","provider":"openai","prompt_tokens":1234,"completion_tokens":56}]}`
		if w := b.do("POST", "/v1/events", strings.NewReader(body), "Content-Type", "application/json"); w.Code != 200 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		if got := b.get("/v1/events/e1"); strings.Contains(got, "cost") {
			t.Errorf("stored %s", got)
		}
	})
}

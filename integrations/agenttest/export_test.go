package agenttest

import (
	"net/http"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/adapter"
)

// PlainThrough is Plain when it asks through a client of its own, which may record too. With a nil client it does not record by itself.
func PlainThrough(baseURL string, client *sentrial.Client, through *http.Client) Agent {
	return &plain{url: baseURL + "/v1/chat/completions", recorder: adapter.New(client, nil), http: through}
}

// PlainOnce is Plain when it does not try again.
func PlainOnce(baseURL string, client *sentrial.Client) Agent {
	return &plain{url: baseURL + "/v1/chat/completions", recorder: adapter.New(client, nil), http: http.DefaultClient, once: true}
}

// Event is what is compared.
type Event = event

// Cost is what an expected event has to cost.
func Cost(t *testing.T, e Event) string {
	t.Helper()
	e.Cost = "of these tokens"
	events := []Event{e}
	price(events, pricesOf(t, "any"), "any")
	return events[0].Cost
}

// Differences compares as Run does with a driver that lacks these.
func Differences(want, got []Event, lacks ...string) (lines string, wrong []string) {
	l := newLacks(lacks)
	lines = differences(want, got, l, func([]event) {})
	l.runs = len(scenarios) * 4
	return lines, l.wrong()
}

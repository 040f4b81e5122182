package e2e_test

import (
	"testing"

	"github.com/sentrial/sentrial-go/types"
)

// What OpenTelemetry alone told of a run is there as if the SDK had recorded it.
func TestExampleOTel(t *testing.T) {
	p, to := build(t, "./examples/otel").example(t, "otel")
	if got := p.start(t).end(t); got.code != 0 || got.stderr != "" {
		t.Fatalf("got %+v", got)
	}
	session, events := to.one(t)
	if session.ID != "weather-7" || session.AgentName != "weather" || session.UserID != "ada" || session.Status != types.StatusSuccess || session.Usage.TotalTokens != 144 {
		t.Errorf("got %+v", session)
	}
	counts := make(map[types.EventType]int)
	for _, e := range events {
		counts[e.Type]++
	}
	if counts[types.EventLLMCall] != 3 || counts[types.EventToolCall] != 1 || counts[types.EventError] != 1 {
		t.Errorf("got %s", kinds(events))
	}
}

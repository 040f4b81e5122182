package otelbridge

import (
	"slices"
	"sync"

	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go/types"
)

// memory is what must be known of earlier exports, as a trace comes in several: spans arrive when they end, so those inside come first. It is bounded, holds no
// content, and is safe for concurrent use.
type memory struct {
	mu     sync.Mutex
	traces *lately[trace.TraceID, *traceState]
	inside *lately[spanRef, below]
}

// A trace takes some 300 bytes, a span some 50, so this is a few megabytes at most.
const (
	tracesRemembered = 4_000
	spansRemembered  = 16_000
)

func newMemory() *memory {
	return &memory{traces: newLately[trace.TraceID, *traceState](tracesRemembered), inside: newLately[spanRef, below](spansRemembered)}
}

// place gives each span of the batch its place. What comes back are the sessions that turned out to have another name after events were recorded under the
// trace's id.
func (m *memory) place(b *batch) (aliases []types.Event) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lookInside(b)
	for id, spans := range b.byTrace() {
		state := m.stateOf(id, spans)
		if state == nil {
			continue
		}
		if state.learn(spans) && state.keyed {
			aliases = append(aliases, alias(id, state.session, spans[0].StartTime()))
		}
		state.settle(b, spans)
	}
	return aliases
}

// stateOf gives the state of a trace. Traces in which nothing is recorded have none, so that the traffic of a busy server does not push the agents' traces out.
func (m *memory) stateOf(id trace.TraceID, spans []*span) *traceState {
	state := m.traces.get(id)
	if state == nil && slices.ContainsFunc(spans, func(s *span) bool { return s.isEvent() || s.opensSession() }) {
		state = new(traceState)
	}
	if state != nil {
		m.traces.put(id, state)
	}
	return state
}

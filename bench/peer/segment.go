package peer

import (
	"context"

	"gopkg.in/segmentio/analytics-go.v3"

	"github.com/sentrial/sentrial-go/bench/work"
)

func segmentKind() Kind {
	return Kind{Name: "segment", Title: "Segment", Burst: channelBurst, New: newSegment}
}

// channelBurst is for SDKs that put events into a channel of 100.
const channelBurst = 64

// segmentClient keeps the maps it is given and encodes them in its own goroutine.
type segmentClient struct{ client analytics.Client }

func newSegment(c Config) (Peer, error) {
	client, err := analytics.NewWithConfig("key", analytics.Config{Endpoint: c.URL, Logger: silence{}})
	return &segmentClient{client}, err
}

func (s *segmentClient) ToolCall(t *work.Tool) {
	s.track("tool_call", analytics.Properties{
		"session": "bench", "parent": "answer", "name": t.Name, "input": t.Input, "output": t.Output, "reasoning": t.Reasoning, "duration_ms": t.Duration.Milliseconds(), "status": "success",
	})
}

func (s *segmentClient) LLMCall(l *work.LLM) {
	s.track("llm_call", analytics.Properties{
		"session": "bench", "parent": "answer", "model": l.Model, "prompt": l.Prompt, "response": l.Response, "prompt_tokens": l.PromptTokens, "completion_tokens": l.CompletionTokens,
		"total_tokens": l.TotalTokens, "cost": l.Cost, "duration_ms": l.Duration.Milliseconds(), "status": "success",
	})
}

func (s *segmentClient) track(event string, properties analytics.Properties) {
	_ = s.client.Enqueue(analytics.Track{UserId: "user", Event: event, Properties: properties}) // it fails only after Close
}

// Close knows no deadline.
func (s *segmentClient) Close(context.Context) error { return s.client.Close() }

// silence is the logger of SDKs that log through printf.
type silence struct{}

func (silence) Logf(string, ...any)   {}
func (silence) Debugf(string, ...any) {}
func (silence) Warnf(string, ...any)  {}
func (silence) Errorf(string, ...any) {}

package peer

import (
	"context"

	"github.com/posthog/posthog-go"

	"github.com/sentrial/sentrial-go/bench/work"
)

func posthogKind() Kind {
	return Kind{Name: "posthog", Title: "PostHog", Burst: channelBurst, New: newPostHog}
}

// posthogClient copies the outer map and keeps what is inside it.
type posthogClient struct{ client posthog.Client }

func newPostHog(c Config) (Peer, error) {
	client, err := posthog.NewWithConfig("key", posthog.Config{Endpoint: c.URL, Logger: silence{}})
	return &posthogClient{client}, err
}

func (p *posthogClient) ToolCall(t *work.Tool) {
	p.capture("$ai_span", posthog.Properties{
		"$ai_trace_id": "bench", "$ai_parent_id": "answer", "$ai_span_name": t.Name, "$ai_input_state": t.Input, "$ai_output_state": t.Output, "reasoning": t.Reasoning,
		"$ai_latency": t.Duration.Seconds(), "$ai_is_error": false,
	})
}

func (p *posthogClient) LLMCall(l *work.LLM) {
	p.capture("$ai_generation", posthog.Properties{
		"$ai_trace_id": "bench", "$ai_parent_id": "answer", "$ai_model": l.Model, "$ai_input": l.Prompt, "$ai_output_choices": l.Response, "$ai_input_tokens": l.PromptTokens,
		"$ai_output_tokens": l.CompletionTokens, "total_tokens": l.TotalTokens, "$ai_total_cost_usd": l.Cost, "$ai_latency": l.Duration.Seconds(), "$ai_is_error": false,
	})
}

func (p *posthogClient) capture(event string, properties posthog.Properties) {
	_ = p.client.Enqueue(posthog.Capture{DistinctId: "user", Event: event, Properties: properties}) // it fails only after Close
}

// Close knows no deadline.
func (p *posthogClient) Close(context.Context) error { return p.client.Close() }

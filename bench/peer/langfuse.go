package peer

import (
	"context"
	"os"
	"time"

	"github.com/henomis/langfuse-go"
	"github.com/henomis/langfuse-go/model"

	"github.com/sentrial/sentrial-go/bench/work"
)

func langfuseKind() Kind {
	return Kind{Name: "langfuse", Title: "Langfuse", Burst: burst, New: newLangfuse}
}

// langfuseClient keeps pointers to what it is given and encodes it later.
type langfuseClient struct {
	client *langfuse.Langfuse
	trace  string
	parent string
}

func newLangfuse(c Config) (Peer, error) {
	for name, value := range map[string]string{"LANGFUSE_HOST": c.URL, "LANGFUSE_PUBLIC_KEY": "pk", "LANGFUSE_SECRET_KEY": "sk"} {
		if err := os.Setenv(name, value); err != nil { // it has no other way to be told
			return nil, err
		}
	}
	l := &langfuseClient{client: langfuse.New(context.Background())}
	t, err := l.client.Trace(&model.Trace{Name: "bench"})
	if err != nil {
		return nil, err
	}
	l.trace = t.ID
	step, err := l.client.Span(&model.Span{Name: "answer", TraceID: l.trace}, nil)
	if err != nil {
		return nil, err
	}
	l.parent = step.ID
	return l, nil
}

func (l *langfuseClient) ToolCall(t *work.Tool) {
	end := time.Now()
	start := end.Add(-t.Duration)
	_, _ = l.client.Span(&model.Span{ // it fails only without a trace
		TraceID: l.trace, Name: t.Name, StartTime: &start, EndTime: &end, Input: t.Input, Output: t.Output, StatusMessage: t.Reasoning, Level: model.ObservationLevelDefault,
	}, &l.parent)
}

func (l *langfuseClient) LLMCall(c *work.LLM) {
	end := time.Now()
	start := end.Add(-c.Duration)
	_, _ = l.client.Generation(&model.Generation{
		TraceID: l.trace, Name: "chat", StartTime: &start, EndTime: &end, Model: c.Model, Input: c.Prompt, Output: c.Response, Level: model.ObservationLevelDefault,
		Usage: model.Usage{Input: c.PromptTokens, Output: c.CompletionTokens, Total: c.TotalTokens, TotalCost: c.Cost},
	}, &l.parent)
}

// Close flushes; that does not wait for requests which are under way.
func (l *langfuseClient) Close(ctx context.Context) error {
	l.client.Flush(ctx)
	return ctx.Err()
}

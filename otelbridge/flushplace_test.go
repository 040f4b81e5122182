package otelbridge_test

import (
	"context"
	"testing"

	"go.opentelemetry.io/otel/attribute"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// asked is a call of a model with a question in it.
func asked() work {
	return work{name: "chat m", attrs: op("chat", attribute.String("gen_ai.input.messages", `[{"role":"user","parts":[{"type":"text","content":"`+canary+`"}]}]`))}
}

// Which content may be told depends on where a span was, not on where the program flushes.
func TestWhereAProgramFlushesSaysNothingOfSpans(t *testing.T) {
	for name, test := range map[string]struct {
		client, flush sentrial.ContentMode
		told          bool
	}{
		"stricter": {client: sentrial.ContentFull, flush: sentrial.ContentMetadata, told: true},
		"laxer":    {client: sentrial.ContentMetadata, flush: sentrial.ContentFull},
	} {
		for where, flush := range map[string]func(*traced, context.Context) error{
			"client":    func(r *traced, ctx context.Context) error { return r.Client().Flush(ctx) },
			"processor": func(r *traced, ctx context.Context) error { return r.processor.ForceFlush(ctx) },
		} {
			t.Run(name+", "+where, func(t *testing.T) {
				r := newTraced(t, sentrialtest.New(t, sentrial.WithContent(test.client)))
				ctx, session := r.Client().CreateSession(t.Context(), "ours")
				asked().run(ctx, r.tracer)
				inside, call := sentrial.StartTool(ctx, types.ToolCall{ToolName: "flusher"}, sentrial.WithContent(test.flush))
				if err := flush(r, inside); err != nil {
					t.Fatal(err)
				}
				call.End(nil)
				session.Close(ctx, types.SessionResult{})
				if calls := r.LLMCalls(); len(calls) != 1 || (len(calls[0].Messages) > 0) != test.told {
					t.Errorf("calls = %+v", calls)
				}
			})
		}
	}
}

package sentrial_test

import (
	"context"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

type markKey struct{}

// markingHook puts the type of the event that began into the context.
type markingHook struct{}

func (markingHook) OnStart(ctx context.Context, e *types.Event) context.Context {
	return context.WithValue(ctx, markKey{}, e.Type)
}

// TestContextOfASession: the session's hook decides on the context that everything in it gets, Run's included.
func TestContextOfASession(t *testing.T) {
	rec := sentrialtest.New(t, sentrial.WithHook(markingHook{}))
	ctx, session := rec.Client().CreateSession(t.Context(), "s")
	if ctx.Value(markKey{}) != types.EventSessionStart || sentrial.SessionFromContext(ctx) != session {
		t.Errorf("CreateSession returned a context of %v", ctx.Value(markKey{}))
	}
	_ = rec.Client().Run(t.Context(), "r", func(ctx context.Context) error {
		if ctx.Value(markKey{}) != types.EventSessionStart {
			t.Errorf("Run gave a context of %v", ctx.Value(markKey{}))
		}
		return nil
	})
}

// carrier is a hook that takes events elsewhere.
type carrier struct{ seen []types.Event }

func (*carrier) Outlet() {}

func (c *carrier) OnEnd(_ context.Context, e *types.Event) {
	c.seen = append(c.seen, *e)
	e.TraceID = "trace"
}

// TestOutletsSeeWhatIsSent: what WithContent keeps back does not leave the process another way, be it the client's mode or a call's.
func TestOutletsSeeWhatIsSent(t *testing.T) {
	for name, c := range map[string]struct {
		client []sentrial.Option
		call   []sentrial.ToolOption
	}{
		"client": {client: []sentrial.Option{sentrial.WithContent(sentrial.ContentMetadata)}},
		"call":   {call: []sentrial.ToolOption{sentrial.WithContent(sentrial.ContentMetadata)}},
	} {
		var hook carrier
		rec := sentrialtest.New(t, append(c.client, sentrial.WithHook(&hook))...)
		ctx, _ := rec.Client().CreateSession(t.Context(), "s")
		_, _ = sentrial.Tool(ctx, "look", "secret", func(context.Context, string) (string, error) { return "secret", nil }, c.call...)
		e := hook.seen[len(hook.seen)-1]
		if e.ToolCall.ToolName != "look" || e.ToolCall.ToolInput != nil || e.ToolCall.ToolOutput != nil || e.ID == "" || e.Duration <= 0 {
			t.Errorf("%s: shown %+v of %+v", name, e.ToolCall, e)
		}
		if got := oneEvent(t, rec, types.EventToolCall); got.TraceID != "trace" {
			t.Errorf("%s: what the hook says of the trace is lost: %+v", name, got)
		}
	}
}

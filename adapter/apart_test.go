package adapter_test

import (
	"testing"

	"github.com/sentrial/sentrial-go/adapter"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

func TestApart(t *testing.T) {
	rec := sentrialtest.New(t)
	r := adapter.New(rec.Client(), nil)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	ctx, outer := r.Tool(ctx, types.ToolCall{ToolName: "research"})
	ctx, inner := r.Tool(r.Apart(ctx), types.ToolCall{ToolName: "research"})
	_, joined := r.Tool(ctx, types.ToolCall{ToolName: "mcp.research"})
	if inner.Joined() || !joined.Joined() {
		t.Errorf("inner joined %v, what is inside it %v", inner.Joined(), joined.Joined())
	}
	joined.End(nil)
	inner.End(nil)
	outer.End(nil)
	rec.WantTools("research", "research")
	rec.WantPath("research > research")
	if got := (*adapter.Recorder)(nil).Apart(ctx); got != ctx {
		t.Error("nobody's context has changed")
	}
}

// A session is its client's, whoever records in it; what is apart there is so only until another event is opened.
func TestApartInAnotherClientsSession(t *testing.T) {
	rec, other := sentrialtest.New(t), sentrialtest.New(t)
	r := adapter.New(other.Client(), nil)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	ctx, outer := r.Tool(ctx, types.ToolCall{ToolName: "research"})
	ctx, inner := r.Tool(r.Apart(ctx), types.ToolCall{ToolName: "research"})
	_, joined := r.Tool(ctx, types.ToolCall{ToolName: "research"})
	joined.End(nil)
	inner.End(nil)
	outer.End(nil)
	if inner.Joined() || !joined.Joined() {
		t.Errorf("inner joined %v, what is inside it %v", inner.Joined(), joined.Joined())
	}
}

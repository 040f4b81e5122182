package adapter_test

import (
	"context"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/adapter"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

func TestNobodyToRecord(t *testing.T) {
	var none *adapter.Recorder
	for _, r := range []*adapter.Recorder{none, adapter.New(nil, nil)} {
		before := (*sentrial.Client)(nil).Stats().Unsessioned
		ctx, call := r.LLM(t.Context(), types.LLMCall{})
		_, tool := r.Tool(ctx, types.ToolCall{})
		if call.Recorded() || tool.Recorded() || call.Joined() || tool.Joined() || tool.ID() != "" {
			t.Errorf("recorded: %+v, %+v", call, tool)
		}
		call.FirstToken()
		call.Attempt()
		call.End(nil)
		tool.End(nil)
		if _, ok := r.Session(nil); ok { //nolint:staticcheck // a nil context is harmless
			t.Error("there is a session")
		}
		if after := (*sentrial.Client)(nil).Stats().Unsessioned; after != before {
			t.Errorf("%d calls counted", after-before)
		}
	}
	var call *adapter.LLM
	var tool *adapter.Tool
	call.FirstToken()
	call.Attempt()
	call.End(nil)
	tool.End(nil)
}

// One call that nobody can record is counted once, however many adapters see it.
func TestWithoutASession(t *testing.T) {
	rec := sentrialtest.New(t)
	rec.Allow(sentrialtest.Unsessioned)
	r := adapter.New(rec.Client(), nil)
	before := rec.Client().Stats().Unsessioned
	ctx := rec.Context(t.Context())
	inside, call := r.LLM(ctx, types.LLMCall{Model: "gpt"})
	_, again := r.LLM(inside, types.LLMCall{Model: "gpt"})
	again.End(nil)
	call.End(nil)
	if got := rec.Client().Stats().Unsessioned - before; got != 1 || call.Recorded() || again.Recorded() {
		t.Errorf("counted %d times, want once", got)
	}
	// A session that begins inside is heard.
	ctx, _ = rec.Client().CreateSession(inside, "s")
	_, heard := r.LLM(ctx, types.LLMCall{Model: "heard"})
	heard.End(nil)
	rec.WantModels("heard")
}

func TestFallback(t *testing.T) {
	rec := sentrialtest.New(t)
	own, fallback := rec.Client().CreateSession(t.Context(), "own")
	r := adapter.New(rec.Client(), fallback)
	_, call := r.LLM(context.Background(), types.LLMCall{Model: "a"})
	call.End(nil)
	inside, session := rec.Client().CreateSession(own, "inner")
	_, call = r.LLM(inside, types.LLMCall{Model: "b"})
	call.End(nil)
	in := map[string]string{}
	for _, e := range rec.Events() {
		if e.LLMCall != nil {
			in[e.LLMCall.Model] = e.SessionID
		}
	}
	if in["a"] != fallback.ID() || in["b"] != session.ID() {
		t.Errorf("recorded in %v, want a in %s, b in %s", in, fallback.ID(), session.ID())
	}
}

// What is refused is refused once too.
func TestRefused(t *testing.T) {
	rec := sentrialtest.New(t)
	rec.Allow(sentrialtest.LostEvents)
	r := adapter.New(rec.Client(), nil)
	ctx := rec.Client().Session("no id at all").Context(t.Context())
	inside, call := r.LLM(ctx, types.LLMCall{Model: "gpt"})
	_, again := r.LLM(inside, types.LLMCall{Model: "gpt"})
	again.End(nil)
	call.End(nil)
	inside, tool := r.Tool(ctx, types.ToolCall{ToolName: "a"})
	_, toolAgain := r.Tool(inside, types.ToolCall{ToolName: "a"})
	toolAgain.End(nil)
	tool.End(nil)
	if got := rec.Client().Stats().Refused[sentrial.DropInvalid]; got != 2 || call.Recorded() || tool.Recorded() {
		t.Errorf("refused %d times, want twice", got)
	}
}

func TestTool(t *testing.T) {
	rec := sentrialtest.New(t)
	r := adapter.New(rec.Client(), nil)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	inside, call := r.Tool(ctx, types.ToolCall{ToolName: "find_order", ToolInput: map[string]any{"id": "A-18"}})
	innermost, joined := r.Tool(inside, types.ToolCall{ToolName: "orders/find_order", CallID: "c1"})
	_, model := r.LLM(innermost, types.LLMCall{Model: "gpt"})
	model.End(nil)
	if !joined.Joined() || call.Joined() || call.ID() == "" || joined.ID() != "" {
		t.Errorf("joined %v, %v, ids %q, %q", joined.Joined(), call.Joined(), call.ID(), joined.ID())
	}
	joined.ToolOutput = "as the server said it"
	joined.End(nil)
	call.ToolOutput = "on Friday"
	call.End(nil)
	tools := rec.ToolCalls()
	if len(tools) != 1 || tools[0].ToolName != "find_order" || tools[0].CallID != "c1" || tools[0].ToolOutput != "on Friday" {
		t.Errorf("tools = %+v", tools)
	}
	rec.WantPath("find_order > gpt")
}

// A call inside that comes too late is an event of its own.
func TestLateTool(t *testing.T) {
	rec := sentrialtest.New(t)
	r := adapter.New(rec.Client(), nil)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	_, err := sentrial.Tool(ctx, "outer", 1, func(ctx context.Context, _ int) (*adapter.Tool, error) {
		_, call := r.Tool(ctx, types.ToolCall{ToolName: "late"})
		t.Cleanup(func() { rec.WantPath("outer > late") })
		defer t.Cleanup(func() { call.End(nil) })
		return call, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

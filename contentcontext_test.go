package sentrial_test

import (
	"context"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// TestModeOfASpanReachesOtherContexts: what a span's mode withholds is not said by way of another session's context, or of one that crossed a process and came back.
func TestModeOfASpanReachesOtherContexts(t *testing.T) {
	unsaid, full, hashed, metadata := unset, sentrial.ContentFull, sentrial.ContentHashed, sentrial.ContentMetadata
	for _, c := range []struct{ client, session, around, other, own, ofSame, ofOther sentrial.ContentMode }{
		{unsaid, unsaid, metadata, unsaid, unsaid, metadata, metadata},
		{unsaid, unsaid, hashed, unsaid, unsaid, hashed, hashed},
		{unsaid, unsaid, hashed, metadata, unsaid, hashed, metadata},
		{unsaid, metadata, full, hashed, unsaid, full, hashed},
		{metadata, unsaid, hashed, unsaid, unsaid, hashed, metadata},
		{metadata, unsaid, hashed, full, unsaid, hashed, hashed},
		{unsaid, metadata, unsaid, unsaid, unsaid, metadata, full}, // a session's own mode is its own affair
		{unsaid, unsaid, metadata, metadata, full, full, full},
	} {
		wire := &wire{}
		client := newClient(t, wire, contentOption[sentrial.Option](c.client)...)
		_, other := client.CreateSession(t.Context(), "other", contentOption[sentrial.SessionOption](c.other)...)
		ctx, s := client.CreateSession(t.Context(), "s", contentOption[sentrial.SessionOption](c.session)...)
		ctx, step := sentrial.StartStep(ctx, types.Step{}, contentOption[sentrial.StepOption](c.around)...)
		for name, way := range map[string]struct {
			ctx  context.Context
			want sentrial.ContentMode
		}{
			"the session's context":        {s.Context(ctx), c.ofSame},
			"extracted":                    {client.Extract(ctx, carried(ctx)), c.ofSame},
			"the other's context":          {other.Context(ctx), c.ofOther},
			"the other's context, twice":   {client.Session(other.ID()).Context(other.Context(ctx)), c.ofOther},
			"the other's, extracted":       {client.Extract(ctx, carried(other.Context(t.Context()))), c.ofOther},
			"inside a step of the other's": {insideStep(other.Context(ctx)), c.ofOther},
			"created in the other's":       {created(other.Context(ctx), client), c.ofOther},
		} {
			ctx, tool := sentrial.StartTool(way.ctx, types.ToolCall{ToolInput: "x"}, contentOption[sentrial.ToolOption](c.own)...)
			tool.End(nil)
			if got := modeOf(wire.event(t, client, tool.ID())); got != way.want {
				t.Errorf("%+v: a tool in %s is recorded in mode %s, want %s", c, name, modeNames[got], modeNames[way.want])
			}
			if got := modeOf(wire.event(t, client, sentrial.Decide(ctx, types.Decision{Chosen: "x"}))); got != way.want {
				t.Errorf("%+v: a decision in %s is recorded in mode %s, want %s", c, name, modeNames[got], modeNames[way.want])
			}
		}
		step.End(nil)
	}
}

func insideStep(ctx context.Context) context.Context {
	ctx, _ = sentrial.StartStep(ctx, types.Step{})
	return ctx
}

func created(ctx context.Context, client *sentrial.Client) context.Context {
	ctx, _ = client.CreateSession(ctx, "created")
	return ctx
}

// TestStricterSessionInsideAForeignSpan: the mode that a context has from a span of another session keeps nobody from being stricter later.
func TestStricterSessionInsideAForeignSpan(t *testing.T) {
	wire := &wire{}
	client := newClient(t, wire)
	_, other := client.CreateSession(t.Context(), "other")
	ctx, _ := client.CreateSession(t.Context(), "s")
	ctx, step := sentrial.StartStep(ctx, types.Step{}, sentrial.WithContent(sentrial.ContentHashed))
	ctx = other.Context(ctx)
	_, before := sentrial.StartTool(ctx, types.ToolCall{ToolInput: "x"})
	other.Update(ctx, sentrial.WithContent(sentrial.ContentMetadata))
	_, after := sentrial.StartTool(ctx, types.ToolCall{ToolInput: "x"})
	for _, span := range []*sentrial.ToolSpan{before, after} {
		span.End(nil)
		if got := modeOf(wire.event(t, client, span.ID())); got != sentrial.ContentMetadata {
			t.Errorf("recorded in mode %s", modeNames[got])
		}
	}
	step.End(nil)
}

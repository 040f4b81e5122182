package sentrial_test

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// place is where a program can put a value of its own.
type place struct {
	name string
	put  func(ctx context.Context, client *sentrial.Client, v any) (key string) // records an event that holds v; the key finds it among those that arrived
	path []any                                                                  // names and indices, from the event's object to the value
}

// into lists the names and indices on the way to a value.
func into(steps ...any) []any { return steps }

// places are all of them: every payload field that takes any value, by every way that leads there.
var places = []place{
	{"tool input", func(ctx context.Context, c *sentrial.Client, v any) string {
		return c.Session("s").TrackToolCall(ctx, types.ToolCall{ToolName: "t", ToolInput: v})
	}, into("tool_input")},
	{"tool output", func(ctx context.Context, c *sentrial.Client, v any) string {
		return c.Session("s").TrackToolCall(ctx, types.ToolCall{ToolName: "t", ToolOutput: v})
	}, into("tool_output")},
	{"tool metadata", func(ctx context.Context, c *sentrial.Client, v any) string {
		return c.Session("s").TrackToolCall(ctx, types.ToolCall{ToolName: "t", Metadata: map[string]any{"k": v}})
	}, into("metadata", "k")},
	{"message arguments", func(ctx context.Context, c *sentrial.Client, v any) string {
		return c.Session("s").TrackLLMCall(ctx, types.LLMCall{Model: "m", Messages: toolMessages(v, nil)})
	}, into("messages", 0, "parts", 0, "arguments")},
	{"message response", func(ctx context.Context, c *sentrial.Client, v any) string {
		return c.Session("s").TrackLLMCall(ctx, types.LLMCall{Model: "m", OutputMessages: toolMessages("x", v)})
	}, into("output_messages", 0, "parts", 1, "response")},
	{"parameters", func(ctx context.Context, c *sentrial.Client, v any) string {
		return c.Session("s").TrackLLMCall(ctx, types.LLMCall{Model: "m", Parameters: map[string]any{"k": v}})
	}, into("parameters", "k")},
	{"LLM metadata", func(ctx context.Context, c *sentrial.Client, v any) string {
		return c.Session("s").TrackLLMCall(ctx, types.LLMCall{Model: "m", Metadata: map[string]any{"k": v}})
	}, into("metadata", "k")},
	{"decision metadata", func(ctx context.Context, c *sentrial.Client, v any) string {
		return c.Session("s").TrackDecision(ctx, types.Decision{Chosen: "c", Metadata: map[string]any{"k": v}})
	}, into("metadata", "k")},
	{"error metadata", func(ctx context.Context, c *sentrial.Client, v any) string {
		return c.Session("s").TrackError(ctx, types.ErrorEvent{ErrorMessage: "e", Metadata: map[string]any{"k": v}})
	}, into("metadata", "k")},
	{"reported error's metadata", func(ctx context.Context, c *sentrial.Client, v any) string {
		return sentrial.ReportError(c.Session("s").Context(ctx), errBoom, sentrial.WithMetadata(map[string]any{"k": v}))
	}, into("metadata", "k")},
	{"step input", func(ctx context.Context, c *sentrial.Client, v any) string {
		return c.Session("s").TrackStep(ctx, types.Step{Name: "n", Input: v})
	}, into("input")},
	{"step output", func(ctx context.Context, c *sentrial.Client, v any) string {
		return c.Session("s").TrackStep(ctx, types.Step{Name: "n", Output: v})
	}, into("output")},
	{"feedback metadata", func(ctx context.Context, c *sentrial.Client, v any) string {
		return c.Session("s").TrackFeedback(ctx, types.Feedback{Name: "f", Metadata: map[string]any{"k": v}})
	}, into("metadata", "k")},
	{"session input", func(ctx context.Context, c *sentrial.Client, v any) string {
		_, s := c.CreateSession(ctx, "n", sentrial.WithInput(v))
		return s.ID() + " session_start"
	}, into("input")},
	{"session metadata", func(ctx context.Context, c *sentrial.Client, v any) string {
		_, s := c.CreateSession(ctx, "n", sentrial.WithMetadata(map[string]any{"k": v}))
		return s.ID() + " session_start"
	}, into("metadata", "k")},
	{"update input", func(ctx context.Context, c *sentrial.Client, v any) string {
		s := newPlaceSession(c)
		s.Update(ctx, sentrial.WithInput(v))
		return s.ID() + " session_update"
	}, into("input")},
	{"session output", func(ctx context.Context, c *sentrial.Client, v any) string {
		s := newPlaceSession(c)
		s.Close(ctx, types.SessionResult{Output: v})
		return s.ID() + " session_end"
	}, into("output")},
	{"result set before", func(ctx context.Context, c *sentrial.Client, v any) string {
		s := newPlaceSession(c)
		s.SetResult(types.SessionResult{Output: v})
		s.Close(ctx, types.SessionResult{})
		return s.ID() + " session_end"
	}, into("output")},
	{"helper's input", func(ctx context.Context, c *sentrial.Client, v any) string {
		s := newPlaceSession(c)
		_, _ = sentrial.Tool(s.Context(ctx), "t", v, func(context.Context, any) (int, error) { return 1, nil })
		return s.ID() + " tool_call"
	}, into("tool_input")},
	{"helper's output", func(ctx context.Context, c *sentrial.Client, v any) string {
		s := newPlaceSession(c)
		_, _ = sentrial.Tool(s.Context(ctx), "t", 1, func(context.Context, int) (any, error) { return v, nil })
		return s.ID() + " tool_call"
	}, into("tool_output")},
	{"helper's metadata", func(ctx context.Context, c *sentrial.Client, v any) string {
		s := newPlaceSession(c)
		_ = sentrial.Step(s.Context(ctx), "n", func(context.Context) error { return nil }, sentrial.WithMetadata(map[string]any{"k": v}))
		return s.ID() + " step"
	}, into("metadata", "k")},
	{"step helper's output", func(ctx context.Context, c *sentrial.Client, v any) string {
		s := newPlaceSession(c)
		_, _ = sentrial.StepValue(s.Context(ctx), "n", func(context.Context) (any, error) { return v, nil })
		return s.ID() + " step"
	}, into("output")},
	{"span input", func(ctx context.Context, c *sentrial.Client, v any) string {
		_, span := sentrial.StartStep(c.Session("s").Context(ctx), types.Step{Name: "n", Input: v})
		span.End(nil)
		return span.ID()
	}, into("input")},
	{"span output", func(ctx context.Context, c *sentrial.Client, v any) string {
		_, span := sentrial.StartTool(c.Session("s").Context(ctx), types.ToolCall{ToolName: "t"})
		span.ToolOutput = v
		span.End(nil)
		return span.ID()
	}, into("tool_output")},
	{"span arguments", func(ctx context.Context, c *sentrial.Client, v any) string {
		_, span := sentrial.StartLLM(c.Session("s").Context(ctx), types.LLMCall{Model: "m", Messages: toolMessages(v, nil)})
		span.End(nil)
		return span.ID()
	}, into("messages", 0, "parts", 0, "arguments")},
	{"span parameters", func(ctx context.Context, c *sentrial.Client, v any) string {
		_, span := sentrial.StartLLM(c.Session("s").Context(ctx), types.LLMCall{Model: "m", Parameters: map[string]any{"k": v}})
		span.End(nil)
		return span.ID()
	}, into("parameters", "k")},
	{"recorded input", func(ctx context.Context, c *sentrial.Client, v any) string {
		return c.Record(ctx, types.Event{SessionID: "s", ToolCall: &types.ToolCall{ToolName: "t", ToolInput: v}})
	}, into("tool_input")},
	{"recorded metadata", func(ctx context.Context, c *sentrial.Client, v any) string {
		return c.Record(ctx, types.Event{SessionID: "s", Type: "made_up", Metadata: map[string]any{"k": v}})
	}, into("metadata", "k")},
}

// placesNamed are some of them.
func placesNamed(names ...string) (some []place) {
	for _, p := range places {
		if slices.Contains(names, p.name) {
			some = append(some, p)
		}
	}
	return some
}

// toolMessages has two parts: a call with these arguments, and its response.
func toolMessages(arguments, response any) []types.Message {
	return []types.Message{{Role: "assistant", Parts: []types.Part{
		{Type: types.PartToolCall, ID: "c", Name: "f", Arguments: arguments}, {Type: types.PartToolCallResponse, ID: "c", Response: response},
	}}}
}

var placeSessions atomic.Int64

// newPlaceSession is a session that no other event is in.
func newPlaceSession(c *sentrial.Client) *sentrial.Session {
	return c.Session("place_" + strconv.FormatInt(placeSessions.Add(1), 10))
}

// arrivals are the events that arrived, by id and by session and type.
type arrivals map[string]json.RawMessage

// arrived flushes and reads what came. Every body must be JSON in valid UTF-8, and every event one that a reader can decode and a server take.
func arrived(t *testing.T, client *sentrial.Client, w *wire) arrivals {
	t.Helper()
	flush(t, client)
	all := arrivals{}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, body := range w.bodies {
		var batch struct {
			Events []json.RawMessage `json:"events"`
		}
		if err := json.Unmarshal(body, &batch); err != nil {
			t.Fatalf("a body is no JSON: %v", err)
		}
		for _, raw := range batch.Events {
			e := checkTakeable(t, raw)
			all[e.ID], all[e.SessionID+" "+string(e.Type)] = raw, raw
		}
	}
	return all
}

// at gives the value at a path of an event, nil if there is none.
func (a arrivals) at(t *testing.T, key string, path []any) json.RawMessage {
	t.Helper()
	raw, there := a[key]
	if !there {
		t.Errorf("event %q did not arrive", key)
		return nil
	}
	for _, step := range path {
		raw = child(raw, step)
	}
	return raw
}

func child(raw json.RawMessage, step any) json.RawMessage {
	switch step := step.(type) {
	case string:
		var object map[string]json.RawMessage
		if json.Unmarshal(raw, &object) == nil {
			return object[step]
		}
	case int:
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) == nil && step < len(list) {
			return list[step]
		}
	}
	return nil
}

// What servers take of one event by default.
const (
	maxServerDepth = 64 // levels of its JSON, the event itself being 1
	maxServerCount = 1_000_000_000_000_000
	maxServerName  = 256 // bytes
	maxServerSpan  = 10 * 365 * 24 * time.Hour
	maxServerCost  = 1_000_000
)

// checkTakeable holds an event against what every server asks of it.
func checkTakeable(t *testing.T, raw json.RawMessage) (e types.Event) {
	t.Helper()
	if err := json.Unmarshal(raw, &e); err != nil {
		t.Fatalf("a reader cannot decode it: %v\n%.500s", err, raw)
	}
	if why := refusal(&e); why != "" {
		t.Errorf("a server would refuse its %s: %.500s", why, raw)
	}
	if !json.Valid(raw) || !bytes.Equal(raw, bytes.ToValidUTF8(raw, nil)) || len(raw) > sentrial.MaxEventBytes || nesting(raw) > maxServerDepth {
		t.Errorf("a server would refuse it: %d bytes, %d levels, valid JSON %t: %.500s", len(raw), nesting(raw), json.Valid(raw), raw)
	}
	return e
}

// refusal is the field of an event that a server does not take, though its kind is right.
func refusal(e *types.Event) string {
	counts, costs, spans := []int{0}, []*float64{}, []time.Duration{e.Duration}
	if c := e.LLMCall; c != nil {
		counts = append(counts, c.Attempts, c.Usage.PromptTokens, c.Usage.CompletionTokens, c.Usage.TotalTokens, c.Usage.CachedTokens, c.Usage.CacheWriteTokens, c.Usage.ReasoningTokens)
		costs, spans = append(costs, c.Cost), append(spans, c.TimeToFirstToken)
	}
	if c := e.ToolCall; c != nil {
		counts, costs = append(counts, c.Attempt), append(costs, c.Cost)
	}
	switch year := e.Timestamp.UTC().Year(); {
	case min(e.Seq, int64(slices.Min(counts))) < 0 || max(e.Seq, int64(slices.Max(counts))) > maxServerCount:
		return "count"
	case slices.ContainsFunc(costs, func(usd *float64) bool { return usd != nil && (*usd < 0 || *usd > maxServerCost) }):
		return "cost"
	case slices.ContainsFunc(spans, func(d time.Duration) bool { return d < 0 || d > maxServerSpan }):
		return "duration"
	case max(len(e.ParentID), len(e.TraceID), len(e.SpanID)) > maxServerName:
		return "foreign id"
	case year < 1970 || year > 2261:
		return "time"
	case e.Type == types.EventSessionEnd && e.Status == types.StatusRunning:
		return "status"
	}
	return ""
}

// nesting is how deep valid JSON nests.
func nesting(raw []byte) (deepest int) {
	depth, text := 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case c == '\\':
			i++
		case c == '"':
			text = !text
		case text:
		case c == '{' || c == '[':
			depth++
			deepest = max(deepest, depth)
		case c == '}' || c == ']':
			depth--
		}
	}
	return deepest
}

package sentrial_test

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// sayAll puts the canary into all content that a payload has a field for.
func sayAll(t *testing.T, e *types.Event) {
	t.Helper()
	for path, content := range isContent {
		payload, name, found := strings.Cut(path, ".")
		if !content || !found {
			continue
		}
		if v := reflect.ValueOf(e).Elem().FieldByName(payload); !v.IsNil() {
			sayCanary(t, v.Elem().FieldByName(name))
		}
	}
	e.Extra = map[string]json.RawMessage{"new": json.RawMessage(`"` + canary + `"`)}
	e.TraceID = strings.Repeat(canary, 100) // too long: the metadata says so
}

// openSpansSaying opens a span of each kind that says the canary in all its content.
func openSpansSaying(ctx context.Context, opts ...interface {
	sentrial.ToolOption
	sentrial.LLMOption
	sentrial.StepOption
},
) {
	var ofTool []sentrial.ToolOption
	var ofLLM []sentrial.LLMOption
	var ofStep []sentrial.StepOption
	for _, o := range opts {
		ofTool, ofLLM, ofStep = append(ofTool, o), append(ofLLM, o), append(ofStep, o)
	}
	sentrial.StartTool(ctx, types.ToolCall{ToolName: "fact", ToolInput: canary}, ofTool...)
	sentrial.StartLLM(ctx, types.LLMCall{Model: "fact", Prompt: canary, Parameters: map[string]any{"k": "fact"}}, ofLLM...)
	sentrial.StartStep(ctx, types.Step{Name: "fact", Metadata: map[string]any{"mine": "kept"}}, ofStep...)
}

// TestStricterModeHoldsForOpenSpans: what Update sets counts for the copy sent while a span runs, and for the event that stands for its missing end.
func TestStricterModeHoldsForOpenSpans(t *testing.T) {
	full, hashed, metadata := sentrial.ContentFull, sentrial.ContentHashed, sentrial.ContentMetadata
	for _, c := range []struct{ before, meanwhile, want sentrial.ContentMode }{
		{full, full, full}, {full, hashed, hashed}, {full, metadata, metadata}, {hashed, full, hashed}, {hashed, metadata, metadata}, {metadata, full, metadata},
	} {
		t.Run(modeNames[c.before]+" "+modeNames[c.meanwhile], func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				wire := &wire{}
				client := newClient(t, wire, sentrial.WithHook(startHook(func(ctx context.Context, e *types.Event) context.Context {
					if e.Status == types.StatusRunning {
						sayAll(t, e)
					}
					return ctx
				})))
				ctx, s := client.CreateSession(t.Context(), "s", sentrial.WithContent(c.before))
				openSpansSaying(ctx)
				s.Update(ctx, sentrial.WithContent(c.meanwhile))
				time.Sleep(3 * time.Second)
				if err := client.Close(ctx); err != nil {
					t.Error(err)
				}
				running := 0
				if c.want == c.before {
					running = 3
				}
				if n := strings.Count(wire.text(), `"running"`); n != running {
					t.Errorf("%d running copies were sent, want %d", n, running)
				}
				if said := strings.Contains(wire.text(), canary); said != (c.want == full) {
					t.Errorf("the canary is there: %t", said)
				}
				checkAbandoned(t, wire, c.want)
				checkStats(t, client, 5, 0, nothing)
			})
		})
	}
}

func checkAbandoned(t *testing.T, wire *wire, mode sentrial.ContentMode) {
	t.Helper()
	found := 0
	for _, e := range wire.events(t) {
		if string(e["status"]) != `"unknown"` {
			continue
		}
		found++
		m := asTexts(e)
		if got := modeOf(m); got != mode {
			t.Errorf("%s is recorded in mode %s, want %s", m["type"], modeNames[got], modeNames[mode])
		}
		checkReadable(t, m)
		if mode != sentrial.ContentFull && !strings.Contains(m["metadata"], `"content":"`+modeNames[mode]+`"`) || !strings.Contains(m["metadata"], `"abandoned":true`) {
			t.Errorf("the metadata is %s", m["metadata"])
		}
		switch fact := m["tool_name"] + m["model"] + m["name"]; {
		case fact != `"fact"`, m["model"] != "" && m["parameters"] != `{"k":"fact"}`, m["name"] != "" && !strings.Contains(m["metadata"], `"mine":"kept"`):
			t.Errorf("facts are gone: %v", m)
		}
	}
	if found != 3 {
		t.Errorf("%d abandoned events, want 3", found)
	}
}

// TestHashOfAnAbandonedSpan is that of the content, whenever the mode was set.
func TestHashOfAnAbandonedSpan(t *testing.T) {
	wire := &wire{}
	client := newClient(t, wire)
	ctx, s := client.CreateSession(t.Context(), "s")
	_, text := sentrial.StartTool(ctx, types.ToolCall{ToolInput: "x", Reasoning: "y", Metadata: map[string]any{"content": "the program's"}})
	_, value := sentrial.StartTool(ctx, types.ToolCall{ToolInput: map[string]any{"b": 1, "a": "x"}})
	_, long := sentrial.StartTool(ctx, types.ToolCall{ToolInput: "x", Reasoning: strings.Repeat("long", 1<<20)})
	s.Update(ctx, sentrial.WithContent(sentrial.ContentHashed))
	if err := client.Close(ctx); err != nil {
		t.Error(err)
	}
	for _, e := range wire.events(t) {
		m := asTexts(e)
		want := map[string]string{}
		switch strings.Trim(m["id"], `"`) {
		case text.ID():
			want = map[string]string{"tool_input": hashedText("x"), "reasoning": hashedText("y"), "metadata": `{"content":"the program's","abandoned":true}`}
		case value.ID():
			want = map[string]string{"tool_input": hashedJSON(`{"a":"x","b":1}`), "metadata": `{"content":"hashed","abandoned":true}`}
		case long.ID(): // what is left of the text is not what was said
			want = map[string]string{"tool_input": hashedText("x"), "reasoning": ""}
		}
		for name, value := range want {
			if m[name] != value {
				t.Errorf("%s = %s, want %s", name, m[name], value)
			}
		}
	}
}

// TestOpenSpanWithAModeOfItsOwn stays in it.
func TestOpenSpanWithAModeOfItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wire := &wire{}
		client := newClient(t, wire)
		ctx, s := client.CreateSession(t.Context(), "s")
		openSpansSaying(ctx, sentrial.WithContent(sentrial.ContentFull))
		s.Update(ctx, sentrial.WithContent(sentrial.ContentMetadata))
		time.Sleep(3 * time.Second)
		if err := client.Close(ctx); err != nil {
			t.Error(err)
		}
		if n := strings.Count(wire.text(), canary); n != 4 { // of the tool and the model, running and abandoned
			t.Errorf("the canary is there %d times, want 4", n)
		}
	})
}

// TestAbandonedSpanThatIsLost: OnDrop hears which it was.
func TestAbandonedSpanThatIsLost(t *testing.T) {
	var drops dropped
	client := newClient(t, &wire{}, sentrial.WithOnDrop(drops.add), sentrial.WithQueueBytes(8192))
	_, span := sentrial.StartTool(client.Session("s").Context(t.Context()), types.ToolCall{ToolInput: strings.Repeat("x", 9000)})
	if err := client.Close(t.Context()); err != nil {
		t.Log(err) // it may say that an event was lost
	}
	want := fmt.Sprint([]sentrial.Drop{{Reason: sentrial.DropTooLarge, EventID: span.ID(), SessionID: "s", Type: types.EventToolCall}})
	if got := fmt.Sprint(drops.all()); got != want {
		t.Errorf("OnDrop heard %v, want %v", got, want)
	}
}

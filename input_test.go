package sentrial_test

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

type query struct {
	Text string
	Tags []string
	More map[string]int
}

func newQuery() *query { return &query{"before", []string{"before"}, map[string]int{"n": 1}} }

// spoil changes whatever can be reached.
func (q *query) spoil() { q.Text, q.Tags[0], q.More["n"] = "after", "after", 2 }

var queryBefore = map[string]any{"Text": "before", "Tags": []any{"before"}, "More": map[string]any{"n": 1.0}}

// inputs are values of which the caller keeps hold, and what changes them.
var inputs = map[string]func() (in any, spoil func(), want any){
	"map": func() (any, func(), any) {
		in := map[string]any{"list": []string{"before"}, "drop": true}
		return in, func() { in["list"].([]string)[0] = "after"; delete(in, "drop") }, map[string]any{"list": []any{"before"}, "drop": true}
	},
	"slice": func() (any, func(), any) { in := []int{1}; return in, func() { in[0] = 2 }, []any{1.0} },
	"bytes": func() (any, func(), any) {
		in := []byte("before")
		return in, func() { copy(in, "after!") }, "YmVmb3Jl"
	},
	"pointer": func() (any, func(), any) { in := newQuery(); return in, in.spoil, queryBefore },
	"text":    func() (any, func(), any) { return "before", func() {}, "before" },
}

func checkInput(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: input %v, want %v as of the start", what, got, want)
	}
}

// TestSpanInputIsThatOfTheStart: the caller's values go on living while the operation runs.
func TestSpanInputIsThatOfTheStart(t *testing.T) {
	for name, input := range inputs {
		t.Run(name, func(t *testing.T) {
			rec := sentrialtest.New(t)
			ctx, _ := rec.Client().CreateSession(t.Context(), "s")
			in, spoil, want := input()
			_, tool := sentrial.StartTool(ctx, types.ToolCall{ToolName: "x", ToolInput: in})
			_, step := sentrial.StartStep(ctx, types.Step{Name: "x", Input: in})
			spoil()
			tool.End(nil)
			step.End(nil)
			checkInput(t, "tool call", oneEvent(t, rec, types.EventToolCall).ToolCall.ToolInput, want)
			checkInput(t, "step", oneEvent(t, rec, types.EventStep).Step.Input, want)
		})
	}
}

// TestSpanInputByValueIsThatOfTheStart: a struct or an array is copied, what it refers to is not.
func TestSpanInputByValueIsThatOfTheStart(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	inStruct, inArray := *newQuery(), [1]*query{newQuery()}
	_, tool := sentrial.StartTool(ctx, types.ToolCall{ToolName: "x", ToolInput: inStruct})
	_, step := sentrial.StartStep(ctx, types.Step{Name: "x", Input: inArray})
	inStruct.spoil()
	inArray[0].spoil()
	tool.End(nil)
	step.End(nil)
	checkInput(t, "tool call", oneEvent(t, rec, types.EventToolCall).ToolCall.ToolInput, queryBefore)
	checkInput(t, "step", oneEvent(t, rec, types.EventStep).Step.Input, []any{queryBefore})
}

func TestHelperInputIsThatOfTheStart(t *testing.T) {
	for name, input := range inputs {
		t.Run(name, func(t *testing.T) {
			rec := sentrialtest.New(t)
			ctx, _ := rec.Client().CreateSession(t.Context(), "s")
			in, spoil, want := input()
			_, _ = sentrial.Tool(ctx, "t", in, func(context.Context, any) (int, error) { spoil(); return 1, nil })
			checkInput(t, "tool call", oneEvent(t, rec, types.EventToolCall).ToolCall.ToolInput, want)
		})
	}
}

// TestTypedHelperInputIsThatOfTheStart: fn changes its own parameter.
func TestTypedHelperInputIsThatOfTheStart(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	_, _ = sentrial.Tool(ctx, "pointer", newQuery(), func(_ context.Context, q *query) (int, error) { q.spoil(); return 1, nil })
	_, _ = sentrial.Tool(ctx, "struct", *newQuery(), func(_ context.Context, q query) (int, error) { q.spoil(); return 1, nil })
	_, _ = sentrial.Tool(ctx, "map", newQuery().More, func(_ context.Context, m map[string]int) (int, error) { clear(m); return 1, nil })
	for _, call := range rec.ToolCalls() {
		want := any(queryBefore)
		if call.ToolName == "map" {
			want = queryBefore["More"]
		}
		checkInput(t, call.ToolName, call.ToolInput, want)
	}
}

// TestSpanInputPutInItsPlace: another value set before End is what the owner wants to have recorded.
func TestSpanInputPutInItsPlace(t *testing.T) {
	for name, later := range map[string]any{"map": map[string]any{"q": "after"}, "text": "after", "pointer": newQuery(), "nothing": nil} {
		t.Run(name, func(t *testing.T) {
			rec := sentrialtest.New(t)
			ctx, _ := rec.Client().CreateSession(t.Context(), "s")
			_, tool := sentrial.StartTool(ctx, types.ToolCall{ToolName: "x", ToolInput: map[string]any{"q": "before"}})
			_, step := sentrial.StartStep(ctx, types.Step{Name: "x", Input: map[string]any{"q": "before"}})
			tool.ToolInput, step.Input = later, later
			tool.End(nil)
			step.End(nil)
			want := later
			if name == "pointer" {
				want = queryBefore
			}
			checkInput(t, "tool call", oneEvent(t, rec, types.EventToolCall).ToolCall.ToolInput, want)
			checkInput(t, "step", oneEvent(t, rec, types.EventStep).Step.Input, want)
		})
	}
}

// TestPromptIsThatOfTheStart: an agent loop appends to its messages and uses them again while a stream runs.
func TestPromptIsThatOfTheStart(t *testing.T) {
	messages := []types.Message{{Role: "user", Parts: []types.Part{{Type: types.PartText, Content: "before"}}}, {Role: "user"}}
	parameters := map[string]any{"temperature": 0.5}
	rec := sentrialtest.New(t)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	_, span := sentrial.StartLLM(ctx, types.LLMCall{Model: "m", Messages: messages, Parameters: parameters})
	messages[0].Parts[0].Content, messages[1].Role = "after", "after"
	parameters["temperature"], parameters["top_p"] = 1, 1
	span.Response = "answer"
	span.End(nil)
	call := oneEvent(t, rec, types.EventLLMCall).LLMCall
	if got := call.Messages; len(got) != 2 || got[0].Parts[0].Content != "before" || got[1].Role != "user" {
		t.Errorf("messages %s, want those of the start", asJSON(got))
	}
	checkInput(t, "parameters", call.Parameters, map[string]any{"temperature": 0.5})
	if call.Response != "answer" {
		t.Errorf("the response is %q", call.Response)
	}
}

// TestNestedPromptIsThatOfTheStart: as far down as the caller can reach.
func TestNestedPromptIsThatOfTheStart(t *testing.T) {
	arguments, stop := map[string]any{"q": "before"}, []string{"before"}
	messages := []types.Message{{Role: "assistant", Parts: []types.Part{{Type: types.PartToolCall, Name: "x", Arguments: arguments}}}}
	rec := sentrialtest.New(t)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	_, span := sentrial.StartLLM(ctx, types.LLMCall{Model: "m", Messages: messages, Parameters: map[string]any{"stop": stop}})
	arguments["q"], stop[0] = "after", "after"
	span.End(nil)
	call := oneEvent(t, rec, types.EventLLMCall).LLMCall
	checkInput(t, "arguments", call.Messages[0].Parts[0].Arguments, map[string]any{"q": "before"})
	checkInput(t, "parameters", call.Parameters, map[string]any{"stop": []any{"before"}})
}

func TestPromptPutInItsPlace(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	messages := []types.Message{{Role: "user"}}
	_, span := sentrial.StartLLM(ctx, types.LLMCall{Model: "m", Messages: messages, Parameters: map[string]any{"n": 1}})
	span.Messages = append(span.Messages, types.Message{Role: "tool"})
	span.Parameters = map[string]any{"n": 2}
	span.End(nil)
	call := oneEvent(t, rec, types.EventLLMCall).LLMCall
	if len(call.Messages) != 2 || call.Messages[1].Role != "tool" || call.Parameters["n"] != 2.0 {
		t.Errorf("recorded %s", asJSON(call))
	}
}

// TestInputOfTheStartIsRedacted, and so is what is put in its place.
func TestInputOfTheStartIsRedacted(t *testing.T) {
	for name, later := range map[string]any{"changed": nil, "put in its place": map[string]any{"q": "after " + canary}} {
		t.Run(name, func(t *testing.T) {
			server := &wire{}
			client := newClient(t, server, sentrial.WithRedactor(redactFunc(scrub)))
			in := map[string]any{"q": "before " + canary}
			_, span := sentrial.StartTool(client.Session("s").Context(t.Context()), types.ToolCall{ToolName: "x", ToolInput: in})
			in["q"] = "changed " + canary
			want := "before x"
			if later != nil {
				span.ToolInput, want = later, "after x"
			}
			span.End(nil)
			if got := server.event(t, client, span.ID())["tool_input"]; !strings.Contains(got, want) {
				t.Errorf("tool_input = %s, want %s", got, want)
			}
			noCanary(t, server)
		})
	}
}

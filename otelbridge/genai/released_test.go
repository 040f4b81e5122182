package genai_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

const asks = `[{"role":"assistant","parts":[{"type":"reasoning","content":"It may rain."},{"type":"text","content":"Let me look."},{"type":"tool_call","id":"c1","name":"t"}]}]`

func TestWhyAToolWasCalled(t *testing.T) {
	spans := grown(1, agent("a", chat("m", 1, 2, "gen_ai.output.messages", asks), tool("t", "gen_ai.tool.call.id", "c1").at(20, 30), tool("u", "gen_ai.tool.call.id", "c2").at(40, 50)))
	want := map[string]string{"t": "It may rain.", "u": ""}
	for name, all := range map[string][]genai.Event{"at once": events(genAll(spans)), "one by one": inPieces(genai.Config{}, each(spans)...)} {
		for _, e := range all {
			if e.ToolCall != nil && e.ToolCall.Reasoning != want[e.ToolCall.Name] {
				t.Errorf("%s: %s was called because %q", name, e.ToolCall.Name, e.ToolCall.Reasoning)
			}
		}
	}
	other := grown(2, tool("t", "gen_ai.tool.call.id", "c1"))
	for _, e := range inPieces(genai.Config{}, spans, other) {
		if e.ToolCall != nil && e.TraceID == other[0].TraceID && e.ToolCall.Reasoning != "" {
			t.Errorf("the reason is of another session: %+v", e.ToolCall)
		}
	}
}

func TestWithoutContent(t *testing.T) {
	run := agent("a", chat("m", 1, 2, "gen_ai.input.messages", "hi", "gen_ai.output.messages", asks, "gen_ai.tool.definitions", `[{"name":"t"}]`, "app.note", "x"),
		tool("t", "gen_ai.tool.call.id", "c1", "gen_ai.tool.call.arguments", "{}", "gen_ai.tool.call.result", "x").at(20, 30),
		agent("b").with("gen_ai.input.messages", "hi")).with("gen_ai.input.messages", "hi", "gen_ai.output.messages", "ho", "app.note", "x")
	a := genai.NewAssembler(genai.Config{WithoutContent: true})
	a.Add(begin, grown(1, run)...)
	all := events(a.Close(begin))
	for _, e := range all {
		c, tc := e.LLMCall, e.ToolCall
		if e.Attributes != nil || c != nil && (c.Messages != nil || c.OutputMessages != nil || c.ToolDefinitions != nil) || tc != nil && (tc.Input != nil || tc.Output != nil || tc.Reasoning != "") ||
			e.Step != nil && (e.Step.Input != nil || e.Step.Output != nil) || e.Session != nil && e.Session.Input != nil || e.Result != nil && e.Result.Output != nil {
			t.Errorf("%s has content: %+v", e.Type, e)
		}
	}
	if len(all) != 5 {
		t.Errorf("%d events", len(all))
	}
}

// What went wrong is told in words that quote what was said.
func TestErrorsWithoutContent(t *testing.T) {
	const said = "canary"
	run := agent("a", tool("t", "gen_ai.tool.call.result", `{"isError":true,"content":[{"type":"text","text":"canary"}]}`).failing(said),
		tree{name: "plan", attrs: []any{"sentrial.decision.chosen", said, "sentrial.decision.alternatives", []string{said}, "sentrial.decision.reasoning", said}}).failing(said)
	a := genai.NewAssembler(genai.Config{WithoutContent: true})
	a.Add(begin, grown(1, run)...)
	failed := 0
	for _, e := range events(a.Close(begin)) {
		if raw, err := json.Marshal(e); err != nil || strings.Contains(string(raw), said) {
			t.Errorf("%s, %v", raw, err)
		}
		if e.Type == genai.EventError || e.Status == genai.StatusOfError {
			failed++
		}
	}
	if failed < 3 {
		t.Errorf("%d failed", failed)
	}
}

// A call of a model that says nothing at all is told, but not as a success.
func TestIncompleteCall(t *testing.T) {
	for _, e := range events(genAll(grown(1, agent("a", tree{name: "chat", attrs: []any{"gen_ai.operation.name", "chat"}})))) {
		if e.LLMCall != nil && (e.Status != genai.StatusOfUnknown || e.Metadata["incomplete"] != true) {
			t.Errorf("status %q, metadata %v", e.Status, e.Metadata)
		}
	}
}

func TestTruncatedSpansAreMarked(t *testing.T) {
	run := agent("a", chat("m", 1, 2), tool("t"), agent("b"))
	run.dropped = 1
	for i := range run.inside {
		run.inside[i].dropped = 1
	}
	for _, e := range events(genAll(grown(1, run))) {
		if e.Type != genai.EventSessionEnd && e.Metadata["truncated"] != true {
			t.Errorf("%s: metadata %v", e.Type, e.Metadata)
		}
	}
}

// An evaluation is feedback on what it judges: the span that it is noted on.
func TestEvaluations(t *testing.T) {
	spans := grown(1, agent("a", chat("m", 1, 2)))
	spans[1].Events = []genai.SpanEvent{{Name: "gen_ai.evaluation.result", Attributes: pairs("gen_ai.evaluation.name", "fair", "gen_ai.evaluation.score.value", 0.5)}}
	found := 0
	for _, e := range events(genAll(spans)) {
		if e.Feedback != nil {
			found++
			if e.Feedback.Name != "fair" || *e.Feedback.Score != 0.5 || e.Feedback.EventID != eventID(spans[1]) || e.ID != eventID(spans[1])+".feedback" {
				t.Errorf("feedback = %+v of %s", e.Feedback, e.ID)
			}
		}
	}
	if found != 1 {
		t.Errorf("%d feedbacks", found)
	}
}

func TestEventsAreInTheOrderOfTime(t *testing.T) {
	run := agent("a", chat("m", 1, 2).at(0, 0), tool("t").at(0, 0).failing("x")).at(0, 0)
	given := genAll(grown(1, run))
	var kinds []genai.EventType
	for _, e := range events(given) {
		kinds = append(kinds, e.Type)
	}
	want := []genai.EventType{"session_start", "llm_call", "tool_call", "error", "session_end"}
	if !slices.Equal(kinds, want) || given[0].TraceID != (genai.TraceID{15: 1}) {
		t.Errorf("events %v of trace %s, want %v", kinds, given[0].TraceID, want)
	}
}

func TestOneFailureInTwoTraces(t *testing.T) {
	failing := func(x tree) tree { return x.with(in("s")...).failing("x") }
	for name, test := range map[string]struct {
		first, second tree
		want          int
	}{
		"a copy":              {failing(agent("a", chat("m", 1, 2).failing("x"))), failing(tool("t").by("detached").at(2, 8)), 1},
		"later":               {failing(agent("a")), failing(tool("t").at(500, 510)), 2},
		"another message":     {failing(agent("a")), tool("t", in("s")...).failing("y"), 2},
		"two calls that fail": {failing(tool("t")), failing(tool("t")), 2},
		"another session":     {failing(agent("a")), tool("t").by("detached").failing("x"), 2},
	} {
		errors := 0
		for _, e := range events(genAll(slices.Concat(grown(1, test.first), grown(2, test.second)))) {
			if e.Failure != nil {
				errors++
			}
		}
		if errors != test.want {
			t.Errorf("%s: %d errors, want %d", name, errors, test.want)
		}
	}
}

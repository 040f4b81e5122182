package sentrial_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/types"
)

// degradedRun records n calls of a model, with a kilobyte of prompt and of answer each, while the server is down, and then lets it come back.
func degradedRun(t *testing.T, n int, overflow sentrial.Overflow) (ids []string, report faultsink.Report, stats sentrial.Stats) {
	t.Helper()
	sink := faultsink.New(faultsink.When(faultsink.Within(0, time.Hour), faultsink.Status(503)))
	client := sinkClient(t, sink, sentrial.WithQueueBytes(512<<10), sentrial.WithOverflow(overflow))
	_, s := client.CreateSession(t.Context(), "s")
	time.Sleep(10 * time.Second)
	for i := range n {
		ids = append(ids, s.TrackLLMCall(t.Context(), types.LLMCall{
			Model: "m", Provider: "p", Prompt: strings.Repeat("why ", 256), Response: strings.Repeat("so! ", 256), Usage: types.Usage{PromptTokens: i + 1}, FinishReason: "stop",
			Metadata: map[string]any{"turn": i},
		}))
	}
	time.Sleep(2 * time.Hour)
	return ids, sink.Report(), client.Stats()
}

// TestDegradeKeepsEvents: above three quarters of the bound events lose their bulky content, and what would have been lost as a whole is there.
func TestDegradeKeepsEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 400 // 900 KiB in full
		ids, report, stats := degradedRun(t, n, sentrial.Degrade)
		if err := report.Check(ids); err != nil || lawOf(stats) != nil || len(stats.Dropped) > 0 || len(stats.Refused) > 0 {
			t.Errorf("%v, %+v", err, stats)
		}
		whole, light := 0, 0
		for i, id := range ids {
			e, _ := report.Event(id)
			m := asMap(t, e.JSON)
			if m["model"] != "m" || m["prompt_tokens"] != float64(i+1) || m["finish_reason"] != "stop" || m["metadata"].(map[string]any)["turn"] != float64(i) {
				t.Fatalf("facts are missing: %s", e.JSON)
			}
			switch degraded := m["metadata"].(map[string]any)["degraded"]; {
			case degraded == nil && strings.HasPrefix(m["prompt"].(string), "why why") && len(m["prompt"].(string)) == 1024 && light == 0:
				whole++
			case degraded == true && m["prompt"] == "[left out: 1024 bytes, the queue was nearly full]" && m["response"] == m["prompt"]:
				light++
			default:
				t.Fatalf("event %d of %d: %s", i, n, e.JSON)
			}
		}
		if whole < 120 || whole > 200 {
			t.Errorf("%d of %d events are whole, want three quarters of the queue: about 170", whole, n)
		}
		if _, _, oldest := degradedRun(t, n, sentrial.DropOldest); oldest.Dropped[sentrial.DropOverflow] < 100 {
			t.Errorf("without degrading: %+v, want many events lost", oldest)
		}
	})
}

// TestDegradeGivesWayAtLast: when even facts are too much, the oldest events go.
func TestDegradeGivesWayAtLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ids, report, stats := degradedRun(t, 10_000, sentrial.Degrade)
		if stats.Dropped[sentrial.DropOverflow] == 0 || len(stats.Refused) > 0 || lawOf(stats) != nil {
			t.Errorf("%+v", stats)
		}
		if missing := report.Lost(ids[len(ids)-1000:]); len(missing) > 0 {
			t.Errorf("%d of the latest 1000 events are lost", len(missing))
		}
	})
}

// TestDegradeMarkers: what stands for bulky content has the type that servers take, and short content stays.
func TestDegradeMarkers(t *testing.T) {
	long := strings.Repeat("x", 300)
	message := []types.Message{{Role: "user", Parts: []types.Part{{Type: "text", Content: long}}}}
	e := types.Event{
		ID: "e", Type: types.EventLLMCall, SessionID: "s", LLMCall: &types.LLMCall{
			Prompt: "short", Response: long, Messages: message, OutputMessages: message, ToolDefinitions: json.RawMessage(`["` + long + `"]`), Error: long, Model: long,
		}, Extra: map[string]json.RawMessage{"x_long": json.RawMessage(`"` + long + `"`), long: json.RawMessage("1"), "x_short": json.RawMessage("2")},
	}
	for what, event := range map[string]*types.Event{
		"llm": &e,
		"tool": {
			ID: "e", Type: types.EventToolCall, SessionID: "s", Metadata: map[string]any{"mine": long},
			ToolCall: &types.ToolCall{ToolName: "t", ToolInput: map[string]any{"a": long}, ToolOutput: long, Reasoning: "short"},
		},
		"decision": {ID: "e", Type: types.EventDecision, SessionID: "s", Decision: &types.Decision{Alternatives: []string{long, long}, Chosen: "a"}},
		"light":    {ID: "e", Type: types.EventStep, SessionID: "s", Step: &types.Step{Name: "n"}},
	} {
		if err := event.Complete(); err != nil {
			t.Fatal(err)
		}
		out := sentrial.DegradedJSON(event)
		var back types.Event
		if err := json.Unmarshal(out, &back); err != nil {
			t.Errorf("%s: %v in %s", what, err, out)
		}
		text := string(out)
		if what == "light" != !strings.Contains(text, `"degraded":true`) {
			t.Errorf("%s: %s", what, text)
		}
		switch what {
		case "llm":
			if back.LLMCall.Prompt != "short" || back.LLMCall.Model != long || len(back.LLMCall.Messages) != 1 || strings.Count(text, long) != 1 || !strings.Contains(text, `"x_short":2`) {
				t.Error(text)
			}
		case "tool":
			if back.ToolCall.Reasoning != "short" || back.Metadata["mine"] != long || strings.Count(text, long) != 1 || fmt.Sprint(back.ToolCall.ToolInput) != "map[$omitted:the queue was nearly full, 308 bytes]" {
				t.Error(text)
			}
		case "decision":
			if len(back.Decision.Alternatives) != 1 || back.Decision.Chosen != "a" {
				t.Error(text)
			}
		}
	}
}

package otelbridge_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

func TestMetrics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMeter()
		rec := sentrialtest.New(t, sentrial.WithHook(otelbridge.WithMetrics(m.provider())))
		rec.Allow(sentrialtest.LostEvents)
		client := rec.Client()
		ctx, session := client.CreateSession(t.Context(), "weather")
		session.TrackLLMCall(ctx, types.LLMCall{
			Model: "gpt-2026", RequestModel: "gpt", Provider: "openai", Duration: 2 * time.Second, TimeToFirstToken: time.Second / 4,
			Usage: types.Usage{PromptTokens: 88, CompletionTokens: 21},
		})
		session.TrackLLMCall(ctx, types.LLMCall{Model: "e", Operation: "embeddings", Duration: time.Second, Error: "no"})
		session.TrackToolCall(ctx, types.ToolCall{ToolName: "x", Duration: time.Second, Status: types.StatusCancelled})
		session.TrackStep(ctx, types.Step{Name: "inner", Kind: "agent", Duration: 3 * time.Second})
		session.TrackStep(ctx, types.Step{Name: "other", Duration: 3 * time.Second})
		client.Record(ctx, types.Event{Type: "No Type", SessionID: "s"})
		time.Sleep(5 * time.Second)
		session.Close(ctx, types.SessionResult{Status: types.StatusError})
		if err := client.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		const chat = "gen_ai.operation.name=chat,gen_ai.provider.name=openai,gen_ai.request.model=gpt,gen_ai.response.model=gpt-2026"
		want := []string{
			"gen_ai.client.operation.duration 1 error.type=_OTHER,gen_ai.operation.name=embeddings,gen_ai.request.model=e,gen_ai.response.model=e",
			"gen_ai.client.operation.duration 2 " + chat,
			"gen_ai.client.operation.time_to_first_chunk 0.25 " + chat,
			"gen_ai.client.token.usage 21 " + chat + ",gen_ai.token.type=output",
			"gen_ai.client.token.usage 88 " + chat + ",gen_ai.token.type=input",
			"gen_ai.execute_tool.duration 1 error.type=cancelled,gen_ai.operation.name=execute_tool,gen_ai.tool.name=x",
			"gen_ai.invoke_agent.duration 3 gen_ai.agent.name=inner,gen_ai.operation.name=invoke_agent",
			"gen_ai.invoke_agent.duration 5 error.type=_OTHER,gen_ai.agent.name=weather,gen_ai.operation.name=invoke_agent",
			"sentrial.sdk.events.accepted 7 ",
			"sentrial.sdk.events.delivered 7 ",
			"sentrial.sdk.events.recovered 0 ",
			"sentrial.sdk.events.refused 1 reason=invalid",
			"sentrial.sdk.queue.events 0 ",
			"sentrial.sdk.queue.size 0 ",
			"sentrial.sdk.requests 2 ",
			"sentrial.sdk.retries 0 ",
			"sentrial.sdk.spans.abandoned 0 ",
		}
		if got := m.take(t.Context()); !slices.Equal(got, want) {
			t.Errorf("measured\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

// TestMetricsOfSeveralClients are summed up, and those of a closed one stay: a counter never goes back.
func TestMetricsOfSeveralClients(t *testing.T) {
	m := newMeter()
	hook := sentrial.WithHook(otelbridge.WithMetrics(m.provider()))
	for range 2 {
		client := sentrialtest.New(t, hook).Client()
		client.Session("s").TrackStep(t.Context(), types.Step{Name: "x"})
		if err := client.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := m.take(t.Context()); !slices.Contains(got, "sentrial.sdk.events.delivered 2 ") {
		t.Errorf("measured %q", got)
	}
}

func TestBoundsOfTheConventions(t *testing.T) {
	m := newMeter()
	otelbridge.WithMetrics(m.provider())
	for name, want := range map[string]struct {
		unit        string
		count       int
		first, last float64
	}{
		"gen_ai.client.token.usage":                   {"{token}", 14, 1, 67108864},
		"gen_ai.client.operation.duration":            {"s", 14, 0.01, 81.92},
		"gen_ai.client.operation.time_to_first_chunk": {"s", 16, 0.001, 10},
	} {
		b := m.bounds[name]
		if len(b) != want.count || b[0] != want.first || b[len(b)-1] != want.last || m.units[name] != want.unit {
			t.Errorf("%s: %v in %q", name, b, m.units[name])
		}
	}
}

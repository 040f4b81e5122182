package e2e_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"testing"

	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/types"
)

// shownTo is a client that delivers to one server, while its events are spans that go to another one.
func shownTo(t *testing.T, events, spans *otlpServer) (client *sentrial.Client, end func()) {
	t.Helper()
	exporter, err := otlptracehttp.New(t.Context(), otlptracehttp.WithEndpoint(spans.web), otlptracehttp.WithInsecure())
	if err != nil {
		t.Fatal(err)
	}
	tp := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter))
	client, err = sentrial.New(sentrial.WithAPIURL(events.url), sentrial.WithHook(otelbridge.WithSpans(tp, otelbridge.WithSpanContent())))
	if err != nil {
		t.Fatal(err)
	}
	return client, func() {
		ctx := context.WithoutCancel(t.Context())
		if err := errors.Join(client.Close(ctx), tp.Shutdown(ctx)); err != nil {
			t.Error(err)
		}
	}
}

// toldRun records something of everything.
func toldRun(t *testing.T, client *sentrial.Client) (events int) {
	t.Helper()
	err := client.Run(t.Context(), "ask", func(ctx context.Context) error {
		session := sentrial.SessionFromContext(ctx)
		_, _ = sentrial.LLM(ctx, types.LLMCall{Model: "gpt", Provider: "openai", Prompt: "Lisbon?", Parameters: map[string]any{"temperature": 0.5}},
			func(_ context.Context, c *types.LLMCall) (string, error) {
				c.Usage, c.FinishReason = types.Usage{PromptTokens: 88, CompletionTokens: 21, CachedTokens: 64}, "stop"
				return "18 C", nil
			})
		_, _ = sentrial.Tool(ctx, "get_weather", map[string]any{"city": "Lisbon"}, func(ctx context.Context, _ map[string]any) (string, error) {
			sentrial.ReportError(ctx, errors.New("slow"))
			return "", errors.New("no network")
		})
		sentrial.Decide(ctx, types.Decision{Reasoning: "no network", Chosen: "give up", Alternatives: []string{"again"}})
		session.TrackFeedback(ctx, types.Feedback{Name: "help", Label: "down"})
		session.Update(ctx, sentrial.WithTags("late"))
		session.SetResult(types.SessionResult{Output: "sorry", Metrics: map[string]float64{"m": 1}})
		return nil
	}, sentrial.WithAgentName("weather"), sentrial.WithUserID("u1"), sentrial.WithInput("Lisbon?"))
	if err != nil {
		t.Fatal(err)
	}
	return 8
}

// stored gives a server's events of a session, without what says how they came.
func (s *otlpServer) stored(session string) map[string]map[string]any {
	s.t.Helper()
	var page struct{ Data []map[string]any }
	getJSON(s.t, s.url+"/v1/sessions/"+session+"/events?limit=1000", &page)
	all := make(map[string]map[string]any)
	for _, e := range page.Data {
		for _, name := range []string{"position", "client_id", "received_at"} {
			delete(e, name)
		}
		if m, ok := e["metadata"].(map[string]any); ok {
			for _, name := range []string{"service"} {
				delete(m, name)
			}
			if len(m) == 0 {
				delete(e, "metadata")
			}
		}
		all[e["id"].(string)] = e
	}
	return all
}

// TestRoundTripOverOTLP: what a program shows in its traces is the same events again on a server that sees the traces alone.
func TestRoundTripOverOTLP(t *testing.T) {
	one, other := serveOTLP(t), serveOTLP(t)
	client, end := shownTo(t, one, other)
	n := toldRun(t, client)
	end()
	there := other.next(n)
	want, got := one.stored(there[0].SessionID), other.stored(there[0].SessionID)
	if len(want) != n || len(got) != n {
		t.Errorf("%d events are on one server, %d on the other; want %d", len(want), len(got), n)
	}
	for id, e := range want {
		if e["type"] == "llm_call" && e["operation"] == nil {
			e["operation"] = "chat" // which is what it means
		}
		names := slices.Collect(maps.Keys(e))
		for _, name := range slices.AppendSeq(names, maps.Keys(got[id])) {
			if !reflect.DeepEqual(e[name], got[id][name]) {
				t.Errorf("%v: %s came back as %v, was %v", e["type"], name, got[id][name], e[name])
			}
		}
	}
}

// TestBothWaysIntoOneServer: an event that comes directly and as a span is stored once.
func TestBothWaysIntoOneServer(t *testing.T) {
	s := serveOTLP(t)
	client, end := shownTo(t, s, s)
	n := toldRun(t, client)
	end()
	events := s.next(n)
	s.inboxIsEmpty()
	if stored := s.stored(events[0].SessionID); len(stored) != n {
		t.Errorf("%d events are stored, want %d", len(stored), n)
	}
	session, err := s.db.Session(t.Context(), "default", events[0].SessionID)
	if err != nil || session.Counters.Tokens.Prompt != 88 || session.Counters.Tokens.Completion != 21 {
		t.Errorf("the session is %+v (%v)", session, err)
	}
}

func getJSON(t *testing.T, url string, to any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(to); err != nil {
		t.Fatal(err)
	}
}

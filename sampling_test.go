package sentrial_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// isSampled tells whether a client at this rate takes an event of a session.
func isSampled(t *testing.T, client *sentrial.Client, id string) bool {
	t.Helper()
	return client.Session(id).TrackStep(t.Context(), types.Step{Name: "x"}) != ""
}

// TestSampleIsThatOfOtherLanguages: the places of ids between 0 and 1, from Python. A rate takes those below it.
func TestSampleIsThatOfOtherLanguages(t *testing.T) {
	for id, place := range map[string]float64{
		"sess_1": 0.5420497911430272, "sess_2": 0.5939967435375557, "a": 0.7913742705223816, "conversation:42": 0.0125213800897226,
	} {
		below, above := math.Nextafter(place, 0), math.Nextafter(place, 1)
		if client := newClient(t, &wire{}, sentrial.WithSampleRate(below)); isSampled(t, client, id) {
			t.Errorf("%s is taken at rate %v", id, below)
		}
		if client := newClient(t, &wire{}, sentrial.WithSampleRate(above)); !isSampled(t, client, id) {
			t.Errorf("%s is not taken at rate %v", id, above)
		}
	}
}

// TestClientsAgreeOnASample: at one rate all take the same sessions, at a higher one those and more, and about as many as the rate says.
func TestClientsAgreeOnASample(t *testing.T) {
	const ids = 10_000
	rates := []float64{0, 0.001, 0.1, 0.5, 0.9, 1}
	var clients, others []*sentrial.Client
	for _, rate := range rates {
		clients = append(clients, newClient(t, &wire{}, sentrial.WithSampleRate(rate)))
		others = append(others, newClient(t, &wire{}, sentrial.WithSampleRate(rate)))
	}
	taken := make([]int, len(rates))
	for n := range ids {
		id, lower := fmt.Sprintf("sess_%d", n), false
		for i := range rates {
			sampled := isSampled(t, clients[i], id)
			if again := isSampled(t, clients[i], id); again != sampled || isSampled(t, others[i], id) != sampled {
				t.Fatalf("rate %v: not every call agrees on %s", rates[i], id)
			}
			if lower && !sampled {
				t.Errorf("%s is taken at rate %v, but not at rate %v", id, rates[i-1], rates[i])
			}
			if lower = sampled; sampled {
				taken[i]++
			}
		}
	}
	for i, rate := range rates {
		if off := math.Abs(float64(taken[i]) - rate*ids); off > 4*math.Sqrt(ids*rate*(1-rate)) {
			t.Errorf("rate %v: %d of %d sessions are taken", rate, taken[i], ids)
		}
		stats := clients[i].Stats()
		if int(stats.Accepted) != 2*taken[i] || int(stats.Refused[sentrial.DropSampled]) != 2*(ids-taken[i]) {
			t.Errorf("rate %v: %d of %d sessions are taken, and the stats are %+v", rate, taken[i], ids, stats)
		}
		flush(t, clients[i])
		checkStats(t, clients[i], 2*taken[i], 0, nothing)
	}
}

// TestSessionsLeftOutSendNothing, on whatever path, and nobody hears of them.
func TestSessionsLeftOutSendNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := newClient(t, &wire{})
		sayEverywhere(t, t.Context(), kept)
		wire, log := &wire{}, &logged{}
		heard := func(what string) { t.Errorf("the %s heard of an event", what) }
		client := newClient(t, wire, sentrial.WithSampleRate(0), sentrial.WithLogger(log.logger()),
			sentrial.WithOnDrop(func(sentrial.Drop) { heard("OnDrop function") }),
			sentrial.WithRedactor(redactFunc(func(context.Context, *types.Event) error { heard("redactor"); return nil })),
			sentrial.WithHook(startHook(func(ctx context.Context, _ *types.Event) context.Context { heard("hook"); return ctx })),
			sentrial.WithHook(endHook(func(context.Context, *types.Event) { heard("hook") })))
		sayEverywhere(t, t.Context(), client)
		if n := len(wire.requests); n != 0 {
			t.Errorf("%d requests were made", n)
		}
		stats := client.Stats()
		if want := kept.Stats().Accepted; stats.Refused[sentrial.DropSampled] != want || len(stats.Refused) != 1 || stats.Accepted != 0 || stats.Abandoned != 0 || stats.Unsessioned != 0 {
			t.Errorf("%+v, want each of %d events refused as sampled", stats, want)
		}
		checkStats(t, client, 0, 0, nothing)
		if lines := log.lines(); len(lines) != 0 {
			t.Errorf("the log says %q", lines)
		}
	})
}

// TestSessionsLeftOutWorkAllTheSame, as far as the program can tell.
func TestSessionsLeftOutWorkAllTheSame(t *testing.T) {
	client := newClient(t, &wire{}, sentrial.WithSampleRate(0))
	ctx, s := client.CreateSession(t.Context(), "s", sentrial.WithSessionID("sess_1"))
	if s.ID() != "sess_1" || sentrial.SessionFromContext(ctx) != s {
		t.Errorf("the context has session %q", sentrial.SessionFromContext(ctx).ID())
	}
	in := map[string]any{"k": "v"}
	var inside *sentrial.Session
	out, err := sentrial.Tool(ctx, "t", in, func(ctx context.Context, in map[string]any) (map[string]any, error) {
		inside = sentrial.SessionFromContext(ctx)
		in["seen"] = true
		return in, errBoom
	})
	if !errors.Is(err, errBoom) || out["seen"] != true || in["seen"] != true || inside != s {
		t.Errorf("Tool gave %v and %v, and had session %q", out, err, inside.ID())
	}
	_, tool := sentrial.StartTool(ctx, types.ToolCall{ToolName: "t"})
	_, llm := sentrial.StartLLM(ctx, types.LLMCall{Model: "m"})
	_, step := sentrial.StartStep(ctx, types.Step{Name: "s"})
	llm.FirstToken()
	for what, id := range map[string]string{
		"StartTool": tool.ID(), "StartLLM": llm.ID(), "StartStep": step.ID(), "Decide": sentrial.Decide(ctx, types.Decision{}), "ReportError": sentrial.ReportError(ctx, errBoom),
		"Record": client.Record(ctx, types.Event{ID: "evt_1", Step: &types.Step{}}), "TrackStep": s.TrackStep(ctx, types.Step{}),
	} {
		if id != "" {
			t.Errorf("%s gives the id %q", what, id)
		}
	}
	tool.End(nil)
	llm.End(errBoom)
	step.End(nil)
	if id := sentrial.SessionFromContext(newClient(t, &wire{}).Extract(t.Context(), carried(ctx))).ID(); id != "sess_1" {
		t.Errorf("another process is handed session %q", id)
	}
	func() {
		defer func() {
			if v := recover(); v != "boom" {
				t.Errorf("the panic became %v", v)
			}
		}()
		_ = client.Run(ctx, "r", func(ctx context.Context) error { panic("boom") })
	}()
	if got := client.Run(ctx, "r", func(context.Context) error { return errBoom }); !errors.Is(got, errBoom) {
		t.Errorf("Run gave %v", got)
	}
	if err := errors.Join(client.Flush(ctx), client.Close(ctx)); err != nil {
		t.Error(err)
	}
}

// TestSessionsAreSampledOneByOne: of two that are open at once, and one inside the other, each goes by its own id.
func TestSessionsAreSampledOneByOne(t *testing.T) {
	wire := &wire{}
	client := newClient(t, wire, sentrial.WithSampleRate(0.5))
	const out, in = "sess_1", "sess_3" // at 0.54 and 0.48
	ctx, outer := client.CreateSession(t.Context(), "outer", sentrial.WithSessionID(out))
	ctx, step := sentrial.StartStep(ctx, types.Step{Name: "left out"})
	innerCtx, inner := client.CreateSession(ctx, "inner", sentrial.WithSessionID(in))
	kept := []string{sentrial.Decide(innerCtx, types.Decision{Chosen: "kept"}), inner.TrackStep(ctx, types.Step{Name: "kept"}), client.Record(ctx, types.Event{SessionID: in, Step: &types.Step{Name: "kept"}})}
	sentrial.Decide(ctx, types.Decision{Chosen: "left out"})
	outer.TrackStep(innerCtx, types.Step{Name: "left out"})
	step.End(nil)
	inner.Close(ctx, types.SessionResult{})
	outer.Close(ctx, types.SessionResult{})
	for _, id := range kept {
		wire.event(t, client, id)
	}
	if body := wire.text(); strings.Contains(body, "left out") || strings.Contains(body, `"session_id":"`+out+`"`) {
		t.Errorf("of the session that is left out this was sent: %s", body)
	}
	if err := lawOf(client.Stats()); err != nil {
		t.Error(err)
	}
}

// TestBadSessionIDsAreStillInvalid: they are a mistake of the program's, whatever the sample.
func TestBadSessionIDsAreStillInvalid(t *testing.T) {
	client := newClient(t, &wire{}, sentrial.WithSampleRate(0))
	ctx := client.Session("no id").Context(t.Context())
	sentrial.StartTool(ctx, types.ToolCall{})
	sentrial.Decide(ctx, types.Decision{})
	if refused := client.Stats().Refused; refused[sentrial.DropInvalid] != 2 || len(refused) != 1 {
		t.Errorf("refused: %v", refused)
	}
}

func TestSampleRateFromTheEnvironment(t *testing.T) {
	for value, want := range map[string]bool{"0": false, "0.0": false, " 1 ": true, "1.0": true, "1e-300": false} {
		t.Setenv("SENTRIAL_SAMPLE_RATE", value)
		if got := isSampled(t, newClient(t, &wire{}), "sess_1"); got != want {
			t.Errorf("SENTRIAL_SAMPLE_RATE=%s: a session is taken: %v", value, got)
		}
		if !isSampled(t, newClient(t, &wire{}, sentrial.WithSampleRate(1)), "sess_1") {
			t.Errorf("SENTRIAL_SAMPLE_RATE=%s goes before the option", value)
		}
	}
}

// TestManySampledSessions: the decision is the same when a session has been forgotten meanwhile.
func TestManySampledSessions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := newClient(t, &wire{}, sentrial.WithSampleRate(0.3), sentrial.WithFlushInterval(time.Hour))
		var before []bool
		for n := range 100 {
			before = append(before, isSampled(t, client, fmt.Sprint("sess_", n)))
		}
		for n := range 25_000 {
			client.Session(fmt.Sprint("other_", n))
		}
		for n, was := range before {
			if isSampled(t, client, fmt.Sprint("sess_", n)) != was {
				t.Errorf("session %d: taken before is %v", n, was)
			}
		}
	})
}

package sentrial_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/pricing"
	"github.com/sentrial/sentrial-go/types"
)

// priced is a call of which the table knows the cost.
var priced = types.LLMCall{Model: "gpt-4o", Provider: "openai", Prompt: "p", Usage: types.Usage{PromptTokens: 1234, CompletionTokens: 56}}

const (
	pricedUSD = 0.003645
	tableNow  = "2026-08-23"
)

// costed is what an event on the wire says of its cost.
type costed struct {
	Type, Status string
	Cost         *float64
	Metadata     map[string]any
}

// calls gives what became of the LLM calls that record records.
func calls(t *testing.T, record func(context.Context, *sentrial.Client), opts ...sentrial.Option) (list []costed) {
	t.Helper()
	w := &wire{}
	client := newClient(t, w, opts...)
	ctx, _ := client.CreateSession(t.Context(), "s")
	record(ctx, client)
	if err := client.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, e := range w.events(t) {
		var c costed
		text, _ := json.Marshal(e)
		if err := json.Unmarshal(text, &c); err != nil {
			t.Fatal(err)
		}
		if c.Type == string(types.EventLLMCall) && c.Status != string(types.StatusRunning) {
			list = append(list, c)
		}
	}
	return list
}

// recordings are how a call of a model comes to be recorded.
var recordings = map[string]func(ctx context.Context, client *sentrial.Client, call types.LLMCall){
	"Track": func(ctx context.Context, _ *sentrial.Client, call types.LLMCall) {
		sentrial.SessionFromContext(ctx).TrackLLMCall(ctx, call)
	},
	"Record": func(ctx context.Context, client *sentrial.Client, call types.LLMCall) {
		client.Record(ctx, types.Event{LLMCall: &call, Metadata: call.Metadata})
	},
	"helper": func(ctx context.Context, _ *sentrial.Client, call types.LLMCall) {
		usage := call.Usage
		call.Usage = types.Usage{}
		_, _ = sentrial.LLM(ctx, call, func(_ context.Context, c *types.LLMCall) (string, error) {
			c.Usage = usage
			return "r", nil
		})
	},
	"span": func(ctx context.Context, _ *sentrial.Client, call types.LLMCall) {
		usage := call.Usage
		call.Usage = types.Usage{}
		_, span := sentrial.StartLLM(ctx, call)
		span.Usage = usage
		span.End(errors.New("cut off"))
	},
}

// settings are the clients that may change what is sent.
var settings = map[string][]sentrial.Option{
	"plain":         nil,
	"redactor":      {sentrial.WithRedactor(keepAll{})},
	"hook":          {sentrial.WithHook(seesAll{})},
	"metadata mode": {sentrial.WithContent(sentrial.ContentMetadata)},
	"hashed mode":   {sentrial.WithContent(sentrial.ContentHashed)},
	"both":          {sentrial.WithContent(sentrial.ContentHashed), sentrial.WithRedactor(keepAll{})},
	"bad redactor":  {sentrial.WithRedactor(brokenRedactor{})},
	"degraded":      {sentrial.WithOverflow(sentrial.Degrade)},
}

type brokenRedactor struct{}

func (brokenRedactor) Redact(context.Context, *types.Event) error { return errors.New("no") }

func TestCostsAreEstimated(t *testing.T) {
	for setting, opts := range settings {
		for way, record := range recordings {
			list := calls(t, func(ctx context.Context, client *sentrial.Client) { record(ctx, client, priced) }, opts...)
			if len(list) != 1 || list[0].Cost == nil || *list[0].Cost != pricedUSD || list[0].Metadata["cost_source"] != "estimated" || list[0].Metadata["price_table"] != tableNow {
				t.Errorf("%s, %s: recorded %+v", setting, way, list)
			}
		}
	}
}

func TestTheModelAskedForStandsIn(t *testing.T) {
	asked := types.LLMCall{RequestModel: "gpt-4o", Usage: priced.Usage}
	other := types.LLMCall{Model: "gpt-4o-custom", RequestModel: "gpt-4o", Usage: priced.Usage}
	list := calls(t, func(ctx context.Context, client *sentrial.Client) {
		recordings["Track"](ctx, client, asked)
		recordings["Track"](ctx, client, other)
	})
	if len(list) != 2 || list[0].Cost == nil || list[1].Cost != nil {
		t.Errorf("recorded %+v", list)
	}
}

func TestUnknownCostsStayUnknown(t *testing.T) {
	for name, call := range map[string]types.LLMCall{
		"no model":      {Usage: priced.Usage},
		"unknown model": {Model: "gpt-4o-x", Usage: priced.Usage},
		"no usage":      {Model: "gpt-4o", Error: "refused"},
		"no price":      {Model: "gpt-4o", Usage: types.Usage{PromptTokens: 5, CacheWriteTokens: 1, CompletionTokens: 1}},
		"no answer's":   {Model: "gpt-4o", Response: "Fi", Usage: types.Usage{PromptTokens: 5}},
		"broken off":    {Model: "gpt-4o", TimeToFirstToken: 1, Usage: types.Usage{PromptTokens: 5}},
		"incoherent":    {Model: "gpt-4o", Usage: types.Usage{PromptTokens: 5, CachedTokens: 6, CompletionTokens: 1}},
	} {
		for setting, opts := range settings {
			list := calls(t, func(ctx context.Context, client *sentrial.Client) { recordings["Record"](ctx, client, call) }, opts...)
			if len(list) != 1 || list[0].Cost != nil || list[0].Metadata["cost_source"] != nil || list[0].Metadata["price_table"] != nil {
				t.Errorf("%s, %s: recorded %+v", name, setting, list)
			}
		}
	}
}

func TestACostOfTheProgramsStays(t *testing.T) {
	for _, usd := range []float64{0, 0.5} {
		call := priced
		call.Cost = &usd
		for setting, opts := range settings {
			for way, record := range recordings {
				list := calls(t, func(ctx context.Context, client *sentrial.Client) { record(ctx, client, call) }, opts...)
				if len(list) != 1 || list[0].Cost == nil || *list[0].Cost != usd || list[0].Metadata["cost_source"] != nil {
					t.Errorf("%s, %s: recorded %+v", setting, way, list)
				}
			}
		}
	}
}

// TestMetadataOfTheProgramsWins: the estimate is beside what the program says, and never in place of it.
func TestMetadataOfTheProgramsWins(t *testing.T) {
	for name, own := range map[string]map[string]any{
		"others":    {"k": "v", "a": 1.0},
		"source":    {"cost_source": "invoice"},
		"both":      {"cost_source": "invoice", "price_table": 7.0},
		"odd":       {"k": func() {}},
		"empty":     {},
		"note":      {"k": "v", "omitted_attempts": "mine"},
		"unordered": {"z": map[string]any{"}": "}"}, "": ""},
	} {
		want := map[string]any{"cost_source": "estimated", "price_table": tableNow}
		maps.Copy(want, own)
		for _, setting := range []string{"plain", "redactor", "hook"} {
			call := priced
			call.Metadata = own
			before := maps.Clone(own)
			list := calls(t, func(ctx context.Context, client *sentrial.Client) { recordings["Track"](ctx, client, call) }, settings[setting]...)
			if len(list) != 1 || len(list[0].Metadata) != len(want) || list[0].Metadata["price_table"] != want["price_table"] || list[0].Metadata["cost_source"] != want["cost_source"] {
				t.Errorf("%s, %s: recorded %+v", name, setting, list)
			}
			if !slices.Equal(slices.Sorted(maps.Keys(own)), slices.Sorted(maps.Keys(before))) {
				t.Errorf("%s, %s: the program's own map became %v", name, setting, own)
			}
		}
	}
	call := priced
	call.Attempts = -1 // is left out, and a note says so
	list := calls(t, func(ctx context.Context, client *sentrial.Client) { recordings["Track"](ctx, client, call) })
	if len(list) != 1 || list[0].Metadata["omitted_attempts"] != -1.0 || list[0].Metadata["cost_source"] != "estimated" {
		t.Errorf("beside a note: recorded %+v", list)
	}
}

// TestTheCallersEventStaysAsItWas: Record is given a pointer.
func TestTheCallersEventStaysAsItWas(t *testing.T) {
	for setting, opts := range settings {
		call, metadata := priced, map[string]any{"k": "v"}
		calls(t, func(ctx context.Context, client *sentrial.Client) {
			client.Record(ctx, types.Event{LLMCall: &call, Metadata: metadata})
		}, opts...)
		if call.Cost != nil || len(metadata) != 1 {
			t.Errorf("%s: the call became %+v with %v", setting, call, metadata)
		}
	}
}

// costSpy is shown events as redactor and hook.
type costSpy struct{ seen []costed }

func (s *costSpy) Redact(_ context.Context, e *types.Event) error { s.see(e); return nil }
func (s *costSpy) OnEnd(_ context.Context, e *types.Event)        { s.see(e) }

func (s *costSpy) see(e *types.Event) {
	if e.LLMCall != nil && e.Status != types.StatusRunning {
		s.seen = append(s.seen, costed{Cost: e.LLMCall.Cost, Metadata: e.Metadata})
	}
}

func TestRedactorAndHooksSeeTheEstimate(t *testing.T) {
	for way, record := range recordings {
		spy := &costSpy{}
		calls(t, func(ctx context.Context, client *sentrial.Client) { record(ctx, client, priced) }, sentrial.WithRedactor(spy), sentrial.WithHook(spy))
		if len(spy.seen) != 2 {
			t.Fatalf("%s: seen %d times", way, len(spy.seen))
		}
		for i, c := range spy.seen {
			if c.Cost == nil || *c.Cost != pricedUSD || c.Metadata["cost_source"] != "estimated" || c.Metadata["price_table"] != tableNow {
				t.Errorf("%s, %d: %+v", way, i, c)
			}
		}
	}
}

type costRemover struct{}

func (costRemover) Redact(_ context.Context, e *types.Event) error {
	if e.LLMCall != nil {
		e.LLMCall.Cost, e.Metadata = nil, nil
	}
	return nil
}

func TestARedactorMayTakeTheEstimateAway(t *testing.T) {
	for way, record := range recordings {
		list := calls(t, func(ctx context.Context, client *sentrial.Client) { record(ctx, client, priced) }, sentrial.WithRedactor(costRemover{}))
		if len(list) != 1 || list[0].Cost != nil || list[0].Metadata["cost_source"] != nil {
			t.Errorf("%s: recorded %+v", way, list)
		}
	}
}

// TestABrokenRedactorTellsNothingOfTheProgramsOwn that stands under the names of an estimate.
func TestABrokenRedactorTellsNothingOfTheProgramsOwn(t *testing.T) {
	call := priced
	call.Cost, call.Metadata = sentrial.Ptr(0.5), map[string]any{"cost_source": "estimated", "price_table": "secret"}
	list := calls(t, func(ctx context.Context, client *sentrial.Client) { recordings["Track"](ctx, client, call) }, settings["bad redactor"]...)
	if len(list) != 1 || list[0].Metadata["price_table"] != nil {
		t.Errorf("recorded %+v", list)
	}
}

func TestHostedClosingCountsTheEstimate(t *testing.T) {
	spy, client := hostedClient(t)
	ctx, session := client.CreateSession(t.Context(), "s")
	session.TrackLLMCall(ctx, priced)
	session.TrackLLMCall(ctx, priced)
	flush(t, client)
	event := spy.last(t).members(t)
	session.Close(ctx, types.SessionResult{})
	flush(t, client)
	if end := spy.last(t).members(t); event["estimatedCost"] != pricedUSD || end["estimatedCost"] != 2*pricedUSD {
		t.Errorf("an event says %v, the session %v", event["estimatedCost"], end["estimatedCost"])
	}
}

func TestPricesOfOptionsAndEnvironment(t *testing.T) {
	file := filepath.Join(t.TempDir(), "mine.json")
	tiny, err := pricing.Parse(strings.NewReader(`{"version": "tiny", "models": [{"model": "own", "input": 20, "output": 0}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(`{"version": "mine", "models": [{"model": "own", "input": 10, "output": 0}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	both := func(ctx context.Context, client *sentrial.Client) {
		own := types.LLMCall{Model: "own", Usage: types.Usage{PromptTokens: 1_000_000}}
		recordings["Track"](ctx, client, own)
		recordings["Track"](ctx, client, priced)
	}
	for _, test := range []struct {
		env   string
		opts  []sentrial.Option
		own   any // what its cost is and from which table
		known bool
	}{
		{"", nil, nil, true},
		{file, nil, "mine", true},
		{"off", nil, nil, false},
		{" OFF ", nil, nil, false},
		{"", []sentrial.Option{sentrial.WithPrices(nil)}, nil, false},
		{file, []sentrial.Option{sentrial.WithPrices(nil)}, nil, false},
		{file, []sentrial.Option{sentrial.WithPrices(tiny)}, "tiny", false},
		{"off", []sentrial.Option{sentrial.WithPrices(pricing.Default().With(tiny))}, "tiny", true},
	} {
		t.Setenv("SENTRIAL_PRICES", test.env)
		list := calls(t, both, test.opts...)
		if len(list) != 2 || list[0].Metadata["price_table"] != test.own || (list[1].Cost != nil) != test.known {
			t.Errorf("%q with %d options: %+v", test.env, len(test.opts), list)
		}
	}
}

func TestABadFileOfPricesIsNamed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bad.json")
	if err := os.WriteFile(file, []byte("{\n\"models\": 7}"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SENTRIAL_PRICES", file)
	_, err := sentrial.New()
	var option *sentrial.OptionError
	var parse *pricing.ParseError
	if !errors.As(err, &option) || option.Name != "SENTRIAL_PRICES" || !errors.As(err, &parse) || parse.Line != 2 {
		t.Errorf("New gave %v", err)
	}
}

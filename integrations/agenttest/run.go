package agenttest

import (
	"cmp"
	"context"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
)

// Run plays the script through the driver, streaming and not, alone and inside of [sentrial.LLM], and compares each run's events with expected.json.
func Run(t *testing.T, d Driver) {
	t.Helper()
	d.Model, d.Provider, d.Operation = cmp.Or(d.Model, "gpt-4o-mini"), cmp.Or(d.Provider, "openai"), cmp.Or(d.Operation, "chat")
	lacks := newLacks(d.Lacks)
	t.Run(cmp.Or(d.Name, "driver"), func(t *testing.T) {
		for _, s := range scenarios {
			for _, stream := range []bool{false, true} {
				for _, inside := range []bool{false, true} {
					t.Run(s.name+"/"+mode(stream)+"/"+place(inside), func(t *testing.T) { s.run(t, d, lacks, stream, inside) })
				}
			}
		}
		for _, wrong := range lacks.wrong() {
			t.Error(wrong)
		}
	})
}

func mode(stream bool) string {
	if stream {
		return "stream"
	}
	return "whole"
}

func place(inside bool) string {
	if inside {
		return "inside"
	}
	return "alone"
}

func (s scenario) run(t *testing.T, d Driver, lacks *lacks, stream, inside bool) {
	prices := pricesOf(t, d.Model)
	rec := sentrialtest.New(t, sentrial.WithPrices(prices))
	a := &actor{driver: d, stream: stream, inside: inside, asked: make(chan struct{}, 8)}
	a.agent = d.Open(t, s.serve(t, a.asked), rec.Client())
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	err := rec.Client().Run(ctx, "agent", func(ctx context.Context) error {
		return sentrial.Step(ctx, "work", func(ctx context.Context) error { return s.act(ctx, a) })
	})
	if err != nil {
		t.Errorf("the agent did not do as the script says: %v", err)
	}
	want := expected(t, s.name, mode(stream), inside, lacks)
	priced := func(events []event) { price(events, prices, d.Model) }
	if lines := differences(want, normalise(rec.Events(), d), lacks, priced); lines != "" {
		t.Errorf("the events differ from expected.json (- expected, + recorded):\n%s", lines)
	}
	checkTimes(t, rec.LLMCalls())
}

// serve starts the model's server; asked gets a value for each request.
func (s scenario) serve(t *testing.T, asked chan<- struct{}) string {
	llm, err := fakellm.Start(fakellm.WithBrain(func(req fakellm.Request) fakellm.Reply {
		select {
		case asked <- struct{}{}:
		default:
		}
		return s.brain(req)
	}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(llm.Close)
	return llm.URL()
}

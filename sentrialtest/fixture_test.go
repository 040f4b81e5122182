package sentrialtest_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

type query struct {
	Text  string `json:"text"`
	Limit int    `json:"limit"`
}

var errDown = errors.New("no connection\n(tried 3 times)")

// research is an agent with a bit of everything: it plans, its first search fails, the second finds, and it answers.
func research(ctx context.Context, client *sentrial.Client) error {
	return client.Run(ctx, "research", func(ctx context.Context) error {
		err := sentrial.Step(ctx, "plan", func(ctx context.Context) error {
			if _, err := ask(ctx, "gpt-4o", "plan", "search, then read", 30, 12, 0.0003); err != nil {
				return err
			}
			sentrial.Decide(ctx, types.Decision{Reasoning: "sources first", Alternatives: []string{"search", "answer"}, Chosen: "search", Confidence: sentrial.Ptr(0.9)})
			return nil
		}, sentrial.WithKind("plan"))
		if err != nil {
			return err
		}
		search := sentrial.WrapTool("search", searchOnce(), sentrial.WithCost(0.0001))
		if _, err := search(ctx, query{"fjords", 3}); err != nil {
			sentrial.ReportError(ctx, err, sentrial.Recoverable("ask again in a minute"), sentrial.WithErrorType("outage"))
			time.Sleep(time.Minute)
		}
		found, err := search(ctx, query{"fjords", 3})
		if err != nil {
			return err
		}
		_, err = sentrial.Tool(ctx, "read", found[0], func(context.Context, string) (string, error) { return "Fjords are deep.\nAnd long.", nil })
		if err != nil {
			return err
		}
		_, err = ask(ctx, "gpt-4o-mini", "answer", "They are deep.", 200, 8, 0.00005)
		return err
	}, sentrial.WithAgentName("researcher"), sentrial.WithInput("What are fjords?"))
}

func ask(ctx context.Context, model, prompt, response string, in, out int, usd float64) (string, error) {
	return sentrial.LLM(ctx, types.LLMCall{Model: model, Provider: "openai", Prompt: prompt}, func(_ context.Context, call *types.LLMCall) (string, error) {
		time.Sleep(time.Second)
		call.Usage = types.Usage{PromptTokens: in, CompletionTokens: out}
		return response, nil
	}, sentrial.WithCost(usd))
}

// searchOnce fails the first time.
func searchOnce() func(context.Context, query) ([]string, error) {
	calls := 0
	return func(context.Context, query) ([]string, error) {
		time.Sleep(500 * time.Millisecond)
		if calls++; calls == 1 {
			return nil, errDown
		}
		return []string{"fjord.md", "ice.md"}, nil
	}
}

// researched runs the agent in a bubble, under a test that may fail, and then the test's own part.
func researched(t *testing.T, test func(rec *sentrialtest.Recorder)) *fakeT {
	t.Helper()
	var f *fakeT
	synctest.Test(t, func(t *testing.T) {
		f = judged("TestResearch", func(inner testing.TB) {
			rec := sentrialtest.New(inner)
			if err := research(t.Context(), rec.Client()); err != nil {
				t.Error(err)
			}
			test(rec)
		})
	})
	return f
}

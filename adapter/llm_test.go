package adapter_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/adapter"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// framework and wire are two adapters that see one call: the framework's knows the question, the wire's the tokens.
func framework(ctx context.Context, r *adapter.Recorder, ask func(context.Context) error) error {
	ctx, call := r.LLM(ctx, types.LLMCall{Model: "gpt", Prompt: "as the framework has it"})
	err := ask(ctx)
	call.Response, call.Usage, call.FinishReason = "answer", types.Usage{PromptTokens: 1, CompletionTokens: 1}, "stop"
	call.End(err)
	return err
}

func wire(ctx context.Context, r *adapter.Recorder, id string, err error) error {
	_, call := r.LLM(ctx, types.LLMCall{Model: "gpt", Provider: "openai"})
	call.FirstToken()
	call.Model, call.RequestModel, call.ResponseID = "gpt-2026", "gpt", id
	if err == nil {
		call.Prompt, call.Usage = "as it was sent", types.Usage{PromptTokens: 9, CompletionTokens: 3, CachedTokens: 4}
	}
	call.End(err)
	return err
}

func TestAloneItIsAnEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := sentrialtest.New(t)
		r := adapter.New(rec.Client(), nil)
		ctx, _ := rec.Client().CreateSession(t.Context(), "s")
		inside, call := r.LLM(ctx, types.LLMCall{Model: "gpt", Prompt: "hi"})
		if !call.Recorded() || call.Joined() {
			t.Errorf("recorded %v, joined %v", call.Recorded(), call.Joined())
		}
		_ = sentrial.Step(inside, "a", func(context.Context) error { return nil })
		time.Sleep(time.Second)
		call.FirstToken()
		time.Sleep(time.Second)
		call.Attempt()
		call.Response = "hello"
		call.End(nil)
		call.End(errors.New("late"))
		got := rec.LLMCalls()
		if len(got) != 1 || got[0].Prompt != "hi" || got[0].Response != "hello" || got[0].Attempts != 2 || got[0].Status != types.StatusSuccess {
			t.Fatalf("calls = %+v", got)
		}
		if got[0].Duration != 2*time.Second || got[0].TimeToFirstToken != time.Second {
			t.Errorf("took %v, first token after %v", got[0].Duration, got[0].TimeToFirstToken)
		}
		rec.WantPath("gpt > a")
	})
}

// Who is nearest to the wire knows best, but the program's own words count first, and so does the outcome that the outermost saw.
func TestNestedItIsOneEvent(t *testing.T) {
	rec := sentrialtest.New(t)
	r := adapter.New(rec.Client(), nil)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	if err := framework(ctx, r, func(ctx context.Context) error { return wire(ctx, r, "r1", nil) }); err != nil {
		t.Fatal(err)
	}
	_, _ = sentrial.LLM(ctx, types.LLMCall{Prompt: "own words"}, func(ctx context.Context, _ *types.LLMCall) (string, error) {
		return "own", framework(ctx, r, func(ctx context.Context) error { return wire(ctx, r, "r2", nil) })
	})
	calls := rec.LLMCalls()
	if len(calls) != 2 {
		t.Fatalf("calls = %+v", calls)
	}
	for i, want := range []types.LLMCall{{Prompt: "as it was sent", Response: "answer", ResponseID: "r1"}, {Prompt: "own words", Response: "own", ResponseID: "r2"}} {
		c := calls[i]
		if c.Prompt != want.Prompt || c.Response != want.Response || c.ResponseID != want.ResponseID {
			t.Errorf("call = %+v", c)
		}
		if c.Model != "gpt-2026" || c.RequestModel != "gpt" || c.Provider != "openai" || c.Usage.PromptTokens != 9 || c.Usage.CachedTokens != 4 || c.FinishReason != "stop" {
			t.Errorf("call = %+v", c)
		}
	}
}

// A program that asks one model, and another when that fails, inside one call: the one that answered counts.
func TestWhoAnsweredCounts(t *testing.T) {
	rec := sentrialtest.New(t)
	r := adapter.New(rec.Client(), nil)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	_, _ = sentrial.LLM(ctx, types.LLMCall{}, func(ctx context.Context, _ *types.LLMCall) (string, error) {
		_, first := r.LLM(ctx, types.LLMCall{Model: "big", Provider: "a", Prompt: "hi"})
		first.End(errors.New("overloaded"))
		_, second := r.LLM(ctx, types.LLMCall{Model: "small", Prompt: "hi"})
		second.End(nil)
		return "hello", nil
	})
	c := rec.LLMCalls()[0]
	if c.Model != "small" || c.Provider != "" || c.Attempts != 2 || c.Status != types.StatusSuccess || c.Error != "" || len(rec.LLMCalls()) != 1 {
		t.Errorf("call = %+v", c)
	}
}

// A call that fails was sent once, however many saw it.
func TestAttemptsOfAFailure(t *testing.T) {
	rec := sentrialtest.New(t)
	r := adapter.New(rec.Client(), nil)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	failure := errors.New("no")
	_ = framework(ctx, r, func(ctx context.Context) error { return wire(ctx, r, "", failure) })
	if c := rec.LLMCalls()[0]; c.Attempts > 1 || c.Status != types.StatusError {
		t.Errorf("attempts = %d, status %s", c.Attempts, c.Status)
	}
}

// Attempts are told at once: the call around may end before the one that waits for another attempt knows that there is none.
func TestAttemptsInsideACall(t *testing.T) {
	rec := sentrialtest.New(t)
	r := adapter.New(rec.Client(), nil)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	ctx, span := sentrial.StartLLM(ctx, types.LLMCall{Model: "gpt"})
	_, call := r.LLM(ctx, types.LLMCall{})
	call.Attempt()
	call.Attempt()
	span.End(nil)
	if c := rec.LLMCalls()[0]; c.Attempts != 3 {
		t.Errorf("attempts = %d, want 3", c.Attempts)
	}
}

// A framework that counts its attempts around a client that does so too, with or without a helper around both: two are two.
func TestAttemptsThatTwoCount(t *testing.T) {
	rec := sentrialtest.New(t)
	r := adapter.New(rec.Client(), nil)
	session, _ := rec.Client().CreateSession(t.Context(), "s")
	for _, inHelper := range []bool{false, true} {
		ctx, span := session, (*sentrial.LLMSpan)(nil)
		if inHelper {
			ctx, span = sentrial.StartLLM(session, types.LLMCall{Model: "gpt"})
		}
		ctx, call := r.LLM(ctx, types.LLMCall{Model: "gpt"})
		_ = wire(ctx, r, "", errors.New("overloaded"))
		call.Attempt()
		_ = wire(ctx, r, "r1", nil)
		call.End(nil)
		span.End(nil)
	}
	for _, c := range rec.LLMCalls() {
		if c.Attempts != 2 || c.ResponseID != "r1" || c.Usage.PromptTokens != 9 || c.Status != types.StatusSuccess {
			t.Errorf("call = %+v", c)
		}
	}
}

// A failure inside a call that came to something all the same is that call's one attempt, and what is known of it stays.
func TestAFailureInsideASuccess(t *testing.T) {
	rec := sentrialtest.New(t)
	r := adapter.New(rec.Client(), nil)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	_ = framework(ctx, r, func(ctx context.Context) error {
		_ = wire(ctx, r, "r1", errors.New("the stream was cut"))
		return nil
	})
	_, _ = sentrial.LLM(ctx, types.LLMCall{}, func(ctx context.Context, _ *types.LLMCall) (string, error) {
		_ = framework(ctx, r, func(ctx context.Context) error {
			_ = wire(ctx, r, "r1", errors.New("the stream was cut"))
			return nil
		})
		_, next := r.LLM(ctx, types.LLMCall{})
		if status, text := next.Told(); status != types.StatusSuccess || text != "" {
			t.Errorf("those inside have told of %s %q", status, text)
		}
		return "", nil
	})
	if c := rec.LLMCalls()[0]; c.Attempts > 1 || c.ResponseID != "r1" || c.Provider != "openai" || c.Status != types.StatusSuccess {
		t.Errorf("call = %+v", c)
	}
}

// What comes too late, or is another call, is an event of its own inside the first: better twice than not at all.
func TestAnotherCallInside(t *testing.T) {
	rec := sentrialtest.New(t)
	r := adapter.New(rec.Client(), nil)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	ctx, span := sentrial.StartLLM(ctx, types.LLMCall{Model: "outer"})
	_ = wire(ctx, r, "r1", nil)
	_ = wire(ctx, r, "r2", nil)
	_, late := r.LLM(ctx, types.LLMCall{Model: "late", Response: "x"})
	span.End(nil)
	late.End(nil)
	if got := len(rec.LLMCalls()); got != 3 {
		t.Errorf("%d calls, want 3: %+v", got, rec.LLMCalls())
	}
	rec.WantPath("outer > gpt-2026")
	rec.WantPath("outer > late")
}

func TestOutcomes(t *testing.T) {
	for name, c := range map[string]struct {
		err     error
		cancel  bool
		answer  string
		set     types.Status
		want    types.Status
		partial bool
	}{
		"fine":                  {want: types.StatusSuccess},
		"failed":                {err: errors.New("no"), want: types.StatusError},
		"cancelled":             {err: context.Canceled, cancel: true, want: types.StatusCancelled},
		"cancelled, with parts": {err: context.Canceled, cancel: true, answer: "hel", want: types.StatusCancelled, partial: true},
		"somebody else's":       {err: context.Canceled, want: types.StatusError},
		"walked away":           {set: types.StatusCancelled, answer: "hel", want: types.StatusCancelled, partial: true},
	} {
		t.Run(name, func(t *testing.T) {
			rec := sentrialtest.New(t)
			session, _ := rec.Client().CreateSession(t.Context(), "s")
			ctx, cancel := context.WithCancel(session)
			defer cancel()
			_, call := adapter.New(rec.Client(), nil).LLM(ctx, types.LLMCall{Model: "gpt"})
			if c.cancel {
				cancel()
			}
			call.Response, call.Status = c.answer, c.set
			call.End(c.err)
			got := rec.LLMCalls()[0]
			if got.Status != c.want || (got.Metadata["partial"] == true) != c.partial || (got.Error != "") != (c.err != nil) {
				t.Errorf("call = %+v", got)
			}
		})
	}
}

func TestManyAtOnce(t *testing.T) {
	rec := sentrialtest.New(t)
	r := adapter.New(rec.Client(), nil)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() { _ = framework(ctx, r, func(ctx context.Context) error { return wire(ctx, r, "r", nil) }) })
	}
	_, call := r.LLM(ctx, types.LLMCall{Model: "gpt"})
	for range 8 {
		wg.Go(func() { call.FirstToken(); call.End(nil) })
	}
	wg.Wait()
	if got := len(rec.LLMCalls()); got != 51 {
		t.Errorf("%d calls, want 51", got)
	}
}

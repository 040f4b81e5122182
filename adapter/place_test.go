package adapter_test

import (
	"context"
	"sync"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/adapter"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// callbacks is an adapter of a framework that gives no context back: what happens inside sees the caller's.
func callbacks(ctx context.Context, r *adapter.Recorder, model string, inside func()) {
	in, call := r.LLM(ctx, types.LLMCall{Model: model})
	leave := r.Enter(ctx, in, nil)
	inside()
	leave()
	call.End(nil)
	leave()
}

func TestEnteredIsOneEvent(t *testing.T) {
	rec := sentrialtest.New(t)
	r := adapter.New(rec.Client(), nil)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { callbacks(ctx, r, "gpt", func() { _ = wire(ctx, r, "r1", nil) }) })
	}
	wg.Wait()
	calls := rec.LLMCalls()
	if len(calls) != 20 {
		t.Fatalf("%d calls, want 20: each goroutine has its own", len(calls))
	}
	for _, c := range calls {
		if c.Usage.PromptTokens != 9 || c.ResponseID != "r1" {
			t.Errorf("call = %+v", c)
		}
	}
	_, after := r.LLM(ctx, types.LLMCall{})
	if after.End(nil); after.Joined() {
		t.Error("the call is over, and is joined")
	}
}

func TestEnteredInEntered(t *testing.T) {
	rec := sentrialtest.New(t)
	r := adapter.New(rec.Client(), nil)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	step, span := sentrial.StartStep(ctx, types.Step{Name: "chain"})
	leave := r.Enter(ctx, step, nil)
	callbacks(ctx, r, "a", func() {})
	within, _ := r.Session(ctx)
	sentrial.Decide(within, types.Decision{Chosen: "b"})
	own, other := sentrial.StartStep(ctx, types.Step{Name: "own"})
	callbacks(own, r, "c", func() { _ = wire(own, r, "r", nil) }) // the program is somewhere else already
	other.End(nil)
	leave()
	callbacks(ctx, r, "d", func() {})
	span.End(nil)
	rec.WantPath("chain > a")
	rec.WantPath("chain > decision b")
	rec.WantPath("own > gpt-2026")
	if len(rec.LLMCalls()) != 3 {
		t.Errorf("calls = %+v", rec.LLMCalls())
	}
	for _, e := range rec.Events() {
		if e.LLMCall != nil && e.LLMCall.Model == "d" && e.ParentID != "" {
			t.Error("what was left is still entered")
		}
	}
}

// The session may be the framework's adapter's alone, and there may be none; both is known inside.
func TestEnteredWithoutASession(t *testing.T) {
	rec := sentrialtest.New(t)
	rec.Allow(sentrialtest.Unsessioned)
	_, fallback := rec.Client().CreateSession(t.Context(), "s")
	ctx := rec.Context(t.Context())
	with, without := adapter.New(rec.Client(), fallback), adapter.New(rec.Client(), nil)
	callbacks(ctx, with, "gpt", func() { _ = wire(ctx, without, "r", nil) })
	rec.WantModels("gpt-2026")
	before := rec.Client().Stats().Unsessioned
	callbacks(ctx, without, "gpt", func() { _ = wire(ctx, without, "r", nil) })
	if got := rec.Client().Stats().Unsessioned - before; got != 1 {
		t.Errorf("counted %d times, want once", got)
	}
}

// Another client's sessions stay its own.
func TestEnteredIsOfOneClient(t *testing.T) {
	rec, other := sentrialtest.New(t), sentrialtest.New(t)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	theirs, session := other.Client().CreateSession(t.Context(), "theirs")
	callbacks(ctx, adapter.New(rec.Client(), nil), "gpt", func() {
		callbacks(context.Background(), adapter.New(other.Client(), session), "b", func() {})
		callbacks(theirs, adapter.New(other.Client(), nil), "c", func() {})
	})
	rec.WantModels("gpt")
	other.WantModels("b", "c")
}

// What was entered, and is over without having said so, is not where other things happen.
func TestEnteredIsOver(t *testing.T) {
	rec := sentrialtest.New(t)
	r := adapter.New(rec.Client(), nil)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	in, call := r.LLM(ctx, types.LLMCall{Model: "outer"})
	runs := true
	defer r.Enter(ctx, in, func() bool { return runs })()
	_, joined := r.LLM(ctx, types.LLMCall{})
	runs = false
	_, other := r.LLM(ctx, types.LLMCall{Model: "other"})
	if !joined.Joined() || other.Joined() {
		t.Errorf("joined %v while it ran, and %v afterwards", joined.Joined(), other.Joined())
	}
	other.End(nil)
	joined.End(nil)
	call.End(nil)
	rec.WantNoPath("outer > other")
}

func TestEnterForNobody(t *testing.T) {
	var none *adapter.Recorder
	none.Enter(t.Context(), t.Context(), nil)()
	none.Follow(nil)()
}

func TestFollow(t *testing.T) {
	rec := sentrialtest.New(t)
	r := adapter.New(rec.Client(), nil)
	var told []bool
	stop := r.Follow(func(_ context.Context, closing bool) { told = append(told, closing) })
	gone := r.Follow(func(context.Context, bool) { t.Error("was stopped") })
	gone()
	_ = rec.Client().Flush(t.Context())
	_ = rec.Client().Close(t.Context())
	stop()
	if len(told) != 2 || told[0] || !told[1] {
		t.Errorf("told %v, want a flush and a close", told)
	}
}

func TestGoroutine(t *testing.T) {
	here, there := adapter.Goroutine(), make(chan uint64)
	go func() { there <- adapter.Goroutine() }()
	if other := <-there; here == 0 || other == 0 || here == other || here != adapter.Goroutine() {
		t.Errorf("numbers %d and %d", here, other)
	}
}

func FuzzGoroutineOf(f *testing.F) {
	for _, seed := range []string{"goroutine 12 [running]:\n", "goroutine ", "goroutine 99999999999999999999 [", "goroutine -1 [", ""} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, trace []byte) { _ = adapter.GoroutineOf(trace) })
}

func BenchmarkGoroutine(b *testing.B) {
	for b.Loop() {
		adapter.Goroutine()
	}
}

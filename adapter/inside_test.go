package adapter_test

import (
	"context"
	"testing"

	"github.com/sentrial/sentrial-go/adapter"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// The next attempt of a call has a context of its own, and what happens in it still belongs into the call.
func TestInside(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	outer, inner := adapter.New(rec.Client(), nil), adapter.New(rec.Client(), nil)
	_, call := outer.LLM(ctx, types.LLMCall{Model: "m"})

	type key struct{}
	next := call.Inside(context.WithValue(ctx, key{}, "of the attempt"))
	if next.Value(key{}) != "of the attempt" {
		t.Error("the attempt's own context is lost")
	}
	_, again := inner.LLM(next, types.LLMCall{})
	again.ResponseID = "r"
	again.End(nil)
	call.End(nil)
	if calls := rec.LLMCalls(); len(calls) != 1 || calls[0].ResponseID != "r" {
		t.Errorf("want one call that knows its answer, got %+v", calls)
	}
}

func TestInsideOfWhatIsNotRecorded(t *testing.T) {
	var none *adapter.LLM
	if ctx := t.Context(); none.Inside(ctx) != ctx {
		t.Error("want the context as it is")
	}
}

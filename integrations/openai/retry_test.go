package openai_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/openai/openai-go/v3/option"

	sentrialopenai "github.com/sentrial/sentrial-go/integrations/openai"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
	"github.com/sentrial/sentrial-go/types"
)

func overloaded() fakellm.Reply {
	return fakellm.Reply{Status: http.StatusServiceUnavailable, Error: "overloaded", Header: http.Header{"Retry-After-Ms": {"1"}}}
}

func TestRetriesThatAllFailAreOneCall(t *testing.T) {
	rec, fake := sentrialtest.New(t), serve(t, func(fakellm.Request) fakellm.Reply { return overloaded() })
	model := newClient(fake.URL(), sentrialopenai.WithTracking(rec.Client()))
	err := rec.Client().Run(t.Context(), "retries", func(ctx context.Context) error { return say(ctx, model, "gpt-4o-mini") })
	if err == nil {
		t.Error("no error, want that of the last try")
	}
	call := onlyCall(t, rec)
	if call.Attempts != 3 || call.Status != types.StatusError || !strings.Contains(call.Error, "overloaded") {
		t.Errorf("recorded %d attempts, %s, %q, want 3, error, overloaded", call.Attempts, call.Status, call.Error)
	}
}

// With a time-out for requests each try has a context of its own, which ends with it.
func TestRetriesWithATimeoutAreOneCall(t *testing.T) {
	rec, fake := sentrialtest.New(t), serve(t, func(req fakellm.Request) fakellm.Reply {
		if req.Attempt < 3 {
			return overloaded()
		}
		return fakellm.Reply{Text: "here"}
	})
	model := newClient(fake.URL(), sentrialopenai.WithTracking(rec.Client()), option.WithRequestTimeout(time.Minute))
	if err := rec.Client().Run(t.Context(), "retries", func(ctx context.Context) error { return say(ctx, model, "gpt-4o-mini") }); err != nil {
		t.Fatal(err)
	}
	if call := onlyCall(t, rec); call.Attempts != 3 || call.Status != types.StatusSuccess {
		t.Errorf("recorded %d attempts, %s, want 3, success", call.Attempts, call.Status)
	}
}

// A client and a call that are both tracked record the call once.
func TestTrackedTwiceIsRecordedOnce(t *testing.T) {
	rec, fake := sentrialtest.New(t), serve(t, nil)
	tracking := sentrialopenai.WithTracking(rec.Client())
	model := newClient(fake.URL(), tracking, tracking)
	if err := rec.Client().Run(t.Context(), "twice", func(ctx context.Context) error { return say(ctx, model, "gpt-4o-mini") }); err != nil {
		t.Fatal(err)
	}
	if call := onlyCall(t, rec); call.Attempts > 1 {
		t.Errorf("recorded %d attempts, want 1", call.Attempts)
	}
}

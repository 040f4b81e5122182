package platform_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/platform"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

func TestCallsAreRecordedInTheSession(t *testing.T) {
	rec := sentrialtest.New(t)
	inside := func(ctx context.Context, _ *http.Request) error {
		_, span := sentrial.StartTool(ctx, types.ToolCall{ToolName: "token"})
		span.End(nil)
		return nil
	}
	c := onLoopback(t, platform.Config{Authorize: inside}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/gone" {
			answer(w, http.StatusGone, `{"error":{"message":"gone"}}`)
			return
		}
		answer(w, http.StatusOK, `{"id":"1","token":"canary"}`)
	})
	ctx, session := rec.Client().CreateSession(t.Context(), "s")
	var got thing
	q := get("/", &got)
	q.Input, q.Output = map[string]any{"name": "n", "key": platform.Secret("canary")}, &got
	if _, err := c.Do(ctx, q); err != nil {
		t.Fatal(err)
	}
	q.Path = "/gone"
	if _, err := c.Do(ctx, q); err == nil {
		t.Fatal("no error")
	}
	session.Close(ctx, types.SessionResult{})
	rec.WantPath("things.get > token")
	calls := named(rec, "things.get")
	if len(calls) != 2 {
		t.Fatalf("recorded %+v", calls)
	}
	good, bad := calls[0], calls[1]
	if good.Status != types.StatusSuccess || good.Duration < 0 || good.ToolOutput.(map[string]any)["id"] != "1" || good.Metadata["http_status"] == nil {
		t.Errorf("got %+v", good)
	}
	if bad.Status != types.StatusError || bad.Error != "things: status 410: gone" || bad.ToolOutput != nil {
		t.Errorf("got %+v", bad)
	}
	if text := rec.Timeline(); strings.Contains(text, "canary") {
		t.Errorf("a secret was recorded:\n%s", text)
	}
}

func named(rec *sentrialtest.Recorder, name string) (calls []types.ToolCall) {
	for _, c := range rec.ToolCalls() {
		if c.ToolName == name {
			calls = append(calls, c)
		}
	}
	return calls
}

// Without a session nothing is recorded, and nothing is missed.
func TestNoSessionIsNoLoss(t *testing.T) {
	rec := sentrialtest.New(t)
	c := onLoopback(t, platform.Config{}, func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, `{"id":"1"}`) })
	if _, err := c.Do(t.Context(), get("/", new(thing))); err != nil {
		t.Fatal(err)
	}
	if n := rec.Client().Stats().Unsessioned; n != 0 || len(rec.Events()) != 0 {
		t.Errorf("%d calls count as without session, %d events", n, len(rec.Events()))
	}
}

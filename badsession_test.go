package sentrial_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// TestHelpersUnderAnInvalidSession refuse what Track refuses: nothing is accepted only to be rejected by the server, and each operation counts.
func TestHelpersUnderAnInvalidSession(t *testing.T) {
	for _, id := range []string{"bad id!", "", "ä"} {
		t.Run(id, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var drops dropped
				server := newScript(t)
				client := newClient(t, server, sentrial.WithOnDrop(drops.add))
				ctx := client.Session(id).Context(t.Context())
				n, err := sentrial.Tool(ctx, "x", 20, func(_ context.Context, in int) (int, error) { return in + 1, errBoom })
				if n != 21 || !same(err, errBoom) {
					t.Errorf("Tool gave %d, %v; want fn's own results", n, err)
				}
				if err := sentrial.Step(ctx, "x", func(context.Context) error { return errBoom }); !same(err, errBoom) {
					t.Errorf("Step gave %v, want fn's own error", err)
				}
				for kind, start := range starts {
					inner, span := start(ctx)
					time.Sleep(5 * time.Second) // long enough to be shown as running
					if span.ID() != "" || inner == nil {
						t.Errorf("%s: id %q, context %v; want no id and a usable context", kind, span.ID(), inner)
					}
					span.End(nil)
				}
				flush(t, client)
				synctest.Wait()
				s := client.Stats()
				if s.Accepted != 0 || s.Abandoned != 0 || s.Refused[sentrial.DropInvalid] != 5 || len(s.Refused) != 1 {
					t.Errorf("stats = %+v, want 5 refused as invalid", s)
				}
				for _, d := range drops.all() {
					if d.Reason != sentrial.DropInvalid || d.Err == nil {
						t.Errorf("OnDrop heard %+v, want why it was refused", d)
					}
				}
				if n := len(server.requests()); n != 0 || len(drops.all()) != 5 {
					t.Errorf("%d requests, OnDrop heard of %d; want none and 5", n, len(drops.all()))
				}
			})
		})
	}
}

// TestSpanLeftOpenUnderAnInvalidSession is not sent as abandoned either.
func TestSpanLeftOpenUnderAnInvalidSession(t *testing.T) {
	server := newScript(t)
	client := newClient(t, server)
	sentrial.StartTool(client.Session("bad id!").Context(t.Context()), types.ToolCall{ToolName: "x"})
	if err := client.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if s := client.Stats(); s.Accepted != 0 || s.Abandoned != 0 || len(server.requests()) != 0 {
		t.Errorf("%d requests, stats = %+v; want nothing accepted", len(server.requests()), s)
	}
}

// Package sentrialtest records what an agent did, for assertions in go test. It needs no server, no network and no environment, and works in synctest bubbles:
//
//	rec := sentrialtest.New(t)
//	answer(t.Context(), rec.Client(), "What is the weather in Oslo?")
//	if calls := rec.ToolCalls(); len(calls) != 1 || calls[0].ToolName != "weather" {
//		t.Errorf("tool calls = %v, want one of weather", calls)
//	}
//
// The client is a real one, with its batcher and its transport; only the server is this package's.
package sentrialtest

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"testing"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/hermetic"
	"github.com/sentrial/sentrial-go/types"
)

// Recorder holds what its client recorded. It is safe for concurrent use. Each method that reads waits first until everything recorded so far has arrived.
type Recorder struct {
	t      testing.TB
	client *sentrial.Client
	inbox  *inbox
}

// New gives a recorder whose client is closed when the test ends. The options are added to its own; the environment is not read.
func New(t testing.TB, opts ...sentrial.Option) *Recorder {
	t.Helper()
	r := &Recorder{t: t, inbox: newInbox()}
	all := []any{
		sentrial.WithAPIURL("http://127.0.0.1"), // never dialled
		sentrial.WithHTTPClient(&http.Client{Transport: r.inbox}),
		sentrial.WithLogger(slog.New(slog.NewTextHandler(io.Discard, nil))),
	}
	for _, o := range opts {
		all = append(all, o)
	}
	client, err := hermetic.NewClient(all)
	if err != nil {
		t.Fatalf("sentrialtest: %v", err)
	}
	r.client = client.(*sentrial.Client)
	t.Cleanup(r.close)
	return r
}

func (r *Recorder) close() {
	if err := r.client.Close(context.Background()); err != nil {
		r.t.Errorf("sentrialtest: closing the client: %v", err)
	}
}

// Client is the client to give to the agent.
func (r *Recorder) Client() *sentrial.Client { return r.client }

// Events gives all events in the order in which they began, those of sessions included.
func (r *Recorder) Events() []types.Event {
	r.t.Helper()
	if err := r.client.Flush(context.Background()); err != nil && !errors.Is(err, sentrial.ErrClosed) {
		r.t.Errorf("sentrialtest: %v", err)
	}
	return r.inbox.all()
}

// Sessions gives the sessions in the order in which they began, as a server would show them.
func (r *Recorder) Sessions() []types.Session {
	r.t.Helper()
	return fold(r.Events())
}

// ToolCalls gives the tool calls of all sessions in the order in which they began.
func (r *Recorder) ToolCalls() []types.ToolCall {
	r.t.Helper()
	return payloads(r.Events(), func(e *types.Event) *types.ToolCall { return e.ToolCall })
}

// LLMCalls gives the LLM calls of all sessions in the order in which they began.
func (r *Recorder) LLMCalls() []types.LLMCall {
	r.t.Helper()
	return payloads(r.Events(), func(e *types.Event) *types.LLMCall { return e.LLMCall })
}

// Decisions gives the decisions of all sessions in the order in which they were taken.
func (r *Recorder) Decisions() []types.Decision {
	r.t.Helper()
	return payloads(r.Events(), func(e *types.Event) *types.Decision { return e.Decision })
}

// Errors gives the error events of all sessions in the order in which they happened.
func (r *Recorder) Errors() []types.ErrorEvent {
	r.t.Helper()
	return payloads(r.Events(), func(e *types.Event) *types.ErrorEvent { return e.Error })
}

func payloads[T any](events []types.Event, of func(*types.Event) *T) (found []T) {
	for i := range events {
		if p := of(&events[i]); p != nil {
			found = append(found, *p)
		}
	}
	return found
}

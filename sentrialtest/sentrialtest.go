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

// Recorder holds what was recorded, and says whether it is what the test wants. It is safe for concurrent use. Each method that reads waits first until
// everything that its client recorded so far has arrived; none of them ends the test.
type Recorder struct {
	*recording
	within []path // which events, see In; none = all
}

// recording is what a recorder shares with those that In makes of it.
type recording struct {
	t      testing.TB
	client *sentrial.Client
	inbox  *inbox
	watch  *watch
}

// New gives a recorder whose client is closed when the test ends. The options are added to its own; the environment is not read. With a WithOnDrop among them,
// events that are lost are counted when the test ends, not listed.
func New(t testing.TB, opts ...sentrial.Option) *Recorder {
	t.Helper()
	inbox := newInbox()
	// The URL is never dialled.
	return newRecorder(t, inbox, opts, sentrial.WithAPIURL("http://127.0.0.1"), sentrial.WithHTTPClient(&http.Client{Transport: inbox}))
}

func newRecorder(t testing.TB, inbox *inbox, opts []sentrial.Option, first ...sentrial.Option) *Recorder {
	t.Helper()
	w := newWatch()
	all := []any{
		hermetic.BatchOnly{},
		hermetic.SpanOpened(w.opened),
		sentrial.WithLogger(slog.New(slog.NewTextHandler(io.Discard, nil))), sentrial.WithOnDrop(w.dropped),
	}
	for _, o := range append(first, opts...) {
		all = append(all, o)
	}
	client, err := hermetic.NewClient(all)
	if err != nil {
		w.leave()
		t.Fatalf("sentrialtest: %v", err)
	}
	r := &recording{t: t, client: client.(*sentrial.Client), inbox: inbox, watch: w}
	t.Cleanup(r.end)
	return &Recorder{recording: r}
}

// Client is the client to give to the agent.
func (r *Recorder) Client() *sentrial.Client { return r.client }

// Events gives all events in the order in which they began, those of sessions included.
func (r *Recorder) Events() []types.Event {
	r.t.Helper()
	if len(r.within) == 0 {
		return r.settled()
	}
	tr, _ := r.trace()
	return tr.events()
}

// settled gives all events once those recorded so far have arrived.
func (r *recording) settled() []types.Event {
	r.t.Helper()
	if err := r.client.Flush(context.Background()); err != nil && !errors.Is(err, sentrial.ErrClosed) && !r.watch.allows(FailedDelivery) {
		r.t.Errorf("sentrialtest: %v", err)
	}
	return r.inbox.all()
}

// Sessions gives the sessions in the order in which they began, as a server would show them.
func (r *Recorder) Sessions() []types.Session {
	r.t.Helper()
	tr, _ := r.trace()
	return tr.sessions()
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

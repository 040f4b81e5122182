package sentinel_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/sentrial/sentrial-go/clients/sentinel/sentineltest"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// inSession runs f in a session that is recorded.
func inSession(t *testing.T, rec *sentrialtest.Recorder, f func(context.Context)) {
	t.Helper()
	noError(t, rec.Client().Run(t.Context(), "agent", func(ctx context.Context) error {
		f(ctx)
		return nil
	}))
}

func TestCallsAreRecorded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := sentrialtest.New(t)
		platform := inMemory(t)
		platform.Inject(sentineltest.Fault{Status: 503})
		client := clientOf(t, platform)
		inSession(t, rec, func(ctx context.Context) {
			doc, err := client.Documents.Upload(ctx, "/home/ada/cas.pdf", strings.NewReader("the content"))
			noError(t, err)
			_, err = client.Documents.Get(ctx, doc.ID)
			noError(t, err)
			_, err = client.Documents.Wait(ctx, doc.ID)
			noError(t, err)
			_, err = client.Chat.Send(ctx, "s1", "what is in it?")
			noError(t, err)
		})
		rec.WantToolsInOrder("sentinel.documents.upload", "sentinel.documents.get", "sentinel.documents.wait", "sentinel.chat.send")
		if n := len(rec.ToolCalls()); n != 4 {
			t.Errorf("%d tool calls, want one for each method", n)
		}
		rec.WantToolInputs("sentinel.documents.upload", map[string]any{"file": "cas.pdf", "content_type": "application/pdf", "size": 11})
		rec.WantToolOutputs("sentinel.documents.upload", map[string]any{"doc_id": "doc_1", "status": "queued", "size": 11})
		rec.WantToolInputs("sentinel.documents.wait", map[string]any{"doc_id": "doc_1"})
		rec.WantToolOutputs("sentinel.documents.wait", map[string]any{"doc_id": "doc_1", "status": "completed", "progress": 100})
		rec.WantToolInputs("sentinel.chat.send", map[string]any{"session_id": "s1", "message": "what is in it?"})
		rec.WantToolOutputs("sentinel.chat.send", map[string]any{"message_id": "msg_1", "session_id": "s1", "content": "You wrote: what is in it?"})
		if got := rec.ToolCalls()[0].Metadata["attempts"]; !equalNumber(got, 2) {
			t.Errorf("the upload's attempts are %v", got)
		}
		if got := rec.ToolCalls()[2].Metadata["polls"]; !equalNumber(got, 2) {
			t.Errorf("the wait's polls are %v", got)
		}
	})
}

func equalNumber(got any, want int) bool {
	a, errA := json.Marshal(got)
	b, errB := json.Marshal(want)
	return errA == nil && errB == nil && string(a) == string(b)
}

func TestFailuresAreRecorded(t *testing.T) {
	rec := sentrialtest.New(t)
	platform, client := started(t, sentineltest.WithSteps(1))
	inSession(t, rec, func(ctx context.Context) {
		_, err := client.Documents.Get(ctx, "none")
		if err == nil {
			t.Error("no error")
		}
		id := uploaded(t, client) // not in the session
		platform.FailProcessing(id, "encrypted")
		_, err = client.Documents.Wait(ctx, id)
		if err == nil {
			t.Error("no error")
		}
	})
	for i, want := range []string{"Document not found", "encrypted"} {
		if call := rec.ToolCalls()[i]; call.Status != types.StatusError || !strings.Contains(call.Error, want) {
			t.Errorf("recorded %q %q, want %q", call.Status, call.Error, want)
		}
	}
	rec.WantToolOutputs("sentinel.documents.wait", map[string]any{"doc_id": "doc_1", "status": "failed", "progress": 0, "error": "encrypted"})
}

// TestWithoutASessionNothingIsCounted: the recorder fails a test in which helpers are called without a session.
func TestWithoutASessionNothingIsCounted(t *testing.T) {
	rec := sentrialtest.New(t)
	_, client := started(t)
	before := rec.Client().Stats().Unsessioned
	for _, call := range calls {
		_ = call(rec.Context(t.Context()), client)
	}
	if n := rec.Client().Stats().Unsessioned - before; n != 0 {
		t.Errorf("%d calls were counted as without a session", n)
	}
}

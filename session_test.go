package sentrial_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// eventsOf gives the events of one type in the order in which they began.
func eventsOf(rec *sentrialtest.Recorder, want types.EventType) []types.Event {
	return slices.DeleteFunc(rec.Events(), func(e types.Event) bool { return e.Type != want })
}

// oneEvent gives the only event of a type.
func oneEvent(t *testing.T, rec *sentrialtest.Recorder, want types.EventType) types.Event {
	t.Helper()
	events := eventsOf(rec, want)
	if len(events) != 1 {
		t.Fatalf("%d events of type %s, want 1: %+v", len(events), want, events)
	}
	return events[0]
}

func TestCreateSessionSendsAllThatIsSaid(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, session := rec.Client().CreateSession(t.Context(), "support",
		sentrial.WithSessionID("sess_1"), sentrial.WithUserID("u1"), sentrial.WithAgentName("helper"), sentrial.WithAgentVersion("2"),
		sentrial.WithConversationID("c1"), sentrial.WithParentSession("sess_0"), sentrial.WithInput(map[string]any{"q": "why?"}),
		sentrial.WithTags("a", "b"), sentrial.WithTags("c"), sentrial.WithMetadata(map[string]any{"x": 1, "y": 1}), sentrial.WithMetadata(map[string]any{"y": 2}), nil)
	if got := sentrial.SessionFromContext(ctx); got != session {
		t.Errorf("the context holds %v, want the session made", got)
	}
	e := oneEvent(t, rec, types.EventSessionStart)
	want := types.SessionFields{
		Name: "support", UserID: "u1", AgentName: "helper", AgentVersion: "2", ConversationID: "c1", ParentSessionID: "sess_0",
		Input: map[string]any{"q": "why?"}, Tags: []string{"a", "b", "c"},
	}
	if !reflect.DeepEqual(*e.Session, want) {
		t.Errorf("session_start has %+v, want %+v", *e.Session, want)
	}
	if want := map[string]any{"x": 1.0, "y": 2.0}; !reflect.DeepEqual(e.Metadata, want) {
		t.Errorf("metadata = %v, want %v", e.Metadata, want)
	}
	if e.SessionID != "sess_1" || session.ID() != "sess_1" || e.Seq != 1 || e.ID == "" || e.Timestamp.IsZero() {
		t.Errorf("identity of session_start = %q %q %d %v, handle %q", e.SessionID, e.ID, e.Seq, e.Timestamp, session.ID())
	}
}

func TestSessionInsideAnother(t *testing.T) {
	rec := sentrialtest.New(t)
	outerCtx, outer := rec.Client().CreateSession(t.Context(), "outer")
	stepCtx, step := sentrial.StartStep(outerCtx, types.Step{Name: "delegate"})
	innerCtx, inner := rec.Client().CreateSession(stepCtx, "inner")
	sentrial.Decide(innerCtx, types.Decision{Chosen: "x"})
	step.End(nil)
	_, again := rec.Client().CreateSession(outerCtx, "goes on", sentrial.WithSessionID(outer.ID()))

	starts := eventsOf(rec, types.EventSessionStart)
	if got := starts[1].Session.ParentSessionID; got != outer.ID() {
		t.Errorf("the inner session's parent = %q, want %q", got, outer.ID())
	}
	if got := starts[2].Session.ParentSessionID; got != "" || again.ID() != outer.ID() {
		t.Errorf("a session continued inside itself names %q as its parent, want none", got)
	}
	d := oneEvent(t, rec, types.EventDecision)
	if d.SessionID != inner.ID() || d.ParentID != "" {
		t.Errorf("the decision is in %q under %q, want in %q under no event of another session", d.SessionID, d.ParentID, inner.ID())
	}
}

func TestInvalidSessionIDIsReplaced(t *testing.T) {
	for _, id := range []string{"a b", "ä", strings.Repeat("x", 129), "a/b", "\x00"} {
		rec := sentrialtest.New(t)
		_, session := rec.Client().CreateSession(t.Context(), "s", sentrial.WithSessionID(id))
		e := oneEvent(t, rec, types.EventSessionStart)
		if !types.ValidID(session.ID()) || e.SessionID != session.ID() || e.Metadata["requested_session_id"] != id {
			t.Errorf("id %q: session %q, event's %q, metadata %v", id, session.ID(), e.SessionID, e.Metadata)
		}
	}
}

func TestSessionHandleOfAnInvalidIDIsRefused(t *testing.T) {
	dropped := make(chan sentrial.Drop, 1)
	rec := sentrialtest.New(t, sentrial.WithOnDrop(func(d sentrial.Drop) { dropped <- d }))
	rec.Allow(sentrialtest.LostEvents)
	if id := rec.Client().Session("a b").TrackStep(t.Context(), types.Step{Name: "x"}); id != "" {
		t.Errorf("the event was accepted as %q", id)
	}
	if d := <-dropped; d.Reason != sentrial.DropInvalid || d.Type != types.EventStep || !strings.Contains(fmt.Sprint(d.Err), `"a b"`) {
		t.Errorf("OnDrop heard %+v, want why the step was refused", d)
	}
	if n := rec.Client().Stats().Refused[sentrial.DropInvalid]; n != 1 {
		t.Errorf("%d refused, want 1", n)
	}
}

func TestUpdate(t *testing.T) {
	rec := sentrialtest.New(t)
	_, session := rec.Client().CreateSession(t.Context(), "s", sentrial.WithUserID("u1"), sentrial.WithTags("old"))
	session.Update(t.Context(), sentrial.WithUserID("u2"), sentrial.WithMetadata(map[string]any{"plan": "pro"}), sentrial.WithSessionID("other"))
	e := oneEvent(t, rec, types.EventSessionUpdate)
	if want := (types.SessionFields{UserID: "u2"}); !reflect.DeepEqual(*e.Session, want) || e.Metadata["plan"] != "pro" {
		t.Errorf("session_update has %+v and %v, want only what was given", *e.Session, e.Metadata)
	}
	if e.SessionID != session.ID() {
		t.Errorf("the update went to %q, want %q", e.SessionID, session.ID())
	}
	s := rec.Sessions()[0]
	if s.UserID != "u2" || s.Name != "s" || !slices.Equal(s.Tags, []string{"old"}) {
		t.Errorf("the session is %+v", s)
	}
}

func TestFirstCloseWins(t *testing.T) {
	rec := sentrialtest.New(t)
	_, session := rec.Client().CreateSession(t.Context(), "s")
	session.SetResult(types.SessionResult{Summary: "prepared", Output: "out", Metrics: map[string]float64{"m": 0.5}})
	rec.Client().Session(session.ID()).Close(t.Context(), types.SessionResult{Status: types.StatusCancelled, Summary: "given"})
	session.Close(t.Context(), types.SessionResult{Status: types.StatusError})
	e := oneEvent(t, rec, types.EventSessionEnd)
	want := types.SessionResult{Status: types.StatusCancelled, Summary: "given", Output: "out", Metrics: map[string]float64{"m": 0.5}}
	if e.Status != types.StatusCancelled || !reflect.DeepEqual(*e.Result, want) {
		t.Errorf("session_end is %s %+v, want %+v", e.Status, *e.Result, want)
	}
}

func TestCloseDefaultsToSuccess(t *testing.T) {
	rec := sentrialtest.New(t)
	_, session := rec.Client().CreateSession(t.Context(), "s")
	session.Close(t.Context(), types.SessionResult{})
	if e := oneEvent(t, rec, types.EventSessionEnd); e.Status != types.StatusSuccess {
		t.Errorf("status = %s, want success", e.Status)
	}
}

func TestConcurrentClosesEndASessionOnce(t *testing.T) {
	rec := sentrialtest.New(t)
	_, session := rec.Client().CreateSession(t.Context(), "s")
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() { session.Close(t.Context(), types.SessionResult{}) })
	}
	wg.Wait()
	oneEvent(t, rec, types.EventSessionEnd)
}

func TestHandlesOfOneSessionCountTogether(t *testing.T) {
	rec := sentrialtest.New(t)
	_, session := rec.Client().CreateSession(t.Context(), "s")
	session.TrackStep(t.Context(), types.Step{Name: "1"})
	other := rec.Client().Session(session.ID())
	other.TrackStep(t.Context(), types.Step{Name: "2"})
	session.TrackStep(t.Context(), types.Step{Name: "3"})
	for i, e := range rec.Events() {
		if e.Seq != int64(i+1) {
			t.Errorf("event %d (%s) has seq %d", i, e.Type, e.Seq)
		}
	}
	if n := len(eventsOf(rec, types.EventSessionStart)); n != 1 {
		t.Errorf("%d session_start events, want 1: a handle sends none", n)
	}
}

func TestConcurrentEventsGetEachSeqOnce(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				_, span := sentrial.StartStep(ctx, types.Step{Name: "x"})
				span.End(nil)
			}
		})
	}
	wg.Wait()
	seen := map[int64]bool{}
	for _, e := range rec.Events() {
		seen[e.Seq] = true
	}
	if len(seen) != 401 || !seen[1] || !seen[401] {
		t.Errorf("%d different seqs, want 1 to 401", len(seen))
	}
}

// TestSessionInUseKeepsItsCount: what handles share is forgotten some time after the last use, not while a session is in use.
func TestSessionInUseKeepsItsCount(t *testing.T) {
	rec := sentrialtest.New(t)
	_, session := rec.Client().CreateSession(t.Context(), "s")
	for i := range 15_000 {
		rec.Client().Session(fmt.Sprintf("other-%d", i))
	}
	rec.Client().Session(session.ID()).TrackStep(t.Context(), types.Step{Name: "x"})
	if e := oneEvent(t, rec, types.EventStep); e.Seq != 2 {
		t.Errorf("seq = %d, want 2", e.Seq)
	}
}

func TestRecordingIgnoresCancellation(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	ctx, session := rec.Client().CreateSession(ctx, "s")
	ids := []string{
		session.TrackStep(ctx, types.Step{Name: "x"}), sentrial.Decide(ctx, types.Decision{Chosen: "x"}), sentrial.ReportError(ctx, errBoom),
	}
	_, span := sentrial.StartTool(ctx, types.ToolCall{ToolName: "t"})
	span.End(nil)
	session.Close(ctx, types.SessionResult{})
	if slices.Contains(ids, "") {
		t.Errorf("ids %q: an event was not accepted", ids)
	}
	if n := len(rec.Events()); n != 6 {
		t.Errorf("%d events, want 6", n)
	}
}

// TestRecordingWaitsForNothing: in the bubble time stands still while anything runs, so a wait shows as time.
func TestRecordingWaitsForNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stuck := make(chan struct{})
		client := newClient(t, stuckTransport(stuck), sentrial.WithQueueBytes(8<<10))
		begin := time.Now()
		ctx, session := client.CreateSession(t.Context(), "s")
		for range 500 {
			session.TrackStep(ctx, types.Step{Name: strings.Repeat("x", 100)})
		}
		if waited := time.Since(begin); waited != 0 {
			t.Errorf("recording waited %v for a server that does not answer", waited)
		}
		synctest.Wait()
		close(stuck)
	})
}

func TestEventsAfterCloseOfTheClientAreRefused(t *testing.T) {
	rec := sentrialtest.New(t)
	rec.Allow(sentrialtest.LostEvents)
	ctx, session := rec.Client().CreateSession(t.Context(), "s")
	if err := rec.Client().Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	ran := false
	_, span := sentrial.StartStep(ctx, types.Step{Name: "x"})
	span.End(nil)
	_, err := sentrial.Tool(ctx, "t", 1, func(context.Context, int) (int, error) { ran = true; return 0, nil })
	if id := session.TrackStep(ctx, types.Step{Name: "x"}); id != "" || !ran || err != nil {
		t.Errorf("id %q, the tool ran %v with %v; want no id and the tool undisturbed", id, ran, err)
	}
	if n := rec.Client().Stats().Refused[sentrial.DropClosed]; n != 3 {
		t.Errorf("%d refused as closed, want 3", n)
	}
}

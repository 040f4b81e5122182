package sentrial_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

func TestRecordRefusesWhatIsOutsideTheRules(t *testing.T) {
	step := &types.Step{Name: "x"}
	for name, c := range map[string]struct {
		event types.Event
		want  string
	}{
		"id":                {types.Event{ID: "a b", SessionID: "s", Step: step}, `id "a b"`},
		"long id":           {types.Event{ID: strings.Repeat("x", 129), SessionID: "s", Step: step}, "1 to 128 characters"},
		"session":           {types.Event{SessionID: "ä", Step: step}, `session id "ä"`},
		"parent":            {types.Event{SessionID: "s", ParentID: "a/b", Step: step}, `parent_id "a/b"`},
		"no session":        {types.Event{Step: step}, "no session"},
		"no type":           {types.Event{SessionID: "s"}, "event type"},
		"bad type":          {types.Event{SessionID: "s", Type: "Tool-Call"}, `event type "Tool-Call"`},
		"wrong payload":     {types.Event{SessionID: "s", Type: types.EventToolCall, Step: step}, "Step"},
		"several payloads":  {types.Event{SessionID: "s", Step: step, Decision: &types.Decision{}}, "exactly one payload"},
		"raw and a payload": {types.Event{SessionID: "s", Step: step, Raw: json.RawMessage(`{}`)}, "exactly one payload"},
	} {
		t.Run(name, func(t *testing.T) {
			heard := make(chan sentrial.Drop, 1)
			rec := sentrialtest.New(t, sentrial.WithOnDrop(func(d sentrial.Drop) { heard <- d }))
			rec.Allow(sentrialtest.LostEvents)
			if id := rec.Client().Record(t.Context(), c.event); id != "" {
				t.Fatalf("accepted as %q", id)
			}
			d := <-heard
			if d.Reason != sentrial.DropInvalid || d.EventID != c.event.ID || d.SessionID != c.event.SessionID || !strings.Contains(fmt.Sprint(d.Err), c.want) {
				t.Errorf("OnDrop heard %+v, want why: %s", d, c.want)
			}
			if s := rec.Client().Stats(); s.Accepted != 0 || s.Refused[sentrial.DropInvalid] != 1 {
				t.Errorf("stats = %+v", s)
			}
		})
	}
}

func TestRecordSaysWhichPayloadIsWrong(t *testing.T) {
	heard := make(chan sentrial.Drop, 1)
	rec := sentrialtest.New(t, sentrial.WithOnDrop(func(d sentrial.Drop) { heard <- d }))
	rec.Allow(sentrialtest.LostEvents)
	rec.Client().Record(t.Context(), types.Event{SessionID: "s", Type: types.EventStep, Decision: &types.Decision{}})
	var payload *types.PayloadError
	if d := <-heard; !errors.As(d.Err, &payload) || payload.Type != types.EventStep {
		t.Errorf("OnDrop heard %v, want a *types.PayloadError", d.Err)
	}
}

func TestRecordKeepsWhatIsGiven(t *testing.T) {
	rec := sentrialtest.New(t)
	given := types.Event{
		ID: "evt.1:a-b", Type: types.EventToolCall, SessionID: "run-7", ParentID: "evt.0", Seq: 41, Timestamp: anHourAgo, Duration: time.Second, Status: types.StatusUnknown,
		TraceID: "t", SpanID: "s", Metadata: map[string]any{"k": "v"}, ToolCall: &types.ToolCall{ToolName: "t"},
		Extra: map[string]json.RawMessage{"new_field": json.RawMessage(`{"a":[1]}`), "seq": json.RawMessage(`"x"`)},
	}
	if id := rec.Client().Record(t.Context(), given); id != given.ID {
		t.Errorf("id = %q, want %q", id, given.ID)
	}
	delete(given.Extra, "seq") // the envelope's own names are not extra
	got := rec.Events()[0]
	got.ToolCall = given.ToolCall // which repeats the envelope
	if !reflect.DeepEqual(got, given) {
		t.Errorf("recorded %s, want %s", asJSON(got), asJSON(given))
	}
}

func TestRecordTwiceIsADuplicate(t *testing.T) {
	rec := sentrialtest.New(t)
	for range 2 {
		if id := rec.Client().Record(t.Context(), types.Event{ID: "evt_1", SessionID: "s", Step: &types.Step{Name: "x"}}); id != "evt_1" {
			t.Errorf("id = %q, want evt_1", id)
		}
	}
	if n := len(rec.Events()); n != 1 {
		t.Errorf("%d events, want 1", n)
	}
	if s := rec.Client().Stats(); s.Accepted != 2 || s.Delivered != 2 || s.Duplicates != 1 {
		t.Errorf("stats = %+v, want 2 delivered, 1 of them a duplicate", s)
	}
}

func TestSeqGoesOnAfterOneGivenFromOutside(t *testing.T) {
	rec := sentrialtest.New(t)
	client := rec.Client()
	step := func(seq int64) {
		client.Record(t.Context(), types.Event{SessionID: "s", Seq: seq, Step: &types.Step{Name: "x"}})
	}
	step(5)
	step(0)
	step(3)
	client.Session("s").TrackStep(t.Context(), types.Step{Name: "x"})
	client.Session("other").TrackStep(t.Context(), types.Step{Name: "x"})
	var seqs []int64
	for _, e := range rec.Events() {
		seqs = append(seqs, e.Seq)
	}
	if want := []int64{5, 6, 3, 7, 1}; !reflect.DeepEqual(seqs, want) {
		t.Errorf("seqs %v, want %v", seqs, want)
	}
}

func TestRecordInfersTheType(t *testing.T) {
	rec := sentrialtest.New(t)
	for _, e := range []types.Event{
		{Session: &types.SessionFields{Name: "x"}},
		{Type: types.EventSessionUpdate, Session: &types.SessionFields{Name: "x"}},
		{Result: &types.SessionResult{Summary: "x"}},
		{ToolCall: &types.ToolCall{ToolName: "x"}},
		{Decision: &types.Decision{Chosen: "x"}},
		{LLMCall: &types.LLMCall{Model: "x"}},
		{Error: &types.ErrorEvent{ErrorMessage: "x"}},
		{Step: &types.Step{Name: "x", StartTime: anHourAgo, Duration: time.Second, Status: types.StatusError, Metadata: map[string]any{"k": "v"}}},
		{Feedback: &types.Feedback{Name: "x"}},
	} {
		e.SessionID = "s"
		if id := rec.Client().Record(t.Context(), e); id == "" {
			t.Errorf("not accepted: %s", asJSON(e))
		}
	}
	seen := map[types.EventType]bool{}
	for _, e := range rec.Events() {
		seen[e.Type] = true
		if s := e.Step; s != nil && (!e.Timestamp.Equal(anHourAgo) || e.Duration != time.Second || e.Status != types.StatusError || e.Metadata["k"] != "v") {
			t.Errorf("the envelope was not filled from the payload: %s", asJSON(e))
		}
	}
	if len(seen) != 9 {
		t.Errorf("types %v, want all 9", seen)
	}
}

func TestRecordKeepsUnknownTypes(t *testing.T) {
	wire := &wire{}
	client := newClient(t, wire)
	id := client.Record(t.Context(), types.Event{
		ID: "evt_1", Type: "session_alias", SessionID: "s",
		Raw: json.RawMessage(`{"type":"session_alias","id":"ignored","into":"sess_2","n":9007199254740993,"nested":{"a":[1,null]}}`), Extra: map[string]json.RawMessage{"more": json.RawMessage(`1`)},
	})
	e := wire.event(t, client, id)
	for name, want := range map[string]string{
		"id": `"evt_1"`, "type": `"session_alias"`, "session_id": `"s"`, "into": `"sess_2"`, "n": "9007199254740993", "nested": `{"a":[1,null]}`, "more": "1", "seq": "1",
	} {
		if e[name] != want {
			t.Errorf("%s = %s, want %s", name, e[name], want)
		}
	}
}

func TestRecordTakesTheSessionOfTheContext(t *testing.T) {
	rec := sentrialtest.New(t)
	ctx, session := rec.Client().CreateSession(t.Context(), "s")
	spanCtx, span := sentrial.StartStep(ctx, types.Step{Name: "outer"})
	rec.Client().Record(spanCtx, types.Event{ID: "inside", Decision: &types.Decision{Chosen: "x"}})
	rec.Client().Record(spanCtx, types.Event{ID: "elsewhere", SessionID: "own", Feedback: &types.Feedback{Name: "x"}})
	span.End(nil)
	if e := oneEvent(t, rec, types.EventDecision); e.SessionID != session.ID() || e.ParentID != span.ID() {
		t.Errorf("recorded in %q under %q, want in %q under %q", e.SessionID, e.ParentID, session.ID(), span.ID())
	}
	if e := oneEvent(t, rec, types.EventFeedback); e.SessionID != "own" || e.ParentID != "" {
		t.Errorf("recorded in %q under %q, want in its own session under nothing", e.SessionID, e.ParentID)
	}
}

func TestRecordOnClientsThatRecordNothing(t *testing.T) {
	var none *sentrial.Client
	if id := none.Record(t.Context(), types.Event{SessionID: "s", Step: &types.Step{}}); id != "" {
		t.Errorf("id = %q, want none", id)
	}
}

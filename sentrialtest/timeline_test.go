package sentrialtest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// TestTimeline is what all failures about the research agent show too.
func TestTimeline(t *testing.T) {
	researched(t, func(rec *recorder) {
		if got, want := "\nwhat happened:\n"+rec.Timeline(), researchTimeline+"\n"; got != want {
			t.Errorf("drawn as\n%s\nwant\n%s", got, want)
		}
	}).must(t)
}

// TestTimelineOfAPart begins with what In chose, once.
func TestTimelineOfAPart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := sentrialtest.New(t)
		_ = rec.Client().Run(t.Context(), "s", func(ctx context.Context) error {
			return sentrial.Step(ctx, "outer", func(ctx context.Context) error {
				time.Sleep(time.Second)
				return sentrial.Step(ctx, "inner", func(ctx context.Context) error { sentrial.Decide(ctx, types.Decision{Chosen: "x"}); return nil })
			})
		})
		const outer, inner = "  +0s  step outer: 1s\n  +1s    step inner\n  +1s      decision x\n", "  +1s  step inner\n  +1s    decision x\n"
		for path, want := range map[string]string{"step": outer, "inner": inner, "outer": outer, "*": rec.Timeline()} {
			if got := rec.In(path).Timeline(); got != want {
				t.Errorf("In(%q) is drawn as\n%s\nwant\n%s", path, got, want)
			}
		}
		if n := len(rec.In("step").Events()); n != 2 {
			t.Errorf("%d events are inside of steps, want 2", n)
		}
	})
}

// TestTimelineOfEverything has each type of event, each outcome, and two sessions.
func TestTimelineOfEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := sentrialtest.New(t)
		rec.Allow(sentrialtest.OpenSpans)
		client := rec.Client()
		ctx, s := client.CreateSession(t.Context(), "first\nline")
		s.Update(ctx, sentrial.WithUserID("u"))
		inner, span := sentrial.StartStep(ctx, types.Step{Name: "outer"})
		sentrial.ReportError(inner, errors.New("bad\tnews"), sentrial.WithErrorType("T"))
		sentrial.ReportError(inner, errors.New("x"), sentrial.WithErrorType("T"), sentrial.Recoverable(""))
		s.TrackToolCall(inner, types.ToolCall{ToolName: "cut", Status: types.StatusCancelled, StartTime: time.Now(), Duration: 1234567 * time.Microsecond})
		s.TrackLLMCall(inner, types.LLMCall{Model: "m", Error: "overloaded", Usage: types.Usage{TotalTokens: 9}})
		time.Sleep(3 * time.Second) // the span is announced as running
		rec.Client().Session("second").TrackFeedback(ctx, types.Feedback{Name: "helpful"})
		client.Record(ctx, types.Event{Type: "handoff", SessionID: "second", Raw: json.RawMessage(`{"to":"billing"}`)})
		sentrial.Decide(ctx, types.Decision{})
		_, left := sentrial.StartTool(ctx, types.ToolCall{ToolName: "left", ToolInput: strings.Repeat("long ", 20)})
		_ = client.Close(ctx)
		span.End(nil)
		left.End(nil)
		const want = `session first line: active, 1 LLM call, 2 tool calls, 9 tokens
  +0s  update
  +0s  step outer: never ended
  +0s    error T "bad news": not recoverable
  +0s    error T "x": recoverable
  +0s    tool cut: 1.23s, cancelled
  +0s    llm m: error "overloaded", 9 tokens
  +3s  decision
  +3s  tool left "long long long long long long long long…: never ended
session (unnamed): active, begun 3s after the first
  +0s  feedback helpful
  +0s  handoff
`
		if got := rec.Timeline(); got != want {
			t.Errorf("drawn as\n%s\nwant\n%s", got, want)
		}
	})
}

// TestTimelineShowsWhatRuns: a span that was announced and has not ended.
func TestTimelineShowsWhatRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := sentrialtest.New(t)
		_ = rec.Client().Run(t.Context(), "s", func(ctx context.Context) error {
			return sentrial.Step(ctx, "slow", func(context.Context) error {
				time.Sleep(5 * time.Second)
				if got, want := rec.Timeline(), "session s: active\n  +0s  step slow: running\n"; got != want {
					t.Errorf("drawn as %q, want %q", got, want)
				}
				return nil
			})
		})
	})
}

// TestOrphans are drawn, and told of.
func TestOrphans(t *testing.T) {
	f := judged("TestX", func(inner testing.TB) {
		rec := sentrialtest.New(inner)
		for _, e := range []types.Event{
			{ID: "a", ParentID: "gone", SessionID: "s", Step: &types.Step{Name: "lost"}},
			{ID: "b", ParentID: "a", SessionID: "s", Step: &types.Step{Name: "fine"}},
			{ID: "c", ParentID: "a", SessionID: "other", Step: &types.Step{Name: "astray"}},
			{ID: "d", ParentID: "d", SessionID: "s", Step: &types.Step{Name: "own"}},
			{ID: "e", ParentID: "f", SessionID: "s", Step: &types.Step{Name: "ring"}},
			{ID: "f", ParentID: "e", SessionID: "s", Step: &types.Step{Name: "of two"}},
		} {
			e.Timestamp = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
			rec.Client().Record(t.Context(), e)
		}
		rec.WantNoOrphans()
	})
	const want = `WantNoOrphans: parents are missing
step lost has the parent gone, which was not recorded
step own has the parent d, which is itself inside of it
step ring has the parent f, which is itself inside of it
step astray has the parent a, which is in another session
what happened:
session (unnamed): active
  +0s  step lost: orphan of gone
  +0s    step fine
  +0s  step own: orphan of d
  +0s  step ring: orphan of f
  +0s    step of two
session (unnamed): active
  +0s  step astray: orphan of a`
	if got := f.said(); got != want {
		t.Errorf("the test failed with\n%s\nwant\n%s", got, want)
	}
}

// TestLongTimelinesAreCut in messages only.
func TestLongTimelinesAreCut(t *testing.T) {
	f := judged("TestX", func(inner testing.TB) {
		rec := sentrialtest.New(inner)
		s := rec.Client().Session("s")
		for range 1000 {
			s.TrackStep(t.Context(), types.Step{Name: "again"})
		}
		rec.WantTools("x")
		if n := strings.Count(rec.Timeline(), "\n"); n != 1001 {
			t.Errorf("Timeline has %d lines, want 1001", n)
		}
	})
	if got := f.said(); strings.Count(got, "\n") != 204 || !strings.HasSuffix(got, "\n... and 801 lines more, see Timeline") {
		t.Errorf("%d lines, ending in %q", strings.Count(got, "\n"), got[max(0, len(got)-60):])
	}
}

// FuzzTimeline draws, orders and compares whatever may arrive.
func FuzzTimeline(f *testing.F) {
	f.Add(`{"id":"a","type":"tool_call","session_id":"s","tool_name":"t","tool_input":{"a":1},"timestamp":"2026-01-02T03:04:05Z"}`, "b", "tool t")
	f.Add(`{"id":"a","parent_id":"b","type":"future","session_id":"s","x":["\u001b[2J"],"timestamp":"2026-01-02T03:04:05Z"}`, "a", "* >> x")
	f.Add(`{"id":"a","type":"llm_call","session_id":"s","model":"m\n","prompt":"a\nb","cost":1e9,"tokens_used":-3,"duration_ms":-1}`, "", "m >")
	f.Fuzz(func(t *testing.T, event, parent, path string) {
		inner := &fakeT{name: "TestX"}
		defer inner.end()
		rec := sentrialtest.New(inner)
		sentrialtest.Deliver(rec, event, fmt.Sprintf(`{"id":"b","type":"step","session_id":"s","parent_id":%q,"name":"n"}`, parent))
		for line := range strings.Lines(rec.Timeline()) {
			if strings.ContainsFunc(strings.TrimSuffix(line, "\n"), unicode.IsControl) {
				t.Errorf("a line holds %q", line)
			}
		}
		rec.WantRecovered()
		rec.WantNoOrphans()
		rec.In(path).WantPath("*")
		if a, b := sentrialtest.GoldenText(rec), sentrialtest.GoldenText(rec); a != b {
			t.Errorf("the golden text differs:\n%s\n%s", a, b)
		}
	})
}

package sentrialtest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/otel/trace"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// TestGolden is the same with the clock of a bubble and with a real one.
func TestGolden(t *testing.T) {
	researched(t, func(rec *recorder) { rec.Golden("research") }).must(t)
	researched(t, func(rec *recorder) { rec.In("research").In("plan").Golden("research.in") }).must(t)
	researched(t, func(rec *recorder) { rec.Golden("research.times", sentrialtest.Keep("timestamp", "duration_ms")) }).must(t)
}

func (f *fakeT) must(t *testing.T) {
	t.Helper()
	if f.Failed() {
		t.Errorf("the test failed with\n%s", f.said())
	}
}

// TestGoldenTellsTheLinesThatDiffer and not the rest of the file.
func TestGoldenTellsTheLinesThatDiffer(t *testing.T) {
	t.Setenv("SENTRIALTEST_UPDATE", "0") // also under -update
	f := researched(t, func(rec *recorder) {
		rec.Golden("research", sentrialtest.FoldEvents(func(e *types.Event) {
			if e.ToolCall != nil && e.ToolCall.ToolName == "read" {
				e.ToolCall.ToolInput = "ice.md"
			}
		}))
	})
	const want = `Golden: not as in testdata/research.golden (- is missing, + is new)
      tool_output: ["fjord.md","ice.md"]
      cost: 0.0001
    tool read: success
-     tool_input: "fjord.md"
+     tool_input: "ice.md"
      tool_output:
        | Fjords are deep.
        | And long.
  ...
If it is right as it is now:
  go test github.com/sentrial/sentrial-go/sentrialtest -run '^TestResearch$' -update` + researchTimeline
	if got := f.said(); got != want {
		t.Errorf("the test failed with\n%s\nwant\n%s", got, want)
	}
}

func TestGoldenWithoutAFile(t *testing.T) {
	t.Setenv("SENTRIALTEST_UPDATE", "0") // also under -update
	f := researched(t, func(rec *recorder) { rec.Golden("nothing") })
	const want = "Golden: there is no testdata/nothing.golden yet. This writes it:\n  go test github.com/sentrial/sentrial-go/sentrialtest -run '^TestResearch$' -update" + researchTimeline
	if got := f.said(); got != want {
		t.Errorf("the test failed with\n%s\nwant\n%s", got, want)
	}
}

// TestGoldenOnWindows: git may have changed the ends of lines.
func TestGoldenOnWindows(t *testing.T) {
	t.Setenv("SENTRIALTEST_UPDATE", "0") // also under -update
	text, err := os.ReadFile("testdata/research.golden")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	sentrialtest.SetFolder(t, dir)
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "testdata"), 0o700), os.WriteFile(filepath.Join(dir, "testdata", "crlf.golden"), []byte(strings.ReplaceAll(string(text), "\n", "\r\n")), 0o600)); err != nil {
		t.Fatal(err)
	}
	researched(t, func(rec *recorder) { rec.Golden("crlf") }).must(t)
}

// TestGoldenOfATestThatIsElsewhere: an agent's tools may need another folder to work in.
func TestGoldenOfATestThatIsElsewhere(t *testing.T) {
	t.Setenv("SENTRIALTEST_UPDATE", "0")
	t.Chdir(t.TempDir())
	researched(t, func(rec *recorder) { rec.Golden("research") }).must(t)
}

func TestGoldenMistakes(t *testing.T) {
	f := judged("TestX", func(inner testing.TB) {
		rec := sentrialtest.New(inner)
		rec.Golden("")
		rec.Golden("../elsewhere")
		rec.In("nowhere").Golden("x")
	})
	const want = `Golden: "": want a name below testdata
Golden: "../elsewhere": want a name below testdata
In: nothing is at "nowhere"
nothing was recorded`
	if got := f.said(); got != want {
		t.Errorf("the test failed with\n%s\nwant\n%s", got, want)
	}
	f = researched(t, func(rec *recorder) {
		rec.Golden("research", nil, sentrialtest.Keep("tool_input"), sentrialtest.Unordered("a > "))
	})
	const options = `Golden: Keep: "tool_input" is never left out
Golden: Unordered: path "a > ": want names with > or >> between them, such as plan > search`
	if got := f.said(); got != options {
		t.Errorf("the test failed with\n%s\nwant\n%s", got, options)
	}
}

// TestGoldenNamesIDs wherever they stand, and leaves those that the program chose.
func TestGoldenNamesIDs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := sentrialtest.New(t)
		traced := trace.ContextWithSpanContext(t.Context(), trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}}))
		ctx, s := rec.Client().CreateSession(traced, "outer", sentrial.WithSessionID("run-7"))
		id := s.TrackStep(ctx, types.Step{Name: "judged", Output: "trace 01000000000000000000000000000000"})
		_, inner := rec.Client().CreateSession(ctx, "inner")
		s.TrackFeedback(ctx, types.Feedback{Name: "good", EventID: id, Comment: "about " + id})
		s.TrackToolCall(ctx, types.ToolCall{ToolName: "delegate", ToolOutput: map[string]any{"session": inner.ID(), "by": s.ID()}})
		rec.Client().CreateSession(inner.Context(ctx), "innermost")
		rec.Client().Record(ctx, types.Event{Type: types.EventStep, SessionID: "run-7", ParentID: "evt_01890000-0000-7000-8000-000000000000", Step: &types.Step{Name: "orphan"}})
		rec.Golden("ids", sentrialtest.Keep("trace_id"))
	})
}

// TestGoldenOfEverything: odd values, long ones, types of the program's own.
func TestGoldenOfEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := sentrialtest.New(t)
		rec.Allow(sentrialtest.OpenSpans)
		ctx, s := rec.Client().CreateSession(t.Context(), "every\tthing", sentrial.WithTags("a", "b"), sentrial.WithMetadata(map[string]any{"z": 1, "a": 2}))
		s.Update(ctx, sentrial.WithUserID("u"), sentrial.WithMetadata(map[string]any{"request": "r1"}))
		func() {
			defer func() { _ = recover() }()
			defer sentrial.Recover(ctx)
			panic("boom")
		}()
		s.TrackLLMCall(ctx, types.LLMCall{
			Model: "m", RequestModel: "m-latest", TimeToFirstToken: time.Second, Prompt: "with spaces \nat the end", Parameters: map[string]any{"temperature": 0.5},
			Messages:        []types.Message{{Role: "user", Parts: []types.Part{{Type: types.PartText, Content: "Hello."}, {Type: types.PartToolCall, ID: "call-17", Name: "search", Arguments: map[string]any{"q": "x"}}}}},
			ToolDefinitions: json.RawMessage(`[{"name":"search","description":"` + strings.Repeat("long ", 20) + `"}]`),
		})
		s.TrackLLMCall(ctx, types.LLMCall{RequestModel: "asked-for", Error: "bell \a and\nlines"})
		rec.Client().Record(ctx, types.Event{Type: "handoff", SessionID: s.ID(), Raw: json.RawMessage(`{"to":"<billing>","at":"noon"}`)})
		sentrial.StartStep(ctx, types.Step{Name: "left open", Kind: "agent"})
		_ = rec.Client().Close(ctx)
		rec.Golden("everything", sentrialtest.Fold("metadata.request", "messages.parts.id", "at", "nothing"))
	})
}

// fanOut runs branches at the same time, each a step with a tool call, that take what the function says; what begins first is up to the scheduler.
func fanOut(ctx context.Context, takes func(i int) time.Duration) error {
	return sentrial.Step(ctx, "fan out", func(ctx context.Context) error {
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				_ = sentrial.Step(ctx, fmt.Sprintf("branch %d", i/2), func(ctx context.Context) error {
					_, err := sentrial.Tool(ctx, "work", i, func(_ context.Context, i int) (int, error) {
						time.Sleep(takes(i))
						return i * i, nil
					})
					return err
				})
			})
		}
		wg.Wait()
		return nil
	})
}

// TestGoldenOfParallelBranches is the same however the goroutines are scheduled.
func TestGoldenOfParallelBranches(t *testing.T) {
	for name, c := range map[string]struct {
		takes   func(int) time.Duration
		options []sentrialtest.GoldenOption
	}{
		"all the same time": {func(int) time.Duration { return time.Second }, nil},
		"another time each": {func(i int) time.Duration { return time.Duration(8-i) * time.Second }, nil},
		"no time at all":    {func(int) time.Duration { return 0 }, []sentrialtest.GoldenOption{sentrialtest.Unordered("fan out")}},
	} {
		for range 20 {
			synctest.Test(t, func(t *testing.T) {
				f := judged("TestX", func(inner testing.TB) {
					rec := sentrialtest.New(inner)
					_ = rec.Client().Run(t.Context(), "parallel", func(ctx context.Context) error {
						sentrial.Decide(ctx, types.Decision{Chosen: "z before"})
						err := fanOut(ctx, c.takes)
						sentrial.Decide(ctx, types.Decision{Chosen: "a after"})
						return err
					})
					rec.Golden("parallel", c.options...)
				})
				if f.Failed() {
					t.Errorf("%s: the test failed with\n%s", name, f.said())
				}
			})
			if t.Failed() {
				return
			}
		}
	}
}

// TestGoldenKeepsTheOrderOfABranch, though others run beside it: what ended before it began stands before it.
func TestGoldenKeepsTheOrderOfABranch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := sentrialtest.New(t)
		call := func(ctx context.Context, name string, d time.Duration) {
			_ = sentrial.Step(ctx, name, func(context.Context) error { time.Sleep(d); return nil })
		}
		_ = rec.Client().Run(t.Context(), "s", func(ctx context.Context) error {
			var wg sync.WaitGroup
			wg.Go(func() { call(ctx, "m beside", 10*time.Second) })
			wg.Go(func() {
				for _, name := range []string{"z first", "b second", "a third"} {
					call(ctx, name, time.Second)
				}
			})
			wg.Wait()
			call(ctx, "0 last", 0)
			return nil
		})
		const want = "session s: success\n  step m beside: success\n  step z first: success\n  step b second: success\n  step a third: success\n  step 0 last: success\n  end: success\n"
		if got := sentrialtest.GoldenText(rec); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	})
}

// TestGoldenOfParallelSessions: those that begin in one instant have no order of their own.
func TestGoldenOfParallelSessions(t *testing.T) {
	for range 10 {
		synctest.Test(t, func(t *testing.T) {
			rec := sentrialtest.New(t)
			var wg sync.WaitGroup
			for i := range 10 {
				wg.Go(func() {
					_ = rec.Client().Run(t.Context(), fmt.Sprintf("session %d", 9-i), func(context.Context) error { return nil })
				})
			}
			wg.Wait()
			time.Sleep(time.Second)
			_ = rec.Client().Run(t.Context(), "another", func(context.Context) error { return nil })
			got := sentrialtest.GoldenText(rec)
			if !strings.HasPrefix(got, "session session 0: success\n") || !strings.HasSuffix(got, "session another: success\n  end: success\n") {
				t.Errorf("got\n%s", got)
			}
		})
	}
}
